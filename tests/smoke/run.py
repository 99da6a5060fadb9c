"""All that is tried of one document; each part is a process of its own with a limit in time."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smoke.calls import ORACLE
from smoke.documents import Target
from smoke.imports import imports_of_wirecheck

_SECONDS_OF_GENERATION = 900
_SECONDS_OF_TYPES = 900
_SECONDS_OF_SILENCE = 150
"""How long calls may write no event."""
_SHOWN = 4000  # characters of what a process wrote
_NO_CONFIGURATION = "--config-file="


@dataclass(frozen=True, slots=True)
class Options:
    """``keep`` is a folder for what is generated; ``cache`` is that of mypy, which runs only with ``types``.

    With ``oracle`` nothing is generated: the calls are those of `smoke.oracle`.
    """

    allow_refs: bool = False
    types: bool = True
    calls: bool = True
    oracle: bool = False
    keep: Path | None = None
    cache: Path | None = None


@dataclass(slots=True)
class Result:
    """What was found about a document. ``calls`` are events of `smoke.calls`."""

    document: str
    operations: int | None = None
    document_problems: int = 0
    generated: bool = False
    incomplete: bool = False
    generation_seconds: float = 0.0
    generation_exit: int | None = None
    generation_errors: str = ""
    wirecheck_imports: list[str] = field(default_factory=list)
    endpoints: int | None = None
    missing: list[str] = field(default_factory=list)
    import_seconds: float | None = None
    import_error: str = ""
    import_warnings: list[str] = field(default_factory=list)
    type_errors: list[str] | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return sum(call["outcome"] == outcome for call in self.calls)

    @property
    def is_right(self) -> bool:
        """Whether there is nothing to tell; what the harness cannot do says nothing."""
        rights = self.generated and not (self.incomplete or self.missing or self.crashes or self.import_error)
        return rights and not (self.type_errors or self.wirecheck_imports or self.count("wrong"))


def run(target: Target, options: Options) -> Result:
    """Generates, imports, type-checks and calls."""
    result = Result(target.name)
    with _folder(options.keep) as folder:
        output = folder / target.package
        output.mkdir(parents=True, exist_ok=True)
        if options.oracle:
            result.generated = True
            _call(target, options, output, ORACLE, result)
            return result
        _generate(target, options, output, result)
        package = output / target.package
        if package.is_dir():
            result.wirecheck_imports = imports_of_wirecheck(package)
            if options.types:
                result.type_errors = _type_errors(output, target.package, options.cache or folder / ".mypy")
        _call(target, options, output, target.package if package.is_dir() and options.calls else "", result)
    return result


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="smoke-") as folder:
        yield Path(folder)


def _environment() -> Mapping[str, str]:
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path if path)
    return {**os.environ, "PYTHONPATH": paths, "WIRECHECK_CACHE": "off"}


def _process(command: list[str], seconds: float, cwd: Path) -> tuple[int | None, str, str]:
    """The exit code, None after the limit in time, and what the process wrote."""
    try:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=cwd,
            env=_environment(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, "", f"takes more than {seconds} seconds"
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


# Generation


def _generate(target: Target, options: Options, output: Path, result: Result) -> None:
    """Generates all of a client, or what of it can be generated where the command line offers that."""
    command = ["-m", "wirecheck", "generate", "--offline", "--package-only", "--package", target.package]
    command += ["--spec", str(target.path), "--output", str(output)]
    command += ["--allow-refs", str(target.root)] if options.allow_refs else []
    began = time.perf_counter()
    status, _, errors = _process(command, _SECONDS_OF_GENERATION, output)
    result.generation_seconds = time.perf_counter() - began
    result.generation_exit, result.generation_errors = status, errors.strip()[-_SHOWN:]
    result.generated = status == 0
    if (
        status not in (0, None)
        and "--allow-missing" in _process(["-m", "wirecheck", "generate", "--help"], 60, output)[1]
    ):
        status, _, _ = _process([*command, "--allow-missing"], _SECONDS_OF_GENERATION, output)
        result.incomplete = status == 0


def _type_errors(output: Path, package: str, cache: Path) -> list[str]:
    command = ["-m", "mypy", "--strict", _NO_CONFIGURATION, "--cache-dir", str(cache), "--no-error-summary"]
    status, found, errors = _process([*command, "-p", package], _SECONDS_OF_TYPES, output)
    lines = [line for line in found.splitlines() if ": error:" in line]
    if status != 0 and not lines:
        lines = [f"mypy: error: {(errors or found).strip()[-300:]}"]
    return lines


# Calls


def _call(target: Target, options: Options, output: Path, package: str, result: Result) -> None:
    """Calls all operations; after a crash or a hang it goes on with the next one."""
    settings = {
        "document": str(target.path),
        "allow_refs": [str(target.root)] if options.allow_refs else [],
        "folder": str(output),
        "package": package,
        "events": str(output / "events.jsonl"),
        "start": 0,
    }
    while True:
        events, ending = _worker(settings, output)
        _take(events, result)
        if ending is None:
            return
        begun = [event for event in events if event["event"] == "begin"]
        where = begun[-1]["operation"] if begun else "before the first operation"
        result.crashes.append(f"{where}: {ending}")
        if not begun:
            return
        settings["start"] = begun[-1]["index"] + 1


def _worker(settings: dict[str, Any], output: Path) -> tuple[list[dict[str, Any]], str | None]:
    """The events of one process, and how it ended where that was too early."""
    events, log, described = Path(settings["events"]), output / "calls.log", output / "settings.json"
    events.write_text("", "utf-8")
    described.write_text(json.dumps(settings), "utf-8")
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "smoke.calls", str(described)],
            cwd=output,
            env=_environment(),
            stdout=file,
            stderr=file,
        )
        is_silent = _wait(process, events)
    read = [json.loads(line) for line in events.read_text("utf-8").splitlines() if line.endswith("}")]
    if read and read[-1]["event"] == "end":
        return read, None
    if is_silent:
        return read, f"no event for {_SECONDS_OF_SILENCE} seconds"
    said = log.read_text("utf-8", errors="replace").strip().splitlines()
    return read, f"exit {process.returncode}: {said[-1][:300] if said else ''}"


def _wait(process: subprocess.Popen[bytes], events: Path) -> bool:
    """Waits for the end of a process; ends it once it is silent for too long, and returns whether it was."""
    size, changed = -1, time.monotonic()
    while process.poll() is None:
        time.sleep(0.05)
        if (now := events.stat().st_size) != size:
            size, changed = now, time.monotonic()
        elif time.monotonic() - changed > _SECONDS_OF_SILENCE:
            process.kill()
            process.wait()
            return True
    return False


def _take(events: list[dict[str, Any]], result: Result) -> None:
    for event in events:
        match event["event"]:
            case "loaded":
                result.operations, result.document_problems = event["operations"], event["problems"]
            case "imported":
                result.import_seconds, result.import_warnings = event["seconds"], event["warnings"]
                result.endpoints = event["endpoints"]
            case "unimportable":
                result.import_error = event["reason"]
            case "missing":
                result.missing.append(event["operation"])
            case "call":
                result.calls.append(event)
