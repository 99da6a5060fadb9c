"""Each promise of the document is kept."""

import pytest

from wirecheck.conform import Lab, Promise, State


def test_promise(lab: Lab, promise: Promise) -> None:
    outcome = lab.run(promise)
    if outcome.state is State.UNKNOWN:
        pytest.skip(outcome.reason)
    told = [f"{one.message}\n  {one.request} -> {one.status}" for one in outcome.breaches]
    assert outcome.state is State.KEPT, "\n".join(told)
