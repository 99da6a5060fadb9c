"""Mutates values and texts by their structure; the same seed makes the same mutations."""

import json
import random
import re
from collections.abc import Callable, Sequence
from typing import Any

Json = Any
Path = tuple[str | int, ...]

LONGEST = 90_000  # bytes of an input

# fmt: off
TEXTS = (
    "", " ", "a", "0", "-1", "1e999", "null", "true", "NaN", "~", "-", ".", "..", "/", "//", "#", "?", "&",
    "=", "\x00", "\x1b[2J", "\x1b]0;x\x07", "\x9b2J", "\x7f", "\r", "\n", "\t", "\x85", "\u2028", "\u202e",
    "\u2066", "\ud800", "\udc80", "\ufeff", "\uffff", "\U0001f600", "e\u0301", "\xdf", "\u0130", "\u0661",
    "\u00b2", "%", "%00", "%ff", "%2e%2e", "%2F", "%C3%28", "+", "\\", "\\u", "\\ud800", "'", '"', "`",
    "<script>", "${x}", "{", "}", "{}", "{a}", "{{", "[", "]", "[]", "(", ")", "*", "(a+)+$", "[a-",
    "(?P<a>b)", "\\p{L}", "^$", "|", "text/html", "application/json", "*/*", ";", ",", ":", "=;", "boundary=",
    "Bearer", "Basic", "--", "__proto__", "9" * 25, "9" * 5000, "0.1", "-0", "0x1F", "1_000", "2021-02-30",
    "2021-02-28T25:61:61Z", "http://[::1", "//x", "javascript:alert(1)", "file:///etc/passwd",
    "http://127.0.0.1:9/", "#/", "#/components/schemas/A", "%d%s{0}",
)
NUMBERS = (
    0, -1, 1, 2, 255, 256, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63)-1, 10**30, 10**400, -(10**4000), 0.5,
    -0.0, 1e-320, 1e308, 0.1 + 0.2, float("nan"), float("inf"), float("-inf"),
)
_SPECIALS: tuple[Json, ...] = (
    None, True, False, [], {}, [[]], [None], {"": ""}, {"$ref": "#"}, {"$ref": "#/"}, {"a": {"$ref": 1}},
)
_PIECES = (
    b"", b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r\n", b"\n", b"\r", b"\n\n", b" ",
    b"\t", b'"', b"'", b"{", b"}", b"[", b"]", b",", b":", b": ", b"- ", b"#", b"&a ", b"*a", b"<<: *a",
    b"!!binary ", b"|\n", b">-\n", b"%YAML 1.1\n---\n", b"---\n", b"...\n", b"? ", b"null", b"NaN", b"1e999",
    b"-", b"\\ud800", b"\\u0000", b"\\", b"%", b"=", b"&", b";", b"--", b"\x1b[2J", b"\xc2\x9b",
    b"\xe2\x80\xae", b"9" * 400, b"[" * 300, b'{"a":' * 200,
)
# fmt: on
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\w.+-]+|\s+|.', re.DOTALL)


class Mutator:
    """Random mutations. ``vocabulary`` are members of the format: names, and values that they may have."""

    def __init__(self, seed: object, vocabulary: dict[str, Sequence[Json]] | None = None) -> None:
        self.random = random.Random(repr(seed))
        self._vocabulary = vocabulary or {}
        self._names = list(self._vocabulary)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def times(self) -> int:
        """How many mutations are made at once: mostly one or two."""
        return self.random.choice((1, 1, 1, 1, 2, 2, 4))

    # Values.

    def value(self, value: Json) -> Json:
        """A JSON value with some mutations; the given one is left as it is."""
        for _ in range(self.times()):
            value = self._at(value, self._path(value))
        return value

    def leaf(self, value: Json) -> Json:
        """The value with a text or number of it altered, but of the same type; a gentle mutation."""
        return self._at(value, self._path(value, 0.0), change=_alter)

    def _path(self, value: Json, stop: float = 0.05) -> Path:
        """The path to a random part of a value; at each level it ends with some probability."""
        path: list[str | int] = []
        while isinstance(value, dict | list) and value and not self.chance(stop):
            if isinstance(value, dict):
                name, value = self.random.choice(list(value.items()))
                path.append(name)
            else:
                index = self._index(value)
                path.append(index)
                value = value[index]
        return tuple(path)

    def _index(self, items: Sequence[Json]) -> int:
        return self.random.randrange(len(items))

    def _at(self, value: Json, path: Path, whole: Json = None, change: "Change | None" = None) -> Json:
        """The value with its part at a path changed; what is not on the path is shared."""
        whole = value if whole is None else whole
        if not path:
            return (change or self.random.choice(_CHANGES))(self, value, whole)
        key, rest = path[0], path[1:]
        if not rest and change is None and self.chance(0.4):
            return self._member(value, str(key)) if isinstance(value, dict) else self._item(value, int(key))
        if isinstance(value, dict):
            return {
                name: self._at(inner, rest, whole, change) if name == key else inner
                for name, inner in value.items()
            }
        return [
            self._at(inner, rest, whole, change) if index == key else inner
            for index, inner in enumerate(value)
        ]

    def _member(self, value: dict[str, Json], key: str) -> Json:
        """An object with one of its members renamed, left out, added or repeated below another name."""
        choice = self.random.randrange(7)
        if choice > 3 and self._vocabulary.get(key):
            return {**value, key: self.random.choice(self._vocabulary[key])}
        if choice == 0:
            return {name: inner for name, inner in value.items() if name != key}
        if choice == 1:
            return {(self.name() if name == key else name): inner for name, inner in value.items()}
        if choice == 2:
            return {**value, self.name(): value[key]}
        name = self.name()
        return {**value, name: self.random.choice(self._vocabulary.get(name) or [self.scalar()])}

    def _item(self, value: list[Json], index: int) -> Json:
        choice = self.random.randrange(4)
        if choice == 0:
            return value[:index] + value[index + 1 :]
        if choice == 1:
            return [*value, value[index]]
        if choice == 2:
            return value[::-1]
        return [*value[:index], self.scalar(), *value[index:]]

    def name(self) -> str:
        """The name of a member: one that the format knows, or a hostile one."""
        if self._names and self.chance(0.75):
            return self.random.choice(self._names)
        return self.text()

    def scalar(self) -> Json:
        return self.random.choice((self.text, self.number, lambda: self.random.choice(_SPECIALS)))()

    def number(self) -> int | float:
        return self.random.choice(NUMBERS) if self.chance(0.7) else self.random.randint(-5, 600)

    def text(self) -> str:
        """A hostile text."""
        text = self.random.choice(TEXTS)
        if self.chance(0.15):
            text += self.random.choice(TEXTS)
        if self.chance(0.01):
            text = (text or "a") * self.random.choice((10, 100, 2000))
        return text[:20_000]

    def within(self, text: str) -> str:
        """A text with a piece of it replaced, left out or repeated."""
        start = self.random.randint(0, len(text))
        end = min(len(text), start + self.random.choice((0, 0, 1, 1, 2, 5, 40)))
        piece = self.random.choice((self.text, lambda: "", lambda: text[start:end] * 2))()
        if self.chance(0.004):
            piece = (text[start:end] or piece or "a") * self.random.choice((100, 1000, 8000))
        return (text[:start] + piece + text[end:])[:LONGEST]

    # Texts.

    def content(self, content: bytes) -> bytes:
        """Bytes with some mutations between tokens, or anywhere."""
        for _ in range(self.times()):
            content = self._content(content)
        return content[:LONGEST]

    def _content(self, content: bytes) -> bytes:
        length = len(content)
        start = self.random.randint(0, length)
        if self.chance(0.6):  # at the border of a token
            match = _TOKEN.match(content, start)
            start, end = (match.start(), match.end()) if match else (length, length)
        else:
            end = min(length, start + self.random.choice((0, 1, 1, 2, 8, 64, 400)))
        choice = self.random.random()
        if choice < 0.35:
            return content[:start] + self.random.choice(_PIECES) + content[end:]
        if choice < 0.5:
            return content[:start] + content[end:]
        if choice < 0.62:
            text = self.text().encode("utf-8", "surrogatepass")
            return content[:start] + text + content[end:]
        if choice < 0.72:  # a piece from elsewhere
            other = self.random.randint(0, length)
            return (
                content[:start] + content[other : other + self.random.choice((1, 8, 64, 500))] + content[end:]
            )
        if choice < 0.8:
            return content[:start]
        if choice < 0.9:
            lines = content.split(b"\n")
            index, other = self._index(lines), self._index(lines)
            lines[index], lines[other] = lines[other], lines[index]
            return b"\n".join(lines)
        if choice < 0.992:
            return content[:start] + content[start:end] * 2 + content[end:]
        piece = content[start:end] or self.random.choice(_PIECES) or b"a"
        count = min(self.random.choice((50, 1000, 20_000)), LONGEST // len(piece))
        return content[:start] + piece * count + content[end:]

    def json(self, value: Json, *, one_line: bool = False) -> bytes:
        """A JSON text for a value, in one of many spellings, some of them wrong."""
        options: dict[str, Any] = {"ensure_ascii": self.chance(0.5)}
        if not one_line and self.chance(0.2):
            options["indent"] = 1
        text = json.dumps(value, **options)
        if self.chance(0.03) and text[:1] == "{" and len(text) > 2:
            text = "{" + text[1:-1] + ", " + text[1:]  # every member twice
        content = text.encode("utf-8", "surrogatepass")
        if self.chance(0.03):
            content = b"\xef\xbb\xbf" + content
        return self._content(content) if self.chance(0.05) else content


Change = Callable[[Mutator, Json, Json], Json]


def _replace(mutator: Mutator, value: Json, whole: Json) -> Json:
    return mutator.scalar()


def _alter(mutator: Mutator, value: Json, whole: Json) -> Json:
    """A value of the same type that differs a little."""
    if isinstance(value, str):
        return mutator.within(value)
    if isinstance(value, bool) or value is None:
        return mutator.random.choice((True, False, None, 0, 1, "true", ""))
    if isinstance(value, int | float):
        return mutator.random.choice(
            (value + 1, -value, f"{value}", value * 0.5 if abs(value) < 2**60 else 0, mutator.number())
        )
    return value[:1] if isinstance(value, list) else dict(list(value.items())[:1])


def _elsewhere(mutator: Mutator, value: Json, whole: Json) -> Json:
    """A part from elsewhere in the whole."""
    for key in mutator._path(whole):
        whole = whole[key]
    return whole


def _known(mutator: Mutator, value: Json, whole: Json) -> Json:
    """A value that some member of the format may have."""
    if not mutator._names:
        return mutator.scalar()
    return mutator.random.choice(mutator._vocabulary[mutator.random.choice(mutator._names)] or [None])


def _wrap(mutator: Mutator, value: Json, whole: Json) -> Json:
    """The value within lists or objects."""
    depth = mutator.random.choice((1, 1, 1, 2, 3, 30)) if mutator.chance(0.98) else 400
    name = mutator.name() if mutator.chance(0.5) else None
    for _ in range(depth):
        value = [value] if name is None else {name: value}
    return value


def _repeat(mutator: Mutator, value: Json, whole: Json) -> Json:
    """Many values of the kind."""
    count = mutator.random.choice((2, 3, 10)) if mutator.chance(0.97) else mutator.random.choice((100, 2000))
    size = len(json.dumps(value)) + 10
    count = min(count, max(2, LONGEST // size))
    return [value] * count if mutator.chance(0.5) else {f"a{number}": value for number in range(count)}


def _refer(mutator: Mutator, value: Json, whole: Json) -> Json:
    """A reference to some part of the whole, perhaps to one around the value."""
    keys = (str(key).replace("~", "~0").replace("/", "~1") for key in mutator._path(whole))
    return {"$ref": "#" + "".join(f"/{key}" for key in keys)}


_CHANGES: tuple[Change, ...] = (
    *(_replace, _replace, _alter, _alter, _alter, _alter, _elsewhere, _elsewhere),
    *(_known, _known, _wrap, _repeat, _refer),
)
