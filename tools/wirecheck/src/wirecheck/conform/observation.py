"""An answer, and what it tells by itself."""

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
from wirecheck.conform.encode import carried
from wirecheck.model import Exchange
from wirecheck.spec.document import tokens

_LIMIT = re.compile(r"(x-)?rate-?limit(-|$)", re.IGNORECASE)
REMAINING = re.compile(r"((?:x-)?rate-?limit-)remaining", re.IGNORECASE)
_UNMISTAKABLE = 16  # letters from which on a credential is no word of an answer


@dataclass(frozen=True, slots=True)
class Observation:
    """An answer. ``named`` is the property of its body that holds what it is about, empty for none."""

    case: Case
    subject: Subject
    named: str = ""

    @property
    def exchange(self) -> Exchange:
        return self.subject.exchange

    @property
    def body(self) -> Any:
        """Its JSON, None where it is none."""
        return self.subject.json.value

    @property
    def views(self) -> tuple[View | None, View | None]:
        """Request and answer as laws see them; None for what breaks its schema."""
        return request_view(self.subject), response_view(self.subject)

    @property
    def status(self) -> int:
        return self.exchange.status

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 400

    @property
    def payload(self) -> Any:
        """What the answer is about (x-payload), without what surrounds it, as the time of day."""
        return self.body.get(self.named, self.body) if isinstance(self.body, dict) else self.body

    @property
    def is_retired(self) -> bool:
        """Whether it is the refusal that the document describes for operations that are gone (x-retired)."""
        response = self.case.operation.response(self.status)
        if response is None:
            return False
        marks = self.subject.spec.document.get(response.pointer).get("x-retired", {})
        return bool(marks) and all(at(self.body, pointer) == value for pointer, value in marks.items())

    @property
    def error_type(self) -> str | None:
        """The API's own name for an error (x-exception, error-type); None if it tells none."""
        response = self.case.operation.response(self.status)
        found = self.subject.spec.document.get(response.pointer).get("x-exception") if response else None
        pointers = found.get("error-type", []) if isinstance(found, dict) else []
        names = (at(self.body, pointer) for pointer in pointers)
        return next((name for name in names if isinstance(name, str)), None)

    @property
    def too_much(self) -> str:
        """Of an answer 429 that too much was asked, and how long the server asks to wait."""
        told = next((value for name, value in self.exchange.response_headers if name == "retry-after"), "")
        wait = f"; it asks to wait {-(-int(told) // 60)} minutes" if re.fullmatch("[0-9]{1,9}", told) else ""
        return f"too much was asked of the server (429){wait}"

    @property
    def budget(self) -> tuple[int | None, int | None]:
        """How many requests remain, and of how many, as its headers tell; None for what they do not."""
        told = {
            name: int(text)
            for name, text in self.exchange.response_headers
            if re.fullmatch("[0-9]{1,18}", text)
        }
        name = next((name for name in told if REMAINING.fullmatch(name)), "")
        return told.get(name), told.get(name.replace("remaining", "limit"))

    def untold_limits(self) -> Iterator[str]:
        """Documented headers of a rate limit that it lacks. Only recordings may have lost them."""
        response = self.case.operation.response(self.status)
        told = {name for name, _ in self.exchange.response_headers}
        for header in response.headers if response else ():
            if _LIMIT.match(header.name) and header.name.lower() not in told:
                yield header.name

    def echoes(self, credentials: Mapping[str, str]) -> bool:
        """Whether it holds one of the credentials, by scheme, that its request carried.

        A success may hold it in an address, to be asked next.
        """
        sent = {secret for _, secret in carried(self.subject.spec, self.case.operation, credentials)}
        form = unquote_plus((self.exchange.request_body or b"").decode("utf-8", "replace"))
        sent |= {secret for secret in credentials.values() if secret in form}
        secrets = [one for one in sent if len(one) >= _UNMISTAKABLE]
        headers = [value for _, value in self.exchange.response_headers]
        if any(secret in value for secret in secrets for value in headers):
            return True
        if self.body is None or not self.accepted:
            text = (self.exchange.response_body or b"").decode("utf-8", "replace")
            return any(secret in text for secret in secrets)
        text = msgspec.json.encode(self.body).decode()  # so that nothing is spelled by escapes needlessly
        return any(_beside_addresses(text, secret) for secret in secrets)


def _beside_addresses(text: str, secret: str) -> bool:
    """Whether a secret stands in a JSON text that is no address with a query."""
    pieces = text.split(secret)
    surroundings = (before.rpartition('"')[2] + after.partition('"')[0] for before, after in pairwise(pieces))
    return any("?" not in one for one in surroundings)


def at(body: Any, pointer: str) -> Any:
    """The value that a JSON pointer leads to, None where it leads nowhere."""
    for key in tokens(pointer):
        if isinstance(body, dict):
            body = body.get(key)
        elif isinstance(body, list) and key.isdecimal() and int(key) < len(body):
            body = body[int(key)]
        else:
            return None
    return body
