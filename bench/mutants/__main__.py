"""Run the mutant suite: which mutants conform detects, and whether the failures that it saves fail again.

PYTHONPATH=tests python bench/mutants [NAME|KIND ...] [--jobs N] [--again]

Each mutant of tests/mutants is tested by a whole run of the conformance suite, in process. A second run, of
the operations that show the mutant, saves its failures, which are replayed in fresh processes. Results are
kept in results.csv; a mutant that has them is skipped. The figures in docs/mutants.md are made of them.
"""

import argparse
import csv
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from reproduction import reproduced

from mutants.catalogue import MUTANTS
from support.paths import CONTRACT
from support.reference import session_of
from wirecheck.conform import Outcome, Requirement, State, requirements, run
from wirecheck.conform.saved import file_of, write
from wirecheck.spec import load

Row = dict[str, str]
"""A line of results.csv, by column; empty cells are not measured yet."""

RESULTS = Path(__file__).with_name("results.csv")
PAGE = Path(__file__).parents[2] / "docs" / "mutants.md"
BEGIN, END = "<!-- figures: written by make mutants -->\n", "<!-- end of figures -->\n"
COLUMNS = (
    *("mutant", "kind", "description"),
    *("detected", "seconds"),  # by a whole run: yes or no, and its time
    *("replayed", "failed_again", "passed_on_reference"),  # saved failures, at most a few of each mutant
)
SPEC = load(CONTRACT)


def measured(name: str) -> Row:
    """The results of one mutant."""
    mutant = MUTANTS[name]
    began = time.perf_counter()
    detected = bool(_violated(name, requirements(SPEC)))
    seconds = time.perf_counter() - began
    of_mutant = (item for item in requirements(SPEC) if item.operation in mutant.operations)
    with tempfile.TemporaryDirectory() as folder:
        for outcome in _violated(name, of_mutant):
            write(Path(folder), file_of(SPEC, 0, outcome))
        replays = reproduced(Path(folder), mutant)
    return {
        "mutant": name,
        "kind": mutant.kind,
        "description": mutant.description,
        "detected": "yes" if detected else "no",
        "seconds": f"{seconds:.1f}",
        "replayed": str(replays.replayed),
        "failed_again": str(replays.failed_again),
        "passed_on_reference": str(replays.passed_on_reference),
    }


def _violated(name: str, chosen: Iterable[Requirement]) -> list[Outcome]:
    with session_of(SPEC, MUTANTS[name]) as session:
        outcomes = run(session, list(chosen)).outcomes
    return [outcome for outcome in outcomes if outcome.state is State.VIOLATED]


def read() -> dict[str, Row]:
    """The rows of results.csv by mutant."""
    if not RESULTS.exists():
        return {}
    with RESULTS.open(encoding="utf-8", newline="") as file:
        return {row["mutant"]: row for row in csv.DictReader(file)}


def save(rows: dict[str, Row]) -> None:
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[name] for name in MUTANTS if name in rows)


def figures(rows: list[Row]) -> Iterator[str]:
    """The figures as Markdown."""
    yield "| kind | mutants | detected |\n|---|---:|---:|\n"
    for kind in dict.fromkeys(mutant.kind for mutant in MUTANTS.values()):
        yield _line(kind, [row for row in rows if row["kind"] == kind])
    yield _line("all", rows)
    seconds = [float(row["seconds"]) for row in rows]
    mean, longest = sum(seconds) / len(seconds), max(seconds)
    yield f"\nA run took {mean:.0f} s on average, {longest:.0f} s at most.\n"
    replays = [row for row in rows if row["replayed"]]
    if replays:
        total, again, passed = (
            sum(int(row[column]) for row in replays)
            for column in ("replayed", "failed_again", "passed_on_reference")
        )
        yield (
            f"Saved failures of {len(replays)} mutants were replayed in fresh processes: of {total},\n"
            f"{again} failed again on the mutant, and {passed} passed on the correct server.\n"
        )


def _line(kind: str, rows: list[Row]) -> str:
    return f"| {kind} | {len(rows)} | {sum(row['detected'] == 'yes' for row in rows)} |\n"


def write_page(rows: dict[str, Row]) -> None:
    """Replace the figures in docs/mutants.md."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    text = "".join(figures(list(rows.values())))
    PAGE.write_text(f"{before}{BEGIN}{text}{END}{after}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("chosen", nargs="*", metavar="NAME|KIND", help="mutants or kinds; default: all")
    parser.add_argument("--jobs", type=int, default=1, help="mutants at a time; more make each slower")
    parser.add_argument("--again", action="store_true", help="also mutants that have results")
    arguments = parser.parse_args()
    chosen = set(arguments.chosen)
    if unknown := chosen - MUTANTS.keys() - {mutant.kind for mutant in MUTANTS.values()}:
        parser.error(f"there is no mutant and no kind of mutants named {min(unknown)}")
    rows = {name: row for name, row in read().items() if name in MUTANTS}
    missing = [
        name
        for name, mutant in MUTANTS.items()
        if (not chosen or {name, mutant.kind} & chosen)
        and (arguments.again or not rows.get(name, {}).get("replayed"))
    ]
    random.Random(0).shuffle(missing)  # so that an interrupted run has measured a fair sample
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for future in as_completed([pool.submit(measured, name) for name in missing]):
            row = future.result()
            rows[row["mutant"]] = row
            save(rows)
            sys.stdout.write(f"{' '.join(row[column] for column in COLUMNS if column != 'description')}\n")
            sys.stdout.flush()
    write_page(rows)
    return int(any(row["detected"] == "no" for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
