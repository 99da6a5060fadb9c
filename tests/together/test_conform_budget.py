"""With few writes an hour, the first boundary values of each rule are enough."""

import pytest

from instagram_server.config import Settings
from mutants.catalogue import MUTANTS
from mutants.miscounting import MISCOUNTING
from mutants.rules import RULES
from support.reference import session_of, violated
from wirecheck.conform import requirements
from wirecheck.conform.outcome import Requirement, State
from wirecheck.spec import Spec

# Mutants that only further values find, for which sixty writes an hour are too few.
MISSED = {
    "addresses-whisper-not",
    "first-line-shouts",
    "one-case-urls",
    "titles-refused",
    "underscores-free",
    "words-with-urls",
}
# A sample of the others, as each takes seconds.
SAMPLE = sorted((RULES | MISCOUNTING).keys() - MISSED)[::7]


def of_comments(spec: Spec) -> list[Requirement]:
    return [requirement for requirement in requirements(spec) if requirement.operation == "createComment"]


def test_the_first_values_of_every_rule_can_be_tried(spec: Spec) -> None:
    with session_of(spec, settings=Settings()) as session:
        outcomes = [session.run(requirement) for requirement in of_comments(spec)]
    rules = [outcome for outcome in outcomes if outcome.requirement.kind == "rules"]
    first = [outcome for outcome in rules if "further" not in outcome.requirement.what]
    assert len(first) == 9  # that it is not altered, and both sides of four rules
    assert [outcome.requirement.what for outcome in first if outcome.state is not State.SATISFIED] == []


@pytest.mark.no_cover
@pytest.mark.parametrize("name", SAMPLE)
def test_a_mutant_that_counts_wrongly_is_found(name: str, spec: Spec) -> None:
    with session_of(spec, MUTANTS[name], Settings()) as session:
        assert next(violated(session, of_comments(spec)), None), MUTANTS[name].description
