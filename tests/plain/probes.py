"""Requests in short, and what a server responds to them."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from plain.web import ASGI, Json, Request

ORIGIN = "http://server.test"
BODY_OF_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Sender:
    """Makes requests below a prefix, with headers of its own."""

    prefix: str
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(
        self, method: str, target: str, body: Json = BODY_OF_NOTHING, **headers: str | None
    ) -> Request:
        """Underscores in names of headers are hyphens; None removes a header."""
        merged = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        content = b""
        if isinstance(body, bytes):
            content = body
        elif body is not BODY_OF_NOTHING:
            content = json.dumps(body).encode()
            merged.setdefault("content-type", "application/json")
        sent = {name: value for name, value in merged.items() if value is not None}
        return Request(method, self.prefix + target, sent, content)

    def get(self, target: str, **headers: str | None) -> Request:
        return self("GET", target, **headers)

    def delete(self, target: str, **headers: str | None) -> Request:
        return self("DELETE", target, **headers)

    def post(self, target: str, body: Json = BODY_OF_NOTHING, **headers: str | None) -> Request:
        return self("POST", target, body, **headers)

    def put(self, target: str, body: Json, **headers: str | None) -> Request:
        return self("PUT", target, body, **headers)

    def patch(self, target: str, body: Json, **headers: str | None) -> Request:
        return self("PATCH", target, body, **headers)


def clock() -> Callable[[], datetime]:
    """A clock that advances by a minute whenever it is read."""
    times = iter(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute) for minute in range(100_000))
    return lambda: next(times)


def responses(app: ASGI, requests: Iterable[Request]) -> Iterator[httpx.Response]:
    """Sends the requests in their order."""

    async def all_of_them() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            client.headers.clear()
            return [
                await client.request(item.method, item.target, headers=dict(item.headers), content=item.body)
                for item in requests
            ]

    yield from asyncio.run(all_of_them())


def transcript(app: ASGI, requests: Iterable[Request]) -> list[tuple[int, dict[str, str], bytes]]:
    """Status, headers and body of each response."""
    return [(item.status_code, dict(item.headers), item.content) for item in responses(app, requests)]
