"""What this client raises.

ClientError
├── MissingCredentialError   nothing was sent: the client lacks a credential that the operation requires
├── RuleError                nothing was sent: a value violates a rule of the API
├── APIConnectionError       no response arrived
│   └── APITimeoutError      ... in time
├── APIStatusError           the response is an error
│   ├── BadRequestError
│   ├── AuthenticationError
│   ├── PermissionDeniedError
│   ├── NotFoundError
│   ├── RateLimitError
│   └── InternalServerError
├── ResponseFormatError      the response is not an error, but does not have the documented format
│   └── PaginationError      ... where it names the next page
├── AuthorizationError       the user or the server denied access (OAuth)
└── WebhookSignatureError    the signature of a webhook payload is missing or wrong
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx

from .json import first_string


def one_line(*parts: str | None, longest: int = 500) -> str:
    """A message of the server on one line: no line breaks, no control characters, shortened."""
    text = " ".join(": ".join(part for part in parts if part).split())
    shortened = text if len(text) <= longest else f"{text[:longest]}…"
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in shortened)


class ClientError(Exception):
    """The base class of everything that this client raises; none of it contains a secret."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[ClientError], args: tuple[Any, ...], state: dict[str, Any]) -> ClientError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class MissingCredentialError(ClientError):
    """The operation requires a credential that the client does not have. Nothing was sent."""


class RuleError(ClientError, ValueError):
    """A value violates a rule of the API. Nothing was sent.

    ``parameter`` is the name of the argument, ``rule`` the name of the rule, ``message`` its sentence.
    """

    def __init__(self, parameter: str, rule: str, message: str) -> None:
        super().__init__(f"{parameter} violates the rule {rule}: {message}")
        self.parameter = parameter
        self.rule = rule
        self.message = message


class APIConnectionError(ClientError):
    """No response arrived. ``__cause__`` is the error of httpx."""


class APITimeoutError(APIConnectionError):
    """No response arrived in time."""


class RateLimit(NamedTuple):
    """The request budget as the headers of a response state it; None where they do not."""

    limit: int | None
    remaining: int | None

    @classmethod
    def of(cls, headers: httpx.Headers) -> RateLimit:
        """From ``X-RateLimit-Limit`` and ``X-RateLimit-Remaining`` in their usual spellings."""
        return cls(_number(headers, "limit"), _number(headers, "remaining"))


_LONGEST_NUMBER = 18  # digits; a longer value is not a budget


def _number(headers: httpx.Headers, word: str) -> int | None:
    for family in ("x-ratelimit", "x-rate-limit", "ratelimit"):
        value = headers.get(f"{family}-{word}", "")
        if value.isascii() and value.isdecimal() and len(value) <= _LONGEST_NUMBER:
            return int(value)
    return None


class APIStatusError(ClientError):
    """The response is an error.

    ``error_type`` and ``error_message`` are the API's own words, None where the response has none
    (an HTML page of a proxy). ``hint`` says what to do about it.
    """

    def __init__(
        self,
        message: str,
        *,
        response: httpx.Response,
        error_type: str | None = None,
        error_message: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.response = response
        self.status_code = response.status_code
        self.error_type = error_type
        self.error_message = error_message
        self.hint = hint

    @property
    def rate_limit(self) -> RateLimit:
        """The remaining request budget."""
        return RateLimit.of(self.response.headers)


class BadRequestError(APIStatusError):
    """The server rejected the request for its content."""


class AuthenticationError(APIStatusError):
    """The credentials are missing, wrong, expired or revoked."""


class PermissionDeniedError(APIStatusError):
    """The credentials are valid, but do not permit this."""


class NotFoundError(APIStatusError):
    """The resource does not exist, or is not visible with these credentials."""


class RateLimitError(APIStatusError):
    """Too many requests."""


class InternalServerError(APIStatusError):
    """The server failed (5xx)."""


class ResponseFormatError(ClientError):
    """A response that is not an error does not have the documented format.

    ``snippet`` is the beginning of its body, secrets masked.
    """

    def __init__(self, message: str, *, response: httpx.Response, snippet: str = "") -> None:
        super().__init__(message)
        self.response = response
        self.status_code = response.status_code
        self.snippet = snippet


class PaginationError(ResponseFormatError):
    """There is no next page, or the response names one that cannot be requested or was returned before."""


class AuthorizationError(ClientError):
    """Access was denied. ``error``, ``reason`` and ``description`` are the server's words."""

    def __init__(self, error: str, reason: str | None = None, description: str | None = None) -> None:
        super().__init__(one_line(error, reason, description))
        self.error = error
        self.reason = reason
        self.description = description


class WebhookSignatureError(ClientError):
    """The signature of a payload is missing or wrong."""


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    420: RateLimitError,  # never registered, but several APIs sent it before 429 existed
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
        self, response: httpx.Response, documented: Mapping[str, ErrorMapping], body: Any, snippet: str
    ) -> APIStatusError:
        """The exception for a response; ``body`` is None when it is not JSON, secrets are masked in both."""
        error_type = first_string(body, self.type_pointers)
        error_message = first_string(body, self.message_pointers)
        status = response.status_code
        keys = (key for key in (str(status), f"{status // 100}XX", "default") if key in documented)
        mapping = documented.get(next(keys, ""), ErrorMapping(status_class(status)))
        typed = self.by_type.get(error_type or "")
        # An error type for any bad request says less than the status of a rate limit or a failure.
        status_is_specific = status_class(status) in (RateLimitError, InternalServerError)
        has_own_hint = mapping.hint is not None and error_type not in mapping.types
        if typed and not has_own_hint and not (status_is_specific and typed.kind is BadRequestError):
            mapping = typed
        text = one_line(error_type, error_message) or snippet or "no body"
        return mapping.kind(
            f"{status} {text}" + (f" [{mapping.hint}]" if mapping.hint else ""),
            response=response,
            error_type=error_type,
            error_message=error_message,
            hint=mapping.hint,
        )


def status_class(status: int) -> type[APIStatusError]:
    """The exception class for a status that the document does not describe."""
    return InternalServerError if status >= 500 else _BY_STATUS.get(status, APIStatusError)
