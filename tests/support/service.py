"""The how-to about a service with FastAPI, run as it stands, where FastAPI is installed.

``python -m support.service``, with tests/ on the path, writes the output that its commands have now.
"""

import re
import shutil
import tempfile
from pathlib import Path

from support.console import rerun
from support.paths import EXAMPLES, ROOT
from support.tutorial import mend

PAGE = ROOT / "docs" / "how-to" / "test-your-service.md"


def rerun_service(page: str, folder: Path) -> str:
    """The page with what its commands print, in a copy of the example that is mended where it says so."""
    shutil.copytree(EXAMPLES / "fastapi", folder, dirs_exist_ok=True)
    parts = []
    for part in re.split(r"(?<=^```diff\n)", page, flags=re.MULTILINE):
        if difference := re.match(r"-(.*)\n\+(.*)\n", part):
            mend(folder / "app.py", difference[1], difference[2])
        parts.append(rerun(part, folder))
    return "".join(parts)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        PAGE.write_text(rerun_service(PAGE.read_text(encoding="utf-8"), Path(scratch)), encoding="utf-8")
