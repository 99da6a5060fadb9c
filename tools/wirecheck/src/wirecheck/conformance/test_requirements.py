"""Each promise of the document is kept."""

import pytest

from wirecheck.conform import Requirement, Session, State
from wirecheck.model import TargetError
from wirecheck.redact import printable


def test_promise(session: Session, requirement: Requirement, request: pytest.FixtureRequest) -> None:
    try:
        if session.preflight.closed:
            raise TargetError(requirement.operation, session.preflight.closed)
        outcome = session.run(requirement)
    except TargetError as error:
        broken = request.session.testsfailed and session.target.answered
        pytest.exit(f"could not tell: {printable(error.what)}", returncode=1 if broken else 2)
    if outcome.state is State.INCONCLUSIVE:
        pytest.skip(printable(outcome.reason))
    if outcome.state is State.VIOLATED:
        told = [
            f"{one.message}\n  promised at {one.spec_pointer}\n  {one.request} -> {one.status or 'no answer'}"
            for one in outcome.counterexamples
        ]
        pytest.fail("\n".join(told), pytrace=False)
