"""Console blocks of Markdown pages, run as they stand: what follows ``$ command`` is what the command prints.

``python -m support.console PAGE...``, with tests/ on the path, writes the output that the commands have now.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from support.paths import ROOT

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = "--- a command has ended ---"
COLUMNS = 80


def commands(page: str) -> list[str]:
    """The commands of all console blocks; one that ends in a backslash goes on in the next line."""
    found: list[str] = []
    for block in _BLOCK.findall(page):
        found += re.findall(r"^\$ ((?:.*\\\n)*.*)$", block, re.MULTILINE)
    return found


def rerun(page: str, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """The page with the output, of both streams, that its commands have in one shell that starts in a folder."""
    listed = commands(page)
    script = "".join(f"{command}\necho\necho '{_MARK}'\n" for command in listed)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WIRECHECK_")}
    ran = subprocess.run(
        ["bash"],
        input=script,
        cwd=folder,
        env={**clean, "PATH": path, "COLUMNS": str(COLUMNS), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    outputs = iter(zip(listed, ran.stdout.split(f"\n{_MARK}\n"), strict=False))

    def shown(block: re.Match[str]) -> str:
        pieces = []
        for command in commands(block[0]):
            _, output = next(outputs)
            pieces.append(f"$ {command}\n{output.rstrip()}\n" if output.strip() else f"$ {command}\n")
        return f"```console\n{''.join(pieces)}```" if pieces else block[0]

    return _BLOCK.sub(shown, page)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = Path(name)
        page.write_text(rerun(page.read_text(encoding="utf-8"), ROOT), encoding="utf-8")
