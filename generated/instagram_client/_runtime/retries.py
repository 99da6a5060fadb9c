"""What is retried, when, and how often. The two clients only send requests and wait."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Generator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import httpx

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
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NOT_IN_TIME = 408  # the server did not receive the whole request in time (RFC 9110, 15.5.9)
LONGEST_RETRY_AFTER = 60.0  # seconds; a longer Retry-After ends the attempts

# Errors before a byte of the request is on its way.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
FAILURES = (httpx.RequestError, httpx.InvalidURL)  # the latter for some addresses of redirects
_PERMANENT = (
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.DecodingError,
)

clock = time.time
jitter = random.random

Attempts = Generator[httpx.Request | float, httpx.Response | None, httpx.Response]
"""Yields requests to send and seconds to wait; takes the response to a request, or its error thrown."""


class Retries(NamedTuple):
    """How a request of an endpoint is sent: once, and up to ``limit`` more times."""

    endpoint: Endpoint
    limit: int

    def attempts(self, build: Callable[[], httpx.Request]) -> Attempts:
        """Raises APIConnectionError."""
        for attempt in range(self.limit + 1):
            request, start, is_last = build(), clock(), attempt == self.limit
            shown = f"{request.method} {request.url}"
            try:
                response = yield request
                assert response is not None
            except FAILURES as error:
                LOGGER.info("%s -> %s", shown, type(error).__name__)
                if is_last or not self._may_repeat(error):
                    raise self._connection_error(error) from error
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

    def _connection_error(self, error: Exception) -> APIConnectionError:
        kind = APITimeoutError if isinstance(error, httpx.TimeoutException) else APIConnectionError
        return kind(f"{self.endpoint.name}: {type(error).__name__}: {error}")

    def _may_repeat(self, error: Exception) -> bool:
        if isinstance(error, _PERMANENT):
            return False
        return self.endpoint.reads or isinstance(error, _NOT_SENT)

    def _wait(self, response: httpx.Response, attempt: int) -> float | None:
        """Seconds until the next attempt; None if this response is final.

        A request that was rejected by a rate limit, or did not arrive in time, had no effect, so even a write
        is repeated; after a failure of the server the effect of a write is unknown.
        """
        kind = status_class(response.status_code)
        had_no_effect = kind is RateLimitError or response.status_code == _NOT_IN_TIME
        if not had_no_effect and not (kind is InternalServerError and self.endpoint.reads):
            return None
        seconds = retry_after(response.headers)
        if seconds is None:
            return backoff(attempt)
        return seconds if seconds <= LONGEST_RETRY_AFTER else None


def _log(shown: str, response: httpx.Response, seconds: float) -> None:
    budget = RateLimit.of(response.headers)
    limit = "" if budget.limit is None else f" of {budget.limit}"
    remaining = "" if budget.remaining is None else f", {budget.remaining}{limit} requests left"
    LOGGER.info("%s -> %d (%.3f s%s)", shown, response.status_code, seconds, remaining)


def backoff(attempt: int) -> float:
    """Seconds before the retry after an attempt (from 0): doubled each time, less up to a quarter."""
    return min(FIRST_WAIT * 2.0**attempt, LONGEST_WAIT) * (1 - jitter() / 4)


def retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that ``Retry-After`` requests, as a number or a date (RFC 9110, 10.2.3).

    Some servers send fractions of seconds, which the RFC does not have.
    """
    value = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
        return max(0.0, date.replace(tzinfo=date.tzinfo or UTC).timestamp() - clock())
    except (ValueError, OverflowError):
        return None
