"""The server keeps the contract: all operations, every documented status, and nothing to find."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from instagram_server import Settings, create_app, world
from wirecheck.checks import Judge
from wirecheck.model import Exchange, Finding
from wirecheck.spec import bundled, load

TOKENS = world.tokens()
MEDIA = "1127838097061452801_1001"
OTHERS_MEDIA = "1126388545599054851_1002"
COMMENT = "1127868296050256900"
JUDGE = Judge(load(bundled()))
ADDITIONS = {"listSubscriptions", "createSubscription", "deleteSubscriptions", "exchangeCode", "getEmbed"}
ADDITIONS |= {"redirectToMedia"}

# For each operation: method, path and form of a request that is granted, and of one that is not.
CASES: dict[str, tuple[tuple[str, str, dict[str, str]], tuple[str, str, dict[str, str]]]] = {
    "listComments": (("GET", f"/media/{MEDIA}/comments", {}), ("GET", "/media/1_1/comments", {})),
    "createComment": (
        ("POST", f"/media/{MEDIA}/comments", {"text": "Lovely #light"}),
        ("POST", f"/media/{MEDIA}/comments", {"text": "x" * 301}),
    ),
    "deleteComment": (
        ("DELETE", f"/media/{MEDIA}/comments/{COMMENT}", {}),
        ("DELETE", f"/media/{MEDIA}/comments/1", {}),
    ),
    "listGeographyRecentMedia": (
        ("GET", "/geographies/501/media/recent", {}),
        ("GET", "/geographies/1/media/recent", {}),
    ),
    "listLikes": (("GET", f"/media/{MEDIA}/likes", {}), ("GET", "/media/x/likes", {})),
    "likeMedia": (("POST", f"/media/{OTHERS_MEDIA}/likes", {}), ("POST", "/media/1/likes", {})),
    "unlikeMedia": (("DELETE", f"/media/{OTHERS_MEDIA}/likes", {}), ("DELETE", "/media/1/likes", {})),
    "searchLocations": (
        ("GET", "/locations/search?lat=48.8584&lng=2.2945", {}),
        ("GET", "/locations/search", {}),
    ),
    "getLocation": (("GET", "/locations/301", {}), ("GET", "/locations/none", {})),
    "listLocationRecentMedia": (
        ("GET", "/locations/301/media/recent", {}),
        ("GET", "/locations/301/media/recent?max_id=x", {}),
    ),
    "listPopularMedia": (("GET", "/media/popular", {}), ("GET", "/media/popular", {"access_token": "x"})),
    "searchMedia": (
        ("GET", "/media/search?lat=48.8584&lng=2.2945&distance=5000", {}),
        ("GET", "/media/search?lat=91&lng=2", {}),
    ),
    "getMediaByShortcode": (
        ("GET", "/media/shortcode/-m4sYTgBwB", {}),
        ("GET", "/media/shortcode/!", {}),
    ),
    "getMedia": (("GET", f"/media/{MEDIA}", {}), ("GET", "/media/1", {})),
    "listRequestedBy": (
        ("GET", "/users/self/requested-by", {}),
        ("GET", "/users/self/requested-by", {"access_token": "x"}),
    ),
    "listFollowedBy": (("GET", "/users/self/followed-by", {}), ("GET", "/users/1/followed-by", {})),
    "listFollows": (("GET", "/users/1002/follows", {}), ("GET", "/users/self/follows?count=0", {})),
    "getRelationship": (("GET", "/users/1002/relationship", {}), ("GET", "/users/1/relationship", {})),
    "updateRelationship": (
        ("POST", "/users/1002/relationship", {"action": "follow"}),
        ("POST", "/users/1002/relationship", {"action": "deny"}),
    ),
    "searchTags": (("GET", "/tags/search?q=snow", {}), ("GET", "/tags/search", {})),
    "getTag": (("GET", "/tags/snow", {}), ("GET", "/tags/nobody-has-this", {})),
    "listTagRecentMedia": (
        ("GET", "/tags/snow/media/recent?count=1", {}),
        ("GET", "/tags/snow/media/recent?count=none", {}),
    ),
    "searchUsers": (("GET", "/users/search?q=ada", {}), ("GET", "/users/search", {})),
    "getFeed": (("GET", "/users/self/feed?count=5", {}), ("GET", "/users/self/feed?count=-1", {})),
    "listLikedMedia": (
        ("GET", "/users/self/media/liked", {}),
        ("GET", "/users/self/media/liked?max_like_id=x", {}),
    ),
    "getUser": (("GET", "/users/self", {}), ("GET", "/users/1", {})),
    "listUserRecentMedia": (
        ("GET", "/users/self/media/recent", {}),
        ("GET", "/users/none/media/recent", {}),
    ),
}


class Traffic:
    """Sends requests to an app and judges every exchange."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self.seen: dict[str, set[str]] = {}
        self.findings: list[Finding] = []

    def send(self, method: str, path: str, token: str | None, form: dict[str, str]) -> httpx.Response:
        return asyncio.run(self._send(method, path, token, form))

    async def _send(self, method: str, path: str, token: str | None, form: dict[str, str]) -> httpx.Response:
        url = httpx.URL(f"https://api.instagram.test/v1{path}")
        fields = form if token is None else {"access_token": token, **form}
        data = fields if method == "POST" and fields else None
        if method != "POST":
            url = url.copy_merge_params(fields)
        request = httpx.Request(method, url, data=data)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app)) as client:
            response = await client.send(request)
        exchange = Exchange(
            source="server",
            entry=0,
            method=method,
            url=str(request.url),
            status=response.status_code,
            request_headers=tuple((name.lower(), value) for name, value in request.headers.items()),
            request_body=request.read(),
            response_headers=tuple((name.lower(), value) for name, value in response.headers.items()),
            response_body=response.content,
        )
        verdict = JUDGE.judge(exchange)
        self.findings += verdict.findings
        if verdict.operation:
            self.seen.setdefault(verdict.operation, set()).add(str(response.status_code))
        return response


@pytest.fixture
def traffic() -> Iterator[Traffic]:
    made = Traffic(Settings())
    yield made
    made.app.state.platform.store.close()


def test_every_operation_with_every_documented_status_and_nothing_to_find(traffic: Traffic) -> None:
    assert {one.name for one in JUDGE.spec.operations} - ADDITIONS == CASES.keys()
    for operation, (granted, refused) in CASES.items():
        method, path, form = granted
        assert traffic.send(method, path, TOKENS["all"], form).status_code == 200, operation
        assert traffic.send(method, path, None, form).status_code == 400, operation
        assert traffic.send(method, path, world.SIGNED_TOKEN, form).status_code == 403, operation
        method, path, form = refused
        assert traffic.send(method, path, TOKENS["all"], form).status_code == 400, operation
    assert traffic.send("GET", f"/users/{world.CLOSED_ACCOUNT}", TOKENS["all"], {}).status_code == 404
    exhausted = Traffic(Settings(rate_limit=1))
    for method, path, form in (granted for granted, _ in CASES.values()):
        exhausted.send(method, path, TOKENS["all"], form)
        exhausted.send(method, path, TOKENS["all"], form)
    assert [finding.message for finding in traffic.findings + exhausted.findings] == []
    for one in JUDGE.spec.operations:
        if one.name not in ADDITIONS:
            seen = traffic.seen[one.name] | exhausted.seen[one.name]
            assert seen == set(one.statuses), one.name


@pytest.mark.parametrize(
    "scope", ["basic", "public_content", "follower_list", "comments", "relationships", "likes"]
)
def test_a_token_without_a_scope_is_refused_within_the_contract(traffic: Traffic, scope: str) -> None:
    refused = 0
    for granted, _ in CASES.values():
        answer = traffic.send(granted[0], granted[1], TOKENS[f"without-{scope}"], granted[2])
        if answer.status_code == 400:
            refused += 1
            assert answer.json()["meta"]["error_type"] == "OAuthPermissionsException"
            assert f"scope={scope}," in answer.json()["meta"]["error_message"]
    assert refused
    assert traffic.findings == []
