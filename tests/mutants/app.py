"""The mutated server: an application around the correct one that changes requests and responses."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from email.parser import BytesParser
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Json = Any

ROUTES = {
    "listComments": "GET /media/*/comments",
    "createComment": "POST /media/*/comments",
    "deleteComment": "DELETE /media/*/comments/*",
    "listLikes": "GET /media/*/likes",
    "likeMedia": "POST /media/*/likes",
    "unlikeMedia": "DELETE /media/*/likes",
    "listPopularMedia": "GET /media/popular",
    "searchMedia": "GET /media/search",
    "getMediaByShortcode": "GET /media/shortcode/*",
    "getMedia": "GET /media/*",
    "searchLocations": "GET /locations/search",
    "getLocation": "GET /locations/*",
    "listLocationRecentMedia": "GET /locations/*/media/recent",
    "listGeographyRecentMedia": "GET /geographies/*/media/recent",
    "listRequestedBy": "GET /users/self/requested-by",
    "getFeed": "GET /users/self/feed",
    "listLikedMedia": "GET /users/self/media/liked",
    "searchUsers": "GET /users/search",
    "listFollowedBy": "GET /users/*/followed-by",
    "listFollows": "GET /users/*/follows",
    "getRelationship": "GET /users/*/relationship",
    "updateRelationship": "POST /users/*/relationship",
    "listUserRecentMedia": "GET /users/*/media/recent",
    "getUser": "GET /users/*",
    "searchTags": "GET /tags/search",
    "getTag": "GET /tags/*",
    "listTagRecentMedia": "GET /tags/*/media/recent",
    "listSubscriptions": "GET /subscriptions",
    "createSubscription": "POST /subscriptions",
    "deleteSubscriptions": "DELETE /subscriptions",
    "getEmbed": "GET /oembed",
    "redirectToMedia": "GET /p/*/media/",
    "exchangeCode": "POST /oauth/access_token",
}
"""Operations by their ids in the contract; literal paths stand before those with a star that matches them."""

_PATTERNS = {name: re.compile(route.replace("*", "[^/]+")) for name, route in ROUTES.items()}


@dataclass(frozen=True, slots=True)
class Request:
    """``path`` is below /v1 and still encoded; ``form`` holds the fields of the body in either encoding."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    in_parts: bool = False

    @property
    def operation(self) -> str | None:
        route = f"{self.method} {self.path}"
        return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(route)), None)

    @property
    def parts(self) -> list[str]:
        """The segments of the path, decoded: ["media", "1_2", "likes"]."""
        return [unquote(part) for part in self.path.strip("/").split("/")]

    @property
    def values(self) -> dict[str, str]:
        return self.query | self.form

    @property
    def token(self) -> str:
        return self.values.get("access_token", "")

    def with_values(self, **values: str) -> "Request":
        """With other parameters: of POST in the form, else in the query."""
        if self.method == "POST":
            return replace(self, form=self.form | values)
        return replace(self, query=self.query | values)

    def without(self, *names: str) -> "Request":
        query, form = ({k: v for k, v in item.items() if k not in names} for item in (self.query, self.form))
        return replace(self, query=query, form=form)


@dataclass(frozen=True, slots=True)
class Response:
    """Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def accepted(self) -> bool:
        return self.status < 300

    @property
    def json(self) -> Json:
        return json.loads(self.body)

    def with_json(self, body: Json) -> "Response":
        return replace(self, body=json.dumps(body).encode())


Forward = Callable[[Request], Awaitable[Response]]
"""Sends a request to the correct server."""
Handler = Callable[[Request, Forward], Awaitable[Response]]
"""Responds to a request with the help of the correct server."""


class MutatedApp:
    """An ASGI application that responds by a handler around another application."""

    def __init__(self, app: ASGIApp, handler: Handler) -> None:
        self._app, self._handler = app, handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        response = await self._handler(await _request(scope, receive), partial(self._forward, scope))
        headers = {**response.headers, "content-length": str(len(response.body))}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": response.status, "headers": raw})
        await send({"type": "http.response.body", "body": response.body})

    async def _forward(self, scope: Scope, request: Request) -> Response:
        body = urlencode(request.form).encode()
        sent: list[Message] = [{"type": "http.request", "body": body}]
        got: list[Message] = []

        async def receive() -> Message:
            return sent.pop() if sent else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            got.append(message)

        raw = (request.path if _at_the_root(scope["path"]) else f"/v1{request.path}").encode()
        changed = {
            "method": request.method,
            "path": unquote(raw.decode()),
            "raw_path": raw,
            "query_string": urlencode(request.query).encode(),
            "headers": _headers(scope, len(body)),
        }
        await self._app({**scope, **changed}, receive, send)
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in got[0]["headers"]}
        return Response(got[0]["status"], headers, b"".join(item.get("body", b"") for item in got[1:]))


def _at_the_root(path: str) -> bool:
    return not path.startswith("/v1/")


async def _request(scope: Scope, receive: Receive) -> Request:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode()
    content_type = dict(scope["headers"]).get(b"content-type", b"")
    in_parts = content_type.startswith(b"multipart/form-data")
    is_form = content_type.partition(b";")[0].strip() in (b"", b"application/x-www-form-urlencoded")
    form = _parts(content_type, body) if in_parts else _pairs(body) if is_form else {}
    return Request(scope["method"], path.removeprefix("/v1"), _pairs(scope["query_string"]), form, in_parts)


def _pairs(text: bytes) -> dict[str, str]:
    return dict(parse_qsl(text.decode("utf-8", "replace"), keep_blank_values=True))


def _parts(content_type: bytes, body: bytes) -> dict[str, str]:
    """The fields of a multipart form (RFC 7578); none where it is malformed."""
    message = BytesParser().parsebytes(b"Content-Type: " + content_type + b"\r\n\r\n" + body)
    fields = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content.decode("utf-8", "replace")
    return fields


def _headers(scope: Scope, length: int) -> list[tuple[bytes, bytes]]:
    kept = [
        (name, value) for name, value in scope["headers"] if name not in (b"content-length", b"content-type")
    ]
    form = [
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", str(length).encode()),
    ]
    return kept + (form if length else [])
