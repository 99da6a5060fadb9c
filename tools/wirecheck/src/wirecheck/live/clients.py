"""Clients whose exchanges are judged."""

import importlib
import sys
import warnings
from typing import TypeVar

from wirecheck.live.monitor import AnyDocument, Monitor, violations
from wirecheck.live.violation import OnViolation, ViolationError, ViolationWarning
from wirecheck.model import Exchange, Side

_Client = TypeVar("_Client")

_MODULES = {
    "httpx": "wirecheck.live.httpx_transport",
    "httpx2": "wirecheck.live.httpx_transport",
    "requests": "wirecheck.live.requests_adapter",
    "aiohttp": "wirecheck.live.aiohttp_trace",
}
"""What judges the clients of a library: a module with a function ``judged``."""


class ClientJudge:
    """Judges the exchanges of a client, and raises or warns."""

    def __init__(self, monitor: Monitor, on_violation: OnViolation) -> None:
        self.monitor = monitor
        self._on_violation = on_violation

    def judge(self, exchange: Exchange) -> None:
        """Raises ViolationError where that is wanted.

        A response that was closed before its end may be so because of an exception, which is not replaced.
        """
        verdict = self.monitor.try_judge(exchange)
        findings = verdict.findings if verdict else ()
        errors = [*violations(findings, Side.REQUEST), *violations(findings, Side.RESPONSE)]
        if not errors or self._on_violation is OnViolation.COLLECT:
            return
        error = ViolationError(errors)
        if self._on_violation is OnViolation.WARN:
            warnings.warn(str(error), ViolationWarning, stacklevel=2)
        elif exchange.response_body is not None or sys.exception() is None:
            raise error


def judged(
    client: _Client, document: AnyDocument | Monitor, *, on_violation: OnViolation | str = OnViolation.RAISE
) -> _Client:
    """Lets every exchange of a client be judged from now on, and returns the client.

    ``client`` is a client or a transport of httpx2 or httpx, or a session of requests or aiohttp; a client is
    changed, and a transport is wrapped. An exchange is judged once its response was read to its end, or
    without a body once it was closed before. With a `Monitor` in place of the document, what is found can be
    asked of it.

    Raises TypeError for any other client, and SpecError where the document cannot be used.
    """
    libraries = [kind.__module__.partition(".")[0] for kind in type(client).__mro__]
    library = next(filter(_MODULES.__contains__, libraries), None)
    if library is None:
        raise TypeError(f"{type(client).__qualname__} is not a client of {', '.join(_MODULES)}")
    judge = ClientJudge(Monitor.of(document), OnViolation(on_violation))
    instrumented: _Client = importlib.import_module(_MODULES[library]).judged(client, judge)
    return instrumented
