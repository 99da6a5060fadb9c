"""Where the next page is, and whether the server leads the client in circles."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote_plus, unquote_plus, urlsplit

from .credentials import Vault
from .endpoints import E, ListCall, NextPage, T
from .errors import PaginationError
from .json import at
from .responses import SuccessResponse


class Trail(NamedTuple):
    """The steps that led to a page."""

    positions: dict[Hashable, int]  # of each step
    length: int = 0

    def after(self, step: Hashable) -> Trail | None:
        """The trail extended by a step, None if it already contains that step."""
        if self.positions.get(step, self.length + 1) <= self.length:
            return None
        self.positions[step] = self.length + 1
        return Trail(self.positions, self.length + 1)


def start(call: ListCall[Any, Any]) -> Trail:
    """The trail of the first page: the parameters of its request would lead back to it."""
    next_page, parameters = call.endpoint.next_page, _parameters(call)
    if next_page is None:
        return Trail({})
    if next_page.parameter is None:
        return Trail({_step(parameters): 0})
    cursor = parameters.get(next_page.parameter)
    return Trail({}) if cursor is None else Trail({str(cursor): 0})


def cursor(next_page: NextPage | None, body: Any) -> Any:
    """The cursor or address of the next page, of whatever type; None on the last page."""
    if next_page is None or (next_page.more and not at(body, next_page.more)):
        return None
    value = at(body, next_page.pointer)
    return None if value == "" else value


def following(
    call: ListCall[T, E], vault: Vault, response: SuccessResponse, trail: Trail
) -> tuple[ListCall[T, E], Trail]:
    """The call for the next page, and its trail. Raises PaginationError."""

    def error(problem: str) -> PaginationError:
        return PaginationError(
            f"{call.endpoint.name}: {problem}", response=vault.redacted(response.response)
        )

    next_page = call.endpoint.next_page
    value = cursor(next_page, response.body)
    if next_page is None or value is None:
        raise error("this is the last page")
    try:
        step, parameters = _query(call, vault, value)
    except ValueError as problem:
        raise error(f"{next_page.pointer} {problem}") from problem
    extended = trail.after(step)
    if extended is None:
        raise error("the server returned this page before")
    query = tuple((quote_plus(name), quote_plus(str(value))) for name, value in parameters.items())
    return ListCall(call.endpoint, {}, call.message._replace(query=query)), extended


def _query(call: ListCall[Any, Any], vault: Vault, value: Any) -> tuple[Hashable, dict[str, Any]]:
    """The step to the next page and its query parameters.

    Only the query of an address is used, without credentials: requests go nowhere but to the server that
    the client is configured for. Raises ValueError.
    """
    next_page = call.endpoint.next_page
    if next_page and next_page.parameter:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError("is neither a string nor an integer")
        return str(value), {**_parameters(call), next_page.parameter: value}
    if not isinstance(value, str):
        raise ValueError("is not an address")
    query = parse_qsl(urlsplit(value).query, keep_blank_values=True)
    parameters = {name: text for name, text in query if name not in vault.parameters}
    return _step(parameters), parameters


def _parameters(call: ListCall[Any, Any]) -> dict[str, Any]:
    return {unquote_plus(name): unquote_plus(value) for name, value in call.message.query}


def _step(parameters: Mapping[str, Any]) -> Hashable:
    return tuple(sorted((name, str(value)) for name, value in parameters.items()))
