"""What goes wrong only where something was done already."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mutants import ADA, ALL, OTHER, Mutant
from mutants.faulty import Answer, Ask, Handler, Json, Request, at


def _again(shows: str, make: Callable[[], Handler], text: str) -> Mutant:
    return Mutant("state", text, (shows,), make)


async def _data(ask: Ask, path: str) -> Json:
    """What the right server tells ada, None if nothing."""
    answer = await ask(Request("GET", path, {"access_token": ALL}, {}))
    return answer.json["data"] if answer.granted else None


def _media_of(request: Request) -> str:
    return f"/media/{request.parts[1]}"


def _deletion(path: str, token: str = ALL) -> Request:
    return Request("DELETE", path, {"access_token": token}, {})


async def _unlike_twice(request: Request, ask: Ask) -> Answer:
    media = await _data(ask, _media_of(request))
    if media and not media["user_has_liked"]:
        await ask(_deletion(request.path, OTHER))
    return await ask(request)


async def _delete_twice(request: Request, ask: Ask) -> Answer:
    answer = await ask(request)
    if answer.status == 400 and request.token == ALL:
        for one in (await _data(ask, f"{_media_of(request)}/comments") or [])[-1:]:
            await ask(_deletion(f"{_media_of(request)}/comments/{one['id']}"))
    return answer


async def _comment_twice(request: Request, ask: Ask) -> Answer:
    answer = await ask(request)
    if answer.granted:
        own = [one for one in await _data(ask, request.path) if one["from"]["id"] == ADA]
        for one in own[:-1]:
            await ask(_deletion(f"{request.path}/{one['id']}"))
    return answer


async def _unfollow_all(request: Request, ask: Ask) -> Answer:
    answer = await ask(request)
    if answer.granted and request.values["action"] == "unfollow":
        for one in (await _data(ask, "/users/self/follows"))[:2]:
            await ask(replace(request, path=f"/users/{one['id']}/relationship"))
    return answer


class UnlikingAll:
    """Who takes a like back takes all back that were given since the beginning."""

    def __init__(self) -> None:
        self._liked: set[str] = set()

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if answer.granted and request.operation == "likeMedia":
            self._liked.add(request.path)
        elif answer.granted and request.operation == "unlikeMedia":
            for path in self._liked:
                await ask(_deletion(path))
        return answer


class Following:
    """Whether a user is followed is told by a function of how that was told before, and of the action."""

    def __init__(self, then: Callable[[str, str], str | None]) -> None:
        self._then = then
        self._told: dict[str, str] = {}

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        if request.operation not in ("getRelationship", "updateRelationship"):
            return await ask(request)
        was = (await _data(ask, request.path) or {}).get("outgoing_status", "none")
        answer = await ask(request)
        if answer.granted and request.method == "POST":
            told = self._then(self._told.pop(request.path, was), request.values["action"])
            if told:
                self._told[request.path] = told
        return answer.saying(self._shown(request, answer.json)) if answer.granted else answer

    def _shown(self, request: Request, found: Json) -> Json:
        told = self._told.get(request.path, found["data"]["outgoing_status"])
        return {**found, "data": {**found["data"], "outgoing_status": told}}


class Replica:
    """Every second look at a thing shows it as it was before the last write."""

    def __init__(self) -> None:
        self._looks: dict[str, int] = {}
        self._seen: dict[str, Json] = {}
        self._before: dict[str, Json] = {}

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if not answer.granted:
            return answer
        if request.method != "GET":
            self._looks, self._before = {}, dict(self._seen)
        elif request.operation in ("listLikes", "getMedia"):
            looks = self._looks[request.path] = self._looks.get(request.path, 0) + 1
            self._seen[request.path] = answer.json
            if looks % 2 == 0 and request.path in self._before:
                return answer.saying(self._before[request.path])
        return answer


def _always(operation: str, handler: Handler) -> Callable[[], Handler]:
    return lambda: at(operation, handler)


WRITE, LIKE, RELATE = "createComment", "likeMedia", "updateRelationship"
AGAIN = {
    "unlike-twice": _again(
        LIKE, _always("unlikeMedia", _unlike_twice), "who does not like takes another user's like back"
    ),
    "delete-twice": _again(
        WRITE,
        _always("deleteComment", _delete_twice),
        "deleting a comment again is refused, and takes the newest one along",
    ),
    "comment-twice-replaces": _again(
        WRITE, _always(WRITE, _comment_twice), "a comment takes the place of one's own before it"
    ),
    "unlike-takes-all": _again(LIKE, UnlikingAll, "with a like all others of that user are taken back"),
    "unfollow-takes-more": _again(
        RELATE, _always(RELATE, _unfollow_all), "with a user two others are unfollowed"
    ),
    "block-keeps-following": _again(
        RELATE,
        partial(Following, lambda was, action: "follows" if (was, action) == ("follows", "block") else None),
        "who is blocked is followed on",
    ),
    "unblock-follows": _again(
        RELATE,
        partial(Following, lambda was, action: "follows" if action == "unblock" else None),
        "who is unblocked is followed",
    ),
    "follow-again-asks": _again(
        RELATE,
        partial(
            Following, lambda was, action: "requested" if (was, action) == ("follows", "follow") else None
        ),
        "who follows again, asks again",
    ),
    "second-look-behind": _again(LIKE, Replica, "every second look is one write behind"),
}
