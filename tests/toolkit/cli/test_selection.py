"""What counts: checks, operations and severities, by options and by the configuration."""

import json
from pathlib import Path

import pytest

from support.commands import BAD, GOOD, WARNED, Capture, Writer, line, result_of

MISSING = line(status=404)  # undocumented, of an operation


def checks(capsys: Capture, *arguments: str) -> tuple[int, dict[str, int], str]:
    """The exit code, the number of findings of each check, and standard error."""
    code, out, err = result_of(capsys, "check", "--format", "json", *arguments)
    return code, json.loads(out)["summary"]["checks"], err


@pytest.fixture
def recording(file: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A recording with a finding of each of three checks; the working folder is that of a configuration."""
    monkeypatch.chdir(tmp_path)
    return file("a.jsonl", GOOD + BAD + MISSING + WARNED)


def test_without_a_selection_all_checks_are_made(recording: str, capsys: Capture) -> None:
    found = {"body-matches-schema": 1, "credentials-present": 1, "status-documented": 1}
    assert checks(capsys, recording) == (1, found, "")


def test_only_the_named_checks_are_made(recording: str, capsys: Capture) -> None:
    one = ("--check", "body-matches-schema")
    said = "wirecheck: no check was made but body-matches-schema\n"
    assert checks(capsys, recording, *one) == (1, {"body-matches-schema": 1}, said)
    two = (*one, "--check", "status-documented")
    assert checks(capsys, recording, *two)[1] == {"body-matches-schema": 1, "status-documented": 1}
    assert checks(capsys, recording, "--check", "law-kept")[:2] == (0, {})


def test_what_is_skipped_is_counted(recording: str, capsys: Capture) -> None:
    code, found, err = checks(
        capsys, recording, "--skip", "body-matches-schema", "--skip", "status-documented"
    )
    assert (code, found) == (0, {"credentials-present": 1})
    assert err == "wirecheck: 2 findings are skipped by --skip, --exclude-operation or the configuration\n"


def test_operations_can_be_excluded(recording: str, capsys: Capture) -> None:
    code, found, err = checks(capsys, recording, "--exclude-operation", "getTopic")
    assert (code, found) == (0, {})
    assert err.startswith("wirecheck: 3 findings are skipped by --skip, --exclude-operation or")
    assert checks(capsys, recording, "--exclude-operation", "getFeed")[0] == 1


@pytest.mark.parametrize(
    ("option", "name", "message"),
    [
        ("--check", "law-kep", "there is no check 'law-kep'. Did you mean law-kept"),
        ("--skip", "no-such", "There are: body-is-json,"),
        ("--skip", "valid-openapi", "there is no check 'valid-openapi'."),
        ("--exclude-operation", "getTopics", "there is no operation 'getTopics'. Did you mean getTopic"),
    ],
)
def test_an_unknown_name_gets_a_suggestion(
    option: str, name: str, message: str, recording: str, capsys: Capture
) -> None:
    code, out, err = result_of(capsys, "check", recording, option, name)
    assert (code, out) == (2, "")
    assert message in err


def test_the_configuration_gives_severities(recording: str, capsys: Capture) -> None:
    def severities(text: str, *arguments: str) -> tuple[int, list[tuple[str, str]], str]:
        Path("wirecheck.toml").write_text(f"[severity]\n{text}\n")
        code, out, err = result_of(capsys, "check", "--format", "json", recording, *arguments)
        found = [(finding["check"], finding["severity"]) for finding in json.loads(out)["findings"]]
        return code, found, err

    others = [("status-documented", "error"), ("credentials-present", "warning")]
    code, found, err = severities('body-matches-schema = "info"\nstatus-documented = "warning"')
    assert (code, err) == (0, "")
    assert found == [("body-matches-schema", "info"), ("status-documented", "warning"), others[1]]
    code, found, err = severities('body-matches-schema = "off"')
    assert (code, found, err) == (1, others, "wirecheck: 1 finding is skipped by the configuration\n")
    assert severities('body-matches-schema = "off"', "--check", "body-matches-schema")[1] == [
        ("body-matches-schema", "error")
    ]
    code, found, err = severities('credentials-present = "error"\nstatus-documented = "off"')
    assert (code, found[-1]) == (1, ("credentials-present", "error"))


def test_severities_do_not_concern_what_was_not_checked(
    file: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    elsewhere = GOOD.replace("board.test", "elsewhere.test")
    name = file("a.jsonl", GOOD + elsewhere + line(status=0) + line("/v1/nope", 404))
    Path("wirecheck.toml").write_text('[severity]\noperation-known = "error"\nstatus-documented = "error"\n')
    code, out, _ = result_of(capsys, "check", name)
    assert code == 1
    assert "1 exchange of 1 other host was not checked: elsewhere.test" in out
    assert "Not checked: 1 request without a response." in out
    assert out.count("error ") == 2, "the finding, and the summary"
    Path("wirecheck.toml").write_text('[severity]\noperation-known = "info"\n')
    code, out, _ = result_of(capsys, "check", name)
    assert (code, "the document has no path /v1/nope" in out, "1 info (" in out) == (0, True, True)


def test_missing_credentials_that_are_errors_are_no_note(
    file: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    name = file("a.jsonl", WARNED * 2)
    assert "No request carries credentials" in result_of(capsys, "check", name)[1]
    for level, expected in (("info", (0, 1)), ("error", (1, 2))):
        Path("wirecheck.toml").write_text(f'[severity]\ncredentials-present = "{level}"\n')
        code, out, _ = result_of(capsys, "check", "--format", "json", name)
        assert (code, len(json.loads(out)["findings"])) == expected
        summary = json.loads(out)["summary"]
        assert summary[f"{level}s"] == expected[1]
        assert summary["warnings"] == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('body-is-jsn = "off"', "Did you mean body-is-json"),
        ('valid-openapi = "off"', "there is no check (severity of wirecheck.toml)"),
        ('body-is-json = "fatal"', "wirecheck.toml: severity[...]: invalid enum value"),
    ],
)
def test_a_severity_that_means_nothing_is_an_error(
    text: str, message: str, recording: str, capsys: Capture
) -> None:
    Path("wirecheck.toml").write_text(f"[severity]\n{text}\n")
    code, out, err = result_of(capsys, "check", recording)
    assert (code, out) == (2, "")
    assert message in err
