"""Recordings are found in files, folders, patterns, archives and on standard input, compressed or not."""

import gzip
import io
import json
import os
import sys
import zipfile
from pathlib import Path

import pytest
import zstandard

from support.recording_files import har, har_entry, json_line, written, zipped
from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import Recordings, read

HAR = har(har_entry(), har_entry())
LINES = json_line() * 3


def sources(exchanges: list[Exchange]) -> list[str]:
    return [exchange.source for exchange in exchanges]


def zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.har", HAR, ["a.har#0", "a.har#1"]),
        ("a.har.gz", gzip.compress(HAR), ["a.har.gz#0", "a.har.gz#1"]),
        ("a", gzip.compress(HAR), ["a#0", "a#1"]),
        ("a.gz", gzip.compress(LINES) + gzip.compress(LINES), [f"a.gz#{n}" for n in range(6)]),
        ("a.gz", gzip.compress(HAR) + bytes(512), ["a.gz#0", "a.gz#1"]),
        ("a.har.zst", zstd(HAR), ["a.har.zst#0", "a.har.zst#1"]),
        ("a.zst", zstd(LINES) + zstd(LINES), [f"a.zst#{n}" for n in range(6)]),
        ("a.zst.gz", gzip.compress(zstd(HAR)), ["a.zst.gz#0", "a.zst.gz#1"]),
        (
            "t.zip",
            zipped({"b.jsonl": LINES, "a/a.har": HAR, "README": b"hi"}),
            ["t.zip/a/a.har#0", "t.zip/a/a.har#1", *(f"t.zip/b.jsonl#{n}" for n in range(3))],
        ),
        ("t.zip", zipped({"a.har.gz": gzip.compress(HAR)}), ["t.zip/a.har.gz#0", "t.zip/a.har.gz#1"]),
        ("t.zip", zipped({"a": HAR}, zipfile.ZIP_STORED), ["t.zip/a#0", "t.zip/a#1"]),
        ("t.zip", zipped({"a": HAR}, zipfile.ZIP_BZIP2), ["t.zip/a#0", "t.zip/a#1"]),
        ("t.zip", zipped({"a": HAR}, zipfile.ZIP_LZMA), ["t.zip/a#0", "t.zip/a#1"]),
        ("t.zip", zipped({"u.zip": zipped({"a": HAR})}), ["t.zip/u.zip/a#0", "t.zip/u.zip/a#1"]),
        ("t.gz", gzip.compress(zipped({"a": HAR})), ["t.gz/a#0", "t.gz/a#1"]),
        (
            "t.zip",
            zipped({".git/a.har": b"x", "__MACOSX/._a.har": b"x", "./a.har": HAR}),
            ["t.zip/./a.har#0", "t.zip/./a.har#1"],
        ),
    ],
)
def test_a_file_is_read_whatever_it_is_compressed_with(
    tmp_path: Path, name: str, content: bytes, expected: list[str]
) -> None:
    written(tmp_path, {name: content})
    counts: list[int] = []
    assert sources(list(read(tmp_path / name, counts.append))) == expected
    assert sum(counts) == len(content)


@pytest.mark.parametrize("content", [HAR, gzip.compress(HAR), zstd(HAR)])
def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert sources(list(read(Path("-")))) == ["stdin#0", "stdin#1"]


def test_an_archive_is_read_from_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.write(writing, zipped({"a.har": HAR}))
    os.close(writing)
    with os.fdopen(reading) as pipe:
        monkeypatch.setattr(sys, "stdin", pipe)
        assert sources(list(read(Path("-")))) == ["stdin/a.har#0", "stdin/a.har#1"]


def test_a_folder_is_read_in_order_without_what_is_hidden_or_no_recording(tmp_path: Path) -> None:
    files = {
        "b/x.har": HAR,
        "a.jsonl": LINES,
        "z.json": HAR,
        ".hidden.har": b"x",
        ".git/y.har": b"x",
        "README.md": b"# Hello",
        "compose.yaml": b"services: {}",
        "empty": b"",
        "b/empty.har": b'{"log": {"entries": []}}',
        "spec.json": b'{"openapi": "3.1.0"}',
        "trace.zip": zipped({"trace.trace": b"", "resources/x.har": HAR}),
        "traces.zip": zipped({"trace.zip": zipped({"trace.trace": b"", "x.har": HAR})}),
    }
    folder = written(tmp_path / "recorded", files)
    (folder / "loop").symlink_to(folder)
    (folder / "itself.har").symlink_to("itself.har")
    recordings = Recordings([folder])
    names = [source.rpartition("#")[0] for source in sources(list(recordings.read()))]
    assert list(dict.fromkeys(names)) == ["recorded/a.jsonl", "recorded/z.json", "recorded/b/x.har"]
    assert recordings.passed_over == [
        "recorded/README.md",
        "recorded/compose.yaml",
        "recorded/empty",
        "recorded/spec.json",
        "recorded/trace.zip",
        "recorded/traces.zip",
        "recorded/b/empty.har",
    ]


def test_the_working_folder_is_not_part_of_the_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written(tmp_path, {"b/x.har": har()}))
    assert sources(list(read(Path()))) == ["b/x.har#0"]


def test_a_pattern_that_the_shell_left_is_expanded(tmp_path: Path) -> None:
    files = {"a/x.har": har(), "b/c/y.har": har(), "b/c/z.txt": b"z", "[1].har": har()}
    folder = written(tmp_path, {**files, "c/d": b"d"})
    (folder / "c" / "loop").symlink_to(folder)
    for pattern, expected in {
        "**/*.har": ["[1].har#0", "x.har#0", "y.har#0"],
        "?/*.har": ["x.har#0"],
        "b/*/*": ["y.har#0"],
        "[ab]": ["a/x.har#0", "c/y.har#0"],
        "[1].har": ["[1].har#0"],
    }.items():
        names = sources(list(read(folder / pattern)))
        assert [name.removeprefix("b/") for name in names] == expected, pattern
    with pytest.raises(RecordingError, match=r"\*\.nope: no file matches this pattern"):
        read(folder / "*.nope")


def test_files_of_one_name_are_named_by_their_paths(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a/x.har": har(), "b/x.har": har()})
    paths = [folder / "a/x.har", folder / "b/x.har"]
    assert sources(list(Recordings(paths).read())) == [f"{path}#0" for path in paths]


def attaching(request_file: str, response_file: str) -> bytes:
    """What Playwright writes with record_har_content="attach"."""
    entry = har_entry()
    entry["request"]["postData"] = {"mimeType": "x/y", "text": "", "params": [], "_file": request_file}
    entry["response"]["content"] = {"size": 3, "mimeType": "x/y", "_file": response_file}
    return har(entry)


BODIES = {"a.dat": b"\xff\x00", "u/b.har": har()}


def test_bodies_beside_a_har_are_read_and_are_no_recordings_themselves(tmp_path: Path) -> None:
    files = {"t.har": attaching("a.dat", "u/b.har"), **BODIES}
    for path in (written(tmp_path / "f", files), written(tmp_path, {"t.zip": zipped(files)}) / "t.zip"):
        recordings = Recordings([path])
        (exchange,) = recordings.read()
        assert (exchange.request_body, exchange.response_body) == (b"\xff\x00", har())
        assert recordings.passed_over == []


def test_an_attached_body_that_is_empty_may_not_have_been_recorded(tmp_path: Path) -> None:
    entry = har_entry()
    entry["response"]["content"] = {"size": 0, "_file": "empty"}
    recorded = written(tmp_path, {"a.har": har(entry), "empty": b""})
    assert [exchange.response_body for exchange in read(recorded)] == [b""]
    entry["response"]["headers"].append({"name": "Content-Length", "value": "26"})
    assert [exchange.response_body for exchange in read(written(tmp_path, {"a.har": har(entry)}))] == [None]


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/hostname", "f/../../secret", "link", "missing", ".", "", "a\0b", "x" * 5000]
)
def test_only_files_below_the_folder_of_a_har_are_its_bodies(tmp_path: Path, name: str) -> None:
    written(tmp_path, {"secret": b"secret"})
    folder = written(tmp_path / "f", {"t.har": attaching(name, name)})
    (folder / "link").symlink_to("../secret")
    written(tmp_path, {"t.zip": zipped({"t.har": attaching(name, name)})})
    for path in (folder / "t.har", tmp_path / "t.zip"):
        (exchange,) = read(path)
        assert (exchange.request_body, exchange.response_body) == (None, None)


def test_a_format_can_be_forced(tmp_path: Path) -> None:
    path = written(tmp_path, {"a.har": LINES}) / "a.har"
    assert len(list(Recordings([path], "jsonl").read())) == 3
    with pytest.raises(RecordingError, match=r"a\.har: log is missing"):
        list(Recordings([path], "har").read())


def test_a_format_that_is_forced_chooses_from_a_folder(tmp_path: Path) -> None:
    folder = written(tmp_path / "f", {"a.har": HAR, "b.jsonl": LINES, "c.txt": LINES, "d.txt": b"x"})
    recordings = Recordings([folder], "jsonl")
    names = [source.rpartition("#")[0] for source in sources(list(recordings.read()))]
    assert list(dict.fromkeys(names)) == ["f/b.jsonl", "f/c.txt"]
    assert recordings.passed_over == ["f/a.har", "f/d.txt"]


def test_what_precedes_an_error_is_read(tmp_path: Path) -> None:
    big = har(*[har_entry(json.dumps([entry, os.urandom(3000).hex()])) for entry in range(1000)])
    for name, content in {"a.har.gz": gzip.compress(big), "a.zst": zstd(big)}.items():
        written(tmp_path, {name: content[: len(content) * 9 // 10]})
        *before, last = read(tmp_path / name)
        assert len(before) > 850
        assert (last.source, last.error) == (name, "cut off: the compressed data has no end")
