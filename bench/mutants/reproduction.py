"""Whether saved failures fail again in a fresh process: on the mutant, and not on the correct server."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from served import served

from mutants import Mutant
from support.paths import CONTRACT, VALUES
from support.reference import TOKENS, TOKENS_WITHOUT

MOST = 3  # of the failures of one mutant


@dataclass(frozen=True, slots=True)
class Replays:
    """How many saved failures were replayed, failed again on the mutant, and passed on the correct server."""

    replayed: int
    failed_again: int
    passed_on_reference: int


def reproduced(folder: Path, mutant: Mutant) -> Replays:
    """Replay the first failures that are saved in a folder."""
    tests = sorted(folder.glob("test_*.py"))[:MOST]
    on_mutant = _exit_codes(tests, mutant)
    for test in tests:
        if on_mutant[test.stem] != 1:  # an earlier test may have left something behind
            on_mutant |= _exit_codes([test], mutant)
    on_reference = _exit_codes(tests, None)
    return Replays(
        replayed=len(tests),
        failed_again=sum(code == 1 for code in on_mutant.values()),
        passed_on_reference=sum(code == 0 for code in on_reference.values()),
    )


def _exit_codes(tests: Sequence[Path], mutant: Mutant | None) -> dict[str, int]:
    """The exit code of `wirecheck replay` in each test, by pytest in a process and on a server of its own."""
    if not tests:
        return {}
    with served(mutant) as address, tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        environment = {
            **os.environ,
            "WIRECHECK_SPEC": str(CONTRACT),
            "WIRECHECK_URL": f"{address}/v1",
            "WIRECHECK_TOKEN": TOKENS["all"],
            "WIRECHECK_TOKEN_WITHOUT": " ".join(
                f"{scope}={token}" for scope, token in TOKENS_WITHOUT.items()
            ),
            "WIRECHECK_VALUES": str(VALUES),
        }
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
        subprocess.run(
            [*command, f"--rootdir={tests[0].parent}", f"--junitxml={report}", *map(str, tests)],
            env=environment,
            cwd=tests[0].parent,
            check=False,
            capture_output=True,
        )
        return dict(_of_report(report))


def _of_report(report: Path) -> Iterator[tuple[str, int]]:
    """Exit codes by name of the test; -1 for any other error."""
    for case in ElementTree.parse(report).iter("testcase"):
        failure = case.find("failure")
        message = "" if failure is None else failure.get("message", "")
        code = next((code for code in (1, 2) if f"assert {code} == 0" in message), -1)
        yield case.get("classname", "").rpartition(".")[2], 0 if len(case) == 0 else code
