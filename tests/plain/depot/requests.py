"""Requests to the depot."""

from plain.depot.seed import KEY, OTHER_KEY
from plain.probes import Sender

SEND = Sender("/api", {"x-api-key": KEY})
OTHER = Sender("/api", {"x-api-key": OTHER_KEY})
ANONYMOUS = Sender("/api")

ITEM = {"sku": "ABC-0001", "name": "Saw", "price": 9.5, "category": "tool", "supplier": 1}
ORDER = {"reference": "A job"}
LINE = {"item": 1, "quantity": 2}
NEW = 1001
"""The id of the first thing that is created."""

LISTS = (
    *(f"/{name}/?page={page}&page_size=5" for name in ("suppliers", "items", "orders") for page in (1, 2)),
    *(f"/items/?ordering={sign}{name}" for name in ("name", "price", "created_at") for sign in ("", "-")),
    *("/items/?category=part", "/items/?supplier=6&active=true", "/items/?active=false&page_size=1"),
    *("/items/?page=0", "/items/?page_size=51", "/items/?category=x", "/items/?ordering=x", "/items/?page=9"),
)

WALK = (
    *(SEND.get(target) for target in LISTS),
    SEND.get("/suppliers/?page=9"),
    SEND.post("/suppliers/", {"name": "\0 שלום e\u0301 🚗", "phone": ""}),
    SEND.get(f"/suppliers/{NEW}/"),
    SEND.delete(f"/suppliers/{NEW}/"),
    SEND.delete(f"/suppliers/{NEW}/"),
    SEND.delete("/suppliers/1/"),
    SEND.post("/items/", {**ITEM, "price": 100000, "name": "x" * 60, "weight": 999.999}),
    SEND.post("/items/", {**ITEM, "price": 0.01, "name": "\0", "description": None}),
    SEND.put("/items/1002/", {**ITEM, "active": False}),
    SEND.patch("/items/1002/", {"description": "x" * 500, "weight": None}),
    SEND.patch("/items/1002/", {"supplier": 13}),
    SEND.patch("/items/24/", {}),
    SEND.get("/items/1002/"),
    SEND.delete("/items/1002/"),
    SEND.delete("/items/1/"),
    SEND.get("/items/1002/"),
    SEND.post("/items/", b"{", content_type="application/json"),
    SEND.post("/items/", b'{"price": 1e999999999999999999999}', content_type="application/json"),
    SEND.post("/items/", b'"' + b"x" * 100 + b'"', content_type="application/json"),
    SEND.post("/items/", b"{}", content_type="text/plain"),
    SEND.get("/orders/?status=placed"),
    SEND.post("/orders/", {**ORDER, "due_at": "2016-12-31T23:59:60Z"}),
    SEND.patch("/orders/1004/", {"due_at": None, "note": "x" * 300}),
    SEND.get("/orders/1004/"),
    SEND.post("/orders/1004/place/"),
    SEND.post("/orders/1004/place/"),
    SEND.post("/orders/1004/lines/", {**LINE, "quantity": 1000, "discount": 0.5}),
    SEND.post("/orders/1004/lines/", {**LINE, "discount": 1}),
    SEND.get("/orders/1004/lines/"),
    SEND.get("/orders/1004/lines/1005/"),
    SEND.patch("/orders/1004/lines/1005/", {"quantity": 1}),
    SEND.delete("/orders/1004/lines/1005/"),
    SEND.delete("/orders/1004/"),
    SEND.delete("/orders/1004/"),
    ANONYMOUS.get("/items/"),
    OTHER.get("/items/1/"),
    OTHER.get("/orders/1/lines/"),
    SEND.get(f"/items/{10**30}/"),
)
"""Requests through all operations."""
