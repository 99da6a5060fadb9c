"""What the notes service accepts: bodies, queries and keys."""

import re
from collections.abc import Mapping
from typing import Any

from plain.fields import (
    Check,
    InvalidError,
    Member,
    Parameter,
    array,
    choice,
    date,
    flag,
    integer,
    nullable,
    number,
    of_commas,
    of_integer,
    of_number,
    read_query,
    text,
    uuid,
)
from plain.web import Json

SORTS = tuple(sign + name for name in ("key", "day", "weight") for sign in ("", "-"))
TAG = text(pattern="[a-z]{1,12}")
COMMENT_PAGES = {
    "limit": Parameter(integer(1, 50), of_integer, 10),
    "offset": Parameter(integer(0), of_integer, 0),
}
COMMENTS = {"text": Member(text(1, 100)), "author": Member(nullable(text(0, 30)), None)}
IDS = text(form=uuid)


class Bodies:
    """Describes what is accepted; wrong by the mutants that it is given."""

    def __init__(self, mutants: frozenset[str]) -> None:
        self._mutants = mutants

    def _has(self, mutant: str) -> bool:
        return mutant in self._mutants

    def key(self) -> Check:
        letters = "a-zA-Z" if self._has("key-capitals") else "a-z"
        return text(pattern=f"[{letters}0-9-]{{1,40}}")

    def notes(self) -> dict[str, Member]:
        most = 281 if self._has("text-over") else 280
        words: Check = text(1, most)
        if self._has("text-coerced"):
            words = _coerced(words)
        day = text(pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}") if self._has("day-by-pattern") else text(form=date)
        tags = array(TAG, 6 if self._has("tags-over") else 5, unique=not self._has("tags-twice"))
        weight = number(at_least=0, at_most=100) if self._has("weight-zero") else number(above=0, at_most=100)
        priority = integer(1, 6 if self._has("priority-over") else 5)
        return {
            "text": Member(words),
            "day": Member(day, "2024-01-01") if self._has("day-optional") else Member(day),
            "done": Member(flag, False),
            "tags": Member(tags, []),
            "priority": Member(nullable(priority), None),
            "weight": Member(weight, 1),
        }

    def query(self, query: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        """The values of the query of the list, and what is wrong with which."""
        limit = integer(0 if self._has("limit-zero") else 1, 100)
        parameters = {
            "q": Parameter(text(0, 50)),
            "status": Parameter(choice("open", "done", "deleted")),
            "tags": Parameter(array(TAG, 5, unique=False), of_commas, []),
            "since": Parameter(text(form=date)),
            "until": Parameter(text(form=date)),
            "weight[min]": Parameter(number(0, 100), of_number),
            "weight[max]": Parameter(number(0, 100), of_number),
            "sort": Parameter(choice(*SORTS), default="key"),
            "limit": Parameter(limit, of_integer, 10 if self._has("default-smaller") else 20),
            "offset": Parameter(integer(0), of_integer, 0),
        }
        if query.get("tags") == "":
            query = {name: value for name, value in query.items() if name != "tags"}
        values, errors = read_query(parameters, query)
        if any(name == "weight" or re.fullmatch(r"weight\[(\].*|[^\]]*)", name) for name in query):
            errors["weight"] = "Not an object."
        return values, errors


def _coerced(check: Check) -> Check:
    def coerce(value: Json) -> Json:
        if isinstance(value, list | dict | None):
            raise InvalidError("Not a string.")
        return check(str(value))

    return coerce
