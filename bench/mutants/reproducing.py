"""Whether saved failures fail again in a fresh process: on the faulty server, and not on the right one."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

from faults import Mutant
from served import served
from test_faults import LACKING, TOKENS, VALUES

MOST = 3  # of the failures of one fault


def reproduced(folder: Path, fault: Mutant) -> dict[str, int]:
    """How many were saved and tried, failed again on the faulty server, and passed on the right one."""
    saved = sorted(folder.glob("test_*.py"))
    tried = saved[:MOST]
    again = _codes(tried, fault)
    for test in tried:
        if again[test.stem] != 1:  # one before it may have left something behind
            again |= _codes([test], fault)
    right = _codes(tried, None)
    return {
        "saved": len(saved),
        "tried": len(tried),
        "again": sum(code == 1 for code in again.values()),
        "right": sum(code == 0 for code in right.values()),
    }


def _codes(tests: Iterable[Path], fault: Mutant | None) -> dict[str, int]:
    """The exit code of `wirecheck replay` in each test, by pytest in a process and on a server of its own."""
    tests = list(tests)
    if not tests:
        return {}
    with served(fault) as address, tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        environment = {
            **os.environ,
            "WIRECHECK_URL": f"{address}/v1",
            "WIRECHECK_TOKEN": TOKENS["all"],
            "WIRECHECK_TOKEN_WITHOUT": " ".join(f"{scope}={token}" for scope, token in LACKING.items()),
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
    """By name of the test; -1 for trouble."""
    for case in ElementTree.parse(report).iter("testcase"):
        failure = case.find("failure")
        said = "" if failure is None else failure.get("message", "")
        code = next((code for code in (1, 2) if f"assert {code} == 0" in said), -1)
        yield case.get("classname", "").rpartition(".")[2], 0 if len(case) == 0 else code
