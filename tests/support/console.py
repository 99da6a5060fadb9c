"""Console blocks of Markdown pages, run as they stand: what follows ``$ command`` is what the command prints.

``python -m support.console``, with tests/ on the path, writes the output that commands have now; with names
of pages, in those alone.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from support.paths import ROOT

PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs" / "commands").glob("*.md")),
    ROOT / "docs" / "how-to" / "record-with-a-browser.md",
]
"""The pages whose blocks are run."""

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n", re.MULTILINE)
_END = "--- end of a command ---"


def commands(page: str) -> list[str]:
    """The commands of all console blocks; one that ends in a backslash goes on in the next line."""
    return [command for block in _BLOCK.findall(page) for command in _COMMAND.findall(block)]


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


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else PAGES:
        path.write_text(rerun(path.read_text(encoding="utf-8"), ROOT), encoding="utf-8")
