"""What is written is not what is read."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mutants import ADA, ALL, BELA, DONE, OTHER, TOWER, Mutant
from mutants.faulty import Answer, Ask, Handler, Json, Request, also, asked, at, body, data, each, inner, put


def _state(shows: str, handler: Handler, text: str, only: str = "") -> Mutant:
    """A fault without memory. ``only`` is the law that alone finds it, of the operation that shows it."""
    return Mutant("state", text, tuple(shows.split()), lambda: handler, only and f"{shows} {only}")


def _read(path: str) -> Request:
    return Request("GET", path, {"access_token": ALL}, {})


def _media_of(request: Request) -> str:
    return f"/media/{request.parts[1]}"


def _delete_newest(keep: str = "") -> Handler:
    """After what was asked, the newest comment is deleted, too, but for those that are kept."""

    async def handle(request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if answer.granted:
            listed = await ask(_read(f"{_media_of(request)}/comments"))
            for one in listed.json["data"][-1:]:
                await ask(Request("DELETE", f"{_media_of(request)}/comments/{one['id']}", request.values, {}))
        return answer

    return handle


class AskedOnly:
    """Nobody is followed at once, nor listed or counted as such."""

    def __init__(self) -> None:
        self._asked: set[str] = set()
        told = each(inner("outgoing_status", lambda one: one.replace("follows", "requested")))
        listed = data(lambda users: [one for one in users if one["id"] not in self._asked])
        counted = each(inner("counts.follows", lambda count: count - len(self._asked)))
        self._handlers = {RELATE: told, "getRelationship": told, "listFollows": listed, "getUser": counted}

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if request.operation == RELATE and answer.granted:
            follows = answer.json["data"]["outgoing_status"] == "follows"
            (self._asked.add if follows else self._asked.discard)(request.parts[1])

        async def known(_: Request) -> Answer:
            return answer

        handler = self._handlers.get(request.operation or "")
        return await handler(request, known) if handler else answer


class Remembering:
    """Answers of an operation stay what they were at first, as far as a function takes them over."""

    def __init__(self, name: str, take_over: Callable[[Json, Json], Any]) -> None:
        self._name, self._take_over = name, take_over
        self._first: dict[str, Json] = {}

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if request.operation != self._name or not answer.granted:
            return answer
        found = answer.json
        self._take_over(found, self._first.setdefault(request.path, answer.json))
        return answer.saying(found)


class StillListed:
    """Comments that were ever seen are listed for ever."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[int, Json]] = {}

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if request.operation != "listComments" or not answer.granted:
            return answer
        seen = self._seen.setdefault(request.path, {})
        seen |= {int(one["id"]): one for one in answer.json["data"]}
        return answer.saying({**answer.json, "data": [seen[key] for key in sorted(seen)]})


class Late:
    """A like, or its end, takes effect when the next one comes."""

    def __init__(self) -> None:
        self._waiting: Request | None = None

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        if request.operation not in ("likeMedia", "unlikeMedia"):
            return await ask(request)
        if self._waiting:
            await ask(self._waiting)
        self._waiting = request
        read = await ask(_read(_media_of(request)).having(access_token=request.token))
        return read.saying(DONE) if read.granted else await ask(request)


class Toggling:
    """Who likes again, likes no longer."""

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        if request.operation == "likeMedia":
            found = await ask(_read(_media_of(request)))
            if found.granted and found.json["data"]["user_has_liked"]:
                request = replace(request, method="DELETE", query=request.values, form={})
        return await ask(request)


def _relate(action: str, then: str) -> Handler:
    """An action is followed by another one on the same user."""
    return at(
        "updateRelationship",
        also(lambda asked: [asked.having(action=then)] if asked.values.get("action") == action else []),
    )


def _takes_for(**actions: str) -> Handler:
    """An action is taken for another one."""

    def changed(request: Request) -> Request:
        given = request.values.get("action", "")
        return request.having(action=actions[given]) if given in actions else request

    return at("updateRelationship", asked(changed))


def _shown(name: str, change: Callable[[Json], Any]) -> Handler:
    """The data that a read gives are changed in place."""
    return at(name, body(lambda _, found: change(found["data"])))


def _liked_once_more(media: Json) -> None:
    media["likes"]["count"] += media["user_has_liked"]


def _of_bela(comments: Json) -> None:
    for one in comments:
        if one["from"]["id"] == ADA:
            one["from"].update(id=BELA, username="bela")


def _mutual(relationship: Json) -> None:
    if relationship["outgoing_status"] == "follows":
        relationship["incoming_status"] = "followed_by"


WRITE, RELATE = "createComment", "updateRelationship"
STATE = {
    "deleted-still-listed": Mutant("state", "comments are listed for ever", (WRITE,), StillListed),
    "deletes-two": _state(
        WRITE, at("deleteComment", _delete_newest()), "deleting takes a further comment along"
    ),
    "delete-ignored": _state(
        WRITE,
        at("deleteComment", asked(lambda one: replace(one, method="GET", path=_media_of(one)))),
        "deleting a comment does nothing",
    ),
    "comment-lost": _state(WRITE, at(WRITE, _delete_newest()), "a comment is granted, and not there"),
    "comment-twice": _state(WRITE, at(WRITE, also(lambda one: [one])), "a comment is stored twice"),
    "comment-by-another": _state(
        WRITE, _shown("listComments", _of_bela), "comments are by another user", "posted-comment-is-own"
    ),
    "comment-as-another": _state(
        WRITE,
        at(WRITE, asked(lambda one: one.having(access_token=OTHER) if one.token == ALL else one)),
        "comments are written as another user",
    ),
    "comment-elsewhere": _state(
        WRITE,
        at(WRITE, asked(lambda one: replace(one, path=f"/media/{TOWER}/comments"))),
        "comments are written to other media",
    ),
    "comment-pushes-out": _state(
        WRITE,
        at("listComments", data(lambda found: found[-1:])),
        "a comment takes the place of the one before",
    ),
    "newest-hidden": _state(
        WRITE, at("listComments", data(lambda found: found[:-1])), "the newest is not listed"
    ),
    "comments-cached": Mutant(
        "state",
        "a list of comments stays what it was",
        (WRITE,),
        lambda: Remembering("listComments", lambda now, first: now.update(data=first["data"])),
    ),
    "comment-count-stale": Mutant(
        "state",
        "the number of comments stays what it was",
        (WRITE,),
        lambda: Remembering(
            "getMedia", lambda now, first: now["data"].update(comments=first["data"]["comments"])
        ),
    ),
    "like-lost": _state(
        "likeMedia",
        at("likeMedia", also(lambda one: [replace(one, method="DELETE", query=one.values, form={})])),
        "a like is granted, and not there",
    ),
    "like-not-listed": _state(
        "likeMedia",
        at("listLikes", data(lambda found: [one for one in found if one["id"] != ADA])),
        "one's own like is not listed",
    ),
    "like-not-flagged": _state(
        "likeMedia", _shown("getMedia", put(user_has_liked=False)), "nothing is flagged"
    ),
    "flag-for-all": _state(
        "likeMedia", _shown("getMedia", put(user_has_liked=True)), "everything is flagged"
    ),
    "like-not-counted": Mutant(
        "state",
        "the number of likes stays what it was",
        ("likeMedia",),
        lambda: Remembering("getMedia", lambda now, first: now["data"].update(likes=first["data"]["likes"])),
    ),
    "like-counts-twice": _state(
        "likeMedia", _shown("getMedia", _liked_once_more), "one's own like counts twice"
    ),
    "like-as-another": _state(
        "likeMedia",
        at("likeMedia", asked(lambda one: one.having(access_token=OTHER) if one.token == ALL else one)),
        "a like is another user's",
    ),
    "like-clears": _state(
        "likeMedia",
        at("listLikes", data(lambda found: [one for one in found if one["id"] == ADA] or found)),
        "a like takes the place of all others",
    ),
    "like-elsewhere": _state(
        "likeMedia",
        at("likeMedia", asked(lambda one: replace(one, path=f"/media/{TOWER}/likes"))),
        "other media are liked",
    ),
    "like-toggles": Mutant("state", "who likes again, likes no longer", ("likeMedia",), Toggling),
    "unlike-ignored": _state(
        "likeMedia",
        at("unlikeMedia", asked(lambda one: replace(one, method="POST", query={}, form=one.values))),
        "a like cannot be taken back",
    ),
    "unlike-takes-more": _state(
        "likeMedia",
        at("unlikeMedia", also(lambda one: [one.having(access_token=OTHER)])),
        "with a like another user's is taken back",
    ),
    "likes-late": Mutant("state", "likes wait for the next one", ("likeMedia",), Late),
    "follow-not-shown": _state(
        RELATE, _shown("getRelationship", put(outgoing_status="none")), "nobody is followed"
    ),
    "follow-lost": _state(RELATE, _relate("follow", "unfollow"), "who follows, does not"),
    "unfollow-ignored": _state(RELATE, _relate("unfollow", "follow"), "who unfollows, follows"),
    "block-lost": _state(RELATE, _relate("block", "unblock"), "who is blocked, is not", "block-is-shown"),
    "block-unfollows": _state(RELATE, _takes_for(block="unfollow"), "blocking is unfollowing"),
    "block-not-shown": _state(
        RELATE,
        _shown(
            "getRelationship", inner("incoming_status", lambda one: one.replace("blocked_by_you", "none"))
        ),
        "who is blocked is not shown as such",
    ),
    "unblock-ignored": _state(
        RELATE, _relate("unblock", "block"), "who is unblocked stays blocked", "unblock-is-shown"
    ),
    "approve-ignores": _state(
        RELATE, _takes_for(approve="ignore"), "approving is ignoring", "approval-is-shown"
    ),
    "ignore-approves": _state(
        RELATE, _takes_for(ignore="approve"), "ignoring is approving", "ignoring-is-shown"
    ),
    "ignore-blocks": _state(RELATE, _relate("ignore", "block"), "who is ignored is blocked"),
    "private-followed": _state(
        RELATE,
        at(
            f"{RELATE} getRelationship",
            each(inner("outgoing_status", lambda one: one.replace("requested", "follows"))),
        ),
        "private users are followed at once",
    ),
    "follow-asks": Mutant(
        "state",
        "users who are not private are asked, too",
        (RELATE,),
        AskedOnly,
        f"{RELATE} private-must-approve",
    ),
    "follow-is-mutual": _state(
        RELATE, _shown("getRelationship", _mutual), "who is followed, follows", "incoming-unchanged"
    ),
    "approve-follows": _state(RELATE, _relate("approve", "follow"), "who approves, follows"),
}
