"""What the proxy shows on a terminal, on its page, and in its log, and the command itself."""

import base64
import hashlib
import io
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click import unstyle

from support.commands import plain_environment
from support.judging import TOKEN
from support.paths import SPECS
from support.proxying import BAD, GET, GOOD, TOPIC, always, proxied, response, upstream
from wirecheck.live import Mode
from wirecheck.live.view import ProxyView, block
from wirecheck.recordings import read


def test_the_block_fits_the_terminal_and_replaces_the_one_before() -> None:
    with upstream(always(response(BAD))) as origin, proxied(origin) as proxy:
        for _ in range(2):
            proxy.send(GET)
        proxy.end()
        overview = proxy.session.overview
        lines = [unstyle(line) for line in block(overview.state(10), 80)]
        assert max(map(len, lines)) < 80
        assert lines[0].startswith(f"{proxy.origin} to {origin}, report, 0:0")
        assert lines[1].startswith("  exchanges   2, ")
        assert lines[2] == "  judged      2, 2 with violations"
        assert lines[3].startswith("  met         1 of ")
        assert lines[4] == "      2 × body-matches-schema getTopic 200"
        assert lines[5].startswith("          body /data/notices is ")
        stream = io.StringIO()
        view = ProxyView(overview, stream, is_terminal=True, has_colour=False)
        view.refresh()
        view.say("a line that\x1b[2J stays")
        assert stream.getvalue().count("body-matches-schema") == 2
        assert f"\x1b[{len(lines)}A\x1b[Ja line that\\x1b[2J stays\n" in stream.getvalue()


def test_the_log_has_no_secret() -> None:
    with (
        upstream(always(response(BAD))) as origin,
        proxied(origin, Mode.WARN, verbose=True) as proxy,
    ):
        proxy.send(GET.replace(b"Host: proxy.test", f"Host: a\r\nAuthorization: Bearer {TOKEN}".encode()))
        log = proxy.stream.getvalue()
        assert re.search(r"^GET /v1/topics/snow 200 \d+\.\d ms, 1 violation$", log, re.MULTILINE)
        assert TOKEN not in log
        assert TOKEN not in json.dumps(proxy.session.overview.state(10))


def test_the_page_is_for_browsers_of_its_own_address() -> None:
    with upstream(always(response(BAD))) as origin, proxied(origin, page_port=0) as proxy:
        proxy.send(GET)
        (address,) = re.findall(r"the view is at (\S+)", proxy.stream.getvalue())
        with httpx.Client(base_url=address, trust_env=False) as client:
            page = client.get("/")
            policy = page.headers["content-security-policy"]
            for kind in ("script", "style"):
                (text,) = re.findall(rf"<{kind}>(.*?)</{kind}>", page.text, re.DOTALL)
                digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
                assert f"'sha256-{digest}'" in policy
            assert "http://" not in page.text.replace("`http://${", "")
            assert client.get("/", headers={"Host": "rebound.test"}).status_code == 421
            assert client.post("/state.json").status_code == 405
            assert client.get("/elsewhere").status_code == 404
            assert client.head("/").content == b""
            state = client.get("/state.json").json()
        assert state["exchanges"] == 1
        assert TOKEN not in json.dumps(state)


SPEC = str(SPECS / "noticeboard.yaml")
COMMAND = [sys.executable, "-m", "wirecheck", "proxy", "--port", "0"]


def started(*arguments: str, spec: tuple[str, ...] = ("--spec", SPEC)) -> tuple[subprocess.Popen[str], str]:
    """A proxy, and its address."""
    process = subprocess.Popen(
        [*COMMAND, *spec, *arguments],
        env=plain_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    (address,) = re.findall(r"the proxy is at (\S+)/;", process.stderr.readline())
    return process, address


@pytest.mark.parametrize(("body", "ending", "code"), [(GOOD, signal.SIGTERM, 0), (BAD, signal.SIGINT, 1)])
def test_the_command_ends_with_a_report(
    body: bytes, ending: signal.Signals, code: int, tmp_path: Path
) -> None:
    record, report = tmp_path / "record.har", tmp_path / "report.json"
    with upstream(always(response(body))) as origin:
        process, address = started("--upstream", origin, "--record", str(record), "--report", str(report))
        with process:
            assert httpx.get(f"{address}{GET.split()[1].decode()}", trust_env=False).content == body
            process.send_signal(ending)
            out, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert "1 exchange checked against" in out
    assert f"wirecheck: 1 exchange recorded in {record}\n" in err
    assert (json.loads(report.read_text())["findings"] == []) is (code == 0)
    assert [each.status for each in read(record)] == [200]
    assert TOKEN not in out + err + record.read_text()


def test_a_killed_proxy_leaves_its_record(tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    with upstream(always(response())) as origin:
        process, address = started("--upstream", origin, "--record", str(record))
        with process:
            for _ in range(3):
                httpx.get(f"{address}{GET.split()[1].decode()}", trust_env=False)
            while record.read_bytes().count(b"\n") < 3:
                assert process.poll() is None
            process.kill()
            process.communicate(timeout=20)
    assert [each.status for each in read(record)] == [200] * 3


SKIPPED = "wirecheck: 1 finding is skipped by {}\n"
OPTIONS = "--skip, --exclude-operation or the configuration"


@pytest.mark.parametrize(
    ("path", "options", "config", "said"),
    [
        (TOPIC, "--skip body-matches-schema", "", SKIPPED.format(OPTIONS)),
        (TOPIC, "--exclude-operation getTopic", "", SKIPPED.format(OPTIONS)),
        (TOPIC, "--check law-kept", "", "wirecheck: no check was made but law-kept\n"),
        (TOPIC, "", '[severity]\nbody-matches-schema = "off"', SKIPPED.format("the configuration")),
        (TOPIC, "", '[severity]\nbody-matches-schema = "warning"', ""),
        ("/v1/nowhere", "--skip operation-known", "", SKIPPED.format(OPTIONS)),
    ],
)
def test_what_does_not_count_passes_and_is_counted(
    path: str, options: str, config: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "wirecheck.toml"
    for more, status, code in ((options.split(), 200, {0, 2}), ([], 400 if "nowhere" in path else 502, {1})):
        file.write_text(f"spec = {json.dumps(SPEC)}\n{config if status == 200 else ''}")
        with upstream(always(response(BAD))) as origin:
            arguments = ("--upstream", origin, "--mode", "enforce", "--config", str(file), *more)
            process, address = started(*arguments, spec=())
            with process:
                received = httpx.get(f"{address}{path}", trust_env=False)
                process.send_signal(signal.SIGTERM)
                _, err = process.communicate(timeout=20)
        assert received.status_code == status
        assert process.returncode in code
        assert ("skipped by" in err or "no check" in err) is (status == 200 and said != "")
        assert status != 200 or said in err
