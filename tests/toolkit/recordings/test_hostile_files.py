"""Files that are broken, foreign or malicious are reported in one line, within bounds of time and memory."""

import gzip
import sys
import tempfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from support.recording_files import SECRET, encrypted, har, har_entry, json_line, written, zipped
from wirecheck.model import RecordingError
from wirecheck.recordings import Recordings, expanding, opening, read

HAR = har()
START = b'{"log": {"entries": ['
BLANKS = b" " * 3_000_000
DEEP = b"[" * 100_000
ARCHIVE = zipped({"a.har": HAR})
ZSTD = zstandard.ZstdCompressor().compress(HAR)

HOSTILE: dict[str, tuple[str, bytes, str]] = {
    # Broken
    "a gzip file of a few bytes": ("a.gz", b"\x1f\x8b\x08", "cut off: the compressed data has no end"),
    "a gzip file that is cut off": ("a.gz", gzip.compress(START)[:-9], "the compressed data has no end"),
    "gzip of nothing": ("a.gz", gzip.compress(b""), "a.gz: the file is empty"),
    "gzip of noise": ("a.har.gz", gzip.compress(b"")[:10] + b"\xff" * 99, "the compressed data is damaged"),
    "a checksum that is wrong": ("a.gz", gzip.compress(START)[:-8] + bytes(8), "compressed data is damaged"),
    "zstd that is cut off": ("a.zst", ZSTD[:-9], "cut off: the compressed data has no end"),
    "zstd of noise": ("a.zst", ZSTD[:4] + b"\xff" * 99, "the compressed data is damaged"),
    "an empty archive": ("a.zip", zipped({}), "a.zip: contains no recording"),
    "an archive without its end": ("a.zip", ARCHIVE[:-40], "a.zip: the zip archive is damaged"),
    "an archive of a few bytes": ("a.zip", b"PK\x03\x04", "a.zip: the zip archive is damaged"),
    "an archive of noise": ("a.zip", b"PK\x03\x04" + bytes(5000), "a.zip: the zip archive is damaged"),
    "a damaged member": ("a.zip", ARCHIVE.replace(ARCHIVE[60:70], b"x" * 10), "a.zip/a.har: the compressed"),
    "a member of another name": (
        "a.zip",
        ARCHIVE.replace(b"a.har", b"b.har", 1),
        "the zip archive is damaged",
    ),
    "an encrypted archive": ("a.zip", encrypted(ARCHIVE), "a.zip/a.har: is encrypted"),
    "a compression of the future": (
        "a.zip",
        ARCHIVE.replace(b"\x08\0", b"\x63\0"),
        "a.zip/a.har: is compressed in a way that is not supported",
    ),
    "an archive of what is no recording": ("a.zip", zipped({"a": b"x"}), "a.zip: contains no recording"),
    "archives within each other": (
        "a.zip",
        zipped({"b.zip": zipped({"c.zip": ARCHIVE})}),
        "a.zip/b.zip/c.zip: is compressed more than twice",
    ),
    "gzip within each other": ("a", gzip.compress(gzip.compress(gzip.compress(HAR))), "more than twice"),
    "a broken HAR in an archive": ("a.zip", zipped({"a.har": b"{"}), "a.zip/a.har: cut off"),
    "a broken HAR, compressed": ("a.har.gz", gzip.compress(START + b"{nope"), "a.har.gz#0: broken JSON"),
    "a line that is no JSON": ("a.jsonl", b"\xff\n", "a.jsonl#0: line 1: invalid UTF-8"),
    "a HAR in UTF-16": ("a.har", HAR.decode().encode("utf-16"), "a.har: is in UTF-16: iconv"),
    "a HAR in Latin-1": ("a.har", START + b'{"x": "\xe9"}]}}', "a.har: invalid UTF-8 at byte 28"),
    "brackets": ("a.json", DEEP, "a.json: is not a recording of a known format"),
    "brackets in a HAR": ("a.har", DEEP, "a.har#0: nested too deeply"),
    "brackets in a HAR of another name": ("a", START + DEEP, "a#0: nested too deeply"),
    "brackets in a log": ("a", b'{"log": {"x": ' + DEEP, "a: is not a recording of a known format"),
    "braces": ("a", b'{"log":' * 100_000, "a: is not a recording of a known format"),
    "null bytes": ("a", bytes(1000), "a: is not a recording of a known format"),
    "nothing": ("a", b"", "a: the file is empty"),
    "blanks": ("a.json", b" \n", "a.json: the file is empty"),
    "a list of nothing": ("a.har", b"[]", "a.har: contains no exchange"),
    "numbers": ("a.har", b"[" + b"1," * 1000 + b"1]", "a.har#0: the entry is an integer"),
    # Foreign
    "flows of mitmproxy": ("a", b"2301:9:websocket;0:~8:response;", "the file ends within the flow"),
    "a packet capture": ("a", b"\xd4\xc3\xb2\xa1\x02\0", "a: is a packet capture: pcap2har"),
    "a packet capture (pcapng)": ("a", b"\x0a\x0d\x0d\x0a\x1c\0", "a: is a packet capture: pcap2har"),
    "a session of Charles": ("a.chlsj", b'[{"status": "COMPLETE"}]', "File > Export Session"),
    "a log of Proxyman": ("a.proxymanlog", b"bplist00", "Proxyman: export it there as HAR"),
    "an archive of Fiddler": ("a.saz", zipped({"[Content_Types].xml": b"", "raw/1_c.txt": b""}), "Fiddler"),
    "a trace of Playwright": ("trace.zip", zipped({"trace.trace": b"", "0.network": b""}), "record_har_path"),
    "requests of Insomnia": ("a.json", b'{"_type":"export","resources":[]}', "Insomnia without responses"),
    "requests of Insomnia 5": (
        "a.yaml",
        b"type: collection.insomnia.rest/5.0\n",
        "Insomnia without responses",
    ),
    "a collection of Postman": ("a.json", b'{"info": {"name": "x"}, "item": []}', "newman writes a run"),
    "an OpenAPI document": ("a.json", b'{"info": {}, "openapi": "3.1.0"}', "name it with --spec"),
    "an OpenAPI document in YAML": ("a.yaml", b"# Pets\nopenapi: 3.1.0\n", "name it with --spec"),
    "a Swagger document": ("a.yml", b"swagger: '2.0'\n", "name it with --spec"),
    "a report of wirecheck": (
        "a.json",
        b'{"spec": {}, "exchanges": 1, "findings": []}',
        "a report of wirecheck",
    ),
    "HTML that is named HAR": ("a.har", b"\n<!DOCTYPE html><html>", "a.har: is HTML"),
    "XML": ("a", b'<?xml version="1.0"?><a/>', "a: is XML"),
    "XML without a declaration": ("a", b'<soap:Envelope xmlns:soap="x">', "a: is XML"),
    "an image": ("a", b"\x89PNG\r\n\x1a\n", "a: is an image"),
    "a PDF": ("a", b"%PDF-1.7", "a: is a PDF"),
    "bzip2": ("a.har.bz2", b"BZh91AY&SY", "bzip2 -dc FILE | wirecheck check -"),
    "xz": ("a.har.xz", b"\xfd7zXZ\0", "xz -dc FILE | wirecheck check -"),
    "a tar archive": ("a.tar", bytes(257) + b"ustar\0", "a tar archive: unpack it"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_reported_in_one_line(tmp_path: Path, case: str) -> None:
    name, content, message = HOSTILE[case]
    written(tmp_path, {name: content})
    with pytest.raises(RecordingError) as caught:
        list(read(tmp_path / name))
    assert str(caught.value).startswith(name)
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_garbage_behind_gzip_costs_no_entry(tmp_path: Path) -> None:
    written(tmp_path, {"a.gz": gzip.compress(HAR) + b"garbage"})
    first, last = read(tmp_path / "a.gz")
    assert (first.error, last.error) == ("", "the compressed data is damaged")


def test_names_in_an_archive_are_only_names(tmp_path: Path) -> None:
    names = ["../../outside.har", "/etc/passwd.har", "C:\\a.har", "a\nb.har", "e\u0301.har"]
    written(tmp_path, {"a.zip": zipped(dict.fromkeys(names, HAR))})
    assert sorted(exchange.source for exchange in read(tmp_path / "a.zip")) == sorted(
        f"a.zip/{name}#0" for name in names
    )
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


BOMBS = {
    "gzip": lambda: gzip.compress(START + BLANKS),
    "zstd": lambda: zstandard.ZstdCompressor().compress(START + BLANKS),
    "a member": lambda: zipped({"a.har": START + BLANKS}),
    "gzip in an archive": lambda: zipped({"a.har": gzip.compress(START + BLANKS)}),
    "many members": lambda: zipped({f"{number}.jsonl": json_line() * 2_000 for number in range(9)}),
    "lines": lambda: gzip.compress(json_line() * 20_000),
}


@pytest.mark.parametrize("case", BOMBS)
def test_a_file_expands_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    monkeypatch.setattr(expanding, "FREE", 1_000_000)
    monkeypatch.setattr(expanding, "RATIO", 10)
    monkeypatch.setattr(opening, "BUFFER", 1 << 16)
    written(tmp_path, {"a": BOMBS[case]()})
    what = "expands to more than 1,000,000 bytes, and to more than 10 times its size"
    if case.endswith("lines"):
        *_, last = read(tmp_path / "a")
        assert last.error == what
    else:
        with pytest.raises(RecordingError, match=f"^a: {what}$"):
            list(read(tmp_path / "a"))


def test_a_bomb_needs_little_memory(tmp_path: Path) -> None:
    bomb = zstandard.ZstdCompressor().compress(START + bytes(200_000_000))
    written(tmp_path, {"a.zst": bomb})
    tracemalloc.start()
    try:
        with pytest.raises(RecordingError, match="broken JSON at byte 21"):
            list(read(tmp_path / "a.zst"))
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_of_very_many_members_is_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_LONGEST_DIRECTORY", 100_000)
    members = {f"{number:0100}": b"" for number in range(1000)}
    written(tmp_path, {"a.zip": zipped(members, zipfile.ZIP_STORED)})
    with pytest.raises(RecordingError, match=r"a\.zip: the zip archive has too many members"):
        list(read(tmp_path / "a.zip"))


def test_a_folder_without_recordings_is_an_error(tmp_path: Path) -> None:
    nothing = written(tmp_path / "nothing.har", {})
    nothing.mkdir()
    with pytest.raises(RecordingError, match=r"nothing\.har: the folder contains no file"):
        read(nothing)
    others = written(tmp_path / "others", {"a.txt": b"x"})
    with pytest.raises(RecordingError, match="others: contains no recording"):
        list(read(others))


def test_a_broken_har_in_a_folder_is_an_error(tmp_path: Path) -> None:
    written(tmp_path, {"a.har": HAR, "b.har": b"nonsense"})
    with pytest.raises(RecordingError, match=r"/b\.har: broken JSON at byte 0"):
        list(read(tmp_path))


def test_a_file_that_must_not_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    written(tmp_path, {"a.har": HAR})
    monkeypatch.setattr(Path, "open", denied)
    for path in (tmp_path, tmp_path / "a.har"):
        with pytest.raises(RecordingError, match=r"a\.har: Permission denied"):
            list(read(path))


def test_zstd_without_its_library_names_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    written(tmp_path, {"a.zst": ZSTD})
    with pytest.raises(RecordingError, match=r"a\.zst: is compressed with zstd: pip install 'wirecheck\[rec"):
        list(read(tmp_path / "a.zst"))


def test_errors_quote_nothing_of_a_recording(tmp_path: Path) -> None:
    broken = har_entry(_secret=SECRET)
    broken["request"]["method"] = {SECRET: SECRET}
    content = har(broken, har_entry())
    for end in range(0, len(content), 7):
        written(tmp_path, {"a.json": content[:end]})
        try:
            errors = [exchange.error for exchange in Recordings([tmp_path / "a.json"]).read()]
        except RecordingError as error:
            errors = [str(error)]
        assert SECRET not in "".join(errors)


PACKED = {
    "a.har.gz": gzip.compress(HAR),
    "a.zst": ZSTD,
    "a.zip": zipped({"a.har": HAR, "b.jsonl.gz": gzip.compress(json_line())}),
    "b.zip": zipped({"a.zip": ARCHIVE}, zipfile.ZIP_STORED),
    "getPet.json": b'[{"request": {"method": "GET", "url": "/"}, "response": null}]',
}


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(sorted(PACKED)),
    wounds=st.lists(
        st.tuples(st.integers(0, 1000), st.integers(0, 4), st.binary(max_size=6)), min_size=1, max_size=3
    ),
)
def test_damaged_files_are_read_or_rejected(name: str, wounds: list[tuple[int, int, bytes]]) -> None:
    content = PACKED[name]
    for place, lost, shard in wounds:
        at = place % len(content)
        content = content[:at] + shard + content[at + lost :]
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), {name: content}) / name
        try:
            messages = [f"{each.source}: {each.error}" for each in read(path)]
        except RecordingError as error:
            messages = [str(error)]
    assert all(message.startswith(name) and SECRET not in message for message in messages)
