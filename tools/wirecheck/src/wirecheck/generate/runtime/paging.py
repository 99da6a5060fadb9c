"""Where the next page is, and whether the server leads the client in circles.

It knows queries and responses only, not how requests are sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, Protocol, TypeVar
from urllib.parse import parse_qsl, quote, unquote_plus, urlsplit

from .json import at

_Pairs = tuple[tuple[str, str], ...]


class NextPage(NamedTuple):
    """How one page leads to the next; pointers are JSON pointers into the body of its response.

    A ``body`` names the next page, by a cursor or an address; so does a header ``link`` (RFC 8288). Pages
    are numbered by ``page``, or begin at an ``offset``, the number of the items before them.
    """

    cursor: str | None = None  # a pointer
    parameter: str | None = None  # of the query: takes the cursor, the number or the offset
    next_url: str | None = None  # a pointer
    more: str | None = None  # a pointer that leads to an empty value on the last page
    kind: Literal["body", "link", "page", "offset"] = "body"
    items: str = ""  # a pointer to the list
    first: int = 0  # the number or offset of the first page
    current: str | None = None  # a pointer to the number or offset of this page
    total: str | None = None  # a pointer to the number of all pages, or of all items

    @property
    def pointer(self) -> str:
        """The pointer to the cursor or address of the next page, empty where the body has none."""
        return self.cursor or self.next_url or ""


class PageResponse(NamedTuple):
    """What a page says about the next one; ``size`` is the number of its items."""

    body: Any
    headers: Mapping[str, str]
    size: int


class Request(Protocol):
    """A request, names and values of whose query are escaped."""

    @property
    def query(self) -> _Pairs: ...

    def _replace(self, *, query: _Pairs) -> Any: ...


R = TypeVar("R", bound=Request)


class Trail(NamedTuple):
    """The steps that led to a page, and the items of numbered ones."""

    positions: dict[Hashable, int]  # of each step
    length: int = 0
    items: str | None = None

    def after(self, step: Hashable, items: str | None = None) -> Trail | None:
        """The trail extended by a step, None if it already contains that step, or ends with these items."""
        is_repeated = items is not None and items == self.items
        if is_repeated or self.positions.get(step, self.length + 1) <= self.length:
            return None
        self.positions[step] = self.length + 1
        return Trail(self.positions, self.length + 1, items)


def start(next_page: NextPage | None, request: Request) -> Trail:
    """The trail of the first page: the parameters of its request would lead back to it."""
    if next_page is None or next_page.kind in {"page", "offset"}:
        return Trail({})
    if next_page.parameter is None:
        return Trail({_step(_parameters(request)): 0})
    cursor = _parameter(request, next_page.parameter)
    return Trail({}) if cursor is None else Trail({cursor: 0})


def is_last(next_page: NextPage | None, request: Request, response: PageResponse) -> bool:
    """Whether there is no further page."""
    return next_page is None or _position(next_page, request, response) is None


def following(
    next_page: NextPage | None,
    request: R,
    response: PageResponse,
    trail: Trail,
    secrets: Collection[str] = (),
) -> tuple[R, Trail]:
    """The request for the next page, and its trail.

    Only the query of an address is used, without the parameters in ``secrets``: requests go nowhere but to
    the server that the client is configured for. Raises ValueError, which says what is wrong.
    """
    position = None if next_page is None else _position(next_page, request, response)
    if next_page is None or position is None:
        raise ValueError("this is the last page")
    if next_page.parameter is not None:
        step: Hashable = _cursor(next_page, position)
        pairs = _with(request, next_page.parameter, str(step))
    else:
        parameters = _address(next_page, position, secrets)
        step = _step(parameters)
        pairs = tuple((_escaped(name), _escaped(value)) for name, value in parameters)
    items = None
    if next_page.kind in {"page", "offset"}:
        items = json.dumps(at(response.body, next_page.items))
    extended = trail.after(step, items)
    if extended is None:
        raise ValueError("the server returned this page before")
    return request._replace(query=pairs), extended


def _position(next_page: NextPage, request: Request, response: PageResponse) -> Any:
    """The cursor, address or number of the next page, of whatever type; None on the last page."""
    if next_page.more and not at(response.body, next_page.more):
        return None
    if next_page.kind == "link":
        return _linked(response.headers)
    if next_page.kind == "body":
        value = at(response.body, next_page.pointer)
        return None if value == "" else value
    return _number(next_page, request, response)


def _number(next_page: NextPage, request: Request, response: PageResponse) -> int | None:
    """The number or offset of the next page; none follows an empty one, or one that completes the total."""
    if response.size == 0:
        return None
    sent = _parameter(request, next_page.parameter or "")
    if sent is not None and re.fullmatch(r"[0-9]{1,18}", sent):
        current = int(sent)
    else:
        current = _integer(response.body, next_page.current, next_page.first)
    number = current + (1 if next_page.kind == "page" else response.size)
    total = _integer(response.body, next_page.total, number + 1)
    return None if number - next_page.first >= total else number


def _integer(body: Any, pointer: str | None, default: int) -> int:
    """The integer at a pointer, the default for anything else."""
    value = at(body, pointer) if pointer else None
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _cursor(next_page: NextPage, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{next_page.pointer} is neither a string nor an integer")
    return str(value)


def _address(next_page: NextPage, value: Any, secrets: Collection[str]) -> list[tuple[str, str]]:
    """The parameters of the query of an address. Raises ValueError."""
    place = next_page.pointer or "Link"
    if not isinstance(value, str):
        raise ValueError(f"{place} is not an address")
    try:
        query = urlsplit(value).query
    except ValueError as error:
        raise ValueError(f"{place} {error}") from None
    return [(name, text) for name, text in parse_qsl(query, keep_blank_values=True) if name not in secrets]


def _linked(headers: Mapping[str, str]) -> str | None:
    """The target of the link to the next page (RFC 8288, 3)."""
    header = next((value for name, value in headers.items() if name.lower() == "link"), "")
    for target, parameters in _links(header):
        if "next" in parameters.get("rel", "").lower().split():
            return target
    return None


def _links(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    for link in re.finditer(r"""<([^>]*)>((?:"(?:[^"\\]|\\.)*"|[^",])*)""", header):
        parameters: dict[str, str] = {}
        for match in re.finditer(r""";\s*([\w*-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*))?""", link[2]):
            parameters.setdefault(match[1].lower(), (match[2] or "").strip('"'))
        yield link[1], parameters


def _parameter(request: Request, name: str) -> str | None:
    """The last value of a parameter of the query."""
    return next((value for other, value in reversed(_parameters(request)) if other == name), None)


def _parameters(request: Request) -> list[tuple[str, str]]:
    return [(unquote_plus(name), unquote_plus(value)) for name, value in request.query]


def _with(request: Request, name: str, value: str) -> _Pairs:
    """The query with another value for a parameter."""
    others = (pair for pair in request.query if unquote_plus(pair[0]) != name)
    return (*others, (_escaped(name), _escaped(value)))


def _escaped(text: str) -> str:
    return quote(text, safe="")


def _step(parameters: list[tuple[str, str]]) -> Hashable:
    return tuple(sorted(parameters))
