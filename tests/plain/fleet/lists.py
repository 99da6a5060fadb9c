"""The lists of the fleet: vehicles with cursors, drivers with offsets, both with Link headers."""

import base64
from typing import Any
from urllib.parse import urlencode

from plain.web import HttpError, Json, Request, Response, json_response


class Lists:
    """Makes pages; wrong by the mutants that it is given."""

    def __init__(self, mutants: frozenset[str]) -> None:
        self._mutants = mutants

    def _has(self, mutant: str) -> bool:
        return mutant in self._mutants

    def vehicles(self, request: Request, query: dict[str, Any], rows: list[Json]) -> Response:
        """A page of all vehicles; a cursor is the position of the last vehicle of the page before it."""
        limit, cursor, kind = query["limit"], query["cursor"], query["kind"]
        if kind and not (cursor and self._has("kind-forgotten")):
            rows = [row for row in rows if row["kind"] == kind]
        after = 0 if cursor is None else self._position(cursor)
        if cursor and self._has("cursor-skips"):
            after += 1
        if cursor and self._has("cursor-repeats"):
            after -= 1
        rest = [row for row in rows if _number(row) > after]
        shown = rest[: limit + self._has("limit-exceeded")]
        headers = {"x-total-count": str(len(shown) if self._has("total-of-page") else len(rows))}
        if self._has("total-missing"):
            del headers["x-total-count"]
        if len(rest) > limit or (cursor and self._has("cursor-loops")):
            position = _number(shown[-1]) if len(rest) > limit else 0
            relation = "prev" if self._has("relation-wrong") else "next"
            kept = {name: value for name, value in request.query.items() if name in ("limit", "kind")}
            if self._has("next-without-kind"):
                kept.pop("kind", None)
            headers["link"] = _link(request, {**kept, "cursor": _cursor(position)}, relation)
        return json_response(200, shown, headers)

    def _position(self, cursor: str) -> int:
        try:
            text = base64.urlsafe_b64decode(cursor.encode()).decode()
            return int(text.removeprefix("after:")) if text.startswith("after:") else int("")
        except ValueError:
            if self._has("cursor-crashes"):
                raise
            raise HttpError(400, "Invalid query.", {"cursor": "Not from a link."}) from None

    def drivers(self, request: Request, query: dict[str, Any], rows: list[Json]) -> Response:
        limit, offset, before = query["limit"], query["offset"], query["licensedBefore"]
        if before is not None:
            inclusive = self._has("day-inclusive")
            rows = [
                row
                for row in rows
                if row["licensedOn"] < before or (inclusive and row["licensedOn"] == before)
            ]
        rows = self._sorted(rows, query["sort"])
        start = max(0, offset - 1) if self._has("offset-from-one") else offset
        last = max(0, len(rows) - 1) // limit * limit
        if self._has("last-beyond"):
            last = len(rows) // limit * limit + limit
        links = {"first": 0, "last": last}
        if offset > 0:
            links["prev"] = max(0, min(offset - limit, last))
        if offset + limit < len(rows) or self._has("drivers-without-end"):
            links["next"] = offset + limit
        kept = {name: value for name, value in request.query.items() if name != "offset"}
        fields = (_link(request, {**kept, "offset": str(to)}, relation) for relation, to in links.items())
        return json_response(200, rows[start : start + limit], {"link": ", ".join(fields)})

    def _sorted(self, rows: list[Json], sort: str) -> list[Json]:
        name = sort.removeprefix("-")
        if name == "licensedOn" and self._has("licensed-unsorted"):
            return rows
        descending = sort.startswith("-") and not self._has("drivers-ascending")
        return sorted(rows, key=lambda row: row[name], reverse=descending)


def _number(row: Json) -> int:
    return int(row["id"].removeprefix("veh_"))


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"after:{position}".encode()).decode()


def _link(request: Request, query: dict[str, str], relation: str) -> str:
    """A relative reference: RFC 8288 resolves it against the address of the request."""
    return f'<{request.path}?{urlencode(query)}>; rel="{relation}"'
