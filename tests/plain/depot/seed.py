"""What is in the depot at the start."""

from decimal import Decimal

from plain.depot.bodies import CATEGORIES, STATUSES
from plain.web import Json

KEY, OTHER_KEY = "depot-key-of-account-one", "depot-key-of-account-two"
OWNERS = {KEY: 1, OTHER_KEY: 2}

Table = dict[int, Json]
"""Rows by id; ``owner`` is the account, and not part of what is shown."""


def suppliers() -> Table:
    names = ["Harbour Tools", "Northern Fittings", "Ostmann & Söhne", "Pinewood Supplies"]
    return {
        number: {
            "id": number,
            "name": f"{names[number % 4]} {number}",
            "phone": f"+49 30 {number:04}",
            "owner": 1 if number <= 12 else 2,
        }
        for number in range(1, 15)
    }


def items() -> Table:
    """Some share a name or a price; the prices 9.5 and 100 sort differently as text."""
    names = ["Claw hammer", "Hex bolt", "Machine oil", "Wood screw", "File"]
    prices = ["19.9", "0.15", "100", "9.5", "7.25", "19.9"]
    return {
        number: {
            "id": number,
            "sku": f"DEP-{number:04}",
            "name": names[number * 3 % 5],
            "price": Decimal(prices[number % 6]),
            "category": CATEGORIES[number % 3],
            "supplier": (number * 5 % 12) + 1 if number <= 23 else 13,
            "description": None if number % 2 else f"Shelf {number}",
            "weight": Decimal(number) / 4 if number % 3 else None,
            "active": number % 4 != 0,
            "created_at": f"2024-02-{number * 7 % 28 + 1:02}T08:30:00Z",
            "owner": 1 if number <= 23 else 2,
        }
        for number in range(1, 27)
    }


def orders() -> Table:
    return {
        number: {
            "id": number,
            "reference": f"Job {number}",
            "status": STATUSES[number % 3],
            "due_at": f"2024-06-{number:02}T12:00:00+02:00" if number % 2 else None,
            "note": "" if number % 4 else "Call first.",
            "created_at": f"2024-03-{number:02}T09:00:00Z",
            "owner": 1 if number <= 12 else 2,
        }
        for number in range(1, 15)
    }


def lines() -> Table:
    """The first order has twelve lines, the others two; items of its own account only."""
    table: Table = {}
    for order in orders().values():
        for _ in range(12 if order["id"] == 1 else 2):
            number = len(table) + 1
            item = number % 10 + 1 if order["owner"] == 1 else 24
            row = {"id": number, "item": item, "quantity": number, "discount": Decimal(0)}
            table[number] = {**row, "order": order["id"], "owner": order["owner"]}
    return table
