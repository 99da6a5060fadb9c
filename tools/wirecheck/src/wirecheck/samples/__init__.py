"""Valid values of schemas, made from what the document says: the most usual first."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from wirecheck.samples.facets import Facets, facets, members
from wirecheck.samples.texts import of_format, of_pattern
from wirecheck.spec import Document

__all__ = ["Facets", "Samples", "facets", "members"]

_DEPTH = 6  # levels of required members
_OPTIONAL_DEPTH = 3  # levels of members that may be left out
_WORD = "wirecheck"
_BY_NAME = {
    "email": "wirecheck{index}@example.com",
    "url": "https://example.com/{index}",
    "uri": "https://example.com/{index}",
    "website": "https://example.com/{index}",
    "currency": "EUR",
    "country": "DE",
    "language": "en",
    "locale": "en",
    "phone": "+4930{index:07d}",
    "timezone": "Europe/Berlin",
    "password": "Wirecheck-{index}-pass",
    "secret": "Wirecheck-{index}-secret",
    "token": "Wirecheck-{index}-token",
}
"""What a text of such a name usually is."""

_AT_REST = (
    *("archived", "blocked", "cancelled", "canceled", "closed", "completed", "deleted", "disabled", "done"),
    *("expired", "finished", "frozen", "hidden", "inactive", "locked", "paused", "readonly", "suspended"),
)
"""The last words of names of flags that a new thing does not have."""
_STAGES = ("phase", "stage", "state", "status")
"""The last words of names of members whose first option is that of a new thing."""

Lookup = Callable[[str, Facets], Sequence[Any]]
"""Values of a member, by its name, that the server knows."""


class Samples:
    """Makes valid values of the schemas of a document.

    ``is_valid`` decides whether a value fits the schema at a pointer. ``known`` gives values that the
    server knows for a member, such as the id of a thing that the member refers to.
    """

    def __init__(
        self,
        document: Document,
        is_valid: Callable[[str, Any], bool],
        known: Lookup = lambda name, facets: (),
    ) -> None:
        self._document, self.is_valid, self._known = document, is_valid, known
        self._alternative, self._is_initial = 0, False

    def one(self, schema: str, name: str = "", index: int = 0) -> Any:
        """The most usual valid value of a schema. Raises LookupError where none is found."""
        for value in self.values(schema, name, index):
            return value
        raise LookupError(schema)

    def values(
        self,
        schema: str,
        name: str = "",
        index: int = 0,
        *,
        minimal: bool = False,
        alternative: int = 0,
        initial: bool = False,
    ) -> Iterator[Any]:
        """Valid values of a schema, the most usual first.

        Another ``index`` gives other values where that is possible, another ``alternative`` those of another
        alternative of a union. ``minimal`` leaves out members that are not required. ``initial`` gives flags
        and stages the values of a new thing, with which more can be done than with one that is archived.
        """
        seen = set[str]()
        self._alternative, self._is_initial = alternative, initial
        for value in self._candidates((schema,), name, index, minimal, 0):
            if repr(value) not in seen and self.is_valid(schema, value):
                seen.add(repr(value))
                yield value

    def _candidates(
        self, schemas: tuple[str, ...], name: str, index: int, minimal: bool, depth: int
    ) -> Iterator[Any]:
        found = facets(self._document, *schemas)
        yield from self._known(name, found)
        if self._is_initial:
            yield from _initial(name, found)
        if found.options is not None:
            yield from found.options[index % max(len(found.options), 1) :]
            yield from found.options
            return
        if index == 0 and not found.is_object:
            yield from found.examples
        for choice in self._choices(found):
            chosen = facets(self._document, *schemas, *choice)
            if chosen.options is not None:
                yield from chosen.options
                continue
            tags = _tags(self._document, choice)
            for is_minimal in dict.fromkeys((minimal, True)):
                for value in self._object(chosen, index, is_minimal, depth):
                    yield value | tags
            yield from self._array(chosen, name, index, minimal, depth)
            yield from self._scalar(chosen, name, index)
        if index:
            yield from found.examples
        if found.nullable:
            yield None

    def _choices(self, found: Facets) -> Iterator[tuple[str, ...]]:
        """One alternative of each union: first those that are wanted, then each other one."""
        if not found.branches:
            yield ()
            return
        first = tuple(branch[self._alternative % len(branch)] for branch in found.branches)
        yield first
        for position, branch in enumerate(found.branches):
            for alternative in branch:
                yield (*first[:position], alternative, *first[position + 1 :])

    def _object(self, found: Facets, index: int, minimal: bool, depth: int) -> Iterator[dict[str, Any]]:
        if not found.is_object:
            return
        value = {}
        for member, pointers in found.properties.items():
            of_member = facets(self._document, *pointers)
            is_required = member in found.required
            if of_member.read_only or (not is_required and (minimal or depth >= _OPTIONAL_DEPTH)):
                continue
            if depth >= _DEPTH:
                continue
            candidate = self._member(pointers, member, index, minimal, depth)
            if candidate is not _NOTHING:
                value[member] = candidate
        for member in found.required - found.properties.keys():
            value[member] = f"{_WORD} {index}"
        yield value

    def _member(self, pointers: tuple[str, ...], name: str, index: int, minimal: bool, depth: int) -> Any:
        for candidate in self._candidates(pointers, name, index, minimal, depth + 1):
            if all(self.is_valid(pointer, candidate) for pointer in pointers):
                return candidate
        return _NOTHING

    def _array(self, found: Facets, name: str, index: int, minimal: bool, depth: int) -> Iterator[list[Any]]:
        if not found.is_array:
            return
        least, most = found.limits.get("minItems", 0), found.limits.get("maxItems", math.inf)
        usual = max(least, min(1, most)) if found.items and depth < _DEPTH else least
        for count in dict.fromkeys((usual, least)):
            if found.items is None:
                yield [f"{_WORD} {index + number}" for number in range(int(count))]
                continue
            singular = name.removesuffix("s")
            items = [
                self._member((found.items,), singular, index + number, minimal, depth)
                for number in range(min(int(count), 1000))
            ]
            if _NOTHING not in items:
                yield items

    def _scalar(self, found: Facets, name: str, index: int) -> Iterator[Any]:
        if found.types & {"integer", "number"}:
            yield from numbers(found, index)
        if "boolean" in found.types:
            yield index % 2 == 0
            yield index % 2 == 1
        if "string" in found.types or not (found.types or found.is_object or found.is_array):
            yield from texts(found, name, index)


def _initial(name: str, found: Facets) -> Iterator[Any]:
    """The value of a flag or a stage that a new thing usually has; none where that is not known."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().replace("-", "_")
    last = words.rpartition("_")[2]
    if found.has_default and (found.options is not None or found.types == {"boolean"}):
        yield found.default
    elif found.types == {"boolean"} and last in _AT_REST:
        yield False
    elif found.options and last in _STAGES:
        yield found.options[0]


def numbers(found: Facets, index: int) -> Iterator[int | float]:
    """Numbers within limits, small ones first."""
    (least, open_below), (most, open_above) = found.least, found.most
    is_integer = "number" not in found.types
    step = found.limits.get("multipleOf", 1 if is_integer else 0.5)
    low = least if least is not None else (min(0, most - 100 * step) if most is not None else 1)
    first = math.ceil(low / step) * step
    if open_below and first <= low:
        first += step
    count = 100
    if most is not None:
        count = max(1, min(count, math.floor((most - first) / step) + (0 if open_above else 1)))
    for offset in dict.fromkeys((index % count, 0)):
        value = first + offset * step
        yield int(value) if is_integer or float(value).is_integer() else round(value, 10)
    if least is not None and most is not None:
        yield (least + most) / 2


def texts(found: Facets, name: str, index: int) -> Iterator[str]:
    """Texts within limits: of the format, of the pattern, of the usual form for the name."""
    shortest, longest = int(found.limits.get("minLength", 0)), found.limits.get("maxLength")
    if (text := of_format(found.format, index)) is not None:
        yield text
    for pattern in found.patterns:
        yield from of_pattern(pattern, index, shortest, longest)
    last = name.lower().replace("-", "_").rpartition("_")[2]
    if last in _BY_NAME:
        yield _BY_NAME[last].format(index=index)
    text = f"{_WORD} {index}" if index else _WORD
    if longest is not None:
        text = text[max(len(text) - int(longest), 0) :]  # the end, which differs
    yield text.ljust(shortest, "x")


def _tags(document: Document, alternatives: tuple[str, ...]) -> dict[str, str]:
    """The members by which discriminators tell some alternatives apart (OpenAPI 3.1.1, 4.8.25)."""
    tags = {}
    for pointer in alternatives:
        union = document.get(pointer.rpartition("/")[0].rpartition("/")[0])
        discriminator, reference = union.get("discriminator"), document.get(pointer).get("$ref")
        if not isinstance(discriminator, dict) or not isinstance(reference, str):
            continue
        mapping = discriminator.get("mapping")
        name = reference.rpartition("/")[2]
        for tag, mapped in mapping.items() if isinstance(mapping, dict) else ():
            if mapped in (reference, name):
                name = tag
        tags[str(discriminator.get("propertyName"))] = name
    return tags


_NOTHING = object()
