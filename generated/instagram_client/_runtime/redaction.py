"""What errors and logs show of a response: no credential of the client, no secret by its name or its shape.

It is imported when something is shown for the first time, because it compiles patterns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from .masking.names import Names, Strength
from .masking.shapes import is_ordinary, is_trivial
from .masking.spellings import Index
from .masking.texts import SHORTEST, is_secret, masked

MASK = "***"
_LONGEST = (
    1 << 18
)  # bytes of a body that is read for secrets other than the credentials of the client
_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
_COOKIES = frozenset({"cookie", "set-cookie"})
_COOKIE = re.compile(r"([^=;\s]{1,200}+=)([^;]*+)")
_SCHEME = re.compile(r"[A-Za-z][\w-]*+ ")
# A header as the libraries log it: (b'Name', b'value')
_LOGGED = re.compile(
    r"""\(b?'([^'\\]{1,100}+)', b?(?:'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)")\)"""
)


class Redaction:
    """Masks secrets in what is shown; ``names`` adds to the table, ``secrets`` are those of the client."""

    def __init__(self, names: Iterable[str], secrets: Iterable[str]) -> None:
        self._names = Names(names)
        self._secrets = tuple(secrets)
        self._index = self._index_of(())

    def text(self, text: str) -> str:
        """A text without secrets."""
        shown: str = masked(text, self._names, self._index, MASK)
        return shown

    def header(self, name: str, value: str) -> str:
        """The value of a header without secrets."""
        lower = name.lower()
        if lower in _COOKIES:
            attributes = value.partition(";")[2] if lower == "set-cookie" else ""
            cookies = value.removesuffix(f";{attributes}") if attributes else value
            shown = _COOKIE.sub(_masked_cookie, cookies)
            return f"{shown};{self.text(attributes)}" if attributes else shown
        if lower in _CREDENTIALS:
            scheme = _SCHEME.match(value)
            return f"{scheme[0] if scheme else ''}{MASK}"
        return MASK if is_secret(self._names, name, value) else self.text(value)

    def logged(self, message: str) -> str:
        """A record of a library without secrets, those of headers included."""

        def header(match: re.Match[str]) -> str:
            place = 2 if match[2] is not None else 3
            start, end = match.start(place) - match.start(), match.end(place) - match.start()
            return f"{match[0][:start]}{self.header(match[1], match[place])}{match[0][end:]}"

        return self.text(_LOGGED.sub(header, message))

    def body(self, body: bytes) -> bytes:
        """A body without secrets; what is secret by its name is masked where it is repeated, too.

        JSON stays JSON. A body that is too long, or not text, stays as it is.
        """
        if len(body) > _LONGEST or b"\0" in body:
            return body
        try:
            value = json.loads(body)
            granted = self._with(_named(self._names, value))
            shown = granted._value("", value)
            return (
                body
                if shown == value
                else json.dumps(shown, ensure_ascii=False).encode(errors="replace")
            )
        except (ValueError, RecursionError):
            text = body.decode(errors="surrogateescape")
            return self.text(text).encode(errors="surrogateescape")

    def _value(self, name: str, value: Any) -> Any:
        """A value of JSON; ``name`` is the innermost secret name that it is below."""
        if isinstance(value, dict):
            return {
                self.text(key): self._value(key if self._names.strength(key) else name, member)
                for key, member in value.items()
            }
        if isinstance(value, list):
            return [self._value(name, item) for item in value]
        if isinstance(value, str):
            return MASK if name and is_secret(self._names, name, value) else self.text(value)
        if name and isinstance(value, int | float) and not isinstance(value, bool):
            is_strong = self._names.strength(name) is Strength.STRONG
            return MASK if is_strong or is_secret(self._names, name, str(value)) else value
        return value

    def _with(self, secrets: Iterable[str]) -> Redaction:
        """The same with more secrets."""
        other = Redaction.__new__(Redaction)
        other._names, other._secrets = self._names, self._secrets
        other._index = self._index_of(secrets)
        return other

    def _index_of(self, more: Iterable[str]) -> Index:
        known = (*self._secrets, *more)
        return Index(
            secret for secret in known if len(secret) >= SHORTEST and not is_ordinary(secret)
        )


def _masked_cookie(match: re.Match[str]) -> str:
    return match[1] + (match[2] if is_trivial(match[2]) else MASK)


def _named(names: Names, body: Any) -> Iterator[str]:
    """The texts of JSON that are secret by their names."""
    pending: list[tuple[str, Any]] = [("", body)]
    while pending:
        name, value = pending.pop()
        if isinstance(value, dict):
            pending += [
                (key if names.strength(key) else name, member) for key, member in value.items()
            ]
        elif isinstance(value, list):
            pending += [(name, item) for item in value]
        elif isinstance(value, str) and name and is_secret(names, name, value):
            yield value
