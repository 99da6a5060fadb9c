"""Answers of another shape than the schemas say."""

from collections.abc import Callable
from functools import partial

from mutants import mutant_of
from mutants.faulty import Handler, Json, answered, body, data, drop, each, for_refused, inner, put

_shape = partial(mutant_of, "shape")


def _last_without(name: str) -> Callable[[Json], Json]:
    return lambda found: [*found[:-1], *({k: v for k, v in one.items() if k != name} for one in found[-1:])]


def _error(change: Callable[[Json], Json]) -> Handler:
    """The body of a refusal becomes what a function makes of the error."""
    return for_refused(
        answered(lambda _, answer: answer.saying(change(answer.json.get("meta", answer.json))))
    )


SHAPE = {
    "meta-missing": _shape(
        "getUser", body(lambda _, found: {"data": found["data"]}), "no meta beside the data"
    ),
    "data-missing": _shape(
        "likeMedia", body(lambda _, found: {"meta": found["meta"]}), "no data where it is null"
    ),
    "field-missing": _shape("listUserRecentMedia", each(drop("images")), "media without images"),
    "inner-field-missing": _shape("getMedia", each(drop("likes.count")), "likes without their count"),
    "last-lacks-field": _shape("searchUsers", data(_last_without("username")), "the last user has no name"),
    "number-as-text": _shape("getMediaByShortcode", each(inner("likes.count", str)), "a count is a text"),
    "text-as-number": _shape("listComments", each(inner("id", int)), "ids of comments are numbers"),
    "time-as-number": _shape("searchMedia", each(inner("created_time", int)), "created_time is a number"),
    "latitude-as-text": _shape("getLocation", each(inner("latitude", str)), "coordinates are texts"),
    "flag-as-text": _shape("getRelationship", each(inner("target_user_is_private", str)), "a flag is a text"),
    "unknown-type": _shape(
        "getFeed", each(inner("type", {"image": "photo"}.get)), "images have the type photo"
    ),
    "unknown-status": _shape(
        "updateRelationship",
        each(inner("outgoing_status", {"follows": "following"}.get)),
        "who follows is said to be following",
    ),
    "null-name": _shape("listFollows", each(put(username=None)), "names of users are null"),
    "null-item": _shape("listFollowedBy", data(lambda found: [*found, None]), "a null among the users"),
    "double-envelope": _shape("getTag", data(lambda found: {"data": found}), "data within the data"),
    "bare-list": _shape("searchTags", body(lambda _, found: found["data"]), "a list without its envelope"),
    "list-as-object": _shape(
        "listLikes", data(lambda found: {one["id"]: one for one in found}), "a list is an object by id"
    ),
    "object-as-list": _shape("getUser", data(lambda found: [found]), "an object is a list of one"),
    "caption-as-text": _shape(
        "listLikedMedia", each(inner("caption", lambda one: one["text"])), "captions are mere texts"
    ),
    "pagination-as-list": _shape(
        "listTagRecentMedia", body(lambda _, found: found.update(pagination=[])), "pagination is a list"
    ),
    "code-as-text": _shape(
        "listPopularMedia", body(lambda _, found: found.update(meta={"code": "200"})), "meta.code is a text"
    ),
    "other-code": _shape(
        "getLocation", body(lambda _, found: found.update(meta={"code": 201})), "meta.code is not the status"
    ),
    "single-as-object": _shape("listRequestedBy", data(lambda found: found[0]), "a list of one is the one"),
    "null-coordinate": _shape("searchLocations", each(put(latitude=None)), "a coordinate is null"),
    "negative-count": _shape("getTag", each(put(media_count=-1)), "a tag has fewer than no media"),
    "no-author": _shape(
        "getEmbed", body(lambda _, found: drop("author_name")(found)), "an author without name"
    ),
    "error-lacks-type": _shape(
        "getMedia",
        _error(lambda error: {"meta": {k: v for k, v in error.items() if k != "error_type"}}),
        "refusals do not name their type",
    ),
    "error-as-text": _shape(
        "searchUsers", _error(lambda error: error["error_message"]), "refusals are mere texts in JSON"
    ),
}
