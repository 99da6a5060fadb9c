"""An observation: a response with the case that was sent, and what can be read from it alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from wirecheck.cel import View
from wirecheck.checks.subject import Subject
from wirecheck.checks.views import request_view, response_view
from wirecheck.conform.case import Case
from wirecheck.conform.encoding import carried
from wirecheck.decode import essence
from wirecheck.model import Exchange
from wirecheck.spec.document import tokens

_RATE_LIMIT = re.compile(r"(x-)?rate-?limit(-|$)", re.IGNORECASE)
REMAINING = re.compile(r"((?:x-)?rate-?limit-)remaining", re.IGNORECASE)
_MIN_SECRET = 16  # characters; a shorter credential may occur in a response by coincidence


@dataclass(frozen=True, slots=True)
class Observation:
    """A response with the case that was sent.

    ``payload_name`` is the property of the body that holds the payload (x-payload), empty for none.
    """

    case: Case
    subject: Subject
    payload_name: str = ""

    @property
    def exchange(self) -> Exchange:
        return self.subject.exchange

    @property
    def body(self) -> Any:
        """The parsed JSON body, None where it is not JSON."""
        return self.subject.json.value

    @property
    def views(self) -> tuple[View | None, View | None]:
        """Request and response as laws see them; None for one that violates its schema."""
        return request_view(self.subject), response_view(self.subject)

    @property
    def status(self) -> int:
        return self.exchange.status

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 400

    def header(self, name: str) -> str:
        """The first response header of a name in lower case; empty where there is none."""
        headers = self.exchange.response_headers
        return next((value for header, value in headers if header == name), "")

    @property
    def payload(self) -> Any:
        """The body without its envelope (x-payload), which may change by itself, as a timestamp does."""
        return self.body.get(self.payload_name, self.body) if isinstance(self.body, dict) else self.body

    @property
    def is_retired(self) -> bool:
        """Whether it is the documented rejection of operations that were removed (x-retired)."""
        response = self.case.operation.response(self.status)
        if response is None:
            return False
        marks = self.subject.spec.document.get(response.pointer).get("x-retired", {})
        return bool(marks) and all(at(self.body, pointer) == value for pointer, value in marks.items())

    @property
    def error_type(self) -> str | None:
        """The API's own name of the error (x-exception, error-type); None if there is none."""
        response = self.case.operation.response(self.status)
        exception = self.subject.spec.document.get(response.pointer).get("x-exception") if response else None
        pointers = exception.get("error-type", []) if isinstance(exception, dict) else []
        names = (at(self.body, pointer) for pointer in pointers)
        return next((name for name in names if isinstance(name, str)), None)

    @property
    def rate_limited(self) -> str:
        """The sentence for a response 429, with the wait that the server requests."""
        headers = self.exchange.response_headers
        seconds = next((value for name, value in headers if name == "retry-after"), "")
        if not re.fullmatch("[0-9]{1,9}", seconds):
            return "rate limited (429)"
        return f"rate limited (429); the server requests a wait of {-(-int(seconds) // 60)} minutes"

    @property
    def budget(self) -> tuple[int | None, int | None]:
        """Remaining requests and their limit, by the headers of a rate limit; None for a missing one."""
        numbers = {
            name: int(text)
            for name, text in self.exchange.response_headers
            if re.fullmatch("[0-9]{1,18}", text)
        }
        name = next((name for name in numbers if REMAINING.fullmatch(name)), "")
        return numbers.get(name), numbers.get(name.replace("remaining", "limit"))

    @property
    def told_status(self) -> int | None:
        """The status that a problem document (RFC 9457) says the response has; None where it says none."""
        is_problem = essence(self.header("content-type")) == "application/problem+json"
        status = self.body.get("status") if is_problem and isinstance(self.body, dict) else None
        return status if isinstance(status, int) and not isinstance(status, bool) else None

    def missing_limit_headers(self) -> Iterator[str]:
        """Documented headers of a rate limit that are missing; only recordings may have lost them."""
        response = self.case.operation.response(self.status)
        present = {name for name, _ in self.exchange.response_headers}
        for header in response.headers if response else ():
            if _RATE_LIMIT.match(header.name) and header.name.lower() not in present:
                yield header.name

    def repeats_secret(self, credentials: Mapping[str, str]) -> bool:
        """Whether the response contains a credential (by scheme) that its request carried.

        A success may contain it in the URL of a further request.
        """
        sent = {secret for _, secret in carried(self.subject.spec, self.case.operation, credentials)}
        form = unquote_plus((self.exchange.request_body or b"").decode("utf-8", "replace"))
        sent |= {secret for secret in credentials.values() if secret in form}
        secrets = [secret for secret in sent if len(secret) >= _MIN_SECRET]
        headers = [value for _, value in self.exchange.response_headers]
        if any(secret in value for secret in secrets for value in headers):
            return True
        if self.body is None or not self.accepted:
            text = (self.exchange.response_body or b"").decode("utf-8", "replace")
            return any(secret in text for secret in secrets)
        text = msgspec.json.encode(self.body).decode()  # normalizes needless escapes
        return any(_occurs_outside_urls(text, secret) for secret in secrets)


def _occurs_outside_urls(text: str, secret: str) -> bool:
    """Whether a secret occurs in a JSON text within a string that is not a URL with a query."""
    pieces = text.split(secret)
    strings = (before.rpartition('"')[2] + after.partition('"')[0] for before, after in pairwise(pieces))
    return any("?" not in string for string in strings)


def at(body: Any, pointer: str) -> Any:
    """The value at a JSON pointer, None where there is none."""
    for key in tokens(pointer):
        if isinstance(body, dict):
            body = body.get(key)
        elif isinstance(body, list) and key.isdecimal() and int(key) < len(body):
            body = body[int(key)]
        else:
            return None
    return body
