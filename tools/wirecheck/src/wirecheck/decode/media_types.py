"""Media types and their parameters, and the charsets of texts."""

import codecs
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from wirecheck.encode.media_types import essence
from wirecheck.spec import MediaType

EVENTS = "text/event-stream"
_PARAMETER = re.compile(r';\s*([^\s;=]+)\s*=\s*(?:"((?:[^"\\]|\\.)*+)"?|([^;]*))', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNIMPORTANT = frozenset({"charset", "boundary", "q"})  # parameters that do not distinguish documented types


def header_values(headers: Iterable[tuple[str, str]], name: str) -> list[str]:
    """The values of a header, whose names are in lower case."""
    name = name.lower()
    return [value for key, value in headers if key == name]


@lru_cache(maxsize=1024)
def header_parameters(value: str) -> tuple[tuple[str, str], ...]:
    """The parameters of a Content-Type or Content-Disposition, names in lower case (RFC 9110, 5.6.6)."""
    return tuple(
        (match[1].lower(), (match[3] or "").strip() if match[2] is None else _ESCAPED.sub(r"\1", match[2]))
        for match in _PARAMETER.finditer(value)
    )


def fits(media_type: str, documented: str) -> bool:
    """Whether a media type matches a documented one, which may contain wildcards.

    A parameter of the documented type must not have another value; charsets do not matter.
    """
    pattern, actual = essence(documented), essence(media_type)
    matches = pattern in ("*/*", actual) or (
        pattern.endswith("/*") and actual.partition("/")[0] == pattern.partition("/")[0]
    )
    if not matches or ";" not in documented:
        return matches
    sent = dict(header_parameters(media_type))
    return all(sent.get(name, value).lower() == value.lower() for name, value in _distinguishing(documented))


def documented_type(content: Sequence[MediaType], content_type: str) -> MediaType | None:
    """The documented media type for an actual one; the most exact one wins."""
    sent = set(header_parameters(content_type.lower()))

    def inexactness(candidate: MediaType) -> tuple[int, int, int]:
        parameters = _distinguishing(candidate.name)
        shared = sent.intersection(parameters)
        return candidate.name.count("*"), len(parameters) - len(shared), -len(shared)

    matching = [candidate for candidate in content if fits(content_type, candidate.name)]
    return min(matching, key=inexactness, default=None)


def _distinguishing(documented: str) -> list[tuple[str, str]]:
    return [pair for pair in header_parameters(documented) if pair[0] not in _UNIMPORTANT]


def text(body: bytes, content_type: str) -> str:
    """A text in the charset of its media type: UTF-8 where it has none, or one that is unknown."""
    charset = dict(header_parameters(content_type)).get("charset", "utf-8")
    try:
        decoded = body.decode(codecs.lookup(charset).name, "replace")
    except (LookupError, ValueError):  # codecs of bytes are no charsets, either
        decoded = body.decode("utf-8", "replace")
    return decoded.removeprefix("\ufeff")
