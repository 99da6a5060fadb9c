"""The measurement of mutants: what counts as found, and that the tools run."""

from pathlib import Path

import pytest

from plain.catalogue import SERVERS
from plain.run import Row, read, table, verdict
from plain.tools import Result, run_tool

pytestmark = pytest.mark.no_cover

GREEN, RED = Result(0, frozenset(), 1), Result(1, frozenset({"a"}), 1)


@pytest.mark.parametrize(
    ("result", "right", "word"),
    [
        (RED, GREEN, "found"),
        (GREEN, GREEN, "missed"),
        (RED, RED, "missed"),
        (Result(1, frozenset({"a", "b"}), 1), RED, "noticed"),
        (Result(2, frozenset(), 1), GREEN, "error"),
    ],
)
def test_a_mutant_is_found_where_the_right_server_is_green(result: Result, right: Result, word: str) -> None:
    assert verdict(result, right) == word


def row(tool: str, kind: str, word: str) -> Row:
    return {"tool": tool, "kind": kind, "verdict": word}


def test_the_table_has_a_column_for_each_tool() -> None:
    rows = [row("conform", "right", "red"), row("conform", "state", "found"), row("fuzz", "state", "noticed")]
    lines = table(rows).splitlines()
    assert lines[0] == "| kind | conform | fuzz |"
    assert lines[-1] == "| all | 1 of 1 | 0 of 1, 1 noticed |"


def test_the_page_has_the_figures_that_were_measured() -> None:
    root = Path(__file__).parents[2]
    measured = table(read(root / "bench" / "mutants" / "plain.csv"))
    assert measured in (root / "docs" / "mutants.md").read_text(encoding="utf-8")


def test_a_tool_complains_of_a_mutant() -> None:
    result = run_tool("conform", SERVERS["notes"], frozenset({"archived"}), 60)
    assert result.exit_code == 1
    assert any(complaint.startswith("list_notes: ") for complaint in result.complaints)
