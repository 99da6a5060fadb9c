"""Reads that do not show what was written."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mutants import ADA, ALL, BELA, DONE, OTHER, TOWER, Mutant
from mutants.app import Forward, Handler, Json, Request, Response
from mutants.operators import (
    at,
    change_body,
    change_data,
    change_items,
    change_member,
    change_request,
    send_also,
    set_members,
)


def _state(operations: str, handler: Handler, description: str, only: str = "") -> Mutant:
    """A mutant that remembers nothing. ``only`` is the name of the law that alone detects it."""
    return Mutant(
        "state", description, tuple(operations.split()), lambda: handler, only and f"{operations} {only}"
    )


def _read(path: str) -> Request:
    return Request("GET", path, {"access_token": ALL}, {})


def _media_of(request: Request) -> str:
    return f"/media/{request.parts[1]}"


def _delete_newest(keep: str = "") -> Handler:
    """The newest comment is deleted after an accepted request."""

    async def handle(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if response.accepted:
            listed = await forward(_read(f"{_media_of(request)}/comments"))
            for item in listed.json["data"][-1:]:
                await forward(
                    Request("DELETE", f"{_media_of(request)}/comments/{item['id']}", request.values, {})
                )
        return response

    return handle


class RequestedOnly:
    """Every follow is shown as requested, and neither listed nor counted."""

    def __init__(self) -> None:
        self._requested: set[str] = set()
        requested = change_items(
            change_member("outgoing_status", lambda value: value.replace("follows", "requested"))
        )
        listed = change_data(lambda users: [user for user in users if user["id"] not in self._requested])
        counted = change_items(change_member("counts.follows", lambda count: count - len(self._requested)))
        self._handlers = {
            RELATE: requested,
            "getRelationship": requested,
            "listFollows": listed,
            "getUser": counted,
        }

    async def __call__(self, request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if request.operation == RELATE and response.accepted:
            follows = response.json["data"]["outgoing_status"] == "follows"
            (self._requested.add if follows else self._requested.discard)(request.parts[1])

        async def recorded(_: Request) -> Response:
            return response

        handler = self._handlers.get(request.operation or "")
        return await handler(request, recorded) if handler else response


class FirstResponse:
    """Responses of an operation keep what ``take_over`` copies from the first one."""

    def __init__(self, name: str, take_over: Callable[[Json, Json], Any]) -> None:
        self._name, self._take_over = name, take_over
        self._first: dict[str, Json] = {}

    async def __call__(self, request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if request.operation != self._name or not response.accepted:
            return response
        body = response.json
        self._take_over(body, self._first.setdefault(request.path, response.json))
        return response.with_json(body)


class StillListed:
    """Comments that were listed once are listed forever."""

    def __init__(self) -> None:
        self._listed: dict[str, dict[int, Json]] = {}

    async def __call__(self, request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if request.operation != "listComments" or not response.accepted:
            return response
        comments = self._listed.setdefault(request.path, {})
        comments |= {int(item["id"]): item for item in response.json["data"]}
        return response.with_json({**response.json, "data": [comments[key] for key in sorted(comments)]})


class Late:
    """A like or unlike takes effect with the next one."""

    def __init__(self) -> None:
        self._waiting: Request | None = None

    async def __call__(self, request: Request, forward: Forward) -> Response:
        if request.operation not in ("likeMedia", "unlikeMedia"):
            return await forward(request)
        if self._waiting:
            await forward(self._waiting)
        self._waiting = request
        read = await forward(_read(_media_of(request)).with_values(access_token=request.token))
        return read.with_json(DONE) if read.accepted else await forward(request)


class Toggling:
    """A second like removes the first."""

    async def __call__(self, request: Request, forward: Forward) -> Response:
        if request.operation == "likeMedia":
            body = await forward(_read(_media_of(request)))
            if body.accepted and body.json["data"]["user_has_liked"]:
                request = replace(request, method="DELETE", query=request.values, form={})
        return await forward(request)


def _relate(action: str, then: str) -> Handler:
    """Another action on the same user follows an action."""
    return at(
        "updateRelationship",
        send_also(
            lambda request: (
                [request.with_values(action=then)] if request.values.get("action") == action else []
            )
        ),
    )


def _reads_as(**actions: str) -> Handler:
    """An action is read as another one."""

    def changed(request: Request) -> Request:
        action = request.values.get("action", "")
        return request.with_values(action=actions[action]) if action in actions else request

    return at("updateRelationship", change_request(changed))


def _shown(name: str, change: Callable[[Json], Any]) -> Handler:
    """The data of a read are changed in place."""
    return at(name, change_body(lambda _, body: change(body["data"])))


def _liked_once_more(media: Json) -> None:
    media["likes"]["count"] += media["user_has_liked"]


def _of_bela(comments: Json) -> None:
    for item in comments:
        if item["from"]["id"] == ADA:
            item["from"].update(id=BELA, username="bela")


def _mutual(relationship: Json) -> None:
    if relationship["outgoing_status"] == "follows":
        relationship["incoming_status"] = "followed_by"


WRITE, RELATE = "createComment", "updateRelationship"
STATE = {
    "deleted-still-listed": Mutant("state", "deleted comments are still listed", (WRITE,), StillListed),
    "deletes-two": _state(
        WRITE, at("deleteComment", _delete_newest()), "deleting a comment deletes the newest one, too"
    ),
    "delete-ignored": _state(
        WRITE,
        at(
            "deleteComment",
            change_request(lambda request: replace(request, method="GET", path=_media_of(request))),
        ),
        "deleting a comment does nothing",
    ),
    "comment-lost": _state(WRITE, at(WRITE, _delete_newest()), "a comment is accepted, but not stored"),
    "comment-twice": _state(
        WRITE, at(WRITE, send_also(lambda request: [request])), "a comment is stored twice"
    ),
    "comment-by-another": _state(
        WRITE,
        _shown("listComments", _of_bela),
        "comments are listed as another user's",
        "posted-comment-is-own",
    ),
    "comment-as-another": _state(
        WRITE,
        at(
            WRITE,
            change_request(
                lambda request: request.with_values(access_token=OTHER) if request.token == ALL else request
            ),
        ),
        "comments are written as another user",
    ),
    "comment-elsewhere": _state(
        WRITE,
        at(WRITE, change_request(lambda request: replace(request, path=f"/media/{TOWER}/comments"))),
        "comments are stored on other media",
    ),
    "comment-pushes-out": _state(
        WRITE,
        at("listComments", change_data(lambda data: data[-1:])),
        "only the newest comment is listed",
    ),
    "newest-hidden": _state(
        WRITE, at("listComments", change_data(lambda data: data[:-1])), "the newest comment is not listed"
    ),
    "comments-cached": Mutant(
        "state",
        "lists of comments never change",
        (WRITE,),
        lambda: FirstResponse("listComments", lambda now, first: now.update(data=first["data"])),
    ),
    "comment-count-stale": Mutant(
        "state",
        "the number of comments never changes",
        (WRITE,),
        lambda: FirstResponse(
            "getMedia", lambda now, first: now["data"].update(comments=first["data"]["comments"])
        ),
    ),
    "like-lost": _state(
        "likeMedia",
        at(
            "likeMedia",
            send_also(lambda request: [replace(request, method="DELETE", query=request.values, form={})]),
        ),
        "a like is accepted, but not stored",
    ),
    "like-not-listed": _state(
        "likeMedia",
        at("listLikes", change_data(lambda data: [item for item in data if item["id"] != ADA])),
        "the user's own like is not listed",
    ),
    "like-not-flagged": _state(
        "likeMedia", _shown("getMedia", set_members(user_has_liked=False)), "user_has_liked is always false"
    ),
    "flag-for-all": _state(
        "likeMedia", _shown("getMedia", set_members(user_has_liked=True)), "user_has_liked is always true"
    ),
    "like-not-counted": Mutant(
        "state",
        "the number of likes never changes",
        ("likeMedia",),
        lambda: FirstResponse(
            "getMedia", lambda now, first: now["data"].update(likes=first["data"]["likes"])
        ),
    ),
    "like-counts-twice": _state(
        "likeMedia", _shown("getMedia", _liked_once_more), "the user's own like counts twice"
    ),
    "like-as-another": _state(
        "likeMedia",
        at(
            "likeMedia",
            change_request(
                lambda request: request.with_values(access_token=OTHER) if request.token == ALL else request
            ),
        ),
        "a like is stored as another user's",
    ),
    "like-clears": _state(
        "likeMedia",
        at("listLikes", change_data(lambda data: [item for item in data if item["id"] == ADA] or data)),
        "a like replaces all others",
    ),
    "like-elsewhere": _state(
        "likeMedia",
        at("likeMedia", change_request(lambda request: replace(request, path=f"/media/{TOWER}/likes"))),
        "other media are liked",
    ),
    "like-toggles": Mutant("state", "a second like removes the first", ("likeMedia",), Toggling),
    "unlike-ignored": _state(
        "likeMedia",
        at(
            "unlikeMedia",
            change_request(lambda request: replace(request, method="POST", query={}, form=request.values)),
        ),
        "unliking has no effect",
    ),
    "unlike-takes-more": _state(
        "likeMedia",
        at("unlikeMedia", send_also(lambda request: [request.with_values(access_token=OTHER)])),
        "unliking removes another user's like, too",
    ),
    "likes-late": Mutant("state", "a like takes effect with the next one", ("likeMedia",), Late),
    "follow-not-shown": _state(
        RELATE,
        _shown("getRelationship", set_members(outgoing_status="none")),
        "outgoing_status is always none",
    ),
    "follow-lost": _state(RELATE, _relate("follow", "unfollow"), "following has no effect"),
    "unfollow-ignored": _state(RELATE, _relate("unfollow", "follow"), "unfollowing has no effect"),
    "block-lost": _state(RELATE, _relate("block", "unblock"), "blocking has no effect", "block-is-shown"),
    "block-unfollows": _state(RELATE, _reads_as(block="unfollow"), "blocking only unfollows"),
    "block-not-shown": _state(
        RELATE,
        _shown(
            "getRelationship",
            change_member("incoming_status", lambda value: value.replace("blocked_by_you", "none")),
        ),
        "blocked users are not shown as blocked",
    ),
    "unblock-ignored": _state(
        RELATE, _relate("unblock", "block"), "unblocking has no effect", "unblock-is-shown"
    ),
    "approve-ignores": _state(
        RELATE, _reads_as(approve="ignore"), "approving a request ignores it", "approval-is-shown"
    ),
    "ignore-approves": _state(
        RELATE, _reads_as(ignore="approve"), "ignoring a request approves it", "ignoring-is-shown"
    ),
    "ignore-blocks": _state(RELATE, _relate("ignore", "block"), "ignoring a request blocks the user"),
    "private-followed": _state(
        RELATE,
        at(
            f"{RELATE} getRelationship",
            change_items(
                change_member("outgoing_status", lambda value: value.replace("requested", "follows"))
            ),
        ),
        "private users are followed without a request",
    ),
    "follow-asks": Mutant(
        "state",
        "following a public user is only a request",
        (RELATE,),
        RequestedOnly,
        f"{RELATE} private-must-approve",
    ),
    "follow-is-mutual": _state(
        RELATE,
        _shown("getRelationship", _mutual),
        "a followed user is shown as a follower",
        "incoming-unchanged",
    ),
    "approve-follows": _state(RELATE, _relate("approve", "follow"), "approving a request follows the user"),
}
