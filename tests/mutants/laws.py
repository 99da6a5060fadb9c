"""Responses of the right shape that are wrong."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mutants import ADA, ALL, BELA, Mutant, mutant_of
from mutants.app import Forward, Handler, Json, Request, Response
from mutants.lists import aside, first_twice, ignored
from mutants.media import another
from mutants.operators import (
    at,
    change_body,
    change_data,
    change_items,
    change_member,
    change_request,
    set_members,
    substitute,
    when,
)

_laws = partial(mutant_of, "laws")


def _at_path(path: str) -> Handler:
    return substitute(lambda request: replace(request, path=path))


def _of_self(request: Request) -> bool:
    return "self" in request.parts


def _of_another(request: Request) -> bool:
    return not _of_self(request)


def _many(number: int) -> Callable[[Json], Json]:
    """Copies of the first item, each with an id of its own."""
    return lambda items: [{**item, "id": str(9000 + index)} for item in items[:1] for index in range(number)]


def _newer_first(comments: Json) -> Json:
    return [
        {**item, "id": "9000", "created_time": str(int(item["created_time"]) + 60)} for item in comments
    ] + comments


def _shouted(request: Request, body: Json) -> None:
    author = {
        "username": "ada",
        "id": "1001",
        "full_name": "",
        "profile_picture": "https://cdn.example.com/a",
    }
    text = request.values["text"].upper()
    body["data"] = {"id": "9000", "created_time": "1448668800", "text": text, "from": author}


def _of_bela(item: Json) -> None:
    item["id"] = f"{item['id'].partition('_')[0]}_{BELA}"
    item["user"]["id"] = BELA
    if item["caption"]:
        item["caption"]["from"]["id"] = BELA


def _elsewhere(item: Json) -> None:
    item["callback_url"] += "/"


async def _no_follow(request: Request, forward: Forward) -> Response:
    """Following has no effect, and target_user_is_private is missing."""
    response = await forward(request)
    if not response.accepted:
        return response
    if request.values.get("action") == "follow":
        return await forward(request.with_values(action="unfollow"))
    body = response.json
    body["data"].pop("target_user_is_private", None)
    return response.with_json(body)


class Attached:
    """A blocked user is shown as followed, until followed or unfollowed."""

    def __init__(self) -> None:
        self._followed: set[str] = set()

    async def __call__(self, request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if not response.accepted or request.operation not in ("getRelationship", "updateRelationship"):
            return response
        if request.values.get("action") == "block":
            self._followed.add(request.path)
        elif request.values.get("action") in ("follow", "unfollow"):
            self._followed.discard(request.path)
        body = response.json
        if request.path in self._followed:
            body["data"]["outgoing_status"] = "follows"
        return response.with_json(body)


LAWS = {
    "comment-listed-twice": _laws(
        "listComments", first_twice, "a comment is listed twice", "listComments comments-distinct"
    ),
    "newer-comment-first": _laws(
        "listComments",
        change_data(_newer_first),
        "the newer of two comments stands first",
        "listComments comments-oldest-first",
    ),
    "comments-turned": Mutant(
        "laws",
        "the newest comment stands first",
        ("listComments", "createComment"),
        lambda: at("listComments", change_data(lambda data: data[::-1])),
    ),
    "151-comments": _laws(
        "listComments",
        change_data(_many(151)),
        "more than 150 comments are listed",
        "listComments at-most-150",
    ),
    "text-answered-in-capitals": _laws(
        "createComment",
        change_body(_shouted),
        "creating a comment returns another text",
        "createComment comment-as-posted",
    ),
    "121-likes": _laws(
        "listLikes", change_data(_many(121)), "more than 120 likes are listed", "listLikes at-most-120"
    ),
    "place-elsewhere": _laws(
        "getLocation",
        change_items(set_members(id="302")),
        "another location is returned",
        "getLocation location-as-requested",
    ),
    "media-elsewhere": _laws(
        "listLocationRecentMedia",
        _at_path("/locations/302/media/recent"),
        "media of another location are listed",
        "listLocationRecentMedia media-from-location",
    ),
    "other-media": _laws(
        "getMedia", change_items(another), "another media object is returned", "getMedia media-as-requested"
    ),
    "media-of-another-code": _laws(
        "getMediaByShortcode",
        change_items(another),
        "a shortcode gives another media object",
        "getMediaByShortcode media-as-requested",
    ),
    "code-shows-less": _laws(
        "getMediaByShortcode",
        change_items(set_members(tags=[])),
        "read by shortcode, a media object has no tags",
    ),
    "follow-without-effect": Mutant(
        "laws",
        "following has no effect, and target_user_is_private is missing",
        ("updateRelationship",),
        lambda: at("updateRelationship getRelationship", _no_follow),
        "updateRelationship follow-is-reported",
    ),
    "blocked-are-followed": Mutant(
        "laws",
        "a blocked user is shown as followed",
        ("updateRelationship",),
        Attached,
        "updateRelationship end-is-reported",
    ),
    "follow-misreported": _laws(
        "updateRelationship",
        change_items(change_member("outgoing_status", lambda _: "none")),
        "following returns none",
    ),
    "other-tag": _laws(
        "getTag", _at_path("/tags/snowman"), "another tag is returned", "getTag tag-as-requested"
    ),
    "untagged": _laws(
        "listTagRecentMedia",
        aside(change_items(set_members(tags=["rain"]))),
        "media lack the tag",
        "listTagRecentMedia media-tagged",
    ),
    "tag-feed-twice": _laws(
        "listTagRecentMedia", change_data(lambda data: data[:19] + data[:1]), "a media object is listed twice"
    ),
    "not-liked": _laws(
        "listLikedMedia",
        aside(change_items(set_members(user_has_liked=False))),
        "liked media have user_has_liked false",
        "listLikedMedia media-liked",
    ),
    "all-others-are-one": _laws(
        "getUser",
        when(lambda request: request.parts[1] not in ("self", ADA), _at_path("/users/1003")),
        "every other user is the same user",
        "getUser user-as-requested",
    ),
    "self-is-another": _laws(
        "getUser",
        when(
            _of_self,
            substitute(lambda request: replace(request, path=f"/users/{BELA}").with_values(access_token=ALL)),
        ),
        "self is another user",
        "getUser self-is-owner",
    ),
    "everybody-is-self": _laws("getUser", _at_path("/users/self"), "every user is self"),
    "media-of-others": _laws(
        "listUserRecentMedia",
        when(_of_another, aside(change_items(_of_bela))),
        "media of other users have another owner",
        "listUserRecentMedia media-of-user",
    ),
    "own-media-of-others": _laws(
        "listUserRecentMedia",
        when(_of_self, aside(change_items(_of_bela))),
        "the user's own media have another owner",
        "listUserRecentMedia media-of-self",
    ),
    "own-media-always": _laws(
        "listUserRecentMedia", _at_path("/users/self/media/recent"), "media of any user are the user's own"
    ),
    "oldest-first": _laws(
        "listUserRecentMedia", change_data(lambda data: data[::-1]), "the oldest media stand first"
    ),
    "page-too-long": _laws(
        "listFollows",
        change_request(
            lambda request: (
                request.with_values(count="50") if request.query.get("count", "").isdigit() else request
            )
        ),
        "a page always has 50 users",
    ),
    "fewer-than-embedded": _laws(
        "getFeed",
        change_items(change_member("comments.count", lambda _: 0)),
        "comments are embedded, but counted as 0",
    ),
    "embedded-many": _laws(
        "getMedia",
        change_items(lambda item: item["comments"].update(count=9, data=item["comments"]["data"] * 9)),
        "more comments are embedded than the maximum",
    ),
    "other-post": _laws(
        "getEmbed",
        change_body(lambda _, body: body.update(media_id="957461782561006613_1001")),
        "another post of the author is embedded",
        "getEmbed post-as-requested",
    ),
    "author-of-another": _laws(
        "getEmbed",
        change_body(lambda _, body: body.update(author_id=5)),
        "the author is another user",
        "getEmbed author-in-id",
    ),
    "too-wide": _laws(
        "getEmbed",
        change_body(lambda _, body: body.update(width=658)),
        "the width is above maxwidth",
        "getEmbed within-maxwidth",
    ),
    "script-anyway": _laws(
        "getEmbed",
        ignored("omitscript"),
        "omitscript is ignored",
        "getEmbed script-left-out",
    ),
    "subscription-twice": _laws(
        "listSubscriptions",
        first_twice,
        "a subscription is listed twice",
        "listSubscriptions subscriptions-distinct",
    ),
    "callback-changed": Mutant(
        "laws",
        "subscriptions have another callback URL than requested",
        ("createSubscription",),
        lambda: at("createSubscription listSubscriptions", change_items(_elsewhere)),
        "createSubscription subscription-as-requested",
    ),
    "token-of-another": _laws(
        "exchangeCode",
        change_body(lambda _, body: body["user"].update(id=BELA)),
        "a token is issued with another user",
        "exchangeCode token-holds-owner",
    ),
}
