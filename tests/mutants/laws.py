"""Answers of the right shape that are not true."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mutants import ADA, ALL, BELA, Mutant, mutant_of
from mutants.faulty import (
    Answer,
    Ask,
    Handler,
    Json,
    Request,
    asked,
    at,
    body,
    data,
    each,
    inner,
    instead,
    put,
    when,
)
from mutants.lists import aside, first_twice, ignored
from mutants.media import another

_laws = partial(mutant_of, "laws")


def _at_path(path: str) -> Handler:
    return instead(lambda one: replace(one, path=path))


def _of_self(request: Request) -> bool:
    return "self" in request.parts


def _of_another(request: Request) -> bool:
    return not _of_self(request)


def _many(number: int) -> Callable[[Json], Json]:
    """Items like the first one, each with an id of its own."""
    return lambda found: [{**one, "id": str(9000 + index)} for one in found[:1] for index in range(number)]


def _newer_first(found: Json) -> Json:
    return [
        {**one, "id": "9000", "created_time": str(int(one["created_time"]) + 60)} for one in found
    ] + found


def _shouted(request: Request, found: Json) -> None:
    author = {
        "username": "ada",
        "id": "1001",
        "full_name": "",
        "profile_picture": "https://cdn.example.com/a",
    }
    text = request.values["text"].upper()
    found["data"] = {"id": "9000", "created_time": "1448668800", "text": text, "from": author}


def _of_bela(one: Json) -> None:
    one["id"] = f"{one['id'].partition('_')[0]}_{BELA}"
    one["user"]["id"] = BELA
    if one["caption"]:
        one["caption"]["from"]["id"] = BELA


def _elsewhere(one: Json) -> None:
    one["callback_url"] += "/"


async def _no_follow(request: Request, ask: Ask) -> Answer:
    """Following has no effect, and nobody is told who is private."""
    answer = await ask(request)
    if not answer.granted:
        return answer
    if request.values.get("action") == "follow":
        return await ask(request.having(action="unfollow"))
    found = answer.json
    found["data"].pop("target_user_is_private", None)
    return answer.saying(found)


class Attached:
    """Who was blocked is followed, until they are no longer."""

    def __init__(self) -> None:
        self._followed: set[str] = set()

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if not answer.granted or request.operation not in ("getRelationship", "updateRelationship"):
            return answer
        if request.values.get("action") == "block":
            self._followed.add(request.path)
        elif request.values.get("action") in ("follow", "unfollow"):
            self._followed.discard(request.path)
        found = answer.json
        if request.path in self._followed:
            found["data"]["outgoing_status"] = "follows"
        return answer.saying(found)


LAWS = {
    "comment-listed-twice": _laws(
        "listComments", first_twice, "comments are listed twice", "listComments comments-distinct"
    ),
    "newer-comment-first": _laws(
        "listComments",
        data(_newer_first),
        "the newer of two comments stands first",
        "listComments comments-oldest-first",
    ),
    "comments-turned": Mutant(
        "laws",
        "the newest comment stands first",
        ("listComments", "createComment"),
        lambda: at("listComments", data(lambda found: found[::-1])),
    ),
    "151-comments": _laws(
        "listComments", data(_many(151)), "all comments are listed", "listComments at-most-150"
    ),
    "text-answered-in-capitals": _laws(
        "createComment",
        body(_shouted),
        "a comment is answered with another text",
        "createComment comment-as-posted",
    ),
    "121-likes": _laws("listLikes", data(_many(121)), "all likes are listed", "listLikes at-most-120"),
    "place-elsewhere": _laws(
        "getLocation",
        each(put(id="302")),
        "another location is shown",
        "getLocation location-as-requested",
    ),
    "media-elsewhere": _laws(
        "listLocationRecentMedia",
        _at_path("/locations/302/media/recent"),
        "of another place",
        "listLocationRecentMedia media-from-location",
    ),
    "other-media": _laws(
        "getMedia", each(another), "another media object is shown", "getMedia media-as-requested"
    ),
    "media-of-another-code": _laws(
        "getMediaByShortcode",
        each(another),
        "a code leads to other media",
        "getMediaByShortcode media-as-requested",
    ),
    "code-shows-less": _laws("getMediaByShortcode", each(put(tags=[])), "by its code it has no tags"),
    "follow-without-effect": Mutant(
        "laws",
        "to follow has no effect, and nobody is told who is private",
        ("updateRelationship",),
        lambda: at("updateRelationship getRelationship", _no_follow),
        "updateRelationship follow-is-reported",
    ),
    "blocked-are-followed": Mutant(
        "laws",
        "who is blocked is followed",
        ("updateRelationship",),
        Attached,
        "updateRelationship end-is-reported",
    ),
    "follow-misreported": _laws(
        "updateRelationship",
        each(inner("outgoing_status", lambda _: "none")),
        "who follows is told otherwise",
    ),
    "other-tag": _laws(
        "getTag", _at_path("/tags/snowman"), "another tag is shown", "getTag tag-as-requested"
    ),
    "untagged": _laws(
        "listTagRecentMedia",
        aside(each(put(tags=["rain"]))),
        "a feed without the tag",
        "listTagRecentMedia media-tagged",
    ),
    "tag-feed-twice": _laws(
        "listTagRecentMedia", data(lambda found: found[:19] + found[:1]), "media are there twice"
    ),
    "not-liked": _laws(
        "listLikedMedia",
        aside(each(put(user_has_liked=False))),
        "what is liked says that it is not",
        "listLikedMedia media-liked",
    ),
    "all-others-are-one": _laws(
        "getUser",
        when(lambda one: one.parts[1] not in ("self", ADA), _at_path("/users/1003")),
        "all others are one",
        "getUser user-as-requested",
    ),
    "self-is-another": _laws(
        "getUser",
        when(_of_self, instead(lambda one: replace(one, path=f"/users/{BELA}").having(access_token=ALL))),
        "self is bela",
        "getUser self-is-owner",
    ),
    "everybody-is-self": _laws("getUser", _at_path("/users/self"), "everybody is oneself"),
    "media-of-others": _laws(
        "listUserRecentMedia",
        when(_of_another, aside(each(_of_bela))),
        "media of others are said to be of bela",
        "listUserRecentMedia media-of-user",
    ),
    "own-media-of-others": _laws(
        "listUserRecentMedia",
        when(_of_self, aside(each(_of_bela))),
        "media of self are said to be of bela",
        "listUserRecentMedia media-of-self",
    ),
    "own-media-always": _laws(
        "listUserRecentMedia", _at_path("/users/self/media/recent"), "media of oneself"
    ),
    "oldest-first": _laws(
        "listUserRecentMedia", data(lambda found: found[::-1]), "the oldest media stand first"
    ),
    "page-too-long": _laws(
        "listFollows",
        asked(lambda one: one.having(count="50") if one.query.get("count", "").isdigit() else one),
        "50 users, whatever is asked for",
    ),
    "fewer-than-embedded": _laws(
        "getFeed", each(inner("comments.count", lambda _: 0)), "none is counted, some are there"
    ),
    "embedded-many": _laws(
        "getMedia",
        each(lambda one: one["comments"].update(count=9, data=one["comments"]["data"] * 9)),
        "more comments are embedded than may be",
    ),
    "other-post": _laws(
        "getEmbed",
        body(lambda _, found: found.update(media_id="957461782561006613_1001")),
        "another post of the author",
        "getEmbed post-as-requested",
    ),
    "author-of-another": _laws(
        "getEmbed",
        body(lambda _, found: found.update(author_id=5)),
        "another author",
        "getEmbed author-in-id",
    ),
    "too-wide": _laws(
        "getEmbed",
        body(lambda _, found: found.update(width=658)),
        "wider than asked for",
        "getEmbed within-maxwidth",
    ),
    "script-anyway": _laws(
        "getEmbed",
        ignored("omitscript"),
        "the script is there all the same",
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
        "subscriptions call another address than was asked for",
        ("createSubscription",),
        lambda: at("createSubscription listSubscriptions", each(_elsewhere)),
        "createSubscription subscription-as-requested",
    ),
    "token-of-another": _laws(
        "exchangeCode",
        body(lambda _, found: found["user"].update(id=BELA)),
        "a token is said to be of another",
        "exchangeCode token-holds-owner",
    ),
}
