"""The notice board is the document of all commands here, unless they name another."""

from pathlib import Path

import pytest

from support.commands import Writer
from support.paths import SPECS


@pytest.fixture(autouse=True)
def _document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRECHECK_SPEC", str(SPECS / "noticeboard.yaml"))


@pytest.fixture
def file(tmp_path: Path) -> Writer:
    def write(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write
