"""The conformance suite: everything that a document promises, tested against a server."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from wirecheck.conform.lab import Lab, Outcome, Promise, State
from wirecheck.conform.promises import promises
from wirecheck.conform.report import FORMATS, Conformance, to_json, to_text
from wirecheck.conform.target import Target, token_schemes
from wirecheck.conform.values import Values, read
from wirecheck.model import TargetError
from wirecheck.spec import Spec

__all__ = [
    "FORMATS",
    "Conformance",
    "Lab",
    "Options",
    "Outcome",
    "Promise",
    "State",
    "laboratory",
    "promises",
    "run",
    "to_json",
    "to_text",
]

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a server is tested.

    ``lacking`` are tokens by the scope that they lack, ``rate`` is requests a second.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    lacking: Mapping[str, str] = field(default_factory=dict, repr=False)
    values: Path | None = None
    seed: int = 0
    read_only: bool = False
    rate: float | None = None
    allowed_host: str | None = None


def laboratory(spec: Spec, options: Options, http: httpx.Client) -> Lab:
    """What tests promises. Raises TargetError for a server that may not be tested."""
    host = httpx.URL(options.url).host
    if host not in _LOOPBACK and not host.endswith(".test") and host != options.allowed_host:
        raise TargetError(options.url, f"is not this machine: --yes-i-may-test {host} if its owner agrees")
    values = read(spec, options.values)
    token = {} if options.token is None else dict.fromkeys(token_schemes(spec), options.token)
    target = Target(
        spec, options.url, {**_examples(spec, values), **values.credentials, **token}, http, rate=options.rate
    )
    return Lab(spec, target, values, seed=options.seed, read_only=options.read_only, lacking=options.lacking)


def run(lab: Lab, chosen: Iterable[Promise], progress: Callable[[], None] = lambda: None) -> Conformance:
    """Tests promises, one after the other. Raises TargetError when the server does not answer."""
    outcomes = []
    for promise in chosen:
        outcomes.append(lab.run(promise))
        progress()
    return Conformance.of(lab, outcomes)


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
