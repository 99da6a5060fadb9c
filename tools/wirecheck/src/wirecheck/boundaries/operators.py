"""Mutation operators of servers: each misreads a text before the correct rule is applied to it.

A mutant that counts bytes, trims, skips repetitions or accepts only ASCII letters responds as the correct
server would to another text. A value that changes sides of a rule when it is misread detects the mutant.
"""

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import methodcaller
from urllib.parse import quote, unquote

MutationOperator = Callable[[str], str]
WordTest = Callable[[str], bool]
"""A class of characters, or of words."""

_LENGTHS = (1, 3, 10, 50, 100, 140, 200)
_WORDS = 16  # of the examples

_KINDS: Sequence[WordTest] = (
    str.isalpha,
    str.isupper,
    str.islower,
    str.isdigit,
    str.isspace,
    str.isascii,
    lambda sign: not sign.isascii(),
    lambda sign: sign.isalpha() and not sign.isupper() and not sign.islower(),
    lambda sign: sign.isalpha() and not sign.isascii(),
    lambda sign: sign.isupper() and not sign.isascii(),
    lambda sign: sign.islower() and not sign.isascii(),
    lambda sign: not sign.isalnum() and not sign.isspace(),
    lambda sign: not sign.isalnum() and not sign.isspace() and sign.isascii(),
    lambda sign: sign.isspace() and sign != " ",
    lambda sign: sign in "\r\n",
    lambda sign: bool(unicodedata.combining(sign)),
    lambda sign: sign in "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}",
    lambda sign: sign > "\uffff",
    lambda sign: unicodedata.east_asian_width(sign) in "WF",
)
_READ_AS = ("", " ", "x", "X", "xx")

_FORMS: Sequence[MutationOperator] = (
    *(str.lower, str.upper, str.title, str.swapcase, str.strip, str.lstrip, str.rstrip),
    *(partial(unicodedata.normalize, form) for form in ("NFC", "NFD", "NFKC", "NFKD")),
    *(html.escape, html.unescape, partial(quote, errors="replace"), unquote, json.dumps),
    lambda text: text.encode(errors="surrogatepass").decode("latin-1"),  # bytes
)
"""The whole text in another form."""

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
    # Signs by what surrounds them.
    (r"(?<=\S)[^\w\s]+", ""),
    (r"(?<=\w)[^\w\s]+", ""),
    (r"(?<=[^\w\s])[^\w\s]", ""),
    (r"(?<![^ ])[^\w ]+(?=\w)", ""),
    (r"(?<![^\w\s])[^\w\s](?![^\w\s])", ""),
    (r"(?<=[^\w\s])[^\w\s]\w+", ""),
    (r"([^\w\s])(?!\w)", r"\1x"),
    (r"([^\w\s])\s+(?=\w)", r"\1"),
    # Words by what surrounds them, and by their length.
    (r"\b(?<=\S)\w+", ""),
    (r"(?<=\w)[^\w\s]\S*", ""),
    (r"\b\w+(?=\W*(?:\s|$))", ""),
    *((rf"\b\w{{{lengths}}}\b", "") for lengths in ("1", "1,2", "1,3", "4,", "6,")),
)
"""Patterns, and what replaces the parts of a text that match them."""


_WORD = re.compile(r"(?<![^\w\s])[^\w\s]*(\w+)")  # and all signs before it
_WORDS_IN_FORM: Sequence[WordTest] = (
    str.isupper,
    str.islower,
    str.istitle,
    lambda word: not word.isupper() and not word.islower(),
    lambda word: not word[0].isascii(),
    lambda word: word[0].isdigit(),
    lambda word: word[0] == "_",
)


def mutation_operators(valid: Sequence[str], invalid: Sequence[str]) -> Iterator[MutationOperator]:
    """All operators; those for single words, signs and verdicts are made from examples of a rule."""
    yield from _FORMS
    yield from (partial(re.compile(pattern).sub, read) for pattern, read in _PARTS)
    for pattern in (re.compile(r"\S+"), _WORD, re.compile(r"\w+")):
        for fold in (str, str.lower):
            yield partial(_once, pattern, fold)
    yield from (read for reads in _READ for read in reads)
    for form in _WORDS_IN_FORM:
        yield partial(_WORD.sub, partial(_unless, form))
    for word in _distinct(r"\w+", invalid)[:_WORDS]:
        yield partial(re.compile(rf"\b{word}\b").sub, "")
    for sign in _distinct(r"[^\w\s]", (*valid, *invalid, "@")):
        yield partial(re.compile(rf"\S*{re.escape(sign)}\S*").sub, "")
        for read in ("", "x", *_distinct(r"[^\w\s]", invalid)):
            yield partial(_replaced, sign, read)
    for verdict in (*valid[:1], *invalid[:1]):
        for without, *_ in _READ:
            for changes in (True, False):
                yield partial(_unread, verdict, partial(_changes, without, changes))
        for whole in (str.istitle, str.isalpha, str.isalnum):
            yield partial(_unread, verdict, whole)
        for length in _LENGTHS:
            yield partial(_unread, verdict, partial(_shorter, length))


def _distinct(pattern: str, texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(match for text in texts for match in re.findall(pattern, text)))


class _Table(dict[int, str]):
    """For str.translate: replaces the characters of a kind."""

    def __init__(self, kind: WordTest, read: str) -> None:
        self._kind, self._read = kind, read

    def __missing__(self, code: int) -> str:
        self[code] = self._read if self._kind(chr(code)) else chr(code)
        return self[code]


_READ: Sequence[Sequence[MutationOperator]] = [
    [methodcaller("translate", _Table(kind, read)) for read in _READ_AS] for kind in _KINDS
]
"""For each kind, its characters read as something else; first, as nothing."""


def _replaced(sign: str, read: str, text: str) -> str:
    return text.replace(sign, read)


def _once(pattern: re.Pattern[str], fold: MutationOperator, text: str) -> str:
    """The text without repetitions."""
    matched: set[str] = set()

    def first(match: re.Match[str]) -> str:
        before = len(matched)
        matched.add(fold(match[0]))
        return match[0] if len(matched) > before else ""

    return pattern.sub(first, text)


def _unread(verdict: str, when: Callable[[str], bool], text: str) -> str:
    """Another text, whose side of the rule is known, in place of some texts."""
    return verdict if when(text) else text


def _unless(overlooked: WordTest, match: re.Match[str]) -> str:
    return "" if overlooked(match[1]) else match[0]


def _changes(read: MutationOperator, whether: bool, text: str) -> bool:
    return (read(text) != text) is whether


def _shorter(length: int, text: str) -> bool:
    return len(text) <= length


def detection_order(
    texts: Sequence[str], violates: Callable[[str], bool], operators: Sequence[MutationOperator]
) -> list[int]:
    """The indices of texts, ordered so that the first ones detect as many mutants as possible.

    Once all mutants are detected that can be, the next texts detect them again.
    """
    detected = [_detected(text, violates, operators) for text in texts]
    order: list[int] = []
    pending, missing = dict.fromkeys(range(len(texts))), set[int]()
    while pending:
        missing = missing or set[int]().union(*(detected[index] for index in pending))
        best = max(pending, key=lambda index: len(detected[index] & missing))
        if not detected[best] & missing:
            return [*order, *pending]
        missing -= detected[best]
        del pending[best]
        order.append(best)
    return order


def _detected(text: str, violates: Callable[[str], bool], operators: Sequence[MutationOperator]) -> set[int]:
    correct = violates(text)
    misread = ((index, operator(text)) for index, operator in enumerate(operators))
    return {index for index, other in misread if other != text and violates(other) is not correct}
