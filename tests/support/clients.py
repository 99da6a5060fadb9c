"""The generated client before the reference server, asked in the same way whichever kind of it that is."""

import asyncio
import inspect
import re
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

import httpx
from starlette.types import ASGIApp

from instagram_client import AsyncInstagram, AsyncPage, Instagram, RawResponse
from instagram_server import seed_data as world
from instagram_server.app import create_app
from instagram_server.config import ERA_STARTS, Era, Settings
from instagram_server.platform import Platform

ORIGIN = "http://server.test"
MANNERS = ("sync", "async", "sync raw", "async raw")
"""Either client, and either through ``with_raw_response``."""

T = TypeVar("T")


class World:
    """A server whose world a file holds, and clients of it. Its time stands still."""

    def __init__(
        self,
        database: Path,
        *,
        era: Era = Era.NOVEMBER_2015,
        rate_limit: int | None = 5000,
        write_limit: int | None = 60,
    ) -> None:
        now = ERA_STARTS[era].timestamp()
        self._app = create_app(
            Settings(
                era=era,
                database=database,
                rate_limit=rate_limit,
                write_limit=write_limit,
                clock=lambda: now,
            )
        )
        self._platform: Platform = self._app.state.platform
        self._runner = asyncio.Runner()
        self.store = self._platform.store
        self.requests: list[httpx.Request] = []  # as they reached the server
        self.called: list[str] = []
        self.answers: list[RawResponse[Any]] = []  # what with_raw_response gave

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.close()
        self.store.close()

    def wait(self, awaited: Awaitable[T]) -> T:
        async def wait() -> T:
            return await awaited

        return self._runner.run(wait())

    def client(self, manner: str = "sync", **options: Any) -> Instagram:
        """A client with ada's token unless told otherwise, that never tries again.

        Whatever its kind is, it is called as the synchronous one: what it gives to be awaited or
        iterated over asynchronously has been.
        """
        options = {
            "access_token": world.tokens()["all"],
            "base_url": f"{ORIGIN}/v1",
            "max_retries": 0,
            **options,
        }
        straight = _Straight(self._app, self.requests)
        made = (
            AsyncInstagram(transport=straight, **options)
            if manner.startswith("async")
            else Instagram(transport=_Bridge(straight, self), **options)
        )
        return cast(Instagram, _Client(made, self, raw=manner.endswith("raw")))

    def asynchronous(self) -> AsyncInstagram:
        """The asynchronous client as it is, with ada's token."""
        return AsyncInstagram(
            access_token=world.tokens()["all"],
            base_url=f"{ORIGIN}/v1",
            transport=_Straight(self._app, self.requests),
        )

    def consent(self, url: str, answer: str = "authorize") -> str:
        """Where ada comes back to, once she has answered whether an app may."""

        async def browse() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport) as browser:
                page = await browser.get(url)
                [seal] = re.findall(r'name="seal" value="([0-9a-f]{32})"', page.text)
                asked = dict(parse_qsl(urlsplit(url).query))
                form = {**asked, "user": str(world.ADA), "answer": answer, "seal": seal}
                return await browser.post(url.partition("?")[0], data=form)

        return str(self.wait(browse()).headers["Location"])


class _Straight(httpx.ASGITransport):
    """Leads into the server within this process, and remembers what it led there."""

    def __init__(self, app: ASGIApp, requests: list[httpx.Request]) -> None:
        super().__init__(app)
        self._requests = requests

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._requests.append(request)
        return await super().handle_async_request(request)


class _Bridge(httpx.BaseTransport):
    """The same for a client that is not asynchronous."""

    def __init__(self, straight: _Straight, world: World) -> None:
        self._straight = straight
        self._world = world

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def respond() -> httpx.Response:
            response = await self._straight.handle_async_request(request)
            content = await response.aread()
            return httpx.Response(response.status_code, headers=response.headers, content=content)

        return self._world.wait(respond())


class _Client:
    """Gives resources whose methods can be called in the plain way."""

    def __init__(self, client: Instagram | AsyncInstagram, world: World, raw: bool) -> None:
        self._client = client
        self._world = world
        self._raw = raw

    def __getattr__(self, name: str) -> "_Resource":
        return _Resource(name, getattr(self._client, name), self._world, self._raw)


class _Resource:
    def __init__(self, name: str, resource: Any, world: World, raw: bool) -> None:
        self._name = name
        self._resource = resource
        self._world = world
        self._raw = raw

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*positional: Any, **named: Any) -> Any:
            self._world.called.append(f"{self._name}.{name}")
            raw = self._raw and hasattr(self._resource.with_raw_response, name)
            resource = self._resource.with_raw_response if raw else self._resource
            found = getattr(resource, name)(*positional, **named)
            if inspect.isawaitable(found):
                found = self._world.wait(found)
            assert isinstance(found, RawResponse) == raw
            if raw:
                self._world.answers.append(found)
                found = found.parse()
            return _Page(found, self._world) if isinstance(found, AsyncPage) else found

        return call


class _Page:
    """A page that iterates plainly over what it iterates over asynchronously."""

    def __init__(self, page: AsyncPage[Any, Any], world: World) -> None:
        self._page = page
        self._world = world

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def __iter__(self) -> Iterator[Any]:
        return self._each(self._page)

    def pages(self) -> Iterator["_Page"]:
        for page in self._each(self._page.pages()):
            yield _Page(page, self._world)

    def next_page(self) -> "_Page":
        return _Page(self._world.wait(self._page.next_page()), self._world)

    def _each(self, items: AsyncIterable[T]) -> Iterator[T]:
        iterator = aiter(items)
        while True:
            try:
                item = self._world.wait(anext(iterator))
            except StopAsyncIteration:
                return
            yield item
