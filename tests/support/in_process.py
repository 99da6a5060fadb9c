"""The reference server in the process of a test, for tests that are not asynchronous."""

import asyncio
import math
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Self

import httpx

from instagram_server import seed_data
from instagram_server.app import create_app
from instagram_server.config import ERA_STARTS, Era, Settings
from instagram_server.platform import Platform
from instagram_server.store import Store

ORIGIN = "http://server.test"
ALL, OTHER = seed_data.tokens()["all"], seed_data.tokens()["other"]
"""Tokens with every scope: ada's and bela's."""

ADA = seed_data.ADA


class Server:
    """A server whose time stands still unless ``time`` is set. A response with a 5xx fails the test."""

    def __init__(
        self, era: Era = Era.NOVEMBER_2015, rate_limit: int | None = None, write_limit: int | None = None
    ) -> None:
        self.time = ERA_STARTS[era].timestamp()
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
        """Send any request; a path starts at the root of the server."""
        response = self._runner.run(self._client.request(method, url, **more))
        assert response.status_code < 500, f"{method} {url}"
        return response

    def request(
        self, method: str, path: str, token: str | None = ALL, **parameters: str | int | float
    ) -> httpx.Response:
        """Send a request below /v1, with its parameters in the query, or in the form of a POST."""
        fields = parameters if token is None else {"access_token": token, **parameters}
        if method == "POST":
            return self.send(method, f"/v1{path}", data=fields)
        return self.send(method, str(httpx.URL(f"{ORIGIN}/v1{path}").copy_merge_params(fields)))

    def body(
        self, path: str, token: str = ALL, method: str = "GET", **parameters: str | int | float
    ) -> dict[str, Any]:
        """The body of a successful response."""
        response = self.request(method, path, token, **parameters)
        assert response.status_code == 200, response.text
        result: dict[str, Any] = response.json()
        assert result["meta"] == {"code": 200}
        return result

    def data(self, path: str, token: str = ALL, method: str = "GET", **parameters: str | int | float) -> Any:
        """The data of a successful response."""
        return self.body(path, token, method, **parameters)["data"]

    def rejection(
        self, method: str, path: str, token: str | None = ALL, **parameters: str | int | float
    ) -> tuple[int, str, str]:
        """Status, type and message of an error response."""
        response = self.request(method, path, token, **parameters)
        assert response.status_code >= 400, response.text
        error = response.json().get("meta", response.json())
        assert error["code"] == response.status_code
        assert "data" not in response.json()
        return response.status_code, error["error_type"], error["error_message"]


def by_next_url(server: Server, path: str, count: int, token: str = ALL) -> Iterator[dict[str, Any]]:
    """The bodies of the pages of a list, along ``next_url``."""
    body = server.body(path, token, count=count)
    yield body
    while "next_url" in body["pagination"]:
        response = server.send("GET", body["pagination"]["next_url"])
        assert response.status_code == 200, response.text
        body = response.json()
        yield body


def numbers(pages: Iterable[dict[str, Any]]) -> list[str]:
    """The ids of the items on pages."""
    return [item["id"] for page in pages for item in page["data"]]


def may_see(store: Store, viewer: int, owner: int) -> bool:
    """Whether a viewer may see the media of an owner, derived from the tables independently."""
    if viewer == owner:
        return True
    user = store.row("SELECT * FROM user WHERE id = ?", owner)
    assert user is not None
    pair = "SELECT 1 FROM {} WHERE source = ? AND target = ?"
    if user["is_age_gated"] or store.row(pair.format("block"), owner, viewer):
        return False
    followed = store.row(pair.format("following") + " AND status = 'follows'", viewer, owner)
    return not user["is_private"] or followed is not None


def expected(store: Store, path: str) -> list[str]:
    """The ids of a list as ada sees it, read from the tables."""
    media = "SELECT m.id || '_' || m.owner AS id, m.owner, m.latitude, m.longitude FROM media AS m "
    _, kind, what, *_ = path.split("/")
    if path.endswith(("follows", "followed-by")):
        of, to = ("source", "target") if path.endswith("follows") else ("target", "source")
        user = ADA if what == "self" else int(what)
        sql = f"SELECT {to} AS user FROM following WHERE {of} = ? AND status = 'follows' ORDER BY id DESC"
        return [str(row["user"]) for row in store.rows(sql, user)]
    if path.endswith("liked"):
        rows = store.rows(media + "JOIN liking AS l ON l.media = m.id WHERE user = ? ORDER BY l.id DESC", ADA)
    elif path.endswith("feed"):
        followed = "SELECT target FROM following WHERE source = ? AND status = 'follows'"
        rows = store.rows(media + f"WHERE m.owner IN ({followed}) ORDER BY m.id DESC", ADA)
    elif kind == "tags":
        rows = store.rows(
            media + "JOIN tagging AS t ON t.media = m.id WHERE tag = ? ORDER BY tagged DESC", what
        )
    elif kind == "locations":
        rows = store.rows(media + "WHERE location = ? ORDER BY m.id DESC", int(what))
    elif kind == "geographies":
        every = store.rows(media + "WHERE latitude IS NOT NULL ORDER BY m.id DESC")
        rows = [row for row in every if metres(48.8584, 2.2945, row["latitude"], row["longitude"]) <= 5000]
    else:
        user = ADA if what == "self" else int(what)
        rows = store.rows(media + "WHERE owner = ? ORDER BY m.id DESC", user)
    return [row["id"] for row in rows if may_see(store, ADA, row["owner"])]


def metres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """The distance of two points by the spherical law of cosines; the server uses another formula."""
    start, end = math.radians(latitude), math.radians(to_latitude)
    turn = math.cos(math.radians(to_longitude - longitude))
    cosine = math.sin(start) * math.sin(end) + math.cos(start) * math.cos(end) * turn
    return 6_371_000 * math.acos(min(1.0, cosine))
