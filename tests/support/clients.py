"""Clients of the reference server in this process; each kind is called like the synchronous one."""

import asyncio
import inspect
import re
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

import httpx2
from starlette.types import ASGIApp

from instagram_client import AsyncInstagram, AsyncPage, Instagram, RawResponse
from instagram_server import seed_data
from instagram_server.app import create_app
from instagram_server.config import ERA_STARTS, Era, Settings
from instagram_server.platform import Platform

ORIGIN = "http://server.test"
MANNERS = ("sync", "async", "sync raw", "async raw")
"""Either client, and either through ``with_raw_response``."""

T = TypeVar("T")


class ReferenceServer:
    """A server with a database file, and clients of it. Its clock does not move."""

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
        self.requests: list[httpx2.Request] = []  # as they reached the server
        self.called: list[str] = []
        self.raw_responses: list[RawResponse[Any]] = []  # that with_raw_response returned

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

        # Runner.run writes each result out, where it looks for the handler of SIGINT.
        return self._runner.get_loop().run_until_complete(wait())

    def client(self, manner: str = "sync", **options: Any) -> Instagram:
        """A client that does not retry, by default with ada's token.

        Each kind is called like the synchronous one: awaitables are awaited, and asynchronous iterators
        are iterated.
        """
        options = {
            "access_token": seed_data.tokens()["all"],
            "base_url": f"{ORIGIN}/v1",
            "max_retries": 0,
            **options,
        }
        in_process = _InProcess(self._app, self.requests)
        client = (
            AsyncInstagram(transport=in_process, **options)
            if manner.startswith("async")
            else Instagram(transport=_Bridge(in_process, self), **options)
        )
        return cast(Instagram, _Client(client, self, raw=manner.endswith("raw")))

    def asynchronous(self) -> AsyncInstagram:
        """The asynchronous client itself, with ada's token."""
        return AsyncInstagram(
            access_token=seed_data.tokens()["all"],
            base_url=f"{ORIGIN}/v1",
            transport=_InProcess(self._app, self.requests),
        )

    def consent(self, url: str, answer: str = "authorize") -> str:
        """The address that ada returns to after she has granted or denied access."""

        async def browse() -> httpx2.Response:
            transport = httpx2.ASGITransport(self._app)
            async with httpx2.AsyncClient(transport=transport) as browser:
                page = await browser.get(url)
                [seal] = re.findall(r'name="seal" value="([0-9a-f]{32})"', page.text)
                parameters = dict(parse_qsl(urlsplit(url).query))
                form = {**parameters, "user": str(seed_data.ADA), "answer": answer, "seal": seal}
                return await browser.post(url.partition("?")[0], data=form)

        return str(self.wait(browse()).headers["Location"])


class _InProcess(httpx2.ASGITransport):
    """Sends requests to the server in this process, and records them."""

    def __init__(self, app: ASGIApp, requests: list[httpx2.Request]) -> None:
        super().__init__(app)
        self._requests = requests

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self._requests.append(request)
        return await super().handle_async_request(request)


class _Bridge(httpx2.BaseTransport):
    """The same for a synchronous client."""

    def __init__(self, in_process: _InProcess, server: ReferenceServer) -> None:
        self._in_process = in_process
        self._server = server

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        async def respond() -> httpx2.Response:
            response = await self._in_process.handle_async_request(request)
            content = await response.aread()
            return httpx2.Response(response.status_code, headers=response.headers, content=content)

        return self._server.wait(respond())


class _Client:
    """Has resources whose methods are called like synchronous ones."""

    def __init__(self, client: Instagram | AsyncInstagram, server: ReferenceServer, raw: bool) -> None:
        self._client = client
        self._server = server
        self._raw = raw

    def __getattr__(self, name: str) -> "_Resource":
        return _Resource(name, getattr(self._client, name), self._server, self._raw)


class _Resource:
    def __init__(self, name: str, resource: Any, server: ReferenceServer, raw: bool) -> None:
        self._name = name
        self._resource = resource
        self._server = server
        self._raw = raw

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*positional: Any, **named: Any) -> Any:
            self._server.called.append(f"{self._name}.{name}")
            raw = self._raw and hasattr(self._resource.with_raw_response, name)
            resource = self._resource.with_raw_response if raw else self._resource
            result = getattr(resource, name)(*positional, **named)
            if inspect.isawaitable(result):
                result = self._server.wait(result)
            assert isinstance(result, RawResponse) == raw
            if raw:
                self._server.raw_responses.append(result)
                result = result.parse()
            return _Page(result, self._server) if isinstance(result, AsyncPage) else result

        return call


class _Page:
    """An asynchronous page that is iterated like a synchronous one."""

    def __init__(self, page: AsyncPage[Any, Any], server: ReferenceServer) -> None:
        self._page = page
        self._server = server

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def __iter__(self) -> Iterator[Any]:
        return self._each(self._page)

    def pages(self) -> Iterator["_Page"]:
        for page in self._each(self._page.pages()):
            yield _Page(page, self._server)

    def next_page(self) -> "_Page":
        return _Page(self._server.wait(self._page.next_page()), self._server)

    def _each(self, items: AsyncIterable[T]) -> Iterator[T]:
        iterator = aiter(items)
        while True:
            try:
                item = self._server.wait(anext(iterator))
            except StopAsyncIteration:
                return
            yield item
