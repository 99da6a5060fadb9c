"""What a client knows about an operation, and the request that a call of it becomes."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

import httpx

from . import encode
from .credentials import RequestCredentials, Scheme, Vault, origin
from .encode import Body, Message, Parameter
from .errors import ErrorMapping, ErrorMappings, MissingCredentialError, RuleError
from .models import plain
from .paging import NextPage
from .rules import Rule, check
from .unset import UNSET

T = TypeVar("T")
E = TypeVar("E")

_warned: set[str] = set()


class Endpoint(NamedTuple):
    """One operation of the document."""

    name: str  # as it is called: "users.get"
    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    bodies: tuple[Body, ...] = ()  # in one of these media types, the preferred one first
    rules: Mapping[str, tuple[Rule, ...]] = MappingProxyType({})  # by argument
    reads: bool = False  # changes nothing, so it may be repeated
    server: str | None = None  # its own base URL, where it is not that of the document
    security: tuple[tuple[str, ...], ...] = ((),)  # alternatives, each a set of credentials
    form_fields: Mapping[str, str] = MappingProxyType({})  # filled from credentials
    success: tuple[str, ...] = ()  # documented statuses that are not errors: 200, 2XX, default
    kind: str = "json"  # of the body on success: json, text, binary, events, lines, location, nothing
    accept: str = ""  # the media types of success
    types: Mapping[str, str] = MappingProxyType({})  # annotations of JSON bodies by status: 200, 4XX, default
    payload: tuple[str, ...] = ()  # attributes that lead from the envelope to the result
    next_page: NextPage | None = None
    errors: Mapping[str, ErrorMapping] = MappingProxyType({})  # by status: 404, 4XX, default
    deprecated: str | None = None  # what to do instead
    idempotency_header: str | None = None  # by which a repeated request is recognised

    def type_of(self, status: int) -> str | None:
        """The annotation for the JSON body of a status; an undocumented success has that of a documented one."""
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self.types:
                return self.types[key]
        first = self.success[0] if self.success and 200 <= status < 300 else ""
        return self.types.get(first)

    def is_success(self, status: int) -> bool:
        """Whether a status is no error."""
        return status < 300 or str(status) in self.success

    @property
    def credentials(self) -> frozenset[str]:
        """The credentials that its requests may carry."""
        return frozenset(self.form_fields.values()).union(*self.security)


class Service(NamedTuple):
    """What a client knows about the whole API."""

    client: str  # the name of its class
    base_url: str
    schemes: Mapping[str, Scheme]
    errors: ErrorMappings
    secret_names: tuple[str, ...] = ()  # of properties and parameters with format: password

    def variable(self, option: str) -> str:
        """The environment variable of an option: ACME_ACCESS_TOKEN."""
        return f"{self.client}_{option}".upper()


class Call(Generic[T]):
    """A call of an endpoint that is not sent yet. Raises RuleError for values that cannot be sent."""

    __slots__ = ("endpoint", "message")

    def __init__(self, endpoint: Endpoint, values: Mapping[str, Any], message: Message | None = None) -> None:
        self.endpoint = endpoint
        self.message = _message(endpoint, values) if message is None else message
        if endpoint.deprecated and endpoint.name not in _warned:
            _warned.add(endpoint.name)
            text = f"{endpoint.name} is deprecated. {endpoint.deprecated}"
            # The frames above this one: the method, its caller.
            warnings.warn(text, DeprecationWarning, stacklevel=3)


def _message(endpoint: Endpoint, values: Mapping[str, Any]) -> Message:
    passed = {name: value for name, value in values.items() if value is not UNSET}
    for name, rules in endpoint.rules.items():
        if name in passed:
            check(name, passed[name], rules)
    arguments = {name: plain(value) for name, value in passed.items()}
    try:
        return encode.message(endpoint.method, endpoint.path, endpoint.parameters, endpoint.bodies, arguments)
    except encode.EncodingError as error:
        raise RuleError(error.argument, error.rule, error.message) from None


class ListCall(Call[E], Generic[T, E]):
    """A call that returns a list of T inside an E."""

    __slots__ = ()


def valid_base_url(base_url: str) -> str:
    """The same address, validated. Raises ValueError."""
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(f"base_url must be an http or https address, not {base_url!r}")
    return base_url


class Server(NamedTuple):
    """The server that a client talks to, with the credentials for it."""

    service: Service
    url: str
    vault: Vault

    def request(self, call: Call[Any], http: Any, timeout: Any) -> httpx.Request:
        """Build the request with ``http``, a client of httpx; it does not contain any credentials.

        Raises MissingCredentialError.
        """
        endpoint = call.endpoint
        message = call.message
        query = "&".join(f"{name}={value}" if name else value for name, value in message.query)
        url = httpx.URL(self._base(endpoint).rstrip("/") + message.path + (f"?{query}" if query else ""))
        credentials = RequestCredentials(
            origin=origin(url),
            base=httpx.URL(self.url).path.rstrip("/"),
            schemes=self._schemes(endpoint),
            form_fields=tuple(endpoint.form_fields.items()),
        )
        arguments: dict[str, Any] = {
            "method": message.method,
            "url": url,
            "headers": list(message.headers),
            "content": message.content,
            "extensions": credentials.extensions(),
        }
        if timeout is not None:
            arguments["timeout"] = timeout
        request: httpx.Request = http.build_request(**arguments)
        return request

    def relocated(self, address: str) -> str:
        """An address of the document; moved to the actual server if it shares the documented origin."""
        target, documented, actual = httpx.URL(address), httpx.URL(self.service.base_url), httpx.URL(self.url)
        if origin(target) != origin(documented):
            return address
        prefix = actual.path.rstrip("/").removesuffix(documented.path.rstrip("/"))
        return str(actual.copy_with(path=prefix + target.path))

    def _base(self, endpoint: Endpoint) -> str:
        return self.url if endpoint.server is None else self.relocated(endpoint.server)

    def _schemes(self, endpoint: Endpoint) -> tuple[str, ...]:
        """The first security alternative whose credentials the client has."""
        first_missing = ""
        for alternative in endpoint.security:
            required = (*alternative, *endpoint.form_fields.values())
            missing = [name for name in required if not self.vault.has(name)]
            if not missing:
                return alternative
            first_missing = first_missing or missing[0]
        raise MissingCredentialError(
            f"{endpoint.name} requires {first_missing}: pass {self.service.client}({first_missing}=...)"
            f" or set {self.service.variable(first_missing)}"
        )
