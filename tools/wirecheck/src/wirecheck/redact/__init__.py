"""Masks secrets: it alone knows what is secret, and everything that is shown or written goes through it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from wirecheck.model import Exchange
from wirecheck.redact import shapes
from wirecheck.redact.names import Names, Strength
from wirecheck.redact.places import MEMBER, PAIR, SEGMENT, USERINFO, Places, distinct, is_secret
from wirecheck.redact.prose import after_words
from wirecheck.redact.spellings import Index, Span
from wirecheck.spec import Document, Spec
from wirecheck.spec.document import target

__all__ = ["MASK", "Masked", "Redactor", "encodable", "printable", "printable_json"]

MASK = "[redacted]"
_QUOTED = 60  # characters of a value that a message shows
_SHORTEST = 4  # characters of a secret of the session that is masked as a word
_LONG = 8  # characters of a secret of the session that is masked even if it is an ordinary word
_REMEMBERED = 256  # texts of an exchange
_LONGEST_CHAIN = 8  # references and lists around a password
_CAPITALS = re.compile(r"[A-Z0-9_-]{0,7}")


class Redactor:
    """Finds secrets by the table of names, extended by ``names``, and by their shapes."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = Names(name for name in names if name)

    def masked(self, exchange: Exchange) -> "Masked":
        """Masks the secrets of one exchange wherever their values appear; they are looked for when needed."""
        return Masked(self, lambda: distinct(Places(self.names, exchange).secrets()))

    @classmethod
    def of(cls, spec: Spec, also: Iterable[str] = ()) -> "Redactor":
        """A redactor that knows the secrets of a document: its security schemes, and `format: password`."""
        schemes = (scheme.parameter for operation in spec.operations for scheme in operation.schemes)
        return cls((*schemes, *_passwords(spec.document), *also))

    def is_secret(self, name: str, value: str) -> bool:
        """Whether a value is secret below a name."""
        return is_secret(self.names, name, value)

    def places(self, text: str) -> Iterable[Span]:
        """Where a text shows secrets by the names before them."""
        for match in USERINFO.finditer(text) if "@" in text else ():
            yield match.span(2)
        if "=" in text or "%3" in text:
            yield from self._pairs(text)
        if ":" in text:
            yield from self._members(text)
        for match in SEGMENT.finditer(text):
            if self.names.is_mentioned(match[1]) and shapes.is_random(match[2]):
                yield match.span(2)
        yield from after_words(text, self.names)

    def _pairs(self, text: str) -> Iterable[Span]:
        for match in PAIR.finditer(text):
            if self.is_secret(match[1] + match[2], unquote(match[4])):
                yield match.span(4)

    def _members(self, text: str) -> Iterable[Span]:
        for match in MEMBER.finditer(text):
            group = next((group for group in (3, 4, 5) if match[group]), 0)
            if group and self.is_secret(match[2], match[group]):
                yield match.span(group)


class Masked:
    """Shows texts and values of one exchange without its secrets."""

    def __init__(self, redactor: Redactor, secrets: Iterable[str] | Callable[[], Iterable[str]]) -> None:
        self._redactor = redactor
        self._secrets = secrets
        self._texts: dict[str, str] = {}

    @cached_property
    def _index(self) -> Index:
        secrets = self._secrets() if callable(self._secrets) else self._secrets
        usable = (secret for secret in secrets if len(secret) >= _SHORTEST and secret != MASK)
        return Index(secret for secret in usable if len(secret) >= _LONG or not shapes.is_ordinary(secret))

    def text(self, text: str) -> str:
        """The text with every secret masked."""
        if text not in self._texts:
            if len(self._texts) >= _REMEMBERED:
                self._texts.clear()
            by_value = self.pointer(text)
            self._texts[text] = _without(by_value, self._redactor.places(by_value))
        return self._texts[text]

    def pointer(self, text: str) -> str:
        """A pointer, in which only values of the exchange and the shapes of tokens can be secret."""
        spans = self._index.spans(text)
        spans += [match.span() for match in shapes.CREDENTIAL.finditer(text)]
        if "PRIVATE KEY" in text:
            spans += [match.span() for match in shapes.PRIVATE_KEY.finditer(text)]
        return _without(text, spans)

    def value(self, value: Any, path: Iterable[str | int] = ()) -> str:
        """A value as a message shows it, shortened; ``path`` is its place in a body."""
        if isinstance(value, dict):
            return "an object"
        if isinstance(value, list):
            return "an array"
        names = [str(name) for name in path]
        if isinstance(value, str):
            if any(self._redactor.is_secret(name, value) for name in names) or _is_oauth_code(names, value):
                return MASK
            shown = json.dumps(self.text(value), ensure_ascii=False)
        else:
            shown = json.dumps(value)
            is_number = value is not None and not isinstance(value, bool)
            if is_number and names and self._is_secret_number(names[-1], shown):
                return MASK
            shown = self.text(shown)
        return shown if len(shown) <= _QUOTED else f"{shown[: _QUOTED - 1]}…"

    def _is_secret_number(self, name: str, shown: str) -> bool:
        is_strong = self._redactor.names.strength(name) is Strength.STRONG
        return is_strong or self._redactor.is_secret(name, shown)


def printable(text: str) -> str:
    """Foreign text with characters escaped that break the line, move the cursor or change its direction."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def encodable(text: str) -> str:
    """The text with lone surrogates, from file names or from HAR, as escapes, so that it can be written."""
    return text.encode("utf-8", "backslashreplace").decode()


def printable_json(text: str) -> str:
    """JSON on one line, with the characters within its strings escaped that `printable` would escape."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else json.dumps(character)[1:-1] for character in text
    )


def _passwords(document: Document) -> Iterator[str]:
    """The names of properties and parameters of the format ``password``, or lists of them."""
    pending: list[Any] = [document.data]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            pending += value.values()
            properties = value.get("properties")
            schemas = list(properties.items()) if isinstance(properties, dict) else []
            if "in" in value:
                schemas.append((value.get("name"), value.get("schema")))
            for name, schema in schemas:
                if isinstance(name, str) and _is_password(document, schema):
                    yield name


def _is_password(document: Document, schema: Any) -> bool:
    for _ in range(_LONGEST_CHAIN):
        if not isinstance(schema, dict):
            return False
        reference = schema.get("$ref")
        if schema.get("format") == "password":
            return True
        if isinstance(reference, str) and reference.startswith("#/"):
            try:
                schema = document.get(target(reference))
            except LookupError:
                return False
        else:
            schema = schema.get("items")
    return False


def _is_oauth_code(names: list[str], value: str) -> bool:
    """Whether a value is the parameter ``code`` of OAuth 2 (RFC 6749, 4.1.2), not a code such as USD."""
    is_code = len(names) > 1 and names[0] in ("query", "header", "cookie") and names[1].lower() == "code"
    return is_code and not _CAPITALS.fullmatch(value)


def _without(text: str, spans: Iterable[Span]) -> str:
    """The text with a mask in the place of each span, or of several that overlap or touch."""
    parts, last = list[str](), 0
    start, end = -1, -1
    for first, after in sorted(spans):
        if first > end:
            if start >= 0:
                parts += (text[last:start], MASK)
                last = end
            start, end = first, after
        else:
            end = max(end, after)
    if start < 0:
        return text
    return "".join((*parts, text[last:start], MASK, text[end:]))
