"""The tutorial, run as it stands: its server is started, and mended where the page shows a difference.

``python -m support.tutorial``, with tests/ on the path, writes the output that its commands have now.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.console import rerun
from support.paths import EXAMPLES, ROOT

PAGE = ROOT / "docs" / "tutorial.md"
_SHOWN = "http://127.0.0.1:8000"
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def rerun_tutorial(page: str, folder: Path) -> str:
    """The page with what its commands print, in a copy of the example."""
    shutil.copytree(EXAMPLES / "notes", folder, dirs_exist_ok=True)
    parts = []
    for part in re.split(r"(?<=^```diff\n)", page, flags=re.MULTILINE):
        if difference := re.match(r"-(.*)\n\+(.*)\n", part):
            mend(folder / "server.py", difference[1], difference[2])
        with _serving(folder) as address:
            parts.append(rerun(part.replace(_SHOWN, address), folder).replace(address, _SHOWN))
            for program in _PYTHON.findall(part):
                _run(program.replace(_SHOWN, address), folder / "client")
    return "".join(parts)


def mend(source: Path, before: str, after: str) -> None:
    """Replaces a line of a program, which must be there."""
    text = source.read_text(encoding="utf-8")
    assert before in text
    source.write_text(text.replace(before, after), encoding="utf-8")


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """The address of the server, as its source is now."""
    command = [sys.executable, "server.py", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def _run(program: str, folder: Path) -> None:
    """Runs a program that says in comments what it prints."""
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines() == re.findall(r"# -> (.*)$", program, re.MULTILINE), ran.stderr


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        PAGE.write_text(rerun_tutorial(PAGE.read_text(encoding="utf-8"), Path(scratch)), encoding="utf-8")
