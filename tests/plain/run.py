"""Measure which mutants a tool finds.

PYTHONPATH=tests python -m plain.run [--tool TOOL] [--seconds N] [--server NAME] [--results FILE] [NAME ...]

Each mutant is tested by a whole run of the tool, on a server of its own on the loopback interface. It is
found when the tool is red on it and green on the right server. Where the tool is red on the right server,
too, a mutant is noticed when the tool complains of something else there.

With --results, rows are kept in a CSV file: what is in it for a tool is not measured again, and the table at
the end has all tools that the file has.
"""

import argparse
import csv
import sys
from collections.abc import Iterable
from pathlib import Path

from plain import KINDS
from plain.catalogue import MUTANTS, SERVERS
from plain.tools import TOOLS, Result, run_tool

COLUMNS = ("tool", "server", "kind", "mutant", "verdict", "seconds", "complaint")
Row = dict[str, str]
"""A measured run by column; of a right server, mutant and kind are "right"."""


def verdict(result: Result, right: Result) -> str:
    """found, noticed or missed; error when the tool did not run to its end."""
    if result.exit_code not in (0, 1):
        return "error"
    if result.exit_code == 1 and right.exit_code == 0:
        return "found"
    return "noticed" if result.complaints - right.complaints else "missed"


def measured(tool: str, seconds: int, chosen: Iterable[str]) -> Iterable[Row]:
    """The rows of right servers, which come first, and of the mutants."""
    right: dict[str, Result] = {}
    for name in chosen:
        server, mutant = MUTANTS[name]
        [of_server] = [key for key, value in SERVERS.items() if value is server]
        if of_server not in right:
            result = right[of_server] = run_tool(tool, server, frozenset(), seconds)
            colour = {0: "green", 1: "red"}.get(result.exit_code, "error")
            yield _row(tool, of_server, "right", "right", colour, result, result.complaints)
        result = run_tool(tool, server, frozenset({name}), seconds)
        others = result.complaints - right[of_server].complaints
        yield _row(tool, of_server, mutant.kind, name, verdict(result, right[of_server]), result, others)


def _row(
    tool: str, server: str, kind: str, name: str, word: str, result: Result, complaints: frozenset[str]
) -> Row:
    cells = (tool, server, kind, name, word, f"{result.seconds:.1f}", min(complaints, default=""))
    return dict(zip(COLUMNS, cells, strict=True))


def table(rows: list[Row]) -> str:
    """By kind and tool: how many mutants were measured, found and noticed, as Markdown."""
    tools = list(dict.fromkeys(row["tool"] for row in rows))
    lines = [f"| kind | {' | '.join(tools)} |", f"|---|{'---:|' * len(tools)}"]
    for kind in (*KINDS, "all"):
        cells = (_figures([row for row in rows if row["tool"] == tool], kind) for tool in tools)
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _figures(rows: list[Row], kind: str) -> str:
    words = [row["verdict"] for row in rows if row["kind"] != "right" and kind in (row["kind"], "all")]
    noticed = words.count("noticed")
    return f"{words.count('found')} of {len(words)}" + (f", {noticed} noticed" if noticed else "")


def read(path: Path | None) -> list[Row]:
    if path is None or not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def save(path: Path | None, rows: list[Row]) -> None:
    if path is not None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("chosen", nargs="*", metavar="NAME", help="mutants or kinds; default: all")
    parser.add_argument("--tool", choices=list(TOOLS), default="conform")
    parser.add_argument("--seconds", type=int, default=60, help="for fuzz and schemathesis; default: 60")
    parser.add_argument("--server", choices=list(SERVERS), help="only this server")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="only every Nth of the chosen mutants"
    )
    parser.add_argument("--results", type=Path, metavar="FILE", help="keep rows in a CSV file")
    arguments = parser.parse_args()
    chosen = set(arguments.chosen)
    if unknown := chosen - MUTANTS.keys() - set(KINDS):
        parser.error(f"there is no mutant and no kind of mutants named {min(unknown)}")
    rows = read(arguments.results)
    is_measured = {row["mutant"] for row in rows if row["tool"] == arguments.tool}
    names = [
        name
        for name, (server, mutant) in MUTANTS.items()
        if arguments.server in (None, *(key for key, value in SERVERS.items() if value is server))
        and (not chosen or chosen & {name, mutant.kind})
    ]
    missing = [name for name in names[:: arguments.every] if name not in is_measured]
    for row in measured(arguments.tool, arguments.seconds, missing):
        rows.append(row)
        save(arguments.results, rows)
        sys.stdout.write(f"| {' | '.join(row.values())} |\n")
        sys.stdout.flush()
    sys.stdout.write(f"\n{table(rows)}\n")
    return int(any(row["verdict"] not in ("found", "green") for row in rows))


if __name__ == "__main__":
    sys.exit(main())
