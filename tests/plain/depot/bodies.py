"""What the depot accepts: bodies and queries."""

from collections.abc import Mapping
from dataclasses import replace

from plain.fields import (
    Member,
    Parameter,
    choice,
    date_time,
    flag,
    integer,
    nullable,
    number,
    of_flag,
    of_integer,
    text,
)

CATEGORIES = ("tool", "part", "consumable")
STATUSES = ("draft", "placed", "shipped")
ORDERINGS = tuple(sign + name for name in ("name", "price", "created_at") for sign in ("", "-"))

Members = Mapping[str, Member]
Parameters = Mapping[str, Parameter]


def suppliers() -> Members:
    phone = Member(text(0, 20, "[0-9 +-]*"), "")
    return {"name": Member(text(1, 80)), "phone": phone}


def items(mutants: frozenset[str]) -> Members:
    price = number(
        above=None if "price-zero" in mutants else 0,
        at_least=0,
        at_most=100_000,
        multiple_of="" if "price-mills" in mutants else "0.01",
    )
    weight = number(above=0, at_most=1000) if "weight-inclusive" in mutants else number(above=0, below=1000)
    category = text() if "category-unchecked" in mutants else choice(*CATEGORIES)
    sku = text(pattern="[A-Z]{3}-[0-9]{4}" + (".*" if "sku-prefix" in mutants else ""))
    return {
        "sku": Member(sku),
        "name": Member(text(1, 60)),
        "price": Member(price),
        "category": Member(category),
        "supplier": Member(integer()),
        "description": Member(nullable(text(0, 500)), None),
        "weight": Member(nullable(weight), None),
        "active": Member(bool if "active-coerced" in mutants else flag, True),
    }


def patched_items(mutants: frozenset[str]) -> Members:
    members = dict(items(mutants))
    if "patch-name-unchecked" in mutants:
        members["name"] = Member(text())
    if "patch-null-name" in mutants:
        members["name"] = Member(nullable(text(1, 60)))
    return members


def orders(mutants: frozenset[str]) -> Members:
    reference = Member(text(1, 40))
    if "reference-optional" in mutants:
        reference = replace(reference, default="")
    due_at = text() if "due-unchecked" in mutants else text(form=date_time)
    return {
        "reference": reference,
        "due_at": Member(nullable(due_at), None),
        "note": Member(text(0, 300), ""),
    }


def lines(mutants: frozenset[str]) -> Members:
    lowest = 0 if "quantity-zero" in mutants else 1
    highest = 1000 + ("quantity-over" in mutants) - ("quantity-under" in mutants)
    return {
        "item": Member(integer()),
        "quantity": Member(integer(lowest, highest)),
        "discount": Member(number(at_least=0, below=1), 0),
    }


def pages(mutants: frozenset[str]) -> Parameters:
    most = 51 if "page-size-over" in mutants else 50
    return {
        "page": Parameter(integer(1), of_integer, 1),
        "page_size": Parameter(integer(1, most), of_integer, 10),
    }


def item_filters(mutants: frozenset[str]) -> Parameters:
    return {
        "category": Parameter(choice(*CATEGORIES)),
        "supplier": Parameter(integer(), of_integer),
        "active": Parameter(flag, of_flag),
        "ordering": Parameter(text() if "ordering-unchecked" in mutants else choice(*ORDERINGS)),
    }


def order_filters() -> Parameters:
    return {"status": Parameter(choice(*STATUSES))}
