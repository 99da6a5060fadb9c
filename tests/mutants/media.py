"""Media objects that contradict themselves: each fault at every operation that shows media.

They show where nobody compares them with what another answer says.
"""

from collections.abc import Callable
from typing import Any

from instagram_server import ids
from mutants import MEDIA_LISTS, Mutant, mutant_of
from mutants.faulty import Answer, Ask, Json, Request, at, data, each, inner, put
from mutants.lists import aside


def another(one: Json) -> None:
    """A media object becomes another one, of the same second."""
    number = int(one["id"].partition("_")[0]) - 1
    one.update(
        id=f"{number}_{one['user']['id']}", link=f"https://www.instagram.com/p/{ids.shortcode(number)}/"
    )


def _of_nobody(one: Json) -> None:
    one["id"] = f"{one['id'].partition('_')[0]}_5"


def _first_comment_twice(one: Json) -> None:
    embedded = one["comments"].get("data", [])
    if len(embedded) == one["comments"]["count"] < 8:
        embedded[:0] = embedded[:1]


def _turned(one: Json) -> None:
    one["comments"].get("data", []).reverse()


def _sizes_swapped(one: Json) -> None:
    images = one["images"]
    images.update(
        thumbnail=images["standard_resolution"],
        standard_resolution=images["thumbnail"],
    )


def _newer(one: Json) -> Json:
    return {**one, "id": f"{one['id']}1", "created_time": str(int(one["created_time"]) + 60)}


def _talked_of(one: Json) -> None:
    """A single comment has been answered; the answer stands first."""
    if one["comments"]["count"] == 1:
        [first] = one["comments"]["data"]
        one["comments"].update(count=2, data=[_newer(first), first])


async def _answered(request: Request, ask: Ask) -> Answer:
    """Single comments have been answered, and media show the answer first."""
    if request.operation == "listComments":
        return await data(lambda found: found + [_newer(one) for one in found if len(found) == 1])(
            request, ask
        )
    return await at("getMedia", each(_talked_of))(request, ask)


Change = Callable[[Json], Any]

# Law -> the name of a fault, what it does to a media object, and what it is.
CONTRADICTIONS: dict[str, tuple[str, Change, str]] = {
    "link-holds-id": (
        "other-link",
        put(link="https://www.instagram.com/p/-m4sYTgBwC/"),
        "a link to other media",
    ),
    "id-holds-owner": ("other-owner", _of_nobody, "not the owner's id in the id"),
    "id-holds-time": (
        "other-time",
        inner("created_time", lambda one: str(int(one) - 3600)),
        "an hour earlier than the id says",
    ),
    "embedded-within-counts": (
        "comment-embedded-twice",
        _first_comment_twice,
        "more comments are embedded than are counted",
    ),
    "sizes-in-order": ("sizes-swapped", _sizes_swapped, "the thumbnail is the largest"),
    "caption-by-owner": (
        "caption-of-another",
        inner("caption", lambda caption: {**caption, "from": {**caption["from"], "id": "5"}}),
        "captions are by another user",
    ),
    "embedded-comments": ("embedded-turned", _turned, "embedded comments stand newest first"),
}
TURNED = "embedded-comments"


def _in_list(operation: str, law: str, change: Change, text: str) -> Mutant:
    return mutant_of("laws", operation, aside(each(change)), text, f"{operation} {law}")


def _by_code(law: str, change: Change, text: str) -> Mutant:
    handler = aside(each(_talked_of if law == TURNED else change))
    return mutant_of("laws", "getMediaByShortcode", handler, text, f"getMediaByShortcode {law}")


def _by_id(law: str, change: Change, text: str) -> Mutant:
    handler = _answered if law == TURNED else at("getMedia", each(change))
    return Mutant("laws", text, ("getMedia",), lambda: handler, f"getMedia {law}")


MEDIA: dict[str, Mutant] = {}
for law, (name, change, text) in CONTRADICTIONS.items():
    MEDIA |= {f"{name}-{operation}": _in_list(operation, law, change, text) for operation in MEDIA_LISTS}
    MEDIA[f"{name}-getMedia"] = _by_id(law, change, text)
    MEDIA[f"{name}-getMediaByShortcode"] = _by_code(law, change, text)
