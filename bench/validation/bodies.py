"""Bodies alone: judges of one decoded or undecoded body, each in a process of its own, in turns."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from bench.validation import peers
from bench.validation.corpus import Corpus, Kind, write_bodies
from bench.validation.processes import HERE, SPEC, UnmeasuredError, interleaved, python
from bench.validation.tables import Table

COUNTS: dict[Kind, int] = {"pages": 400, "small": 4000}
MOST: dict[Kind, float] = {"pages": 1.0, "small": 2.5}  # times as long as orjson.loads
UNIT, SLOWEST = "orjson-loads", "openapi-core"


@dataclass(frozen=True, slots=True)
class Contestant:
    """A judge of bodies, or what only parses them.

    ``command`` starts it, and may raise UnmeasuredError. ``remark`` says in what its work differs.
    """

    label: str
    command: Callable[[str], list[str]]
    remark: str = ""
    parses_only: bool = False


def _ours(name: str) -> list[str]:
    return python(HERE / "contestants.py", name)


def _in_python(name: str) -> list[str]:
    return [peers.python(), str(HERE / "contestants.py"), name]


def _in_node(name: str) -> list[str]:
    program, _ = peers.node()
    return [program, str(HERE / "contestants.js"), name]


CONTESTANTS: dict[str, Contestant] = {
    UNIT: Contestant("orjson.loads", _in_python, parses_only=True),
    "json-loads": Contestant("json.loads", _in_python, parses_only=True),
    "json-parse": Contestant("JSON.parse (node)", _in_node, parses_only=True),
    "wirecheck-accepts": Contestant(
        "wirecheck: Engine.accepts", _ours, "is_valid decides on what it rejects"
    ),
    "wirecheck": Contestant("wirecheck: Engine.is_valid", _ours, "after a strict decoder"),
    "jsonschema-rs": Contestant("orjson + jsonschema-rs", _in_python),
    "ajv": Contestant("Ajv standalone (node)", _in_node, "given texts, as is JSON.parse, not bytes"),
    "prism": Contestant(
        "Prism's validateOutput (node)",
        _in_node,
        "after JSON.parse of a text; finds the media type",
    ),
    "schemathesis": Contestant("schemathesis: is_valid_response", _in_python, "finds the media type"),
    "pydantic": Contestant(
        "pydantic: validate_json, strict", _in_python, "builds objects; errors by their shape"
    ),
    "fastjsonschema": Contestant(
        "orjson + fastjsonschema", _in_python, "the schemas are translated to draft 7"
    ),
    "jsonschema": Contestant("orjson + jsonschema", _in_python, "without the format uri"),
    SLOWEST: Contestant(
        "openapi-core: validate_response",
        _in_python,
        "finds operation and media type; without the format uri",
    ),
}


class Process:
    """A contestant that runs, and waits for its turn."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._input, self._output = process, process.stdin, process.stdout
        self.checks = self._said()

    def rate(self, seconds: float) -> float:
        """Seconds of processor time for each byte of the bodies that are judged in some seconds."""
        self._input.write(f"{seconds}\n")
        self._input.flush()
        figures = self._said()
        return float(figures["seconds"] / figures["bytes"])

    def _said(self) -> dict[str, Any]:
        line = self._output.readline()
        if not line:
            assert self._process.stderr is not None
            lines = self._process.stderr.read().strip().splitlines()
            raise UnmeasuredError(lines[-1] if lines else "it ended")
        figures: dict[str, Any] = json.loads(line)
        return figures


@contextmanager
def started(name: str, bodies: Path) -> Iterator[Process]:
    command = [*CONTESTANTS[name].command(name), str(SPEC), str(bodies)]
    settings = {
        **os.environ,
        "NODE_PATH": str(peers.FOLDER / "node" / "node_modules"),
        "PYTHONWARNINGS": "ignore",
    }
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=settings,
        encoding="utf-8",
    ) as process:
        try:
            yield Process(process)
        finally:
            process.terminate()


def speed(folder: Path, kind: Kind, seed: int, seconds: float, rounds: int) -> Table:
    """How long bodies take, of which one of 20 is invalid."""
    path = folder / f"{kind}.jsonl"
    write_bodies(path, Corpus(kind, seed, every=20), COUNTS[kind])
    notes = []
    with ExitStack() as stack:
        processes: dict[str, Process] = {}
        for name, contestant in CONTESTANTS.items():
            try:
                process = stack.enter_context(started(name, path))
            except UnmeasuredError as error:
                notes.append(f"{contestant.label}: {error}")
                continue
            if mistakes := _mistakes(process.checks, contestant):
                notes.append(f"{contestant.label}: {mistakes}")
            else:
                processes[name] = process
        rates, _ = interleaved(
            {name: partial(process.rate, seconds) for name, process in processes.items()}, rounds
        )
    rows = [
        [
            CONTESTANTS[name].label,
            _ratio(rates, name, UNIT),
            f"{MOST[kind]:.1f}" if name == "wirecheck-accepts" else "",
            _ratio(rates, SLOWEST, name),
            _number(1e-6 / median(of_name)),
        ]
        for name, of_name in rates.items()
    ]
    size = "44 KB" if kind == "pages" else "1.5 KB"
    notes += [
        f"{CONTESTANTS[name].label}: {CONTESTANTS[name].remark}."
        for name in rates
        if CONTESTANTS[name].remark
    ]
    about = (
        f"Bodies of {size} on average, one of 20 invalid. Times are those of processors, as multiples of that"
        " of orjson.loads, followed by the speed as a multiple of that of openapi-core. Only those that judge"
        " 120 bodies correctly are measured."
    )
    title = "Bodies alone: pages" if kind == "pages" else "Bodies alone: small"
    return Table(title, about, ["", "time", "target", "speed", "MB/s"], rows, notes)


def _ratio(rates: dict[str, list[float]], name: str, other: str) -> str:
    if name not in rates or other not in rates:
        return "–"
    ratio = median(own / theirs for own, theirs in zip(rates[name], rates[other], strict=True))
    return _number(ratio)


def _number(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def _mistakes(checks: dict[str, Any], contestant: Contestant) -> str:
    """What a judge gets wrong; one that only parses accepts every body."""
    misses = 0 if contestant.parses_only else checks["misses"]
    wrong = [
        f"{verb} {count} of {checks['checked']} bodies"
        for verb, count in (("rejects the valid", checks["alarms"]), ("accepts the invalid", misses))
        if count
    ]
    return f"not measured: it {' and '.join(wrong)}" if wrong else ""
