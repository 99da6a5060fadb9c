"""Judges traffic where it flows: in front of a server, in its clients, in the server, and in tests."""

from wirecheck.live.asgi import AsgiJudge
from wirecheck.live.clients import judged
from wirecheck.live.coverage import Coverage
from wirecheck.live.monitor import Mode, Monitor, Observer, WatchedApi, is_violating, violations
from wirecheck.live.passing import headers_of
from wirecheck.live.problem import PROBLEM, problem
from wirecheck.live.violation import OnViolation, ViolationError, ViolationWarning
from wirecheck.live.wsgi import WsgiJudge

__all__ = [
    "PROBLEM",
    "AsgiJudge",
    "Coverage",
    "Mode",
    "Monitor",
    "Observer",
    "OnViolation",
    "ViolationError",
    "ViolationWarning",
    "WatchedApi",
    "WsgiJudge",
    "headers_of",
    "is_violating",
    "judged",
    "problem",
    "violations",
]
