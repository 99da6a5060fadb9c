"""The conformance suite: everything that a document promises, tested against a server."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from wirecheck.conform.address import reaches, require, transport
from wirecheck.conform.encode import token_schemes
from wirecheck.conform.fetched import Fetcher
from wirecheck.conform.listener import Listener
from wirecheck.conform.report import FORMATS, INTERRUPTED, Conformance, to_json, to_text
from wirecheck.conform.requirements import requirements
from wirecheck.conform.session import Outcome, Requirement, Session, State
from wirecheck.conform.target import Target
from wirecheck.conform.values import Values, read
from wirecheck.model import TargetError
from wirecheck.spec import Spec

__all__ = [
    "FORMATS",
    "INTERRUPTED",
    "Conformance",
    "Outcome",
    "Requirement",
    "Session",
    "SessionOptions",
    "State",
    "open_session",
    "requirements",
    "run",
    "to_json",
    "to_text",
    "transport",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """How a server is tested.

    ``lacking`` are tokens by the scope that they lack, ``rate`` is requests a second, ``listen`` is
    host and port for callbacks of the server.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    lacking: Mapping[str, str] = field(default_factory=dict, repr=False)
    values: Path | None = None
    seed: int = 0
    read_only: bool = False
    rate: float | None = None
    listen: str | None = None
    allowed_host: str | None = None


def open_session(spec: Spec, options: SessionOptions, http: httpx.BaseTransport) -> Session:
    """What tests promises, while it is open.

    Raises TargetError for a server that may not be tested, and for values that cannot be used.
    """
    require(options.url, options.allowed_host)
    _require_scopes(spec, options.lacking)
    values = read(spec, options.values)
    token = {} if options.token is None else dict.fromkeys(token_schemes(spec), options.token)
    target = Target(
        spec,
        options.url,
        {**_examples(spec, values), **values.credentials, **token},
        http,
        secrets=[*options.lacking.values(), *values.secrets],
        rate=options.rate,
    )
    listen = options.listen if options.listen and reaches(options.url, options.listen) else None
    listener = Listener(spec, listen) if listen else None
    return Session(
        spec,
        target,
        values.under(listener.values) if listener else values,
        seed=options.seed,
        read_only=options.read_only,
        lacking=options.lacking,
        listener=listener,
        fetcher=Fetcher(values.fetched, target),
    )


def run(
    session: Session, chosen: Iterable[Requirement], progress: Callable[[], None] = lambda: None
) -> Conformance:
    """Tests promises, one after the other, and undoes what is left to undo.

    What was found stays where the server goes away, or somebody interrupts. Raises TargetError when
    nobody was there from the beginning.
    """
    outcomes: list[Outcome] = []
    stopped = ""
    try:
        for requirement in chosen:
            outcomes.append(session.run(requirement))
            progress()
    except KeyboardInterrupt:
        stopped = INTERRUPTED
    except TargetError as error:
        if not (outcomes and session.target.answered):
            raise
        stopped = str(error)
    with suppress(TargetError, KeyboardInterrupt):
        session.tidy()
    return Conformance.of(session, outcomes, stopped)


def _require_scopes(spec: Spec, lacking: Mapping[str, str]) -> None:
    known = {
        scope
        for operation in spec.operations
        if operation.security
        for together in spec.document.get(operation.security_pointer)
        for scopes in together.values()
        for scope in scopes
    }
    if unknown := lacking.keys() - known:
        there = f"There are: {', '.join(sorted(known))}." if known else "The document has none."
        raise TargetError("--token-without", f"there is no scope {min(unknown)!r}. {there}")


def _examples(spec: Spec, values: Values) -> dict[str, str]:
    """Credentials that the examples of bodies hold, by the scheme whose parameter is named alike."""
    schemes = {scheme for operation in spec.operations for one in operation.security for scheme in one}
    fields = [
        body for operation in spec.operations for body in values.body(operation) if isinstance(body, dict)
    ]
    return {
        scheme.name: str(body[scheme.parameter])
        for scheme in schemes
        for body in fields
        if scheme.parameter in body
    }
