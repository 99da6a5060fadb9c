"""What the tests of the linter share."""

import pytest

from support.linting import Linted, load_text
from wirecheck.lint import Problem, Ruleset, lint


@pytest.fixture
def linted() -> Linted:
    def problems(text: str) -> list[tuple[int, Problem]]:
        return lint(load_text(text), list(Ruleset))

    return problems
