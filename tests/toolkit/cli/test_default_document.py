"""Without --spec the document is that of WIRECHECK_SPEC, else that of the working folder."""

from pathlib import Path

import pytest

from support.commands import GOOD, Capture, assert_one_line_of_error, result_of
from support.paths import SPECS
from wirecheck.model import SpecError
from wirecheck.spec import NAMES, locate

DOCUMENT = "openapi: 3.1.0\ninfo: {title: %s, version: '1'}\npaths: {}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and no WIRECHECK_SPEC."""
    monkeypatch.delenv("WIRECHECK_SPEC")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_names_are_looked_for_in_their_order(folder: Path) -> None:
    assert NAMES == ("openapi.yaml", "openapi.yml", "openapi.json")
    for name in reversed(NAMES):
        (folder / name).write_text(DOCUMENT % name)
        assert locate() == name


def test_a_folder_of_that_name_is_not_a_document(folder: Path) -> None:
    (folder / "openapi.yaml").mkdir()
    (folder / "openapi.json").write_text(DOCUMENT % "T")
    assert locate() == "openapi.json"


def test_wirecheck_spec_wins_over_the_working_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "openapi.yaml").write_text(DOCUMENT % "T")
    monkeypatch.setenv("WIRECHECK_SPEC", str(SPECS / "noticeboard.yaml"))
    assert locate() == str(SPECS / "noticeboard.yaml")


def test_wirecheck_spec_may_be_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRECHECK_SPEC", "https://api.example/openapi.yaml")
    assert locate() == "https://api.example/openapi.yaml"


def test_an_empty_wirecheck_spec_is_as_if_it_was_not_set(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIRECHECK_SPEC", "")
    with pytest.raises(SpecError):
        locate()
    (folder / "openapi.yml").write_text(DOCUMENT % "T")
    assert locate() == "openapi.yml"


@pytest.mark.parametrize("command", [["check", "a.jsonl"], ["lint"]], ids=lambda each: each[0])
@pytest.mark.parametrize("name", NAMES)
def test_commands_use_the_document_of_the_working_folder(
    command: list[str], name: str, folder: Path, capsys: Capture
) -> None:
    (folder / "a.jsonl").write_text(GOOD)
    (folder / name).write_text(DOCUMENT % "T")
    assert name in result_of(capsys, *command)[1]


@pytest.mark.parametrize(
    "command",
    [["check", "a.jsonl"], ["lint"], ["migration"], ["conform", "http://127.0.0.1:9"]],
    ids=lambda each: each[0],
)
def test_a_missing_document_is_an_error_of_one_line(command: list[str], capsys: Capture) -> None:
    assert assert_one_line_of_error(*result_of(capsys, *command)) == (
        "wirecheck: no OpenAPI document: pass --spec FILE, set WIRECHECK_SPEC, or add openapi.yaml,"
        " openapi.yml or openapi.json to the working folder\n"
    )


def test_a_document_of_wirecheck_spec_that_does_not_exist_is_an_error_of_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (folder / "openapi.yaml").write_text(DOCUMENT % "T")
    monkeypatch.setenv("WIRECHECK_SPEC", "no.yaml")
    assert assert_one_line_of_error(*result_of(capsys, "check", "a.jsonl")) == (
        "wirecheck: no.yaml: WIRECHECK_SPEC names this file, but it does not exist\n"
    )


def test_a_document_that_is_named_wins_over_all_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (folder / "a.jsonl").write_text(GOOD)
    monkeypatch.setenv("WIRECHECK_SPEC", "no.yaml")
    code, out, err = result_of(capsys, "check", "--spec", str(SPECS / "noticeboard.yaml"), "a.jsonl")
    assert (code, err) == (0, "")
    assert "Notice Board" in out


def test_the_help_needs_no_document(capsys: Capture) -> None:
    code, out, err = result_of(capsys, "check", "--help")
    assert (code, err) == (0, "")
    assert "WIRECHECK_SPEC" in out
