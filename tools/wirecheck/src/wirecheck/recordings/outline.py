"""The outline of a JSON document, by which its format is recognized."""

import io
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from wirecheck.model import RecordingError
from wirecheck.recordings.window import Window

_DEEPEST = 4
_ANY = msgspec.json.Decoder(msgspec.Raw)


@lru_cache(maxsize=1)
def outline(start: bytes) -> frozenset[str]:
    """The places in the first bytes of a JSON document, such as ``log``, ``log.entries[].request``.

    Of an array, only the first item is examined, unless it is an array as well. Empty for what is no JSON;
    where the document is cut off, or broken further on, its places up to there.
    """
    places = set[str]()
    try:
        for place in _places(Window("", io.BytesIO(start)), "", 0):
            places.add(place)
    except RecordingError:
        pass
    return frozenset(places)


def _places(window: Window, place: str, depth: int) -> Iterator[str]:
    opening = window.peek()
    if opening == "{" and depth < _DEEPEST:
        for member in window.members():
            inner = f"{place}.{member}".lstrip(".")
            yield inner
            yield from _places(window, inner, depth + 1)
    elif opening == "[" and depth < _DEEPEST and not place.endswith("[]"):
        inner = f"{place}[]"
        yield inner
        for number, _ in enumerate(window.items()):
            if not number:
                yield from _places(window, inner, depth)
            elif window.item(_ANY) is None:
                window.value()
    else:
        window.value()
