"""Both clients over a fake transport, with a clock that moves only when a client sleeps."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest

import instagram_client
from instagram_client import AsyncInstagram, Instagram, _async, _sync
from instagram_client._runtime import endpoints, retries
from support.sides import Side, collect, run

Step = httpx2.Response | Exception
Handler = Callable[[httpx2.Request], httpx2.Response]

TOKEN = "1001.5ecre7a.0123456789abcdef0123456789abcdef"
NOW = 1_448_668_800.0  # 2015-11-28T00:00:00Z


class Time:
    """A clock that moves when a client sleeps; ``waits`` are those times, in seconds."""

    def __init__(self) -> None:
        self.now = NOW
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)


def fake_time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """A fixture once it is registered. No jitter, and no options in the environment."""
    time = Time()
    monkeypatch.setattr(_sync, "sleep", time.sleep)
    monkeypatch.setattr(_async, "sleep", time.asleep)
    monkeypatch.setattr(retries, "clock", lambda: time.now)
    monkeypatch.setattr(retries, "jitter", lambda: 0.0)
    monkeypatch.setattr(endpoints, "_warned", {"users.feed", "media.popular", "geographies.recent_media"})
    for option in ("ACCESS_TOKEN", "CLIENT_ID", "CLIENT_SECRET", "BASE_URL", "LOG"):
        monkeypatch.delenv(f"INSTAGRAM_{option}", raising=False)
    return time


class UnscriptedError(Exception):
    """There are more requests than steps of the script."""


def script(*steps: Step) -> Handler:
    """Returns or raises each step once, in this order."""
    left = list(steps)

    def respond(_: httpx2.Request) -> httpx2.Response:
        if not left:
            raise UnscriptedError
        step = left.pop(0)
        if isinstance(step, Exception):
            raise step
        return again(step)

    return respond


def again(response: httpx2.Response) -> httpx2.Response:
    """The same response for one more request."""
    return httpx2.Response(response.status_code, headers=response.headers, content=response.content)


class Wire:
    """A client of one side; ``requests`` are those that arrive at its transport."""

    def __init__(self, side: Side, *steps: Step | Handler, **options: Any) -> None:
        self.side = side
        self.requests: list[httpx2.Request] = []
        if len(steps) == 1 and not isinstance(steps[0], httpx2.Response | Exception):
            self._respond = steps[0]
        else:
            self._respond = script(*(step for step in steps if isinstance(step, httpx2.Response | Exception)))
        if "http_client" not in options:
            options["transport"] = self.transport
        self.client: Any = maker(side)(**{"access_token": TOKEN, **options})

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self._answer)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return self._respond(request)

    def call(self, method: Callable[[Any], Any]) -> Any:
        """What a method of the client returns."""
        return run(method(self.client))

    def items(self, method: Callable[[Any], Any]) -> list[Any]:
        """All items of a list."""
        return collect(method(self.client))

    def pages(self, method: Callable[[Any], Any]) -> list[Any]:
        """All pages of a list."""
        return collect(method(self.client).pages())

    @property
    def queries(self) -> list[dict[str, str]]:
        """What each request carried in its query."""
        return [dict(request.url.params) for request in self.requests]

    @property
    def forms(self) -> list[dict[str, str]]:
        """What each request carried in its form."""
        return [dict(parse_qsl(request.content.decode())) for request in self.requests]


def maker(side: Side) -> Callable[..., Any]:
    """The class of a client."""
    makers: dict[Side, Callable[..., Any]] = {"sync": Instagram, "async": AsyncInstagram}
    return makers[side]


def http_client(side: Side, **options: Any) -> Any:
    """A client of httpx2."""
    return (httpx2.Client if side == "sync" else httpx2.AsyncClient)(**options)


def success(data: Any = None, status: int = 200, headers: dict[str, str] | None = None) -> httpx2.Response:
    """A response that is not an error."""
    return httpx2.Response(status, headers=headers, json={"meta": {"code": status}, "data": data})


def error_response(
    status: int, error_type: str = "APIOddError", message: str = "No.", headers: dict[str, str] | None = None
) -> httpx2.Response:
    """An error response in the format of endpoints."""
    meta = {"code": status, "error_type": error_type, "error_message": message}
    return httpx2.Response(status, headers=headers, json={"meta": meta})


def person(number: int = 1002) -> dict[str, Any]:
    """A user as lists show one."""
    return {
        "id": str(number),
        "username": f"user{number}",
        "full_name": "Bela Ito",
        "profile_picture": "https://cdn.example.com/bela.jpg",
    }


def user() -> dict[str, Any]:
    """A user, whole."""
    counts = {"media": 3, "follows": 12, "followed_by": 34}
    return {
        **person(1001),
        "bio": "Light and shade.",
        "website": "https://ada.example.com/",
        "counts": counts,
    }


def media(number: int = 1, **other: Any) -> dict[str, Any]:
    """An image."""
    rendition = {"url": "https://cdn.example.com/1.jpg", "width": 150, "height": 150}
    return {
        "id": f"{number}_1001",
        "type": "image",
        "user": person(1001),
        "created_time": "1448668800",
        "link": "https://www.instagram.com/p/-m4sYTgBwB/",
        "caption": {"id": "5", "created_time": "1448668800", "text": "First #snow", "from": person(1001)},
        "tags": ["snow"],
        "filter": "Clarendon",
        "attribution": None,
        "location": None,
        "users_in_photo": [],
        "user_has_liked": False,
        "likes": {"count": 0},
        "comments": {"count": 0},
        "images": dict.fromkeys(("thumbnail", "low_resolution", "standard_resolution"), rendition),
        **other,
    }


NONE: Any = object()
"""No pagination at all."""


def page(data: list[Any], pagination: Any = NONE) -> httpx2.Response:
    """One page of a list."""
    body = {"meta": {"code": 200}, "data": data}
    return httpx2.Response(200, json=body if pagination is NONE else {**body, "pagination": pagination})


def text(content: str | bytes, status: int = 200, kind: str = "text/html") -> httpx2.Response:
    """A response with any content."""
    body = content.encode() if isinstance(content, str) else content
    return httpx2.Response(status, headers={"Content-Type": kind}, content=body)


def raw(body: Any, status: int = 200) -> httpx2.Response:
    """A response with any JSON."""
    return text(json.dumps(body), status, "application/json")


PACKAGE = str(instagram_client.__path__[0])


# Calls, for tables and for both sides


def get_user(client: Any) -> Any:
    return client.users.get("self")


def get_media(client: Any) -> Any:
    return client.media.get("1_1001")


def like(client: Any) -> Any:
    return client.likes.create("1_2")


def unlike(client: Any) -> Any:
    return client.likes.delete("1_2")


def list_media(client: Any) -> Any:
    return client.users.recent_media("self")


def list_follows(client: Any) -> Any:
    return client.relationships.follows("self")


def post_comment(client: Any) -> Any:
    return client.comments.create("1_2", text="Great photo!")


def list_subscriptions(client: Any) -> Any:
    return client.subscriptions.list()


def list_near(client: Any) -> Any:
    return client.geographies.recent_media("7", count=1)
