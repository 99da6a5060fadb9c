"""Values of the items of lists: whether they fit a filter, and whether they are in an order."""

import json
from typing import Any

import pytest

from support.conforming import document, loaded
from wirecheck.conform.listing import ListFilter, listing
from wirecheck.conform.requirements.lists.values import fits, instant, is_day, is_ordered

TEXT = {"type": "string"}
MEMBERS = {
    "kind": {"type": "string", "enum": ["a", "b"]},
    "sold": {"type": "boolean"},
    "price": {"type": "number"},
    "tags": {"type": "array", "items": TEXT},
    "made_at": {"type": "string", "format": "date-time"},
}
PARAMETERS = {
    "kind": MEMBERS["kind"],
    "sold": MEMBERS["sold"],
    "min_price": MEMBERS["price"],
    "tags": TEXT,
    "made_after": {"type": "string", "format": "date"},
    "made_until": MEMBERS["made_at"],
}


def filter_of(name: str) -> ListFilter:
    """A filter of a list of things, as the document describes it."""
    items = {"type": "array", "items": {"type": "object", "properties": MEMBERS}}
    response = {"description": "Fine.", "content": {"application/json": {"schema": items}}}
    parameters = [{"name": each, "in": "query", "schema": schema} for each, schema in PARAMETERS.items()]
    spec = loaded(
        json.dumps(document({"/things": {"get": {"parameters": parameters, "responses": {"200": response}}}}))
    )
    found = listing(spec, spec.operations[0])
    assert found is not None
    return next(each for each in found.filters if each.field.name == name)


@pytest.mark.parametrize(
    ("name", "item", "value", "expected"),
    [
        ("kind", {"kind": "A"}, "a", True),
        ("kind", {"kind": None}, "a", False),
        ("kind", {}, "a", False),
        ("kind", {"kind": {"name": "a"}}, "a", None),
        ("kind", 7, "a", False),
        ("sold", {"sold": True}, True, True),
        ("sold", {"sold": None}, True, False),
        ("sold", {}, False, None),
        ("tags", {"tags": ["x", "a"]}, "a", True),
        ("tags", {"tags": [["a"]]}, "a", None),
        ("min_price", {"price": 2}, 2, True),
        ("min_price", {"price": "1.5"}, 2, False),
        ("min_price", {"price": "free"}, 2, None),
        ("min_price", {"price": None}, 2, None),
        ("made_after", {"made_at": "2024-01-05T12:00:00Z"}, "2024-01-01", True),
        ("made_after", {"made_at": "2023-12-05T12:00:00Z"}, "2024-01-01", False),
        ("made_after", {"made_at": "2024-01-02T12:00:00Z"}, "2024-01-01", None),
        ("made_after", {"made_at": "2024-13-01T12:00:00Z"}, "2024-01-01", None),
        ("made_after", {"made_at": "yesterday"}, "2024-01-01", None),
        ("made_until", {"made_at": "2024-01-01T12:00:00Z"}, "2024-01-01T12:00:00.000Z", None),
        ("made_until", {"made_at": "2024-01-01T12:00:00+01:00"}, "2024-01-01T12:00:00Z", True),
    ],
)
def test_an_item_fits_a_filter_or_that_is_open(name: str, item: Any, value: Any, expected: Any) -> None:
    found = filter_of(name)
    [leaf] = found.members
    assert fits(found, leaf, item, [value]) is expected


@pytest.mark.parametrize("text", ["2024-02-30", "2024-01", "20240101T", "noon", "", None])
def test_what_is_no_instant_is_none(text: Any) -> None:
    assert instant(text) is None
    assert not is_day(text)


def test_an_instant_without_a_zone_is_in_utc() -> None:
    assert instant("2024-01-02") == instant("2024-01-02T00:00:00Z") == instant("2024-01-02T01:00:00+01:00")
    assert is_day("2024-01-02")
    assert not is_day("2024-01-02T00:00:00Z")


@pytest.mark.parametrize(
    ("values", "options", "is_ascending"),
    [
        ([1, 2.5, None, 3], None, True),
        ([2, 1], None, False),
        (["9", "10"], None, True),
        (["item 9", "item 10"], None, True),
        (["2024-01-02", "2024-01-02T12:00:00Z"], None, True),
        (["low", "medium", "high"], ["low", "medium", "high"], True),
        (["low", "medium", "high"], None, False),
        (["low", "medium", "high"], ["low", "high"], False),
        (["apple", "Banana", "Éclair", "fig"], None, True),
        (["o'clock", "Octopus"], None, True),
        (["b", "a", "c"], None, False),
    ],
)
def test_values_are_in_any_order_that_a_server_may_mean(
    values: list[Any], options: list[Any] | None, is_ascending: bool
) -> None:
    assert is_ordered(values, options, descends=False) is is_ascending
    assert is_ordered(values[::-1], options, descends=True) is is_ascending
