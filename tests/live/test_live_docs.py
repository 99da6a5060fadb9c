"""The commands of docs/live.md run."""

import re
import shlex
import signal
import subprocess
import sys

import pytest

from support.commands import plain_environment
from support.paths import ROOT
from support.proxying import always, response, upstream

PAGE = (ROOT / "docs" / "live.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^wirecheck (proxy .*)$", PAGE, re.MULTILINE)


@pytest.mark.no_cover
@pytest.mark.parametrize("command", COMMANDS)
def test_a_proxy_starts_as_the_page_says(command: str, tmp_path: str) -> None:
    with upstream(always(response())) as origin:
        arguments = shlex.split(
            command.replace("http://127.0.0.1:8000", origin)
            .replace("=spec/", f"={ROOT}/spec/")
            .replace(" spec/", f" {ROOT}/spec/")
            .replace("--view 8082", "--view 0")
        )
        with subprocess.Popen(
            [sys.executable, "-m", "wirecheck", *arguments, "--port", "0"],
            cwd=tmp_path,
            env=plain_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            assert process.stderr.readline().startswith("wirecheck: the ")
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
    assert process.returncode == 2, "nothing was judged"
    assert "Nothing was checked." in out
    assert "wirecheck: inconclusive: " in err
