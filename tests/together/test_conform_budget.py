"""Where few writes an hour are allowed, the first values of the rules tell enough."""

import pytest

from instagram_server.config import Settings
from mutants.catalogue import MUTANTS
from mutants.miscounting import MISCOUNTING
from mutants.rules import RULES
from support.reference import broken, session_of
from wirecheck.conform import requirements
from wirecheck.conform.session import Requirement, State
from wirecheck.spec import Spec

# What only further values find, for which sixty writes an hour leave no room.
MISSED = {
    "addresses-whisper-not",
    "first-line-shouts",
    "one-case-urls",
    "titles-refused",
    "underscores-free",
    "words-with-urls",
}
# As many of the others as a test run has time for.
SAMPLE = sorted((RULES | MISCOUNTING).keys() - MISSED)[::7]


def of_comments(spec: Spec) -> list[Requirement]:
    return [requirement for requirement in requirements(spec) if requirement.operation == "createComment"]


def test_the_first_values_of_every_rule_can_be_tried(spec: Spec) -> None:
    with session_of(spec, settings=Settings()) as session:
        outcomes = [session.run(requirement) for requirement in of_comments(spec)]
    first = [
        one for one in outcomes if one.requirement.kind == "rules" and "further" not in one.requirement.what
    ]
    assert len(first) == 9  # unaltered, and both sides of four rules
    assert [one.requirement.what for one in first if one.state is not State.SATISFIED] == []


@pytest.mark.parametrize("name", SAMPLE)
def test_who_counts_wrongly_is_found(name: str, spec: Spec) -> None:
    with session_of(spec, MUTANTS[name], Settings()) as session:
        assert next(broken(session, of_comments(spec)), None), MUTANTS[name].text
