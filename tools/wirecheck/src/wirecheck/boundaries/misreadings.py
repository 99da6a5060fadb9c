"""Wrong servers, as ways to misread a text before the right rule is applied to it.

A server that counts bytes, trims, overlooks what is repeated or takes only ASCII for letters answers as
the right one would to another text. A value that is on the other side of a rule once it is misread finds
such a server; the values that find the most of them are the most telling.
"""

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import methodcaller
from urllib.parse import quote, unquote

Misreading = Callable[[str], str]
Kind = Callable[[str], bool]
"""Of characters, or of words."""

_LENGTHS = (1, 3, 10, 50, 100, 140, 200)
_WORDS = 16  # of the examples

_KINDS: Sequence[Kind] = (
    str.isalpha,
    str.isupper,
    str.islower,
    str.isdigit,
    str.isspace,
    str.isascii,
    lambda one: not one.isascii(),
    lambda one: one.isalpha() and not one.isupper() and not one.islower(),
    lambda one: one.isalpha() and not one.isascii(),
    lambda one: one.isupper() and not one.isascii(),
    lambda one: one.islower() and not one.isascii(),
    lambda one: not one.isalnum() and not one.isspace(),
    lambda one: not one.isalnum() and not one.isspace() and one.isascii(),
    lambda one: one.isspace() and one != " ",
    lambda one: one in "\r\n",
    lambda one: bool(unicodedata.combining(one)),
    lambda one: one in "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}",
    lambda one: one > "\uffff",
    lambda one: unicodedata.east_asian_width(one) in "WF",
)
_READ_AS = ("", " ", "x", "X", "xx")

_FORMS: Sequence[Misreading] = (
    *(str.lower, str.upper, str.title, str.swapcase, str.strip, str.lstrip, str.rstrip),
    *(partial(unicodedata.normalize, form) for form in ("NFC", "NFD", "NFKC", "NFKD")),
    *(html.escape, html.unescape, partial(quote, errors="replace"), unquote, json.dumps),
    lambda text: text.encode(errors="surrogatepass").decode("latin-1"),  # bytes
)
"""The whole text, in another form."""

_PARTS: Sequence[tuple[str, str]] = (
    (r"[\U00010000-\U0010ffff]", "xx"),  # units of UTF-16
    (r"\s+", " "),
    (r"\r\n", "\n"),
    (r"(?<!\r)\n", "\r\n"),
    (r"[\U0001f1e6-\U0001f1ff]{2}", "x"),  # flags
    (r"[^\w\s](?:\u200d[^\w\s])+", "x"),  # joined emoji
    (r"(?s)(.)\1+", r"\1"),
    (r"<[^>]*>?|&\w*;?", ""),
    # A part of the text.
    (r"(?s)\n.*", ""),
    (r"(?s).*\n", ""),
    (r"(?s)\s.*", ""),
    (r"(?s).*\s", ""),
    *((rf"(?s)(?<=^.{{{length}}}).*", "") for length in _LENGTHS),
    *((rf"(?s)^.*(?=.{{{length}}}$)", "") for length in _LENGTHS),
    # Signs by what stands about them.
    (r"(?<=\S)[^\w\s]+", ""),
    (r"(?<=\w)[^\w\s]+", ""),
    (r"(?<=[^\w\s])[^\w\s]", ""),
    (r"(?<![^ ])[^\w ]+(?=\w)", ""),
    (r"(?<![^\w\s])[^\w\s](?![^\w\s])", ""),
    (r"(?<=[^\w\s])[^\w\s]\w+", ""),
    (r"([^\w\s])(?!\w)", r"\1x"),
    (r"([^\w\s])\s+(?=\w)", r"\1"),
    # Words by what stands about them, and by their length.
    (r"\b(?<=\S)\w+", ""),
    (r"(?<=\w)[^\w\s]\S*", ""),
    (r"\b\w+(?=\W*(?:\s|$))", ""),
    *((rf"\b\w{{{lengths}}}\b", "") for lengths in ("1", "1,2", "1,3", "4,", "6,")),
)
"""What becomes of parts of a text that match a pattern."""


_WORD = re.compile(r"(?<![^\w\s])[^\w\s]*(\w+)")  # and all signs before it
_WORDS_IN_FORM: Sequence[Kind] = (
    str.isupper,
    str.islower,
    str.istitle,
    lambda word: not word.isupper() and not word.islower(),
    lambda word: not word[0].isascii(),
    lambda word: word[0].isdigit(),
    lambda word: word[0] == "_",
)


def misreadings(kept: Sequence[str], broken: Sequence[str]) -> Iterator[Misreading]:
    """Examples tell which words and signs a server may not know, and how it answers unread."""
    yield from _FORMS
    yield from (partial(re.compile(pattern).sub, read) for pattern, read in _PARTS)
    for pattern in (re.compile(r"\S+"), _WORD, re.compile(r"\w+")):
        for fold in (str, str.lower):
            yield partial(_once, pattern, fold)
    yield from (read for reads in _READ for read in reads)
    for form in _WORDS_IN_FORM:
        yield partial(_WORD.sub, partial(_unless, form))
    for word in _distinct(r"\w+", broken)[:_WORDS]:
        yield partial(re.compile(rf"\b{word}\b").sub, "")
    for sign in _distinct(r"[^\w\s]", (*kept, *broken, "@")):
        yield partial(re.compile(rf"\S*{re.escape(sign)}\S*").sub, "")
        for read in ("", "x", *_distinct(r"[^\w\s]", broken)):
            yield partial(_replaced, sign, read)
    for verdict in (*kept[:1], *broken[:1]):
        for without, *_ in _READ:
            for holds in (True, False):
                yield partial(_unread, verdict, partial(_changes, without, holds))
        for whole in (str.istitle, str.isalpha, str.isalnum):
            yield partial(_unread, verdict, whole)
        for length in _LENGTHS:
            yield partial(_unread, verdict, partial(_shorter, length))


def _distinct(pattern: str, texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(one for text in texts for one in re.findall(pattern, text)))


class _Table(dict[int, str]):
    """For str.translate: what becomes of the characters of a kind."""

    def __init__(self, kind: Kind, read: str) -> None:
        self._kind, self._read = kind, read

    def __missing__(self, code: int) -> str:
        self[code] = self._read if self._kind(chr(code)) else chr(code)
        return self[code]


_READ: Sequence[Sequence[Misreading]] = [
    [methodcaller("translate", _Table(kind, read)) for read in _READ_AS] for kind in _KINDS
]
"""For each kind, its characters read as something else; as nothing first."""


def _replaced(sign: str, read: str, text: str) -> str:
    return text.replace(sign, read)


def _once(pattern: re.Pattern[str], fold: Misreading, text: str) -> str:
    """Without what was there before."""
    seen: set[str] = set()

    def first(found: re.Match[str]) -> str:
        known = len(seen)
        seen.add(fold(found[0]))
        return found[0] if len(seen) > known else ""

    return pattern.sub(first, text)


def _unread(verdict: str, when: Callable[[str], bool], text: str) -> str:
    """As if another text had been sent, of which it is known what is answered."""
    return verdict if when(text) else text


def _unless(overlooked: Kind, found: re.Match[str]) -> str:
    return "" if overlooked(found[1]) else found[0]


def _changes(read: Misreading, whether: bool, text: str) -> bool:
    return (read(text) != text) is whether


def _shorter(length: int, text: str) -> bool:
    return len(text) <= length


def most_telling(
    texts: Sequence[str], breaks: Callable[[str], bool], readings: Sequence[Misreading]
) -> list[int]:
    """The places of texts, such that the first ones find as many misreadings as so many can.

    When all are found that can be, the next ones find them again.
    """
    found = [_found(text, breaks, readings) for text in texts]
    order: list[int] = []
    pending, missing = dict.fromkeys(range(len(texts))), set[int]()
    while pending:
        missing = missing or set[int]().union(*(found[place] for place in pending))
        best = max(pending, key=lambda place: len(found[place] & missing))
        if not found[best] & missing:
            return [*order, *pending]
        missing -= found[best]
        del pending[best]
        order.append(best)
    return order


def _found(text: str, breaks: Callable[[str], bool], readings: Sequence[Misreading]) -> set[int]:
    right = breaks(text)
    other = ((place, read(text)) for place, read in enumerate(readings))
    return {place for place, misread in other if misread != text and breaks(misread) is not right}
