"""What this client raises.

ClientError
├── MissingCredentialError   nothing was sent: the operation needs a credential that was not given
├── RuleError                nothing was sent: a value breaks a rule of the API
├── APIConnectionError       no answer came
│   └── APITimeoutError      ... in time
├── APIStatusError           the answer is an error
│   ├── BadRequestError
│   ├── AuthenticationError
│   ├── PermissionDeniedError
│   ├── NotFoundError
│   ├── RateLimitError
│   └── InternalServerError
├── ResponseFormatError      the answer is no error, but not what the API promises either
│   └── PaginationError      ... about where its next page is
├── AuthorizationError       the person, or the server, did not grant access (OAuth)
└── WebhookSignatureError    a payload is not signed as one from the server is
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx

from .json import first_string


def one_line(*parts: str | None, longest: int = 500) -> str:
    """Words of a server for people: without breaks, control characters, and more than anybody reads."""
    text = " ".join(": ".join(part for part in parts if part).split())
    shown = text if len(text) <= longest else f"{text[:longest]}…"
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in shown)


class ClientError(Exception):
    """Whatever this client raises on purpose; no secret stands in any of it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[ClientError], args: tuple[Any, ...], state: dict[str, Any]) -> ClientError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class MissingCredentialError(ClientError):
    """The operation needs a credential that the client was not given. Nothing was sent."""


class RuleError(ClientError, ValueError):
    """A value breaks a rule of the API. Nothing was sent.

    ``parameter`` is the name of the argument, ``rule`` that of the rule, ``message`` its sentence.
    """

    def __init__(self, parameter: str, rule: str, message: str) -> None:
        super().__init__(f"{parameter} breaks the rule {rule}: {message}")
        self.parameter = parameter
        self.rule = rule
        self.message = message


class APIConnectionError(ClientError):
    """No answer came. ``__cause__`` is the error of httpx."""


class APITimeoutError(APIConnectionError):
    """No answer came in time."""


class RateLimit(NamedTuple):
    """The budget of requests as the headers of an answer state it; None where they do not."""

    limit: int | None
    remaining: int | None

    @classmethod
    def of(cls, headers: httpx.Headers) -> RateLimit:
        """From ``X-RateLimit-Limit`` and ``X-RateLimit-Remaining`` in their usual spellings."""
        return cls(_number(headers, "limit"), _number(headers, "remaining"))


def _number(headers: httpx.Headers, word: str) -> int | None:
    for family in ("x-ratelimit", "x-rate-limit", "ratelimit"):
        value = headers.get(f"{family}-{word}", "")
        if value.isascii() and value.isdecimal():
            return int(value)
    return None


class APIStatusError(ClientError):
    """The answer is an error.

    ``error_type`` and ``error_message`` are the API's own words, None where the answer has none
    (a page of HTML from a proxy). ``hint`` says what to do about it.
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
        """What is left of the budget of requests."""
        return RateLimit.of(self.response.headers)


class BadRequestError(APIStatusError):
    """The request is refused for what it says."""


class AuthenticationError(APIStatusError):
    """The credentials are missing, wrong, expired or revoked."""


class PermissionDeniedError(APIStatusError):
    """The credentials are good, but not for this."""


class NotFoundError(APIStatusError):
    """There is no such thing, or none that may be seen."""


class RateLimitError(APIStatusError):
    """Too many requests."""


class InternalServerError(APIStatusError):
    """The server failed (5xx)."""


class ResponseFormatError(ClientError):
    """An answer that is no error is not what the API promises.

    ``snippet`` is the beginning of its body, secrets masked.
    """

    def __init__(self, message: str, *, response: httpx.Response, snippet: str = "") -> None:
        super().__init__(message)
        self.response = response
        self.status_code = response.status_code
        self.snippet = snippet


class PaginationError(ResponseFormatError):
    """The way to the next page leads nowhere, or back to where it came from."""


class AuthorizationError(ClientError):
    """Access was not granted. ``error``, ``reason`` and ``description`` are the server's words."""

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
    420: RateLimitError,  # never registered, but what several APIs said before there was a 429
    429: RateLimitError,
}


class Meaning(NamedTuple):
    """What an answer means to the one who asked."""

    kind: type[APIStatusError]
    hint: str | None = None
    types: tuple[str, ...] = ()  # error types that say more than this hint


class Meanings(NamedTuple):
    """What the answers of an API mean, where it says more than the status does (x-exception)."""

    type_pointers: tuple[str, ...] = ()
    message_pointers: tuple[str, ...] = ()
    by_type: Mapping[str, Meaning] = MappingProxyType({})

    def error(
        self, response: httpx.Response, documented: Mapping[str, Meaning], body: Any, snippet: str
    ) -> APIStatusError:
        """The error for an answer; ``body`` is None when it is no JSON, both without secrets."""
        error_type = first_string(body, self.type_pointers)
        error_message = first_string(body, self.message_pointers)
        status = response.status_code
        known = (
            documented[key] for key in (str(status), f"{status // 100}XX", "default") if key in documented
        )
        meaning = next(known, Meaning(kind_of(status)))
        typed = self.by_type.get(error_type or "")
        # A type for whatever is refused says less than these statuses do.
        vague = kind_of(status) in (RateLimitError, InternalServerError)
        told = meaning.hint is not None and error_type not in meaning.types
        if typed and not told and not (vague and typed.kind is BadRequestError):
            meaning = typed
        said = one_line(error_type, error_message) or snippet or "no body"
        return meaning.kind(
            f"{status} {said}" + (f" [{meaning.hint}]" if meaning.hint else ""),
            response=response,
            error_type=error_type,
            error_message=error_message,
            hint=meaning.hint,
        )


def kind_of(status: int) -> type[APIStatusError]:
    """The class for a status of which the document says nothing."""
    return InternalServerError if status >= 500 else _BY_STATUS.get(status, APIStatusError)
