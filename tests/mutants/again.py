"""Writes that go wrong only after another write."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mutants import ADA, ALL, OTHER, Mutant
from mutants.app import Forward, Handler, Json, Request, Response
from mutants.operators import at


def _again(operation: str, make: Callable[[], Handler], description: str) -> Mutant:
    return Mutant("state", description, (operation,), make)


async def _data(forward: Forward, path: str) -> Json:
    """The data that the correct server returns to ada; None if it rejects the request."""
    response = await forward(Request("GET", path, {"access_token": ALL}, {}))
    return response.json["data"] if response.accepted else None


def _media_of(request: Request) -> str:
    return f"/media/{request.parts[1]}"


def _deletion(path: str, token: str = ALL) -> Request:
    return Request("DELETE", path, {"access_token": token}, {})


async def _unlike_twice(request: Request, forward: Forward) -> Response:
    media = await _data(forward, _media_of(request))
    if media and not media["user_has_liked"]:
        await forward(_deletion(request.path, OTHER))
    return await forward(request)


async def _delete_twice(request: Request, forward: Forward) -> Response:
    response = await forward(request)
    if response.status == 400 and request.token == ALL:
        for item in (await _data(forward, f"{_media_of(request)}/comments") or [])[-1:]:
            await forward(_deletion(f"{_media_of(request)}/comments/{item['id']}"))
    return response


async def _comment_twice(request: Request, forward: Forward) -> Response:
    response = await forward(request)
    if response.accepted:
        own = [item for item in await _data(forward, request.path) if item["from"]["id"] == ADA]
        for item in own[:-1]:
            await forward(_deletion(f"{request.path}/{item['id']}"))
    return response


async def _unfollow_all(request: Request, forward: Forward) -> Response:
    response = await forward(request)
    if response.accepted and request.values["action"] == "unfollow":
        for item in (await _data(forward, "/users/self/follows"))[:2]:
            await forward(replace(request, path=f"/users/{item['id']}/relationship"))
    return response


class UnlikingAll:
    """Unliking removes every like since the start."""

    def __init__(self) -> None:
        self._liked: set[str] = set()

    async def __call__(self, request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if response.accepted and request.operation == "likeMedia":
            self._liked.add(request.path)
        elif response.accepted and request.operation == "unlikeMedia":
            for path in self._liked:
                await forward(_deletion(path))
        return response


class Following:
    """``then`` gives the outgoing status from the one before and the action; None leaves it alone."""

    def __init__(self, then: Callable[[str, str], str | None]) -> None:
        self._then = then
        self._statuses: dict[str, str] = {}

    async def __call__(self, request: Request, forward: Forward) -> Response:
        if request.operation not in ("getRelationship", "updateRelationship"):
            return await forward(request)
        was = (await _data(forward, request.path) or {}).get("outgoing_status", "none")
        response = await forward(request)
        if response.accepted and request.method == "POST":
            status = self._then(self._statuses.pop(request.path, was), request.values["action"])
            if status:
                self._statuses[request.path] = status
        return response.with_json(self._shown(request, response.json)) if response.accepted else response

    def _shown(self, request: Request, body: Json) -> Json:
        status = self._statuses.get(request.path, body["data"]["outgoing_status"])
        return {**body, "data": {**body["data"], "outgoing_status": status}}


class Replica:
    """Every second read of a resource returns it as it was before the last write."""

    def __init__(self) -> None:
        self._looks: dict[str, int] = {}
        self._latest: dict[str, Json] = {}
        self._before: dict[str, Json] = {}

    async def __call__(self, request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if not response.accepted:
            return response
        if request.method != "GET":
            self._looks, self._before = {}, dict(self._latest)
        elif request.operation in ("listLikes", "getMedia"):
            looks = self._looks[request.path] = self._looks.get(request.path, 0) + 1
            self._latest[request.path] = response.json
            if looks % 2 == 0 and request.path in self._before:
                return response.with_json(self._before[request.path])
        return response


def _always(operation: str, handler: Handler) -> Callable[[], Handler]:
    return lambda: at(operation, handler)


WRITE, LIKE, RELATE = "createComment", "likeMedia", "updateRelationship"
AGAIN = {
    "unlike-twice": _again(
        LIKE, _always("unlikeMedia", _unlike_twice), "unliking what is not liked removes another user's like"
    ),
    "delete-twice": _again(
        WRITE,
        _always("deleteComment", _delete_twice),
        "deleting a comment twice is rejected, but deletes the newest one",
    ),
    "comment-twice-replaces": _again(
        WRITE, _always(WRITE, _comment_twice), "a comment replaces the user's earlier ones"
    ),
    "unlike-takes-all": _again(LIKE, UnlikingAll, "unliking removes all likes of the user"),
    "unfollow-takes-more": _again(
        RELATE, _always(RELATE, _unfollow_all), "unfollowing a user unfollows two others"
    ),
    "block-keeps-following": _again(
        RELATE,
        partial(Following, lambda was, action: "follows" if (was, action) == ("follows", "block") else None),
        "a blocked user is still followed",
    ),
    "unblock-follows": _again(
        RELATE,
        partial(Following, lambda was, action: "follows" if action == "unblock" else None),
        "unblocking follows the user",
    ),
    "follow-again-asks": _again(
        RELATE,
        partial(
            Following, lambda was, action: "requested" if (was, action) == ("follows", "follow") else None
        ),
        "following a followed user becomes a request",
    ),
    "second-look-behind": _again(LIKE, Replica, "every second read is one write behind"),
}
