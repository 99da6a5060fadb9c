"""What finds the planted faults, and whether what was saved of it fails again.

PYTHONPATH=tests python bench/mutants [NAME|KIND ...] [--tool conform|replay|schemathesis ...] [--jobs N]

Every fault of tests/faults.py, on a server of its own, is looked for by a whole run of `wirecheck conform`,
and at the operations where it shows by `schemathesis run`; what conform saves there is replayed. What is
known already, in .faults.json, is not tried again; docs/faults.md is made of it.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import plain
from reproducing import MOST, reproduced
from served import app_of
from test_faults import LACKING, TOKENS, VALUES

from mutants import Mutant
from mutants.catalogue import MUTANTS
from support.paths import CONTRACT
from wirecheck.conform import Conformance, Requirement, SessionOptions, open_session, requirements, run
from wirecheck.conform.asgi import InProcess
from wirecheck.conform.saved import file_of, write
from wirecheck.spec import load

ROOT = Path(__file__).parents[2]
STATE, PAGE, BASELINE = ROOT / ".faults.json", ROOT / "docs" / "faults.md", "none"
SECONDS = 5  # that Schemathesis has
OPTIONS = SessionOptions(
    url="http://server.test/v1", token=TOKENS["all"], lacking=LACKING, values=VALUES, listen="127.0.0.1:0"
)
SPEC = load(CONTRACT)
SHUFFLED = random.Random(0).sample(
    list(MUTANTS), len(MUTANTS)
)  # so that what is known early is a fair sample
Known = dict[str, Any]
"""What a tool did about a fault: whether it was ``found`` in how many ``seconds``, and more."""
Baseline = dict[str, list[str]]
"""What Schemathesis tells of the right server, by operation."""


def conform(fault: Mutant, _: Baseline) -> Known:
    """All promises of the document."""
    began = time.perf_counter()
    outcome = _tested(fault, requirements(SPEC))
    return {"found": outcome.broken, "seconds": time.perf_counter() - began}


def replay(fault: Mutant, _: Baseline) -> Known:
    """What becomes of what is saved of the operations where it shows."""
    outcome = _tested(fault, (one for one in requirements(SPEC) if one.operation in fault.shows))
    with tempfile.TemporaryDirectory() as folder:
        for one in outcome.outcomes:
            if one.counterexamples:
                write(Path(folder), file_of(SPEC, OPTIONS.seed, one))
        return reproduced(Path(folder), fault)


def _tested(fault: Mutant, chosen: Iterable[Requirement]) -> Conformance:
    with InProcess(app_of(fault)) as http, open_session(SPEC, OPTIONS, http) as session:
        return run(session, list(chosen))


def schemathesis(fault: Mutant, baseline: Baseline) -> Known:
    """What it tells beyond what it tells of the right server."""
    began = time.perf_counter()
    told = set(plain.told(SPEC, fault, fault.shows, SECONDS))
    told -= {one for name in fault.shows for one in baseline[name]}
    return {"found": bool(told), "seconds": time.perf_counter() - began, "told": sorted(told)}


TOOLS: dict[str, Callable[[Mutant, Baseline], Known]] = {
    "conform": conform,
    "replay": replay,
    "schemathesis": schemathesis,
}
COLUMNS = ("conform", "schemathesis")

HEAD = """\
# What finds the planted faults

Made by `make faults`: faults of `tests/faults.py` ({tried} of {all}), each on a server of its own.

- `wirecheck conform` knows nothing of the fault: it tests all that the document promises. Its seconds are
  those of the whole run, in one process with the server: {mean:.1f} on average, {longest:.1f} at most.
- `schemathesis run` tests the operations where the fault shows. It has {seconds} seconds (`--max-time`), the
  document with its examples, the token, and all its checks. A failure counts if it does not tell the same,
  by operation and title, of the right server.

What `wirecheck conform --save` wrote of {repeated} of them where they show (up to {most} of each), {tests}
tests, was repeated in fresh processes, on servers started for it: {again} failed again on the faulty
server, {right} passed on the right one.

| kind | faults | conform | Schemathesis |
|---|---|---|---|
"""


def page(found: dict[str, Any]) -> Iterator[str]:
    """docs/faults.md."""
    tried = {name: found[name] for name in MUTANTS if name in found}
    rows = [one["conform"] for one in tried.values() if "conform" in one]
    replayed = [one["replay"] for one in tried.values() if "replay" in one]
    tests, again, right = (sum(row[key] for row in replayed) for key in ("tried", "again", "right"))
    repeated = sum(row["tried"] > 0 for row in replayed)
    counts = {"tests": tests, "again": again, "right": right, "repeated": repeated, "all": len(MUTANTS)}
    taken = [row["seconds"] for row in rows]
    times = {"mean": sum(taken) / max(len(taken), 1), "longest": max(taken, default=0)}
    yield HEAD.format(tried=len(rows), seconds=SECONDS, most=MOST, **counts, **times)
    for kind in dict.fromkeys(fault.kind for fault in MUTANTS.values()):
        yield _sums(kind, [one for name, one in tried.items() if MUTANTS[name].kind == kind])
    yield _sums("all", list(tried.values())) + "\n"
    yield "What Schemathesis reports on the right server, and so counts for nothing there:\n\n"
    titles = Counter(one.partition(": ")[2] for told in found.get(BASELINE, {}).values() for one in told)
    yield (
        "".join(f"- {title}: {_count(count, 'operation')}\n" for title, count in titles.most_common()) + "\n"
    )
    yield "| fault | kind | what is wrong | conform | Schemathesis |\n|---|---|---|---|---|\n"
    for name, one in tried.items():
        cells = " | ".join(_cell(one.get(tool)) for tool in COLUMNS)
        yield f"| {name} | {MUTANTS[name].kind} | {MUTANTS[name].text} | {cells} |\n"


def _sums(what: str, rows: list[dict[str, Any]]) -> str:
    return f"| {what} | {len(rows)} | {' | '.join(_share(rows, tool) for tool in COLUMNS)} |\n"


def _share(rows: list[dict[str, Any]], tool: str) -> str:
    tried = [row[tool]["found"] for row in rows if tool in row]
    return f"{sum(tried)} of {len(tried)}" if tried else ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _cell(one: Known | None) -> str:
    return "" if one is None else f"{'found' if one['found'] else '**no**'}, {one['seconds']:.0f} s"


def tried(name: str, tools: list[str], baseline: Baseline) -> tuple[str, dict[str, Known]]:
    return name, {tool: TOOLS[tool](MUTANTS[name], baseline) for tool in tools}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="names or kinds of faults")
    parser.add_argument("--tool", action="append", choices=TOOLS, help="all if none is given")
    parser.add_argument("--jobs", type=int, default=1, help="faults at a time; more make each slower")
    given = parser.parse_args()
    if unknown := set(given.only) - MUTANTS.keys() - {fault.kind for fault in MUTANTS.values()}:
        parser.error(f"no fault and no kind of faults is named {min(unknown)}")
    found: dict[str, Any] = json.loads(STATE.read_text(encoding="utf-8")) if STATE.exists() else {}
    chosen = [one for one in SHUFFLED if not given.only or {one, MUTANTS[one].kind} & set(given.only)]
    todo = {
        name: [tool for tool in given.tool or TOOLS if tool not in found.get(name, {})] for name in chosen
    }
    baseline: Baseline = found.setdefault(BASELINE, {})
    asked = {one for name, tools in todo.items() if "schemathesis" in tools for one in MUTANTS[name].shows}
    for name in sorted(asked):
        baseline[name] = baseline.get(name) or plain.told(SPEC, None, (name,), SECONDS)
    with ProcessPoolExecutor(given.jobs) as pool:
        running = [pool.submit(tried, name, tools, baseline) for name, tools in todo.items() if tools]
        for one in as_completed(running):
            name, known = one.result()
            found.setdefault(name, {}).update(known)
            STATE.write_text(json.dumps(found, indent=1), encoding="utf-8")
            sys.stdout.write(f"{name} {known}\n")
            sys.stdout.flush()
    PAGE.write_text("".join(page(found)), encoding="utf-8")
    missed = [name for name in MUTANTS if not found.get(name, {}).get("conform", {"found": True})["found"]]
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
