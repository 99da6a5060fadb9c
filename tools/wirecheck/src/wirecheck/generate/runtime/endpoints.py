"""What a client knows about an operation, and the request that a call of it becomes."""

from __future__ import annotations

import json
import re
import sys
import warnings
from collections.abc import AsyncIterator, Mapping
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import httpx2

from .credentials import RequestCredentials, Scheme, Vault, origin
from .encode import messages
from .encode.bodies import Body
from .encode.files import Content
from .encode.parameters import Parameter
from .encode.texts import EncodingError
from .errors import ErrorMapping, ErrorMappings, MissingCredentialError, RuleError
from .models import plain
from .options import Options, unquote_name
from .paging import NextPage
from .rules import Rule, check
from .unset import UNSET

T = TypeVar("T")
E = TypeVar("E")

BodyKind = Literal["json", "text", "binary", "events", "lines", "location", "nothing"]
"""What the body of a response is: events are server-sent events, lines are JSON Lines."""

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
    kind: BodyKind = "json"  # of the body on success
    accept: str = "*/*"  # the media types of its responses
    types: Mapping[str, str] = MappingProxyType({})  # annotations of JSON bodies by status: 200, 4XX, default
    payload: tuple[str, ...] = ()  # attributes that lead from the envelope to the result
    next_page: NextPage | None = None
    errors: Mapping[str, ErrorMapping] = MappingProxyType({})  # by status: 404, 4XX, default
    deprecated: str | None = None  # what to do instead
    idempotency_header: str | None = None  # with a key, a repeated write has no second effect

    def type_of(self, status: int) -> str | None:
        """The annotation for the JSON body of a status; an undocumented success is like a documented one."""
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
    product: str = "api-client"  # name and version of the distribution: acme-client/1.2.3
    secret_names: tuple[str, ...] = ()  # of properties and parameters with format: password

    def variable(self, option: str) -> str:
        """The environment variable of an option: ACME_SHOP_ACCESS_TOKEN for AcmeShop."""
        prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.client)
        return f"{prefix}_{option}".upper()

    @property
    def user_agent(self) -> str:
        """The value of the header."""
        python = ".".join(map(str, sys.version_info[:2]))
        return f"{self.product} python/{python} httpx2/{httpx2.__version__}"

    @property
    def places(self) -> Mapping[tuple[str, str], str]:
        """The credential that a place and name carry, names of headers in lower case."""
        places: dict[tuple[str, str], str] = {}
        for name, scheme in self.schemes.items():
            parameter = scheme.parameter.lower() if scheme.place == "header" else scheme.parameter
            places[scheme.place, parameter] = name
            if scheme.signature:
                places["query", scheme.signature.parameter] = scheme.signature.key
        return places


class RequestMessage(messages.Message):
    """A request, below the base URL, without credentials."""

    __slots__ = ()

    @property
    def is_repeatable(self) -> bool:
        """Whether the body can be sent a second time."""
        return not isinstance(self.content, Content) or self.content.is_repeatable

    def header(self, name: str) -> str | None:
        """The value of a header."""
        values = (value for other, value in self.headers if other.lower() == name.lower())
        return next(values, None)

    @property
    def raw_query(self) -> str:
        """The query, escaped."""
        return "&".join(f"{name}={value}" if name else value for name, value in self.query)

    @property
    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """The headers as they are sent, with the length of the body where that is known."""
        length = self.content.length if isinstance(self.content, Content) else None
        added = [] if length is None else [("Content-Length", str(length))]
        return [(name.encode(), value.encode("latin-1")) for name, value in (*self.headers, *added)]

    def with_members(self, members: Mapping[str, object]) -> RequestMessage:
        """The same with more members in the JSON object that is the body. Raises TypeError for others."""
        body: Any = {}
        media_type = (self.header("Content-Type") or "").partition(";")[0].strip().lower()
        if self.content is not None:
            is_json = media_type == "application/json" or media_type.endswith("+json")
            body = json.loads(self.content) if is_json and isinstance(self.content, bytes) else None
        if not isinstance(body, dict):
            raise TypeError("extra_body requires a body that is a JSON object")
        content = json.dumps({**body, **members}, ensure_ascii=False, separators=(",", ":")).encode()
        added = () if self.content is not None else (("Content-Type", "application/json"),)
        return self._replace(content=content, headers=(*self.headers, *added))


class Call(Generic[T]):
    """A call of an endpoint that is not sent yet. Raises RuleError for values that cannot be sent."""

    __slots__ = ("endpoint", "message")

    def __init__(
        self, endpoint: Endpoint, values: Mapping[str, Any], message: RequestMessage | None = None
    ) -> None:
        self.endpoint = endpoint
        self.message = _message(endpoint, values) if message is None else message
        if endpoint.deprecated and endpoint.name not in _warned:
            _warned.add(endpoint.name)
            text = f"{endpoint.name} is deprecated. {endpoint.deprecated}"
            # The frames above this one: the method, its caller.
            warnings.warn(text, DeprecationWarning, stacklevel=3)


def _message(endpoint: Endpoint, values: Mapping[str, Any]) -> RequestMessage:
    passed = {name: value for name, value in values.items() if value is not UNSET}
    for name, rules in endpoint.rules.items():
        if name in passed:
            check(name, passed[name], rules)
    arguments = {name: plain(value) for name, value in passed.items()}
    try:
        message = messages.message(
            endpoint.method, endpoint.path, endpoint.parameters, endpoint.bodies, arguments
        )
    except EncodingError as error:
        raise RuleError(error.argument, error.rule, error.message) from None
    return RequestMessage(*message)


def method_of(client: object, operations: Mapping[str, Endpoint], name: str) -> Any:
    """The method of an operation by its id, as it is or in snake_case. Raises AttributeError."""
    for identifier, endpoint in operations.items():
        if name in (identifier, _snake(identifier)):
            return attrgetter(endpoint.name)(client)
    raise AttributeError(f"{type(client).__name__!r} object has no attribute {name!r}", name=name, obj=client)


def _snake(identifier: str) -> str:
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", identifier)
    return "_".join(words).lower()


class ListCall(Call[E], Generic[T, E]):
    """A call that returns a list of T inside an E."""

    __slots__ = ()


class _AsyncBody:
    """A body for an asynchronous client, which would take one that is both for a synchronous body."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._content.__aiter__()


def _body(content: bytes | Content | None, http: Any) -> Any:
    if isinstance(content, Content) and hasattr(http, "aclose"):
        return _AsyncBody(content)
    return content


@lru_cache(maxsize=16)
def _path(base_url: str) -> str:
    return httpx2.URL(base_url).path.rstrip("/")


def valid_base_url(base_url: str) -> str:
    """The same address, validated. Raises ValueError."""
    try:
        url = httpx2.URL(base_url)
    except httpx2.InvalidURL:
        url = httpx2.URL()
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(f"base_url must be an http or https address, not {base_url!r}")
    return base_url


class Prepared(NamedTuple):
    """A message that is sent as often as necessary."""

    message: RequestMessage
    is_harmless: bool  # a second one has no effect beyond that of the first


class Server(NamedTuple):
    """The server that a client talks to, with the credentials for it."""

    service: Service
    url: str
    vault: Vault

    def prepared(self, call: Call[Any], options: Options) -> Prepared:
        """A call as all its attempts send it: with extra members, and with an idempotency key."""
        message, header = call.message, call.endpoint.idempotency_header
        if options.body is not None:
            message = message.with_members(options.body)
        if header is None:
            return Prepared(message, is_harmless=call.endpoint.reads)
        is_given, key = options.header(header)
        if not is_given and message.header(header) is None:
            from uuid import uuid4

            message = message._replace(headers=(*message.headers, (header, str(uuid4()))))
        return Prepared(message, is_harmless=call.endpoint.reads or not is_given or key is not None)

    def request(
        self, endpoint: Endpoint, message: RequestMessage, http: Any, options: Options
    ) -> httpx2.Request:
        """Build the request with ``http``, a client of httpx2.

        It contains neither credentials nor additions. Raises MissingCredentialError.
        """
        url = httpx2.URL(self._base(endpoint).rstrip("/") + message.path)
        names = [unquote_name(name) for name, _ in message.query]
        defaults = options.defaults.without((name for name, _ in message.headers), names)
        credentials = RequestCredentials(
            origin=origin(url),
            base=_path(self.url),
            schemes=self._schemes(endpoint),
            form_fields=tuple(endpoint.form_fields.items()),
            additions=options.extra.over(defaults),
        )
        timeout = {} if options.timeout is None else {"timeout": options.timeout}
        request: httpx2.Request = http.build_request(
            message.method.upper(),
            url,
            content=_body(message.content, http),
            headers=[*self._usual_headers(endpoint, message, http), *message.raw_headers],
            extensions=credentials.extensions(),
            **timeout,
        )
        own = request.url.query.decode().split("&")  # of the client that the user passed
        kept = [pair for pair in own if pair and unquote_name(pair) not in names]
        if query := "&".join([*kept, *filter(None, [message.raw_query])]):
            request.url = request.url.copy_with(query=query.encode())
        return request

    def _usual_headers(
        self, endpoint: Endpoint, message: RequestMessage, http: Any
    ) -> list[tuple[bytes, bytes]]:
        """What an HTTP client says of itself, unless an argument or the user's own client says it."""
        headers = []
        if http.headers.get("User-Agent", "").startswith("python-httpx"):
            headers.append(("User-Agent", self.service.user_agent))
        if http.headers.get("Accept", "*/*") == "*/*":
            headers.append(("Accept", endpoint.accept))
        return [(name.encode(), value.encode()) for name, value in headers if message.header(name) is None]

    def relocated(self, address: str) -> str:
        """An address of the document; moved to the actual server if it shares the documented origin."""
        target, documented, actual = (
            httpx2.URL(address),
            httpx2.URL(self.service.base_url),
            httpx2.URL(self.url),
        )
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
