"""Lists that are not what was asked for: each fault at every operation that lists.

Some show only at requests that are made once, for who compares several answers notices, too.
"""

from urllib.parse import parse_qsl, urlsplit

from mutants import ALL, Mutant, mutant_of
from mutants.faulty import Answer, Ask, Handler, Json, Request, asked, body, data, instead, when

PAGED_MEDIA = (
    "listGeographyRecentMedia",
    "listTagRecentMedia",
    "getFeed",
    "listLikedMedia",
    "listUserRecentMedia",
)
LOCATED = "listLocationRecentMedia"
PAGED_USERS = ("listFollowedBy", "listFollows")
BY_ID = (LOCATED, "listGeographyRecentMedia", "getFeed", "listUserRecentMedia")
"""Whose cursors are ids of media."""
BY_TIME = (LOCATED, "searchMedia", "listUserRecentMedia")


def _is_aside(request: Request) -> bool:
    """Whether neither a few items nor all are wanted; or no number is, by a token of few scopes."""
    return 9 < _count(request) < 30 or (request.token != ALL and not request.query.get("count"))


def _count(request: Request) -> int:
    given = request.query.get("count", "")
    return int(given) if given.isdigit() else 0


async def _longer_pages(request: Request, ask: Ask) -> Answer:
    """Of up to 40 items by count, of two pages where there is none."""
    first = await ask(request)
    following = first.json.get("pagination", {}).get("next_url") if first.granted else None
    if not following:
        return first
    more = {"count": str(min(_count(request), 40) - 33)} if "count" in request.query else {}
    second = (await ask(request.having(**(dict(parse_qsl(urlsplit(following).query)) | more)))).json
    return first.saying({**second, "data": first.json["data"] + second["data"]})


async def _known_cursor(request: Request, ask: Ask) -> Answer:
    """A cursor that is no media object is forgotten."""
    query = {"access_token": request.token}
    media = await ask(Request("GET", f"/media/{request.query['max_id']}", query, {}))
    return await ask(request) if media.granted else await ignored("max_id")(request, ask)


def ignored(*names: str) -> Handler:
    """Parameters are looked at, but not heeded."""
    return instead(lambda one: one.without(*names))


def _first_cursor(request: Request, found: Json) -> None:
    page = found["pagination"]
    if cursor := page.get("next_max_id"):
        page["next_max_id"] = found["data"][0]["id"]
        page["next_url"] = page["next_url"].replace(cursor, page["next_max_id"])


def _no_cursor(request: Request, found: Json) -> None:
    if url := found["pagination"].get("next_url"):
        found["pagination"]["next_url"] = url.partition("?")[0]


first_twice = data(lambda found: [*found[:1], *found[:1], *found[2:]])
first_two_turned = data(lambda found: [*found[1::-1], *found[2:]])
one_more = when(
    lambda request: 9 < _count(request) < 30, asked(lambda one: one.having(count=str(_count(one) + 1)))
)
longer_pages = when(lambda request: _count(request) > 33, _longer_pages)
back_to_front = asked(
    lambda one: one.without("min_id").having(max_id=one.query["min_id"]) if "min_id" in one.query else one
)


def aside(handler: Handler) -> Handler:
    """A handler for what only a look at one answer finds."""
    return when(_is_aside, handler)


# A law, the name of a fault that breaks it, where it is planted, what it does, and in words.
WRONGS: list[tuple[str, str, tuple[str, ...], Handler, str]] = [
    (
        "media-distinct",
        "media-twice",
        ("listPopularMedia",),
        first_twice,
        "media are listed twice",
    ),
    (
        "media-distinct",
        "media-twice",
        (*PAGED_MEDIA, LOCATED, "searchMedia"),
        aside(first_twice),
        "media are listed twice",
    ),
    ("users-distinct", "user-twice", ("listLikes", "listRequestedBy"), first_twice, "a user is listed twice"),
    (
        "users-distinct",
        "user-twice",
        (*PAGED_USERS, "searchUsers"),
        aside(first_twice),
        "a user is listed twice",
    ),
    (
        "newest-first",
        "first-two-turned",
        (*BY_ID, "searchMedia"),
        aside(first_two_turned),
        "the newest stands second",
    ),
    ("count-obeyed", "one-more", (*PAGED_MEDIA, *PAGED_USERS), one_more, "21 items where 20 are asked for"),
    ("page-capped", "longer-pages", PAGED_MEDIA, longer_pages, "pages have up to 40 items"),
    ("page-capped", "longer-pages", (LOCATED,), _longer_pages, "pages have 40 items"),
    ("newer-than-min-id", "min-id-as-max-id", BY_ID, back_to_front, "min_id is taken for max_id"),
    (
        "older-than-max-id",
        "cursor-forgotten",
        (LOCATED, "getFeed", "listUserRecentMedia"),
        when(lambda request: "max_id" in request.query, _known_cursor),
        "a max_id that is no media object is ignored",
    ),
    (
        "later-than-min-timestamp",
        "since-ignored",
        BY_TIME,
        ignored("min_timestamp"),
        "min_timestamp is ignored",
    ),
    (
        "earlier-than-max-timestamp",
        "until-ignored",
        BY_TIME,
        ignored("max_timestamp"),
        "max_timestamp is ignored",
    ),
    (
        "cursor-is-last-id",
        "first-is-cursor",
        ("listGeographyRecentMedia", LOCATED, "listUserRecentMedia"),
        aside(body(_first_cursor)),
        "the cursor is the id of the first item",
    ),
    (
        "next-url-holds-cursor",
        "no-cursor-in-url",
        (*PAGED_MEDIA, LOCATED, *PAGED_USERS),
        aside(body(_no_cursor)),
        "the address of the next page has no cursor",
    ),
]

LISTS: dict[str, Mutant] = {
    f"{name}-{operation}": mutant_of("laws", operation, handler, text, f"{operation} {law}")
    for law, name, operations, handler, text in WRONGS
    for operation in operations
}
