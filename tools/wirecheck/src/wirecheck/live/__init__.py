"""Judges traffic where it flows: in front of a server, in its clients, in the server, and in tests."""

from wirecheck.live.coverage import Coverage
from wirecheck.live.monitor import Mode, Monitor, Observer, WatchedApi, is_violating, violations
from wirecheck.live.problem import PROBLEM, problem

__all__ = [
    "PROBLEM",
    "Coverage",
    "Mode",
    "Monitor",
    "Observer",
    "WatchedApi",
    "is_violating",
    "problem",
    "violations",
]
