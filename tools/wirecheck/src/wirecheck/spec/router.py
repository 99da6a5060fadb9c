"""Finds the path template that a request path belongs to."""

import re
from collections.abc import Sequence
from operator import itemgetter
from typing import Generic, TypeVar
from urllib.parse import unquote

from msgspec import Struct

T = TypeVar("T")

PARAMETER = re.compile(r"\{([^{}]*)\}")
_ANY = "{}"  # in the place of a segment that is no literal of any template
_MOST_SHAPES = 4096
_Found = tuple[T, tuple[tuple[str, int], ...], bool]
"""The target, the places of the parameters among the segments, and whether the template ends literally."""


class Route(Struct, Generic[T], frozen=True):
    """The target of a template that matches a path, and the raw values of its parameters."""

    target: T
    values: dict[str, str]


class _Node(Struct, Generic[T]):
    literals: dict[str, "_Node[T]"] = {}  # its own
    mixed: list[tuple[str, re.Pattern[str], "_Node[T]"]] = []
    parameter: "_Node[T] | None" = None
    end: tuple[T, tuple[str, ...], bool] | None = None  # target, parameter names, whether it ends literally


class Router(Generic[T]):
    """A trie over path segments: literals win over mixed segments, which win over parameters.

    Paths are matched exactly. With ``suffixes`` (such as ``.json``) a path may end in one of them, unless the
    last segment of a template has it; with ``trailing_slash`` a trailing slash makes no difference.
    """

    def __init__(self, suffixes: Sequence[str] = (), trailing_slash: bool = False) -> None:
        self._root: _Node[T] = _Node()
        self._literals: dict[str, str] = {}  # each by itself
        self._has_mixed = False
        self._known: dict[tuple[str, ...], _Found[T] | None] = {}  # by what segments are: a literal, or any
        self._suffixes = tuple(suffixes)
        self._trailing_slash = trailing_slash

    def add(self, template: str, target: T) -> None:
        """Adds a template such as ``/v1/pets/{pet_id}``; of several with one shape the first wins."""
        node = self._root
        names: list[str] = []
        segments = _segments(template)
        for segment in segments:
            names += PARAMETER.findall(segment)
            node = _child(node, segment)
            if "{" not in segment:
                self._literals[unquote(segment)] = unquote(segment)
            elif not PARAMETER.fullmatch(segment):
                self._has_mixed = True
        self._known.clear()
        if node.end is None:
            node.end = (target, tuple(names), not PARAMETER.fullmatch(segments[-1]))

    def find(self, path: str) -> Route[T] | None:
        """The best route for a raw, percent-encoded path."""
        spellings = self._spellings(_segments(path))
        routes = [match for segments in spellings if (match := self._find(segments))]
        for route, ends_literally in routes:
            if ends_literally:
                return route
        for segments in spellings:
            for suffix in self._suffixes:
                if len(segments[-1]) > len(suffix) and segments[-1].endswith(suffix):
                    bare = self._find([*segments[:-1], segments[-1].removesuffix(suffix)])
                    if bare:
                        return bare[0]
        return routes[0][0] if routes else None

    def _spellings(self, segments: list[str]) -> list[list[str]]:
        """The segments and, where a trailing slash makes no difference, the other spelling."""
        if not self._trailing_slash:
            return [segments]
        if segments[-1]:
            return [segments, [*segments, ""]]
        return [segments, segments[:-1]] if len(segments) > 1 else [segments]

    def _find(self, segments: list[str]) -> tuple[Route[T], bool] | None:
        """A route, and whether the last segment of its template is a literal."""
        if self._has_mixed or any("%" in segment for segment in segments):
            match = _descend(self._root, segments, 0, ())
            if match is None:
                return None
            _, (target, names, ends_literally), values = match
            return Route(target, dict(zip(names, values, strict=True))), ends_literally
        literals = self._literals
        shape = tuple([literals.get(segment, segment and _ANY) for segment in segments])
        try:
            found = self._known[shape]
        except KeyError:
            if len(self._known) >= _MOST_SHAPES:
                self._known.clear()
            found = self._known[shape] = self._found(segments)
        if found is None:
            return None
        target, places, ends_literally = found
        return Route(target, {name: segments[place] for name, place in places}), ends_literally

    def _found(self, segments: list[str]) -> "_Found[T] | None":
        """What there is for segments like some; none of the template that they match is a mixed one."""
        match = _descend(self._root, segments, 0, ())
        if match is None:
            return None
        kinds, (target, names, ends_literally), _ = match
        places = [place for place, kind in enumerate(kinds) if kind]
        return target, tuple(zip(names, places, strict=True)), ends_literally


def _segments(path: str) -> list[str]:
    """At least one segment; the last one is empty where the path ends in a slash."""
    return path.strip().removeprefix("/").split("/")


def _child(node: _Node[T], segment: str) -> _Node[T]:
    if PARAMETER.fullmatch(segment):
        node.parameter = node.parameter or _Node()
        return node.parameter
    if not PARAMETER.search(segment):
        return node.literals.setdefault(unquote(segment), _Node())
    for source, _, child in node.mixed:
        if source == segment:
            return child
    child = _Node[T]()
    node.mixed.append((segment, re.compile(_mixed(segment), re.DOTALL), child))
    return child


def _mixed(segment: str) -> str:
    """A pattern for a segment of parameters and literals.

    A parameter ends at the first place where the literal after it begins. The group is atomic, as no later
    place can match where that one does not; so the time is linear in the length of the path.
    """
    first, *texts = map(_literal, PARAMETER.split(segment)[::2])
    *between, last = texts
    return f"{first}{''.join(f'(?>(.+?){text})' for text in between)}(.+){last}"


def variable_pattern(url: str) -> str:
    """A pattern for the URL of a server, each variable of which is a part of one segment; linear, too."""
    first, *texts = map(re.escape, PARAMETER.split(url)[::2])
    if not texts:
        return first
    *between, last = texts
    return f"{first}{''.join(f'(?>[^/]+?{text})' for text in between)}[^/]+{last}"


def _literal(text: str) -> str:
    """A pattern for a text in which any character may be percent-encoded."""
    return "".join(
        f"(?:{re.escape(character)}|(?i:{''.join(f'%{byte:02x}' for byte in character.encode())}))"
        for character in unquote(text)
    )


_Match = tuple[tuple[int, ...], tuple[T, tuple[str, ...], bool], tuple[str, ...]]
"""For each segment whether it is a literal (0), mixed (1) or a parameter (2); the end, and the values."""


def _descend(node: _Node[T], segments: list[str], depth: int, values: tuple[str, ...]) -> _Match[T] | None:
    """The most literal match below a node, each of which is visited at most once."""
    if depth == len(segments):
        return ((), node.end, values) if node.end else None
    segment = segments[depth]
    literal = node.literals.get(unquote(segment))
    if literal and (match := _descend(literal, segments, depth + 1, values)):
        return _below(0, match)
    mixed = [
        match
        for _, pattern, child in node.mixed
        if (text := pattern.fullmatch(segment))
        and (match := _descend(child, segments, depth + 1, (*values, *text.groups())))
    ]
    if mixed:
        return _below(1, min(mixed, key=itemgetter(0)))
    if node.parameter and segment:
        match = _descend(node.parameter, segments, depth + 1, (*values, segment))
        return _below(2, match) if match else None
    return None


def _below(kind: int, match: _Match[T]) -> _Match[T]:
    kinds, end, values = match
    return (kind, *kinds), end, values
