"""The environments of the peers in .venv-bench, made on demand from peers.txt and package-lock.json."""

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from bench.validation.processes import HERE, ROOT, UnmeasuredError

FOLDER = ROOT / ".venv-bench"
PINS = HERE / "peers.txt"
NODE_PINS = HERE / "package-lock.json"


def python() -> str:
    """The interpreter for the peers in Python. Raises UnmeasuredError where they cannot be installed."""
    folder = FOLDER / "python"
    interpreter = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not _is_installed(folder, PINS):
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        pip = [str(interpreter), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        _run([*pip, "--no-deps", "--require-hashes", "-r", str(PINS)])
        _note(folder, PINS)
    return str(interpreter)


def node() -> tuple[str, Path]:
    """The program node, and the folder of the modules for it. Raises UnmeasuredError where there are none."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        raise UnmeasuredError("node and npm are not installed")
    folder = FOLDER / "node"
    if not _is_installed(folder, NODE_PINS):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        _run([npm, "ci", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts"])
        _note(folder, NODE_PINS)
    return program, folder / "node_modules"


def _is_installed(folder: Path, pins: Path) -> bool:
    note = folder / ".installed"
    return note.is_file() and note.read_text() == _digest(pins)


def _note(folder: Path, pins: Path) -> None:
    (folder / ".installed").write_text(_digest(pins))


def _digest(pins: Path) -> str:
    return sha256(pins.read_bytes()).hexdigest()


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise UnmeasuredError(f"not installed: {lines[-1] if lines else command[0]}")
