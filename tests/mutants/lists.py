"""Lists that differ from what was requested: each mutation at every operation that lists.

Some apply only to requests that are not repeated, since comparing several responses would detect them, too.
"""

from urllib.parse import parse_qsl, urlsplit

from mutants import ALL, Mutant, mutant_of
from mutants.app import Forward, Handler, Json, Request, Response
from mutants.operators import change_body, change_data, change_request, substitute, when

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
"""Operations whose cursors are ids of media."""
BY_TIME = (LOCATED, "searchMedia", "listUserRecentMedia")


def _is_aside(request: Request) -> bool:
    """Whether count is medium, or missing for a token of few scopes."""
    return 9 < _count(request) < 30 or (request.token != ALL and not request.query.get("count"))


def _count(request: Request) -> int:
    value = request.query.get("count", "")
    return int(value) if value.isdigit() else 0


async def _longer_pages(request: Request, forward: Forward) -> Response:
    """Pages of up to 40 items by count, of two pages where there is none."""
    first = await forward(request)
    following = first.json.get("pagination", {}).get("next_url") if first.accepted else None
    if not following:
        return first
    more = {"count": str(min(_count(request), 40) - 33)} if "count" in request.query else {}
    second = (await forward(request.with_values(**(dict(parse_qsl(urlsplit(following).query)) | more)))).json
    return first.with_json({**second, "data": first.json["data"] + second["data"]})


async def _only_known_cursor(request: Request, forward: Forward) -> Response:
    """A cursor that is not a media object is ignored."""
    query = {"access_token": request.token}
    media = await forward(Request("GET", f"/media/{request.query['max_id']}", query, {}))
    return await forward(request) if media.accepted else await ignored("max_id")(request, forward)


def ignored(*names: str) -> Handler:
    """Parameters are validated, but ignored."""
    return substitute(lambda request: request.without(*names))


def _first_cursor(request: Request, body: Json) -> None:
    page = body["pagination"]
    if cursor := page.get("next_max_id"):
        page["next_max_id"] = body["data"][0]["id"]
        page["next_url"] = page["next_url"].replace(cursor, page["next_max_id"])


def _no_cursor(request: Request, body: Json) -> None:
    if url := body["pagination"].get("next_url"):
        body["pagination"]["next_url"] = url.partition("?")[0]


first_twice = change_data(lambda data: [*data[:1], *data[:1], *data[2:]])
first_two_turned = change_data(lambda data: [*data[1::-1], *data[2:]])
one_more = when(
    lambda request: 9 < _count(request) < 30,
    change_request(lambda request: request.with_values(count=str(_count(request) + 1))),
)
longer_pages = when(lambda request: _count(request) > 33, _longer_pages)
back_to_front = change_request(
    lambda request: (
        request.without("min_id").with_values(max_id=request.query["min_id"])
        if "min_id" in request.query
        else request
    )
)


def aside(handler: Handler) -> Handler:
    """A handler for requests whose responses are checked alone, not compared with others."""
    return when(_is_aside, handler)


# A law, the name of a mutation that violates it, its operations, its handler, and its description.
MUTATIONS: list[tuple[str, str, tuple[str, ...], Handler, str]] = [
    (
        "media-distinct",
        "media-twice",
        ("listPopularMedia",),
        first_twice,
        "a media object is listed twice",
    ),
    (
        "media-distinct",
        "media-twice",
        (*PAGED_MEDIA, LOCATED, "searchMedia"),
        aside(first_twice),
        "a media object is listed twice",
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
        "the first two items are swapped",
    ),
    (
        "count-obeyed",
        "one-more",
        (*PAGED_MEDIA, *PAGED_USERS),
        one_more,
        "a page has one item more than count",
    ),
    ("page-capped", "longer-pages", PAGED_MEDIA, longer_pages, "pages have up to 40 items"),
    ("page-capped", "longer-pages", (LOCATED,), _longer_pages, "pages have 40 items"),
    ("newer-than-min-id", "min-id-as-max-id", BY_ID, back_to_front, "min_id is read as max_id"),
    (
        "older-than-max-id",
        "cursor-forgotten",
        (LOCATED, "getFeed", "listUserRecentMedia"),
        when(lambda request: "max_id" in request.query, _only_known_cursor),
        "a max_id that is not a media object is ignored",
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
        aside(change_body(_first_cursor)),
        "the cursor is the id of the first item",
    ),
    (
        "next-url-holds-cursor",
        "no-cursor-in-url",
        (*PAGED_MEDIA, LOCATED, *PAGED_USERS),
        aside(change_body(_no_cursor)),
        "the address of the next page has no cursor",
    ),
]

LISTS: dict[str, Mutant] = {
    f"{name}-{operation}": mutant_of("laws", operation, handler, description, f"{operation} {law}")
    for law, name, operations, handler, description in MUTATIONS
    for operation in operations
}
