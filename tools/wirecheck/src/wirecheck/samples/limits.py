"""Values beside the limits of a schema: just inside and just outside of what it allows, and unusual ones."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wirecheck.samples.facets import Facets
from wirecheck.samples.texts import of_pattern
from wirecheck.spec import Document, join

MISSING: Any = object()
"""The value of a member that is left out."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_OPTIONS = 8  # values of an enumeration
_LONGEST = 100_000  # characters of a text at a limit
_MOST_ITEMS = 200
_LONG = 10_000  # characters of a long text where none is too long
_COARSE = 10_000  # limits from which a number is one step beyond when it differs by 1
_FINE = Decimal("0.01")
_HUGE = 10**20  # that no database takes for an integer
_ARTICLES = {"integer": "an integer", "array": "an array", "object": "an object"}

_WRONG_FORMATS = {
    "uuid": ("not-a-uuid",),
    "date": ("soon", "2024-02-30"),
    "date-time": ("soon", "2024-02-30T12:00:00Z"),
    "email": ("without-at-sign",),
    "ipv4": ("999.1.1.1",),
}
"""Texts that servers reject which check a format at all; only of formats that servers usually check."""

_UNUSUAL_FORMATS = {
    "date": ("2024-02-29", "1900-01-01", "9999-12-31"),
    "date-time": ("2024-02-29T23:59:59Z", "2024-06-30T12:00:00.123456+14:00", "9999-12-31T23:59:59Z"),
    "uuid": ("00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF"),
    "email": ("o'brien+tag@example.com",),
}

_UNUSUAL_TEXTS = {
    "is empty": "",
    "has quotes and signs": 'O\'Neil "said" \\ 100% & <b>it</b>; -- {{x}} ${y}',
    "has letters of many scripts": "Zoë Ωμέγα Ж 日本語",
    "is written from right to left": "שלום مرحبا",
    "has an emoji": "🚗👩‍👩‍👧 ok",
    "has combining characters": "e\N{COMBINING ACUTE ACCENT}a\N{COMBINING DIAERESIS}\N{COMBINING TILDE}",
    "has a line break and a tab": "two\nlines\tand a tab",
    "is the word null": "null",
    "has blanks around it": "  blanks around  ",
    "has a NUL character": "a\0b",
    "has an apostrophe": "it's",
    "has an open bracket": "a[b(c*",
}
"""By what completes a sentence about the member."""

_UNUSUAL_NUMBERS = {
    "is 0": 0,
    "is -0": -0.0,
    "is -1": -1,
    "is 2^53 + 1": 2**53 + 1,
    "is 2^31": 2**31,
    "is 2^63": 2**63,
    "is 10^20": 10**20,
    "is 1e308": 1e308,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A value beside a limit.

    ``what`` completes a sentence about the member that has the value: "is above its maximum". ``keyword``
    is the keyword of the schema that it is about, empty for none.
    """

    value: Any
    what: str
    keyword: str = ""


Items = Callable[[int], list[Any] | None]
"""A valid array of a number of items, None where none is known."""


def inside(found: Facets, index: int, items: Items) -> Iterator[Limit]:
    """Values at the limits and the next ones within them; another ``index`` gives other texts."""
    if found.options is not None:
        for value in found.options[:_OPTIONS]:
            yield Limit(value, f"is {value!r}", "enum")
    else:
        if found.types & {"integer", "number"}:
            yield from _numbers_inside(found)
        if "string" in found.types:
            yield from _texts_inside(found, index)
        if "boolean" in found.types:
            yield Limit(True, "is true", "type")
            yield Limit(False, "is false", "type")
        if found.is_array:
            yield from _arrays_inside(found, items)
    if found.nullable:
        yield Limit(None, "is null")


def outside(found: Facets, usual: Any, items: Items) -> Iterator[Limit]:
    """Values one step beyond each limit, and of wrong types that servers do not take for right ones.

    ``usual`` is a valid value, which texts are made of.
    """
    if found.options is not None:
        yield from _not_an_option(found)
    else:
        if found.types & {"integer", "number"}:
            yield from _numbers_outside(found)
        if "string" in found.types:
            yield from _texts_outside(found, usual)
        if found.is_array:
            yield from _arrays_outside(found, items)
    yield from _wrong_types(found)


def unusual(found: Facets) -> Iterator[Limit]:
    """Values that a server may reject, but that must not make it fail."""
    if found.options is None and found.types & {"integer", "number"}:
        for what, number in _UNUSUAL_NUMBERS.items():
            yield Limit(number, what)
    if found.options is None and "string" in found.types:
        for text in _UNUSUAL_FORMATS.get(found.format, ()):
            yield Limit(text, f"is {text}")
        for what, text in _UNUSUAL_TEXTS.items():
            yield Limit(text, what)
        if "maxLength" not in found.limits:
            yield Limit("x" * _LONG, f"has {_LONG} characters")


def tolerated(found: Facets, items: Items) -> Iterator[Limit]:
    """Invalid values that some servers take for valid ones: null for a missing member, numbers for texts."""
    if not found.nullable and found.types:
        yield Limit(None, "is null", "type")
    if found.types == {"string"} and found.options is None and not found.format:
        yield Limit(5, "is a number", "type")
    if found.limits.get("uniqueItems") and (single := items(1)):
        yield Limit(single * 2, "has an item twice", "uniqueItems")


def keyword_pointer(document: Document, found: Facets, keyword: str) -> str:
    """The pointer of the keyword in that part of the schema where it is strictest, else that of a part."""
    schemas = {part: schema for part in found.parts if isinstance(schema := document.get(part), dict)}
    having = [part for part, schema in schemas.items() if keyword in schema]
    strictest = [part for part in having if schemas[part][keyword] == found.limits.get(keyword)]
    if having:
        return join((strictest or having)[0], keyword)
    return next(iter(found.parts), "")


def _step(found: Facets) -> Decimal:
    """The distance of neighbours: that of multiples, else 1, or a small one for numbers with fractions."""
    if "multipleOf" in found.limits:
        return Decimal(str(found.limits["multipleOf"]))
    return Decimal(1) if "number" not in found.types else _FINE


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _sides(found: Facets) -> Iterator[tuple[Decimal, int, str, str]]:
    """Each limit with the direction inwards, its keyword, and what is beyond it."""
    for (limit, is_open), inwards, keyword, beyond in (
        (found.least, 1, "inimum", "is below its minimum"),
        (found.most, -1, "aximum", "is above its maximum"),
    ):
        if limit is not None and math.isfinite(limit):
            first = "exclusiveM" if is_open else "m"
            yield Decimal(str(limit)), inwards, f"{first}{keyword}", beyond


def _numbers_inside(found: Facets) -> Iterator[Limit]:
    step = _step(found)
    for limit, inwards, keyword, _ in _sides(found):
        steps = limit / step
        whole = steps.to_integral_value("ROUND_CEILING" if inwards > 0 else "ROUND_FLOOR")
        first = whole * step
        if keyword.startswith("exclusive") and first == limit:
            first += inwards * step
        side = "minimum" if inwards > 0 else "maximum"
        yield Limit(_number(first), f"is at its {side}", keyword)
        yield Limit(_number(first + inwards * step), f"is next to its {side}")
    if "multipleOf" in found.limits and found.least[0] is None:
        yield Limit(_number(2 * step), "is a multiple", "multipleOf")


def _numbers_outside(found: Facets) -> Iterator[Limit]:
    step = _step(found)
    for limit, inwards, keyword, beyond in _sides(found):
        if keyword.startswith("exclusive"):
            yield Limit(_number(limit), beyond, keyword)
            continue
        outwards = Decimal(1) if abs(limit) >= _COARSE and step < 1 else step
        yield Limit(_number(limit - inwards * outwards), beyond, keyword)
    if found.most[0] is not None:
        yield Limit(_HUGE, "is 10^20", "maximum")
    if "multipleOf" in found.limits:
        least = Decimal(str(found.least[0] or 0))
        first = (least / step).to_integral_value("ROUND_CEILING") * step
        wrong = first + step + (1 if "number" not in found.types and step > 1 else step / 2)
        yield Limit(_number(wrong), f"is not a multiple of {_number(step)}", "multipleOf")


def _texts_inside(found: Facets, index: int) -> Iterator[Limit]:
    shortest, longest = int(found.limits.get("minLength", 0)), found.limits.get("maxLength")
    for keyword, side in (("minLength", "short"), ("maxLength", "long")):
        length = int(found.limits.get(keyword, _LONGEST + 1))
        text = text_of_length(found, length, index) if length <= _LONGEST else None
        if text is not None:
            yield Limit(text, f"is as {side} as allowed ({length} characters)", keyword)
    for pattern in found.patterns:
        texts = sorted(of_pattern(pattern, index, shortest, longest), key=len)
        for text in dict.fromkeys(texts[:1] + texts[-1:]):
            yield Limit(text, f"matches its pattern ({len(text)} characters)")


def text_of_length(found: Facets, length: int, index: int) -> str | None:
    """A text of a length that fits the schema, None where none is known."""
    if found.patterns:
        texts = (text for pattern in found.patterns for text in of_pattern(pattern, index, length, length))
        return next((text for text in texts if len(text) == length), None)
    if found.format not in ("", "password"):
        return None
    start = f"{_LETTERS[index % len(_LETTERS)]}{index} "[:length]
    return start + "x" * (length - len(start))


def _texts_outside(found: Facets, usual: Any) -> Iterator[Limit]:
    shortest, longest = int(found.limits.get("minLength", 0)), found.limits.get("maxLength")
    if shortest > 0:
        what = "is empty" if shortest == 1 else "is too short"
        yield Limit(text_of_length(found, shortest - 1, 0) or "x" * (shortest - 1), what, "minLength")
    if longest is not None and longest <= _LONGEST:
        length = int(longest) + 1
        yield Limit(text_of_length(found, length, 0) or "x" * length, "is too long", "maxLength")
    for text in _WRONG_FORMATS.get(found.format, ()):
        yield Limit(text, f"is not of the format {found.format} ({text})", "format")
    if found.patterns and isinstance(usual, str):
        for text in (f"{usual}!", f"x {usual}", usual.swapcase(), "!?"):
            yield Limit(text, f"does not match its pattern ({text})", "pattern")


def _not_an_option(found: Facets) -> Iterator[Limit]:
    options = found.options or ()
    numbers = [value for value in options if isinstance(value, int | float) and not isinstance(value, bool)]
    if any(isinstance(value, str) for value in options):
        yield Limit("x-unknown", "is not one of its values", "enum")
    elif numbers:
        yield Limit(max(numbers) + 1, "is not one of its values", "enum")


def _arrays_inside(found: Facets, items: Items) -> Iterator[Limit]:
    for keyword, side in (("minItems", "fewest"), ("maxItems", "most")):
        count = found.limits.get(keyword, 0 if keyword == "minItems" else None)
        if count is not None and count <= _MOST_ITEMS and (value := items(int(count))) is not None:
            is_limit = keyword in found.limits
            yield Limit(
                value, f"has the {side} items that are allowed ({len(value)})", keyword if is_limit else ""
            )


def _arrays_outside(found: Facets, items: Items) -> Iterator[Limit]:
    for keyword, step, what in (("minItems", -1, "has too few items"), ("maxItems", 1, "has too many items")):
        count = int(found.limits.get(keyword, -1)) + step
        value = items(count) if keyword in found.limits and 0 <= count <= _MOST_ITEMS else None
        if value is not None:
            yield Limit(value, what, keyword)


def _wrong_types(found: Facets) -> Iterator[Limit]:
    types = found.types or ({"object"} if found.is_object else set())
    kind = next(
        (kind for kind in ("integer", "number", "boolean", "string", "array", "object") if kind in types), ""
    )
    wrong: dict[str, tuple[Any, ...]] = {
        "integer": ("x", 1.5, {}),
        "number": ("x", {}),
        "boolean": ("x", {}),
        "string": ({},),
        "array": ("x",),
        "object": ("x",),
    }
    for value in wrong.get(kind, ()):
        yield Limit(value, f"is not {_ARTICLES.get(kind, f'a {kind}')}", "type")
