"""Rewrites the texts of an exchange with pseudonyms in the place of its secrets."""

import base64
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from wirecheck.masking.spellings import Index, Plain, Span
from wirecheck.redact.pseudonyms import (
    Hit,
    Pseudonyms,
    SecretKeys,
    bare,
    core,
    is_replaceable,
    key,
    scheme_size,
)

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}+")
_SEPARATORS = re.compile(r"[:-]")
_HEX = re.compile(r"[0-9a-fA-F]{2}(?:[:-]?[0-9a-fA-F]{2}){7,}+")
_ESCAPED = re.compile(
    r"\\+u[dD][89abAB][0-9a-fA-F]{2}\\+u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\+(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})|%(?:25)*+(?:[0-9a-fA-F]{2}|(?<=25))|&#(?:[xX][0-9a-fA-F]+|[0-9]+);"
)
_DEEPEST = 3  # encodings within encodings
_PASSES = 2  # over what is left of secrets


class Remains(Exception):  # noqa: N818 - a verdict, which the caller turns into one
    """A secret cannot be replaced in a text."""


class TextRewriter:
    """Rewrites texts, in which the given secrets have pseudonyms wherever and however they are spelled."""

    def __init__(self, pseudonyms: Pseudonyms, secrets: Iterable[str]) -> None:
        secrets = list(secrets)
        self._pseudonyms = pseudonyms
        self._index = Index(filter(None, map(bare, secrets)))
        self._keys = SecretKeys()
        for secret in sorted(map(key, secrets), key=len):  # so that one within another one comes first
            if not is_replaceable(secret):
                raise Remains
            pseudonyms.of(secret, self._keys)
            self._keys.add(secret)

    def text(self, text: str, in_place: Iterable[Span] = (), *, is_form: bool = False) -> str:
        """The text with pseudonyms; ``in_place`` are more secrets of it. Raises Remains.

        In a form and in a URL signs have a meaning that is percent-encoded.
        """
        plain = Plain(text)
        hits = _apart(self._hits(plain))
        rewritten = dict[int, str]()
        for start, end in hits:
            self._replace(plain, start, end, rewritten)
        self._replace_encoded(plain, hits, rewritten)
        for start, end in self._uncovered(plain, in_place, rewritten):
            self._replace(plain, start, end, rewritten)
        text = _written(text, plain, rewritten, is_form=is_form)
        for _ in range(_PASSES):
            spans = self._index.spans(text)
            if not spans:
                return text
            text = self._without(text, spans)
        if self._index.spans(text):
            raise Remains
        return text

    def _hits(self, plain: Plain) -> Iterator[Hit]:
        lower = plain.text.lower()
        yield from self._keys.hits(lower)
        yield from self._pseudonyms.hits(lower)

    def _replace(self, plain: Plain, start: int, end: int, rewritten: dict[int, str]) -> None:
        """Notes the pseudonym of what stands in a plain text, sign by sign."""
        secret = plain.text[start:end]
        inner = core(secret)
        start += secret.lower().find(inner, scheme_size(secret))
        if not is_replaceable(inner):
            raise Remains
        pseudonym = self._pseudonyms.of(inner, self._keys)
        for index, sign in enumerate(pseudonym, start):
            before = plain.text[index]
            if before.isascii() and before.isalnum():
                rewritten[index] = sign.upper() if before.isupper() else sign
            else:
                rewritten[index] = before if sign == before.lower() else sign

    def _replace_encoded(
        self, plain: Plain, hits: list[Hit], rewritten: dict[int, str], depth: int = 0
    ) -> None:
        """Notes what hex and base64 become that encode a known secret, unless they are known secrets."""
        for match in (*_HEX.finditer(plain.text), *_BASE64.finditer(plain.text)):
            start, end = match.span()
            text = None if depth > _DEEPEST or start in rewritten else decoded(match[0])
            if text is None or any(first < end and start < last for first, last in hits):
                continue
            inner = Plain(text)
            inner_hits = _apart(self._hits(inner))
            inner_rewritten = dict[int, str]()
            for first, last in inner_hits:
                self._replace(inner, first, last, inner_rewritten)
            self._replace_encoded(inner, inner_hits, inner_rewritten, depth + 1)
            if inner_rewritten:
                replacement = encoded(match[0], _written(text, inner, inner_rewritten))
                if len(replacement) == end - start:
                    rewritten.update(enumerate(replacement, start))

    def _uncovered(self, plain: Plain, spans: Iterable[Span], rewritten: dict[int, str]) -> Iterator[Hit]:
        """What is not yet rewritten of some spans of the text."""
        size = len(plain.text)
        for first, last in spans:
            start = bisect_left(range(size), first, key=lambda index: plain.span(index, index + 1)[0])
            end = bisect_left(range(size), last, key=lambda index: plain.span(index, index + 1)[0])
            start += scheme_size(plain.text[start:end])
            if plain.text[start:end] and not is_replaceable(core(plain.text[start:end])):
                raise Remains
            run = start
            for index in range(start, end + 1):
                if index == end or index in rewritten:
                    if is_replaceable(core(plain.text[run:index])):
                        yield run, index
                    run = index + 1

    def _without(self, text: str, spans: Iterable[Span]) -> str:
        """The text without pieces of secrets, and secrets in encodings that are not worth keeping."""
        plain, rewritten = Plain(text), dict[int, str]()
        for start, end in self._uncovered(plain, _apart(_merged(spans)), rewritten):
            self._replace(plain, start, end, rewritten)
            self._pseudonyms.remember(core(plain.text[start:end]))
        return _written(text, plain, rewritten)


def _written(text: str, plain: Plain, rewritten: dict[int, str], *, is_form: bool = False) -> str:
    """The text with some signs of its plain text rewritten."""
    parts, last = list[str](), 0
    for index, sign in sorted(rewritten.items()):
        if sign != plain.text[index]:
            start, _ = plain.span(index, index + 1)
            escaped = _ESCAPED.match(text, start)
            character = sign if sign.isascii() else _character(text, plain, index, sign)
            parts += (text[last:start], quote(character, safe="%") if is_form else character)
            last = escaped.end() if escaped else start + 1
    return "".join((*parts, text[last:]))


def _character(text: str, plain: Plain, index: int, last_byte: str) -> str:
    """The character of which one sign of the plain text is the last byte, with another last byte."""
    start, _ = plain.span(index, index + 1)
    if text[start] == "%":
        return f"%{ord(last_byte):02X}"
    first = index
    while first and plain.span(first - 1, index)[0] == start:
        first -= 1
    data = (plain.text[first:index] + last_byte).encode("latin-1")
    return data.decode("utf-8", "surrogatepass")


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """The hits without those that overlap an earlier or a longer one."""
    apart, last = list[Hit](), 0
    for start, end in sorted(set(hits), key=lambda hit: (hit[0], -hit[1])):
        if start >= last:
            apart.append((start, end))
            last = end
    return apart


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, of which those that overlap or touch are one."""
    start, end = -1, -1
    for first, after in sorted(spans):
        if first > end:
            if start >= 0:
                yield start, end
            start, end = first, after
        else:
            end = max(end, after)
    if start >= 0:
        yield start, end


def decoded(text: str) -> str | None:
    """What a text in hex or base64 encodes, a character for each byte; None for any other text."""
    if _HEX.fullmatch(text):
        digits = _SEPARATORS.sub("", text)
        return bytes.fromhex(digits).decode("latin-1")
    if text.islower() or text.isupper():
        return None
    standard = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True).decode("latin-1")
    except ValueError:
        return None


def encoded(before: str, text: str) -> str:
    """A text encoded as the one that it replaces: with the same alphabet, case, separators and padding."""
    data = text.encode("latin-1")
    if _HEX.fullmatch(before):
        digits = iter(data.hex().upper() if before.isupper() else data.hex())
        return "".join(sign if sign in ":-" else next(digits, "") for sign in before)
    unpadded = base64.b64encode(data).decode().rstrip("=")
    if "-" in before or "_" in before:
        unpadded = unpadded.replace("+", "-").replace("/", "_")
    return unpadded + "=" * (len(before) - len(before.rstrip("=")))
