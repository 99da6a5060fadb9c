"""Finds the secrets of an exchange by their places, in texts and in texts that are nested in texts."""

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Any
from urllib.parse import unquote, unquote_plus

from wirecheck.masking.names import GRANT, Names, Strength, alternatives, is_link
from wirecheck.masking.prose import after_words
from wirecheck.masking.shapes import credentials, is_ordinary, is_random, is_trivial, is_words
from wirecheck.masking.texts import (
    MEMBER,
    NAME,
    PAIR,
    SEGMENT,
    SHORTEST,
    USERINFO,
    is_secret,
    is_secret_segment,
)
from wirecheck.model import Exchange
from wirecheck.redact.hints import hinted
from wirecheck.redact.members import MemberNames, is_random_key
from wirecheck.redact.scanning import scanner

_SHORTEST_WITH_DIGITS = 6  # the same for one that has digits
_DEEPEST = 4  # texts within texts
_NESTED = 12  # how much of what is nested is read, in sizes of the exchange
_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|(.))")
AUTH_SCHEME = re.compile(r"([A-Za-z][\w-]*)[ \t]+")
AUTH_PARAMETER = re.compile(r'([A-Za-z][\w-]{0,60}+)="?([^",\s]*+)')
HARMLESS_PARAMETERS = frozenset(
    {
        *(
            "username",
            "realm",
            "uri",
            "algorithm",
            "headers",
            "keyid",
            "qop",
            "nc",
            "signedheaders",
            "version",
        ),
        *("created", "expires", "domain", "stale", "charset", "scope", "error", "oauth_version"),
        *("oauth_signature_method", "oauth_timestamp", "oauth_callback", "timestamp", "method", "title"),
    }
)

ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]{0,100}+)(?:\s[^<>]{0,500}+)?>([^<]*+)")
REDIRECTS = frozenset({"location", "content-location", "referer"})
_FEW = 4
# Segments between slashes. In the first pattern all beyond ASCII counts as a letter, for speed; it names the
# other signs, as a set that has all beyond ASCII takes 2 ms to be compiled.
_INNER_SEGMENT = re.compile(r"/([^\x00-,/:-@\[-^`{-\x7f]{1,100}+)\\?(?=/)")
_NAMED_SEGMENT = re.compile(NAME)
# One of these is in each text that shows a token of a well-known shape.
_SHAPE = (
    r"eyJ|gh[pousr]_|github_pat_|glpat-|[srp]k_(?:live|test)_|whsec_|sk-|xox[a-z]-|xapp-|A(?:KIA|SIA|Iza)|ya29\."
    r"|SG\.|npm_|pypi-|hv[sb]\.|shp(?:at|ss|ca|pa)_|dop_v1_|/B[A-Z0-9]{8}|PRIVATE KEY"
)
# Signs of something nested in a string of JSON. Each longer one goes with what a scanner finds of it: single
# quotes before a colon; escapes, but for those of /, of line breaks and tabs and of letters beyond ASCII; a
# webhook of Slack.
_MARKS = "=%<@"
_LONGER_MARKS = {
    re.compile(r"'(?=\s*+:)"): r"'[^!-~]*:",
    re.compile(r"\\(?![/nrt]|u(?!00[2-7]))"): r"\\(?:[^/nrtu]|u00[2-7])",
    re.compile(r"/B[A-Z0-9]{8}"): r"/B[A-Z0-9]{8}",
}
# A text without signs of another text within it, of which only names can say that something is secret.
_PLAIN = re.compile(r"[^\"%\\@?&]*+")
_KEY = re.compile(r"-----BEGIN [A-Z ]{1,40}-----([^-]*+)")
_REST_OF_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"')
_SPACE = re.compile(r"\s")
_PART_NAME = re.compile(r'name="?([^"\r\n;]{1,100}+)')


class Members(list[tuple[str, Any]]):
    """The members of a JSON object, repeated names included."""


_DECODER = json.JSONDecoder(object_pairs_hook=Members)


class Places:
    """The search of an exchange, or of a part of it, for secrets.

    What is nested in texts is read until all that was read is a multiple of the ``size`` of the exchange.
    """

    def __init__(self, names: Names, members: MemberNames, size: int) -> None:
        self._names = names
        self._members = members
        self._budget = _NESTED * (size + 1000)

    def in_exchange(
        self, exchange: Exchange, in_header: Callable[[str, str], Iterable[str]]
    ) -> Iterator[str]:
        """The values that are secret by their place or their shape, often more than once."""
        yield from self._in_url(exchange.url, 0)
        for headers in (exchange.request_headers, exchange.response_headers):
            for name, value in headers:
                yield from in_header(name, value)
        for body in (exchange.request_body, exchange.response_body):
            if body:
                yield from self._in_text(body.decode("utf-8", "replace"), 0)

    def in_header(self, name: str, value: str) -> Iterator[str]:
        """The secrets of a header."""
        if name in ("authorization", "proxy-authorization"):
            yield from _in_credentials(value)
            return
        if name in ("cookie", "set-cookie"):
            yield from self._in_cookies(value if name == "cookie" else value.partition(";")[0])
        elif is_secret(self._names, name, value):
            yield value
            yield from _in_credentials(value)
        if name in REDIRECTS:  # of a code without state, too
            self._names = self._names.with_codes
        yield from self._in_text(value, 1)

    def _named(self, name: str, *values: str) -> Iterator[str]:
        if is_secret(self._names, name, values[-1]):
            yield from values

    def _in_url(self, url: str, depth: int) -> Iterator[str]:
        for match in USERINFO.finditer(url):
            yield match[2]
            yield unquote(match[2])
        rest, _, fragment = url.partition("#")
        path, _, query = rest.partition("?")
        outer = self._names
        for text in (query, fragment):
            self._names = outer.of(text)
            yield from self._in_query(text, depth)
        self._names = outer
        for part in path.split(";")[1:]:
            yield from self._in_query(part.partition("/")[0], depth)
        yield from self._in_segments(path)
        yield from _shaped(url)

    def _in_query(self, query: str, depth: int) -> Iterator[str]:
        """The secrets of a query or form, in which only & ends a value."""
        for part in query.split("&"):
            name, _, raw = part.partition("=")
            if not raw:
                continue
            name, value = unquote_plus(name), unquote_plus(raw)
            yield from self._named(name, raw, unquote(raw), value)
            if not value.isalnum():
                yield from self._in_text(value, depth + 1)

    def _in_segments(self, path: str) -> Iterator[str]:
        before = ""
        for segment in path.split("/"):
            name, value = before, unquote(segment)
            if is_secret_segment(self._names, name, value):
                yield value
            before = value

    def _in_cookies(self, text: str) -> Iterator[str]:
        for cookie in text.split(";"):
            name, equals, value = cookie.strip().partition("=")
            value = value if equals else name
            if not is_trivial(value):
                yield from (value, value.strip('"'), unquote(value))

    def _in_text(self, text: str, depth: int) -> Iterator[str]:
        """The secrets of a text of any kind: JSON, a URL, a form, XML, or prose."""
        if depth > _DEEPEST or len(text) < SHORTEST or (depth and self._budget < 0):
            return
        self._budget -= len(text) if depth else 0
        outer = self._names
        yield from _shaped(text)
        keys = self._members.of(text) if text.lstrip()[:1] in ("{", "[", '"') else None
        if keys is not None:
            self._names = outer.with_codes if any(name in keys for name in GRANT) else outer
            yield from self._in_json_text(text, keys, depth)
        else:
            self._names = outer.of(text)
            yield from self._in_layers(text, depth)
        self._names = outer

    def _in_layers(self, text: str, depth: int) -> Iterator[str]:
        if _PLAIN.fullmatch(text) and not self._names.has_piece(text):
            self._budget -= len(text)
            return
        for layer in _layers(text):
            yield from self._in_layer(layer, depth)
            self._budget -= len(layer)
            if self._budget < 0:
                break

    def _in_json_text(self, text: str, keys: Iterable[str], depth: int) -> Iterator[str]:
        """The secrets of valid JSON: values below secret names, and texts with signs of more within them."""
        for key in keys:
            if is_random_key(key):
                yield key
        names = [key for key in keys if self._names.strength(key)]
        if any(f'"{name}"' not in text for name in names):  # it is escaped
            yield from self._in_json("", _DECODER.decode(text), depth)
        else:  # a few names are found faster one by one
            alternatives = [*map(re.escape, names)]
            if len(names) > _FEW:
                alternatives = ["|".join(alternatives)]
            for name in alternatives:
                yield from self._below(re.compile(rf'"({name})"\s*+:\s*+'), text, depth)
        marked = "".join(dict.fromkeys(_marked(text, self._segments(text))))
        for string in hinted(marked, self._names):
            yield from self._in_text(json.loads(string, strict=False), depth + 1)

    def _below(self, keys: re.Pattern[str], text: str, depth: int) -> Iterator[str]:
        """The secrets below some keys of a JSON text."""
        match = keys.search(text)
        while match:
            try:
                value, end = _DECODER.raw_decode(text, match.end())
            except ValueError:  # not a key, but within a string
                value, end = None, match.end()
            yield from self._in_json(match[1], value, depth)
            match = keys.search(text, end)

    def _segments(self, text: str) -> re.Pattern[str] | None:
        """A pattern for the segments of paths in a text that mention a secret."""
        if not _may_have_piece(self._names.pieces)(text):
            return None
        segments = sorted(filter(self._names.word_has_piece, set(_INNER_SEGMENT.findall(text))))
        secret = (
            segment
            for segment in segments
            if _NAMED_SEGMENT.fullmatch(segment) and (self._names.is_mentioned(segment) or is_link(segment))
        )
        named = "|".join(map(re.escape, secret))
        return re.compile(rf"/(?:{named})\\?/") if named else None

    def _in_layer(self, text: str, depth: int) -> Iterator[str]:
        if "=" in text or "%3" in text:
            yield from self._in_pairs(text, depth)
        if ":" in text:
            for match in MEMBER.finditer(text):
                value = match[3] or match[4] or match[5] or ""
                yield from self._named(match[2], value, _unslashed(value))
        if "<" in text:
            for match in ELEMENT.finditer(text):
                yield from self._named(match[1], match[2])
        if "/" in text:
            yield from self._in_path(text)
        if "name=" in text:
            yield from self._in_parts(text)
        if _SPACE.search(text):
            yield from (text[start:end] for start, end in after_words(text, self._names))

    def _in_path(self, text: str) -> Iterator[str]:
        """The password of a user, and the path segments behind a word for a secret."""
        if "//" in text:
            for match in USERINFO.finditer(text):
                yield match[2]
        for match in SEGMENT.finditer(text):
            if is_secret_segment(self._names, match[1], match[2]):
                yield match[2]

    def _in_pairs(self, text: str, depth: int) -> Iterator[str]:
        if "?" in text and "\n" not in text:
            for part in text.split("?")[1:]:
                yield from self._in_query(part.partition("#")[0], depth + 1)
        elif "&" in text:
            yield from self._in_query(text, depth + 1)
        for match in PAIR.finditer(text):
            yield from self._named(match[1] + match[2], match[4], unquote_plus(match[4]))
            if "?" in match[4]:  # href="/?token=..."
                yield from self._in_query(match[4].partition("?")[2], depth + 1)
            if text[match.start() - 1 : match.start()] == ";":  # a matrix parameter ends with its segment
                yield from self._named(match[1], match[4].partition("/")[0])

    def _in_parts(self, text: str) -> Iterator[str]:
        """The secrets of a multipart form, read line by line."""
        name, in_headers, value = "", False, list[str]()
        for line in text.split("\n"):
            bare = line.rstrip("\r")
            if bare.startswith("--") and (value or in_headers):
                yield from self._named(name, "\n".join(value))
                name, in_headers, value = "", False, []
            if not name and (match := _PART_NAME.search(bare)):
                name, in_headers = match[1], True
            elif in_headers:
                in_headers = bool(bare)
            elif name:
                value.append(bare)
        yield from self._named(name, "\n".join(value))

    def _in_json(self, name: str, body: Any, depth: int) -> Iterator[str]:
        """The secrets of a JSON value that is below a secret name, at any depth."""
        pending: list[tuple[str, Any]] = [
            (name, body)
        ]  # the secret name that a value is below, and the value
        while pending:
            name, value = pending.pop()
            if isinstance(value, Members):
                for key, member in value:
                    if is_random(key):
                        yield from self._named(name, key)
                    pending.append((key if self._names.strength(key) else name, member))
            elif isinstance(value, list):
                pending += [(name, item) for item in value]
            elif isinstance(value, str):
                yield from self._named(name, value)
                if not value.isalnum():
                    yield from self._in_text(value, depth + 1)
            elif type(value) is int and self._names.strength(name) is Strength.STRONG:
                yield str(value)


def worth_masking(secret: str) -> bool:
    """Whether a secret is distinctive enough to be masked wherever it is repeated."""
    if is_trivial(secret) or is_ordinary(secret):
        return False
    has_digits = any(map(str.isdigit, secret))
    return len(secret) >= (_SHORTEST_WITH_DIGITS if has_digits else SHORTEST)


def _in_credentials(value: str) -> Iterator[str]:
    """The secrets of an Authorization header: what follows its scheme, or the parameters that are secret."""
    scheme = AUTH_SCHEME.match(value)
    rest = value[scheme.end() :].strip() if scheme else value.strip()
    if not re.search(r"[\s,]", rest):
        yield from (rest, rest.strip('"'), rest.rstrip("="))
    for match in AUTH_PARAMETER.finditer(rest):
        if match[1].lower() not in HARMLESS_PARAMETERS and not is_words(match[2]):
            is_scoped = match[1].lower() == "credential"  # AWS: key/date/region/service/aws4_request
            yield match[2].partition("/")[0] if is_scoped else match[2]
    if scheme and scheme[1].lower() == "basic":
        yield _basic_password(rest)


def _basic_password(credentials: str) -> str:
    try:
        return base64.b64decode(credentials).decode("utf-8", "replace").partition(":")[2]
    except ValueError:
        return ""


def _shaped(text: str) -> Iterator[str]:
    if not scanner(_SHAPE)(text):
        return
    for start, end in credentials(text):
        yield text[start:end]
        if key := _KEY.match(text, start, end):
            yield from _unslashed(key[1]).split()


@lru_cache(maxsize=16)
def _may_have_piece(pieces: frozenset[str]) -> Callable[[str], bool]:
    """What says whether segments of paths in a text may have any of the pieces of names."""
    return scanner(rf"(?i)/[^\x00-,/:-@\[-^`{{-\x7f]*(?:{alternatives(pieces)}|\u0130)")


def _marked(text: str, segments: re.Pattern[str] | None) -> Iterator[str]:
    """The strings of a JSON text in which more may be nested, with their quotes and escapes."""
    for mark in _MARKS:
        yield from _strings(text, partial(text.find, mark))
    patterns = [pattern for pattern, mark in _LONGER_MARKS.items() if scanner(mark)(text)]
    for pattern in (*patterns, segments) if segments else patterns:
        yield from _strings(text, partial(_found, pattern, text))


def _found(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.search(text, start)
    return match.start() if match else -1


def _strings(text: str, find: Callable[[int], int]) -> Iterator[str]:
    """The strings of a JSON text that have what is found from an index on."""
    at = find(0)
    while at >= 0:
        start = text.rfind('"', 0, at)
        rest = _REST_OF_STRING.match(text, start + 1)
        if not rest:
            break
        yield text[start : rest.end()]
        at = find(rest.end())


def _layers(text: str) -> Iterator[str]:
    """A text and, for texts nested in texts, the same with escapes of URLs and of JSON undone."""
    yield text
    undoings: tuple[tuple[Callable[[str], str], Callable[[str], str]], ...] = (
        (unquote, _unslashed),
        (_unslashed, unquote),
    )
    for undo, undo_other in undoings:
        layer = text
        for _ in range(_DEEPEST - 1):
            before, layer = layer, undo(layer)
            if layer == before:
                break
            yield layer
            other = undo_other(layer)
            if other != layer:
                yield other


def _unslashed(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text)


def distinct(secrets: Iterable[str]) -> list[str]:
    """The secrets that are worth masking, each once."""
    return [secret for secret in dict.fromkeys(secrets) if worth_masking(secret)]
