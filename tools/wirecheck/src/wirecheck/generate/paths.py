"""The path of an operation, as far as names are taken from it."""

import re
from dataclasses import dataclass

from wirecheck.generate.words import Words, words

_VERSION = re.compile(r"v?\d[\w.-]*|v\d+(?:[._-]?\w+)*|latest_version", re.IGNORECASE)
_ROOTS = {"api", "apis", "rest"}
_EXTENSION = re.compile(r"\.(?:json|xml|ya?ml|csv)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a path without a parameter in it; ``has_item`` is whether a parameter follows."""

    words: Words
    has_item: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """The segments that name something: not versions, nor ``api`` at the beginning.

    ``action`` are the words behind a colon or ``#`` at the end, as in ``/files/{id}:copy``.
    """

    segments: tuple[Segment, ...]
    action: Words = ()

    @property
    def is_item(self) -> bool:
        """Whether the path ends with a parameter."""
        return bool(self.segments) and self.segments[-1].has_item


def route(template: str) -> Route:
    """The route of a path as it stands in the document."""
    path, _, fragment = template.partition("#")
    names = [name for name in path.split("/") if name]
    action = words(fragment)
    if names:
        names[-1], _, method = re.sub(r"\}\.\w+$", "}", _EXTENSION.sub("", names[-1])).partition(":")
        action = action or words(method)
    segments: list[Segment] = []
    for name in names:
        static = words(re.sub(r"\{[^{}]*\}", " ", name))
        if not static and "{" in name and segments:
            segments[-1] = Segment(segments[-1].words, has_item=True)
        elif static and not _VERSION.fullmatch(name) and (segments or name.lower() not in _ROOTS):
            segments.append(Segment(static, has_item="({" in name))  # as in OData: /users({id})
    return Route(tuple(segments), action)
