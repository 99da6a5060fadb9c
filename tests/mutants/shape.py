"""Responses that do not match their schemas."""

from collections.abc import Callable
from functools import partial

from mutants import mutant_of
from mutants.app import Handler, Json
from mutants.operators import (
    change_body,
    change_data,
    change_items,
    change_member,
    change_response,
    drop_members,
    if_rejected,
    set_members,
)

_shape = partial(mutant_of, "shape")


def _last_without(name: str) -> Callable[[Json], Json]:
    return lambda items: [*items[:-1], *({k: v for k, v in item.items() if k != name} for item in items[-1:])]


def _error(change: Callable[[Json], Json]) -> Handler:
    """Replace the body of an error by what ``change`` makes of its details."""
    return if_rejected(
        change_response(
            lambda _, response: response.with_json(change(response.json.get("meta", response.json)))
        )
    )


SHAPE = {
    "meta-missing": _shape(
        "getUser", change_body(lambda _, body: {"data": body["data"]}), "the envelope has no meta"
    ),
    "data-missing": _shape(
        "likeMedia", change_body(lambda _, body: {"meta": body["meta"]}), "data is left out where it is null"
    ),
    "field-missing": _shape(
        "listUserRecentMedia", change_items(drop_members("images")), "media have no images"
    ),
    "inner-field-missing": _shape(
        "getMedia", change_items(drop_members("likes.count")), "likes have no count"
    ),
    "last-lacks-field": _shape(
        "searchUsers", change_data(_last_without("username")), "the last user has no username"
    ),
    "number-as-text": _shape(
        "getMediaByShortcode", change_items(change_member("likes.count", str)), "a count is a string"
    ),
    "text-as-number": _shape(
        "listComments", change_items(change_member("id", int)), "comment ids are numbers"
    ),
    "time-as-number": _shape(
        "searchMedia", change_items(change_member("created_time", int)), "created_time is a number"
    ),
    "latitude-as-text": _shape(
        "getLocation", change_items(change_member("latitude", str)), "coordinates are strings"
    ),
    "flag-as-text": _shape(
        "getRelationship", change_items(change_member("target_user_is_private", str)), "a boolean is a string"
    ),
    "unknown-type": _shape(
        "getFeed", change_items(change_member("type", {"image": "photo"}.get)), "images have the type photo"
    ),
    "unknown-status": _shape(
        "updateRelationship",
        change_items(change_member("outgoing_status", {"follows": "following"}.get)),
        "outgoing_status has the undocumented value following",
    ),
    "null-name": _shape("listFollows", change_items(set_members(username=None)), "usernames are null"),
    "null-item": _shape(
        "listFollowedBy", change_data(lambda data: [*data, None]), "a list of users contains null"
    ),
    "double-envelope": _shape(
        "getTag", change_data(lambda data: {"data": data}), "data is nested in another data"
    ),
    "bare-list": _shape("searchTags", change_body(lambda _, body: body["data"]), "a list has no envelope"),
    "list-as-object": _shape(
        "listLikes",
        change_data(lambda data: {item["id"]: item for item in data}),
        "a list is an object keyed by id",
    ),
    "object-as-list": _shape("getUser", change_data(lambda data: [data]), "an object is a list of one"),
    "caption-as-text": _shape(
        "listLikedMedia",
        change_items(change_member("caption", lambda value: value["text"])),
        "captions are strings",
    ),
    "pagination-as-list": _shape(
        "listTagRecentMedia", change_body(lambda _, body: body.update(pagination=[])), "pagination is a list"
    ),
    "code-as-text": _shape(
        "listPopularMedia",
        change_body(lambda _, body: body.update(meta={"code": "200"})),
        "meta.code is a string",
    ),
    "other-code": _shape(
        "getLocation",
        change_body(lambda _, body: body.update(meta={"code": 201})),
        "meta.code differs from the status",
    ),
    "single-as-object": _shape(
        "listRequestedBy", change_data(lambda data: data[0]), "a list of one item is the item itself"
    ),
    "null-coordinate": _shape(
        "searchLocations", change_items(set_members(latitude=None)), "a coordinate is null"
    ),
    "negative-count": _shape(
        "getTag", change_items(set_members(media_count=-1)), "the media count of a tag is negative"
    ),
    "no-author": _shape(
        "getEmbed", change_body(lambda _, body: drop_members("author_name")(body)), "the author has no name"
    ),
    "error-lacks-type": _shape(
        "getMedia",
        _error(lambda error: {"meta": {k: v for k, v in error.items() if k != "error_type"}}),
        "errors have no error_type",
    ),
    "error-as-text": _shape(
        "searchUsers", _error(lambda error: error["error_message"]), "errors are JSON strings"
    ),
}
