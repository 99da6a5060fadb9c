"""Pages that lose items, repeat them, or do not end."""

import re
from collections.abc import Callable
from functools import partial

from mutants import Mutant, mutant_of
from mutants.app import Forward, Handler, Json, Request, Response
from mutants.operators import change_body, change_data_by_request, change_request, drop_members

_paging = partial(mutant_of, "paging")


CURSORS = ("max_id", "max_like_id", "max_tag_id", "cursor")


def _is_first(request: Request) -> bool:
    return not any(name in request.query for name in CURSORS)


def _later(change: Callable[[Json], Json]) -> Handler:
    """Pages after the first are changed."""
    return change_data_by_request(lambda request, data: data if _is_first(request) else change(data))


def _small(change: Callable[[Json], Json], below: int = 6) -> Handler:
    """Pages with a small count are changed."""
    return change_data_by_request(
        lambda request, data: change(data) if int(request.query.get("count", below)) < below else data
    )


class Repeating:
    """The last item of a page is repeated on the next one."""

    def __init__(self) -> None:
        self._last: Json = None

    async def __call__(self, request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if request.operation != "listFollows" or not response.accepted:
            return response
        body, last = response.json, self._last
        self._last = body["data"][-1] if body["data"] else None
        if last and not _is_first(request):
            body["data"] = [last, *body["data"]][: int(request.query.get("count", 50))]
        return response.with_json(body)


def _endless(request: Request, body: Json) -> None:
    if not body["pagination"]:
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        body["pagination"] = {
            "next_url": f"https://api.instagram.com/v1{request.path}?{query}&cursor=1",
            "next_cursor": "1",
        }


def _ends_early(request: Request, body: Json) -> None:
    if not _is_first(request):
        body["pagination"] = {}


def _ends_at_once(request: Request, body: Json) -> None:
    if "count" in request.query:
        body["pagination"] = {}


PAGING = {
    "last-comes-twice": Mutant(
        "paging", "the last item is repeated on the next page", ("listFollows",), Repeating
    ),
    "first-is-lost": _paging(
        "listFollowedBy", _later(lambda data: data[1:]), "later pages lack their first item"
    ),
    "last-is-lost": _paging(
        "getFeed",
        _small(lambda data: data[:-1] if len(data) > 2 else data),
        "small pages lack their last item",
    ),
    "never-ends": _paging("listFollows", change_body(_endless), "there is always a next page"),
    "cursor-ignored": _paging(
        "listLikedMedia",
        change_request(lambda request: request.without(*CURSORS)),
        "every page is the first one",
    ),
    "turned-later": _paging(
        "listUserRecentMedia", _later(lambda data: data[::-1]), "later pages are reversed"
    ),
    "users-turned-later": _paging("listFollows", _later(lambda data: data[::-1]), "later pages are reversed"),
    "liked-turned": _paging("listLikedMedia", _small(lambda data: data[::-1]), "small pages are reversed"),
    "sorted-when-small": _paging(
        "listFollowedBy",
        _small(lambda data: sorted(data, key=lambda item: item["id"])),
        "small pages are sorted",
    ),
    "count-ignored": _paging(
        "getFeed", change_request(lambda request: request.without("count")), "count is ignored"
    ),
    "one-too-many": _paging(
        "listUserRecentMedia",
        change_request(
            lambda request: (
                request.with_values(count=str(int(request.query["count"]) + 1))
                if request.query.get("count", "").isdigit() and request.query["count"] != "0"
                else request
            )
        ),
        "a page has one item more than asked for",
    ),
    "ends-early": _paging("listTagRecentMedia", change_body(_ends_early), "the second page is the last one"),
    "ends-at-once": _paging(
        "listLikedMedia", change_body(_ends_at_once), "with count, the first page is the last one"
    ),
    "other-cursor": _paging(
        "listUserRecentMedia",
        change_body(
            lambda _, body: (
                body["pagination"] and body["pagination"].update(next_max_id=body["data"][0]["id"])
            )
        ),
        "the cursor is not that of the last item",
    ),
    "cursor-without-url": _paging(
        "listTagRecentMedia",
        change_body(
            lambda _, body: (
                "next_url" in body["pagination"]
                and body["pagination"].update(
                    next_url=re.sub("max_tag_id=[^&]*", "", body["pagination"]["next_url"])
                )
            )
        ),
        "the address of the next page has no cursor",
    ),
    "min-id-ignored": _paging(
        "listUserRecentMedia", change_request(lambda request: request.without("min_id")), "min_id is ignored"
    ),
    "max-id-taken-in": _paging(
        "getFeed",
        change_request(
            lambda request: (
                request.with_values(max_id=_above(request.query["max_id"]))
                if "max_id" in request.query
                else request
            )
        ),
        "the item at the cursor is repeated on the next page",
    ),
    "whole-list": _paging(
        "listFollowedBy",
        change_body(
            lambda request, body: body.update(pagination={}) if "count" not in request.query else None
        ),
        "large lists end after the first page",
    ),
    "different-when-small": _paging(
        "listUserRecentMedia",
        _small(lambda data: [drop_members("users_in_photo.0")(item) or item for item in data][:0]),
        "small pages are empty",
    ),
}


def _above(cursor: str) -> str:
    number, _, owner = cursor.partition("_")
    return f"{int(number) + 1}_{owner}" if number.isdigit() else cursor
