"""Measure which mutants a tool finds.

PYTHONPATH=tests python -m plain.run [--tool TOOL] [--seconds N] [--server NAME] [NAME ...]

Each mutant is tested by a whole run of the tool, on a server of its own on the loopback interface. It is
found when the tool is red on it and green on the right server. Where the tool is red on the right server,
too, a mutant is noticed when the tool complains of something else there.
"""

import argparse
import sys
from collections import Counter

from plain import KINDS
from plain.catalogue import MUTANTS, SERVERS, Server
from plain.tools import TOOLS, Result, run_tool


def verdict(result: Result, right: Result) -> str:
    """found, noticed or missed; error when the tool did not run to its end."""
    if result.exit_code not in (0, 1):
        return "error"
    if result.exit_code == 1 and right.exit_code == 0:
        return "found"
    return "noticed" if result.complaints - right.complaints else "missed"


def print_line(*cells: object) -> None:
    sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")
    sys.stdout.flush()


def print_right(tool: str, servers: list[Server], seconds: int) -> dict[str, Result]:
    """Runs the tool on the right servers: anything it complains of is a false alarm. By name."""
    results = {}
    for name, server in SERVERS.items():
        if server in servers:
            results[name] = run_tool(tool, server, frozenset(), seconds)
            colour = {0: "green", 1: "red"}.get(results[name].exit_code, "error")
            print_line(colour, name, "right", "", f"{results[name].seconds:.0f} s")
            for complaint in sorted(results[name].complaints):
                sys.stdout.write(f"    {complaint}\n")
    return results


def print_summary(verdicts: Counter[tuple[str, str]]) -> None:
    sys.stdout.write("\n| kind | mutants | found | noticed |\n|---|---:|---:|---:|\n")
    rows = {kind: Counter({word: verdicts[kind, word] for _, word in verdicts}) for kind in KINDS}
    for kind, row in (*rows.items(), ("all", sum(rows.values(), Counter()))):
        if row.total():
            print_line(kind, row.total(), row["found"], row["noticed"])


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
    arguments = parser.parse_args()
    chosen = set(arguments.chosen)
    if unknown := chosen - MUTANTS.keys() - set(KINDS):
        parser.error(f"there is no mutant and no kind of mutants named {min(unknown)}")
    servers = [SERVERS[arguments.server]] if arguments.server else list(SERVERS.values())
    names = [
        name
        for name, (server, mutant) in MUTANTS.items()
        if server in servers and (not chosen or chosen & {name, mutant.kind})
    ]
    right = print_right(arguments.tool, servers, arguments.seconds)
    name_of = {id(server): name for name, server in SERVERS.items()}
    verdicts: Counter[tuple[str, str]] = Counter()
    for name in names[:: arguments.every]:
        server, mutant = MUTANTS[name]
        on_right = right[name_of[id(server)]]
        result = run_tool(arguments.tool, server, frozenset({name}), arguments.seconds)
        word = verdict(result, on_right)
        verdicts[mutant.kind, word] += 1
        reason = min(result.complaints - on_right.complaints, default="")
        print_line(word, name_of[id(server)], mutant.kind, name, f"{result.seconds:.0f} s", reason)
    print_summary(verdicts)
    return int(any(word != "found" for _, word in verdicts))


if __name__ == "__main__":
    sys.exit(main())
