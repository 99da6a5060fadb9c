"""What `schemathesis run` tells of a server with a fault, and of the right one."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from faults import Mutant
from served import served
from test_faults import TOKENS

from support.paths import CONTRACT
from wirecheck.spec import Spec

CONFIGURATION = f"""\
[auth.openapi.access_token]
api_key = "{TOKENS["all"]}"
[auth.openapi.oauth]
bearer = "{TOKENS["all"]}"
"""


def told(spec: Spec, fault: Mutant | None, names: tuple[str, ...], seconds: int) -> list[str]:
    """The failures that it reports of some operations in some seconds, as operation and title."""
    operation = next(one for one in spec.operations if one.name in names)
    with served(fault) as address, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "schemathesis.toml").write_text(CONFIGURATION, encoding="utf-8")
        report = home / "events.ndjson"
        command = [
            *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"),
            *("--config-file", "schemathesis.toml", "run", str(CONTRACT)),
            *("--url", address + (operation.servers or spec.prefixes)[0]),
            *(word for name in names for word in ("--include-operation-id", name)),
            *("--seed", "1", "--max-time", str(seconds), "--generation-database", "none", "--no-shrink"),
            *("--continue-on-failure", "--report-ndjson-path", str(report), "--no-color"),
        ]
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(command, cwd=home, capture_output=True, check=False, timeout=4 * seconds)
        lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    return sorted({failure for line in lines for failure in _failures(line)})


def _failures(line: str) -> Iterator[str]:
    """Of one event; the last one may be cut off."""
    try:
        pending: list[Any] = [json.loads(line)]
    except ValueError:
        return
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            failure = value.get("failure")
            if isinstance(failure, dict) and "title" in failure:
                yield f"{failure.get('operation')}: {failure['title']}"
            pending += value.values()
        elif isinstance(value, list):
            pending += value
