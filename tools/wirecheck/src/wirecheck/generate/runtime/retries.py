"""What is tried again, when, and how often. Written once: the clients only send and wait."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import httpx

from .errors import (
    APIConnectionError,
    APITimeoutError,
    InternalServerError,
    RateLimit,
    RateLimitError,
    kind_of,
)
from .logs import LOGGER
from .operations import Operation

SHORTEST, LONGEST = 0.5, 8.0  # seconds to wait before the first retry, and at most
PATIENCE = 60.0  # seconds: who is told to wait for longer gets the answer at once

# What fails before a byte of the request is on its way.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_HOPELESS = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.DecodingError)

clock = time.time
chance = random.random

Exchange = Generator[httpx.Request | float, httpx.Response | None, httpx.Response]
"""Yields requests to send, for which it is sent the answer or thrown the error; and seconds to wait."""


class Retries(NamedTuple):
    """How an operation is asked: once, and up to ``limit`` times more."""

    operation: Operation
    limit: int

    def exchange(self, build: Callable[[], httpx.Request]) -> Exchange:
        """Raises APIConnectionError."""
        for attempt in range(self.limit + 1):
            request, start, last = build(), clock(), attempt == self.limit
            shown = f"{request.method} {request.url}"
            try:
                response = yield request
                assert response is not None
            except httpx.RequestError as error:
                LOGGER.info("%s -> %s", shown, type(error).__name__)
                if last or not self._may_repeat_failure(error):
                    kind = (
                        APITimeoutError if isinstance(error, httpx.TimeoutException) else APIConnectionError
                    )
                    raise kind(f"{self.operation.name}: {type(error).__name__}: {error}") from error
                wait = backoff(attempt)
            else:
                budget = RateLimit.of(response.headers)
                of = "" if budget.limit is None else f" of {budget.limit}"
                left = "" if budget.remaining is None else f", {budget.remaining}{of} requests left"
                LOGGER.info("%s -> %d (%.3f s%s)", shown, response.status_code, clock() - start, left)
                pause = None if last else self._wait(response, attempt)
                if pause is None:
                    return response
                wait = pause
            LOGGER.debug("%s again in %.3f s", shown, wait)
            yield wait
        raise AssertionError("the last attempt ends it")

    def _may_repeat_failure(self, error: httpx.RequestError) -> bool:
        if isinstance(error, _HOPELESS):
            return False
        return self.operation.reads or isinstance(error, _NOT_SENT)

    def _wait(self, response: httpx.Response, attempt: int) -> float | None:
        """Seconds until the next attempt; None if this answer stands.

        A request that was refused because there were too many has done nothing, so that even a
        write is repeated; after a failure of the server nobody knows.
        """
        kind = kind_of(response.status_code)
        if kind is not RateLimitError and not (kind is InternalServerError and self.operation.reads):
            return None
        told = retry_after(response.headers)
        if told is None:
            return backoff(attempt)
        return told if told <= PATIENCE else None


def backoff(attempt: int) -> float:
    """Seconds before the retry after an attempt (from 0): doubled each time, less up to a quarter."""
    return min(SHORTEST * 2.0**attempt, LONGEST) * (1 - chance() / 4)


def retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that ``Retry-After`` asks for, as a number or a date (RFC 9110, 10.2.3)."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdecimal():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
        return max(0.0, date.replace(tzinfo=date.tzinfo or UTC).timestamp() - clock())
    except (ValueError, OverflowError):
        return None
