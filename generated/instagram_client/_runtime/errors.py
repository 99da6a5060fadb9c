"""What this client raises.

InstagramError
├── MissingCredentialError   nothing was sent: the client lacks a credential that the operation requires
├── RuleError                nothing was sent: a value violates a rule of the API
├── APIConnectionError       no response arrived
│   └── APITimeoutError      ... in time
├── APIStatusError           the response is an error
│   ├── BadRequestError
│   ├── AuthenticationError
│   ├── PermissionDeniedError
│   ├── NotFoundError
│   ├── ConflictError
│   ├── UnprocessableEntityError
│   ├── RateLimitError
│   ├── InternalServerError
│   └── StreamError          an error inside a stream
├── ResponseFormatError      the response is not an error, but does not have the documented format
│   └── PaginationError      ... where it names the next page
├── AuthorizationError       the user or the server denied access (OAuth)
└── WebhookSignatureError    the signature of a webhook payload is missing or wrong
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import httpx2

from .json import first_string
from .problems import ProblemDetails

T = TypeVar("T")


def one_line(*parts: str | None, longest: int = 500) -> str:
    """A message of the server on one line: no line breaks, no control characters, shortened."""
    text = " ".join(": ".join(part for part in parts if part).split())
    shortened = text if len(text) <= longest else f"{text[:longest]}…"
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in shortened
    )


class InstagramError(Exception):
    """The base class of everything that this client raises; none of it contains a secret."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(
    kind: type[InstagramError], args: tuple[Any, ...], state: dict[str, Any]
) -> InstagramError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class MissingCredentialError(InstagramError):
    """The operation requires a credential that the client does not have. Nothing was sent."""


class RuleError(InstagramError, ValueError):
    """A value violates a rule of the API. Nothing was sent.

    ``parameter`` is the name of the argument, ``rule`` the name of the rule, ``message`` its sentence.
    """

    def __init__(self, parameter: str, rule: str, message: str) -> None:
        super().__init__(f"{parameter} violates the rule {rule}: {message}")
        self.parameter = parameter
        self.rule = rule
        self.message = message


class APIConnectionError(InstagramError):
    """No response arrived. ``__cause__`` is the error of httpx2."""


class APITimeoutError(APIConnectionError):
    """No response arrived in time."""


class RateLimit(NamedTuple):
    """The request budget as the headers of a response state it; None where they do not."""

    limit: int | None
    remaining: int | None

    @classmethod
    def of(cls, headers: httpx2.Headers) -> RateLimit:
        """From ``X-RateLimit-Limit`` and ``X-RateLimit-Remaining`` in their usual spellings."""
        return cls(_number(headers, "limit"), _number(headers, "remaining"))


_LONGEST_NUMBER = 18  # digits; a longer value is not a budget


def _number(headers: httpx2.Headers, word: str) -> int | None:
    for family in ("x-ratelimit", "x-rate-limit", "ratelimit"):
        value = headers.get(f"{family}-{word}", "")
        if value.isascii() and value.isdecimal() and len(value) <= _LONGEST_NUMBER:
            return int(value)
    return None


REQUEST_IDS = (
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "x-ms-request-id",
    "x-trace-id",
)


def request_id(headers: httpx2.Headers) -> str | None:
    """By which the operators of the API find the request, from ``X-Request-Id`` and the like."""
    return next((headers[name] for name in REQUEST_IDS if headers.get(name)), None)


class APIStatusError(InstagramError):
    """The response is an error.

    ``message`` says what is wrong, in the API's words if it has any. ``error_type``, ``error_message`` and
    ``code`` are its own words, None where the response has none (an HTML page of a proxy). ``body`` is the
    whole body as JSON, or as text where it is not JSON, with secrets masked. ``hint`` says what to do.
    """

    def __init__(
        self,
        message: str,
        *,
        response: httpx2.Response,
        problem: ProblemDetails | None = None,
        body: Any = None,
        hint: str | None = None,
        documented_type: Any = None,
    ) -> None:
        super().__init__(message)
        problem = problem or ProblemDetails()
        self.response = response
        self.status_code = response.status_code
        self.message = problem.message or message
        self.error_type = problem.type
        self.error_message = problem.message
        self.code = problem.code
        self.body = body
        self.hint = hint
        self._documented_type = documented_type

    @property
    def rate_limit(self) -> RateLimit:
        """The remaining request budget."""
        return RateLimit.of(self.response.headers)

    @property
    def request_id(self) -> str | None:
        """By which the operators of the API find the request, from ``X-Request-Id`` and the like."""
        return request_id(self.response.headers)

    @property
    def parsed(self) -> Any:
        """The body as the model that the document describes; None if there is none or it does not fit."""
        if self._documented_type is None:
            return None
        from .models import decode

        try:
            return decode(self._documented_type, self.body)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None


class BadRequestError(APIStatusError):
    """The server rejected the request for its content."""


class AuthenticationError(APIStatusError):
    """The credentials are missing, wrong, expired or revoked."""


class PermissionDeniedError(APIStatusError):
    """The credentials are valid, but do not permit this."""


class NotFoundError(APIStatusError):
    """The resource does not exist, or is not visible with these credentials."""


class ConflictError(APIStatusError):
    """The request conflicts with the state of the resource."""


class UnprocessableEntityError(APIStatusError):
    """The server understood the request, but a value in it is invalid."""


class RateLimitError(APIStatusError):
    """Too many requests."""


class InternalServerError(APIStatusError):
    """The server failed (5xx)."""


class StreamError(APIStatusError):
    """The server reports an error inside a stream whose response was none."""


class ResponseFormatError(InstagramError):
    """A response that is not an error does not have the documented format.

    ``snippet`` is the beginning of its body, secrets masked.
    """

    def __init__(self, message: str, *, response: httpx2.Response, snippet: str = "") -> None:
        super().__init__(message)
        self.response = response
        self.status_code = response.status_code
        self.snippet = snippet


class PaginationError(ResponseFormatError):
    """There is no next page, or the response names one that cannot be requested or was returned before."""


class AuthorizationError(InstagramError):
    """Access was denied. ``error``, ``reason`` and ``description`` are the server's words."""

    def __init__(
        self, error: str, reason: str | None = None, description: str | None = None
    ) -> None:
        super().__init__(one_line(error, reason, description))
        self.error = error
        self.reason = reason
        self.description = description


class WebhookSignatureError(InstagramError):
    """The signature of a payload is missing or wrong."""


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    420: RateLimitError,  # never registered, but several APIs sent it before 429 existed
    422: UnprocessableEntityError,
    429: RateLimitError,
}


class ErrorMapping(NamedTuple):
    """The exception for an error response."""

    kind: type[APIStatusError]
    hint: str | None = None
    types: tuple[str, ...] = ()  # error types that are more specific than this hint


class ErrorMappings(NamedTuple):
    """The exceptions for the error responses of an API, where it says more than the status (x-exception)."""

    type_pointers: tuple[str, ...] = ()
    message_pointers: tuple[str, ...] = ()
    by_type: Mapping[str, ErrorMapping] = MappingProxyType({})

    def error(
        self,
        response: httpx2.Response,
        documented: Mapping[str, ErrorMapping],
        types: Mapping[str, Any],
        body: Any,
        snippet: str,
    ) -> APIStatusError:
        """The exception for a response; secrets are masked in ``body``, JSON or text, and in ``snippet``.

        ``documented`` and ``types`` are those of the operation, by status.
        """
        status = response.status_code
        problem = self.problem(body)
        mapping = self._mapping(status, documented, problem.type)
        text = one_line(problem.label, problem.message) or snippet or "no body"
        return mapping.kind(
            f"{status} {text}" + (f" [{mapping.hint}]" if mapping.hint else ""),
            response=response,
            problem=problem,
            body=body,
            hint=mapping.hint,
            documented_type=of_status(types, status),
        )

    def problem(self, body: Any) -> ProblemDetails:
        """What a body says about an error: where the document says, else in a usual shape."""
        usual = ProblemDetails.of(body)
        return ProblemDetails(
            type=first_string(body, self.type_pointers) or usual.type,
            message=first_string(body, self.message_pointers) or usual.message,
            code=usual.code,
        )

    def _mapping(
        self, status: int, documented: Mapping[str, ErrorMapping], error_type: str | None
    ) -> ErrorMapping:
        mapping = of_status(documented, status) or ErrorMapping(status_class(status))
        typed = self.by_type.get(error_type or "")
        # An error type for any bad request says less than the status of a rate limit or a failure.
        status_is_specific = status_class(status) in (RateLimitError, InternalServerError)
        has_own_hint = mapping.hint is not None and error_type not in mapping.types
        if (
            typed
            and not has_own_hint
            and not (status_is_specific and typed.kind is BadRequestError)
        ):
            return typed
        return mapping


def of_status(documented: Mapping[str, T], status: int) -> T | None:
    """What is documented for a status: for itself, for its hundred, or by default."""
    keys = (str(status), f"{status // 100}XX", "default")
    return next((documented[key] for key in keys if key in documented), None)


def status_class(status: int) -> type[APIStatusError]:
    """The exception class for a status that the document does not describe."""
    return InternalServerError if status >= 500 else _BY_STATUS.get(status, APIStatusError)
