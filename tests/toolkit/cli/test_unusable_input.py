"""Input that cannot be used is an error of one line, which says where."""

from pathlib import Path

import pytest

from support.commands import (
    DEEP,
    GOOD,
    Capture,
    Writer,
    assert_one_line_of_error,
    har,
    har_entry,
    result_of,
)

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
    "a HAR of broken entries": ("a.har", har({"request": 1}, 7), "a.har#0: request is an integer"),
    "invalid UTF-8 in a HAR": (
        "a.har",
        har(har_entry("{}")).encode()[:-4] + b"\xff}]}}",
        "invalid UTF-8 at byte",
    ),
    "brackets in a HAR": ("a.har", DEEP, "a.har"),
    "brackets in JSON Lines": ("a.jsonl", DEEP, "a.jsonl#0: line 1"),
    "brackets in an entry": ("a.har", '{"log": {"entries": [' + DEEP, "a.har#0: nested too deeply"),
    "brackets in another member": ("a.har", '{"x": ' + DEEP, "a.har: nested too deeply"),
    "a line without a status": ("a.jsonl", '{"request": {"method": "GET", "url": "/"}}', "status is missing"),
    "a text": ("a.txt", "hello", "a.txt"),
}


@pytest.mark.parametrize("case", RECORDINGS)
def test_a_recording_that_cannot_be_read_is_reported_in_one_line(
    case: str, file: Writer, capsys: Capture
) -> None:
    name, content, message = RECORDINGS[case]
    err = assert_one_line_of_error(*result_of(capsys, "check", file(name, content)))
    assert name in err
    assert message in err


BROKEN_LATER: dict[str, tuple[str, str | bytes, str]] = {
    "invalid UTF-8 in JSON Lines": (
        "a.jsonl",
        GOOD.encode() + b'{"\xff": 1}\n',
        "a.jsonl#1: line 2: invalid UTF-8",
    ),
    "a broken line": ("a.jsonl", GOOD + "{" + "\n" + GOOD, "a.jsonl#1: line 2: "),
    "a HAR with a bad entry": ("a.har", har(har_entry("{}"), {}), "a.har#1: request is missing"),
    "a HAR that is cut off": ("a.har", har(har_entry("{}"), har_entry("{}"))[:-20], "a.har#1: cut off"),
}


@pytest.mark.parametrize("case", BROKEN_LATER)
def test_a_bad_entry_is_counted_and_named_and_with_strict_an_error(
    case: str, file: Writer, capsys: Capture
) -> None:
    name, content, message = BROKEN_LATER[case]
    path = file(name, content)
    assert message in assert_one_line_of_error(*result_of(capsys, "check", "--strict", path))
    code, out, err = result_of(capsys, "check", path)
    assert (code, err) == (int(name == "a.har"), "")  # the body of that good entry is not valid
    assert "Not checked: 1 entry that could not be read." in out
    assert message in " ".join(out.split())


def test_a_folder_or_a_missing_file_is_not_a_recording(tmp_path: Path, capsys: Capture) -> None:
    for path in (tmp_path, tmp_path / "nothing.har", tmp_path / "no" / "thing.har"):
        assert str(path) in assert_one_line_of_error(*result_of(capsys, "check", str(path)))


DOCUMENTS: dict[str, tuple[str | bytes, str]] = {
    "an empty one": ("", "is empty"),
    "no OpenAPI": ("a: 1", 'it has neither `openapi` nor `swagger: "2.0"` at the top'),
    "Swagger": ('{"swagger": "1.2"}', "OpenAPI 1.2 is not supported, only 2.0, 3.0.x, 3.1.x or 3.2.x"),
    "OpenAPI 4": ("openapi: 4.0.0\npaths: {}", "OpenAPI 4.0.0 is not supported, only 2.0, 3.0.x"),
    "a list": ("[]", "it must be an object"),
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
        "aliases expand to more than 100,000 values",
    ),
}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_a_document_that_cannot_be_used_is_reported_in_one_line(
    case: str, file: Writer, capsys: Capture
) -> None:
    content, message = DOCUMENTS[case]
    spec, recording = file("api.yaml", content), file("a.jsonl", GOOD)
    err = assert_one_line_of_error(*result_of(capsys, "check", "--spec", spec, recording))
    assert spec in err
    assert message in err
    assert assert_one_line_of_error(*result_of(capsys, "lint", spec)) == err


PROBLEMS: dict[str, tuple[str, int, str]] = {
    "a reference to nowhere": (
        "openapi: 3.1.0\npaths:\n  /a:\n    $ref: '#/components/pathItems/No'",
        3,
        "$ref #/components/pathItems/No cannot be resolved",
    ),
    "a reference to a missing file": (
        "openapi: 3.1.0\npaths:\n  /a:\n    $ref: 'b.yaml'",
        3,
        "$ref b.yaml leads to a file that does not exist",
    ),
    "a reference to itself": (
        "openapi: 3.1.0\ncomponents:\n  responses:\n    A: {$ref: '#/components/responses/A'}",
        4,
        "leads back to itself",
    ),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_what_cannot_be_used_of_a_document_is_reported_with_its_line(
    case: str, file: Writer, capsys: Capture
) -> None:
    content, line, message = PROBLEMS[case]
    spec, recording = file("api.yaml", content), file("a.jsonl", GOOD)
    code, out, _ = result_of(capsys, "lint", spec)
    assert code == 1
    assert f"    {spec}:{line}: #/" in out
    assert message in " ".join(out.split())
    code, out, _ = result_of(capsys, "check", "--spec", spec, recording)
    assert code in (1, 2)
    assert "The document has 1 error that made no difference; `wirecheck lint` lists them." in " ".join(
        out.split()
    )


def test_a_folder_or_a_missing_file_is_not_a_document(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    recording = file("a.jsonl", GOOD)
    for path in (tmp_path, tmp_path / "no.yaml"):
        err = assert_one_line_of_error(*result_of(capsys, "check", "--spec", str(path), recording))
        assert str(path) in err


def test_a_name_with_line_ends_is_reported_in_one_line(tmp_path: Path, capsys: Capture) -> None:
    err = assert_one_line_of_error(*result_of(capsys, "check", str(tmp_path / "a\nb\x1b[31m.har")))
    assert "a\\nb\\x1b[31m.har" in err
