"""What Chromium records of a small site (support/record_browser.py) gives only true findings."""

import json
from pathlib import Path

import pytest

from support.commands import Capture, result_of
from support.paths import ROOT

SITE = ROOT / "examples" / "site" / "openapi.yaml"
HAR = str(SITE.with_name("traffic.har"))
SUMMARY = """\
9 of 24 exchanges checked against Site (site.yaml):
4 of 4 operations exercised.
2 exchanges of 2 other hosts were not checked: localhost:8000, localhost:8002
(see --host).
Not checked: 1 request without a response, 2 requests without HTTP, 7 parts of
pages, 2 preflights, 1 response of a service worker, 1 WebSocket.
No request carries credentials, which recorders often remove (required by 4
exchanges).
1 error (1 kind).
`wirecheck explain CHECK` explains a check.
"""


@pytest.mark.parametrize("server", ["http://localhost:8001/v1", "/v1", "https://api.example/v1"])
def test_a_browser_on_a_site_gives_the_one_true_finding(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    text = SITE.read_text(encoding="utf-8").replace("http://localhost:8001/v1", server)
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, out, err = result_of(capsys, "check", "--spec", "site.yaml", HAR)
    assert (code, err) == (1, "")
    assert len(out.splitlines()) <= 20
    block, _, summary = out.partition("\n\n")
    assert 'body /id is "two", a string, not an integer' in block
    assert summary == SUMMARY


def test_the_report_for_programs_names_every_reason(capsys: Capture) -> None:
    _, out, _ = result_of(capsys, "check", "--spec", str(SITE), "--format", "json", HAR)
    report = json.loads(out)
    found = [(each["entry"], each["check"], each["severity"]) for each in report["findings"]]
    assert [each for each in found if each[2] != "info"] == [(13, "body-matches-schema", "error")]
    assert {check for _, check, severity in found if severity == "info"} == {
        "credentials-present",
        "operation-known",
        "status-documented",
    }
    assert report["summary"]["skipped"] == {
        "not-http": 2,
        "page": 7,
        "preflight": 2,
        "synthetic": 1,
        "websocket": 1,
    }
    assert report["summary"]["other_hosts"] == {"localhost:8000": 1, "localhost:8002": 1}
    assert sum(report["summary"]["operations"].values()) == 9


def test_a_named_host_is_the_only_one_that_is_checked(capsys: Capture) -> None:
    arguments = ("check", "--spec", str(SITE), "--host", "localhost:8002", HAR)
    code, out, _ = result_of(capsys, *arguments)
    assert code == 1
    assert "the document has no path /v1/flags" in out
    assert "1 exchange of 1 other host was not checked: localhost:8000 (see --host)." in out
