"""The depot. Wrong only by the mutants that it is given."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from plain.depot import bodies, seed
from plain.depot.paging import Lists
from plain.fields import InvalidError, read_body
from plain.web import App, HttpError, Json, Request, Response, json_response, parse_json

PREFIX = "/api"


def make(mutants: frozenset[str] = frozenset(), clock: Callable[[], datetime] | None = None) -> App:
    """A depot of its own, as it is at the start."""
    depot = _Depot(mutants, clock or (lambda: datetime.now(UTC)))
    return App(PREFIX, depot.routes(), depot.error)


class _Depot:
    def __init__(self, mutants: frozenset[str], clock: Callable[[], datetime]) -> None:
        self._mutants, self._clock = mutants, clock
        self._suppliers, self._items = seed.suppliers(), seed.items()
        self._orders, self._lines = seed.orders(), seed.lines()
        self._lists = Lists(mutants)
        self._last = 1000

    def _has(self, mutant: str) -> bool:
        return mutant in self._mutants

    def routes(self) -> dict[str, dict[str, Callable[..., Response]]]:
        handlers: dict[str, dict[str, Callable[..., Response]]] = {
            "/suppliers/": {"GET": self.list_suppliers, "POST": self.create_supplier},
            "/suppliers/{id}/": {"GET": self.get_supplier, "DELETE": self.delete_supplier},
            "/items/": {"GET": self.list_items, "POST": self.create_item},
            "/items/{id}/": {
                "GET": self.get_item,
                "PUT": self.put_item,
                "PATCH": self.patch_item,
                "DELETE": self.delete_item,
            },
            "/orders/": {"GET": self.list_orders, "POST": self.create_order},
            "/orders/{id}/": {
                "GET": self.get_order,
                "PATCH": self.patch_order,
                "DELETE": self.delete_order,
            },
            "/orders/{id}/place/": {"POST": self.place_order},
            "/orders/{order}/lines/": {"GET": self.list_lines, "POST": self.create_line},
            "/orders/{order}/lines/{id}/": {
                "GET": self.get_line,
                "PATCH": self.patch_line,
                "DELETE": self.delete_line,
            },
        }
        return {
            path: {method: partial(self._authorized, handler) for method, handler in methods.items()}
            for path, methods in handlers.items()
        }

    def error(self, error: HttpError) -> Response:
        body: dict[str, Json] = {"detail": error.detail}
        if error.status == 400:
            body["errors"] = {name: [message] for name, message in error.errors.items()}
            if self._has("error-texts"):
                body["errors"] = error.errors
        if error.status == 404 and self._has("html-404"):
            return Response(404, b"<h1>Not Found</h1>", {"content-type": "text/html; charset=utf-8"})
        return json_response(error.status, body, error.headers)

    # Access, and what all operations do first.

    def _authorized(self, handler: Callable[..., Response], request: Request, *ids: str) -> Response:
        key = request.headers.get("x-api-key", "")
        owner = seed.OWNERS.get(key)
        if owner is None:
            owner = self._exempt(handler.__name__, key)
        return handler(request, owner, *ids)

    def _exempt(self, operation: str, key: str) -> int:
        """The account that a mutant takes for that of an unknown key. Raises HttpError otherwise."""
        if key and self._has("unknown-key-crashes"):
            raise RuntimeError("DoesNotExist: ApiKey matching query does not exist.")
        if operation == "get_order" and self._has("missing-instead-of-401"):
            raise HttpError(404, "Not found.")
        exempt = {
            "list_lines": not key and self._has("lines-without-key"),
            "delete_item": key and self._has("any-key-deletes"),
        }
        if not exempt.get(operation):
            raise HttpError(401, "The key is missing or unknown.")
        return 1

    def _row(self, table: seed.Table, owner: int, row_id: str, shared: str = "") -> Json:
        """The row of an account; of any account with the mutant ``shared``. Raises HttpError with 404."""
        if not row_id.isascii() or not row_id.removeprefix("-").isdigit() or len(row_id) > 40:
            raise HttpError(404, "Not found.")
        if int(row_id) >= 2**63 and self._has("large-id-crashes"):
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        row = table.get(int(row_id))
        if row is None or (row["owner"] != owner and not self._has(shared)):
            raise HttpError(404, "Not found.")
        return row

    def _line(self, owner: int, order: str, row_id: str, shared: str = "") -> Json:
        parent = self._row(self._orders, owner, order, shared)
        line = self._row(self._lines, owner, row_id, shared)
        if line["order"] != parent["id"] and not self._has("line-of-any-order"):
            raise HttpError(404, "Not found.")
        return line

    def _own(self, table: seed.Table, owner: int) -> list[Json]:
        return [row for row in table.values() if row["owner"] == owner]

    def _body(self, request: Request, members: bodies.Members, partial: bool = False) -> dict[str, Json]:
        """The values of a body. Raises HttpError with 415 or 400."""
        values, errors = self._read(request, members, partial)
        if errors:
            raise HttpError(400, "Invalid input.", errors)
        return values

    def _read(
        self, request: Request, members: bodies.Members, partial: bool
    ) -> tuple[dict[str, Json], dict[str, str]]:
        if request.media_type != "application/json":
            raise HttpError(415, f"Unsupported media type {request.media_type!r} in request.")
        try:
            return read_body(members, parse_json(request.body), partial)
        except InvalidError as error:
            raise HttpError(400, "Invalid input.", {"body": str(error)}) from None
        except ValueError:
            raise HttpError(400, "Invalid input.", {"body": "Not JSON."}) from None

    def _refer(self, table: seed.Table, owner: int, values: Mapping[str, Json], name: str) -> None:
        if name in values and table.get(values[name], {}).get("owner") != owner:
            raise HttpError(400, "Invalid input.", {name: "There is no such id."})

    def _add(self, table: seed.Table, owner: int, values: Mapping[str, Json], **more: Json) -> Json:
        self._last += 1
        table[self._last] = {"id": self._last, **values, **more, "owner": owner}
        return table[self._last]

    def _now(self) -> str:
        return self._clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    # Suppliers.

    def list_suppliers(self, request: Request, owner: int) -> Response:
        query = self._lists.query(request, {})
        return self._lists.page(request, query, [_shown(row) for row in self._own(self._suppliers, owner)])

    def create_supplier(self, request: Request, owner: int) -> Response:
        row = self._add(self._suppliers, owner, self._body(request, bodies.suppliers()))
        if self._has("null-phone") and not row["phone"]:
            return json_response(201, _shown({**row, "phone": None}))
        return json_response(201, _shown(row))

    def get_supplier(self, request: Request, owner: int, row_id: str) -> Response:
        return json_response(200, _shown(self._row(self._suppliers, owner, row_id)))

    def delete_supplier(self, request: Request, owner: int, row_id: str) -> Response:
        if self._has("deleted-twice") and row_id.isdigit() and int(row_id) not in self._suppliers:
            return Response(204)
        row = self._row(self._suppliers, owner, row_id)
        if any(item["supplier"] == row["id"] for item in self._items.values()):
            raise HttpError(409, "There are items of this supplier.")
        del self._suppliers[row["id"]]
        return Response(204)

    # Items.

    def list_items(self, request: Request, owner: int) -> Response:
        query = self._lists.query(request, bodies.item_filters(self._mutants))
        rows = self._own(self._items, owner)
        if self._has("items-of-all") and query["category"] is not None:
            rows = list(self._items.values())
        shown = [self._item(row) for row in self._lists.filtered(rows, query)]
        if self._has("listed-without-created"):
            shown = [{name: row[name] for name in row if name != "created_at"} for row in shown]
        return self._lists.page(request, query, shown)

    def _item(self, row: Json) -> Json:
        """As JSON shows it."""
        shown = _shown(row)
        if self._has("naive-created-at"):
            shown["created_at"] = shown["created_at"].rstrip("Z")
        return shown

    def create_item(self, request: Request, owner: int) -> Response:
        values = self._body(request, bodies.items(self._mutants))
        self._check_item(owner, values)
        if self._has("name-trimmed"):
            values["name"] = values["name"].strip() or values["name"]
        row = self._add(self._items, owner, values, created_at=self._now())
        return json_response(200 if self._has("created-200") else 201, self._item(row))

    def _check_item(self, owner: int, values: Mapping[str, Json]) -> None:
        if not self._has("supplier-unchecked"):
            self._refer(self._suppliers, owner, values, "supplier")
        name, price = values.get("name") or "", values.get("price")
        if self._has("nul-crashes") and "\0" in name:
            raise RuntimeError("A string literal cannot contain NUL (0x00) characters.")
        if self._has("longest-name-crashes") and len(name) == 60:
            raise RuntimeError("value too long for type character varying(59)")
        if self._has("highest-price-crashes") and price == 100_000:
            raise RuntimeError("numeric field overflow")
        if self._has("wide-name-crashes"):
            name.encode("cp1252")

    def get_item(self, request: Request, owner: int, row_id: str) -> Response:
        shown = self._item(self._row(self._items, owner, row_id))
        if self._has("price-as-text"):
            shown["price"] = f"{shown['price']:.2f}"
        return json_response(200, shown)

    def put_item(self, request: Request, owner: int, row_id: str) -> Response:
        row = self._row(self._items, owner, row_id)
        values = self._body(request, bodies.items(self._mutants))
        self._check_item(owner, values)
        if self._has("put-forgets-category"):
            del values["category"]
        if self._has("put-merges"):
            sent = parse_json(request.body)
            values = {name: value for name, value in values.items() if name in sent}
        row.update(values)
        return json_response(200, self._item(row))

    def patch_item(self, request: Request, owner: int, row_id: str) -> Response:
        row = self._row(self._items, owner, row_id, "patch-of-others")
        values, errors = self._read(request, bodies.patched_items(self._mutants), partial=True)
        if errors:
            if self._has("rejected-but-stored"):
                row.update(values)
            raise HttpError(400, "Invalid input.", errors)
        self._check_item(row["owner"], values)
        row.update(values)
        if self._has("patch-clears"):
            row.update({name: None for name in ("description", "weight") if name not in values})
        return json_response(200, self._item(row))

    def delete_item(self, request: Request, owner: int, row_id: str) -> Response:
        row = self._row(self._items, owner, row_id)
        if any(line["item"] == row["id"] for line in self._lines.values()):
            raise HttpError(409, "The item is on an order.")
        if not self._has("deleted-stays"):
            del self._items[row["id"]]
        return Response(204)

    # Orders.

    def _order(self, row: Json) -> Json:
        """As JSON shows it."""
        shown = _shown(row)
        count = sum(line["order"] == row["id"] for line in self._lines.values())
        shown["line_count"] = row.get("first_count", count) if self._has("line-count-stale") else count
        if self._has("submitted") and shown["status"] == "placed":
            shown["status"] = "submitted"
        return shown

    def list_orders(self, request: Request, owner: int) -> Response:
        query = self._lists.query(request, bodies.order_filters())
        rows = [self._order(row) for row in self._own(self._orders, owner)]
        if query["status"] is not None:
            rows = [row for row in rows if row["status"] == query["status"]]
        if self._has("new-orders-unlisted"):
            rows = [row for row in rows if row["id"] <= 1000]
        return self._lists.page(request, query, rows)

    def create_order(self, request: Request, owner: int) -> Response:
        values = self._body(request, bodies.orders(self._mutants))
        row = self._add(self._orders, owner, values, status="draft", created_at=self._now())
        if self._has("line-count-stale"):
            row["first_count"] = 0
        shown = self._order(row)
        if self._has("created-lost"):
            del self._orders[row["id"]]
        return json_response(201, shown)

    def get_order(self, request: Request, owner: int, row_id: str) -> Response:
        return json_response(200, self._order(self._row(self._orders, owner, row_id, "orders-of-others")))

    def patch_order(self, request: Request, owner: int, row_id: str) -> Response:
        row = self._row(self._orders, owner, row_id)
        values = self._body(request, bodies.orders(self._mutants), partial=True)
        if self._has("null-due-crashes") and "due_at" in values:
            values["due_at"].upper()
        row.update(values)
        return json_response(200, self._order(row))

    def delete_order(self, request: Request, owner: int, row_id: str) -> Response:
        row = self._row(self._orders, owner, row_id)
        del self._orders[row["id"]]
        self._lines = {key: line for key, line in self._lines.items() if line["order"] != row["id"]}
        return Response(204)

    def place_order(self, request: Request, owner: int, row_id: str) -> Response:
        row = self._row(self._orders, owner, row_id)
        if row["status"] != "draft":
            raise HttpError(409, "The order is not a draft.")
        if self._has("placed-not-stored"):
            return json_response(200, self._order({**row, "status": "placed"}))
        row["status"] = "placed"
        return json_response(200, self._order(row))

    # Lines.

    def list_lines(self, request: Request, owner: int, order: str) -> Response:
        query = self._lists.query(request, {})
        parent = self._row(self._orders, owner, order)
        rows = [line for line in self._lines.values() if line["order"] == parent["id"]]
        return self._lists.page(request, query, [_shown(line) for line in rows])

    def create_line(self, request: Request, owner: int, order: str) -> Response:
        parent = self._row(self._orders, owner, order)
        values = self._body(request, bodies.lines(self._mutants))
        self._refer(self._items, owner, values, "item")
        return json_response(201, _shown(self._add(self._lines, owner, values, order=parent["id"])))

    def get_line(self, request: Request, owner: int, order: str, row_id: str) -> Response:
        return json_response(200, _shown(self._line(owner, order, row_id)))

    def patch_line(self, request: Request, owner: int, order: str, row_id: str) -> Response:
        line = self._line(owner, order, row_id)
        values = self._body(request, bodies.lines(self._mutants), partial=True)
        self._refer(self._items, owner, values, "item")
        every = [row for row in self._lines.values() if row["order"] == line["order"]]
        for row in every if self._has("patch-changes-all-lines") else [line]:
            row.update(values)
        return json_response(200, _shown(line))

    def delete_line(self, request: Request, owner: int, order: str, row_id: str) -> Response:
        line = self._line(owner, order, row_id, "lines-of-others-deleted")
        del self._lines[line["id"]]
        if self._has("delete-202"):
            return Response(202)
        return Response(204)


def _shown(row: Mapping[str, Any]) -> dict[str, Json]:
    """A row without what clients do not see."""
    return {name: value for name, value in row.items() if name not in ("owner", "order", "first_count")}
