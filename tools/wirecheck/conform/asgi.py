"""An ASGI application as the server under test, without a network."""

import asyncio
from typing import Any

import httpx


class InProcess(httpx.BaseTransport):
    """Hands requests to an application, whose coroutines run while one is answered, and not between.

    It is not told of start and end (the lifespan of ASGI).
    """

    def __init__(self, application: Any) -> None:
        self._application = httpx.ASGITransport(application, raise_app_exceptions=False)
        self._runner = asyncio.Runner()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seconds = request.extensions.get("timeout", {}).get("read")
        try:
            return self._runner.run(asyncio.wait_for(self._answer(request), seconds))
        except TimeoutError:
            raise httpx.ReadTimeout(f"after {seconds} s", request=request) from None

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        sent = httpx.Request(
            request.method,
            request.url,
            headers=request.headers,
            content=request.read(),
            extensions=request.extensions,
        )
        response = await self._application.handle_async_request(sent)
        content = b"".join([part async for part in response.aiter_raw()])  # as it is encoded
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    def close(self) -> None:
        self._runner.close()
