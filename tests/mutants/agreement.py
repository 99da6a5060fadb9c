"""What one operation tells of a thing is not what another tells of it, now or after a write."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from mutants import ADA, ALL, BELA, MEDIA_LISTS, OTHER, SNOW, Mutant, mutant_of
from mutants.behind import Since
from mutants.faulty import (
    Answer,
    Ask,
    Handler,
    Json,
    Request,
    answered,
    asked,
    at,
    body,
    data,
    data_as_asked,
    each,
    inner,
    put,
)

USER_LISTS = ("listLikes", "listFollowedBy", "listFollows", "listRequestedBy", "searchUsers")
RELATE, READ, WRITE, LIKE = "getRelationship", "listUserRecentMedia", "createComment", "likeMedia"


class Remembering:
    """Members of media are told by some operations as they were told first."""

    def __init__(self, operations: str, *names: str) -> None:
        self._handler = at(operations, each(self._as_first))
        self._names = names
        self._first: dict[tuple[str, str], Any] = {}

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        return await self._handler(request, ask)

    def _as_first(self, one: Json) -> None:
        for name in self._names:
            one[name] = self._first.setdefault((one["id"], name), one[name])


class NewestOfOnesOwn:
    """What is to be deleted and is not there has the newest of its kind deleted instead.

    A function gives the request for the list of them.
    """

    def __init__(self, operation: str, listed: Callable[[Request], Request], id_in_path: bool) -> None:
        self._handler = at(operation, self._delete)
        self._listed, self._id_in_path = listed, id_in_path

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        return await self._handler(request, ask)

    async def _delete(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        found = await ask(self._listed(request)) if answer.status == 400 else answer
        if found.granted and found is not answer:
            own = [one["id"] for one in found.json["data"] if one.get("from", {"id": ADA})["id"] == ADA]
            for number in own[-1:]:
                if self._id_in_path:
                    await ask(replace(request, path=f"{request.path.rpartition('/')[0]}/{number}"))
                else:
                    await ask(request.having(id=str(number)))
        return answer


class NewStandFirst:
    """Comments that were not there at the first look stand first, as if they were as old as the oldest."""

    def __init__(self) -> None:
        self._handler = at("listComments", data_as_asked(self._turned))
        self._known: dict[str, set[str]] = {}

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        return await self._handler(request, ask)

    def _turned(self, request: Request, found: Json) -> Json:
        known = self._known.setdefault(request.path, {one["id"] for one in found})
        new = [{**one, "created_time": found[0]["created_time"]} for one in found if one["id"] not in known]
        return [*new, *(one for one in found if one["id"] in known)]


async def _through_any_media(request: Request, ask: Ask) -> Answer:
    answer = await ask(request)
    if answer.status != 400:
        return answer
    known = await ask(replace(request, path=f"/media/{SNOW}/comments/{request.parts[3]}"))
    return known if known.granted else answer


def _opened(found: Callable[[Request], Json]) -> Handler:
    """What is hidden from strangers is answered."""

    def changed(request: Request, answer: Answer) -> Answer:
        if b"cannot view" not in answer.body:
            return answer
        return replace(answer.saying({"meta": {"code": 200}, **found(request)}), status=200)

    return answered(changed)


def _no_items(request: Request) -> Json:
    return {"data": [], "pagination": {}}


def _bare_user(request: Request) -> Json:
    counts = {"media": 0, "follows": 0, "followed_by": 0}
    texts = dict.fromkeys(("full_name", "bio", "website", "profile_picture"), "")
    return {"data": {"id": request.parts[1], "username": "hidden", **texts, "counts": counts}}


def _seen_at(shows: str, operation: str, handler: Handler, text: str, law: str) -> Mutant:
    """A fault of one operation that a law of another finds."""
    return Mutant("laws", text, (shows,), lambda: at(operation, handler), f"{shows} {law}")


def _found_nowhere(shows: str, operation: str, law: str) -> Mutant:
    nothing = body(
        lambda request, found: {**found, "data": [], **({"pagination": {}} if "pagination" in found else {})}
    )
    return _seen_at(shows, operation, nothing, f"{operation} finds nothing", law)


def _otherwise(**statuses: str) -> Handler:
    """Relationships are told to be others than they are."""
    [(name, told)] = statuses.items()
    return each(inner(name, lambda status: told))


def _state(shows: str, make: Callable[[], Handler], text: str) -> Mutant:
    return Mutant("state", text, tuple(shows.split()), make)


AGREEMENT = {
    **{
        f"filter-otherwise-{operation}": mutant_of(
            "laws",
            operation,
            each(put(filter="Another")),
            "media have another filter in a list",
            f"{operation} listed-as-by-id",
        )
        for operation in MEDIA_LISTS
    },
    **{
        f"picture-otherwise-{operation}": mutant_of(
            "laws",
            operation,
            each(put(profile_picture="https://cdn.example.com/former.jpg")),
            "users have another picture in a list",
            f"{operation} listed-as-by-id",
        )
        for operation in USER_LISTS
    },
    "feed-of-strangers": _seen_at(
        "getFeed",
        RELATE,
        _otherwise(outgoing_status="none"),
        "the feed shows media of users who are said not to be followed",
        "owners-are-followed",
    ),
    "follows-strangers": _seen_at(
        "listFollows",
        RELATE,
        _otherwise(outgoing_status="requested"),
        "who is listed as followed is said to be asked only",
        "followed-are-followed",
    ),
    "followed-by-strangers": _seen_at(
        "listFollowedBy",
        RELATE,
        _otherwise(incoming_status="none"),
        "who is listed as follower is said not to be one",
        "followers-follow",
    ),
    "asked-by-followers": _seen_at(
        "listRequestedBy",
        RELATE,
        _otherwise(incoming_status="followed_by"),
        "who is listed as asking is said to follow already",
        "listed-have-requested",
    ),
    "tags-counted-otherwise": mutant_of(
        "laws",
        "searchTags",
        each(inner("media_count", lambda count: count + 1)),
        "a search counts one more media of each tag",
        "searchTags counted-as-by-name",
    ),
    "private-media-open": _seen_at(
        RELATE, READ, _opened(_no_items), "media of private accounts are open", "private-media-hidden"
    ),
    "private-user-open": _seen_at(
        RELATE, "getUser", _opened(_bare_user), "private accounts are open", "private-user-hidden"
    ),
    "private-follows-open": _seen_at(
        RELATE,
        "listFollows",
        _opened(_no_items),
        "whom private accounts follow is open",
        "private-follows-hidden",
    ),
    "private-followers-open": _seen_at(
        RELATE,
        "listFollowedBy",
        _opened(_no_items),
        "who follows private accounts is open",
        "private-followers-hidden",
    ),
    "users-found-nowhere": _found_nowhere("getUser", "searchUsers", "found-by-username"),
    "tags-found-nowhere": _found_nowhere("getTag", "searchTags", "found-by-name"),
    "locations-found-nowhere": _found_nowhere("getLocation", "searchLocations", "found-where-it-is"),
    "media-found-nowhere": _found_nowhere("listLocationRecentMedia", "searchMedia", "found-where-they-are"),
    "no-media-at-locations": _found_nowhere("searchMedia", "listLocationRecentMedia", "listed-at-location"),
    "no-media-by-tag": _found_nowhere("searchMedia", "listTagRecentMedia", "listed-by-tag"),
    "nobody-asks": _found_nowhere(RELATE, "listRequestedBy", "requests-are-listed"),
    "feed-of-nothing": _found_nowhere("listFollows", "getFeed", "followed-fill-the-feed"),
    "nothing-popular": _found_nowhere("listPopularMedia", "listPopularMedia", "something-popular"),
    "nothing-liked": _state(
        LIKE, lambda: at("listLikedMedia", data(lambda found: [])), "no media are said to be liked"
    ),
    "locations-named-otherwise": _seen_at(
        "searchLocations",
        "getLocation",
        each(put(name="Elsewhere")),
        "locations have another name by their ids",
        "listed-as-by-id",
    ),
    "title-escaped": mutant_of(
        "laws",
        "getEmbed",
        body(lambda request, found: {**found, "title": f"{found['title']} &amp;"}),
        "the title is not quite the caption",
        "getEmbed title-is-caption",
    ),
    "new-comments-first": Mutant(
        "laws",
        "new comments stand before all others",
        (WRITE,),
        NewStandFirst,
        f"{WRITE} posted-comment-is-last",
    ),
    "likes-stand-last": Mutant(
        "laws",
        "from the first like on, what was liked last stands last on the first page",
        (LIKE,),
        partial(Since, LIKE, "listLikedMedia", lambda liked: [*liked[1:], *liked[:1]]),
        f"{LIKE} like-stands-first",
    ),
    "lists-keep-counts": _state(
        f"{WRITE} {LIKE}",
        partial(Remembering, " ".join(MEDIA_LISTS), "likes", "comments"),
        "lists tell the counts that they told first",
    ),
    "feed-keeps-likes": _state(
        LIKE,
        partial(Remembering, "getFeed", "user_has_liked"),
        "the feed tells of likes what it told first",
    ),
    "code-keeps-comments": _state(
        WRITE,
        partial(Remembering, "getMediaByShortcode", "comments"),
        "by its code a media object has the comments that it had first",
    ),
    "popular-keeps-likes": _state(
        LIKE,
        partial(Remembering, "listPopularMedia", "likes", "user_has_liked"),
        "what is popular has the likes that it had first",
    ),
    "liked-by-another": _state(
        "listLikedMedia",
        lambda: at(
            "listLikedMedia", asked(lambda one: one.having(access_token=OTHER) if one.token == ALL else one)
        ),
        "the media that are liked are those of another user",
    ),
    "follows-of-another": _state(
        "listFollows",
        lambda: at("listFollows", asked(lambda one: replace(one, path=one.path.replace("self", BELA)))),
        "oneself is somebody else where it is asked who is followed",
    ),
    "deletes-through-any-media": _state(
        WRITE,
        lambda: at("deleteComment", _through_any_media),
        "a comment is deleted, whatever media object it is said to be on",
    ),
    "unknown-comment-takes-newest": _state(
        WRITE,
        partial(
            NewestOfOnesOwn,
            "deleteComment",
            lambda one: replace(one, method="GET", path=one.path.rpartition("/")[0]),
            True,
        ),
        "deleting a comment that is not there takes one's own newest",
    ),
    "unknown-subscription-takes-newest": _state(
        "createSubscription",
        partial(
            NewestOfOnesOwn,
            "deleteSubscriptions",
            lambda one: replace(one, method="GET").without("id"),
            False,
        ),
        "deleting a subscription that is not there takes the newest",
    ),
}
