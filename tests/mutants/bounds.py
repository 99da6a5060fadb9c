"""Bounds of lists, addresses of pages, and limits of parameters that do not mean what the contract says."""

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit

from mutants import Mutant, mutant_of
from mutants.faulty import Answer, Ask, Handler, Json, Request, asked, at, body, instead, when

_paging = partial(mutant_of, "paging")
_limits = partial(mutant_of, "shape")

WALKED = "getFeed listUserRecentMedia listTagRecentMedia listLikedMedia listFollows listFollowedBy"


def _at(operations: str, kind: str, handler: Handler, text: str) -> Mutant:
    """At several operations, as one who wrote them would have it wrong."""
    return Mutant(kind, text, tuple(operations.split()), lambda: at(operations, handler))


# Bounds


def _moved(name: str, by: int) -> Handler:
    """A bound is further off, by as much as takes in what is equal to it."""

    def moved(request: Request) -> Request:
        number, mark, rest = request.query[name].partition("_")
        return request.having(**{name: f"{int(number) + by}{mark}{rest}"})

    return when(
        lambda one: re.match(r"[1-9]\d{0,17}(_|$)|[1-9]\d{18}_", one.query.get(name, "")), instead(moved)
    )


def _ignored_beside(name: str, *others: str) -> Handler:
    return instead(lambda one: one.without(name) if any(other in one.query for other in others) else one)


async def _nothing_is_all(request: Request, ask: Ask) -> Answer:
    """Where nothing is newer than min_id, everything is."""
    answer = await ask(request)
    if answer.granted and "min_id" in request.query and not answer.json["data"]:
        return await ask(request.without("min_id"))
    return answer


async def _begins_again(request: Request, ask: Ask) -> Answer:
    answer = await ask(request)
    if answer.granted and "max_id" in request.query and not answer.json["data"]:
        return await ask(request.without("max_id", "min_id", "min_timestamp"))
    return answer


async def _empty_window(request: Request, ask: Ask) -> Answer:
    since, until = (request.query.get(name, "") for name in ("min_timestamp", "max_timestamp"))
    if since.isdigit() and until.isdigit() and int(since) >= int(until):
        return Answer(500, {"content-type": "text/html"}, b"<h1>Oops</h1>")
    return await ask(request)


def _loses_equal_times(request: Request, found: Json) -> None:
    """The newest of those that are within is taken for the bound."""
    if "max_timestamp" in request.query and "max_id" not in request.query:
        found["data"] = found["data"][1:]


def _oldest_is_news(request: Request, found: Json) -> None:
    page = found["pagination"]
    if "next_max_tag_id" in page:
        page["min_tag_id"] = page["next_min_id"] = page["next_max_tag_id"]


def _old_cursor_stays(request: Request, found: Json) -> None:
    found["pagination"].setdefault("next_max_id", "1448668800000")


def _first_half(request: Request, found: Json) -> None:
    """News are cut off without a word where there are more than a page of them."""
    if "min_tag_id" in request.query:
        for name in ("next_url", "next_max_tag_id", "next_max_id"):
            found["pagination"].pop(name, None)


class EndingAt:
    """A walk ends after so many items."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._depth: dict[str | None, int] = {}

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if request.operation != "listUserRecentMedia" or not answer.granted:
            return answer
        found = answer.json
        following = found["pagination"].get("next_max_id")
        if following is None:
            return answer
        self._depth[following] = self._depth.get(request.query.get("max_id"), 0) + len(found["data"])
        if self._depth[following] >= self._most:
            found["pagination"] = {}
        return answer.saying(found)


# Addresses


def _address(change: Callable[[str], str]) -> Handler:
    def changed(request: Request, found: Json) -> None:
        if url := found.get("pagination", {}).get("next_url"):
            found["pagination"]["next_url"] = change(url)

    return body(changed)


def _without(*names: str) -> Handler:
    """The address lacks parameters."""

    def change(url: str) -> str:
        parts = urlsplit(url)
        kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in names]
        return parts._replace(query=urlencode(kept)).geturl()

    return _address(change)


# Limits of parameters


def _refused_above(most: int) -> Handler:
    return asked(
        lambda one: one.having(count="0") if int(_digits(one.query.get("count", ""))) > most else one
    )


def _digits(text: str) -> str:
    return text if text.isdecimal() else "0"


def _as(name: str, pattern: str, change: Callable[[str], str | None]) -> Handler:
    """A value that should be refused is taken for another one, or for none."""

    def changed(request: Request) -> Request:
        given = request.query.get(name)
        if given is None or not re.fullmatch(pattern, given):
            return request
        meant = change(given)
        return request.without(name) if meant is None else request.having(**{name: meant})

    return asked(changed)


BOUNDS = {
    "min-id-taken-in": _paging("getFeed", _moved("min_id", -1), "min_id itself is newer than min_id"),
    "until-taken-in": _paging(
        "searchMedia", _moved("max_timestamp", 1), "what is as old as max_timestamp is older"
    ),
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
        "on later pages min_timestamp is ignored",
    ),
    "nothing-new-is-all": _paging("getFeed", _nothing_is_all, "where there is nothing new, everything is"),
    "begins-again": _paging(
        "listUserRecentMedia", _begins_again, "behind the last item the list begins again"
    ),
    "empty-window": _paging("searchMedia", _empty_window, "where no time is between two times, it breaks"),
    "news-taken-in": _paging("listTagRecentMedia", _moved("min_tag_id", -1), "the newest known one is news"),
    "old-cursor-stays": _paging(
        "listTagRecentMedia", body(_old_cursor_stays), "the last page has the deprecated cursor of a next one"
    ),
    "oldest-is-news": _paging("listTagRecentMedia", body(_oldest_is_news), "all but the oldest are news"),
    "ends-at-80": Mutant(
        "paging", "media of a user end after 80", ("listUserRecentMedia",), partial(EndingAt, 80)
    ),
    "address-without-bounds": _at(
        WALKED, "paging", _without("min_timestamp", "min_id"), "the address of the next page has no bounds"
    ),
    "address-without-count": _at(
        WALKED, "paging", _without("count"), "the address of the next page has no count"
    ),
    "address-without-token": _at(
        WALKED, "paging", _without("access_token"), "the address of the next page has no token"
    ),
    "address-inside": _at(
        WALKED,
        "paging",
        _address(lambda url: urlsplit(url)._replace(netloc="upstream:8000").geturl()),
        "the address of the next page is that of a server behind this one",
    ),
    "address-of-follows": _paging(
        "listFollowedBy",
        _address(lambda url: url.replace("/followed-by", "/follows")),
        "the next followers are those whom the user follows",
    ),
    "address-encoded-twice": _paging(
        "listTagRecentMedia",
        _address(lambda url: urlsplit(url)._replace(path=urlsplit(url).path.replace("%", "%25")).geturl()),
        "the name of the tag is encoded twice in the address of the next page",
    ),
    "count-refused-above-33": _limits(
        "listTagRecentMedia", _refused_above(33), "a count above 33 is refused"
    ),
    "count-refused-above-32767": _limits(
        "getFeed", _refused_above(32767), "a count of 16 bits is the largest"
    ),
    "33-is-20": _limits(
        "listUserRecentMedia", _as("count", "33", lambda _: "20"), "a page of 33 is one of 20"
    ),
    "count-below-one": _limits(
        "listUserRecentMedia", _as("count", "-[1-9].*", lambda one: one[1:]), "-2 is 2"
    ),
    "empty-count": _limits("getFeed", _as("count", "", lambda _: None), "an empty count is none"),
    "small-counts-ignored": _limits(
        "searchUsers",
        _as("count", "[2-9]", lambda _: None),
        "a count below 10 finds as many users as there are",
    ),
    # Thought of after what finds them was written.
    "newest-within-lost": _paging(
        "listUserRecentMedia", body(_loses_equal_times), "the newest media before max_timestamp is lost"
    ),
    "until-beside-min-id": _paging(
        "listLocationRecentMedia",
        _ignored_beside("max_timestamp", "min_id"),
        "max_timestamp is ignored beside min_id",
    ),
    "news-cut-off": _paging("listTagRecentMedia", body(_first_half), "only the first page of news is told"),
    "address-cursor-twice": _paging(
        "listLikedMedia",
        _address(lambda url: re.sub(r"(max_like_id=)(\d+)", r"\g<1>\g<2>0", url)),
        "the address of the next page has another cursor",
    ),
    "address-other-user": _paging(
        "listUserRecentMedia",
        _address(lambda url: url.replace("/users/self/", "/users/1002/")),
        "the next media of oneself are those of somebody else",
    ),
    "count-with-underscore": _limits(
        "listLikedMedia", _as("count", r"\d+_\d+", lambda one: one[:1]), "1_0 is 1"
    ),
    "distance-5000-refused": _limits(
        "searchMedia", _as("distance", "5000", lambda _: "5001"), "the largest distance is refused"
    ),
    "pole-refused": _limits(
        "searchLocations", _as("lat", "-90", lambda _: "-91"), "the south pole is refused"
    ),
}
