"""An application around another one that changes requests on their way in, and answers on their way out."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable
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
"""Operations by their names in the contract, literal paths before those that a star would take."""

_PATTERNS = {name: re.compile(route.replace("*", "[^/]+")) for name, route in ROUTES.items()}


@dataclass(frozen=True, slots=True)
class Request:
    """``path`` is below /v1 and still encoded; ``form`` holds the fields of the body, in parts or not."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    in_parts: bool = False

    @property
    def operation(self) -> str | None:
        asked = f"{self.method} {self.path}"
        return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(asked)), None)

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

    def having(self, **values: str) -> "Request":
        """With other parameters, in the form where they belong there."""
        if self.method == "POST":
            return replace(self, form=self.form | values)
        return replace(self, query=self.query | values)

    def without(self, *names: str) -> "Request":
        query, form = ({k: v for k, v in one.items() if k not in names} for one in (self.query, self.form))
        return replace(self, query=query, form=form)


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def granted(self) -> bool:
        return self.status < 300

    @property
    def json(self) -> Json:
        return json.loads(self.body)

    def saying(self, body: Json) -> "Answer":
        return replace(self, body=json.dumps(body).encode())


Ask = Callable[[Request], Awaitable[Answer]]
"""Asks the right server."""
Handler = Callable[[Request, Ask], Awaitable[Answer]]
"""A faulty server: it answers with the help of the right one."""


class Faulty:
    """An ASGI application that answers by a handler around another one."""

    def __init__(self, app: ASGIApp, handler: Handler) -> None:
        self._app, self._handler = app, handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = await self._handler(await _request(scope, receive), partial(self._ask, scope))
        headers = {**answer.headers, "content-length": str(len(answer.body))}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": answer.body})

    async def _ask(self, scope: Scope, request: Request) -> Answer:
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
        return Answer(got[0]["status"], headers, b"".join(one.get("body", b"") for one in got[1:]))


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
    """The fields of a form in parts (RFC 7578); none where it is broken."""
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


# What handlers are made of


def at(names: str, handler: Handler) -> Handler:
    """A handler for some operations, ``*`` for all; others are left alone."""

    async def handle(request: Request, ask: Ask) -> Answer:
        chosen = request.operation and (names == "*" or request.operation in names.split())
        return await (handler(request, ask) if chosen else ask(request))

    return handle


def when(chosen: Callable[[Request], Any], handler: Handler) -> Handler:
    """A handler for some requests; others are left alone."""

    async def handle(request: Request, ask: Ask) -> Answer:
        return await (handler(request, ask) if chosen(request) else ask(request))

    return handle


def asked(change: Callable[[Request], Request]) -> Handler:
    """The request is another one when it reaches the server."""

    async def handle(request: Request, ask: Ask) -> Answer:
        return await ask(change(request))

    return handle


def instead(change: Callable[[Request], Request]) -> Handler:
    """Another request is answered, where the right server grants the one that was made."""

    async def handle(request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        return await ask(change(request)) if answer.granted else answer

    return handle


def answered(change: Callable[[Request, Answer], Answer]) -> Handler:
    async def handle(request: Request, ask: Ask) -> Answer:
        return change(request, await ask(request))

    return handle


def body(change: Callable[[Request, Json], Json]) -> Handler:
    """The body becomes what a function gives, or stays as the function leaves it if it gives None."""

    def changed(request: Request, answer: Answer) -> Answer:
        if "json" not in answer.headers.get("content-type", ""):
            return answer
        found = answer.json
        result = change(request, found)
        return answer.saying(found if result is None else result)

    return for_granted(answered(changed))


def data(change: Callable[[Json], Json]) -> Handler:
    """`data` of the answer becomes what a function gives."""
    return body(lambda request, found: {**found, "data": change(found["data"])})


def data_as_asked(change: Callable[[Request, Json], Json]) -> Handler:
    return body(lambda request, found: {**found, "data": change(request, found["data"])})


def each(change: Callable[[Json], Any]) -> Handler:
    """Every item, or the one object, is changed in place."""

    def changed(found: Json) -> Json:
        for one in found if isinstance(found, list) else [found]:
            change(one)
        return found

    return data(changed)


def put(**members: Any) -> Callable[[Json], None]:
    return lambda one: one.update(members)


def drop(*names: str) -> Callable[[Json], None]:
    """Members are left out; a name may lead inwards: likes.count."""

    def changed(one: Json) -> None:
        for name in names:
            *way, last = name.split(".")
            inner = one
            for step in way:
                inner = inner[step]
            inner.pop(last, None)

    return changed


def inner(way: str, change: Callable[[Json], Any]) -> Callable[[Json], None]:
    """A member, further in, becomes what a function gives."""

    def changed(one: Json) -> None:
        *steps, last = way.split(".")
        for step in steps:
            one = one[step]
        if one.get(last) is not None:
            one[last] = change(one[last])

    return changed


def also(then: Callable[[Request], Iterable[Request]]) -> Handler:
    """A write that is granted does more than it says."""

    async def handle(request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if answer.granted:
            for one in then(request):
                await ask(one)
        return answer

    return handle


def failing(when: Callable[[Request], Any] = bool, status: int = 500) -> Handler:
    """A page for people and a status of trouble, after the request was done."""
    page = Answer(status, {"content-type": "text/html"}, b"<h1>Oops</h1>")
    return answered(lambda request, answer: page if when(request) else answer)


def header(name: str, value: Callable[[Request], str | None]) -> Handler:
    """A header has another value, or is missing where that is None."""

    def changed(request: Request, answer: Answer) -> Answer:
        headers = {key: one for key, one in answer.headers.items() if key != name}
        found = value(request)
        return replace(answer, headers=headers if found is None else {**headers, name: found})

    return answered(changed)


def for_granted(handler: Handler) -> Handler:
    """Another handler, where the right server grants what was asked."""
    return _where(lambda answer: answer.granted, handler)


def for_refused(handler: Handler) -> Handler:
    return _where(lambda answer: not answer.granted, handler)


def _where(chosen: Callable[[Answer], bool], handler: Handler) -> Handler:
    async def handle(request: Request, ask: Ask) -> Answer:
        answer = await ask(request)

        async def known(_: Request) -> Answer:
            return answer

        return await handler(request, known) if chosen(answer) else answer

    return handle


def status(number: int) -> Handler:
    return answered(lambda _, answer: replace(answer, status=number))


def text(change: Callable[[bytes], bytes]) -> Handler:
    """The bytes of the body become what a function gives."""
    return answered(lambda _, answer: replace(answer, body=change(answer.body)))
