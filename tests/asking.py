"""The reference server, asked in one line from tests that are not asynchronous."""

import asyncio
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Self

import httpx

from instagram_server import world
from instagram_server.app import create_app
from instagram_server.config import BEGINNINGS, Era, Settings
from instagram_server.platform import Platform

ORIGIN = "http://server.test"
ALL, OTHER = world.tokens()["all"], world.tokens()["other"]
"""Tokens with every scope: ada's and bela's."""


class Server:
    """Its time stands still until ``time`` is set. No answer of it may be a 5xx."""

    def __init__(
        self, era: Era = Era.NOVEMBER_2015, rate_limit: int | None = None, write_limit: int | None = None
    ) -> None:
        self.time = BEGINNINGS[era].timestamp()
        settings = Settings(era=era, rate_limit=rate_limit, write_limit=write_limit, clock=lambda: self.time)
        app = create_app(settings)
        self.platform: Platform = app.state.platform
        self.store = self.platform.store
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()
        self.store.close()

    def send(self, method: str, url: str, **more: Any) -> httpx.Response:
        """The request as it is; a path is taken from the root of the server."""
        response = self._runner.run(self._client.request(method, url, **more))
        assert response.status_code < 500, f"{method} {url}"
        return response

    def ask(
        self, method: str, path: str, token: str | None = ALL, **parameters: str | int | float
    ) -> httpx.Response:
        """A request below /v1, its parameters where they belong."""
        fields = parameters if token is None else {"access_token": token, **parameters}
        if method == "POST":
            return self.send(method, f"/v1{path}", data=fields)
        return self.send(method, str(httpx.URL(f"{ORIGIN}/v1{path}").copy_merge_params(fields)))

    def body(
        self, path: str, token: str = ALL, method: str = "GET", **parameters: str | int | float
    ) -> dict[str, Any]:
        """The whole body of a request that is granted."""
        response = self.ask(method, path, token, **parameters)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        assert found["meta"] == {"code": 200}
        return found

    def data(self, path: str, token: str = ALL, method: str = "GET", **parameters: str | int | float) -> Any:
        """What a request that is granted gives."""
        return self.body(path, token, method, **parameters)["data"]

    def refusal(
        self, method: str, path: str, token: str | None = ALL, **parameters: str | int | float
    ) -> tuple[int, str, str]:
        """Status, type and message of a request that is refused."""
        response = self.ask(method, path, token, **parameters)
        assert response.status_code >= 400, response.text
        error = response.json().get("meta", response.json())
        assert error["code"] == response.status_code
        assert "data" not in response.json()
        return response.status_code, error["error_type"], error["error_message"]


def by_next_url(server: Server, path: str, count: int, token: str = ALL) -> Iterator[dict[str, Any]]:
    """The bodies of a list's pages."""
    body = server.body(path, token, count=count)
    yield body
    while "next_url" in body["pagination"]:
        response = server.send("GET", body["pagination"]["next_url"])
        assert response.status_code == 200, response.text
        body = response.json()
        yield body


def numbers(pages: Iterable[dict[str, Any]]) -> list[str]:
    """The ids of what pages hold."""
    return [one["id"] for page in pages for one in page["data"]]
