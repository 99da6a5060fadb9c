"""Console blocks of Markdown pages, run as they stand: what follows ``$ command`` is what the command prints.

``python -m support.console``, with tests/ on the path, writes the output that commands have now; with names
of pages, in those alone.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from support.paths import ROOT

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n", re.MULTILINE)
_END = "--- end of a command ---"
_DOCS = ROOT / "docs"
_DRIVEN = {_DOCS / "how-to" / "test-your-service.md"}  # by support.service, which starts what it tests


def _pages() -> list[Path]:
    pages = [
        ROOT / "README.md",
        _DOCS / "recordings.md",
        _DOCS / "reports.md",
        *sorted((_DOCS / "commands").glob("*.md")),
        *sorted((_DOCS / "how-to").glob("*.md")),
    ]
    return [page for page in pages if page not in _DRIVEN and commands(page.read_text(encoding="utf-8"))]


def commands(page: str) -> list[str]:
    """The commands of all console blocks; one that ends in a backslash goes on in the next line."""
    return [command for block in _BLOCK.findall(page) for command in _COMMAND.findall(block)]


def rerun_page(page: str) -> str:
    """The page with what its commands print now in a copy of the examples, so that they may write files."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("examples", "spec"):
            shutil.copytree(ROOT / name, Path(folder, name))
        return rerun(page, Path(folder))


def rerun(page: str, folder: Path) -> str:
    """The page with what its commands print now, on both streams, in a terminal of 80 columns.

    Each block has a shell of its own, which starts in the folder.
    """
    return _BLOCK.sub(lambda block: _rerun_block(_COMMAND.findall(block[1]), folder), page)


def _rerun_block(block: list[str], folder: Path) -> str:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WIRECHECK_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash"],
        input="".join(f"{command}\necho '{_END}'\n" for command in block),
        cwd=folder,
        env={**inherited, "PATH": path, "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    outputs = ran.stdout.split(f"{_END}\n")
    shown = (f"$ {command}\n{output}" for command, output in zip(block, outputs, strict=False))
    return f"```console\n{''.join(shown)}```"


PAGES = _pages()
"""The pages whose blocks are run."""


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else PAGES:
        path.write_text(rerun_page(path.read_text(encoding="utf-8")), encoding="utf-8")
