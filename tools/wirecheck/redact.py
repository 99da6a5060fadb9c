"""The one place that knows what is secret; everything that is written goes through it."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, unquote_plus

from wirecheck.model import Exchange, Headers

MASK = "[redacted]"
NAMES = frozenset(
    {
        *("access_token", "refresh_token", "id_token", "token", "client_secret", "sig", "signature", "code"),
        *("password", "api_key", "apikey", "x-api-key", "authorization", "proxy-authorization"),
        *("cookie", "set-cookie"),
    }
)
_SHORTEST = 4  # a shorter secret is masked only where its name stands before it
_QUOTED = 60  # characters of a value that a message shows


class Redactor:
    """Knows the names of secrets: the usual ones, and those of a document's security schemes."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = NAMES | {name.lower() for name in names if name}
        name = "|".join(re.escape(name) for name in sorted(self.names, key=lambda name: (-len(name), name)))
        flags = re.IGNORECASE
        self._pair = re.compile(rf"(?<![\w.-])({name})(=|%3D)([^&#;\s\"'<>\\]*)", flags)
        self._member = re.compile(rf'"({name})"\s*:\s*(?:"((?:[^"\\]|\\.)*)"?|(-?[0-9][0-9.eE+-]*))', flags)
        self._part = re.compile(rf'name="?({name})"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n([^\r\n]*)', flags)
        self._bearer = re.compile(r"\b(Bearer|Basic|Token)\s+[\w.~+/=:\"-]+", flags)

    def view(self, exchange: Exchange) -> "View":
        """What may be shown of one exchange: the values of its secrets are known there."""
        found = set(self._in_text(exchange.url))
        for headers in (exchange.request_headers, exchange.response_headers):
            found |= set(self._in_headers(headers))
        for body in (exchange.request_body, exchange.response_body):
            if body:
                found |= set(self._in_text(body.decode("utf-8", "replace")))
        return View(self, found)

    def mask_pairs(self, text: str) -> str:
        """The text with everything masked that follows the name of a secret."""
        text = self._pair.sub(rf"\1\2{MASK}", text)
        return self._bearer.sub(rf"\1 {MASK}", text)

    def _in_text(self, text: str) -> Iterator[str]:
        for match in self._pair.finditer(text):
            yield match[3]
            yield unquote(match[3])
            yield unquote_plus(match[3])
        for match in self._member.finditer(text):
            if match[2] is not None:
                yield match[2]
                yield _unescaped(match[2])
            elif match[1].lower() != "code":  # a numeric code is a status, no secret
                yield match[3]
        for match in self._part.finditer(text):
            yield match[2]

    def _in_headers(self, headers: Headers) -> Iterator[str]:
        for name, value in headers:
            if name in self.names:
                yield value
                yield from value.split()[1:]
                yield from (part.partition("=")[2].strip() for part in value.split(";"))
            yield from self._in_text(value)


class View:
    """Shows text and values of one exchange without its secrets."""

    def __init__(self, redactor: Redactor, secrets: Iterable[str]) -> None:
        self._redactor = redactor
        long_enough = {secret for secret in secrets if len(secret) >= _SHORTEST and secret != MASK}
        self._secrets = re.compile(
            "|".join(map(re.escape, sorted(long_enough, key=len, reverse=True))) or r"(?!)"
        )

    def text(self, text: str) -> str:
        """The text with every secret masked."""
        return self._redactor.mask_pairs(self._secrets.sub(MASK, text))

    def value(self, value: Any, path: Iterable[str | int] = ()) -> str:
        """A value for a message, short; ``path`` is where it stands in a body."""
        if isinstance(value, dict):
            return "an object"
        if isinstance(value, list):
            return "an array"
        if isinstance(value, str):
            if any(str(key).lower() in self._redactor.names for key in path):
                return MASK
            shown = json.dumps(self.text(value), ensure_ascii=False)
        else:
            shown = self.text(json.dumps(value))
        return shown if len(shown) <= _QUOTED else f"{shown[: _QUOTED - 1]}…"


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text
