"""What is no recording that is read, by its first bytes or its name, and what makes one of it."""

import re
from collections.abc import Collection
from pathlib import PurePath

from wirecheck.recordings.outline import outline

_CAPTURE = "is a packet capture: pcap2har FILE -o traffic.har (pip install pcap2har)"
_CHARLES = "is a session of Charles: File > Export Session writes it as an HTTP Archive (.har)"
_PROXYMAN = "is a log of Proxyman: export it there as HAR"
_FIDDLER = (
    "is a session archive of Fiddler: File > Export Sessions > All Sessions > HTTPArchive v1.2 makes a HAR"
)
_TRACE = "is a trace of Playwright, not a HAR: record with record_har_path (Python) or recordHar"
_IMAGE = "is an image"

_ENDINGS = {
    ".chls": _CHARLES,
    ".chlsj": _CHARLES,
    ".chlsx": _CHARLES,
    ".chlz": _CHARLES,
    ".proxymanlog": _PROXYMAN,
    ".proxymanlogv2": _PROXYMAN,
    ".saz": _FIDDLER,
}

_MAGIC = {
    b"\xd4\xc3\xb2\xa1": _CAPTURE,
    b"\xa1\xb2\xc3\xd4": _CAPTURE,
    b"\x4d\x3c\xb2\xa1": _CAPTURE,
    b"\xa1\xb2\x3c\x4d": _CAPTURE,
    b"\x0a\x0d\x0d\x0a": _CAPTURE,
    b"\x89PNG": _IMAGE,
    b"\xff\xd8\xff": _IMAGE,
    b"GIF8": _IMAGE,
    b"RIFF": _IMAGE,
    b"%PDF": "is a PDF",
    b"\xfd7zXZ\0": "is compressed with xz: xz -dc FILE | wirecheck check -",
    b"BZh": "is compressed with bzip2: bzip2 -dc FILE | wirecheck check -",
    b"7z\xbc\xaf\x27\x1c": "is a 7z archive: unpack it, and name its folder",
    b"\xff\xfe": "is in UTF-16: iconv -f UTF-16 -t UTF-8 FILE > traffic.har",
    b"\xfe\xff": "is in UTF-16: iconv -f UTF-16 -t UTF-8 FILE > traffic.har",
}

_MARKUP = rb"(?i)\s*<(!doctype html|html|\?xml|[a-z][\w.:-]*[ />])"
_YAML = rb"(?m)^(openapi|swagger):"
_YAML_OF_INSOMNIA = rb"(?m)^type: \S*\.insomnia\.rest/"
_TAR = slice(257, 262)

_OPENAPI = "is an OpenAPI document, not a recording: name it with --spec"
_INSOMNIA = "holds the requests of Insomnia without responses: choose HAR where you export them"
_REPORT = "is a report of wirecheck, not a recording"


def kind(name: str, start: bytes) -> str:
    """What a file is and what makes a recording of it; empty where that is not known."""
    if what := _ENDINGS.get(PurePath(name).suffix.lower()):
        return what
    if what := next((what for magic, what in _MAGIC.items() if start.startswith(magic)), ""):
        return what
    if start[_TAR] == b"ustar":
        return "is a tar archive: unpack it, and name its folder"
    if markup := re.match(_MARKUP, start):
        return "is HTML" if b"html" in markup[1].lower() else "is XML"
    if re.search(_YAML, start):
        return _OPENAPI
    if re.search(_YAML_OF_INSOMNIA, start):
        return _INSOMNIA
    return _of_json(outline(start))


def kind_of_archive(name: str, members: Collection[str]) -> str:
    """What a zip archive is if it is the file of another program; empty if it is not."""
    if any(member.startswith("raw/") for member in members) and "[Content_Types].xml" in members:
        return _FIDDLER
    if any(member.endswith(".trace") for member in members):
        return _TRACE
    return _ENDINGS.get(PurePath(name).suffix.lower(), "")


def _of_json(places: Collection[str]) -> str:
    if "openapi" in places or "swagger" in places:
        return _OPENAPI
    if "_type" in places and "resources" in places:
        return _INSOMNIA
    return _REPORT if {"spec", "findings", "exchanges"}.issubset(places) else ""
