"""Bounds of lists, addresses of pages, and limits of parameters that differ from the contract."""

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit

from mutants import Mutant, mutant_of
from mutants.app import Forward, Handler, Json, Request, Response
from mutants.operators import at, change_body, change_request, substitute, when

_paging = partial(mutant_of, "paging")
_limits = partial(mutant_of, "shape")

WALKED = "getFeed listUserRecentMedia listTagRecentMedia listLikedMedia listFollows listFollowedBy"


def _at(operations: str, kind: str, handler: Handler, text: str) -> Mutant:
    """The same mistake at several operations."""
    return Mutant(kind, text, tuple(operations.split()), lambda: at(operations, handler))


# Bounds


def _moved(name: str, by: int) -> Handler:
    """A bound is moved, so that it becomes inclusive."""

    def moved(request: Request) -> Request:
        number, mark, rest = request.query[name].partition("_")
        return request.with_values(**{name: f"{int(number) + by}{mark}{rest}"})

    return when(
        lambda request: re.match(r"[1-9]\d{0,17}(_|$)|[1-9]\d{18}_", request.query.get(name, "")),
        substitute(moved),
    )


def _ignored_beside(name: str, *others: str) -> Handler:
    return substitute(
        lambda request: request.without(name) if any(other in request.query for other in others) else request
    )


async def _nothing_is_all(request: Request, forward: Forward) -> Response:
    """Where nothing is newer than min_id, everything is returned."""
    response = await forward(request)
    if response.accepted and "min_id" in request.query and not response.json["data"]:
        return await forward(request.without("min_id"))
    return response


async def _begins_again(request: Request, forward: Forward) -> Response:
    response = await forward(request)
    if response.accepted and "max_id" in request.query and not response.json["data"]:
        return await forward(request.without("max_id", "min_id", "min_timestamp"))
    return response


async def _empty_window(request: Request, forward: Forward) -> Response:
    since, until = (request.query.get(name, "") for name in ("min_timestamp", "max_timestamp"))
    if since.isdigit() and until.isdigit() and int(since) >= int(until):
        return Response(500, {"content-type": "text/html"}, b"<h1>Oops</h1>")
    return await forward(request)


def _loses_equal_times(request: Request, body: Json) -> None:
    """The newest item within the bound is left out."""
    if "max_timestamp" in request.query and "max_id" not in request.query:
        body["data"] = body["data"][1:]


def _oldest_is_news(request: Request, body: Json) -> None:
    page = body["pagination"]
    if "next_max_tag_id" in page:
        page["min_tag_id"] = page["next_min_id"] = page["next_max_tag_id"]


def _old_cursor_stays(request: Request, body: Json) -> None:
    body["pagination"].setdefault("next_max_id", "1448668800000")


def _first_half(request: Request, body: Json) -> None:
    """New items beyond the first page are left out."""
    if "min_tag_id" in request.query:
        for name in ("next_url", "next_max_tag_id", "next_max_id"):
            body["pagination"].pop(name, None)


class EndingAt:
    """Paging ends after so many items."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._depth: dict[str | None, int] = {}

    async def __call__(self, request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if request.operation != "listUserRecentMedia" or not response.accepted:
            return response
        body = response.json
        following = body["pagination"].get("next_max_id")
        if following is None:
            return response
        self._depth[following] = self._depth.get(request.query.get("max_id"), 0) + len(body["data"])
        if self._depth[following] >= self._most:
            body["pagination"] = {}
        return response.with_json(body)


# Addresses


def _address(change: Callable[[str], str]) -> Handler:
    def changed(request: Request, body: Json) -> None:
        if url := body.get("pagination", {}).get("next_url"):
            body["pagination"]["next_url"] = change(url)

    return change_body(changed)


def _without(*names: str) -> Handler:
    """The address lacks some parameters."""

    def change(url: str) -> str:
        parts = urlsplit(url)
        kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in names]
        return parts._replace(query=urlencode(kept)).geturl()

    return _address(change)


# Limits of parameters


def _rejected_above(most: int) -> Handler:
    return change_request(
        lambda request: (
            request.with_values(count="0") if int(_digits(request.query.get("count", ""))) > most else request
        )
    )


def _digits(text: str) -> str:
    return text if text.isdecimal() else "0"


def _as(name: str, pattern: str, change: Callable[[str], str | None]) -> Handler:
    """A value that should be rejected is read as another one, or ignored (None)."""

    def changed(request: Request) -> Request:
        value = request.query.get(name)
        if value is None or not re.fullmatch(pattern, value):
            return request
        meant = change(value)
        return request.without(name) if meant is None else request.with_values(**{name: meant})

    return change_request(changed)


BOUNDS = {
    "min-id-taken-in": _paging("getFeed", _moved("min_id", -1), "min_id is inclusive"),
    "until-taken-in": _paging("searchMedia", _moved("max_timestamp", 1), "max_timestamp is inclusive"),
    "min-id-beside-max-id": _at(
        "listUserRecentMedia getFeed listLocationRecentMedia",
        "paging",
        _ignored_beside("min_id", "max_id"),
        "min_id is ignored beside max_id",
    ),
    "since-beside-count": _paging(
        "listUserRecentMedia",
        _ignored_beside("min_timestamp", "count"),
        "min_timestamp is ignored beside count",
    ),
    "since-on-first-page": _paging(
        "listLocationRecentMedia",
        _ignored_beside("min_timestamp", "max_id"),
        "min_timestamp is ignored on later pages",
    ),
    "nothing-new-is-all": _paging(
        "getFeed", _nothing_is_all, "where nothing is newer, everything is returned"
    ),
    "begins-again": _paging(
        "listUserRecentMedia", _begins_again, "after the last item, the list begins again"
    ),
    "empty-window": _paging("searchMedia", _empty_window, "an empty span of time crashes"),
    "news-taken-in": _paging("listTagRecentMedia", _moved("min_tag_id", -1), "min_tag_id is inclusive"),
    "old-cursor-stays": _paging(
        "listTagRecentMedia",
        change_body(_old_cursor_stays),
        "the last page has the deprecated cursor of a next page",
    ),
    "oldest-is-news": _paging(
        "listTagRecentMedia",
        change_body(_oldest_is_news),
        "min_tag_id of the response is that of the oldest item",
    ),
    "ends-at-80": Mutant(
        "paging", "the media of a user end after 80 items", ("listUserRecentMedia",), partial(EndingAt, 80)
    ),
    "address-without-bounds": _at(
        WALKED, "paging", _without("min_timestamp", "min_id"), "next_url lacks the bounds"
    ),
    "address-without-count": _at(WALKED, "paging", _without("count"), "next_url lacks count"),
    "address-without-token": _at(WALKED, "paging", _without("access_token"), "next_url lacks the token"),
    "address-inside": _at(
        WALKED,
        "paging",
        _address(lambda url: urlsplit(url)._replace(netloc="upstream:8000").geturl()),
        "next_url names an upstream host",
    ),
    "address-of-follows": _paging(
        "listFollowedBy",
        _address(lambda url: url.replace("/followed-by", "/follows")),
        "next_url of followers leads to the followed users",
    ),
    "address-encoded-twice": _paging(
        "listTagRecentMedia",
        _address(lambda url: urlsplit(url)._replace(path=urlsplit(url).path.replace("%", "%25")).geturl()),
        "next_url encodes the tag name twice",
    ),
    "count-refused-above-33": _limits(
        "listTagRecentMedia", _rejected_above(33), "a count above 33 is rejected"
    ),
    "count-refused-above-32767": _limits(
        "getFeed", _rejected_above(32767), "a count above 32767 is rejected"
    ),
    "33-is-20": _limits(
        "listUserRecentMedia", _as("count", "33", lambda _: "20"), "a count of 33 gives 20 items"
    ),
    "count-below-one": _limits(
        "listUserRecentMedia", _as("count", "-[1-9].*", lambda value: value[1:]), "a count of -2 is read as 2"
    ),
    "empty-count": _limits("getFeed", _as("count", "", lambda _: None), "an empty count is ignored"),
    "small-counts-ignored": _limits(
        "searchUsers",
        _as("count", "[2-9]", lambda _: None),
        "a count below 10 is ignored",
    ),
    # Written after the requirements that detect them.
    "newest-within-lost": _paging(
        "listUserRecentMedia",
        change_body(_loses_equal_times),
        "the newest media object before max_timestamp is left out",
    ),
    "until-beside-min-id": _paging(
        "listLocationRecentMedia",
        _ignored_beside("max_timestamp", "min_id"),
        "max_timestamp is ignored beside min_id",
    ),
    "news-cut-off": _paging(
        "listTagRecentMedia", change_body(_first_half), "new items end after the first page"
    ),
    "address-cursor-twice": _paging(
        "listLikedMedia",
        _address(lambda url: re.sub(r"(max_like_id=)(\d+)", r"\g<1>\g<2>0", url)),
        "next_url has another cursor than the response",
    ),
    "address-other-user": _paging(
        "listUserRecentMedia",
        _address(lambda url: url.replace("/users/self/", "/users/1002/")),
        "next_url of the user's own media leads to another user",
    ),
    "count-with-underscore": _limits(
        "listLikedMedia", _as("count", r"\d+_\d+", lambda value: value[:1]), "a count of 1_0 is read as 1"
    ),
    "distance-5000-refused": _limits(
        "searchMedia", _as("distance", "5000", lambda _: "5001"), "the largest distance is rejected"
    ),
    "pole-refused": _limits(
        "searchLocations", _as("lat", "-90", lambda _: "-91"), "the south pole is rejected"
    ),
}
