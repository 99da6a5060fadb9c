"""The command as a process: streams, encodings, missing packages."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import BAD, GOOD, Writer, line, plain_environment, process


def test_the_module_can_be_run(file: Writer) -> None:
    for content, expected in ((GOOD, 0), (BAD, 1), ("{", 2)):
        done = process("check", file("a.jsonl", content))
        assert done.returncode == expected
        assert b"Traceback" not in done.stderr
        assert b"\x1b" not in done.stdout
        assert bool(done.stdout) == (expected < 2)


@pytest.mark.parametrize("arguments", [["explain"], ["--help"], ["check", "many.jsonl", "--format", "json"]])
def test_a_closed_pipe_is_inconclusive_and_gives_no_traceback(
    arguments: list[str], tmp_path: Path, file: Writer
) -> None:
    file("many.jsonl", BAD * 500)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        command = [sys.executable, "-m", "wirecheck", *arguments]
        done = subprocess.run(
            command,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
            cwd=tmp_path,
            env=plain_environment(),
            timeout=60,
        )
    finally:
        os.close(writer)
    assert done.stderr == b""
    assert done.returncode == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_output_survives_a_terminal_of_another_encoding(encoding: str, file: Writer) -> None:
    name = file("a.jsonl", line(body=json.dumps({"meta": {"code": 200}, "data": "é漢\U0001f305"})))
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    text = process("check", name, env=env)
    assert (text.returncode, text.stderr) == (1, b"")
    shown = text.stdout.decode("utf-8" if encoding == "ascii" else encoding)  # click mistrusts ASCII
    assert 'data is "' in shown
    assert ("\\u6f22" in shown) == (encoding == "cp1252")
    as_json = process("check", name, "--format", "json", env=env)
    assert (as_json.returncode, as_json.stderr) == (1, b"")
    assert "é漢\U0001f305" in json.loads(as_json.stdout.decode("utf-8"))["findings"][0]["message"]


@pytest.mark.parametrize("module", ["click", "msgspec", "jsonschema_rs", "yaml"])
def test_a_missing_package_is_reported_with_the_command_that_installs_it(module: str, file: Writer) -> None:
    code = f"import sys; sys.modules[{module!r}] = None; from wirecheck.__main__ import main; main()"
    command = [sys.executable, "-c", code, "check", file("a.jsonl", GOOD)]
    done = subprocess.run(
        command, capture_output=True, check=False, env=plain_environment(), timeout=60, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"wirecheck: {module} is not installed: pip install wirecheck\n"


def test_a_bug_of_the_program_is_inconclusive(file: Writer) -> None:
    code = "import wirecheck.cli, wirecheck.__main__ as m; wirecheck.cli.run = lambda _: 1 / 0; m.main()"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, capture_output=True, check=False, env=plain_environment(), timeout=60, text=True
    )
    assert done.returncode == 2
    assert "ZeroDivisionError" in done.stderr
