"""From the call for one page of a list to the call for the next."""

from __future__ import annotations

from .credentials import Vault
from .endpoints import E, ListCall, RequestMessage, T
from .errors import PaginationError
from .paging import PageResponse, Trail, is_last
from .paging import following as following_request
from .paging import start as start_of
from .responses import SuccessResponse


def start(call: ListCall[T, E]) -> Trail:
    """The trail of the first page."""
    return start_of(call.endpoint.next_page, call.message)


def has_next(call: ListCall[T, E], response: SuccessResponse, size: int) -> bool:
    """Whether there is a page after one of ``size`` items."""
    return not is_last(call.endpoint.next_page, call.message, _page(response, size))


def following(
    call: ListCall[T, E], vault: Vault, response: SuccessResponse, size: int, trail: Trail
) -> tuple[ListCall[T, E], Trail]:
    """The call for the page after one of ``size`` items, and its trail. Raises PaginationError."""
    page, secrets = _page(response, size), vault.parameters
    try:
        message, extended = following_request(call.endpoint.next_page, call.message, page, trail, secrets)
    except ValueError as problem:
        text = f"{call.endpoint.name}: {problem}"
        raise PaginationError(text, response=vault.redacted(response.response)) from None
    return ListCall(call.endpoint, {}, RequestMessage(*message)), extended


def _page(response: SuccessResponse, size: int) -> PageResponse:
    return PageResponse(response.body, response.response.headers, size)
