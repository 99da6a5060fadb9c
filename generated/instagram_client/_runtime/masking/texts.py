"""Masks the secrets of a text: by their values, by their shapes, and by the names before them."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote

from .names import Names, Strength, is_link, is_number
from .prose import after_words
from .shapes import credentials, is_random, is_trivial, is_words
from .spellings import Index, Span

SHORTEST = 8  # characters of a secret that is masked wherever it is repeated

_LONG = 16  # characters of a secret in a link
_SHORT = 1000  # characters of a text of which is remembered what it shows, whatever the secrets
_TEXTS = 256  # that are remembered
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

NAME = r"[\w.-]{1,100}+"
PAIR = re.compile(
    rf"(?<![\w.-])({NAME})((?:(?:\[|%5B)[\w.-]{{0,60}}+(?:\]|%5D)){{0,8}}+)(=|%3D)[\"']?([^&#;\s\"'<>\\]*)",
    re.IGNORECASE,
)
MEMBER = re.compile(
    r"([\"'])([^\"'\\\r\n]{1,100}+)\1\s*+:\s*+(?:\"((?:[^\"\\]|\\.)*+)|'((?:[^'\\]|\\.)*+)|(-?[0-9][0-9.eE+-]*+))",
    re.DOTALL,
)
USERINFO = re.compile(r"//([^/?#@\s:\"]{0,200}+):([^/?#@\s\"]{1,1000}+)@")
SEGMENT = re.compile(rf"/({NAME})(?=/([^/?#&;\s\"'<>\\]+))")


def is_secret(names: Names, name: str, value: str) -> bool:
    """Whether a value is secret below a name."""
    strength = names.strength(name)
    if strength is Strength.NONE or is_trivial(value):
        return False
    return (
        strength is Strength.STRONG
        or (len(value) >= SHORTEST and not is_words(value))
        or is_number(name, value)
    )


def is_secret_segment(names: Names, before: str, segment: str) -> bool:
    """Whether a segment of a path is secret behind another one."""
    if not names.has_piece(before):
        return False
    if names.is_mentioned(before):
        return is_random(segment)
    return (
        is_link(before)
        and len(segment) >= _LONG
        and is_random(segment)
        and not _UUID.fullmatch(segment)
    )


def masked(text: str, names: Names, secrets: Index, mask: str) -> str:
    """The text with its secrets masked."""
    by_value = masked_values(text, secrets, mask)
    return _without(by_value, _spans_by_name(by_value, names.of(text)), mask)


def masked_values(text: str, secrets: Index, mask: str) -> str:
    """The text with the secrets masked that are known, or have a well-known shape."""
    return _without(text, [*secrets.spans(text), *_spans_by_shape(text)], mask)


def _spans_by_name(text: str, names: Names) -> Iterable[Span]:
    return _remembered_by_name(text, names) if len(text) <= _SHORT else _by_name(text, names)


def _spans_by_shape(text: str) -> Iterable[Span]:
    return _remembered_by_shape(text) if len(text) <= _SHORT else credentials(text)


@lru_cache(maxsize=_TEXTS)
def _remembered_by_name(text: str, names: Names) -> tuple[Span, ...]:
    return tuple(_by_name(text, names))


@lru_cache(maxsize=_TEXTS)
def _remembered_by_shape(text: str) -> tuple[Span, ...]:
    return tuple(credentials(text))


def _by_name(text: str, names: Names) -> Iterator[Span]:
    """Where a text shows secrets by the names before them."""
    if "@" in text:
        yield from (match.span(2) for match in USERINFO.finditer(text))
    if not names.has_piece(text):
        return
    if "=" in text or "%3" in text:
        yield from _pairs(text, names)
    if ":" in text:
        yield from _members(text, names)
    for match in SEGMENT.finditer(text):
        if is_secret_segment(names, match[1], match[2]):
            yield match.span(2)
    yield from after_words(text, names)


def _pairs(text: str, names: Names) -> Iterator[Span]:
    for match in PAIR.finditer(text):
        if is_secret(names, match[1] + match[2], unquote(match[4])):
            yield match.span(4)
        elif "=" in match[4]:  # href="/?token=..."
            for inner in PAIR.finditer(text, match.start(4), match.end(4)):
                if is_secret(names, inner[1] + inner[2], unquote(inner[4])):
                    yield inner.span(4)


def _members(text: str, names: Names) -> Iterator[Span]:
    for match in MEMBER.finditer(text):
        group = next((group for group in (3, 4, 5) if match[group]), 0)
        if group and is_secret(names, match[2], match[group]):
            yield match.span(group)


def _without(text: str, spans: Iterable[Span], mask: str) -> str:
    """The text with a mask in the place of each span, or of several that overlap or touch."""
    parts, last = list[str](), 0
    start, end = -1, -1
    for first, after in sorted(spans):
        if first > end:
            if start >= 0:
                parts += (text[last:start], mask)
                last = end
            start, end = first, after
        else:
            end = max(end, after)
    if start < 0:
        return text
    return "".join((*parts, text[last:start], mask, text[end:]))
