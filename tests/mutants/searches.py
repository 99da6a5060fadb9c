"""Searches that find something else than was asked for."""

from functools import partial

from mutants import Mutant, mutant_of
from mutants.faulty import Answer, Ask, Json, Request, asked, at, data, data_as_asked, each, inner, instead
from mutants.lists import aside, first_twice

_laws = partial(mutant_of, "laws")


def _more_tags(request: Request, found: Json) -> Json:
    return found + [{"name": f"{request.query['q']}{index}", "media_count": 0} for index in range(50)]


def _namesake(request: Request, found: Json) -> Json:
    return found + [{**one, "id": "9000"} for one in found[:1] if request.query.get("count") == "1"]


async def _looks_back(request: Request, ask: Ask) -> Answer:
    """What is found near has old media behind the recent ones."""
    answer = await ask(request)
    if not answer.granted or "min_timestamp" in request.query or "max_timestamp" in request.query:
        return answer
    old = await ask(request.having(max_timestamp="1446000000"))
    return answer.saying({**answer.json, "data": answer.json["data"] + old.json["data"]})


SEARCHES = {
    "location-twice": _laws(
        "searchLocations", first_twice, "a location is found twice", "searchLocations locations-distinct"
    ),
    "far-away": Mutant(
        "laws",
        "places far away are found",
        ("searchLocations",),
        lambda: at("searchLocations getLocation", each(inner("latitude", lambda one: one + 0.2))),
        "searchLocations locations-near",
    ),
    "places-far-taken": _laws(
        "searchLocations",
        instead(lambda one: one.having(distance="5000") if "lat" in one.query else one),
        "distance is ignored",
    ),
    "distance-ignored": _laws(
        "searchMedia",
        instead(lambda one: one.having(distance="5000")),
        "distance is ignored",
        "searchMedia media-near",
    ),
    "untrue-distance": _laws(
        "searchMedia",
        each(inner("distance", lambda one: one + 400.0)),
        "distances are wrong",
        "searchMedia distance-is-true",
    ),
    "looks-back": _laws(
        "searchMedia", aside(_looks_back), "old media are found, too", "searchMedia within-seven-days"
    ),
    "tag-twice": _laws("searchTags", first_twice, "a tag is found twice", "searchTags tags-distinct"),
    "53-tags": _laws("searchTags", data_as_asked(_more_tags), "all tags are found", "searchTags at-most-50"),
    "tags-anywhere": _laws(
        "searchTags",
        data(lambda found: [*found, {"name": "unlike", "media_count": 0}]),
        "a tag not asked for",
        "searchTags tags-match",
    ),
    "exact-tag-last": _laws(
        "searchTags",
        data(lambda found: [*found[1:], *found[:1]]),
        "the tag itself stands last",
        "searchTags exact-first",
    ),
    "least-used-first": _laws(
        "searchTags",
        data(lambda found: found[:1] + found[:0:-1]),
        "tags that are used least stand first",
        "searchTags most-used-first",
    ),
    "namesake": _laws(
        "searchUsers",
        data_as_asked(_namesake),
        "two users where one is enough",
        "searchUsers count-obeyed",
    ),
    "users-anyhow": _laws(
        "searchUsers", asked(lambda one: one.having(q="b") if "q" in one.query else one), "others found"
    ),
    "users-nameless": _laws(
        "searchUsers",
        asked(lambda one: one.having(q="b") if 0 < len(one.query.get("q", "")) <= 100 else one),
        "others are found than were sought",
        "searchUsers users-match",
    ),
}
