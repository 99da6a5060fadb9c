"""The pages about the server say what it does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from instagram_server import seed_data
from instagram_server.cli import run
from support.paths import EXAMPLES, ROOT

REFERENCE = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
HOW_TO = (ROOT / "docs" / "how-to" / "program-of-2015.md").read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def test_the_reference_lists_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["--help"])
    options = set(re.findall(r"(?<![\w-])--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    rows = re.findall(r"^\| (`--.*?) \|", REFERENCE, re.MULTILINE)
    assert set(re.findall(r"--[a-z-]+", " ".join(rows))) == options


@pytest.mark.parametrize("page", [REFERENCE, HOW_TO], ids=["reference", "how-to"])
def test_the_commands_that_start_the_server_give_its_address(page: str, tmp_path: Path) -> None:
    [script, *_] = blocks(page, "sh")
    command = tmp_path / "instagram-server"
    command.write_text(
        f"#!/bin/sh\nexec '{sys.executable}' -c 'from instagram_server.cli import main; main()' \"$@\"\n"
    )
    command.chmod(0o755)
    names = [name for name in ("SERVER", "CLIENT_ID", "CLIENT_SECRET") if f"{name}=" in script]
    script += "".join(f'\necho "${name}"' for name in names) + "\nkill $!\nwait || true\n"
    environment = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    values = dict(zip(names, done.stdout.split(), strict=True))
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", values.pop("SERVER"))
    demo = seed_data.DEMO_CLIENT
    assert values in ({}, {"CLIENT_ID": demo.id, "CLIENT_SECRET": demo.secret})


def test_the_constants_of_the_how_to_are_those_of_the_program() -> None:
    program = (EXAMPLES / "program_of_2015.py").read_text(encoding="utf-8")
    constants = dict(re.findall(r'^    (\w+) = "(.*)"$', program, re.MULTILINE))
    [snippet] = blocks(HOW_TO, "python")
    changed = set(re.findall(r"InstagramAPI\.(\w+)", snippet))
    assert changed == constants.keys() - {"base_path"}
    for value in constants.values():
        assert f'"{value}"' in HOW_TO


def test_links_lead_somewhere() -> None:
    for folder, page in ((ROOT / "docs", REFERENCE), (ROOT / "docs" / "how-to", HOW_TO)):
        for link in re.findall(r"\]\(([^)#]+)", page):
            assert link.startswith("https://") or (folder / link).exists(), link


def test_no_example_depends_on_a_port() -> None:
    for page in (REFERENCE, HOW_TO):
        assert not re.findall(r":8080", "".join(blocks(page, r"\w*")))
