"""Commands in processes of their own, with their times and their peak of memory."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "spec" / "openapi.yaml"
HERE = Path(__file__).parent

Key = TypeVar("Key")
Result = TypeVar("Result")


class UnmeasuredError(Exception):
    """Something cannot be measured here; the text says why."""


class Usage(NamedTuple):
    """What a command took: seconds by the clock and of processors, and bytes of the largest process."""

    wall: float
    processor: float
    memory: int
    output: str


def python(*arguments: str | Path) -> list[str]:
    """A command in the environment of the project."""
    return [sys.executable, *map(str, arguments)]


def wirecheck(*arguments: str | Path) -> list[str]:
    return python("-m", "wirecheck", *arguments)


def _environment() -> dict[str, str]:
    """That of this process, but with modules that stay compiled, as they do for people."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(
    command: Sequence[str], settings: Mapping[str, str] | None = None, folder: Path | None = None
) -> Usage:
    """Runs a command in a folder, with some more environment variables.

    Raises UnmeasuredError for an exit code that is neither 0 nor 1, the one for findings. The memory is at
    least that of this process: Linux counts from before the command is loaded.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=_environment() | dict(settings or {}), stdout=output, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in (0, 1):
            lines = errors.read().decode(errors="replace").strip().splitlines()
            raise UnmeasuredError(lines[-1] if lines else f"exit code {process.returncode}")
        memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        return Usage(wall, usage.ru_utime + usage.ru_stime, memory, output.read().decode(errors="replace"))


def interleaved(
    works: dict[Key, Callable[[], Result]], rounds: int
) -> tuple[dict[Key, list[Result]], dict[Key, str]]:
    """The results of all works, which take turns, and why the others have none."""
    results: dict[Key, list[Result]] = {key: [] for key in works}
    reasons: dict[Key, str] = {}
    for _ in range(rounds):
        for key, work in works.items():
            if key not in reasons:
                try:
                    results[key].append(work())
                except UnmeasuredError as error:
                    reasons[key] = str(error)
    return {key: result for key, result in results.items() if key not in reasons}, reasons


def medians(usages: Sequence[Usage]) -> Usage:
    """The median of each figure, and the last output."""
    return Usage(
        median(usage.wall for usage in usages),
        median(usage.processor for usage in usages),
        max(usage.memory for usage in usages),
        usages[-1].output,
    )
