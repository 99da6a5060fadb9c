"""Searches that find something else than requested."""

from functools import partial

from mutants import Mutant, mutant_of
from mutants.app import Forward, Json, Request, Response
from mutants.lists import aside, first_twice
from mutants.operators import (
    at,
    change_data,
    change_data_by_request,
    change_items,
    change_member,
    change_request,
    substitute,
)

_laws = partial(mutant_of, "laws")


def _more_tags(request: Request, tags: Json) -> Json:
    return tags + [{"name": f"{request.query['q']}{index}", "media_count": 0} for index in range(50)]


def _namesake(request: Request, users: Json) -> Json:
    return users + [{**item, "id": "9000"} for item in users[:1] if request.query.get("count") == "1"]


async def _looks_back(request: Request, forward: Forward) -> Response:
    """A search by place has old media after the recent ones."""
    response = await forward(request)
    if not response.accepted or "min_timestamp" in request.query or "max_timestamp" in request.query:
        return response
    old = await forward(request.with_values(max_timestamp="1446000000"))
    return response.with_json({**response.json, "data": response.json["data"] + old.json["data"]})


SEARCHES = {
    "location-twice": _laws(
        "searchLocations", first_twice, "a location is found twice", "searchLocations locations-distinct"
    ),
    "far-away": Mutant(
        "laws",
        "distant locations are found",
        ("searchLocations",),
        lambda: at(
            "searchLocations getLocation", change_items(change_member("latitude", lambda value: value + 0.2))
        ),
        "searchLocations locations-near",
    ),
    "places-far-taken": _laws(
        "searchLocations",
        substitute(
            lambda request: request.with_values(distance="5000") if "lat" in request.query else request
        ),
        "distance is ignored",
    ),
    "distance-ignored": _laws(
        "searchMedia",
        substitute(lambda request: request.with_values(distance="5000")),
        "distance is ignored",
        "searchMedia media-near",
    ),
    "untrue-distance": _laws(
        "searchMedia",
        change_items(change_member("distance", lambda value: value + 400.0)),
        "distances are wrong",
        "searchMedia distance-is-true",
    ),
    "looks-back": _laws(
        "searchMedia",
        aside(_looks_back),
        "media older than seven days are found",
        "searchMedia within-seven-days",
    ),
    "tag-twice": _laws("searchTags", first_twice, "a tag is found twice", "searchTags tags-distinct"),
    "53-tags": _laws(
        "searchTags",
        change_data_by_request(_more_tags),
        "more than 50 tags are found",
        "searchTags at-most-50",
    ),
    "tags-anywhere": _laws(
        "searchTags",
        change_data(lambda data: [*data, {"name": "unlike", "media_count": 0}]),
        "a tag that does not match is found",
        "searchTags tags-match",
    ),
    "exact-tag-last": _laws(
        "searchTags",
        change_data(lambda data: [*data[1:], *data[:1]]),
        "the exact match is listed last",
        "searchTags exact-first",
    ),
    "least-used-first": _laws(
        "searchTags",
        change_data(lambda data: data[:1] + data[:0:-1]),
        "the least used tags are listed first",
        "searchTags most-used-first",
    ),
    "namesake": _laws(
        "searchUsers",
        change_data_by_request(_namesake),
        "two users are found with a count of 1",
        "searchUsers count-obeyed",
    ),
    "users-anyhow": _laws(
        "searchUsers",
        change_request(lambda request: request.with_values(q="b") if "q" in request.query else request),
        "other users are found",
    ),
    "users-nameless": _laws(
        "searchUsers",
        change_request(
            lambda request: (
                request.with_values(q="b") if 0 < len(request.query.get("q", "")) <= 100 else request
            )
        ),
        "users without the name are found",
        "searchUsers users-match",
    ),
}
