"""Masks secrets: it alone knows their names, and everything that is shown or written goes through it."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from wirecheck.model import Exchange, Headers

MASK = "[redacted]"
NAMES = frozenset(
    {
        *("access_token", "refresh_token", "id_token", "token", "client_secret", "sig", "signature", "code"),
        *("password", "api_key", "apikey", "x-api-key", "authorization", "proxy-authorization"),
        *("cookie", "set-cookie"),
    }
)
_SHORTEST = 4  # characters; a shorter secret is masked only behind its name
_LONG = 12  # characters from which on a secret is looked for in base64
_LAYERS = 3  # of escapes that are undone
_SCHEME = re.compile(r"(?:Bearer|Basic|Token)\s+", re.IGNORECASE)  # not secret itself
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_QUOTED = 60  # characters of a value that a message shows


class Redactor:
    """Finds secrets by their names: the usual ones, and those of a document's security schemes."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = NAMES | {name.lower() for name in names if name}
        name = "|".join(re.escape(name) for name in sorted(self.names, key=lambda name: (-len(name), name)))
        flags = re.IGNORECASE
        # name=value, in URLs and forms
        self._pair = re.compile(
            rf"(?<![\w.-])({name})((?:\[\w*\]|%5B\w*%5D)?(?:=|%3D))([^&#;\s\"'<>\\]*)", flags
        )
        # 'name': 'value', as programs print it, and <name>value
        self._quoted = re.compile(rf"'({name})'\s*:\s*'([^']*)|<({name})>([^<]*)", flags)
        # "name": "value", in JSON
        self._member = re.compile(rf'"({name})"\s*:\s*(?:"((?:[^"\\]|\\.)*)"?|(-?[0-9][0-9.eE+-]*))', flags)
        # a part of a multipart form
        self._part = re.compile(rf'name="?({name})"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n([^\r\n]*)', flags)
        self._userinfo = re.compile(r"//([^/?#@\s:\"]*):([^/?#@\s\"]+)@")
        self._bearer = re.compile(r"\b(Bearer|Basic|Token)\s+[\w.~+/=:\"-]+", flags)

    def masked(self, exchange: Exchange) -> "Masked":
        """Masks the secrets of one exchange wherever their values appear."""
        secrets = {*self._in_text(exchange.url), *self._in_query(exchange.url)}
        for headers in (exchange.request_headers, exchange.response_headers):
            secrets.update(self._in_headers(headers))
        for body in (exchange.request_body, exchange.response_body):
            if body:
                text = body.decode("utf-8", "replace")
                secrets.update(self._in_text(text))
                secrets.update(self._in_json(_json_or_none(text)))
        return Masked(self, secrets)

    def mask_pairs(self, text: str) -> str:
        """The text with every value masked that follows the name of a secret."""
        text = self._pair.sub(rf"\1\2{MASK}", text)
        text = self._userinfo.sub(rf"//\1:{MASK}@", text)
        return self._bearer.sub(rf"\1 {MASK}", text)

    def _in_query(self, url: str) -> Iterator[str]:
        """The secrets of a query, in which only & and # end a value."""
        for part in url.partition("?")[2].partition("#")[0].split("&"):
            name, _, value = part.partition("=")
            if unquote_plus(name).lower() in self.names:
                yield value
                yield unquote(value)
                yield unquote_plus(value)

    def _in_text(self, text: str) -> Iterator[str]:
        for layer in _layers(text):
            yield from self._in_layer(layer)

    def _in_layer(self, text: str) -> Iterator[str]:
        for match in self._userinfo.finditer(text):
            yield match[2]
            yield unquote(match[2])
        for match in self._quoted.finditer(text):
            name, value = match[1] or match[3], match[2] or match[4] or ""
            if name.lower() != "code" or not value.isdigit():
                yield value
        for match in self._pair.finditer(text):
            yield match[3]
            yield unquote(match[3])
            yield unquote_plus(match[3])
            if text[max(match.start() - 1, 0)] == ";":  # a matrix parameter ends with its segment
                yield match[3].partition("/")[0]
        for match in self._member.finditer(text):
            if match[2] is not None:
                yield match[2]
                yield _unescaped(match[2])
            elif match[1].lower() != "code":  # a numeric code is a status, not a secret
                yield match[3]
        for match in self._part.finditer(text):
            yield match[2]

    def _in_json(self, body: Any) -> Iterator[str]:
        """The secrets of a JSON value, at any depth below their names."""
        pending: list[tuple[str, Any]] = [("", body)]  # the secret name that a value is below, and the value
        while pending:
            name, value = pending.pop()
            if isinstance(value, dict):
                for key, member in value.items():
                    pending.append((key if key.lower() in self.names else name, member))
            elif isinstance(value, list):
                pending += [(name, item) for item in value]
            elif name and (isinstance(value, str) or (type(value) is int and name.lower() != "code")):
                yield str(value)

    def _in_headers(self, headers: Headers) -> Iterator[str]:
        for name, value in headers:
            if name in self.names:
                yield value
                secret = value.partition(";")[0] if name == "set-cookie" else value
                for word in re.split(r"[;,\s]+", _SCHEME.sub("", secret)):
                    yield from _unwrapped(word)
                    yield from _unwrapped(word.partition("=")[2])
                if secret[:6].lower() == "basic ":
                    yield _basic_password(secret[6:])
            yield from self._in_text(value)


class Masked:
    """Shows texts and values of one exchange without its secrets."""

    def __init__(self, redactor: Redactor, secrets: Iterable[str]) -> None:
        self._redactor = redactor
        long_enough = {
            spelling
            for secret in secrets
            if len(secret) >= _SHORTEST and secret != MASK
            for spelling in _spellings(secret)
        }
        self._secrets = re.compile(
            "|".join(map(re.escape, sorted(long_enough, key=len, reverse=True))) or r"(?!)"
        )

    def text(self, text: str) -> str:
        """The text with every secret masked."""
        return self._redactor.mask_pairs(self._secrets.sub(MASK, text))

    def value(self, value: Any, path: Iterable[str | int] = ()) -> str:
        """A value as a message shows it, shortened; ``path`` is its place in a body."""
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


def printable(text: str) -> str:
    """Foreign text with characters escaped that break the line, move the cursor or change its direction."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _layers(text: str) -> Iterator[str]:
    """A text and, for texts nested in texts, the same with escapes of URLs and of JSON undone."""
    yield text
    for undo, undo_other in ((unquote, _unslashed), (_unslashed, unquote)):
        layer = text
        for _ in range(_LAYERS):
            before, layer = layer, undo(layer)
            if layer == before:
                break
            yield layer
            yield undo_other(layer)


def _unslashed(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text)


def _unwrapped(word: str) -> Iterator[str]:
    yield word
    yield word.strip('"')
    yield word.rstrip("=")


def _basic_password(credentials: str) -> str:
    try:
        return base64.b64decode(credentials).decode("utf-8", "replace").partition(":")[2]
    except ValueError:
        return ""


def _spellings(secret: str) -> set[str]:
    """The spellings of a secret in URLs, in JSON and in base64."""
    encoded = secret.encode("utf-8", "replace")
    dumped = (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    quoted = (quote(encoded), quote(encoded, safe=""), quote_plus(encoded))
    return {secret, *quoted, *dumped, *_in_base64(encoded)}


def _in_base64(secret: bytes) -> Iterator[str]:
    """The spellings of a long secret in base64, at any offset in the encoded text."""
    for before in range(3) if len(secret) >= _LONG else ():
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(bytes(before) + secret).decode().rstrip("=")
            whole = (before + len(secret)) % 3 == 0
            yield text[-(-before * 4 // 3) : len(text) if whole else -1]


def _json_or_none(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text
