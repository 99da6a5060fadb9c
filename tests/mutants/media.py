"""Media objects that contradict themselves: each mutation at every operation that returns media.

They apply to responses that are not compared with others.
"""

from collections.abc import Callable
from typing import Any

from instagram_server import ids
from mutants import MEDIA_LISTS, Mutant, mutant_of
from mutants.app import Forward, Json, Request, Response
from mutants.lists import aside
from mutants.operators import at, change_data, change_items, change_member, set_members


def another(item: Json) -> None:
    """A media object becomes another one of the same second."""
    number = int(item["id"].partition("_")[0]) - 1
    item.update(
        id=f"{number}_{item['user']['id']}", link=f"https://www.instagram.com/p/{ids.shortcode(number)}/"
    )


def _of_unknown_owner(item: Json) -> None:
    item["id"] = f"{item['id'].partition('_')[0]}_5"


def _first_comment_twice(item: Json) -> None:
    embedded = item["comments"].get("data", [])
    if len(embedded) == item["comments"]["count"] < 8:
        embedded[:0] = embedded[:1]


def _turned(item: Json) -> None:
    item["comments"].get("data", []).reverse()


def _sizes_swapped(item: Json) -> None:
    images = item["images"]
    images.update(
        thumbnail=images["standard_resolution"],
        standard_resolution=images["thumbnail"],
    )


def _newer(item: Json) -> Json:
    return {**item, "id": f"{item['id']}1", "created_time": str(int(item["created_time"]) + 60)}


def _replied_to(item: Json) -> None:
    """A single comment has a reply, which stands first."""
    if item["comments"]["count"] == 1:
        [first] = item["comments"]["data"]
        item["comments"].update(count=2, data=[_newer(first), first])


async def _with_replies(request: Request, forward: Forward) -> Response:
    """Single comments have a reply, which media embed first."""
    if request.operation == "listComments":
        return await change_data(lambda data: data + [_newer(item) for item in data if len(data) == 1])(
            request, forward
        )
    return await at("getMedia", change_items(_replied_to))(request, forward)


Change = Callable[[Json], Any]

# Law -> the name of the mutation, the change of a media object, and the description.
CONTRADICTIONS: dict[str, tuple[str, Change, str]] = {
    "link-holds-id": (
        "other-link",
        set_members(link="https://www.instagram.com/p/-m4sYTgBwC/"),
        "the link leads to other media",
    ),
    "id-holds-owner": ("other-owner", _of_unknown_owner, "the id has another owner"),
    "id-holds-time": (
        "other-time",
        change_member("created_time", lambda value: str(int(value) - 3600)),
        "created_time is an hour before the time in the id",
    ),
    "embedded-within-counts": (
        "comment-embedded-twice",
        _first_comment_twice,
        "more comments are embedded than are counted",
    ),
    "sizes-in-order": ("sizes-swapped", _sizes_swapped, "the thumbnail is the largest"),
    "caption-by-owner": (
        "caption-of-another",
        change_member("caption", lambda caption: {**caption, "from": {**caption["from"], "id": "5"}}),
        "captions are by another user",
    ),
    "embedded-comments": ("embedded-turned", _turned, "embedded comments are listed newest first"),
}
TURNED = "embedded-comments"


def _in_list(operation: str, law: str, change: Change, description: str) -> Mutant:
    return mutant_of("laws", operation, aside(change_items(change)), description, f"{operation} {law}")


def _by_code(law: str, change: Change, description: str) -> Mutant:
    handler = aside(change_items(_replied_to if law == TURNED else change))
    return mutant_of("laws", "getMediaByShortcode", handler, description, f"getMediaByShortcode {law}")


def _by_id(law: str, change: Change, description: str) -> Mutant:
    handler = _with_replies if law == TURNED else at("getMedia", change_items(change))
    return Mutant("laws", description, ("getMedia",), lambda: handler, f"getMedia {law}")


MEDIA: dict[str, Mutant] = {}
for law, (name, change, description) in CONTRADICTIONS.items():
    MEDIA |= {
        f"{name}-{operation}": _in_list(operation, law, change, description) for operation in MEDIA_LISTS
    }
    MEDIA[f"{name}-getMedia"] = _by_id(law, change, description)
    MEDIA[f"{name}-getMediaByShortcode"] = _by_code(law, change, description)
