"""The options of `wirecheck proxy`, of which none can be used wrongly without a word."""

import socket
from pathlib import Path

import pytest

from support.commands import Capture, assert_one_line_of_error, result_of
from support.paths import SPECS
from wirecheck.cli.options import _scoped

SPEC = str(SPECS / "noticeboard.yaml")


@pytest.mark.parametrize(
    "url",
    [
        "api.test",
        "ftp://api.test",
        "http://",
        "http://a.test:x",
        "https://me:hunter2@a.test",
        "http://a/?b=c",
    ],
)
def test_an_upstream_that_is_none(url: str, capsys: Capture) -> None:
    result = result_of(capsys, "proxy", "--upstream", url, "--spec", SPEC, "--port", "0")
    assert "hunter2" not in assert_one_line_of_error(*result)


def test_what_is_wrong_is_said_before_anything_is_served(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "there.har").write_text("")
    (tmp_path / "ca.pem").write_text("none")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for options, expected in (
            (["--record", str(tmp_path / "there.har")], "exists already"),
            (["--record", str(tmp_path / "a.txt")], "ends in none of .har, .jsonl, .ndjson"),
            (["--ca", str(tmp_path / "ca.pem")], "no file of certificates"),
            (["--report", str(tmp_path / "nowhere" / "a.html")], "no such folder"),
            (["--baseline", str(tmp_path / "b.toml")], "no such file"),
            (["--spec", "a.test=nowhere.yaml"], "nowhere.yaml"),
            (["--config", str(tmp_path / "c.toml")], "cannot be read"),
            (["--port", port], "Address already in use"),
        ):
            arguments = ["proxy", "--upstream", "https://api.test", "--spec", SPEC, "--port", "0", *options]
            assert expected in assert_one_line_of_error(*result_of(capsys, *arguments))


def test_an_operation_to_exclude_is_one_of_any_document(tmp_path: Path, capsys: Capture) -> None:
    arguments = ["proxy", "--upstream", "https://api.test", "--exclude-operation"]
    documents = ["--spec", f"/a={SPEC}", "--spec", f"/b={SPECS / 'notes.yaml'}"]
    code, out, err = result_of(capsys, *arguments, "getTopi", *documents)
    assert (code, out) == (2, "")
    assert "there is no operation 'getTopi'. Did you mean getTopic" in err
    record = tmp_path / "a.txt"  # which is looked at later
    for known in ("getTopic", "getNote"):
        _, _, err = result_of(capsys, *arguments, known, *documents, "--record", str(record))
        assert "ends in none of" in err


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("api.yaml", ("", "api.yaml")),
        ("https://a.test/openapi.json?version=2", ("", "https://a.test/openapi.json?version=2")),
        ("a.test=api.yaml", ("a.test", "api.yaml")),
        ("a.test:8080=https://a.test/api.yaml", ("a.test:8080", "https://a.test/api.yaml")),
        ("[::1]:80=api.yaml", ("[::1]:80", "api.yaml")),
        ("/v1/users=users.yaml", ("/v1/users", "users.yaml")),
    ],
)
def test_a_document_may_be_for_a_host_or_a_prefix(value: str, expected: tuple[str, str]) -> None:
    assert _scoped(value) == expected
