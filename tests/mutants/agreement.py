"""Operations that disagree about a resource, at once or after a write."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from mutants import ADA, ALL, BELA, MEDIA_LISTS, OTHER, SNOW, Mutant, mutant_of
from mutants.app import Forward, Handler, Json, Request, Response
from mutants.behind import Since
from mutants.operators import (
    at,
    change_body,
    change_data,
    change_data_by_request,
    change_items,
    change_member,
    change_request,
    change_response,
    set_members,
)

USER_LISTS = ("listLikes", "listFollowedBy", "listFollows", "listRequestedBy", "searchUsers")
RELATE, READ, WRITE, LIKE = "getRelationship", "listUserRecentMedia", "createComment", "likeMedia"


class Remembering:
    """Some operations return members of media as they first returned them."""

    def __init__(self, operations: str, *names: str) -> None:
        self._handler = at(operations, change_items(self._as_first))
        self._names = names
        self._first: dict[tuple[str, str], Any] = {}

    async def __call__(self, request: Request, forward: Forward) -> Response:
        return await self._handler(request, forward)

    def _as_first(self, item: Json) -> None:
        for name in self._names:
            item[name] = self._first.setdefault((item["id"], name), item[name])


class NewestOfOnesOwn:
    """A deletion of something unknown deletes the newest of its kind instead.

    ``listed`` gives the request that lists them.
    """

    def __init__(self, operation: str, listed: Callable[[Request], Request], id_in_path: bool) -> None:
        self._handler = at(operation, self._delete)
        self._listed, self._id_in_path = listed, id_in_path

    async def __call__(self, request: Request, forward: Forward) -> Response:
        return await self._handler(request, forward)

    async def _delete(self, request: Request, forward: Forward) -> Response:
        response = await forward(request)
        listed = await forward(self._listed(request)) if response.status == 400 else response
        if listed.accepted and listed is not response:
            own = [item["id"] for item in listed.json["data"] if item.get("from", {"id": ADA})["id"] == ADA]
            for number in own[-1:]:
                if self._id_in_path:
                    await forward(replace(request, path=f"{request.path.rpartition('/')[0]}/{number}"))
                else:
                    await forward(request.with_values(id=str(number)))
        return response


class NewStandFirst:
    """Comments that the first read did not list stand first, dated like the oldest one."""

    def __init__(self) -> None:
        self._handler = at("listComments", change_data_by_request(self._turned))
        self._known: dict[str, set[str]] = {}

    async def __call__(self, request: Request, forward: Forward) -> Response:
        return await self._handler(request, forward)

    def _turned(self, request: Request, comments: Json) -> Json:
        known_ids = self._known.setdefault(request.path, {item["id"] for item in comments})
        new = [
            {**item, "created_time": comments[0]["created_time"]}
            for item in comments
            if item["id"] not in known_ids
        ]
        return [*new, *(item for item in comments if item["id"] in known_ids)]


async def _through_any_media(request: Request, forward: Forward) -> Response:
    response = await forward(request)
    if response.status != 400:
        return response
    deletion = await forward(replace(request, path=f"/media/{SNOW}/comments/{request.parts[3]}"))
    return deletion if deletion.accepted else response


def _opened(body: Callable[[Request], Json]) -> Handler:
    """Private resources are returned."""

    def changed(request: Request, response: Response) -> Response:
        if b"cannot view" not in response.body:
            return response
        return replace(response.with_json({"meta": {"code": 200}, **body(request)}), status=200)

    return change_response(changed)


def _no_items(request: Request) -> Json:
    return {"data": [], "pagination": {}}


def _bare_user(request: Request) -> Json:
    counts = {"media": 0, "follows": 0, "followed_by": 0}
    texts = dict.fromkeys(("full_name", "bio", "website", "profile_picture"), "")
    return {"data": {"id": request.parts[1], "username": "hidden", **texts, "counts": counts}}


def _detected_at(detector: str, operation: str, handler: Handler, description: str, law: str) -> Mutant:
    """A mutant of one operation that a law of another one detects."""
    return Mutant("laws", description, (detector,), lambda: at(operation, handler), f"{detector} {law}")


def _found_nowhere(detector: str, operation: str, law: str) -> Mutant:
    nothing = change_body(
        lambda request, body: {**body, "data": [], **({"pagination": {}} if "pagination" in body else {})}
    )
    return _detected_at(detector, operation, nothing, f"{operation} finds nothing", law)


def _otherwise(**statuses: str) -> Handler:
    """Relationships have another status than they should."""
    [(name, value)] = statuses.items()
    return change_items(change_member(name, lambda status: value))


def _state(operations: str, make: Callable[[], Handler], description: str) -> Mutant:
    return Mutant("state", description, tuple(operations.split()), make)


AGREEMENT = {
    **{
        f"filter-otherwise-{operation}": mutant_of(
            "laws",
            operation,
            change_items(set_members(filter="Another")),
            "media in a list have another filter than by id",
            f"{operation} listed-as-by-id",
        )
        for operation in MEDIA_LISTS
    },
    **{
        f"picture-otherwise-{operation}": mutant_of(
            "laws",
            operation,
            change_items(set_members(profile_picture="https://cdn.example.com/former.jpg")),
            "users in a list have another picture than by id",
            f"{operation} listed-as-by-id",
        )
        for operation in USER_LISTS
    },
    "feed-of-strangers": _detected_at(
        "getFeed",
        RELATE,
        _otherwise(outgoing_status="none"),
        "the feed has media of users shown as not followed",
        "owners-are-followed",
    ),
    "follows-strangers": _detected_at(
        "listFollows",
        RELATE,
        _otherwise(outgoing_status="requested"),
        "users listed as followed are shown as requested",
        "followed-are-followed",
    ),
    "followed-by-strangers": _detected_at(
        "listFollowedBy",
        RELATE,
        _otherwise(incoming_status="none"),
        "users listed as followers are shown as not following",
        "followers-follow",
    ),
    "asked-by-followers": _detected_at(
        "listRequestedBy",
        RELATE,
        _otherwise(incoming_status="followed_by"),
        "users listed as requesting are shown as following",
        "listed-have-requested",
    ),
    "tags-counted-otherwise": mutant_of(
        "laws",
        "searchTags",
        change_items(change_member("media_count", lambda count: count + 1)),
        "a search counts one more media object of each tag",
        "searchTags counted-as-by-name",
    ),
    "private-media-open": _detected_at(
        RELATE, READ, _opened(_no_items), "media of private accounts are readable", "private-media-hidden"
    ),
    "private-user-open": _detected_at(
        RELATE, "getUser", _opened(_bare_user), "private accounts are readable", "private-user-hidden"
    ),
    "private-follows-open": _detected_at(
        RELATE,
        "listFollows",
        _opened(_no_items),
        "the users that private accounts follow are readable",
        "private-follows-hidden",
    ),
    "private-followers-open": _detected_at(
        RELATE,
        "listFollowedBy",
        _opened(_no_items),
        "the followers of private accounts are readable",
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
        LIKE, lambda: at("listLikedMedia", change_data(lambda data: [])), "the liked media are empty"
    ),
    "locations-named-otherwise": _detected_at(
        "searchLocations",
        "getLocation",
        change_items(set_members(name="Elsewhere")),
        "locations by id have another name than in a search",
        "listed-as-by-id",
    ),
    "title-escaped": mutant_of(
        "laws",
        "getEmbed",
        change_body(lambda request, body: {**body, "title": f"{body['title']} &amp;"}),
        "the title differs from the caption",
        "getEmbed title-is-caption",
    ),
    "new-comments-first": Mutant(
        "laws",
        "new comments are listed first",
        (WRITE,),
        NewStandFirst,
        f"{WRITE} posted-comment-is-last",
    ),
    "likes-stand-last": Mutant(
        "laws",
        "after the first like, the newest liked media object is last on the first page",
        (LIKE,),
        partial(Since, LIKE, "listLikedMedia", lambda liked: [*liked[1:], *liked[:1]]),
        f"{LIKE} like-stands-first",
    ),
    "lists-keep-counts": _state(
        f"{WRITE} {LIKE}",
        partial(Remembering, " ".join(MEDIA_LISTS), "likes", "comments"),
        "counts in lists never change",
    ),
    "feed-keeps-likes": _state(
        LIKE,
        partial(Remembering, "getFeed", "user_has_liked"),
        "user_has_liked in the feed never changes",
    ),
    "code-keeps-comments": _state(
        WRITE,
        partial(Remembering, "getMediaByShortcode", "comments"),
        "read by shortcode, the comments of a media object never change",
    ),
    "popular-keeps-likes": _state(
        LIKE,
        partial(Remembering, "listPopularMedia", "likes", "user_has_liked"),
        "likes of popular media never change",
    ),
    "liked-by-another": _state(
        "listLikedMedia",
        lambda: at(
            "listLikedMedia",
            change_request(
                lambda request: request.with_values(access_token=OTHER) if request.token == ALL else request
            ),
        ),
        "the liked media are another user's",
    ),
    "follows-of-another": _state(
        "listFollows",
        lambda: at(
            "listFollows",
            change_request(lambda request: replace(request, path=request.path.replace("self", BELA))),
        ),
        "self is another user in the list of followed users",
    ),
    "deletes-through-any-media": _state(
        WRITE,
        lambda: at("deleteComment", _through_any_media),
        "a comment is deleted through any media object",
    ),
    "unknown-comment-takes-newest": _state(
        WRITE,
        partial(
            NewestOfOnesOwn,
            "deleteComment",
            lambda request: replace(request, method="GET", path=request.path.rpartition("/")[0]),
            True,
        ),
        "deleting an unknown comment deletes the user's newest",
    ),
    "unknown-subscription-takes-newest": _state(
        "createSubscription",
        partial(
            NewestOfOnesOwn,
            "deleteSubscriptions",
            lambda request: replace(request, method="GET").without("id"),
            False,
        ),
        "deleting an unknown subscription deletes the newest",
    ),
}
