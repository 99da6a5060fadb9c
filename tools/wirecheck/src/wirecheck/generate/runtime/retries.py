"""What is retried, when, and how often. The two clients only send requests and wait."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Generator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import httpx2

from .endpoints import Endpoint
from .errors import (
    APIConnectionError,
    APITimeoutError,
    InternalServerError,
    RateLimit,
    RateLimitError,
    status_class,
)
from .logs import LOGGER

FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0  # seconds before the first retry, and at most
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NOT_IN_TIME = 408  # the server did not receive the whole request in time (RFC 9110, 15.5.9)
_CONFLICT = 409  # with another request; where the server says so, it is over soon
LONGEST_RETRY_AFTER = 60.0  # seconds; a longer Retry-After ends the attempts

# Errors before a byte of the request is on its way.
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
FAILURES = (httpx2.RequestError, httpx2.InvalidURL)  # the latter for some addresses of redirects
_PERMANENT = (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.DecodingError)

clock = time.time
jitter = random.random

Attempts = Generator[httpx2.Request | float, httpx2.Response | None, httpx2.Response]
"""Yields requests to send and seconds to wait; takes the response to a request, or its error thrown."""


class Retries(NamedTuple):
    """How a request of an endpoint is sent: once, and up to ``limit`` more times.

    ``is_repeatable`` says that its body can be sent again, ``is_harmless`` that a second request has no
    effect beyond that of the first: it reads, or it has an idempotency key.
    """

    endpoint: Endpoint
    limit: int
    is_repeatable: bool
    is_harmless: bool

    def attempts(self, build: Callable[[], httpx2.Request]) -> Attempts:
        """Raises APIConnectionError."""
        limit = self.limit if self.is_repeatable else 0
        for attempt in range(limit + 1):
            request, start, is_last = build(), clock(), attempt == limit
            shown = f"{request.method} {request.url}"
            try:
                response = yield request
                assert response is not None
            except FAILURES as error:
                LOGGER.info("%s -> %s", shown, type(error).__name__)
                if is_last or not self._may_repeat(error):
                    raise connection_error(self.endpoint, error) from error
                wait = backoff(attempt)
            else:
                _log(shown, response, clock() - start)
                pause = None if is_last else self._wait(response, attempt)
                if pause is None:
                    return response
                wait = pause
            LOGGER.debug("%s again in %.3f s", shown, wait)
            yield wait
        raise AssertionError("the last attempt returns or raises")

    def _may_repeat(self, error: Exception) -> bool:
        if isinstance(error, _PERMANENT):
            return False
        return self.is_harmless or isinstance(error, _NOT_SENT)

    def _wait(self, response: httpx2.Response, attempt: int) -> float | None:
        """Seconds until the next attempt; None if this response is final."""
        if not self._may_succeed(response):
            return None
        seconds = retry_after(response.headers)
        if seconds is None:
            return backoff(attempt)
        return seconds if seconds <= LONGEST_RETRY_AFTER else None

    def _may_succeed(self, response: httpx2.Response) -> bool:
        """Whether another attempt may succeed, and nothing happens twice.

        A request that was rejected by a rate limit, or for a conflict, or did not arrive in time, had no
        effect, so even a write is repeated; after a failure of the server the effect of a write is unknown.
        """
        status, advice = response.status_code, response.headers.get("x-should-retry", "").lower()
        if status < 400 or advice in {"true", "false"}:
            return status >= 400 and advice == "true"
        kind = status_class(status)
        if kind is InternalServerError:
            return self.is_harmless
        is_brief = status == _CONFLICT and "Retry-After" in response.headers
        return is_brief or status == _NOT_IN_TIME or kind is RateLimitError


def connection_error(endpoint: Endpoint, error: Exception) -> APIConnectionError:
    """The error of the client for one of httpx2."""
    kind = APITimeoutError if isinstance(error, httpx2.TimeoutException) else APIConnectionError
    return kind(f"{endpoint.name}: {type(error).__name__}: {error}")


def _log(shown: str, response: httpx2.Response, seconds: float) -> None:
    budget = RateLimit.of(response.headers)
    limit = "" if budget.limit is None else f" of {budget.limit}"
    remaining = "" if budget.remaining is None else f", {budget.remaining}{limit} requests left"
    LOGGER.info("%s -> %d (%.3f s%s)", shown, response.status_code, seconds, remaining)


def backoff(attempt: int) -> float:
    """Seconds before the retry after an attempt (from 0): doubled each time, less up to a quarter."""
    return min(FIRST_WAIT * 2.0**attempt, LONGEST_WAIT) * (1 - jitter() / 4)


def retry_after(headers: httpx2.Headers) -> float | None:
    """Seconds that ``Retry-After`` requests, as a number or a date (RFC 9110, 10.2.3).

    Some servers send fractions of seconds, or milliseconds in a header of their own.
    """
    milliseconds = headers.get("retry-after-ms", "").strip()
    if _NUMBER.fullmatch(milliseconds):
        return float(milliseconds) / 1000
    value = headers.get("Retry-After", "").strip()
    if _NUMBER.fullmatch(value):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
        return max(0.0, date.replace(tzinfo=date.tzinfo or UTC).timestamp() - clock())
    except (ValueError, OverflowError):
        return None
