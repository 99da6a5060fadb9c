"""The page of results: between two markers stands what was measured, and on which machine."""

import json
import os
import platform
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.validation.peers import NODE_PINS, PINS
from bench.validation.tables import Table, markdown

BEGIN = "<!-- Written by make bench; changes below are overwritten. -->"
END = "<!-- The end of what make bench writes. -->"
OURS = ("wirecheck", "jsonschema-rs", "msgspec", "PyYAML")
PEERS = (
    "datamodel-code-generator",
    "fastjsonschema",
    "jsonschema",
    "jsonschema-rs",
    "openapi-core",
    "orjson",
    "pydantic",
    "schemathesis",
)


def write(path: Path, machine: Iterable[str], tables: Iterable[Table]) -> None:
    """Replaces what stands between the markers of a page."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, marker, after = rest.partition(END)
    if not marker:
        raise ValueError(f"{path} lacks one of the markers {BEGIN} and {END}")
    described = "".join(f"- {line}\n" for line in machine)
    measured = "\n".join(["## The machine\n", described, *map(markdown, tables)])
    path.write_text(f"{before}{BEGIN}\n\n{measured}\n{END}{after}", encoding="utf-8")


def machine() -> list[str]:
    """What the results depend on besides the code: the date, the hardware, and versions."""
    lock = json.loads(NODE_PINS.read_text(encoding="utf-8"))
    pins = PINS.read_text(encoding="utf-8")
    ours = [f"{name} {version(name)}" for name in OURS]
    peers = [f"{name} {match[1]}" for name in PEERS if (match := re.search(rf"(?m)^{name}==(\S+)", pins))]
    in_node = [
        f"{name} {lock['packages'][f'node_modules/{name}']['version']}"
        for name in lock["packages"][""]["dependencies"]
    ]
    return [
        f"{datetime.now(UTC).date()}, {platform.system()} on {_processor()}, {os.cpu_count()} cores",
        f"Python {platform.python_version()}, {', '.join(ours)}",
        f"peers: {', '.join(peers)}",
        f"peers in node: {', '.join(in_node)}",
    ]


def _processor() -> str:
    try:
        models = re.findall(r"(?m)^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        models = []
    return models[0] if models else platform.processor() or platform.machine()
