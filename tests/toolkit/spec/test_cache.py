"""Documents are stored as they were read, and that is never noticed but for the time."""

import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wirecheck.lint import lint
from wirecheck.spec import Spec, cache, load

PADDING = "x" * 1_000_000
SCHEMA = {"type": "integer", "minimum": 1, "exclusiveMinimum": True, "nullable": True, "example": "one"}


def written(path: Path, **more: Any) -> Path:
    """Writes a document of OpenAPI 3.0 that has problems of many kinds."""
    responses = {
        "200": {"description": "A.", "content": {"application/json": {"schema": SCHEMA}}},
        "404": {"$ref": "#/components/responses/Missing"},
    }
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Large", "version": "1", "description": PADDING},
        "paths": {"/a/{id}": {"get": {"responses": responses}, "head": None}},
        **more,
    }
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.delenv("WIRECHECK_CACHE")
    return tmp_path / "caches" / "wirecheck"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "large.json")


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


def meaning(spec: Spec) -> list[object]:
    """Everything that a user can notice of a document."""
    document = spec.document
    lines = [document.origin(operation.pointer) for operation in spec.operations]
    return [document.data, spec.operations, lines, document.problems, lint(spec), document.as_written().data]


def test_a_document_from_the_cache_is_the_one_that_was_read(folder: Path, path: Path) -> None:
    first = meaning(load(path))
    (entry,) = entries(folder)
    before = entry.read_bytes()
    assert meaning(load(path)) == first
    assert [entry.read_bytes() for entry in entries(folder)] == [before]


def test_a_document_from_the_cache_is_not_parsed(
    folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(path)

    def parse(text: str, name: str) -> None:
        raise AssertionError

    monkeypatch.setattr("wirecheck.spec.text.parse", parse)
    assert load(path).match("GET", "/a/1") is not None


def test_another_content_or_name_is_another_entry(folder: Path, path: Path) -> None:
    load(path)
    written(path, paths={"/b": {"get": {"responses": {}}}})
    assert [operation.template for operation in load(path).operations] == ["/b"]
    other = path.rename(path.with_name("other.json"))
    assert load(other).document.origin("/paths").file == str(other)
    assert len(entries(folder)) == 3


def test_a_base_path_is_not_part_of_an_entry(folder: Path, path: Path) -> None:
    assert load(path, "/v1").prefixes == ("/v1",)
    assert load(path, "/v2").prefixes == ("/v2",)
    assert len(entries(folder)) == 1


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "truncated": lambda content: content[:-100],
    "a digest alone": lambda content: content[:32],
    "garbage": lambda content: os.urandom(10_000),
    "one bit": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    "of another": lambda content: hashlib.sha256(b"\x90").digest() + b"\x90",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_ignored_and_written_again(damage: str, folder: Path, path: Path) -> None:
    first = meaning(load(path))
    (entry,) = entries(folder)
    before = entry.read_bytes()
    entry.write_bytes(DAMAGES[damage](before))
    assert meaning(load(path)) == first
    assert entry.read_bytes() == before


def test_another_version_has_its_own_entries(
    folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(path)
    monkeypatch.setattr(cache, "_reader", lambda: b"another version")
    load(path)
    assert len(entries(folder)) == 2


def test_only_the_user_can_read_an_entry(folder: Path, path: Path) -> None:
    load(path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(entry.stat().st_mode) for entry in entries(folder)] == [0o600]


def test_a_folder_in_which_others_may_write_is_not_used(folder: Path, path: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    load(path)
    assert entries(folder) == []


def test_a_folder_that_cannot_be_made_does_no_harm(folder: Path, path: Path) -> None:
    folder.parent.write_text("a file")
    assert load(path).operations


def test_a_folder_that_cannot_be_written_does_no_harm(
    folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise PermissionError

    monkeypatch.setattr("tempfile.mkstemp", fail)
    assert load(path).operations
    assert entries(folder) == []


def test_what_fails_while_it_is_written_leaves_nothing(
    folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    assert load(path).operations
    assert entries(folder) == []


@pytest.mark.parametrize("value", ["off", "OFF", "0"])
def test_it_can_be_turned_off(value: str, folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRECHECK_CACHE", value)
    load(path)
    assert entries(folder) == []


def test_small_documents_and_those_of_several_files_are_not_stored(folder: Path, path: Path) -> None:
    small = path.with_name("small.json")
    small.write_text(json.dumps(json.loads(path.read_text()) | {"info": {"title": "S", "version": "1"}}))
    load(small)
    load(written(path, components={"schemas": {"A": {"$ref": "small.json#/info"}}}))
    assert entries(folder) == []


def test_a_number_of_more_than_64_bits_is_read_each_time(folder: Path, path: Path) -> None:
    path.write_text(path.read_text().replace('"one"', "12345678901234567890123"))
    assert meaning(load(path)) == meaning(load(path))
    assert entries(folder) == []


def test_a_name_that_is_not_utf_8_is_read_each_time(folder: Path, path: Path) -> None:
    path = path.rename(path.with_name(os.fsdecode(b"\xff.json")))
    assert load(path).document.name == load(path).document.name
    assert entries(folder) == []


def test_the_oldest_entries_are_deleted(folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MOST", 2_500_000)
    stored: list[Path] = []
    for name in "abcd":
        path = path.rename(path.with_name(name))
        load(path)
        stored += [entry for entry in entries(folder) if entry not in stored]
        os.utime(stored[-1], (len(stored), len(stored)))
    assert entries(folder) == sorted(stored[-2:])


def test_the_folder_of_caches_is_that_of_the_platform(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WIRECHECK_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    for platform, folder in (("linux", ".cache"), ("darwin", "Library/Caches")):
        monkeypatch.setattr("sys.platform", platform)
        load(path)
        assert len(entries(tmp_path / folder / "wirecheck")) == 1
