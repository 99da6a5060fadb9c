"""What came back: read, or understood as the error that it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace, TracebackType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import httpx

from .credentials import Vault
from .errors import Meanings, RateLimit, ResponseFormatError
from .operations import Call, Operation, Pagination

T = TypeVar("T")

# What the generated parsers ask of their client: whether to raise for a status they do not know.
_LENIENT = SimpleNamespace(raise_on_unexpected_status=False)


class Schemas(Protocol):
    """Checks answers against the document (strict)."""

    def problem(self, operation: Operation, status: int, body: Any) -> str | None:
        """What is wrong with a JSON body, None if nothing is."""


class Answer(NamedTuple):
    """An answer that is no error."""

    response: httpx.Response
    content: bytes  # the body without secrets
    body: Any  # the same as JSON; None if it is not


class _Read(httpx.Response):
    """An answer as the generated parsers look at it: a documented status, the body without secrets."""

    def __init__(self, status: int, answer: Answer) -> None:
        super().__init__(status, headers=answer.response.headers)
        self._content = answer.content
        self._body = answer.body

    def json(self, **_: Any) -> Any:
        return self._body


class Reader(NamedTuple):
    """Reads answers."""

    meanings: Meanings
    vault: Vault
    schemas: Schemas | None

    def answer(self, operation: Operation, response: httpx.Response) -> Answer:
        """Raises the APIStatusError that the answer is, ResponseFormatError if it cannot be read."""
        status = response.status_code
        content = self.vault.conceal(response.content, operation.carried)
        try:
            body, trouble = json.loads(content), None
        except (ValueError, RecursionError) as error:
            body, trouble = None, "the body is empty" if not content else f"the body is no JSON: {error}"
        if self.schemas and (problem := self.schemas.problem(operation, status, body)):
            raise self._wrong(operation, response, problem)
        if status >= 300 and status not in operation.success:
            raise self.meanings.error(
                self.vault.shown(response), operation.meanings, body, self.vault.snippet(response.content)
            )
        if operation.is_json and trouble:
            raise self._wrong(operation, response, trouble)
        return Answer(response, content, body)

    def whole(self, call: Call[Any], answer: Answer) -> Any:
        """The model of the whole body. Raises ResponseFormatError."""
        status, known = answer.response.status_code, call.operation.success
        body = _without_null(answer.body, call.operation.pagination)
        read = _Read(status if status in known or not known else known[0], answer._replace(body=body))
        try:
            return call.parse(client=_LENIENT, response=read)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"{_place(error.__traceback__)}{_reason(error)}"
            raise self._wrong(call.operation, answer.response, what) from error

    def payload(self, call: Call[T], answer: Answer) -> T:
        """What the method gives. Raises ResponseFormatError."""
        found: T = pick(self.whole(call, answer), call.operation.payload)
        return found

    def _wrong(self, operation: Operation, response: httpx.Response, what: str) -> ResponseFormatError:
        snippet = self.vault.snippet(response.content)
        return ResponseFormatError(
            f"{operation.name}: {response.status_code}, but {self.vault.snippet(what.encode())}: {snippet!r}",
            response=self.vault.shown(response),
            snippet=snippet,
        )


def pick(whole: Any, path: tuple[str, ...]) -> Any:
    """The attribute of an attribute ... of a model; what is absent or null on the way ends it."""
    for name in path:
        if not whole:
            return whole
        whole = getattr(whole, name)
    return whole


def _without_null(body: Any, pagination: Pagination | None) -> Any:
    """The body without a null where it would say which page is next: some servers end a list so."""
    name = pagination.pointer.split("/")[1] if pagination else ""
    if isinstance(body, dict) and name in body and body[name] is None:
        return {key: value for key, value in body.items() if key != name}
    return body


def _place(trace: TracebackType | None) -> str:
    """Which model inside of which does not fit, as the frames of the parsers tell."""
    models = []
    while trace is not None:
        if trace.tb_frame.f_code.co_name == "from_dict":
            models.append(trace.tb_frame.f_locals["cls"].__name__)
        trace = trace.tb_next
    return "".join(f"{model}: " for model in models)


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing"
    return str(error) or "a value is of the wrong type"


def body(*, response: httpx.Response, **_: Any) -> Any:
    """Reads an answer whose JSON the document does not describe."""
    return response.json()


def location(*, response: httpx.Response, **_: Any) -> str:
    """Reads a redirect: the address that it leads to."""
    where: str = response.headers["Location"]
    return where


class RawResponse(Generic[T]):
    """An answer with its status, headers and bytes; ``parse()`` gives what the plain method gives."""

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
        """What is left of the budget of requests."""
        return RateLimit.of(self.headers)

    @property
    def content(self) -> bytes:
        """The body as it stood on the wire."""
        return self.http_response.content

    def __repr__(self) -> str:
        return f"<RawResponse {self.status_code}, {len(self.content)} bytes>"
