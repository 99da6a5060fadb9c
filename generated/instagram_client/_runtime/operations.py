"""What a client knows of an operation, and the request that a call of it becomes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

import httpx

from .credentials import Scheme, Vault, Wanted, origin
from .errors import Meaning, Meanings, MissingCredentialError

T = TypeVar("T")
E = TypeVar("E")

_warned: set[str] = set()


class Pagination(NamedTuple):
    """Where the next page is (x-pagination): JSON pointers in the body of an answer."""

    cursor: str | None = None
    parameter: str | None = None  # takes the cursor
    next_url: str | None = None
    more: str | None = None  # leads to something empty on the last page

    @property
    def pointer(self) -> str:
        """To what leads to the next page."""
        return self.cursor or self.next_url or ""


class Operation(NamedTuple):
    """One operation of the document."""

    name: str  # as it is called: "users.get"
    id: str
    reads: bool = False  # changes nothing, so may be asked again
    server: str | None = None  # its own base, where it is not that of the document
    security: tuple[tuple[str, ...], ...] = ((),)  # alternatives, each of credentials
    form_fields: Mapping[str, str] = MappingProxyType({})  # filled from credentials
    success: tuple[int, ...] = ()  # documented statuses that are no error
    is_json: bool = True  # of the body on success
    payload: tuple[str, ...] = ()  # attributes that lead from the whole answer to what is given
    pagination: Pagination | None = None
    meanings: Mapping[str, Meaning] = MappingProxyType({})  # by status: 404, 4XX, default
    deprecated: str | None = None  # what to do instead

    @property
    def carried(self) -> frozenset[str]:
        """The credentials that a request of it may carry."""
        return frozenset(self.form_fields.values()).union(*self.security)


class API(NamedTuple):
    """What a client knows of the whole document."""

    client: str  # the name of its class
    base_url: str
    schemes: Mapping[str, Scheme]
    meanings: Meanings

    def variable(self, option: str) -> str:
        """The environment variable of an option: ACME_ACCESS_TOKEN."""
        return f"{self.client}_{option}".upper()


class Call(Generic[T]):
    """A call of an operation before it is sent.

    ``request`` holds arguments of httpx's ``build_request``, the URL below the base. ``parse`` takes
    the answer (as ``response=``) and gives the model of its body.
    """

    __slots__ = ("operation", "parse", "request")

    def __init__(
        self, operation: Operation, request: dict[str, Any], parse: Callable[..., Any]
    ) -> None:
        self.operation = operation
        self.request = request
        self.parse = parse
        if operation.deprecated and operation.name not in _warned:
            _warned.add(operation.name)
            message = f"{operation.name} is deprecated. {operation.deprecated}"
            # Whoever called is above this, the maker of the call and the method.
            warnings.warn(message, DeprecationWarning, stacklevel=4)


class ListCall(Call[E], Generic[T, E]):
    """A call that gives a list of T inside of an E."""

    __slots__ = ()


def usable(base_url: str) -> str:
    """The same, once it is known to be an address. Raises ValueError."""
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(f"base_url must be an address of http or https, not {base_url!r}")
    return base_url


class Base(NamedTuple):
    """Where the server of the document really is, and what opens it."""

    api: API
    url: str
    vault: Vault

    def request(self, call: Call[Any], http: Any, timeout: Any) -> httpx.Request:
        """The request by ``http``, a client of httpx, without credentials in it.

        Raises MissingCredentialError.
        """
        operation = call.operation
        url = httpx.URL(self._server(operation).rstrip("/") + call.request["url"])
        wanted = Wanted(
            origin=origin(url),
            base=httpx.URL(self.url).path.rstrip("/"),
            schemes=self._credentials(operation),
            form_fields=tuple(operation.form_fields.items()),
        )
        arguments = call.request | {"url": url, "extensions": wanted.extensions()}
        if operation.form_fields:  # there the call has placeholders
            form = call.request["data"].items()
            arguments["data"] = {
                key: value for key, value in form if key not in operation.form_fields
            }
        if timeout is not None:
            arguments["timeout"] = timeout
        request: httpx.Request = http.build_request(**arguments)
        return request

    def moved(self, address: str) -> str:
        """An address of the document that stands beside its server, beside the actual one."""
        there, documented, here = (
            httpx.URL(address),
            httpx.URL(self.api.base_url),
            httpx.URL(self.url),
        )
        if origin(there) != origin(documented):
            return address
        prefix = here.path.rstrip("/").removesuffix(documented.path.rstrip("/"))
        return str(here.copy_with(path=prefix + there.path))

    def _server(self, operation: Operation) -> str:
        return self.url if operation.server is None else self.moved(operation.server)

    def _credentials(self, operation: Operation) -> tuple[str, ...]:
        """The first alternative that is complete."""
        lacking = ""
        for names in operation.security:
            needed = (*names, *operation.form_fields.values())
            missing = [name for name in needed if not self.vault.has(name)]
            if not missing:
                return names
            lacking = lacking or missing[0]
        raise MissingCredentialError(
            f"{operation.name} needs {lacking}: give {self.api.client}({lacking}=...)"
            f" or set {self.api.variable(lacking)}"
        )
