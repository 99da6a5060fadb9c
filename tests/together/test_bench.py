"""The corpora of bench/validation, and how its results are written."""

import json
from itertools import islice
from pathlib import Path
from typing import get_args

import pytest

from bench.validation import page, tables
from bench.validation.corpus import Corpus, Kind, exchanges, write_har
from support.paths import CONTRACT
from wirecheck import Judge, load, read

ENTRIES = 24
TABLE = tables.Table(
    "Weights",
    "What things weigh.",
    ["", "kg", "target"],
    [
        ["a feather", "0.01", ""],
        ["a thing whose name takes more than one line, as it says " * 2, "1,000", "5"],
    ],
    ["a cloud: there was no wind"],
)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_seed_makes_the_same_recording_twice(kind: Kind, tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first.har", "second.har", "other.har"))
    for path, seed in ((first, 1), (second, 1), (other, 2)):
        assert write_har(path, Corpus(kind, seed, every=2), entries=5) == 5
    assert first.read_bytes() == second.read_bytes() != other.read_bytes()


def test_every_violation_is_found_and_nothing_else(tmp_path: Path) -> None:
    judge, path = Judge(load(CONTRACT)), tmp_path / "corpus.har"
    for kind in get_args(Kind):
        for every in (0, 4):
            corpus = Corpus(kind, every=every)
            write_har(path, corpus, entries=ENTRIES)
            expected = [exchange.is_valid for exchange in islice(exchanges(corpus), ENTRIES)]
            verdicts = [judge.judge(exchange) for exchange in read(path)]
            assert [not verdict.findings for verdict in verdicts] == expected
            assert all(verdict.operation for verdict in verdicts)
            assert expected.count(False) == (ENTRIES // every if every else 0)


def test_no_two_bodies_are_equal() -> None:
    bodies = [exchange.body for exchange in islice(exchanges(Corpus("pages")), 20)]
    assert len({json.dumps(json.loads(body)["data"]) for body in bodies}) == 20


def test_a_table_fits_a_terminal() -> None:
    lines = tables.text(TABLE).splitlines()
    assert max(map(len, lines)) <= 80
    assert "  0.01" in next(line for line in lines if line.startswith("a feather"))
    assert lines[-1] == "- a cloud: there was no wind"


def test_results_replace_what_stands_between_the_markers(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        page.write(path, ["a machine"], [TABLE])
    text = path.read_text(encoding="utf-8")
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith(f"{page.END}\nafter\n")
    assert text.count("| a feather | 0.01 |  |\n") == 1


def test_a_page_without_markers_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("text", encoding="utf-8")
    with pytest.raises(ValueError, match="markers"):
        page.write(path, [], [TABLE])
    assert path.read_text(encoding="utf-8") == "text"
