"""Each requirement of the document is satisfied."""

import pytest

from wirecheck.conform import Requirement, Session, State
from wirecheck.model import TargetError
from wirecheck.redact import printable


def test_requirement(session: Session, requirement: Requirement, request: pytest.FixtureRequest) -> None:
    try:
        if session.preflight.failure:
            raise TargetError(requirement.operation, session.preflight.failure)
        outcome = session.run(requirement)
    except TargetError as error:
        violated = request.session.testsfailed and session.target.has_responded
        pytest.exit(f"inconclusive: {printable(error.what)}", returncode=1 if violated else 2)
    if outcome.state is State.INCONCLUSIVE:
        pytest.skip(printable(outcome.reason))
    if outcome.state is State.VIOLATED:
        lines = []
        for counterexample in outcome.counterexamples:
            lines += [
                counterexample.message,
                f"  defined at {counterexample.spec_pointer}",
                f"  {counterexample.request} -> {counterexample.status or 'no response'}",
            ]
        pytest.fail("\n".join(lines), pytrace=False)
