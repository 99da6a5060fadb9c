"""The command line answers with the right exit code, on the right stream, in plain words."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

from support.paths import ROOT
from wirecheck import __version__, recordings
from wirecheck.cli import commands, run

TOKEN = "1001.1677ed0.0123456789abcdef0123456789abcdef"
SPEC = ROOT / "spec" / "openapi.yaml"
DEEP = "[" * 100_000
PLAIN = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}

Result = tuple[int, str, str]
Capture = pytest.CaptureFixture[str]


def line(url: str = "/v1/tags/snow", status: int = 200, body: str = "", **more: Any) -> str:
    body = body or '{"meta": {"code": 200}, "data": {"name": "snow", "media_count": 2}}'
    recorded = {
        "request": {"method": "GET", "url": f"https://api.instagram.com{url}?access_token={TOKEN}"},
        "status": status,
        "headers": {"Content-Type": "application/json", "Server": "nginx"},
        "body": body,
        **more,
    }
    return json.dumps(recorded) + "\n"


def har(*entries: Any) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


def har_entry(body: str) -> dict[str, Any]:
    url = f"https://api.instagram.com/v1/tags/snow?access_token={TOKEN}"
    headers = [{"name": "Content-Type", "value": "application/json"}]
    content = {"size": len(body), "mimeType": "application/json", "text": body}
    return {
        "request": {"method": "GET", "url": url, "headers": []},
        "response": {"status": 200, "headers": headers, "content": content},
    }


GOOD = line()
BAD = line(body='{"meta": {"code": 200}, "data": {"name": "snow", "media_count": "two"}}')
WARNED = line().replace(f"?access_token={TOKEN}", "")
FOREIGN = line("/login")
UNKNOWN = line("/v1/nope")


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str | bytes], str]:
    def write(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


Writer = Callable[[str, str | bytes], str]


def told(capsys: Capture, *arguments: str) -> Result:
    code = run(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def process(*arguments: str, shell: str = "", **more: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "wirecheck", *arguments]
    environment = {**PLAIN, **more.pop("env", {})}
    return subprocess.run(command, capture_output=True, check=False, env=environment, timeout=60, **more)


# Verdicts

VERDICTS: list[tuple[str, str, int]] = [
    (GOOD, "error", 0),
    (GOOD, "warning", 0),
    (GOOD, "never", 0),
    (BAD, "error", 1),
    (BAD, "warning", 1),
    (BAD, "never", 0),
    (WARNED, "error", 0),
    (WARNED, "warning", 1),
    (WARNED, "never", 0),
    (GOOD + BAD, "error", 1),
    (GOOD + FOREIGN, "error", 0),
    (GOOD + FOREIGN, "warning", 1),
    (UNKNOWN, "error", 1),
    (UNKNOWN, "never", 2),
    (FOREIGN, "error", 2),
    (FOREIGN, "never", 2),
]


@pytest.mark.parametrize(("content", "fail_on", "expected"), VERDICTS)
def test_the_exit_code_is_the_verdict(
    content: str, fail_on: str, expected: int, file: Writer, capsys: Capture
) -> None:
    code, out, err = told(capsys, "check", file("a.jsonl", content), "--fail-on", fail_on)
    assert code == expected
    assert "held against Instagram REST API v1" in out
    assert bool(err) == (GOOD not in content and BAD not in content and WARNED not in content)
    assert ("could not tell" in err) == (expected == 2)


def test_errors_are_what_fails_when_nothing_else_is_asked_for(file: Writer, capsys: Capture) -> None:
    assert told(capsys, "check", file("a.jsonl", WARNED))[0] == 0
    assert told(capsys, "check", file("a.jsonl", BAD))[0] == 1


def test_nothing_judged_is_no_verdict_and_hints_at_the_base_path(file: Writer, capsys: Capture) -> None:
    code, out, err = told(capsys, "check", file("a.jsonl", GOOD), "--base-path", "/v9")
    assert code == 2
    assert err.startswith(
        "wirecheck: could not tell: none of the exchanges belongs to an operation below /v9"
    )
    assert "--base-path" in err
    assert err.count("\n") == 1
    assert "1 exchange belonging to none" in out


@pytest.mark.parametrize("base_path", ["/v1", "v1", "/v1/"])
def test_the_base_path_can_be_given(base_path: str, file: Writer, capsys: Capture) -> None:
    assert told(capsys, "check", file("a.jsonl", GOOD), "--base-path", base_path)[0] == 0


def test_the_root_can_be_the_base_path(file: Writer, capsys: Capture) -> None:
    assert told(capsys, "check", file("a.jsonl", line("/tags/snow")), "--base-path", "/")[0] == 0


def test_several_recordings_are_judged_together(file: Writer, capsys: Capture) -> None:
    names = [
        file("a.jsonl", GOOD),
        file("b.har", har(har_entry("[]"), har_entry("{}"))),
        file("c.ndjson", BAD),
    ]
    code, out, _ = told(capsys, "check", *names, "--format", "json")
    report = json.loads(out)
    assert code == 1
    assert report["exchanges"] == 4
    assert {finding["source"] for finding in report["findings"]} == {
        "b.har#0",
        "b.har#1",
        "c.ndjson#0",
    }


def test_one_unreadable_recording_among_several_is_no_verdict(file: Writer, capsys: Capture) -> None:
    code, out, err = told(capsys, "check", file("a.jsonl", BAD), file("b.har", "{"))
    assert (code, out) == (2, "")
    assert "b.har" in err


def test_a_body_nested_100_000_deep_is_a_finding(file: Writer, capsys: Capture) -> None:
    for name, content in (("a.har", har(har_entry(DEEP))), ("a.jsonl", line(body=DEEP))):
        code, out, err = told(capsys, "check", file(name, content))
        assert (code, err) == (1, "")
        assert "body-is-json" in out
        assert "nested too deeply" in out


def test_half_of_a_surrogate_pair_in_a_recording_is_judged_and_reported(
    file: Writer, capsys: Capture
) -> None:
    entry = har_entry("{}")
    entry["request"]["url"] += "&q=\ud800"
    entry["request"]["method"] = "G\udc00T"
    for format_ in ("text", "json"):
        code, out, err = told(capsys, "check", file("a.har", har(entry)), "--format", format_)
        assert code == 1
        assert "G\\udc00T" in out.replace("\\\\", "\\")
        assert "Traceback" not in err


def test_the_json_report_is_as_documented_and_holds_no_secret(file: Writer, capsys: Capture) -> None:
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    content = BAD + UNKNOWN + line(body=json.dumps({"meta": TOKEN, "access_token": TOKEN})) + line(status=500)
    for format_ in ("json", "text"):
        code, out, err = told(capsys, "check", file("a.jsonl", content), "--format", format_)
        assert (code, err) == (1, "")
        assert TOKEN not in out
        if format_ == "json":
            jsonschema.Draft202012Validator(schema).validate(json.loads(out))


# What cannot be used

RECORDINGS: dict[str, tuple[str, str | bytes, str]] = {
    "an empty HAR": ("a.har", "", "a.har: the file is empty"),
    "an empty JSON Lines file": ("a.jsonl", "", "a.jsonl: contains no exchange"),
    "a truncated HAR": ("a.har", har(har_entry("{}"))[:-20], "a.har#0: "),
    "a HAR cut between entries": ("a.har", '{"log": {"entries": [', "a.har"),
    "a HAR whose entries are an object": (
        "a.har",
        '{"log": {"entries": {}}}',
        "log.entries is an object, not an array",
    ),
    "a HAR without entries": ("a.har", har(), "a.har: contains no exchange"),
    "a HAR with a broken second entry": ("a.har", har(har_entry("{}"), {"request": 1}), "a.har#1: "),
    "invalid UTF-8 in a HAR": (
        "a.har",
        har(har_entry("{}")).encode()[:-4] + b"\xff}]}}",
        "invalid UTF-8 at byte",
    ),
    "invalid UTF-8 in JSON Lines": (
        "a.jsonl",
        GOOD.encode() + b'{"\xff": 1}\n',
        "a.jsonl#1: line 2: invalid UTF-8",
    ),
    "brackets in a HAR": ("a.har", DEEP, "a.har"),
    "brackets in JSON Lines": ("a.jsonl", DEEP, "a.jsonl#0: line 1"),
    "brackets in an entry": ("a.har", '{"log": {"entries": [' + DEEP, "a.har#0: nested too deeply"),
    "brackets in another member": ("a.har", '{"x": ' + DEEP, "a.har: nested too deeply"),
    "a broken line": ("a.jsonl", GOOD + "{", "a.jsonl#1: line 2: "),
    "a line without a status": ("a.jsonl", '{"request": {"method": "GET", "url": "/"}}', "status is missing"),
    "a text": ("a.txt", "hello", "a.txt"),
}


def one_line_of_trouble(code: int, out: str, err: str) -> str:
    assert code == 2
    assert out == ""
    assert err.startswith("wirecheck: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert len(err) < 600
    assert "Traceback" not in err
    assert TOKEN not in err
    return err


@pytest.mark.parametrize("case", RECORDINGS)
def test_a_recording_that_cannot_be_read_is_told_in_one_line(
    case: str, file: Writer, capsys: Capture
) -> None:
    name, content, says = RECORDINGS[case]
    err = one_line_of_trouble(*told(capsys, "check", file(name, content)))
    assert name in err
    assert says in err


def test_a_folder_or_nothing_is_no_recording(tmp_path: Path, capsys: Capture) -> None:
    for path in (tmp_path, tmp_path / "nothing.har", tmp_path / "no" / "thing.har"):
        assert str(path) in one_line_of_trouble(*told(capsys, "check", str(path)))


SPECS: dict[str, tuple[str | bytes, str]] = {
    "an empty one": ("", "is empty"),
    "no OpenAPI": ("a: 1", "it has no `openapi: 3.1.x` at the top"),
    "Swagger": ('{"swagger": "2.0"}', "is not an OpenAPI document"),
    "OpenAPI 3.0": ("openapi: 3.0.3\npaths: {}", "OpenAPI 3.0.3 is not supported, only 3.1"),
    "a list": ("[]", "it must be an object"),
    "a reference to nowhere": (
        "openapi: 3.1.0\npaths:\n  /a:\n    $ref: '#/components/pathItems/No'",
        "$ref #/components/pathItems/No cannot be resolved",
    ),
    "a reference to elsewhere": (
        "openapi: 3.1.0\npaths:\n  /a:\n    $ref: 'b.yaml'",
        "leads out of the document",
    ),
    "a reference to itself": (
        "openapi: 3.1.0\ncomponents:\n  responses:\n    A: {$ref: '#/components/responses/A'}",
        "leads back to itself",
    ),
    "invalid UTF-8": (b"openapi: 3.1.0\ninfo: \xff", "is not UTF-8"),
    "brackets": (DEEP, "levels deep"),
    "braces": ('{"a":' * 100_000, "levels deep"),
    "broken YAML": ("openapi: 3.1.0\n\t: x", "is neither YAML nor JSON"),
    "broken JSON": ('{"openapi": "3.1.0"', "is neither YAML nor JSON"),
    "a binary file": (b"\x89PNG\r\n\x1a\n\x00", "is not UTF-8"),
    "aliases without end": (
        "a: &a [1,1,1,1,1,1,1,1,1]\n"
        + "".join(
            f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "aliases expand to more than 5,000,000 values",
    ),
}


@pytest.mark.parametrize("case", SPECS)
def test_a_document_that_cannot_be_used_is_told_in_one_line(case: str, file: Writer, capsys: Capture) -> None:
    content, says = SPECS[case]
    spec, recording = file("api.yaml", content), file("a.jsonl", GOOD)
    err = one_line_of_trouble(*told(capsys, "check", "--spec", spec, recording))
    assert spec in err
    assert says in err
    assert one_line_of_trouble(*told(capsys, "lint", spec)) == err


def test_a_folder_or_nothing_is_no_document(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    recording = file("a.jsonl", GOOD)
    for path in (tmp_path, tmp_path / "no.yaml"):
        err = one_line_of_trouble(*told(capsys, "check", "--spec", str(path), recording))
        assert str(path) in err


def test_a_name_with_line_ends_is_told_in_one_line(tmp_path: Path, capsys: Capture) -> None:
    err = one_line_of_trouble(*told(capsys, "check", str(tmp_path / "a\nb\x1b[31m.har")))
    assert "a\\nb\\x1b[31m.har" in err


# Output files


def test_a_report_can_be_written_to_a_file(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    report = tmp_path / "report.json"
    assert told(capsys, "check", file("a.jsonl", BAD), "--format", "json", "--output", str(report)) == (
        1,
        "",
        "",
    )
    assert len(json.loads(report.read_text(encoding="utf-8"))["findings"]) == 1
    assert told(capsys, "check", file("a.jsonl", GOOD), "--format", "json", "--output", str(report)) == (
        0,
        "",
        "",
    )
    assert json.loads(report.read_text(encoding="utf-8"))["findings"] == []
    assert {path.name for path in tmp_path.iterdir()} == {"a.jsonl", "report.json"}


def test_a_report_in_a_file_has_no_colours_and_the_usual_rights(
    tmp_path: Path, file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    report = tmp_path / "report.txt"
    assert told(capsys, "check", file("a.jsonl", BAD), "--output", str(report)) == (1, "", "")
    assert "\x1b" not in report.read_text(encoding="utf-8")
    (tmp_path / "other").touch()
    assert stat.S_IMODE(report.stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


@pytest.mark.parametrize("output", ["folder", "missing/report.json", "a.jsonl/report.json"])
def test_a_report_that_cannot_be_written_is_told(
    output: str, tmp_path: Path, file: Writer, capsys: Capture
) -> None:
    (tmp_path / "folder").mkdir()
    recording, path = file("a.jsonl", GOOD), str(tmp_path / output)
    err = one_line_of_trouble(*told(capsys, "check", recording, "--output", path))
    assert path in err
    assert "cannot be written" in err
    assert {path.name for path in tmp_path.rglob("*")} == {"a.jsonl", "folder"}


def test_an_older_report_stays_when_the_run_fails(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    old = file("report.json", "old")
    for recording in (file("a.har", "{"), file("b.jsonl", BAD + "{")):
        one_line_of_trouble(*told(capsys, "check", recording, "--output", old))
    one_line_of_trouble(*told(capsys, "lint", file("api.yaml", "[]"), "--output", old))
    assert Path(old).read_text(encoding="utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"report.json", "a.har", "b.jsonl", "api.yaml"}


def test_an_older_report_stays_when_writing_is_interrupted(
    tmp_path: Path, file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_report: object) -> Iterator[str]:
        yield "half"
        raise KeyboardInterrupt

    monkeypatch.setitem(__import__("wirecheck.reports", fromlist=["FORMATS"]).FORMATS, "text", interrupted)
    old, recording = file("report.txt", "old"), file("a.jsonl", GOOD)
    assert told(capsys, "check", recording, "--output", old)[0] == 130
    assert Path(old).read_text(encoding="utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"report.txt", "a.jsonl"}


def test_a_link_to_a_report_stays_a_link(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    (tmp_path / "link.txt").symlink_to(tmp_path / "report.txt")
    assert told(capsys, "check", file("a.jsonl", GOOD), "--output", str(tmp_path / "link.txt"))[0] == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert "Every promise was kept." in (tmp_path / "report.txt").read_text(encoding="utf-8")


def test_what_is_no_file_is_written_to_and_never_replaced(
    tmp_path: Path, file: Writer, capsys: Capture
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert told(capsys, "check", file("a.jsonl", GOOD), "--output", str(pipe)) == (0, "", "")
        assert b"Every promise was kept." in os.read(reader, 10_000)
        assert stat.S_ISFIFO(pipe.stat().st_mode)
    finally:
        os.close(reader)


# Usage, help and explanations


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nope"],
        ["--nope"],
        ["check"],
        ["check", "a.har", "--nope"],
        ["check", "a.har", "--format", "xml"],
        ["check", "a.har", "--fail-on", "info"],
        ["check", "a.har", "--spec"],
        ["lint", "a", "b"],
        ["explain", "a", "b"],
        ["explain", "nope"],
        ["generate"],
    ],
)
def test_wrong_usage_is_told_on_standard_error(arguments: list[str], capsys: Capture) -> None:
    code, out, err = told(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "Usage: wirecheck" in err or err.startswith("Error: ")
    assert "Traceback" not in err


def test_every_command_stands_in_the_help(capsys: Capture) -> None:
    code, out, err = told(capsys, "--help")
    assert (code, err) == (0, "")
    assert set(commands.commands) == {
        *("check", "conform", "explain", "fuzz", "generate", "lint", "migration", "replay"),
    }
    for name, command in commands.commands.items():
        assert f"  {name} " in out
        assert command.help


@pytest.mark.parametrize("name", sorted(commands.commands))
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_the_help_of_a_command_mentions_every_option_and_what_comes_of_it(
    name: str, flag: str, capsys: Capture
) -> None:
    code, out, err = told(capsys, name, flag)
    assert (code, err) == (0, "")
    for parameter in commands.commands[name].params:
        for option in parameter.opts if isinstance(parameter, click.Option) else [parameter.metavar or ""]:
            assert option in out
        if isinstance(parameter, click.Option):
            assert parameter.help
    assert "Exit codes" in out or f"wirecheck {name}" in out


def test_the_version_is_told(capsys: Capture) -> None:
    assert told(capsys, "--version") == (0, f"wirecheck {__version__}\n", "")


# Generate


def test_generate_tells_what_it_wrote_and_what_differs(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    document = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /things:\n    get:\n"
    document += "      operationId: listThings\n      responses: {'200': {description: Fine.}}\n"
    spec = file("api.yaml", document)
    arguments = ["generate", "--spec", spec, "--output", str(tmp_path), "--package", "things_client"]
    code, out, _ = told(capsys, *arguments, "--check")
    assert code == 1
    assert "things_client" in out
    code, out, err = told(capsys, *arguments)
    assert (code, out) == (0, "")
    assert f"{tmp_path / 'things_client'}: " in err
    assert told(capsys, *arguments, "--check") == (0, "", "")


# Interruptions, terminals and processes


def test_ctrl_c_is_told_as_such(file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> Iterator[None]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(recordings, "read", interrupted)
    code, out, err = told(capsys, "check", file("a.jsonl", GOOD))
    assert (code, out) == (130, "")
    assert err.strip() == "wirecheck: interrupted"


class Terminal:
    """Makes the streams that are captured say that they are terminals."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("stdout", "stderr"):
            monkeypatch.setattr(f"sys.{name}.isatty", lambda: True, raising=False)


@pytest.mark.parametrize(
    "arguments", [["check", "a.jsonl"], ["lint"], ["explain", "body-is-json"]], ids=lambda each: each[0]
)
@pytest.mark.parametrize(("no_color", "coloured"), [(None, True), ("", True), ("1", False), ("0", False)])
def test_colours_are_for_terminals_that_want_them(
    arguments: list[str],
    no_color: str | None,
    coloured: bool,
    tmp_path: Path,
    file: Writer,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file("a.jsonl", BAD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert "\x1b" not in told(capsys, *arguments)[1]
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    Terminal(monkeypatch)
    assert ("\x1b[" in told(capsys, *arguments)[1]) == coloured


def test_progress_is_shown_on_a_terminal_and_never_in_the_report(
    file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = file("a.jsonl", GOOD * 3)
    assert told(capsys, "check", name)[2] == ""
    Terminal(monkeypatch)
    code, out, err = told(capsys, "check", name, "--format", "json")
    assert code == 0
    assert "judging" in err
    json.loads(out)


def test_trouble_while_progress_is_shown_is_told(
    file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    Terminal(monkeypatch)
    code, out, err = told(capsys, "check", file("a.har", "{"), "missing.har")
    assert (code, out) == (2, "")
    assert "wirecheck: a.har: " in err


def test_the_module_can_be_run(file: Writer) -> None:
    for content, expected in ((GOOD, 0), (BAD, 1), ("{", 2)):
        done = process("check", file("a.jsonl", content))
        assert done.returncode == expected
        assert b"Traceback" not in done.stderr
        assert b"\x1b" not in done.stdout
        assert bool(done.stdout) == (expected < 2)


@pytest.mark.parametrize("arguments", [["explain"], ["--help"], ["check", "many.jsonl", "--format", "json"]])
def test_a_closed_pipe_gives_no_traceback_and_no_verdict(
    arguments: list[str], tmp_path: Path, file: Writer
) -> None:
    file("many.jsonl", BAD * 500)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        command = [sys.executable, "-m", "wirecheck", *arguments]
        done = subprocess.run(
            command, stdout=writer, stderr=subprocess.PIPE, check=False, cwd=tmp_path, env=PLAIN, timeout=60
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
def test_what_is_not_installed_is_told_with_the_way_to_install_it(module: str, file: Writer) -> None:
    code = f"import sys; sys.modules[{module!r}] = None; from wirecheck.__main__ import main; main()"
    command = [sys.executable, "-c", code, "check", file("a.jsonl", GOOD)]
    done = subprocess.run(command, capture_output=True, check=False, env=PLAIN, timeout=60, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr == f"wirecheck: {module} is not installed: pip install 'instagram-wirecheck[wirecheck]'\n"
    )


def test_a_fault_of_the_program_is_no_verdict(file: Writer) -> None:
    code = "import wirecheck.cli, wirecheck.__main__ as m; wirecheck.cli.run = lambda _: 1 / 0; m.main()"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, check=False, env=PLAIN, timeout=60, text=True)
    assert done.returncode == 2
    assert "ZeroDivisionError" in done.stderr
