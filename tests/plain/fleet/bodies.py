"""What the fleet accepts: bodies and queries."""

from collections.abc import Mapping
from typing import Any

from plain.fields import (
    InvalidError,
    Member,
    Parameter,
    choice,
    date,
    flag,
    integer,
    of_integer,
    read_body,
    text,
)
from plain.web import Json

SORTS = ("name", "-name", "licensedOn", "-licensedOn")


class Bodies:
    """Reads bodies and describes queries; wrong by the mutants that it is given."""

    def __init__(self, mutants: frozenset[str]) -> None:
        self._mutants = mutants

    def _has(self, mutant: str) -> bool:
        return mutant in self._mutants

    def common(self) -> dict[str, Member]:
        plate = "[A-Z]{1,3}-[0-9]{1,4}"
        if self._has("plate-unanchored"):
            plate = f"(?s:.*{plate}.*)"
        lowest = None if self._has("mileage-negative") else 0
        return {
            "name": Member(text(1, 50)),
            "plate": Member(text(pattern=plate)),
            "mileage": Member(integer(lowest, 2_000_000)),
        }

    def new_vehicle(self, body: Json) -> tuple[dict[str, Json], dict[str, str]]:
        """The values of a vehicle of the kind that the body has, and what is wrong with which."""
        if not isinstance(body, dict):
            raise InvalidError("Not an object.")
        most = 9 + self._has("seats-over") - self._has("seats-under")
        seats = Member(integer(1, most))
        payload = Member(integer(100, 3500))
        if self._has("payload-optional"):
            payload = Member(integer(100, 3500), 100)
        kinds: dict[str, dict[str, Member]] = {
            "car": {"seats": seats},
            "van": {"payload": payload, "refrigerated": Member(flag, False)},
        }
        kind = Member(choice(*kinds))
        own = kinds.get(str(body.get("kind")), {})
        return read_body({"kind": kind, **own, **self.common()}, body)

    def patch(self, body: Json) -> tuple[dict[str, Json], dict[str, str]]:
        if self._has("empty-patch-crashes") and body == {}:
            raise RuntimeError("UPDATE vehicle SET WHERE id = ?")
        return read_body(self.common(), body, partial=True)

    def inspection(self, body: Json) -> tuple[dict[str, Json], dict[str, str]]:
        depth = text() if self._has("depth-unchecked") else choice("quick", "full")
        return read_body({"depth": Member(depth)}, body)

    def vehicles(self) -> Mapping[str, Parameter]:
        most = 26 if self._has("limit-over") else 25
        kind = text() if self._has("kind-unchecked") else choice("car", "van")
        return {
            "limit": Parameter(integer(1, most), of_integer, 10),
            "cursor": Parameter(text(0, 64)),
            "kind": Parameter(kind),
        }

    def drivers(self) -> Mapping[str, Parameter]:
        day: Any = text() if self._has("day-unchecked") else text(form=date)
        return {
            "offset": Parameter(integer(0), of_integer, 0),
            "limit": Parameter(integer(1, 20), of_integer, 5),
            "sort": Parameter(choice(*SORTS), default="name"),
            "licensedBefore": Parameter(day),
        }
