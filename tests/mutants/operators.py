"""Mutation operators: what the handler of a mutant is made of."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from mutants.app import Forward, Handler, Json, Request, Response


def at(names: str, handler: Handler) -> Handler:
    """Apply a handler to some operations, ``*`` for all; forward the others."""

    async def handle(request: Request, forward: Forward) -> Response:
        chosen = request.operation and (names == "*" or request.operation in names.split())
        return await (handler(request, forward) if chosen else forward(request))

    return handle


def when(chosen: Callable[[Request], Any], handler: Handler) -> Handler:
    """Apply a handler to some requests; forward the others."""

    async def handle(request: Request, forward: Forward) -> Response:
        return await (handler(request, forward) if chosen(request) else forward(request))

    return handle


def change_request(change: Callable[[Request], Request]) -> Handler:
    """Change the request before the server gets it."""

    async def handle(request: Request, forward: Forward) -> Response:
        return await forward(change(request))

    return handle


def substitute(change: Callable[[Request], Request]) -> Handler:
    """Respond to another request, if the correct server accepts the one that was sent."""

    async def handle(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        return await forward(change(request)) if response.accepted else response

    return handle


def change_response(change: Callable[[Request, Response], Response]) -> Handler:
    async def handle(request: Request, forward: Forward) -> Response:
        return change(request, await forward(request))

    return handle


def change_body(change: Callable[[Request, Json], Json]) -> Handler:
    """Replace the JSON of accepted requests by what ``change`` returns; None means changed in place."""

    def changed(request: Request, response: Response) -> Response:
        if "json" not in response.headers.get("content-type", ""):
            return response
        content = response.json
        result = change(request, content)
        return response.with_json(content if result is None else result)

    return if_accepted(change_response(changed))


def change_data(change: Callable[[Json], Json]) -> Handler:
    """Replace `data` of the envelope."""
    return change_body(lambda request, body: {**body, "data": change(body["data"])})


def change_data_by_request(change: Callable[[Request, Json], Json]) -> Handler:
    return change_body(lambda request, body: {**body, "data": change(request, body["data"])})


def change_items(change: Callable[[Json], Any]) -> Handler:
    """Change every item of `data`, or the one object, in place."""

    def changed(data: Json) -> Json:
        for item in data if isinstance(data, list) else [data]:
            change(item)
        return data

    return change_data(changed)


def set_members(**members: Any) -> Callable[[Json], None]:
    return lambda item: item.update(members)


def drop_members(*names: str) -> Callable[[Json], None]:
    """Remove members; a name may be a path: likes.count."""

    def changed(item: Json) -> None:
        for name in names:
            *way, last = name.split(".")
            inner = item
            for step in way:
                inner = inner[step]
            inner.pop(last, None)

    return changed


def change_member(way: str, change: Callable[[Json], Any]) -> Callable[[Json], None]:
    """Replace the member at a path, unless it is null or missing."""

    def changed(item: Json) -> None:
        *steps, last = way.split(".")
        for step in steps:
            item = item[step]
        if item.get(last) is not None:
            item[last] = change(item[last])

    return changed


def send_also(then: Callable[[Request], Iterable[Request]]) -> Handler:
    """Send further requests after an accepted one."""

    async def handle(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if response.accepted:
            for item in then(request):
                await forward(item)
        return response

    return handle


def fail(when: Callable[[Request], Any] = bool, status: int = 500) -> Handler:
    """Respond with an HTML error page after the request was processed."""
    page = Response(status, {"content-type": "text/html"}, b"<h1>Oops</h1>")
    return change_response(lambda request, response: page if when(request) else response)


def set_header(name: str, value: Callable[[Request], str | None]) -> Handler:
    """Set a header, or remove it where the value is None."""

    def changed(request: Request, response: Response) -> Response:
        headers = {key: item for key, item in response.headers.items() if key != name}
        content = value(request)
        return replace(response, headers=headers if content is None else {**headers, name: content})

    return change_response(changed)


def if_accepted(handler: Handler) -> Handler:
    """Apply a handler if the correct server accepts the request."""
    return _where(lambda response: response.accepted, handler)


def if_rejected(handler: Handler) -> Handler:
    return _where(lambda response: not response.accepted, handler)


def _where(chosen: Callable[[Response], bool], handler: Handler) -> Handler:
    async def handle(request: Request, forward: Forward) -> Response:
        response = await forward(request)

        async def recorded(_: Request) -> Response:
            return response

        return await handler(request, recorded) if chosen(response) else response

    return handle


def set_status(number: int) -> Handler:
    return change_response(lambda _, response: replace(response, status=number))


def change_bytes(change: Callable[[bytes], bytes]) -> Handler:
    """Change the bytes of the body."""
    return change_response(lambda _, response: replace(response, body=change(response.body)))
