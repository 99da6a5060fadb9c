"""The server satisfies each law and invariant of the Instagram document, and each can be violated alone."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from instagram_server import ids, seed_data
from support.in_process import ALL, ORIGIN, Server
from support.paths import CONTRACT
from support.serving import callback
from wirecheck.checks import Judge
from wirecheck.checks.views import request_view, response_view
from wirecheck.laws import Law, applying
from wirecheck.model import Exchange
from wirecheck.spec import load

JUDGE = Judge(load(CONTRACT))
OF_ONE = [law for found in JUDGE.laws.values() for law in found if law.then is None]
OF_TWO = [
    law
    for found in JUDGE.laws.values()
    for law in found
    if law.then is not None and not law.covers_rejections
]
OF_REJECTIONS = [law for found in JUDGE.laws.values() for law in found if law.covers_rejections]
ADA, BELA, FRIEND, BLOCKED, ASKING = (
    seed_data.ADA,
    seed_data.BELA,
    seed_data.FRIEND,
    seed_data.BLOCKED,
    seed_data.ADMIRERS[0],
)
CLIENT = {"client_id": seed_data.DEMO_CLIENT.id, "client_secret": seed_data.DEMO_CLIENT.secret}
PARIS = {"lat": 48.8584, "lng": 2.2945, "distance": 5000}
Body = Any
Query = dict[str, str]


class Unsent:
    """A request that was not sent yet, by method, path and parameters."""

    def __init__(self, method: str, path: str, parameters: dict[str, Any]) -> None:
        self.method, self.path = method, path
        self.fields = {name: str(value) for name, value in parameters.items()}

    def exchange(self, query: Query | None = None, status: int = 0, body: Body = None) -> Exchange:
        sent = urlencode(self.fields if query is None else query)
        form = self.method == "POST"
        return Exchange(
            source="here",
            entry=0,
            method=self.method,
            url=f"https://api.instagram.com{self.path}{'' if form else f'?{sent}'}",
            status=status,
            request_headers=(("content-type", "application/x-www-form-urlencoded"),) * form,
            request_body=sent.encode() if form else b"",
            response_headers=(("content-type", "application/json"),),
            response_body=json.dumps(body).encode(),
        )

    def sent(self, server: Server) -> httpx.Response:
        more = {"data": self.fields} if self.method == "POST" else {"params": self.fields}
        return server.send(self.method, f"{ORIGIN}{self.path}", **more)

    def response_of(self, server: Server) -> Body:
        response = self.sent(server)
        assert response.status_code == 200, response.text
        return response.json()


def unsent(method: str, path: str, **parameters: Any) -> Unsent:
    token = {} if "client_id" in parameters or not path.startswith("/v1") else {"access_token": ALL}
    return Unsent(method, path, {**token, **parameters})


def get(path: str, **parameters: Any) -> Unsent:
    return unsent("GET", f"/v1{path}", **parameters)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as made:
        yield made


CROWDED, CODE = "957461782561006612_1001", "1Jlmsbj6QU"  # more comments and likes than a list shows
COMMENT = "1127868296050256900"
FEW = "1127838097061452801_1001"

# Operation -> a request on whose response every law of it can be tried.
REQUESTS: dict[str, Unsent] = {
    "listComments": get(f"/media/{CROWDED}/comments"),
    "createComment": unsent("POST", f"/v1/media/{FEW}/comments", text="Fine #snow"),
    "listLikes": get(f"/media/{CROWDED}/likes"),
    "listGeographyRecentMedia": get("/geographies/501/media/recent", count=9),
    "searchLocations": get("/locations/search", **PARIS),
    "getLocation": get("/locations/301"),
    "listLocationRecentMedia": get("/locations/301/media/recent"),
    "listPopularMedia": get("/media/popular"),
    "searchMedia": get("/media/search", **PARIS),
    "getMediaByShortcode": get(f"/media/shortcode/{CODE}"),
    "getMedia": get(f"/media/{CROWDED}"),
    "listRequestedBy": get("/users/self/requested-by"),
    "listFollowedBy": get("/users/self/followed-by", count=5),
    "listFollows": get("/users/self/follows", count=5),
    "updateRelationship": unsent("POST", f"/v1/users/{BELA}/relationship", action="follow"),
    "searchTags": get("/tags/search", q="s"),
    "getTag": get("/tags/snow"),
    "listTagRecentMedia": get("/tags/snow/media/recent", count=9),
    "searchUsers": get("/users/search", q="a", count=5),
    "getFeed": get("/users/self/feed", count=9),
    "listLikedMedia": get("/users/self/media/liked", count=9),
    "getUser": get(f"/users/{ADA}"),
    "listUserRecentMedia": get(f"/users/{ADA}/media/recent", count=9),
    "listSubscriptions": get("/subscriptions", **CLIENT),
    "getEmbed": unsent(
        "GET", "/oembed", url=f"https://www.instagram.com/p/{CODE}/", omitscript="true", maxwidth=400
    ),
}
# The same for single laws.
SPECIAL_REQUESTS: dict[tuple[str, str], Unsent] = {
    ("getUser", "self-is-owner"): get("/users/self"),
    ("listUserRecentMedia", "media-of-self"): get("/users/self/media/recent", count=9),
    ("updateRelationship", "end-is-reported"): unsent(
        "POST", f"/v1/users/{BELA}/relationship", action="unfollow"
    ),
    ("searchTags", "exact-first"): get("/tags/search", q="snow"),
    **{
        (operation, "page-capped"): get(path, count=33)
        for operation, path in {
            "listGeographyRecentMedia": "/geographies/501/media/recent",
            "listTagRecentMedia": "/tags/snow/media/recent",
            "getFeed": "/users/self/feed",
            "listLikedMedia": "/users/self/media/liked",
            "listUserRecentMedia": f"/users/{ADA}/media/recent",
        }.items()
    },
}


def put(name: str, value: Callable[[Body], Any]) -> Callable[[Query, Body], None]:
    """With another parameter."""
    return lambda query, body: query.update({name: str(value(body["data"]))})


def without_count(query: Query, body: Body) -> None:
    del query["count"]


def twice(query: Query, body: Body) -> None:
    body["data"][1] = copy.deepcopy(body["data"][0])


def one_more(make: Callable[[Any], Any]) -> Callable[[Query, Body], None]:
    return lambda query, body: body["data"].append(make(body["data"][-1]))


def swapped(query: Query, body: Body) -> None:
    body["data"][:2] = body["data"][1::-1]


def reversed_(query: Query, body: Body) -> None:
    body["data"].reverse()


def media(body: Body) -> list[Any]:
    return body["data"] if isinstance(body["data"], list) else [body["data"]]


def change(
    of: Callable[[Any], bool] = lambda one: True, **members: Callable[[Any], Any]
) -> Callable[[Query, Body], None]:
    """With other members in the first object that something is true of."""

    def changed(query: Query, body: Body) -> None:
        one = next(filter(of, media(body)))
        one.update({name: value(one) for name, value in members.items()})

    return changed


def next_page(query: Query, body: Body) -> None:
    url = urlsplit(body["pagination"]["next_url"])
    kept = [(name, value) for name, value in parse_qsl(url.query) if name in ("access_token", "count")]
    body["pagination"]["next_url"] = url._replace(query=urlencode(kept)).geturl()


def other_cursor(query: Query, body: Body) -> None:
    page, cursor = body["pagination"], body["data"][0]["id"]
    page["next_url"] = page["next_url"].replace(page["next_max_id"], cursor)
    page["next_max_id"] = cursor


def older(one: Any) -> Any:
    """Another media object, a little older."""
    number = int(one["id"].partition("_")[0]) - 1
    link = f"https://www.instagram.com/p/{ids.shortcode(number)}/"
    return {**copy.deepcopy(one), "id": f"{number}_{one['user']['id']}", "link": link}


def long_page(query: Query, body: Body) -> None:
    while len(body["data"]) < 34:
        body["data"].append(older(body["data"][-1]))
    body["pagination"] = {}


def talked_of(one: Any) -> bool:
    """Whether two comments of different times stand in a media object."""
    return len({comment["created_time"] for comment in one["comments"].get("data", [])}) > 1


def number(one: Any) -> str:
    return str(one["id"]).partition("_")[0]


def placed(lat: float) -> Callable[[Any], Any]:
    return lambda one: {**one["location"], "latitude": lat}


Break = Callable[[Query, Body], None]
SELF = {"username": "bela", "full_name": "Bela Ito", "profile_picture": "https://cdn.example.com/b.jpg"}
FORMER = ids.make(1448000000000, 1, 1)
TWIN: dict[str, Any] = {
    "id": f"{FORMER}_1001",
    "created_time": "1448000000",
    "link": f"https://www.instagram.com/p/{ids.shortcode(FORMER)}/",
    "user": {**SELF, "id": "1001"},
    "caption": None,
}
# Law -> what violates it and no other law; with an operation before it where that differs.
BREAKS: dict[str, Break] = {
    **dict.fromkeys(
        [
            *("comments-distinct", "users-distinct", "media-distinct", "locations-distinct", "tags-distinct"),
            "subscriptions-distinct",
        ],
        twice,
    ),
    "comments-oldest-first": reversed_,
    "newest-first": swapped,
    "at-most-150": one_more(lambda one: {**one, "id": "5"}),
    "at-most-120": one_more(lambda one: {**one, "id": "5"}),
    "searchTags at-most-50": lambda query, body: body["data"].extend(
        {"name": f"s{index}", "media_count": 0} for index in range(50)
    ),
    "count-obeyed": put("count", lambda data: len(data) - 1),
    "page-capped": without_count,
    "listLocationRecentMedia page-capped": long_page,
    "newer-than-min-id": put("min_id", lambda data: data[-1]["id"]),
    "older-than-max-id": put("max_id", lambda data: data[0]["id"]),
    "later-than-min-timestamp": put("min_timestamp", lambda data: data[-1]["created_time"]),
    "earlier-than-max-timestamp": put("max_timestamp", lambda data: data[0]["created_time"]),
    "cursor-is-last-id": other_cursor,
    "next-url-holds-cursor": next_page,
    "link-holds-id": change(
        link=lambda one: f"https://www.instagram.com/p/{ids.shortcode(int(number(one)) + 1)}/"
    ),
    "id-holds-owner": change(id=lambda one: f"{number(one)}_5"),
    "id-holds-time": change(created_time=lambda one: str(int(one["created_time"]) - 2)),
    "embedded-within-counts": change(talked_of, comments=lambda one: {**one["comments"], "count": 1}),
    "embedded-comments": change(
        talked_of, comments=lambda one: {**one["comments"], "data": one["comments"]["data"][::-1]}
    ),
    "sizes-in-order": change(
        images=lambda one: {**one["images"], "thumbnail": {**one["images"]["thumbnail"], "width": 999}}
    ),
    "caption-by-owner": change(
        lambda one: one["caption"],
        caption=lambda one: {**one["caption"], "from": {**one["caption"]["from"], "id": "5"}},
    ),
    "something-popular": lambda query, body: body["data"].clear(),
    "locations-near": change(latitude=lambda one: 48.8),
    "location-as-requested": change(id=lambda one: "302"),
    "media-from-location": change(location=lambda one: {**one["location"], "id": 302}),
    "media-near": change(location=placed(48.8), distance=lambda one: 6494.0),
    "distance-is-true": change(distance=lambda one: one["distance"] + 300.0),
    "within-seven-days": lambda query, body: body["data"].append(
        {**body["data"][-1], **TWIN, "location": body["data"][-1]["location"]}
    ),
    "media-as-requested": change(id=lambda one: older(one)["id"], link=lambda one: older(one)["link"]),
    "follow-is-reported": change(outgoing_status=lambda one: "none"),
    "end-is-reported": change(outgoing_status=lambda one: "follows"),
    "tags-match": change(name=lambda one: "rain"),
    "exact-first": swapped,
    "most-used-first": reversed_,
    "tag-as-requested": change(name=lambda one: "snowdrop"),
    "media-tagged": change(tags=lambda one: ["rain"]),
    "users-match": change(username=lambda one: "x", full_name=lambda one: "y"),
    "media-liked": change(user_has_liked=lambda one: False),
    "user-as-requested": change(id=lambda one: "1002"),
    "self-is-owner": change(id=lambda one: "1002"),
    **dict.fromkeys(
        ["media-of-user", "media-of-self"],
        change(
            id=lambda one: f"{number(one)}_1002",
            user=lambda one: {**SELF, "id": "1002"},
            caption=lambda one: None,
        ),
    ),
    "post-as-requested": lambda query, body: body.update(media_id="957461782561006613_1001"),
    "author-in-id": lambda query, body: body.update(author_id=5),
    "within-maxwidth": lambda query, body: body.update(width=401),
    "script-left-out": lambda query, body: body.update(html=body["html"] + "<script></script>"),
    "comment-as-posted": lambda query, body: body.update(
        data={"id": "5", "created_time": "1448672400", "text": "fine #snow", "from": {"username": "ada"}}
    ),
    "token-holds-owner": lambda query, body: body["user"].update(id="1002"),
    "subscription-as-requested": lambda query, body: body["data"].update(object="tag"),
}


def the_request(operation: str, law: str) -> Unsent:
    return SPECIAL_REQUESTS.get((operation, law)) or REQUESTS[operation]


def true_response(server: Server, operation: str, law: str) -> tuple[Unsent, Body]:
    """A request, and the true response to it."""
    if operation in FROM_THE_DOCUMENT:
        return FROM_THE_DOCUMENT[operation]
    request = the_request(operation, law)
    return request, request.response_of(server)


def _documented(name: str, path: str) -> tuple[Unsent, Body]:
    """The examples of an operation that needs others to succeed."""
    [operation] = [one for one in JUDGE.spec.operations if one.name == name]
    get_ = JUDGE.spec.document.get
    assert operation.request_body is not None
    response = operation.response(200)
    assert response is not None
    described = get_(operation.request_body.content[0].pointer)
    sent = described["example"] if "example" in described else described["examples"]["user"]["value"]
    return Unsent("POST", path, sent), get_(response.content[0].pointer)["example"]


FROM_THE_DOCUMENT = {
    "exchangeCode": _documented("exchangeCode", "/oauth/access_token"),
    "createSubscription": _documented("createSubscription", "/v1/subscriptions"),
}


def messages(request: Unsent, query: Query, body: Body) -> list[str]:
    return [finding.message for finding in JUDGE.judge(request.exchange(query, 200, body)).findings]


def test_every_law_of_one_exchange_has_a_violation() -> None:
    names = {law.name for law in OF_ONE}
    assert {key.split()[-1] for key in BREAKS} == names
    for key in BREAKS:
        *operation, name = key.split()
        assert [law for law in OF_ONE if law.name == name and law.operation in (operation or [law.operation])]


@pytest.mark.no_cover
@pytest.mark.parametrize("law", OF_ONE, ids=lambda law: f"{law.operation}-{law.name}")
def test_a_law_is_satisfied_and_can_be_violated_alone(law: Law, server: Server) -> None:
    request, body = true_response(server, law.operation, law.name)
    breaks = BREAKS.get(f"{law.operation} {law.name}") or BREAKS[law.name]
    query, changed = dict(request.fields), copy.deepcopy(body)
    assert messages(request, query, changed) == []
    breaks(query, changed)
    assert messages(request, query, changed) == [f"{law.name}: {law.message}"]


# Laws of two requests: the responses before and after, and the smallest change that violates one law alone

LIKE, RELATE = f"/v1/media/{FEW}/likes", "/v1/users/{}/relationship"


def related(user: int, action: str) -> Unsent:
    return unsent("POST", RELATE.format(user), action=action)


REQUESTS_OF_TWO: dict[str, Unsent] = {
    "createComment": unsent("POST", f"/v1/media/{FEW}/comments", text="Fine #snow"),
    "deleteComment": unsent("DELETE", f"/v1/media/{FEW}/comments/{COMMENT}"),
    "likeMedia": unsent("POST", LIKE),
    "unlikeMedia": unsent("DELETE", LIKE),
    "getMedia": get(f"/media/{FEW}"),
    "getMedia like-as-flagged": get("/media/1127811151167464520_1001"),  # not all likes are embedded
    "getMediaByShortcode": get(f"/media/shortcode/{CODE}"),
    "updateRelationship change-is-shown": related(BELA, "unfollow"),
    "updateRelationship private-must-approve": related(seed_data.NEWCOMER, "follow"),
    "updateRelationship block-is-shown": related(BELA, "block"),
    "updateRelationship unblock-is-shown": related(BLOCKED, "unblock"),
    "updateRelationship approval-is-shown": related(ASKING, "approve"),
    "updateRelationship ignoring-is-shown": related(ASKING, "ignore"),
    "updateRelationship incoming-unchanged": related(FRIEND, "unfollow"),
    "updateRelationship outgoing-unchanged": related(ASKING, "approve"),
    "updateRelationship ended-is-not-listed": related(BELA, "unfollow"),
    "updateRelationship no-other-follow-lost": related(BELA, "unfollow"),
    "updateRelationship answered-requests-gone": related(ASKING, "approve"),
    "getUser self-as-by-id": get("/users/self"),
    "getRelationship requests-are-listed": get(f"/users/{ASKING}/relationship"),
    "createSubscription": unsent(
        "POST", "/v1/subscriptions", **CLIENT, object="user", aspect="media", verify_token="v"
    ),
    "deleteSubscriptions": unsent("DELETE", "/v1/subscriptions", **CLIENT, id="20472636"),
    "deleteSubscriptions kind-is-gone": unsent("DELETE", "/v1/subscriptions", **CLIENT, object="user"),
}


def last(data: Any, **members: Any) -> None:
    data[-1].update(members)


# Law -> a change in the responses before and after that violates it.
SPOILS: dict[str, Callable[[Any, Any], None]] = {
    "posted-comment-is-listed": lambda before, then: last(then, text="fine #snow"),
    "posted-comment-is-own": lambda before, then: last(then, **{"from": {**SELF, "id": "1002"}}),
    "posted-comment-is-last": lambda before, then: then.insert(0, then.pop()),
    "posting-adds-one": lambda before, then: then[0].update(text="Other words"),
    "posted-comment-counts": lambda before, then: before["comments"].update(count=5),
    "deleted-comment-is-gone": lambda before, then: then.extend(
        one for one in before if one["id"] == COMMENT
    ),
    "no-other-comment-deleted": lambda before, then: before.append({**before[0], "id": "6"}),
    "deleted-comment-counts": lambda before, then: before["comments"].update(count=5),
    "like-is-listed": lambda before, then: then.remove(next(one for one in then if one["id"] == str(ADA))),
    "likeMedia no-other-like-changed": lambda before, then: then.append({**then[-1], "id": "6"}),
    "unlikeMedia no-other-like-changed": lambda before, then: then.clear(),
    "like-is-flagged": lambda before, then: then.update(user_has_liked=False),
    "like-stands-first": lambda before, then: then.append(then.pop(0)),
    "like-counts-once": lambda before, then: then["likes"].update(count=9),
    "unlike-is-unlisted": lambda before, then: then.append({**SELF, "id": str(ADA)}),
    "unlike-is-flagged": lambda before, then: then.update(user_has_liked=True),
    "unlike-counts-once": lambda before, then: then["likes"].update(count=9),
    "no-other-media-changed": lambda before, then: last(then, filter="Another"),
    "unlike-leaves-liked-media": lambda before, then: then.append({"id": FEW}),
    "embedded-likes-listed": lambda before, then: then[0].update(id="5"),
    "embedded-comments-listed": lambda before, then: last(then, text="Other words"),
    "self-as-by-id": lambda before, then: then.update(bio="Another"),
    "found-where-it-is": lambda before, then: then.clear(),
    "found-where-they-are": lambda before, then: then.clear(),
    "listed-at-location": lambda before, then: then.clear(),
    "listed-by-tag": lambda before, then: then.clear(),
    "requests-are-listed": lambda before, then: then.clear(),
    "found-by-name": lambda before, then: then.clear(),
    "found-by-username": lambda before, then: then.clear(),
    "followed-fill-the-feed": lambda before, then: then.clear(),
    "title-is-caption": lambda before, then: then["caption"].update(text="Another"),
    "searchLocations listed-as-by-id": lambda before, then: then.update(name="Another"),
    "listed-as-by-id": lambda before, then: then.update(filter="Another", username="another"),
    "owners-are-followed": lambda before, then: then.update(outgoing_status="none"),
    "followed-are-followed": lambda before, then: then.update(outgoing_status="requested"),
    "followers-follow": lambda before, then: then.update(incoming_status="none"),
    "listed-have-requested": lambda before, then: then.update(incoming_status="followed_by"),
    "counted-as-by-name": lambda before, then: then.update(media_count=0),
    "same-by-id": lambda before, then: then["user"].update(full_name="Another"),
    "likes-as-counted": lambda before, then: then.append({**SELF, "id": "6"}),
    "like-as-flagged": lambda before, then: last(then, id=str(ADA)),
    "comments-as-counted": lambda before, then: then.append({**then[0], "id": "6"}),
    "change-is-shown": lambda before, then: then.update(outgoing_status="follows"),
    "private-must-approve": lambda before, then: then.update(target_user_is_private=True),
    "block-is-shown": lambda before, then: then.update(incoming_status="none"),
    "unblock-is-shown": lambda before, then: then.update(incoming_status="blocked_by_you"),
    "approval-is-shown": lambda before, then: then.update(incoming_status="requested_by"),
    "ignoring-is-shown": lambda before, then: then.update(incoming_status="requested_by"),
    "incoming-unchanged": lambda before, then: then.update(incoming_status="none"),
    "outgoing-unchanged": lambda before, then: before.update(outgoing_status="follows"),
    "ended-is-not-listed": lambda before, then: then.append({**SELF, "id": str(BELA)}),
    "no-other-follow-lost": lambda before, then: then.pop(0),
    "no-other-follower-lost": lambda before, then: then.pop(0),
    "answered-requests-gone": lambda before, then: then.append({**SELF, "id": str(ASKING)}),
    "subscription-is-listed": lambda before, then: last(then, aspect="other"),
    "no-subscription-lost": lambda before, then: then.pop(0),
    "subscription-is-gone": lambda before, then: then.append(before[0]),
    "kind-is-gone": lambda before, then: then.append({**then[0], "id": "6", "object": "user"}),
    "no-other-subscription-deleted": lambda before, then: then.clear(),
}


def question(law: Law, request: Any, response: Any = None, item: Any = None) -> Unsent:
    """The request of a law, before and after."""
    [operation] = [one for one in JUDGE.spec.operations if one.name == law.then]
    given = {**(request["path"] | request["query"]), **law.arguments(request, response, item=item)}
    path = "/v1" + operation.template.format_map(given)
    names = {one.name for one in operation.parameters if one.location == "query"}
    query = {name: str(given[name]) for name in given.keys() & names}
    return unsent("GET", path, **query, **(CLIENT if "subscriptions" in path else {}))


def observed(server: Server, law: Law, request: Any, response: Any = None, item: Any = None) -> Any:
    """The response to that request, as laws see it."""
    one = question(law, request, response, item)
    view = response_view(JUDGE.subject(one.exchange(None, 200, one.response_of(server))))
    assert view is not None
    return view


def test_every_law_of_two_requests_has_a_violation() -> None:
    assert {key.split()[-1] for key in SPOILS} == {law.name for law in OF_TWO}


@pytest.mark.no_cover
@pytest.mark.parametrize("law", OF_TWO, ids=lambda law: f"{law.operation}-{law.name}")
def test_a_law_of_two_requests_is_satisfied_and_can_be_violated_alone(law: Law) -> None:
    key = f"{law.operation} {law.name}"
    given = REQUESTS_OF_TWO.get(key) or REQUESTS_OF_TWO.get(law.operation) or REQUESTS[law.operation]
    with Server() as server, callback(_echo) as address:
        if law.operation == "unlikeMedia":
            REQUESTS_OF_TWO["likeMedia"].response_of(server)
        if law.operation == "createSubscription":
            given = Unsent(given.method, given.path, {**given.fields, "callback_url": address})
        request = request_view(JUDGE.subject(given.exchange()))
        assert request is not None
        assert applying([law], request)
        read = given.method == "GET"
        before = None if read else observed(server, law, request)
        response = response_view(JUDGE.subject(given.exchange(None, 200, given.response_of(server))))
        assert response is not None
        items = law.items(request, response)
        if law.each:  # some may be hidden
            items = [one for one in items if question(law, request, response, one).sent(server).is_success]
        then = observed(server, law, request, response, items[0])
    before = before or then
    others = applying([one for one in JUDGE.laws[law.operation] if one.then == law.then], request)
    assert broken(others, request, response, before, then, items[0]) == []
    before, then = copy.deepcopy((before, then))
    (SPOILS.get(key) or SPOILS[law.name])(before["body"]["data"], then["body"]["data"])
    assert broken(others, request, response, before, then, items[0]) == [law.name]


def broken(laws: list[Law], request: Any, response: Any, before: Any, then: Any, item: Any) -> list[str]:
    return [one.name for one in laws if not one.satisfied(request, response, before, then, item=item)]


@pytest.mark.parametrize("law", OF_REJECTIONS, ids=lambda law: f"{law.operation}-{law.name}")
@pytest.mark.parametrize(("user", "is_open"), [(seed_data.STRANGER, False), (FRIEND, True), (BELA, True)])
def test_a_law_of_rejections_states_where_they_must_come(
    law: Law, user: int, is_open: bool, server: Server
) -> None:
    given = get(f"/users/{user}/relationship")
    request = request_view(JUDGE.subject(given.exchange()))
    response = response_view(JUDGE.subject(given.exchange(None, 200, given.response_of(server))))
    assert request is not None
    assert response is not None
    assert applying([law], request)
    assert question(law, request, response).sent(server).is_success is is_open
    refused: dict[str, Any] = {"status": 400, "headers": {}, "body": {}}
    granted = {**refused, "status": 200}
    assert law.satisfied(request, response, refused, refused)
    assert law.satisfied(request, response, granted, granted) is is_open


def _echo(
    method: str, target: str, headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """The app that is called back when it subscribes."""
    return 200, {}, dict(parse_qsl(urlsplit(target).query))["hub.challenge"].encode()
