"""Responses: parsed, or raised as the error that they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import httpx2

from .credentials import Vault
from .endpoints import Call, Endpoint
from .errors import (
    APIStatusError,
    ErrorMappings,
    RateLimit,
    ResponseFormatError,
    StreamError,
    one_line,
    request_id,
)
from .models import decode
from .paging import NextPage
from .streams import EventParser, Item, LineParser

T = TypeVar("T")

_DONE = b"[DONE]"  # many APIs end a stream of events with it


class Schemas(Protocol):
    """Validates responses against the document (strict)."""

    def problem(self, endpoint: Endpoint, status: int, body: Any) -> str | None:
        """Why a JSON body is invalid, None if it is valid."""


class SuccessResponse(NamedTuple):
    """A response that is not an error."""

    response: httpx2.Response
    content: bytes  # the body, secrets masked
    body: Any  # the same as JSON; None if it is not JSON


class ResponseReader(NamedTuple):
    """Turns responses of httpx2 into results and errors."""

    errors: ErrorMappings
    vault: Vault
    schemas: Schemas | None

    def is_error(self, endpoint: Endpoint, response: httpx2.Response) -> bool:
        """Whether the status says that the request failed, or leads elsewhere."""
        return not endpoint.is_success(response.status_code)

    def read(self, endpoint: Endpoint, response: httpx2.Response) -> SuccessResponse:
        """Raises an APIStatusError for an error, ResponseFormatError for a body that cannot be read."""
        is_error = self.is_error(endpoint, response)
        if endpoint.kind == "binary" and not is_error:
            return SuccessResponse(response, response.content, None)
        content = self.vault.redact(response.content, endpoint.credentials)
        body, problem = _parsed(content)
        if self.schemas and (invalid := self.schemas.problem(endpoint, response.status_code, body)):
            raise self.format_error(endpoint, response, invalid)
        if is_error:
            raise self._status_error(endpoint, response)
        if endpoint.kind == "json" and problem and not self._may_be_empty(endpoint, response):
            raise self.format_error(endpoint, response, problem)
        return SuccessResponse(response, content, body)

    def _status_error(self, endpoint: Endpoint, response: httpx2.Response) -> APIStatusError:
        redacted = self.vault.redacted(response)
        body, problem = _parsed(redacted.content)
        shown = redacted.text or None if problem else body
        snippet = self.vault.snippet(response.content)
        return self.errors.error(redacted, endpoint.errors, endpoint.types, shown, snippet)

    def envelope(self, call: Call[Any], response: SuccessResponse) -> Any:
        """The whole body, decoded. Raises ResponseFormatError."""
        endpoint = call.endpoint
        try:
            return self._decoded(endpoint, response)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self.format_error(endpoint, response.response, _reason(error)) from error

    def _decoded(self, endpoint: Endpoint, response: SuccessResponse) -> Any:
        if endpoint.kind == "json":
            if response.body is None and not response.content:
                return None  # of a status that is documented without a body
            body = _without_null_cursor(response.body, endpoint.next_page)
            annotation = endpoint.type_of(response.response.status_code)
            return body if annotation is None else decode(annotation, body)
        if endpoint.kind == "location":
            return response.response.headers["Location"]
        if endpoint.kind == "binary":
            return response.content
        return response.response.text if endpoint.kind == "text" else None

    @staticmethod
    def _may_be_empty(endpoint: Endpoint, response: httpx2.Response) -> bool:
        """Whether a response without a body is documented."""
        status = str(response.status_code)
        return status in endpoint.success and status not in endpoint.types and not response.content

    def result(self, call: Call[T], response: SuccessResponse) -> T:
        """What the method returns. Raises ResponseFormatError."""
        result: T = pick(self.envelope(call, response), call.endpoint.payload)
        return result

    def items(self, call: Call[Any], response: httpx2.Response) -> ItemReader:
        """What reads the items of a stream."""
        return ItemReader(self, call, response)

    def item(self, call: Call[Any], response: httpx2.Response, item: Item) -> Any:
        """The model of an item. Raises StreamError where it is an error, ResponseFormatError."""
        endpoint, data = call.endpoint, self.vault.redact(item.data, call.endpoint.credentials)
        value, problem = _parsed(data)
        if problem and endpoint.kind == "lines":
            raise self.format_error(endpoint, response, problem, item.data)
        if problem:
            value = data.decode(errors="replace")
        if item.event == "error" or (
            isinstance(value, dict) and [*value] == ["error"] and value["error"]
        ):
            raise self._stream_error(endpoint, response, item.data)
        try:
            annotation = endpoint.type_of(response.status_code)
            return value if annotation is None else decode(annotation, value)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self.format_error(endpoint, response, _reason(error), item.data) from error

    def _stream_error(
        self, endpoint: Endpoint, response: httpx2.Response, data: bytes
    ) -> StreamError:
        redacted = self.vault.redacted(response, data)
        body, not_json = _parsed(redacted.content)
        body = redacted.content.decode(errors="replace") if not_json else body
        problem = self.errors.problem(body)
        text = one_line(problem.label, problem.message) or self.vault.snippet(data)
        return StreamError(
            f"{endpoint.name}: {text}", response=redacted, problem=problem, body=body
        )

    def format_error(
        self,
        endpoint: Endpoint,
        response: httpx2.Response,
        problem: str,
        content: bytes | None = None,
    ) -> ResponseFormatError:
        """``content`` is an item of a stream."""
        shown = response.content if content is None else content
        snippet, reason = self.vault.snippet(shown), self.vault.snippet(problem.encode())
        return ResponseFormatError(
            f"{endpoint.name}: {response.status_code}, but {reason}: {snippet!r}",
            response=self.vault.redacted(response, content),
            snippet=snippet,
        )


class ItemReader:
    """Reads the items of a stream from its body, piece by piece."""

    def __init__(self, reader: ResponseReader, call: Call[Any], response: httpx2.Response) -> None:
        self._reader = reader
        self._call = call
        self._response = response
        self._parser = EventParser() if call.endpoint.kind == "events" else LineParser()
        self.is_done = False

    def feed(self, data: bytes) -> Iterator[Any]:
        """The items that data completes."""
        return self._models(self._parser.feed(data))

    def end(self) -> Iterator[Any]:
        """The items that the end of the body completes."""
        return self._models(self._parser.end())

    def _models(self, items: Iterator[Item]) -> Iterator[Any]:
        try:
            for item in items:
                if item.event and item.data.strip() == _DONE:
                    self.is_done = True
                    return
                yield self._reader.item(self._call, self._response, item)
        except ValueError as error:
            raise self._reader.format_error(
                self._call.endpoint, self._response, str(error), b""
            ) from error


def _parsed(content: bytes) -> tuple[Any, str | None]:
    """A body as JSON, or None and why it is not JSON."""
    try:
        return json.loads(content), None
    except (ValueError, RecursionError) as error:
        return None, f"the body is not JSON: {error}" if content else "the body is empty"


def pick(model: Any, path: tuple[str, ...]) -> Any:
    """Follow a path of attributes from a model; an absent or null value on the way ends it."""
    for name in path:
        if not model:
            return model
        model = getattr(model, name)
    return model


def _without_null_cursor(body: Any, next_page: NextPage | None) -> Any:
    """The body without a null in the place of the paging object: some servers end a list like that."""
    name = next_page.pointer.split("/")[1] if next_page and next_page.pointer else ""
    if isinstance(body, dict) and name in body and body[name] is None:
        return {key: value for key, value in body.items() if key != name}
    return body


def _models(trace: TracebackType | None) -> str:
    """The models around the value that does not fit, outermost first, from the frames of the parsers."""
    models = []
    while trace is not None:
        if trace.tb_frame.f_code.co_name == "from_dict":
            models.append(trace.tb_frame.f_locals["cls"].__name__)
        trace = trace.tb_next
    return "".join(f"{model}: " for model in models)


def _reason(error: Exception) -> str:
    """Why a value does not fit, behind the models around it."""
    models = _models(error.__traceback__)
    if isinstance(error, KeyError):
        return f"{models}{error.args[0]!r} is missing"
    return f"{models}{str(error) or 'a value has the wrong type'}"


class ResponseInfo:
    """Status and headers of a response."""

    __slots__ = ("http_response",)

    def __init__(self, http_response: httpx2.Response) -> None:
        self.http_response = http_response

    @property
    def status_code(self) -> int:
        return self.http_response.status_code

    @property
    def headers(self) -> httpx2.Headers:
        return self.http_response.headers

    @property
    def rate_limit(self) -> RateLimit:
        """The remaining request budget."""
        return RateLimit.of(self.headers)

    @property
    def request_id(self) -> str | None:
        """By which the operators of the API find the request, from ``X-Request-Id`` and the like."""
        return request_id(self.headers)


class RawResponse(ResponseInfo, Generic[T]):
    """A response with its status, headers and bytes; ``parse()`` returns what the plain method returns."""

    __slots__ = ("parse",)

    def __init__(self, http_response: httpx2.Response, parse: Callable[[], T]) -> None:
        super().__init__(http_response)
        self.parse = parse

    @property
    def content(self) -> bytes:
        """The body as it was received."""
        return self.http_response.content

    def __repr__(self) -> str:
        return f"<RawResponse {self.status_code}, {len(self.content)} bytes>"
