"""Compressed responses to requests of wirecheck itself, decompressed within bounds."""

import gzip
import zlib

import pytest

from wirecheck.inflate import BodyError, Decoder


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"words" * 99, mtime=0)),
        ("x-gzip", gzip.compress(b"words" * 99, mtime=0)),
        ("deflate", zlib.compress(b"words" * 99)),
        ("deflate", raw_deflate(b"words" * 99)),
        ("identity", b"words" * 99),
    ],
)
def test_a_body_is_decompressed_however_it_is_cut(coding: str, packed: bytes) -> None:
    for length in (1, 7, len(packed)):
        decoder = Decoder(coding)
        pieces = [packed[start : start + length] for start in range(0, len(packed), length)]
        assert b"".join(part for piece in pieces for part in decoder.decode(piece)) == b"words" * 99


def test_what_follows_a_compressed_body_is_left_out() -> None:
    decoder, packed = Decoder("gzip"), gzip.compress(b"body", mtime=0)
    assert b"".join([*decoder.decode(packed), *decoder.decode(b"more")]) == b"body"
    assert list(decoder.decode(packed)) == []


@pytest.mark.parametrize(
    ("coding", "body", "message"),
    [
        ("gzip", b"no gzip at all", "incorrect header check"),
        ("gzip", gzip.compress(b"body", mtime=0)[:-8] + b"12345678", "incorrect data check"),
        ("deflate", b"\xff\xff\xff", "invalid block type"),
        ("gzip, deflate", b"", "compressed more than once"),
        ("br", b"", "compressed with br, but only gzip, deflate are accepted"),
    ],
)
def test_a_body_that_cannot_be_decompressed_is_an_error(coding: str, body: bytes, message: str) -> None:
    with pytest.raises(BodyError, match=message):
        list(Decoder(coding).decode(body))


def test_a_broken_piece_of_a_body_is_an_error_although_it_began_well() -> None:
    packed = zlib.compress(b"words" * 99)
    decoder = Decoder("deflate")
    assert b"".join(decoder.decode(packed[:-4])) == b"words" * 99
    with pytest.raises(BodyError, match="incorrect data check"):
        list(decoder.decode(b"1234"))
