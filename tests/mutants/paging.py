"""Pages that lose items, repeat them, or do not end."""

import re
from collections.abc import Callable
from functools import partial

from mutants import Mutant, mutant_of
from mutants.faulty import Answer, Ask, Handler, Json, Request, asked, body, data_as_asked, drop

_paging = partial(mutant_of, "paging")


CURSORS = ("max_id", "max_like_id", "max_tag_id", "cursor")


def _is_first(request: Request) -> bool:
    return not any(name in request.query for name in CURSORS)


def _later(change: Callable[[Json], Json]) -> Handler:
    """Pages after the first are changed."""
    return data_as_asked(lambda asked, found: found if _is_first(asked) else change(found))


def _small(change: Callable[[Json], Json], below: int = 6) -> Handler:
    """Pages of few items are changed."""
    return data_as_asked(
        lambda asked, found: change(found) if int(asked.query.get("count", below)) < below else found
    )


class Repeating:
    """The last item of a page comes again on the next one."""

    def __init__(self) -> None:
        self._last: Json = None

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if request.operation != "listFollows" or not answer.granted:
            return answer
        found, last = answer.json, self._last
        self._last = found["data"][-1] if found["data"] else None
        if last and not _is_first(request):
            found["data"] = [last, *found["data"]][: int(request.query.get("count", 50))]
        return answer.saying(found)


def _endless(request: Request, found: Json) -> None:
    if not found["pagination"]:
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        found["pagination"] = {
            "next_url": f"https://api.instagram.com/v1{request.path}?{query}&cursor=1",
            "next_cursor": "1",
        }


def _ends_early(request: Request, found: Json) -> None:
    if not _is_first(request):
        found["pagination"] = {}


def _ends_at_once(request: Request, found: Json) -> None:
    if "count" in request.query:
        found["pagination"] = {}


PAGING = {
    "last-comes-twice": Mutant(
        "paging", "the last item comes again on the next page", ("listFollows",), Repeating
    ),
    "first-is-lost": _paging(
        "listFollowedBy", _later(lambda found: found[1:]), "the first of a later page is lost"
    ),
    "last-is-lost": _paging(
        "getFeed", _small(lambda found: found[:-1] if len(found) > 2 else found), "the last is lost"
    ),
    "never-ends": _paging("listFollows", body(_endless), "there is always a next page"),
    "cursor-ignored": _paging(
        "listLikedMedia", asked(lambda one: one.without(*CURSORS)), "each page is the first"
    ),
    "turned-later": _paging(
        "listUserRecentMedia", _later(lambda found: found[::-1]), "later pages are turned round"
    ),
    "users-turned-later": _paging(
        "listFollows", _later(lambda found: found[::-1]), "later pages are turned round"
    ),
    "liked-turned": _paging(
        "listLikedMedia", _small(lambda found: found[::-1]), "small pages are turned round"
    ),
    "sorted-when-small": _paging(
        "listFollowedBy",
        _small(lambda found: sorted(found, key=lambda one: one["id"])),
        "small pages are sorted",
    ),
    "count-ignored": _paging("getFeed", asked(lambda one: one.without("count")), "count is ignored"),
    "one-too-many": _paging(
        "listUserRecentMedia",
        asked(
            lambda one: (
                one.having(count=str(int(one.query["count"]) + 1))
                if one.query.get("count", "").isdigit() and one.query["count"] != "0"
                else one
            )
        ),
        "a page has one item more than asked for",
    ),
    "ends-early": _paging("listTagRecentMedia", body(_ends_early), "the second page is the last one"),
    "ends-at-once": _paging(
        "listLikedMedia", body(_ends_at_once), "with count the first page is the last one"
    ),
    "other-cursor": _paging(
        "listUserRecentMedia",
        body(
            lambda _, found: (
                found["pagination"] and found["pagination"].update(next_max_id=found["data"][0]["id"])
            )
        ),
        "the cursor is not that of the last item",
    ),
    "cursor-without-url": _paging(
        "listTagRecentMedia",
        body(
            lambda _, found: (
                "next_url" in found["pagination"]
                and found["pagination"].update(
                    next_url=re.sub("max_tag_id=[^&]*", "", found["pagination"]["next_url"])
                )
            )
        ),
        "the address of the next page has no cursor",
    ),
    "min-id-ignored": _paging(
        "listUserRecentMedia", asked(lambda one: one.without("min_id")), "min_id is ignored"
    ),
    "max-id-taken-in": _paging(
        "getFeed",
        asked(lambda one: one.having(max_id=_above(one.query["max_id"])) if "max_id" in one.query else one),
        "the item of the cursor is on the next page, too",
    ),
    "whole-list": _paging(
        "listFollowedBy",
        body(lambda asked, found: found.update(pagination={}) if "count" not in asked.query else None),
        "large lists end behind the first page",
    ),
    "different-when-small": _paging(
        "listUserRecentMedia",
        _small(lambda found: [drop("users_in_photo.0")(one) or one for one in found][:0]),
        "small pages are empty",
    ),
}


def _above(cursor: str) -> str:
    number, _, owner = cursor.partition("_")
    return f"{int(number) + 1}_{owner}" if number.isdigit() else cursor
