"""Generates, imports, type-checks and calls clients of documents. The exit code is 1 if anything is wrong."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

from smoke.documents import Target, targets
from smoke.report import described_kinds, table
from smoke.run import Options, Result, run


def main() -> int:
    options = _options()
    chosen = [target for argument in options.documents for target in targets(argument)]
    with tempfile.TemporaryDirectory(prefix="smoke-mypy-") as cache:
        settings = Options(
            allow_refs=options.allow_refs,
            types=not options.no_mypy,
            calls=not options.no_calls,
            oracle=options.oracle,
            keep=options.keep,
            cache=options.mypy_cache or Path(cache),
        )
        results = list(_results(chosen, settings, options.jobs))
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1), "utf-8")
    sys.stdout.write(f"{table(results)}\n")
    if options.kinds:
        sys.stdout.write(f"\n{described_kinds(results, options.kinds)}\n")
    return 0 if all(result.is_right for result in results) else 1


def _results(chosen: list[Target], settings: Options, jobs: int) -> Iterator[Result]:
    with ThreadPoolExecutor(jobs) as pool:
        for number, result in enumerate(pool.map(partial(run, options=settings), chosen), 1):
            sys.stderr.write(f"{number}/{len(chosen)} {result.document}\n")
            yield result


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m smoke", description=__doc__)
    parser.add_argument(
        "documents", nargs="+", type=Path, metavar="DOCUMENT", help="a file, or a folder of documents"
    )
    parser.add_argument(
        "--allow-refs", action="store_true", help="of a document below a folder: to all of that folder"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was found")
    parser.add_argument(
        "--kinds", type=int, nargs="?", const=40, default=0, help="list kinds of failures, 40 by default"
    )
    parser.add_argument("--no-mypy", action="store_true")
    parser.add_argument("--no-calls", action="store_true")
    parser.add_argument(
        "--oracle", action="store_true", help="call what wirecheck writes itself: tests the harness"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep what is generated")
    parser.add_argument("--mypy-cache", type=Path, metavar="DIR", help="a cache that stays for the next run")
    parser.add_argument("--jobs", type=int, default=2, help="documents at the same time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
