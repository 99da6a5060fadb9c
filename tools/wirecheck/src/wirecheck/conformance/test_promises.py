"""Each promise of the document is kept."""

import pytest

from wirecheck.conform import Lab, Promise, State
from wirecheck.model import TargetError
from wirecheck.redact import printable


def test_promise(lab: Lab, promise: Promise, request: pytest.FixtureRequest) -> None:
    try:
        if lab.entry.closed:
            raise TargetError(promise.operation, lab.entry.closed)
        outcome = lab.run(promise)
    except TargetError as error:
        broken = request.session.testsfailed and lab.target.answered
        pytest.exit(f"could not tell: {printable(error.what)}", returncode=1 if broken else 2)
    if outcome.state is State.UNKNOWN:
        pytest.skip(printable(outcome.reason))
    if outcome.state is State.BROKEN:
        told = [
            f"{one.message}\n  promised at {one.promise}\n  {one.request} -> {one.status or 'no answer'}"
            for one in outcome.breaches
        ]
        pytest.fail("\n".join(told), pytrace=False)
