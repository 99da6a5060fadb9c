"""What an expression of a law can tell of a JSON body: to convert the rest for CEL would be in vain."""

import re
from typing import Any

import msgspec

_DEEPEST = 50  # levels of a body, far below what any law names

_WORD = re.compile(r"[A-Za-z_]\w*")
_LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_WALKS = "all|exists|exists_one|filter|map"
_WALK = re.compile(rf"\s*\.\s*({_WALKS})\s*\(")
_BINDING = re.compile(rf"(\]?)(\s*\.\s*(?:{_WALKS})\s*\()\s*([A-Za-z_]\w*)\s*,")
_MEMBER, _ITEM = "_member_", "_item_"  # how ['...'] and [0] are read
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
    """An expression without what its literals say."""
    return _LITERAL.sub("''", text)


def bound(text: str) -> set[str]:
    """The names that an expression gives to what it walks over."""
    return {name for _, _, name in _BINDING.findall(bare(text))}


class WalkedOverError(Exception):
    """All of a value counts: the keys of an object may be asked for."""


class Excerpt:
    """Of objects it has the members that an expression names.

    Where they may be compared it has a digest of the others, too.
    """

    def __init__(self, text: str) -> None:
        literals = {one or other for one, other in _LITERAL.findall(text)}
        self._names = literals.union(_WORD.findall(text))
        self._compared, self._walked = set[str](), set[str]()
        self._all_compared = False
        read = _IN.sub("@", bare(text))
        for index, name in _INDICES:
            read = index.sub(name, read)
        self._all_walked = _UNCLEAR.search(read) is not None
        items = {"item", _ITEM, *(name for listed, _, name in _BINDING.findall(read) if not listed)}
        read = _BINDING.sub(r"\1\2", read)
        for path in _PATH.finditer(read):
            before = read[: path.start()]
            call = _CALL.search(before)
            function = call[1] if call else ""
            if function == "has" or _IS_NULL.match(read, path.end()):
                continue
            walk = _WALK.match(read, path.end())
            walked = walk is not None or function in _OF_LISTS or _LATER.search(before) is not None
            compared = walk[1] == "filter" if walk else function in _COMPARING
            end = _WORD.findall(path[0])[-1]
            if end in items:
                self._all_walked |= walked
                self._all_compared |= compared
            else:
                names = literals if end == _MEMBER else {end}
                self._walked |= names if walked else set()
                self._compared |= names if compared else set()

    def of(self, value: Any, name: str = "") -> Any:
        """As much of a value as counts; ``name`` is the member that it is. Raises WalkedOverError."""
        if self._all_walked:
            raise WalkedOverError
        return self._of(value, name, self._all_compared, _DEEPEST)

    def _of(self, value: Any, name: str, compared: bool, depth: int) -> Any:
        compared |= name in self._compared
        if isinstance(value, list) and depth:
            return [self._of(one, "", compared, depth - 1) for one in value]
        if not isinstance(value, dict) or not depth:
            return value
        if name in self._walked:
            raise WalkedOverError
        seen = {key: self._of(value[key], key, compared, depth - 1) for key in self._names & value.keys()}
        if compared and len(seen) < len(value):
            seen[""] = _digest(value)
        return seen


def _digest(value: dict[str, Any]) -> int:
    try:
        return hash(msgspec.json.encode(value, order="sorted"))
    except RecursionError:
        raise WalkedOverError from None
