"""Reads that lag behind a write, or change after it."""

from collections.abc import Callable, Sequence
from typing import Any

from mutants.app import Forward, Json, Request, Response
from mutants.operators import at, change_data


class Lagging:
    """After the first write, a read of the same resource returns what it did before, until it is repeated.

    So does a list of the user's own that had the resource. ``take_over`` copies what lags behind.
    ``actions`` are the actions of the write that count, where it has several.
    """

    def __init__(
        self,
        write: str,
        read: str,
        take_over: Callable[[Json, Json], Any],
        actions: Sequence[str] = ("",),
    ) -> None:
        self._write, self._read, self._take_over = write, read, take_over
        self._actions = actions
        self._earlier: dict[str, Json] = {}
        self._behind: set[str] = set()
        self._reads: set[str] = set()
        self._written = False

    async def __call__(self, request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if not response.accepted:
            return response
        if request.operation == self._write and request.values.get("action", "") in self._actions:
            resource = request.parts[1]
            affected = {path for path, data in self._earlier.items() if _concerns(resource, path, data)}
            self._behind = set() if self._written else affected
            self._written |= bool(affected)
            self._reads = set()
        elif request.method == "GET":
            if request.path in self._reads:
                self._behind = set()
            self._reads.add(request.path)
        if request.operation == self._read:
            body, earlier = response.json, self._earlier.get(request.path)
            self._earlier[request.path] = response.json["data"]
            if request.path in self._behind:
                self._take_over(body["data"], earlier)
                return response.with_json(body)
        return response


def _concerns(resource: str, path: str, data: Json) -> bool:
    named = path.split("/")[2]
    return named == resource or (named == "self" and any(item["id"] == resource for item in data))


class Since:
    """From the first write on, the data of a read are changed."""

    def __init__(self, write: str, read: str, change: Callable[[Json], Any]) -> None:
        self._write, self._reading = write, at(read, change_data(change))
        self._written = False

    async def __call__(self, request: Request, forward: Forward) -> Response:
        response = await (self._reading(request, forward) if self._written else forward(request))
        self._written |= request.operation == self._write and response.accepted
        return response
