"""The lists of the depot: pages, and the filters and orders of items."""

from typing import Any
from urllib.parse import urlencode

from plain.depot.bodies import Parameters, pages
from plain.fields import read_query
from plain.web import HttpError, Json, Request, Response, json_response

Rows = list[Json]


class Lists:
    """Makes pages of rows; wrong by the mutants that it is given."""

    def __init__(self, mutants: frozenset[str]) -> None:
        self._mutants = mutants
        self._pages = pages(mutants)

    def query(self, request: Request, parameters: Parameters) -> dict[str, Any]:
        """The values of the query. Raises HttpError with 400."""
        values, errors = read_query({**self._pages, **parameters}, request.query)
        if errors:
            raise HttpError(400, "Invalid query.", errors)
        result: dict[str, Any] = values
        return result

    def page(self, request: Request, query: dict[str, Any], rows: Rows) -> Response:
        number, size = query["page"], 10 if "page-size-ignored" in self._mutants else query["page_size"]
        start = (number - 1) * size
        if start >= len(rows) and number > 1:
            if "late-page-crashes" in self._mutants:
                raise RuntimeError("that page contains no results")
            raise HttpError(404, "There is no such page.")
        shown = self._slice(rows, start, start + size)
        more = start + size < len(rows) or "last-has-next" in self._mutants
        body = {
            "count": len(shown) if "count-of-page" in self._mutants else len(rows),
            "next": self._link(request, number + 1) if more else None,
            "previous": self._link(request, number - 1) if number > 1 else None,
            "results": shown,
        }
        if "count-as-text" in self._mutants:
            body["count"] = str(body["count"])
        if "previous-missing" in self._mutants:
            body["previous"] = None
        return json_response(200, body)

    def _slice(self, rows: Rows, start: int, stop: int) -> Rows:
        if start and "border-lost" in self._mutants:
            return rows[start + 1 : stop]
        if start and "border-doubled" in self._mutants:
            return rows[start - 1 : stop - 1]
        return rows[start : stop + ("page-size-more" in self._mutants)]

    def _link(self, request: Request, number: int) -> str:
        query = {**request.query, "page": str(number)}
        if "next-drops-filter" in self._mutants:
            query = {name: value for name, value in query.items() if name in ("page", "page_size")}
        return f"{request.origin}{request.path}?{urlencode(query)}"

    def filtered(self, rows: Rows, query: dict[str, Any]) -> Rows:
        """The items that match the filters, in the order that is requested."""
        category, supplier, active = query["category"], query["supplier"], query["active"]
        if category is not None and "category-ignored" not in self._mutants:
            rows = [row for row in rows if row["category"] == category]
        if supplier is not None:
            rows = [row for row in rows if self._is_of(row, supplier)]
        if active is not None and not (active is False and "inactive-ignored" in self._mutants):
            rows = [row for row in rows if row["active"] == active]
        return self._ordered(rows, query["ordering"])

    def _is_of(self, row: Json, supplier: int) -> bool:
        if "supplier-prefix" in self._mutants:
            return str(row["supplier"]).startswith(str(supplier))
        return bool(row["supplier"] == supplier)

    def _ordered(self, rows: Rows, ordering: str | None) -> Rows:
        if ordering is None or ordering.strip("-") not in ("name", "price", "created_at"):
            return rows
        name = ordering.strip("-")
        descending = ordering.startswith("-") and "descending-ignored" not in self._mutants
        if name == "price" and "price-as-text-order" in self._mutants:
            return sorted(rows, key=lambda row: str(row["price"]), reverse=descending)
        if name == "created_at" and "created-order-ignored" in self._mutants:
            return rows
        return sorted(rows, key=lambda row: row[name], reverse=descending)
