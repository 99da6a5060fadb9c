"""The part of a JSON body that an expression depends on: converting the rest for CEL would be wasted."""

import re
from typing import Any

import msgspec

_DEEPEST = 50  # levels of a body, far more than any law names

_WORD = re.compile(r"[A-Za-z_]\w*")
_LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_WALKS = "all|exists|exists_one|filter|map"
_WALK = re.compile(rf"\s*\.\s*({_WALKS})\s*\(")
_BINDING = re.compile(rf"(\]?)(\s*\.\s*(?:{_WALKS})\s*\()\s*([A-Za-z_]\w*)\s*,")
_MEMBER, _ITEM = "_member_", "_item_"  # stand for ['...'] and [0]
_INDICES = (
    (re.compile(r"(?<=[\w)\]])\s*\[\s*''\s*\]"), f".{_MEMBER}"),
    (re.compile(r"(?<=[\w)\]])\s*\[\s*(?:\d+|size\([^()]*\)\s*-\s*\d+)\s*\]"), f".{_ITEM}"),
)
_UNCLEAR = re.compile(r"[\w)\]]\s*\[|\?|(?<![\w\s])\s*\(\s*[\w.]+\s*\)")  # a[b], choices, (a)
_PATH = re.compile(r"(?<!\w)[A-Za-z_]\w*(?!\w*\s*\()(?:\s*\.\s*[A-Za-z_]\w*(?!\w*\s*\())*")
_CALL = re.compile(r"(\w+)\s*\(\s*$")
_IN = re.compile(r"\bin\b")
_LATER = re.compile(r"[@,]\s*$")
_IS_NULL = re.compile(r"\s*[!=]=\s*null\b")
_COMPARING = {"distinct", "without", "", *_WALKS.split("|")}
_OF_LISTS = {"ascending", "descending", "distinct", "size", "sorted", "without"}


def bare(text: str) -> str:
    """An expression with all its literals emptied."""
    return _LITERAL.sub("''", text)


def bound(text: str) -> set[str]:
    """The names that an expression binds in all(), exists(), filter() and map()."""
    return {name for _, _, name in _BINDING.findall(bare(text))}


class WholeValueError(Exception):
    """The expression depends on all of a value: it may walk over the keys of an object."""


class Excerpt:
    """Reduces objects to the members that an expression names.

    Objects that the expression may compare keep a digest of their other members.
    """

    def __init__(self, text: str) -> None:
        literals = {single or double for single, double in _LITERAL.findall(text)}
        self._names = literals.union(_WORD.findall(text))
        self._compared, self._walked = set[str](), set[str]()
        self._all_compared = False
        paths = _IN.sub("@", bare(text))
        for index, name in _INDICES:
            paths = index.sub(name, paths)
        self._all_walked = _UNCLEAR.search(paths) is not None
        items = {"item", "self", _ITEM, *(name for listed, _, name in _BINDING.findall(paths) if not listed)}
        paths = _BINDING.sub(r"\1\2", paths)
        for path in _PATH.finditer(paths):
            walked, compared = _use(paths, path)
            end = _WORD.findall(path[0])[-1]
            if end in items:
                self._all_walked |= walked
                self._all_compared |= compared
            else:
                names = literals if end == _MEMBER else {end}
                self._walked |= names if walked else set()
                self._compared |= names if compared else set()

    def of(self, value: Any, name: str = "") -> Any:
        """As much of a value as the expression depends on; ``name`` is the member that holds it.

        Raises WholeValueError.
        """
        if self._all_walked:
            raise WholeValueError
        return self._of(value, name, self._all_compared, _DEEPEST)

    def _of(self, value: Any, name: str, compared: bool, depth: int) -> Any:
        compared |= name in self._compared
        if isinstance(value, list) and depth:
            return [self._of(item, "", compared, depth - 1) for item in value]
        if not isinstance(value, dict) or not depth:
            return value
        if name in self._walked:
            raise WholeValueError
        excerpt = {key: self._of(value[key], key, compared, depth - 1) for key in self._names & value.keys()}
        if compared and len(excerpt) < len(value):
            excerpt[""] = _digest(value)
        return excerpt


def _use(text: str, path: re.Match[str]) -> tuple[bool, bool]:
    """Whether an expression walks over the value at a path in it, and whether it compares that value."""
    before = text[: path.start()]
    call = _CALL.search(before)
    function = call[1] if call else ""
    if function == "has" or _IS_NULL.match(text, path.end()):
        return False, False
    walk = _WALK.match(text, path.end())
    walked = walk is not None or function in _OF_LISTS or _LATER.search(before) is not None
    return walked, walk[1] == "filter" if walk else function in _COMPARING


def _digest(value: dict[str, Any]) -> int:
    try:
        return hash(msgspec.json.encode(value, order="sorted"))
    except RecursionError:
        raise WholeValueError from None
