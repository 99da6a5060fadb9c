"""The path of an operation, as far as names are taken from it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wirecheck.words import Words, without_ending, words

_VERSION = re.compile(r"v?\d+(?:[._-]\d+)*(?:[._-]?(?:alpha|beta|preview|rc)[._-]?\d*)?", re.IGNORECASE)
_ROOTS = {"api", "apis", "rest"}


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a path without a parameter in it; ``has_item`` is whether a parameter follows."""

    words: Words
    has_item: bool = False


@dataclass(frozen=True, slots=True)
class PathRoute:
    """The segments that name something: not versions, nor ``api`` at the beginning.

    ``action`` are the words behind a colon or ``#`` at the end, as in ``/files/{id}:copy``.
    """

    segments: tuple[Segment, ...]
    action: Words = ()

    @property
    def names(self) -> tuple[Words, ...]:
        return tuple(segment.words for segment in self.segments)

    @property
    def is_item(self) -> bool:
        """Whether the path ends with a parameter."""
        return bool(self.segments) and self.segments[-1].has_item

    def renamed(self, start: int, end: int, names: Sequence[Words]) -> "PathRoute":
        """The route from an index on, with other names as far as another."""
        segments = zip(names, self.segments[start:end], strict=True)
        run = (Segment(name, segment.has_item) for name, segment in segments)
        return PathRoute((*run, *self.segments[end:]), self.action)


def route(template: str) -> PathRoute:
    """The route of a path as it stands in the document."""
    path, _, fragment = template.partition("#")
    *names, last = path.strip("/").split("/")
    last, _, method = re.sub(r"\}\.\w+$", "}", without_ending(last)).partition(":")
    segments: list[Segment] = []
    for name in (*names, last):
        static = words(re.sub(r"\{[^{}]*\}", " ", name))
        if not static and "{" in name and segments:
            segments[-1] = Segment(segments[-1].words, has_item=True)
        elif static and not _is_prefix(name, is_first=not segments):
            segments.append(Segment(static, has_item="({" in name))  # as in OData: /users({id})
    return PathRoute(tuple(segments), words(fragment) or words(method))


def _is_prefix(name: str, *, is_first: bool) -> bool:
    """Whether a segment names nothing: a version, or the API itself."""
    return _VERSION.fullmatch(name) is not None or (is_first and name.lower() in _ROOTS)
