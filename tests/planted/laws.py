"""Answers of the right shape that are not true."""

from dataclasses import replace
from functools import partial

from faulty import Handler, Json, asked, at, body, data, each, inner, put
from instagram_server import ids
from planted import BELA, Fault, fault_of

_laws = partial(fault_of, "laws")


def _another(one: Json) -> None:
    """A media object becomes an older one."""
    number = int(one["id"].partition("_")[0]) - (5 << 23)
    one.update(
        id=f"{number}_{one['user']['id']}", link=f"https://www.instagram.com/p/{ids.shortcode(number)}/"
    )


def _at_path(path: str) -> Handler:
    return asked(lambda one: replace(one, path=path))


def _unasked(*names: str) -> Handler:
    return asked(lambda one: one.without(*names))


def _distant(one: Json) -> None:
    one["distance"] += 400.0


LAWS = {
    "far-away": _laws(
        "searchLocations", each(inner("latitude", lambda one: one + 0.2)), "places far away are found"
    ),
    "distance-ignored": _laws(
        "searchMedia", asked(lambda one: one.having(distance="5000")), "distance is ignored"
    ),
    "places-far-taken": _laws(
        "searchLocations",
        asked(lambda one: one.having(distance="5000") if "lat" in one.query else one),
        "distance is ignored",
    ),
    "untrue-distance": _laws("searchMedia", each(_distant), "distances are wrong"),
    "place-elsewhere": _laws("getLocation", each(put(id="302")), "another location is shown"),
    "media-elsewhere": _laws(
        "listLocationRecentMedia", _at_path("/locations/302/media/recent"), "of another place"
    ),
    "since-ignored": _laws("listUserRecentMedia", _unasked("min_timestamp"), "min_timestamp is ignored"),
    "until-ignored": _laws("listLocationRecentMedia", _unasked("max_timestamp"), "max_timestamp is ignored"),
    "since-of-search": _laws("searchMedia", _unasked("min_timestamp"), "min_timestamp is ignored"),
    "untagged": _laws("listTagRecentMedia", each(put(tags=["rain"])), "a feed without the tag"),
    "other-tag": _laws("getTag", each(put(name="rain")), "another tag is shown"),
    "tags-anywhere": _laws(
        "searchTags",
        data(lambda found: [*found, {"name": "unlike", "media_count": 0}]),
        "a tag not asked for",
    ),
    "exact-tag-last": _laws(
        "searchTags", data(lambda found: [*found[1:], *found[:1]]), "the tag itself stands last"
    ),
    "least-used-first": _laws(
        "searchTags", data(lambda found: found[:1] + found[:0:-1]), "tags that are used least stand first"
    ),
    "users-anyhow": _laws(
        "searchUsers", asked(lambda one: one.having(q="b") if "q" in one.query else one), "others found"
    ),
    "time-off": _laws(
        "getMedia", each(inner("created_time", lambda one: str(int(one) + 60))), "time is not the id's"
    ),
    "time-of-feed": _laws(
        "getFeed", each(inner("created_time", lambda one: str(int(one) - 3600))), "an hour early"
    ),
    "other-link": _laws(
        "getMediaByShortcode",
        each(put(link="https://www.instagram.com/p/-m4sYTgBwC/")),
        "a link to other media",
    ),
    "links-of-popular": _laws(
        "listPopularMedia", each(put(link="https://www.instagram.com/p/-m4sYTgBwC/")), "links to other media"
    ),
    "other-owner": _laws(
        "listPopularMedia", each(inner("user.id", lambda one: str(int(one) + 1))), "not the owner"
    ),
    "other-media": _laws("getMedia", each(_another), "another media object is shown"),
    "other-code": _laws("getMediaByShortcode", each(_another), "a code leads to other media"),
    "code-shows-less": _laws("getMediaByShortcode", each(put(tags=[])), "by its code it has no tags"),
    "self-is-another": _laws("getUser", _at_path(f"/users/{BELA}"), "everybody is bela"),
    "everybody-is-self": _laws("getUser", _at_path("/users/self"), "everybody is oneself"),
    "media-of-others": _laws("listUserRecentMedia", _at_path(f"/users/{BELA}/media/recent"), "media of bela"),
    "own-media-always": _laws(
        "listUserRecentMedia", _at_path("/users/self/media/recent"), "media of oneself"
    ),
    "user-twice": _laws("listLikes", data(lambda found: found + found[:1]), "a user is listed twice"),
    "asker-twice": _laws("listRequestedBy", data(lambda found: found + found[:1]), "a user is listed twice"),
    "media-twice": _laws("listPopularMedia", data(lambda found: found + found[:1]), "media are listed twice"),
    "comment-listed-twice": _laws(
        "listComments", data(lambda found: found + found[-1:]), "comments are listed twice"
    ),
    "comments-turned": Fault(
        "laws",
        "the newest comment stands first",
        ("listComments", "createComment"),
        lambda: at("listComments", data(lambda found: found[::-1])),
    ),
    "oldest-first": _laws(
        "listUserRecentMedia", data(lambda found: found[::-1]), "the oldest media stand first"
    ),
    "tag-feed-twice": _laws(
        "listTagRecentMedia", data(lambda found: found[:19] + found[:1]), "media are there twice"
    ),
    "fewer-than-embedded": _laws(
        "getFeed", each(inner("comments.count", lambda _: 0)), "none is counted, some are there"
    ),
    "embedded-turned": _laws(
        "getFeed", each(inner("comments.data", lambda one: one[::-1])), "embedded: newest first"
    ),
    "embedded-many": _laws(
        "getMedia",
        each(lambda one: one["comments"].update(count=9, data=one["comments"]["data"] * 9)),
        "more comments are embedded than may be",
    ),
    "not-liked": _laws(
        "listLikedMedia", each(put(user_has_liked=False)), "what is liked says that it is not"
    ),
    "follow-misreported": _laws(
        "updateRelationship",
        each(inner("outgoing_status", lambda _: "none")),
        "who follows is told otherwise",
    ),
    "too-wide": _laws("getEmbed", body(lambda _, found: found.update(width=658)), "wider than asked for"),
    "script-anyway": _laws("getEmbed", _unasked("omitscript"), "the script is there all the same"),
    "author-of-another": _laws(
        "getEmbed", body(lambda _, found: found.update(author_id=5)), "another author"
    ),
    "page-too-long": _laws(
        "listFollows",
        asked(lambda one: one.having(count="50") if one.query.get("count", "").isdigit() else one),
        "50 users, whatever is asked for",
    ),
}
