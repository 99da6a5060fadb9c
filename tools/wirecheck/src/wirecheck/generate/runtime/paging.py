"""Where the next page is, and whether the way there leads in circles."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from .answers import Answer
from .credentials import Vault
from .errors import PaginationError
from .json import at
from .operations import E, ListCall, Pagination, T


class Trail(NamedTuple):
    """The steps that led to a page."""

    seen: dict[Hashable, int]  # each by its number
    steps: int = 0

    def after(self, step: Hashable) -> Trail | None:
        """The trail one step further, None if that step was made before."""
        if self.seen.get(step, self.steps + 1) <= self.steps:
            return None
        self.seen[step] = self.steps + 1
        return Trail(self.seen, self.steps + 1)


def beginning(call: ListCall[Any, Any]) -> Trail:
    """The trail of the first page: what its request asks for would lead back to it."""
    pagination, parameters = call.operation.pagination, call.request.get("params", {})
    if pagination is None:
        return Trail({})
    if pagination.parameter is None:
        return Trail({_step(parameters): 0})
    cursor = parameters.get(pagination.parameter)
    return Trail({}) if cursor is None else Trail({str(cursor): 0})


def cursor(pagination: Pagination | None, body: Any) -> Any:
    """What leads to the next page, of whatever type; None on the last one."""
    if pagination is None or (pagination.more and not at(body, pagination.more)):
        return None
    found = at(body, pagination.pointer)
    return None if found == "" else found


def _next(call: ListCall[Any, Any], vault: Vault, found: Any) -> tuple[Hashable, dict[str, Any]]:
    """The step to the next page and the query that makes it.

    Of an address only the query counts, without credentials: requests go nowhere but to the server
    that the client was given. Raises ValueError.
    """
    pagination = call.operation.pagination
    if pagination and pagination.parameter:
        if isinstance(found, bool) or not isinstance(found, str | int):
            raise ValueError("is neither text nor number")
        return str(found), {**call.request.get("params", {}), pagination.parameter: found}
    if not isinstance(found, str):
        raise ValueError("is no address")
    query = parse_qsl(urlsplit(found).query, keep_blank_values=True)
    asked = {name: value for name, value in query if name not in vault.parameters}
    return _step(asked), asked


def _step(parameters: Mapping[str, Any]) -> Hashable:
    return tuple(sorted((name, str(value)) for name, value in parameters.items()))


def following(
    call: ListCall[T, E], vault: Vault, answer: Answer, trail: Trail
) -> tuple[ListCall[T, E], Trail]:
    """The call of the next page, and its trail. Raises PaginationError."""
    name, pagination = call.operation.name, call.operation.pagination
    found = cursor(pagination, answer.body)
    if pagination is None or found is None:
        raise PaginationError(f"{name}: this page is the last one", response=vault.shown(answer.response))
    try:
        step, parameters = _next(call, vault, found)
    except ValueError as error:
        raise PaginationError(
            f"{name}: {pagination.pointer} {error}", response=vault.shown(answer.response)
        ) from error
    further = trail.after(step)
    if further is None:
        raise PaginationError(
            f"{name}: the next page is one that was given before", response=vault.shown(answer.response)
        )
    return ListCall(call.operation, call.request | {"params": parameters}, call.parse), further
