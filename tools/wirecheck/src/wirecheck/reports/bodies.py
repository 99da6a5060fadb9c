"""Excerpts of bodies, masked: the part of a value where a pointer leads, printed for people."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from wirecheck.decode import FIELDS, UndecodableError, essence, form_pairs, json_value
from wirecheck.model import LimitError, MarkedLines
from wirecheck.redact import MASK, Masked, encodable, printable
from wirecheck.spec.document import tokens

_LARGEST = 32 * 1024 * 1024  # bytes of a body that is read again
_LINES = 40  # of an excerpt
_LONGEST = 240  # characters of a line
_READ = 64 * 1024  # characters of a text, whose beginning is shown
_FEW, _SHORT = 4, 60  # scalars that are shown on one line, and its characters
_BESIDE = 4  # members or items that are shown before and after one
_INSIDE = 12  # members or items of what a pointer leads to
_ABOVE = 6  # levels above it
_INDENT = "  "
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]{0,100}+)(?:\s[^<>]{0,500}+)?>([^<]++)")
_PART = re.compile(
    r'name="?([^"\r\n;]{1,100}+)"?[^\r\n]*+(?:\r?\n[^\r\n]++)*+\r?\n\r?\n(.*?)(?=\r?\n--|$)', re.DOTALL
)
_Path = tuple[str | int, ...]
_Line = tuple[str, bool]
"""A line, and whether it is marked."""


def body_excerpt(
    body: bytes | None, content_type: str, pointer: str | None, masked: Masked
) -> tuple[MarkedLines | None, str]:
    """An excerpt of a body, and what the body is; None where it cannot be shown."""
    if body is None:
        return None, "not recorded"
    if not body:
        return None, "empty"
    size = f"{len(body):,} byte{'' if len(body) == 1 else 's'}"
    name = essence(content_type)
    value = _value(body, content_type)
    if value is not None:
        lines = list(_of_value(value, pointer, masked))
        note = f"{'form' if name in FIELDS else 'JSON'}, {size}"
    elif (text := shown_text(body, masked)) is not None:
        lines = [(line.rstrip("\r"), False) for line in text.split("\n")]
        if len(lines) > _LINES:
            lines = [*lines[: _LINES - 1], ("…", False)]
        note = f"text, {size}"
    else:
        return None, f"binary, {size}"
    return _excerpt(lines, masked), note


def _form(body: bytes, content_type: str) -> dict[str, Any]:
    """A form as an object; a name that is repeated has a list. Raises UndecodableError."""
    fields: dict[str, Any] = {}
    for name, value in form_pairs(body, content_type):
        if name not in fields:
            fields[name] = value
        elif isinstance(fields[name], list):
            fields[name].append(value)
        else:
            fields[name] = [fields[name], value]
    return fields


def shown_text(body: bytes, masked: Masked) -> str | None:
    """The beginning of a text without its secrets; None where the body is no text."""
    cut = body[:_READ]
    try:
        text = cut.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(body) <= _READ or error.start < len(cut) - 3:
            return None
        text = cut[: error.start].decode("utf-8-sig")
    if "\0" in text:
        return None
    for pattern in (_ELEMENT, _PART):
        text = pattern.sub(lambda match: _without_secret(match, masked), text)
    return masked.text(text)


def _without_secret(match: re.Match[str], masked: Masked) -> str:
    if not masked.is_secret(match[2], (match[1],)):
        return match[0]
    start, end = (place - match.start() for place in match.span(2))
    return f"{match[0][:start]}{MASK}{match[0][end:]}"


def _value(body: bytes, content_type: str) -> Any:
    """The value of a JSON body or a form, None of another one."""
    if len(body) > _LARGEST:
        return None
    try:
        if essence(content_type) in FIELDS:
            return _form(body, content_type)
        return json_value(body) if body.lstrip()[:1] in (b"{", b"[") else None
    except (UndecodableError, LimitError):
        return None


def _excerpt(lines: Sequence[_Line], masked: Masked) -> MarkedLines | None:
    """The lines, masked as one text; None where a secret extends over several of them."""
    shown = masked.text("\n".join(_line(text) for text, _ in lines)).split("\n")
    if len(shown) != len(lines):
        return None
    marked = [index for index, (_, is_marked) in enumerate(lines) if is_marked]
    return MarkedLines(lines=tuple(shown), marked=(marked[0], marked[-1] + 1) if marked else (0, 0))


def _line(text: str) -> str:
    text = printable(encodable(text.replace("\t", _INDENT)))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _of_value(value: Any, pointer: str | None, masked: Masked) -> Iterator[_Line]:
    """The value at a pointer, or the last one that exists on the way to it, within what it is in."""
    ancestors: list[Any] = [value]
    path: _Path = ()
    for token in tokens(pointer or ""):
        key = _key(ancestors[-1], token, masked)
        if key is None:
            break
        path = (*path, key)
        ancestors.append(ancestors[-1][key])
    skipped = max(0, len(path) - _ABOVE)
    if skipped:
        yield _at(path[:skipped], masked), False
    printer = _Printer(masked, path, is_marked=pointer is not None)
    yield from printer.lines(ancestors[skipped], path[:skipped], "", "")


def _at(path: _Path, masked: Masked) -> str:
    names = "/".join(masked.pointer(str(key)) for key in path[-2 * _ABOVE :])
    return f"… /{names}" if len(path) > 2 * _ABOVE else f"/{names}"


def _key(value: Any, token: str, masked: Masked) -> str | int | None:
    """The key for a token of a pointer, in which secrets are masked."""
    if isinstance(value, list):
        return int(token) if token.isascii() and token.isdigit() and int(token) < len(value) else None
    if not isinstance(value, dict):
        return None
    if token in value:
        return token
    if MASK not in token and not token.endswith("…"):
        return None
    return next((key for key in value if masked.pointer(key) == token), None)


class _Printer:
    """Prints what is on a path, and something of what is beside it."""

    def __init__(self, masked: Masked, path: _Path, *, is_marked: bool) -> None:
        self._masked = masked
        self._path = path
        self._is_marked = is_marked
        self._left = _INSIDE * 2  # lines

    def lines(self, value: Any, path: _Path, label: str, end: str) -> Iterator[_Line]:
        """The lines of a value that is on the path, all but the last of its levels opened."""
        if path == self._path:
            yield from self._end(value, path, label, end)
            return
        indent = _INDENT * self._depth(path)
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        yield f"{indent}{label}{opening}", False
        key = self._path[len(path)]
        if isinstance(value, dict):
            keys: Sequence[Any] = list(value)
            place = keys.index(key)
        else:
            keys, place = range(len(value)), int(key)
        first, after = max(0, place - _BESIDE), min(len(keys), place + _BESIDE + 1)
        yield from self._omitted(first, indent)
        for index in range(first, after):
            child = (*path, keys[index])
            label, comma = self._label(keys[index]), "," if index < len(keys) - 1 else ""
            if index == place:
                yield from self.lines(value[key], child, label, comma)
            else:
                yield f"{indent}{_INDENT}{label}{self._short(value[keys[index]], child)}{comma}", False
        yield from self._omitted(len(keys) - after, indent)
        yield f"{indent}{closing}{end}", False

    def _end(self, value: Any, path: _Path, label: str, end: str) -> Iterator[_Line]:
        """What the path leads to, opened as far as there are lines left."""
        indent = _INDENT * self._depth(path)
        self._left -= 1
        if not isinstance(value, dict | list) or not value or self._left <= 0:
            yield f"{indent}{label}{self._short(value, path)}{end}", self._is_marked
            return
        keys: Sequence[Any] = list(value) if isinstance(value, dict) else range(len(value))
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        yield f"{indent}{label}{opening}", self._is_marked
        for index, key in enumerate(keys):
            if index >= _INSIDE or self._left <= 0:
                for text, _ in self._omitted(len(keys) - index, indent):
                    yield text, self._is_marked
                break
            comma = "," if index < len(keys) - 1 else ""
            yield from self._end(value[key], (*path, key), self._label(key), comma)
        yield f"{indent}{closing}{end}", self._is_marked

    def _omitted(self, count: int, indent: str) -> Iterator[_Line]:
        if count > 0:
            yield f"{indent}{_INDENT}… {count:,} more", False

    def _depth(self, path: _Path) -> int:
        return len(path) - max(0, len(self._path) - _ABOVE)

    def _label(self, key: str | int) -> str:
        return f"{self._masked.json(_cut(key))}: " if isinstance(key, str) else ""

    def _short(self, value: Any, path: _Path) -> str:
        """A value on one line; of one that does not fit there only whether anything is in it."""
        if isinstance(value, dict | list):
            opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
            members = list(value.items()) if isinstance(value, dict) else list(enumerate(value[: _FEW + 1]))
            if len(members) <= _FEW and not any(isinstance(member, dict | list) for _, member in members):
                shown = (f"{self._label(key)}{self._short(member, (*path, key))}" for key, member in members)
                line = f"{opening}{', '.join(shown)}{closing}"
                return line if len(line) <= _SHORT else f"{opening}…{closing}"
            return f"{opening}…{closing}"
        if self._masked.is_secret(value, path):
            return f'"{MASK}"'
        return self._masked.json(_cut(value))


def _cut(value: Any) -> Any:
    return value[:_READ] if isinstance(value, str) else value
