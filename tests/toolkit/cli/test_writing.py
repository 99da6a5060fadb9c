"""`wirecheck convert` and `wirecheck redact` write recordings."""

import gzip
import json
from pathlib import Path

import pytest

from support.commands import (
    BAD,
    GOOD,
    TOKEN,
    UNKNOWN,
    Capture,
    Writer,
    assert_one_line_of_error,
    har,
    har_entry,
    result_of,
)
from wirecheck.recordings import read
from wirecheck.recordings.writing import WRITERS


def findings(capsys: Capture, recording: str) -> list[str]:
    _, out, _ = result_of(capsys, "check", recording, "--format", "json")
    return [finding["fingerprint"] for finding in json.loads(out)["findings"]]


@pytest.mark.parametrize("ending", ["har", "jsonl", "ndjson", "har.gz"])
def test_recordings_are_converted_and_joined(
    ending: str, tmp_path: Path, file: Writer, capsys: Capture
) -> None:
    first, second = file("a.jsonl", GOOD + BAD), file("b.har", har(har_entry("{}")))
    output = tmp_path / f"out.{ending}"
    code, out, err = result_of(capsys, "convert", first, second, str(output))
    assert (code, out) == (0, "")
    assert err.splitlines() == [
        f"wirecheck: 3 exchanges written to {output}",
        "wirecheck: secrets are kept; `wirecheck redact` replaces them",
    ]
    if ending == "har.gz":
        output = tmp_path / "unzipped.har"
        output.write_bytes(gzip.decompress((tmp_path / "out.har.gz").read_bytes()))
    assert [exchange.response_body for exchange in read(output)] == [
        exchange.response_body for path in (first, second) for exchange in read(Path(path))
    ]
    assert TOKEN in output.read_text(encoding="utf-8")


def test_entries_that_cannot_be_read_are_counted(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    recording = file("a.har", har(har_entry("{}"), {"request": 1}, {}))
    for command in ("convert", "redact"):
        code, out, err = result_of(capsys, command, recording, str(tmp_path / "out.har"))
        assert (code, out) == (0, "")
        assert err.startswith(f"wirecheck: 1 exchange written to {tmp_path / 'out.har'}\n")
        assert "wirecheck: 2 entries could not be read, first a.har#1: request is an integer" in err


def test_a_recording_can_replace_itself(file: Writer, capsys: Capture) -> None:
    recording = file("a.jsonl", GOOD + BAD)
    assert result_of(capsys, "redact", recording, recording)[0] == 0
    assert TOKEN not in Path(recording).read_text(encoding="utf-8")
    assert len(list(read(Path(recording)))) == 2


def test_a_recording_can_be_written_to_standard_output(file: Writer, capsys: Capture) -> None:
    code, out, _ = result_of(capsys, "convert", "--to", "jsonl", file("a.jsonl", GOOD), "-")
    assert code == 0
    assert json.loads(out)["status"] == 200


@pytest.mark.parametrize("name", ["out", "out.txt", "out.gz", "-"])
def test_a_format_must_be_known(name: str, tmp_path: Path, file: Writer, capsys: Capture) -> None:
    output = name if name == "-" else str(tmp_path / name)
    err = assert_one_line_of_error(*result_of(capsys, "convert", file("a.jsonl", GOOD), output))
    assert err.endswith(
        f"{output}: its name ends in none of .har, .jsonl, .ndjson, .yaml, .yml: name a format with --to\n"
    )


@pytest.mark.parametrize("command", ["convert", "redact"])
@pytest.mark.parametrize("content", ["", "{}", har({}), GOOD + "{"])
def test_a_recording_that_cannot_be_read_leaves_the_output_as_it_was(
    command: str, content: str, tmp_path: Path, file: Writer, capsys: Capture
) -> None:
    output = file("out.har", "as it was")
    recording = file("a.har", content)
    assert_one_line_of_error(*result_of(capsys, command, "--strict", recording, output))
    assert Path(output).read_text(encoding="utf-8") == "as it was"
    assert {path.name for path in tmp_path.iterdir()} == {"a.har", "out.har"}


def test_an_output_that_cannot_be_written_is_an_error(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    recording, output = file("a.jsonl", GOOD), str(tmp_path / "missing" / "out.har")
    err = assert_one_line_of_error(*result_of(capsys, "redact", recording, output))
    assert "there is no such folder" in err


@pytest.mark.parametrize("format_", ["har", "jsonl"])
def test_a_redacted_recording_has_no_secrets_and_the_same_findings(
    format_: str, tmp_path: Path, file: Writer, capsys: Capture
) -> None:
    recording, output = file("a.jsonl", GOOD + BAD + UNKNOWN), tmp_path / f"out.{format_}"
    code, out, err = result_of(capsys, "redact", recording, str(output))
    assert (code, out, err) == (0, "", f"wirecheck: 3 exchanges written to {output}\n")
    assert TOKEN not in output.read_text(encoding="utf-8")
    assert findings(capsys, str(output)) == findings(capsys, recording)


def test_what_is_left_out_is_counted(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    unsafe = GOOD.replace(TOKEN, "%21" * 10)
    request = {"method": "GET", "url": "https://h/"}
    binary = json.dumps({"request": request, "status": 200, "body_base64": "AAE="})
    recording = file("a.jsonl", GOOD + unsafe + binary)
    code, _, err = result_of(capsys, "redact", recording, str(tmp_path / "out.har"))
    assert code == 0
    assert err.splitlines() == [
        f"wirecheck: 2 exchanges written to {tmp_path / 'out.har'}",
        "wirecheck: 1 exchange left out: a secret in it could not be replaced",
        "wirecheck: 1 body left out: what is not text cannot be searched",
    ]


def test_nothing_is_written_if_everything_is_left_out(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    recording = file("a.jsonl", GOOD.replace(TOKEN, "%21" * 10))
    err = assert_one_line_of_error(*result_of(capsys, "redact", recording, str(tmp_path / "out.har")))
    assert "nothing is written: 1 exchange left out: a secret in it could not be replaced" in err
    assert not (tmp_path / "out.har").exists()


def test_names_of_secrets_come_from_the_document_and_from_also(
    tmp_path: Path, file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WIRECHECK_SPEC")
    monkeypatch.chdir(tmp_path)
    schema = {"properties": {"shibboleth": {"type": "string", "format": "password"}}}
    info = {"title": "A", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": {"A": schema}}}
    body = {"shibboleth": "open-ses4me", "employee_no": "E-4711"}
    request = {"method": "GET", "url": "https://h/"}
    recording = file("a.jsonl", json.dumps({"request": request, "status": 200, "body": body}))

    def remaining(*arguments: str) -> set[str]:
        assert result_of(capsys, "redact", *arguments, recording, "out.har")[0] == 0
        text = Path("out.har").read_text(encoding="utf-8")
        return {secret for secret in ("open-ses4me", "E-4711") if secret in text}

    assert remaining() == {"open-ses4me", "E-4711"}
    assert remaining("--also", "employee_no") == {"open-ses4me"}
    spec = file("a.json", json.dumps(document))
    assert remaining("--spec", spec) == {"E-4711"}
    monkeypatch.setenv("WIRECHECK_SPEC", spec)
    assert remaining("--also", "employee_no") == set()
    file("openapi.json", json.dumps(document))
    monkeypatch.delenv("WIRECHECK_SPEC")
    assert remaining() == {"E-4711"}
    monkeypatch.setenv("WIRECHECK_SPEC", "missing.json")
    assert_one_line_of_error(*result_of(capsys, "redact", recording, "out.har"))


def test_the_help_names_every_format(capsys: Capture) -> None:
    for command in ("convert", "redact"):
        _, out, _ = result_of(capsys, command, "--help")
        assert f"--to [{'|'.join(WRITERS)}]" in out
