"""Where a text has secrets by the names beside them, however short they are."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

from wirecheck.masking.names import Names
from wirecheck.masking.prose import after_words
from wirecheck.masking.shapes import is_ordinary, is_trivial, is_words
from wirecheck.masking.spellings import Span
from wirecheck.masking.texts import MEMBER, PAIR, SEGMENT, USERINFO, is_secret, is_secret_segment
from wirecheck.redact.places import AUTH_PARAMETER, AUTH_SCHEME, ELEMENT, HARMLESS_PARAMETERS, REDIRECTS

# A member of JSON that is a string of JSON.
_NESTED = re.compile(
    r"(?<!\\)\\++\"([^\"\\\r\n]{1,100}+)\\++\"\s*+:\s*+(?:\\++\"([^\"\\]*+)|(-?[0-9][0-9.eE+-]*+))"
)
_SHORTEST = 4  # characters of a value in an object or an array below a secret name, and of a cookie
_HOLDER = re.compile(r"\"((?:[^\"\\]|\\.){1,100}+)\"\s*+:\s*+(?=([\[{]))")
_TOKEN = re.compile(r"\"((?:[^\"\\]|\\.)*+)\"(\s*+:)?|-?[0-9][0-9.eE+-]*+|[\[\]{}]", re.DOTALL)
_STRING = re.compile(r"\"((?:[^\"\\]|\\.)*+)\"", re.DOTALL)
_SPACE = re.compile(r"\s")
_PART_NAME = re.compile(r"name=\"?([^\"\r\n;]{1,100}+)")
_VALUE = re.compile(r"(?:^|;)[ \t]*+(?:([^=;]*+)=)?([^;]*+)")


def in_text(text: str, names: Names) -> Iterator[Span]:
    """The secrets of a text of any kind, as far as their names stand beside them."""
    names = names.of(text)
    yield from (match.span(2) for match in USERINFO.finditer(text))
    yield from _named(text, names)
    yield from _in_json(text, names) if text.lstrip()[:1] in ("{", "[") else _in_other(text, names)


def _named(text: str, names: Names) -> Iterator[Span]:
    """The secrets in pairs, in segments of paths, and in members of JSON, wherever these stand."""
    if "=" in text or "%3" in text:
        for match in PAIR.finditer(text):
            if is_secret(names, match[1] + match[2], unquote_plus(match[4])):
                yield match.span(4)
    for match in SEGMENT.finditer(text):
        if is_secret_segment(names, match[1], match[2]):
            yield match.span(2)
    for pattern, groups in ((MEMBER, (3, 4, 5)), (_NESTED, (2, 3))):
        for match in pattern.finditer(text):
            group = next((group for group in groups if match[group]), 0)
            if group and is_secret(names, match[groups[0] - 1], match[group]):
                yield match.span(group)


def _in_json(text: str, names: Names) -> Iterator[Span]:
    """The secrets of a JSON text below secret names, and those in prose within its strings."""
    yield from _below(text, names)
    for match in _STRING.finditer(text):
        if " " in match[1]:
            start = match.start(1)
            yield from ((start + first, start + last) for first, last in after_words(match[1], names))


def _in_other(text: str, names: Names) -> Iterator[Span]:
    """The secrets in elements of XML, in parts of a multipart form, and in prose."""
    for match in ELEMENT.finditer(text):
        if is_secret(names, match[1], match[2]):
            yield match.span(2)
    if "name=" in text:
        yield from _parts(text, names)
    if _SPACE.search(text):
        yield from after_words(text, names)


def _parts(text: str, names: Names) -> Iterator[Span]:
    """The secrets of a multipart form, read line by line."""
    name, in_headers, offset, start, end = "", False, 0, 0, 0
    for line in text.split("\n"):
        bare = line.rstrip("\r")
        if bare.startswith("--"):
            if start < end and is_secret(names, name, text[start:end]):
                yield start, end
            name, in_headers, start, end = "", False, 0, 0
        elif not name:
            match = _PART_NAME.search(bare)
            name, in_headers = (match[1], True) if match else ("", False)
        elif in_headers:
            in_headers = bool(bare)
            start = offset + len(line) + 1
        else:
            end = offset + len(bare)
        offset += len(line) + 1


def _below(text: str, names: Names) -> Iterator[Span]:
    """The values in objects and arrays below secret names of a JSON text."""
    end = 0
    for holder in _HOLDER.finditer(text):
        if holder.start() < end or not names.strength(holder[1]):
            continue
        depth = 0
        for match in _TOKEN.finditer(text, holder.end()):
            if match[0] in ("{", "["):
                depth += 1
            elif match[0] in ("}", "]"):
                depth -= 1
            elif not match[2]:  # not a name
                group = 0 if match[1] is None else 1
                if len(match[group]) >= _SHORTEST and _is_secret_below(names, holder[1], match[group]):
                    yield match.span(group)
            end = match.end()
            if not depth:
                break


def _is_secret_below(names: Names, name: str, value: str) -> bool:
    return (
        is_secret(names, name, value) and not is_ordinary(value) and (value.isdigit() or not is_words(value))
    )


def in_header(name: str, value: str, names: Names) -> Iterator[Span]:
    """The secrets of a header; those of Basic credentials are encoded, and not among them."""
    if name in ("authorization", "proxy-authorization"):
        yield from _in_credentials(value)
        return
    if name in ("cookie", "set-cookie"):
        for match in _VALUE.finditer(value):
            if _is_secret_cookie(names, match[1] or "", unquote(match[2])):
                yield match.span(2)
            if name == "set-cookie":
                return
        return
    if is_secret(names, name, value):
        yield 0, len(value)
    yield from in_text(value, names.with_codes if name in REDIRECTS else names)


def _in_credentials(value: str) -> Iterator[Span]:
    scheme = AUTH_SCHEME.match(value)
    start = scheme.end() if scheme else 0
    if not re.search(r"[\s,]", value[start:].strip()):
        yield start, len(value)
        return
    for match in AUTH_PARAMETER.finditer(value, start):
        if match[1].lower() not in HARMLESS_PARAMETERS and not is_words(match[2]):
            is_scoped = match[1].lower() == "credential"  # AWS: key/date/region/service/aws4_request
            size = len(match[2].partition("/")[0] if is_scoped else match[2])
            yield match.start(2), match.start(2) + size


def _is_secret_cookie(names: Names, name: str, value: str) -> bool:
    """Whether a cookie is secret: any one that is not a word, and one with the name of a secret."""
    if is_trivial(value) or is_ordinary(value):
        return False
    return names.strength(name) > 0 or (len(value) >= _SHORTEST and not is_words(value))
