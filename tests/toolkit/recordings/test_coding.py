"""Bodies as recorders write them: chunks in base64 or hex, and content codings that were not undone."""

import base64
import gzip
import json
import sys
import zlib
from types import SimpleNamespace

import pytest

from wirecheck.recordings.coding import from_base64, from_chunks, uncoded
from wirecheck.recordings.writing.bodies import coded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["616263", "64"]', b"abcd"),
        (json.dumps([base64.b64encode(b"abc~").decode(), "ZA=="]), b"abc~d"),
        ('["61", "no, text"]', None),
        ('["61", 7]', None),
        ('["61"', None),
        ("61", None),
        ("[]", None),
    ],
)
def test_chunks_are_joined(text: str, expected: bytes | None) -> None:
    assert from_chunks(text) == expected


def test_base64_is_read_in_all_its_forms() -> None:
    data = bytes(range(250, 256)) * 3
    text = base64.b64encode(data + b"!").decode()
    assert from_base64(text) == from_base64(text.rstrip("=")) == data + b"!"
    assert from_base64(text.replace("+", "-").replace("/", "_")) == data + b"!"
    assert from_base64(text[:9] + "\r\n" + text[9:]) == data + b"!"
    assert from_base64("a") is from_base64("ä") is None


@pytest.mark.parametrize(
    ("codings", "body", "expected"),
    [
        ("gzip", b"", b""),
        ("gzip", None, None),
        ("identity", b"abc", b"abc"),
        ("gzip", gzip.compress(b"abc", mtime=0), b"abc"),
        ("gzip", gzip.compress(b"a", mtime=0) + gzip.compress(b"bc", mtime=0), b"abc"),
        ("gzip, deflate", zlib.compress(gzip.compress(b"abc", mtime=0)), b"abc"),
        ("gzip, gzip", gzip.compress(b"", mtime=0), b""),
        ("gzip", gzip.compress(b"abc", mtime=0)[:-9], None),
        ("gzip", b"plain", b"plain"),
        ("deflate", b"plain", b"plain"),
        ("deflate", b"\x00\xff", None),
        ("compress", b"plain", b"plain"),
        ("compress", b"\x1f\x9d\x00", None),
    ],
)
def test_content_codings_are_undone(codings: str, body: bytes | None, expected: bytes | None) -> None:
    assert uncoded(body, (("content-encoding", codings),)) == expected


@pytest.mark.parametrize(("coding", "name"), [("br", "brotli"), ("zstd", "zstandard")])
def test_a_body_that_would_be_taken_for_compressed_is_compressed_if_there_is_a_library(
    coding: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library of this test puts a mark before what it compresses."""
    mark = b"\x28\xb5\x2f\xfd\x00"

    class Decompressor:
        def process(self, body: bytes, output_buffer_limit: int) -> bytes:
            assert body.startswith(mark)
            return body.removeprefix(mark)

        def is_finished(self) -> bool:
            return True

    class ZstdDecompressor:
        def stream_reader(self, body: bytes) -> SimpleNamespace:
            return SimpleNamespace(read=lambda longest: Decompressor().process(body, longest)[:longest])

    library = SimpleNamespace(
        Decompressor=Decompressor, ZstdDecompressor=ZstdDecompressor, compress=lambda body: mark + body
    )
    headers = (("content-encoding", coding),)
    ambiguous = mark + b"abc"
    monkeypatch.setitem(sys.modules, name, None)
    assert coded(b"abc", headers) == b"abc"
    assert coded(ambiguous, headers) is None
    monkeypatch.setitem(sys.modules, name, library)
    assert uncoded(ambiguous, headers) == b"abc"
    assert coded(ambiguous, headers) == mark + ambiguous
    assert uncoded(mark + ambiguous, headers) == ambiguous
