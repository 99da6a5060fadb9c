"""Finds the secrets of an exchange in a text that is shown, however it spells them.

The secrets are indexed once; a text is read once for each spelling. So time and memory depend on the size of
what is shown, not on how many secrets there are.
"""

import base64
import binascii
import json
import re
import string
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, compress, count
from urllib.parse import quote

from .shapes import is_random

Span = tuple[int, int]
TextEncoding = tuple[re.Pattern[str], Callable[[str], Iterator[bytes]]]

GRAM = 8
"""Characters of a piece of a secret that is not shown."""

_STEP = 4  # characters between the pieces that are looked for, so that within a secret a piece may be longer
_LONG = 1000  # signs of a text that is not looked at piece by piece
_FEW = 200  # pieces and words that are looked for one by one in all spellings of a text
_TEXTS = 256  # whose spellings are remembered
_ALIKE = 16  # secrets with the same beginning that are compared one by one
_ESCAPE = re.compile(
    r"\\+u([dD][89abAB][0-9a-fA-F]{2})\\+u([dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\+u([0-9a-fA-F]{4})|\\+x([0-9a-fA-F]{2})|(\\+[nrtbf]?)|%(?:25)*+(?:([0-9a-fA-F]{2})|(?<=25))"
    r"|&#(?:[xX]([0-9a-fA-F]{1,5}+)|([0-9]{1,6}+));|&(amp|lt|gt|quot|apos);|([^\x00-\x7f]|[\r\n\t ])"
)
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ONE = {0x20: b"+", 0x5C: b"", 0x0A: b"", 0x0D: b"", 0x09: b""}  # signs that are written in several ways
_ESCAPING = re.compile(r"[\\%&\r\n\t]")
_ALPHANUMERIC = frozenset(string.ascii_letters + string.digits)
_SEPARATORS = re.compile(r"[^A-Za-z0-9]+")
_HEX = re.compile(r"[0-9a-fA-F]{16,}+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}+")
_BASE32 = re.compile(r"[A-Z2-7]{13,}+|[a-z2-7]{13,}+")
_WORD = re.compile(r"[^+\s\"'/,;:=&?<>()\[\]{}]+")  # a plus is a space


class Plain:
    """A text with its escapes undone, as bytes in Latin-1, and where each of its signs stands in the text."""

    def __init__(self, text: str) -> None:
        self._at: list[int] | None = None
        self._size = len(text)
        if text.isascii() and not _ESCAPING.search(text):
            self.text = text.replace(" ", "+")
            return
        signs, self._at, last = list[str](), list[int](), 0
        for match in _ESCAPE.finditer(text):
            start = match.start()
            undone = _undone(match).decode("latin-1")
            signs += (text[last:start], undone)
            self._at += range(last, start)
            self._at += [start] * len(undone)
            last = match.end()
        signs.append(text[last:])
        self._at += range(last, self._size + 1)
        self.text = "".join(signs)

    def span(self, start: int, end: int) -> Span:
        """Where signs of the plain text stand in the text."""
        if self._at is None:
            return start, end
        last = self._at[end - 1]
        while self._at[end] == last:  # signs of one escape
            end += 1
        return self._at[start], self._at[end]

    def squeezed_from(self, start: int, end: int) -> Span:
        """Where in the plain text some of its letters and digits stand, which are counted alone."""
        return self._alphanumeric[start], self._alphanumeric[end - 1] + 1

    @cached_property
    def _alphanumeric(self) -> list[int]:
        return [*compress(count(), map(_ALPHANUMERIC.__contains__, self.text))]


def _undone(match: re.Match[str]) -> bytes:
    high, low, unit, byte, _, percent, hexadecimal, decimal, entity, literal = match.groups()
    if byte or percent:
        code = int(byte or percent, 16)
        return _ONE.get(code, bytes([code]))
    if high:
        code = 0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF)
    elif unit or hexadecimal:
        code = min(int(unit or hexadecimal, 16), sys.maxunicode)
    elif decimal:
        code = min(int(decimal), sys.maxunicode)
    elif match[0].startswith("%25"):
        code = 0x25
    else:
        sign = _ENTITIES.get(entity or "", literal)
        if not sign:
            return b""
        code = ord(sign)
    return _ONE.get(code, chr(code).encode("utf-8", "surrogatepass"))


class Grams:
    """Pieces of GRAM signs, to be found in plain texts.

    Any eight signs have four in a row that begin at a multiple of four: of a long text only those are looked
    at, as numbers, until some are known.
    """

    def __init__(self) -> None:
        self._grams = set[str]()
        self._new = list[str]()  # of which the numbers are not yet known
        self._numbers = set[int]()

    def __len__(self) -> int:
        return len(self._grams)

    def are_in(self, text: str) -> bool:
        """Whether a text has any of the pieces."""
        return any(map(text.__contains__, self._grams))

    def add(self, gram: str) -> None:
        if gram not in self._grams:
            self._grams.add(gram)
            self._new.append(gram)

    def found(self, text: str) -> Iterator[tuple[int, str]]:
        """Where a text has which of the pieces, in order."""
        size = len(text) - GRAM + 1
        if len(self._grams) < size <= _LONG and not self.are_in(text):
            return
        for start in range(size) if size <= _LONG else self._candidates(text):
            gram = text[start : start + GRAM]
            if gram in self._grams:
                yield start, gram

    def _candidates(self, text: str) -> Iterator[int]:
        """Where a text may have pieces."""
        for gram in self._new:
            data = gram.encode("latin-1")
            self._numbers.update(
                [int.from_bytes(data[start : start + 4], sys.byteorder) for start in range(4)]
            )
        self._new.clear()
        numbers = memoryview(text.encode("latin-1")[: len(text) // 4 * 4]).cast("I")
        for hit in compress(count(0, 4), map(self._numbers.__contains__, numbers)):
            yield from range(max(0, hit - 3), hit + 1)


class Index:
    """The secrets of one exchange, to be found in texts.

    A secret that looks random is found by its first and last eight characters and by any eleven of it,
    another one as a whole, if it is shorter than that as a whole word.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._pieces: set[str] = set()
        self._wholes: dict[str, list[str]] = {}
        self._words: set[str] = set()
        self._exact: list[str] = []
        for secret in secrets:
            self._add(secret)
        self._grams = Grams()
        for gram in self._pieces.union(self._wholes):
            self._grams.add(gram)

    def _add(self, secret: str) -> None:
        plain = _plain(secret)
        if len(plain) < GRAM:
            if len(secret) >= GRAM and len(self._exact) < _ALIKE:  # one that is mostly backslashes
                self._exact += {
                    secret,
                    json.dumps(secret)[1:-1],
                    quote(secret.encode("utf-8", "replace"), safe=""),
                }
                self._exact.append(json.dumps(secret, ensure_ascii=False)[1:-1])
            if plain:
                self._words.add(plain)
        elif is_random(secret):
            self._add_pieces(plain)
            squeezed = _SEPARATORS.sub("", plain)
            if squeezed != plain and len(squeezed) >= GRAM:
                self._add_pieces(squeezed)
        else:
            alike = self._wholes.setdefault(plain[:GRAM], [])
            if len(alike) < _ALIKE:
                alike.append(plain)
            else:
                self._add_pieces(plain)

    def _add_pieces(self, plain: str) -> None:
        last = len(plain) - GRAM
        self._pieces.update([plain[start : start + GRAM] for start in (*range(0, last, _STEP), last)])

    def spans(self, text: str) -> list[Span]:
        """Where the text shows secrets or pieces of them, in no order."""
        spans = [
            (match.start(), match.end())
            for secret in self._exact
            for match in re.finditer(re.escape(secret), text)
        ]
        is_spelled, is_encoded = self._may_be_in(text)
        if is_spelled or is_encoded:
            plain = Plain(text)
            found = chain(
                self._in_plain(plain) if is_spelled else (), self._in_encodings(plain) if is_encoded else ()
            )
            spans += [plain.span(start, end) for start, end in found]
        return spans

    def _may_be_in(self, text: str) -> tuple[bool, bool]:
        """Whether a text may show anything as it is, and encoded: by a look that is fast for few secrets."""
        if not self._grams and not self._words:
            return False, False
        if len(text) > _LONG or len(self._grams) + len(self._words) > _FEW:
            return True, True
        spelled, decoded = _spelled(text), _decoded(text)
        has_words = any(map(spelled.__contains__, self._words))
        if not self._grams.are_in(f"{spelled}\n{decoded}"):
            return has_words, False
        return has_words or self._grams.are_in(spelled), self._grams.are_in(decoded)

    def _in_plain(self, plain: Plain) -> Iterator[Span]:
        lower = plain.text.lower()
        if self._words:
            for match in _WORD.finditer(lower):
                if match[0] in self._words:
                    yield match.span()
        if len(lower) < GRAM or not self._grams:
            return
        yield from _merged(self._found(lower))
        yield from self._reversed(lower)
        if _SEPARATORS.search(lower):
            squeezed = _SEPARATORS.sub("", lower)
            for start, end in (*_merged(self._found(squeezed)), *self._reversed(squeezed)):
                yield plain.squeezed_from(start, end)

    def _in_encodings(self, plain: Plain) -> Iterator[Span]:
        lower = plain.text.lower()
        if len(lower) < GRAM or not self._grams:
            return
        if _SEPARATORS.search(lower):
            for start, end in self._encoded(_SEPARATORS.sub("", lower), _ENCODINGS[:1]):
                yield plain.squeezed_from(start, end)
        yield from self._encoded(plain.text, _ENCODINGS)

    def _encoded(self, text: str, encodings: Sequence[TextEncoding]) -> Iterator[Span]:
        for pattern, decodings in encodings:
            for match in pattern.finditer(text):
                if _may_encode(pattern, match[0]) and any(map(self._is_in, decodings(match[0]))):
                    yield match.span()

    def _reversed(self, text: str) -> Iterator[Span]:
        size, backwards = len(text), text[::-1]
        for start, end in self._found(backwards):
            if not backwards[start:end].isdigit():  # 987654321 is not 123456789
                yield size - end, size - start

    def _is_in(self, decoded: bytes) -> bool:
        return any(True for _ in self._found(decoded.decode("latin-1").lower()))

    def _found(self, text: str) -> Iterator[Span]:
        """Where a text has what is looked for, in the order of starts."""
        for start, gram in self._grams.found(text):
            if gram in self._pieces:
                yield start, start + GRAM
            for whole in self._wholes.get(gram, ()):
                if text.startswith(whole, start):
                    yield start, start + len(whole)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in the order of their starts, those that overlap as one."""
    start = end = -1
    for first, after in spans:
        if first >= end:
            if end > 0:
                yield start, end
            start, end = first, after
        else:
            end = max(end, after)
    if end > 0:
        yield start, end


@lru_cache(maxsize=_TEXTS)
def _spelled(text: str) -> str:
    """A text in the spellings in which pieces of secrets are looked for, one in a line."""
    lower = _plain(text)
    squeezed = _SEPARATORS.sub("", lower)
    return "\n".join((lower, lower[::-1], squeezed, squeezed[::-1]))


@lru_cache(maxsize=_TEXTS)
def _decoded(text: str) -> str:
    """What is encoded within a text, each reading of it in a line, or in several."""
    plain = Plain(text).text
    squeezed = _SEPARATORS.sub("", plain.lower())
    places = ((squeezed, _ENCODINGS[:1]), (plain, _ENCODINGS))
    return "\n".join(
        decoded.decode("latin-1").lower()
        for signs, encodings in places
        for pattern, decodings in encodings
        for match in pattern.finditer(signs)
        if _may_encode(pattern, match[0])
        for decoded in decodings(match[0])
    )


def _may_encode(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a text that matches the pattern of an encoding may be in it: base64 mixes its letters."""
    return pattern is not _BASE64 or not (text.islower() or text.isupper())


def _plain(secret: str) -> str:
    return Plain(secret).text.lower()


def _of_hex(text: str) -> Iterator[bytes]:
    for start in range(2):
        yield bytes.fromhex(text[start : len(text) - (len(text) - start) % 2])


def _of_base64(text: str) -> Iterator[bytes]:
    standard = text.replace("-", "+").replace("_", "/")
    for start in range(4):
        yield binascii.a2b_base64(_padded(standard[start:], 4))


def _of_base32(text: str) -> Iterator[bytes]:
    upper = text.upper()
    for start in range(8):
        whole = upper[start:]
        yield base64.b32decode(whole[: len(whole) // 8 * 8])
        rest = len(whole) % 8
        if rest in (2, 4, 5, 7):
            yield base64.b32decode(whole + "=" * (8 - rest))


def _padded(text: str, size: int) -> str:
    rest = len(text) % size
    return text[: len(text) - 1] if rest == 1 else text + "=" * (-rest % size)


_ENCODINGS: tuple[TextEncoding, ...] = (
    (_HEX, _of_hex),
    (_BASE64, _of_base64),
    (_BASE32, _of_base32),
)
