"""Scopes, limits, signatures and the sandbox; every error of the API; and its transport."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from instagram_server import access, seed_data, words
from instagram_server.api import OPERATIONS
from instagram_server.config import Era
from instagram_server.errors import ApiError
from support.in_process import ALL, ORIGIN, OTHER, Server

TOKENS = seed_data.tokens()
BELA = seed_data.BELA
NEW, SANDBOX, SIGNED = seed_data.NEW_APP_TOKEN, seed_data.SANDBOX_TOKEN, seed_data.SIGNED_TOKEN
SNOW, TOWER = "1127838097061452801_1001", "1126388545599054851_1002"
COMMENT = "1127868296050256900"
SECRET = seed_data.SIGNED_CLIENT.secret

# Method, path and parameters for each of the 27 operations, in the order of the reference; the
# letter stands for the date that removed it (docs/sources.md, section 2), as for the variants with `self`.
CASES: tuple[tuple[str, str, str, dict[str, str | int]], ...] = (
    ("A", "GET", f"/media/{TOWER}/comments", {}),
    ("A", "POST", f"/media/{SNOW}/comments", {"text": "Lovely"}),
    ("A", "DELETE", f"/media/{SNOW}/comments/{COMMENT}", {}),
    ("N", "GET", "/geographies/501/media/recent", {}),
    ("A", "GET", f"/media/{SNOW}/likes", {}),
    ("A", "POST", f"/media/{SNOW}/likes", {}),
    ("A", "DELETE", f"/media/{SNOW}/likes", {}),
    ("P", "GET", "/locations/search", {"lat": "48.8584", "lng": "2.2945"}),
    ("P", "GET", "/locations/301", {}),
    ("P", "GET", "/locations/301/media/recent", {}),
    ("N", "GET", "/media/popular", {}),
    ("P", "GET", "/media/search", {"lat": "48.8584", "lng": "2.2945"}),
    ("A", "GET", "/media/shortcode/-m4sYTgBwB", {}),
    ("A", "GET", f"/media/{SNOW}", {}),
    ("A", "GET", "/users/self/requested-by", {}),
    ("N", "GET", f"/users/{BELA}/followed-by", {}),
    ("N", "GET", f"/users/{BELA}/follows", {}),
    ("A", "GET", f"/users/{BELA}/relationship", {}),
    ("A", "POST", f"/users/{BELA}/relationship", {"action": "follow"}),
    ("P", "GET", "/tags/search", {"q": "snow"}),
    ("P", "GET", "/tags/snow", {}),
    ("P", "GET", "/tags/snow/media/recent", {}),
    ("A", "GET", "/users/search", {"q": "ada"}),
    ("N", "GET", "/users/self/feed", {}),
    ("A", "GET", "/users/self/media/liked", {}),
    ("A", "GET", f"/users/{BELA}", {}),
    ("A", "GET", f"/users/{BELA}/media/recent", {}),
)
FOR_SELF: tuple[tuple[str, str, str, dict[str, str | int]], ...] = (
    ("P", "GET", f"/media/{SNOW}/comments", {}),
    ("P", "GET", f"/media/{SNOW.partition('_')[0]}/comments", {}),
    ("A", "GET", "/users/self/followed-by", {}),
    ("A", "GET", "/users/self/follows", {}),
    ("B", "GET", "/users/self", {}),
    ("B", "GET", "/users/self/media/recent", {}),
)
REMOVED = {
    Era.NOVEMBER_2015: "",
    Era.JUNE_2016: "N",
    Era.APRIL_2018: "NA",
    Era.DECEMBER_2018: "NAP",
    Era.JUNE_2020: "NAPB",
}
RETIRED = (400, "APINotAllowedError", "This endpoint has been retired")
INVALID_TOKEN = (400, "OAuthAccessTokenException", "The access_token provided is invalid.")


@pytest.fixture(scope="module")
def seeded() -> Iterator[Server]:
    """For tests whose changes affect no other test."""
    with Server() as server:
        yield server


def test_every_operation_is_tried_here() -> None:
    assert [(method, path.count("/")) for _, method, path, _ in CASES] == [
        (operation.method, operation.template.count("/")) for operation in OPERATIONS
    ]


@pytest.mark.parametrize("app", ["old", "new"])
@pytest.mark.parametrize("era", Era)
def test_an_operation_removed_before_an_era_is_retired(era: Era, app: str) -> None:
    removed = REMOVED[era] + ("N" if app == "new" else "")
    token = ALL if app == "old" else NEW
    with Server(era) as server:
        for letter, method, path, parameters in (*CASES, *FOR_SELF):
            if letter in removed:
                assert server.rejection(method, path, token, **parameters) == RETIRED, path
                assert server.rejection(method, path, "x", **parameters) == INVALID_TOKEN
            else:
                assert server.request(method, path, token, **parameters).status_code == 200, path


def test_results_by_place_or_tag_have_usernames_only_since_april_2018() -> None:
    with Server(Era.APRIL_2018) as server:
        for path in ("/tags/snow/media/recent", "/locations/301/media/recent"):
            result = server.data(path)
            assert result
            assert all(item["user"].keys() == {"username"} for item in result)
        assert "is_business" in server.data("/users/self")
        kinds = {item["type"] for item in server.data("/users/self/media/recent", count=33)}
    assert "carousel" in kinds
    with Server(Era.JUNE_2016) as server:
        assert "carousel" not in {item["type"] for item in server.data("/users/self/media/recent", count=33)}
        assert "is_business" not in server.data("/users/self")


# The cases that require a scope, by scope; the numbers are those of the reference.
REQUIRED = {
    "public_content": (1, 8, 9, 10, 12, 20, 21, 22, 26, 27),
    "follower_list": (15, 16, 17, 18),
    "comments": (2, 3),
    "relationships": (19,),
    "likes": (6, 7),
    "basic": (4, 5, 11, 13, 14, 23, 24, 25),
}


@pytest.mark.parametrize("scope", REQUIRED)
def test_a_token_without_a_scope_is_rejected_only_where_the_scope_is_required(scope: str) -> None:
    ending = "write permissions" if scope in ("likes", "comments", "relationships") else "this permissions"
    message = (
        f"This request requires scope={scope}, but this access token is not authorized with this scope. "
        f"The user must re-authorize your application with scope={scope} to be granted {ending}."
    )
    token = TOKENS[f"without-{scope}"]
    own = {"basic": {0, 1, 4, 5}, "follower_list": {2, 3}}
    with Server() as server:
        for number, (_, method, path, parameters) in enumerate(CASES, 1):
            if number in REQUIRED[scope]:
                rejection = server.rejection(method, path, token, **parameters)
                assert rejection == (400, "OAuthPermissionsException", message), path
            else:
                assert server.request(method, path, token, **parameters).status_code == 200, path
        for number, (_, method, path, parameters) in enumerate(FOR_SELF):
            status = server.request(method, path, token, **parameters).status_code
            assert status == (400 if number in own.get(scope, ()) else 200), path


def test_content_of_other_users_requires_public_content(seeded: Server) -> None:
    basic = TOKENS["basic"]
    assert seeded.data(f"/media/{SNOW}", basic)["id"] == SNOW
    assert seeded.data(f"/users/{seed_data.ADA}", basic)["id"] == str(seed_data.ADA)
    code = seeded.data(f"/media/{TOWER}")["link"].split("/")[-2]
    for path in (f"/media/{TOWER}", f"/media/shortcode/{code}", f"/media/{TOWER}/comments", f"/users/{BELA}"):
        assert "scope=public_content," in seeded.rejection("GET", path, basic)[2]


INVALID = "APIInvalidParametersError"
TEXT = {"text": "Nice"}
ErrorCase = tuple[str, str, Mapping[str, str | int], str | None, int, str, str]


def _invalid(*requests: tuple[str, Mapping[str, str | int]]) -> list[ErrorCase]:
    return [("GET", path, parameters, ALL, 400, INVALID, "?") for path, parameters in requests]


# "?": words that no source knows.
CATALOGUE: tuple[ErrorCase, ...] = (
    ("GET", "/users/self", {}, None, 400, "OAuthParameterException", "Missing access_token URL parameter."),
    ("GET", "/users/self", {}, "", 400, "OAuthParameterException", "Missing access_token URL parameter."),
    ("GET", "/users/self", {}, "1001.1677ed0.x", *INVALID_TOKEN),
    ("GET", "/users/self", {}, TOKENS["revoked"], *INVALID_TOKEN),
    *(
        (method, path, TEXT, seed_data.UNAPPROVED_TOKEN, 400, "OAuthPermissionsException",
         "This client has not been approved to access this resource.")
        for method, path in (
            ("POST", f"/media/{SNOW}/comments"),
            ("DELETE", f"/media/{SNOW}/comments/{COMMENT}"),
            ("POST", f"/media/{SNOW}/likes"),
            ("DELETE", f"/media/{SNOW}/likes"),
            ("POST", f"/users/{BELA}/relationship"),
        )
    ),
    ("GET", "/users/self", {}, SIGNED, 403, "OAuthForbiddenException",
     "Invalid signed-request: Missing required parameter 'sig'"),
    ("GET", "/users/self", {"sig": "0" * 64}, SIGNED, 403, "OAuthForbiddenException",
     "Invalid signed-request: Signature does not match"),
    *(
        ("GET", path, {}, ALL, 400, "APINotFoundError", "this user does not exist")
        for path in ("/users/1", "/users/1/media/recent", "/users/1/follows", "/users/1/relationship")
    ),
    ("GET", f"/users/{seed_data.CLOSED_ACCOUNT}", {}, ALL, 404, "APINotFoundError",
     "this user does not exist"),
    *(
        ("GET", f"/media/{path}", {}, ALL, 400, "APINotFoundError", "invalid media id")
        for path in ("1", "1_1", "x", f"{SNOW}x", f"{SNOW.partition('_')[0]}_1002", "shortcode/BUG",
                     "shortcode/!", "9223372036854775808", "1/comments", "1/likes")
    ),
    ("GET", f"/users/{seed_data.STRANGER}", {}, ALL, 400, "APINotAllowedError",
     "you cannot view this resource"),
    ("GET", f"/users/{seed_data.AGE_GATED}", {}, ALL, 400, "APIAgeGatedError",
     "you cannot view this resource"),
    ("GET", f"/tags/{words.BANNED_TAG}", {}, ALL, 400, "APINotAllowedError", "This tag cannot be viewed"),
    ("GET", f"/tags/{words.BANNED_TAG}/media/recent", {}, ALL, 400, "APINotAllowedError",
     "This tag cannot be viewed"),
    ("GET", "/users/self/feed", {}, NEW, *RETIRED),
    ("GET", "/users/self/feed", {"count": 0}, ALL, 400, INVALID, "Count must be larger than zero."),
    ("GET", "/users/search", {"q": "a", "count": -1}, ALL, 400, INVALID, "Count must be larger than zero."),
    *(
        ("POST", f"/users/{BELA}/relationship", action, ALL, 400, INVALID,
         "please supply action=approve,ignore,follow,block,unblock,unfollow")
        for action in ({}, {"action": "deny"}, {"action": ""}, {"action": "FOLLOW"})
    ),
    ("POST", f"/users/{seed_data.ADA}/relationship", {"action": "follow"}, ALL, 400, INVALID, "?"),
    ("POST", f"/media/{TOWER}/comments", {"text": "x" * 301}, ALL, 400, "APICommentTooLongError",
     "Your comment is too long."),
    ("POST", f"/media/{TOWER}/comments", {"text": "#a#b#c#d#e"}, ALL, 400, "APICommentTooManyTagsError", "?"),
    ("POST", f"/media/{TOWER}/comments", {"text": "OH"}, ALL, 400, "APICommentAllCapsError", "?"),
    ("POST", f"/media/{TOWER}/comments", {}, ALL, 400, INVALID, "?"),
    ("GET", "/locations/1", {}, ALL, 400, "APINotFoundError", "?"),
    ("GET", "/geographies/1/media/recent", {}, ALL, 400, "APINotFoundError", "?"),
    ("GET", "/tags/unused-tag", {}, ALL, 400, "APINotFoundError", "?"),
    ("DELETE", f"/media/{SNOW}/comments/1", {}, ALL, 400, "APINotFoundError", "?"),
    ("DELETE", f"/media/{SNOW}/comments/{COMMENT}", {}, seed_data.UNAPPROVED_TOKEN, 400,
     "OAuthPermissionsException", "?"),
    *_invalid(
        ("/tags/search", {}),
        ("/users/search", {"q": ""}),
        ("/media/search", {"lat": "1"}),
        ("/media/search", {"lat": "nan", "lng": "0"}),
        ("/media/search", {"lat": "90.1", "lng": "0"}),
        ("/media/search", {"lat": "0", "lng": "0", "distance": 5001}),
        ("/media/search", {"lat": "0", "lng": "0", "distance": -1}),
        ("/media/search", {"lat": "0", "lng": "0", "min_timestamp": 1, "max_timestamp": 604802}),
        ("/locations/search", {}),
        ("/locations/search", {"lat": "1"}),
        ("/users/self/media/recent", {"max_id": "x"}),
        ("/users/self/media/recent", {"min_timestamp": "soon"}),
        ("/users/self/media/liked", {"max_like_id": "1_1"}),
        ("/users/self/follows", {"cursor": "-1"}),
        ("/tags/snow/media/recent", {"max_tag_id": SNOW}),
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", range(len(CATALOGUE)))
def test_every_error_of_the_catalogue_is_returned(seeded: Server, case: int) -> None:
    method, path, parameters, token, status, kind, message = CATALOGUE[case]
    result = seeded.rejection(method, path, token, **parameters)
    assert result[:2] == (status, kind)
    assert message in ("?", result[2])
    body = seeded.request(method, path, token, **parameters).json()
    assert body.keys() == ({"code", "error_type", "error_message"} if status == 403 else {"meta"})


def test_the_limits_are_the_rest_of_the_catalogue() -> None:
    with Server(rate_limit=3, write_limit=1) as server:
        path = f"/media/{TOWER}/likes"
        server.data(path, method="POST")
        response = server.request("POST", path)
        assert response.json() == {
            "meta": {
                "error_type": "OAuthRateLimitException",
                "code": 429,
                "error_message": "The maximum number of requests per hour has been exceeded. "
                "You have made 2 requests of the 1 allowed in the last hour.",
            }
        }
        server.data("/users/self")
        response = server.request("GET", "/users/self")
        assert response.json() == {
            "code": 429,
            "error_type": "OAuthRateLimitException",
            "error_message": "You have exceeded the maximum number of requests per hour. "
            "You have performed a total of 4 requests in the last hour. "
            "Our general maximum limit is set at 3 requests per hour.",
        }
        assert response.status_code == 429
        assert server.data("/users/self", OTHER)["id"] == str(BELA)


def remaining(server: Server, token: str = ALL, path: str = "/users/self") -> tuple[int, int]:
    """The status, and the requests left in this hour."""
    response = server.request("GET", path, token)
    return response.status_code, int(response.headers["x-ratelimit-remaining"])


def test_the_hour_slides() -> None:
    with Server(rate_limit=3) as server:
        start = server.time
        result = []
        for second in (0, 10, 20, 3599, 3600, 3610, 3619, 7200):
            server.time = start + second
            result.append(remaining(server))
    # Rejected requests count, too: at 3600 those of 10, 20 and 3599 are within the hour, at 7200 those
    # of 3610 and 3619.
    assert result == [(200, 2), (200, 1), (200, 0), (429, 0), (429, 0), (429, 0), (429, 0), (200, 0)]


def test_failed_requests_count_and_every_response_reports_the_limit() -> None:
    with Server(rate_limit=10) as server:
        for left, path in enumerate(("/users/1", "/users/self/feed?count=0", "/tags/search"), 1):
            assert remaining(server, ALL, path) == (400, 10 - left)
        assert remaining(server, ALL, "/users/self?callback=f") == (200, 6)
        for path, token in (("/users/self", None), ("/users/self", "x"), ("/users/self", SIGNED)):
            headers = server.request("GET", path, token).headers
            assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("10", "10")


def test_each_kind_of_write_has_its_own_limit() -> None:
    likes, comments = f"/media/{TOWER}/likes", f"/media/{TOWER}/comments"
    relationship = f"/users/{BELA}/relationship"
    with Server(rate_limit=100, write_limit=2) as server:
        for method, path, more in (
            ("POST", likes, {}),
            ("POST", comments, {}),  # rejected because the text is missing, and yet counted
            ("POST", relationship, {"action": "follow"}),
            ("DELETE", likes, {}),
            ("DELETE", f"{comments}/1", {}),
            ("POST", relationship, {"action": "deny"}),
        ):
            assert server.request(method, path, ALL, **more).status_code != 429
        for method, path in (("POST", likes), ("DELETE", f"{comments}/1"), ("POST", relationship)):
            assert server.rejection(method, path)[2].endswith(
                "made 3 requests of the 2 allowed in the last hour."
            )
        assert server.request("GET", likes).status_code == 200
        assert server.request("POST", likes, OTHER).status_code == 200
        server.time += 3600
        assert server.request("POST", likes).status_code == 200


def test_without_limits_requests_are_counted_and_never_rejected() -> None:
    with Server() as server:
        assert [remaining(server)[1] for _ in range(3)] == [4999, 4998, 4997]
        for _ in range(70):
            server.data(f"/media/{TOWER}/likes", method="POST")
        assert remaining(server)[1] == 4926


VECTORS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("/users/self", {}, "cbf5a1f41db44412506cb6563a3218b50f45a710c7a8a65a3e9b18315bb338bf"),
    (
        *("/media/657988443280050001_25025320", {"count": "10"}),
        "260634b241a6cfef5e4644c205fb30246ff637591142781b86e2075faf1b163a",
    ),
    (
        *("/media/1234567894561231236_33215652/comments", {"text": "Great photo!"}),
        "26efbe3c43c5e3927d98d4a2adae1c4e751e47495bded47d94dee435f7f9d7df",
    ),
    (
        *("/media/1234567894561231236_33215652/likes", {}),
        "cf10e2d50bf54b7e83370645719136c60a82f5b3e3c6593bd7f145340ca2a6c8",
    ),
    (
        *("/tags/señor/media/recent", {"count": "5"}),
        "883a9b009c5deb28f9b81e5be9d633ae0c28ebb519c39b690a6c5b80c753065d",
    ),
    ("/users/self.json", {}, "01f195bb35469c287b76224add100797f521985f4137fc347499ae6c871377a9"),
)


@pytest.mark.parametrize(("path", "parameters", "signature"), VECTORS)
def test_signatures_are_those_on_record(path: str, parameters: dict[str, str], signature: str) -> None:
    secret = "6dc1787668c64c939929c17683d7cb74"
    fields = {"access_token": "fb2e77d.47a0479900504cb3ab4a1f626d174d2d", **parameters}
    assert access.sign(secret, path, fields).decode() == signature
    access.check_signature(secret, path, fields | {"sig": signature})
    access.check_signature(secret, f"{path}/", fields | {"sig": signature})
    for broken in (
        fields,
        fields | {"sig": signature.upper()},
        fields | {"sig": "ü"},
        fields | {"sig": signature, "count": "11"},
    ):
        with pytest.raises(ApiError) as caught:
            access.check_signature(secret, path, broken)
        assert caught.value.status == 403


def signed(path: str, **parameters: str) -> dict[str, str]:
    """The parameters with their signature, computed as the documentation says."""
    fields = {"access_token": SIGNED, **parameters}
    text = path + "".join(f"|{name}={value}" for name, value in sorted(fields.items()))
    return fields | {"sig": hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()}


def test_signed_requests_are_accepted(seeded: Server) -> None:
    for path, to_sign in (
        ("/users/self", "/users/self"),
        ("/users/self/", "/users/self"),
        ("/users/self.json", "/users/self.json"),
        ("/users/self.json", "/users/self"),
        ("/tags/señor", "/tags/señor"),
        ("/tags/❄️", "/tags/❄️"),
    ):
        response = seeded.send("GET", f"/v1{path}", params=signed(to_sign))
        assert response.status_code == 200, response.text
    path = f"/media/{TOWER}/comments"
    form = signed(path, text="Great photo! señor & co = ☕")
    assert seeded.send("POST", f"/v1{path}", data=form).status_code == 200
    changed = form | {"text": "Great photo?"}
    assert seeded.send("POST", f"/v1{path}", data=changed).status_code == 403
    page = seeded.send("GET", "/v1/users/self/media/recent", params=signed("/users/self/media/recent"))
    next_url = page.json()["pagination"]["next_url"]
    assert "&sig=" in next_url
    assert seeded.send("GET", next_url).status_code == 403


def test_in_a_sandbox_only_its_users_and_their_newest_media_exist(seeded: Server) -> None:
    inside = {str(user) for user in seed_data.SANDBOX_USERS}
    recent = seeded.body("/users/self/media/recent", SANDBOX, count=33)
    assert recent["data"] == seeded.data("/users/self/media/recent", NEW, count=20)
    assert recent["pagination"] == {}
    older = seeded.data("/users/self/media/recent", NEW, count=33)[20]["id"]
    for path in (f"/media/{older}", f"/media/{older}/likes", f"/media/{older}/comments"):
        assert seeded.rejection("GET", path, SANDBOX)[2] == "invalid media id"
    outside = seeded.data(f"/users/{seed_data.DIARIST}/media/recent")[0]
    for path in (f"/media/{outside['id']}", f"/media/shortcode/{outside['link'].split('/')[-2]}"):
        assert seeded.rejection("GET", path, SANDBOX)[2] == "invalid media id"
    for more in ("", "/media/recent", "/relationship"):
        rejection = seeded.rejection("GET", f"/users/{seed_data.DIARIST}{more}", SANDBOX)
        assert rejection == (400, "APINotFoundError", "this user does not exist")
    users = [
        *seeded.data("/users/search", SANDBOX, q="a"),
        *seeded.data("/users/self/requested-by", SANDBOX),
        *seeded.data("/users/self/follows", SANDBOX),
        *seeded.data("/users/self/followed-by", SANDBOX),
    ]
    for item in recent["data"]:
        users += seeded.data(f"/media/{item['id']}/likes", SANDBOX)
        users += [other["from"] for other in seeded.data(f"/media/{item['id']}/comments", SANDBOX)]
    for path in ("/users/self/media/liked", "/tags/snow/media/recent", "/locations/301/media/recent"):
        users += [item["user"] for item in seeded.data(path, SANDBOX)]
    users += [item["user"] for item in seeded.data("/media/search?lat=48.8584&lng=2.2945", SANDBOX)]
    assert len({item["id"] for item in users}) > 2
    assert {item["id"] for item in users} <= inside
    assert seeded.request("POST", f"/media/{SNOW}/likes", SANDBOX).status_code == 200


@pytest.mark.parametrize("suffix", ["/", ".json", ".json/"])
def test_a_suffix_or_a_trailing_slash_changes_nothing(seeded: Server, suffix: str) -> None:
    for path in ("/users/self", "/users/self/media/recent", f"/media/{SNOW}", "/tags/snow", "/tags/search"):
        data = seeded.data(path, q="snow")
        assert seeded.data(path + suffix, q="snow") == data


@pytest.mark.parametrize("code", ["-m4sYTgBwB", "BWgrMATgBwB", "D"])
def test_a_shortcode_takes_no_suffix(seeded: Server, code: str) -> None:
    response = seeded.request("GET", f"/media/shortcode/{code}.json")
    assert (response.status_code, response.headers["content-type"][:9]) == (404, "text/html")


@pytest.mark.parametrize(
    "path",
    ["/v1", "/v1/", "/v1/nothing", "/v1/users", "/v1/users/self/none", "/v1/media//likes", "/v2/x", "/x"],
)
def test_unknown_routes_return_a_page(seeded: Server, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        response = seeded.send(method, path, params={"access_token": ALL})
        assert (response.status_code, response.headers["content-type"][:9]) == (404, "text/html")
        assert response.text.startswith("<!DOCTYPE html>")


def test_a_callback_gets_javascript_with_status_200(seeded: Server) -> None:
    for path, status in (("/users/self", 200), ("/users/1", 400), ("/users/self/feed?count=5", 200)):
        plain = seeded.request("GET", path)
        assert plain.status_code == status
        assert plain.headers["content-type"] == "application/json; charset=utf-8"
        response = seeded.request("GET", path, callback="jQuery.f_1[0]")
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("application/javascript")
        assert response.text.startswith("/**/ jQuery.f_1[0](")
        body = json.loads(response.text.removeprefix("/**/ jQuery.f_1[0](").removesuffix(")"))
        assert body["meta"] == plain.json()["meta"]
        if body.get("pagination"):
            assert "callback=jQuery.f_1%5B0%5D" in body["pagination"]["next_url"]
            assert seeded.send("GET", body["pagination"]["next_url"]).text.startswith("/**/ jQuery")
    for callback in ("alert(1)//", "a b", "", "<script>", "ü"):
        assert seeded.request("GET", "/users/self", callback=callback).json()["meta"] == {"code": 200}


def test_post_can_stand_for_delete() -> None:
    path = f"/media/{TOWER}/likes"
    with Server() as server:
        server.data(path, method="POST")
        for tunnel in ({"_method": "DELETE"}, {"_method": "delete"}):
            assert server.data(path, method="POST", **tunnel) is None
            assert str(seed_data.ADA) not in [item["id"] for item in server.data(path)]
            server.data(path, method="POST")
        assert server.request("GET", path, _method="DELETE").status_code == 200
        assert str(seed_data.ADA) in [item["id"] for item in server.data(path)]
        response = server.request("POST", path, _method="PUT")
        assert (response.status_code, response.headers["allow"]) == (405, "DELETE, GET, HEAD, POST")


def test_forms_and_the_query_are_read_alike() -> None:
    path = f"/v1/media/{TOWER}/comments"
    with Server() as server:
        for text, more in (
            ("in the query", {"params": {"access_token": ALL, "text": "in the query"}}),
            ("urlencoded ü", {"data": {"access_token": ALL, "text": "urlencoded ü"}}),
            (
                "multipart ☕",
                {"files": {"access_token": (None, ALL), "text": (None, "multipart ☕".encode())}},
            ),
            ("both", {"params": {"access_token": ALL, "text": "not this"}, "data": {"text": "both"}}),
        ):
            assert server.send("POST", path, **more).status_code == 200
            assert server.data(f"/media/{TOWER}/comments")[-1]["text"] == text


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"x" * (1 << 16), 403),
        (b"x" * ((1 << 16) + 1), 400),
        (b"&".join([b"a=1"] * 1001), 403),
        (b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\r\n--b--\r\n', 403),
        (b"--b\r\nContent-Disposition: form-data; name*=utf-8''%ff\r\n\r\nx\r\n--b--\r\n", 403),
        (b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n--c--\r\n--b--", 403),
        (b"--b", 403),
    ],
)
def test_odd_bodies_get_a_response(seeded: Server, content: bytes, status: int) -> None:
    for kind in ("multipart/form-data; boundary=b", "multipart/form-data", "application/json", "ü"):
        response = seeded.send(
            *("POST", f"/v1/media/{SNOW}/likes"),
            params={"access_token": SIGNED, "sig": "x"},
            content=content,
            headers={"content-type": kind.encode()},
        )
        assert response.status_code == status
        assert "x-ratelimit-limit" in response.headers


def test_a_body_that_is_not_a_form_has_no_fields() -> None:
    with Server() as server:
        for kind in ("text/plain", "application/json; charset=utf-8", "multipart/mixed; boundary=b"):
            response = server.send(
                *("POST", f"/v1/media/{TOWER}/comments"),
                params={"access_token": ALL},
                content=b"text=Lovely+light",
                headers={"content-type": kind},
            )
            assert response.status_code == 400


def test_literals_win_over_parameters(seeded: Server) -> None:
    assert "counts" in seeded.data("/users/self")
    assert isinstance(seeded.data("/users/search", q="ada"), list)
    assert isinstance(seeded.data("/media/popular"), list)


VALUES = st.one_of(
    st.sampled_from(["", "0", "-1", "1e400", "nan", "9" * 40, "\x00", "%", "½", "٣", "😀", "'; --", SNOW]),
    st.text(max_size=12),
)
NAMES = st.sampled_from(
    (
        *("count", "max_id", "min_id", "cursor", "max_tag_id", "min_tag_id", "max_like_id", "q", "lat"),
        *("lng", "distance", "min_timestamp", "max_timestamp", "text", "action", "_method", "callback"),
        *("sig", "é", "facebook_places_id", "foursquare_id"),
    )
)
SEGMENTS = st.one_of(
    st.sampled_from(["users", "self", "media", "recent", "tags", "search", "locations", "301", SNOW, "snow"]),
    VALUES,
)


@pytest.mark.no_cover
@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    case=st.sampled_from([*CASES, *FOR_SELF]),
    broken=st.dictionaries(NAMES, VALUES, max_size=3),
    segment=st.one_of(st.none(), st.tuples(st.integers(0, 4), SEGMENTS)),
    token=st.sampled_from([ALL, OTHER, SANDBOX, SIGNED, "x", None]),
)
def test_a_slightly_broken_request_gets_a_documented_shape(
    seeded: Server,
    case: tuple[str, str, str, dict[str, str | int]],
    broken: dict[str, str],
    segment: tuple[int, str] | None,
    token: str | None,
) -> None:
    _, method, path, parameters = case
    parts = path.split("/")[1:]
    if segment is not None:
        parts[segment[0] % len(parts)] = segment[1]
    fields: dict[str, Any] = {**parameters, **broken} | ({} if token is None else {"access_token": token})
    where = "data" if method == "POST" else "params"
    url = f"{ORIGIN}/v1/{'/'.join(quote(part, safe='') for part in parts)}"
    response = seeded.send(method, url, **{where: fields})
    if response.headers["content-type"].startswith("application/javascript"):
        return
    if response.headers["content-type"].startswith("text/html"):
        assert response.status_code in (404, 405)
        return
    body = response.json()
    assert body.get("meta", body)["code"] == response.status_code
    assert "x-ratelimit-remaining" in response.headers
    next_url = body.get("pagination", {}).get("next_url") if isinstance(body, dict) else None
    if next_url and token != SIGNED:
        assert seeded.send("GET", next_url).status_code == 200


def test_a_client_id_alone_is_no_longer_enough(seeded: Server) -> None:
    existing, unknown = seed_data.DEMO_CLIENT.id, "0" * 32
    token = (400, "OAuthAccessTokenException", "The access_token provided is invalid.")
    assert seeded.rejection("GET", "/media/popular", None, client_id=existing) == token
    client = "The client_id provided is invalid and does not match a valid application."
    rejection = seeded.rejection("GET", "/media/popular", None, client_id=unknown)
    assert rejection == (400, "OAuthParameterException", client)


def test_apps_in_sandbox_mode_have_lower_limits() -> None:
    with Server(rate_limit=5000, write_limit=60) as server:
        path = "/users/1002/relationship"
        responses = [
            server.request("POST", path, seed_data.SANDBOX_TOKEN, action="follow") for _ in range(31)
        ]
        assert [item.status_code for item in responses] == [200] * 30 + [429]
        assert responses[0].headers["X-Ratelimit-Limit"] == "500"
        for _ in range(500 - 31):
            assert server.request("GET", "/users/self", seed_data.SANDBOX_TOKEN).status_code == 200
        status, kind, message = server.rejection("GET", "/users/self", seed_data.SANDBOX_TOKEN)
        assert (status, kind) == (429, "OAuthRateLimitException")
        assert "set at 500 requests" in message


def test_unknown_routes_and_methods_report_the_limit(seeded: Server) -> None:
    for method, path, status in (("GET", "/nowhere", 404), ("PUT", "/users/self", 405)):
        response = seeded.send(method, f"/v1{path}")
        assert response.status_code == status
        assert response.headers["X-Ratelimit-Limit"] == "5000"


@pytest.mark.parametrize("name", ["%0A", "a%0Ab", "%00", "%E2%80%A8", "%2F", "%0D%0A"])
def test_any_character_may_occur_in_a_path(seeded: Server, name: str) -> None:
    for path in (f"/users/{name}", f"/tags/{name}", f"/media/{name}/likes"):
        response = seeded.send("GET", f"/v1{path}?access_token={ALL}")
        assert (response.status_code, response.json()["meta"]["error_type"]) == (400, "APINotFoundError")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "OPTIONS", "QUERY"])
def test_undocumented_methods_are_rejected(seeded: Server, method: str) -> None:
    for path in ("/v1/subscriptions", "/v1/subscriptions/", "/v1/users/self"):
        response = seeded.send(method, path)
        assert response.status_code == 405
        assert "GET" in response.headers["Allow"]


def test_a_body_that_is_too_large_is_read_to_its_end_and_rejected(seeded: Server) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(10):
            read += 1 << 20
            yield b"a" * (1 << 20)

    response = seeded.send("POST", f"/v1/media/1/comments?access_token={ALL}", content=body())
    assert response.status_code == 400
    assert response.json()["meta"]["error_message"] == "The body of the request is too large."
    assert read == 10 << 20
