"""Settings of all tests."""

import os
import sys
import threading
import time
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# In CI the examples are the same in every run, elsewhere they differ from run to run.
# --hypothesis-profile=thorough is for single properties, as those of toolkit/decode/test_round_trips.py.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile(
    "thorough", deadline=None, max_examples=100_000, suppress_health_check=list(HealthCheck)
)
os.environ["WIRECHECK_CACHE"] = "off"  # tests leave nothing in the home of whoever runs them
settings.load_profile("ci" if os.environ.get("CI") else "here")

_OF_PROCESSES = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
"""Variables by which coverage is measured in processes that tests start."""


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Traces nothing in tests with the mark ``no_cover``, nor in the processes that they start.

    pytest-cov alone would hand workers back to the tracer that coverage starts in every subprocess.
    """
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    tracer, tracer_of_threads = sys.gettrace(), threading.gettrace()
    of_processes = {name: os.environ.pop(name) for name in _OF_PROCESSES if name in os.environ}
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
        threading.settrace(tracer_of_threads)
        os.environ.update(of_processes)


@pytest.fixture
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of conform goes on at once by the time that it would wait, as before it tries again."""
    from wirecheck.conform.target import Target  # not before it is known whether its lines are counted

    waited = 0.0

    def sleep(seconds: float) -> None:
        nonlocal waited
        waited += seconds

    own = {"sleep": sleep, "clock": lambda: time.monotonic() + waited}
    monkeypatch.setattr(Target.__init__, "__kwdefaults__", {**(Target.__init__.__kwdefaults__ or {}), **own})
