"""The speed of validation, ours and that of peers, in one run: python -m bench.validation [--write PAGE]

Everything is measured in turns on one machine, and reported as medians of ratios. The corpora are made from
a seed.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.validation import bodies, files, page, start
from bench.validation.processes import UnmeasuredError
from bench.validation.tables import Table, text


def main() -> None:
    arguments = _parser().parse_args()
    tables = []
    with tempfile.TemporaryDirectory() as folder:
        for section in arguments.only or SECTIONS:
            for measure in SECTIONS[section](Path(folder), arguments):
                try:
                    table = measure()
                except UnmeasuredError as error:
                    sys.stderr.write(f"{section}: {error}\n")
                    continue
                tables.append(table)
                sys.stdout.write(f"{text(table)}\n")
                sys.stdout.flush()
    if arguments.write:
        page.write(arguments.write, page.machine(), tables)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.validation", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=SECTIONS, help="measure this section alone; repeatable"
    )
    parser.add_argument("--seed", type=int, default=18, help="of the corpora [default: 18]")
    parser.add_argument(
        "--megabytes", type=float, default=100, help="of a recording; half of small bodies [100]"
    )
    parser.add_argument("--rounds", type=int, default=5, help="of every comparison [5]")
    parser.add_argument("--seconds", type=float, default=0.5, help="of a turn of a judge of bodies [0.5]")
    parser.add_argument(
        "--entries",
        type=int,
        nargs="*",
        default=[1_000, 100_000],
        help="of recordings for memory [1000 100000]",
    )
    parser.add_argument("--against", metavar="REVISION", help="measure conform at this revision of git, too")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the results into this page")
    return parser


Measures = list[Callable[[], Table]]


def _files(folder: Path, given: argparse.Namespace) -> Measures:
    return [
        partial(files.speed, folder, "pages", given.seed, given.megabytes, given.rounds),
        partial(files.speed, folder, "small", given.seed, given.megabytes / 2, given.rounds),
        partial(files.memory, folder, given.seed, given.entries),
    ]


def _bodies(folder: Path, given: argparse.Namespace) -> Measures:
    return [
        partial(bodies.speed, folder, "pages", given.seed, given.seconds, given.rounds),
        partial(bodies.speed, folder, "small", given.seed, given.seconds, given.rounds),
    ]


def _start(folder: Path, given: argparse.Namespace) -> Measures:
    return [
        partial(start.commands, folder, 3 * given.rounds),
        partial(start.documents, folder, given.seed, given.rounds),
    ]


def _conformance(folder: Path, given: argparse.Namespace) -> Measures:
    # Imported late: the memory of this process is a lower limit to what is measured of others.
    from bench.validation import conformance

    return [partial(conformance.speed, given.against, min(given.rounds, 3))]


SECTIONS: dict[str, Callable[[Path, argparse.Namespace], Measures]] = {
    "files": _files,
    "bodies": _bodies,
    "start": _start,
    "conformance": _conformance,
}


if __name__ == "__main__":
    main()
