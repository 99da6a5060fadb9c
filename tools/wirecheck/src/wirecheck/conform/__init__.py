"""Conformance testing: every requirement of a document, verified against a server."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from wirecheck.conform.encoding import token_schemes
from wirecheck.conform.hosts import Transport, can_call_back, is_near, require_allowed
from wirecheck.conform.junit import to_junit
from wirecheck.conform.listener import Listener
from wirecheck.conform.outcome import Outcome, Requirement, State
from wirecheck.conform.plan import Plan, plan
from wirecheck.conform.plan_report import plan_to_json, plan_to_text
from wirecheck.conform.report import ERRED, INTERRUPTED, Conformance, not_undone, to_json, to_text
from wirecheck.conform.requirements import requirements
from wirecheck.conform.session import Session
from wirecheck.conform.single_use import Fetcher
from wirecheck.conform.summary import to_markdown
from wirecheck.conform.target import TIME_IS_UP, Target
from wirecheck.conform.values import Values, read, security_schemes
from wirecheck.model import TargetError
from wirecheck.spec import Spec

__all__ = [
    "ERRED",
    "FORMATS",
    "INTERRUPTED",
    "Conformance",
    "Outcome",
    "Plan",
    "Requirement",
    "Session",
    "SessionOptions",
    "State",
    "Transport",
    "not_undone",
    "open_session",
    "plan_of",
    "plan_to_json",
    "plan_to_text",
    "requirements",
    "run",
    "to_json",
    "to_junit",
    "to_markdown",
    "to_text",
    "undoing",
]

FORMATS = {"text": to_text, "json": to_json, "junit": to_junit, "markdown": to_markdown}


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """How a server is tested.

    ``tokens_without`` maps a scope to an access token that lacks it, ``tokens_of`` the name of another user
    to a token of that user. ``rate`` is in requests a second, None for no limit. ``listen`` is the host and
    port for callbacks from the server, None for no callbacks. ``allowed_host`` is a non-local host that may
    be tested. ``max_time`` is in seconds from the first request, None for no limit. Values below the names
    ``also`` are secret, too. A host that is not local gets reads only, unless ``write`` permits writes.
    ``settle`` is how many seconds the effect of a write may take to be seen by reads. ``skips``
    says whether what a check finds at an operation does not count.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    tokens_without: Mapping[str, str] = field(default_factory=dict, repr=False)
    tokens_of: Mapping[str, str] = field(default_factory=dict, repr=False)
    values: Path | None = None
    seed: int = 0
    read_only: bool = False
    write: bool = False
    settle: float = 0.0
    skips: Callable[[str, str], bool] = lambda check, operation: False
    rate: float | None = None
    listen: str | None = None
    allowed_host: str | None = None
    max_time: float | None = None
    also: Sequence[str] = ()

    @property
    def sends_only_reads(self) -> bool:
        """Whether no request may be sent that writes. Raises TargetError for a malformed URL."""
        return self.read_only or not (self.write or is_near(self.url))


def open_session(spec: Spec, options: SessionOptions, http: httpx.BaseTransport) -> Session:
    """A session with a server; use it as a context manager, so that its listener is closed.

    Raises TargetError for a server that may not be tested, and for an unusable values file.
    """
    require_allowed(options.url, options.allowed_host)
    _require_known_scopes(spec, options.tokens_without)
    values = read(spec, options.values)
    token = {} if options.token is None else dict.fromkeys(token_schemes(spec), options.token)
    target = Target(
        spec,
        options.url,
        {**_example_credentials(spec, values), **values.credentials, **token},
        http,
        secrets=[*options.tokens_without.values(), *options.tokens_of.values(), *values.secrets],
        rate=options.rate,
        also=options.also,
    )
    if options.max_time is not None:
        target.limit_time(options.max_time)
    listen = options.listen if options.listen and can_call_back(options.url, options.listen) else None
    listener = Listener(spec, listen) if listen else None
    return Session(
        spec,
        target,
        values.with_defaults(listener.values) if listener else values,
        seed=options.seed,
        read_only=options.sends_only_reads,
        settle=options.settle,
        skips=options.skips,
        tokens_without=options.tokens_without,
        tokens_of=options.tokens_of,
        listener=listener,
        fetcher=Fetcher(values.single_use, target),
        also=options.also,
    )


def plan_of(spec: Spec, options: SessionOptions, chosen: Iterable[Requirement]) -> Plan:
    """What a run would test, without sending anything. Raises TargetError for an unusable values file."""
    return plan(spec, read(spec, options.values), chosen)


def run(
    session: Session, chosen: Iterable[Requirement], progress: Callable[[], None] = lambda: None
) -> Conformance:
    """Tests requirements one after the other, then undoes what is still to be undone, whatever happened.

    Keeps the outcomes so far when the server goes away, the time is up or the user interrupts. Raises
    TargetError when the server never responded; the notes of any error name what could not be undone.
    """
    outcomes: list[Outcome] = []
    stopped = ""
    with undoing(session):
        try:
            for requirement in chosen:
                if session.target.time_is_up:
                    stopped = TIME_IS_UP
                    break
                outcomes.append(session.run(requirement))
                progress()
        except KeyboardInterrupt:
            stopped = INTERRUPTED
        except TargetError as error:
            if not (outcomes and session.target.has_responded):
                raise
            stopped = str(error)
    if session.has_erred and not stopped:
        stopped = ERRED
    return Conformance.of(session, outcomes, stopped)


@contextmanager
def undoing(session: Session) -> Iterator[None]:
    """Undoes in the end what the session wrote; what is left is in the notes of an error."""
    try:
        yield
    except BaseException as error:
        _undo(session)
        for command in not_undone(session):
            error.add_note(f"not undone: {command}")
        raise
    _undo(session)


def _undo(session: Session) -> None:
    with suppress(TargetError, KeyboardInterrupt):
        session.undo_remaining()


def _require_known_scopes(spec: Spec, tokens_without: Mapping[str, str]) -> None:
    scopes = {
        scope
        for operation in spec.operations
        if operation.security
        for alternative in spec.document.get(operation.security_pointer)
        for names in alternative.values()
        for scope in names or ()
    }
    if unknown := tokens_without.keys() - scopes:
        hint = f"There are: {', '.join(sorted(scopes))}." if scopes else "The document has none."
        raise TargetError("--token-without", f"there is no scope {min(unknown)!r}. {hint}")


def _example_credentials(spec: Spec, values: Values) -> dict[str, str]:
    """Credentials from examples of bodies: fields named like the parameter of a security scheme."""
    bodies = [
        body for operation in spec.operations for body in values.body(operation) if isinstance(body, dict)
    ]
    return {
        scheme.name: str(body[scheme.parameter])
        for scheme in security_schemes(spec)
        for body in bodies
        if scheme.parameter in body
    }
