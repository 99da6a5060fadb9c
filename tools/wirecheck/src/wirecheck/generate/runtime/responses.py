"""Responses: parsed, or raised as the error that they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import httpx

from .credentials import Vault
from .endpoints import Call, Endpoint
from .errors import ErrorMappings, RateLimit, ResponseFormatError
from .models import decode
from .paging import NextPage

T = TypeVar("T")


class Schemas(Protocol):
    """Validates responses against the document (strict)."""

    def problem(self, endpoint: Endpoint, status: int, body: Any) -> str | None:
        """Why a JSON body is invalid, None if it is valid."""


class SuccessResponse(NamedTuple):
    """A response that is not an error."""

    response: httpx.Response
    content: bytes  # the body, secrets masked
    body: Any  # the same as JSON; None if it is not JSON


class ResponseReader(NamedTuple):
    """Turns responses of httpx into results and errors."""

    errors: ErrorMappings
    vault: Vault
    schemas: Schemas | None

    def read(self, endpoint: Endpoint, response: httpx.Response) -> SuccessResponse:
        """Raises an APIStatusError for an error, ResponseFormatError for a body that cannot be read."""
        status = response.status_code
        is_file = endpoint.kind == "binary" and endpoint.is_success(status)
        content = response.content if is_file else self.vault.redact(response.content, endpoint.credentials)
        body, problem = _parsed(content)
        if self.schemas and (invalid := self.schemas.problem(endpoint, status, body)):
            raise self._format_error(endpoint, response, invalid)
        if not endpoint.is_success(status):
            redacted = self.vault.redacted(response)
            shown, _ = _parsed(redacted.content)
            raise self.errors.error(redacted, endpoint.errors, shown, self.vault.snippet(response.content))
        if endpoint.kind == "json" and problem and not self._may_be_empty(endpoint, response):
            raise self._format_error(endpoint, response, problem)
        return SuccessResponse(response, content, body)

    def envelope(self, call: Call[Any], response: SuccessResponse) -> Any:
        """The whole body, decoded. Raises ResponseFormatError."""
        endpoint = call.endpoint
        try:
            return self._decoded(endpoint, response)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problem = f"{_models(error.__traceback__)}{_reason(error)}"
            raise self._format_error(endpoint, response.response, problem) from error

    def _decoded(self, endpoint: Endpoint, response: SuccessResponse) -> Any:
        if endpoint.kind == "json":
            if response.body is None and not response.content.strip():
                return None  # a documented status without a body
            body = _without_null_cursor(response.body, endpoint.next_page)
            annotation = endpoint.type_of(response.response.status_code)
            return body if annotation is None else decode(annotation, body)
        if endpoint.kind == "location":
            return response.response.headers["Location"]
        if endpoint.kind == "binary":
            return response.content
        return response.response.text if endpoint.kind == "text" else None

    @staticmethod
    def _may_be_empty(endpoint: Endpoint, response: httpx.Response) -> bool:
        """Whether the status is documented without a body."""
        status = str(response.status_code)
        return status in endpoint.success and status not in endpoint.types and not response.content

    def result(self, call: Call[T], response: SuccessResponse) -> T:
        """What the method returns. Raises ResponseFormatError."""
        result: T = pick(self.envelope(call, response), call.endpoint.payload)
        return result

    def _format_error(
        self, endpoint: Endpoint, response: httpx.Response, problem: str
    ) -> ResponseFormatError:
        snippet, reason = self.vault.snippet(response.content), self.vault.snippet(problem.encode())
        return ResponseFormatError(
            f"{endpoint.name}: {response.status_code}, but {reason}: {snippet!r}",
            response=self.vault.redacted(response),
            snippet=snippet,
        )


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
        if trace.tb_frame.f_code.co_name == "from_dict" and "cls" in trace.tb_frame.f_locals:
            models.append(trace.tb_frame.f_locals["cls"].__name__)
        trace = trace.tb_next
    return "".join(f"{model}: " for model in models)


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing"
    return str(error) or "a value has the wrong type"


class RawResponse(Generic[T]):
    """A response with its status, headers and bytes; ``parse()`` returns what the plain method returns."""

    __slots__ = ("http_response", "parse")

    def __init__(self, http_response: httpx.Response, parse: Callable[[], T]) -> None:
        self.http_response = http_response
        self.parse = parse

    @property
    def status_code(self) -> int:
        return self.http_response.status_code

    @property
    def headers(self) -> httpx.Headers:
        return self.http_response.headers

    @property
    def rate_limit(self) -> RateLimit:
        """The remaining request budget."""
        return RateLimit.of(self.headers)

    @property
    def content(self) -> bytes:
        """The body as it was received."""
        return self.http_response.content

    def __repr__(self) -> str:
        return f"<RawResponse {self.status_code}, {len(self.content)} bytes>"
