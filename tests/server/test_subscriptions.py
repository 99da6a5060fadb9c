"""Subscriptions, the challenge, and notices of changes."""

import asyncio
import json
import re
from collections.abc import Coroutine, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from instagram_server import access, notifications, seed_data
from instagram_server.config import Era, Settings
from support.serving import Handler, callback, client_of, served, shared_app

PATH = "/v1/subscriptions"
DEMO, NEW, SIGNED = seed_data.DEMO_CLIENT, seed_data.NEW_CLIENT, seed_data.SIGNED_CLIENT
CREDENTIALS = {"client_id": DEMO.id, "client_secret": DEMO.secret}
TOKENS = seed_data.tokens()
LOCATION = "301"


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scenario)


class App:
    """An app that records the requests to its callback."""

    def __init__(self) -> None:
        self.challenges: list[dict[str, list[str]]] = []
        self.notices: list[tuple[dict[str, str], bytes]] = []

    def __call__(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        if method == "POST":
            self.notices.append((headers, body))
            return 200, {}, b""
        query = parse_qs(urlsplit(target).query)
        self.challenges.append(query)
        return 200, {}, query["hub.challenge"][0].encode()

    def changes(self) -> list[dict[str, Any]]:
        return [change for _, body in self.notices for change in json.loads(body)]


def form(url: str, **other: str) -> dict[str, str]:
    return (
        CREDENTIALS
        | {"object": "user", "aspect": "media", "verify_token": "w ü", "callback_url": url}
        | other
    )


def rejection(response: httpx.Response) -> tuple[str, str]:
    assert response.status_code == 400, response.text
    meta = response.json()["meta"]
    assert meta["code"] == 400
    return meta["error_type"], meta["error_message"]


def data(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    assert response.json()["meta"] == {"code": 200}
    return response.json()["data"]


def test_the_documented_signatures() -> None:
    change = {
        "changed_aspect": "media",
        "object": "user",
        "object_id": "190277687",
        "time": 1477869300,
        "subscription_id": 0,
        "data": {"media_id": "1372789645779973559_190277687"},
    }
    body = notifications.encode([change])
    assert len(body) == 158
    assert notifications.sign(DEMO.secret, body) == "b7a46779ea80aa385cec55c64688710088c0f2ac"


def test_a_subscription_is_made_listed_and_removed() -> None:
    async def scenario() -> None:
        app = App()
        async with served() as (client, _):
            with callback(app) as url:
                subscription = data(await client.post(PATH, data=form(f"{url}/back?a=1")))
            [query] = app.challenges
            assert query["a"] == ["1"]
            assert query["hub.mode"] == ["subscribe"]
            assert query["hub.verify_token"] == ["w ü"]
            assert re.fullmatch("[0-9a-f]{32}", query["hub.challenge"][0])
            assert subscription == {
                "object": "user",
                "object_id": None,
                "aspect": "media",
                "callback_url": f"{url}/back?a=1",
                "type": "subscription",
                "id": subscription["id"],
            }
            for path in (PATH, f"{PATH}/", f"{PATH}.json"):
                assert subscription in data(await client.get(path, params=CREDENTIALS))
            assert data(await client.delete(PATH, params=CREDENTIALS | {"id": subscription["id"]})) is None
            assert subscription not in data(await client.get(PATH, params=CREDENTIALS))
            gone = await client.delete(PATH, params=CREDENTIALS | {"id": subscription["id"]})
            assert rejection(gone) == ("APINotFoundError", "invalid subscription id")

    run(scenario())


@pytest.mark.parametrize("tunnelled", [False, True])
@pytest.mark.parametrize("kind", ["all", "user", "geography", "tag"])
def test_subscriptions_are_removed_by_kind(kind: str, tunnelled: bool) -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            before = {item["object"] for item in data(await client.get(PATH, params=CREDENTIALS))}
            fields = CREDENTIALS | {"object": kind}
            if tunnelled:
                response = await client.post(PATH, data=fields | {"_method": "delete"})
            else:
                response = await client.delete(PATH, params=fields)
            assert data(response) is None
            left = {item["object"] for item in data(await client.get(PATH, params=CREDENTIALS))}
            assert left == (set() if kind == "all" else before - {kind})

    run(scenario())


def _respond(status: int, headers: dict[str, str], body: bytes) -> Handler:
    return lambda *_: (status, headers, body)


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (_respond(200, {}, b"no"), "Challenge verification failed."),
        (_respond(200, {}, b"\xff" * 4096), "Challenge verification failed."),
        (_respond(404, {}, b""), "Invalid response"),
        (_respond(302, {"Location": "/elsewhere"}, b""), "Invalid response"),
        (lambda *all_: (200, {}, App()(*all_)[2] + b"\n"), "Challenge verification failed."),
    ],
)
def test_a_callback_must_return_the_challenge(handler: Handler, message: str) -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            with callback(handler) as url:
                response = await client.post(PATH, data=form(url))
            assert rejection(response) == ("APISubscriptionError", message)

    run(scenario())


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://app.example.com/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "http://[::2]/",
        "http://[::1/",
        "http://127.0.0.1:99999/",
        "file:///etc/passwd",
        "127.0.0.1",
        "http://localhost:1/ü",
        "http://localhost:1/ x",
        "http://localhost:1/\r\nX: y",
        "http://localhost:1/" + "x" * 3000,
        "http://",
    ],
)
def test_a_callback_must_be_within_reach(url: str) -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            response = await client.post(PATH, data=form(url))
            assert rejection(response) == ("APISubscriptionError", f'Unable to reach callback URL["{url}"].')

    run(scenario())


def test_a_slow_callback_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "SECONDS", 0.2)

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            for _n in range(40):
                writer.write(b"x")
                await asyncio.sleep(0.05)

    async def scenario() -> None:
        server = await asyncio.start_server(drip, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, served() as (client, _):
            response = await client.post(PATH, data=form(f"http://127.0.0.1:{port}/"))
            assert rejection(response)[1].startswith("Unable to reach")

    run(scenario())


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"client_id": ""}, ("OAuthParameterException", "Missing client_id or access_token URL parameter.")),
        ({"client_secret": ""}, ("OAuthClientException", "Missing client_secret URL parameter")),
        ({"client_secret": "ü"}, ("APISubscriptionError", 'Invalid "client_id" and/or "client_secret."')),
        ({"client_id": "no"}, ("APISubscriptionError", 'Invalid "client_id" and/or "client_secret."')),
        (
            {"object": "cat"},
            ("APISubscriptionError", "object must be one of user, tag, location, geography."),
        ),
        ({"aspect": "likes"}, ("APISubscriptionError", "aspect must be media.")),
        ({"callback_url": ""}, ("APISubscriptionError", "Missing callback_url parameter.")),
        ({"object": "tag"}, ("APISubscriptionError", "object_id must be the name of a tag.")),
        ({"object": "location", "object_id": "9"}, ("APINotFoundError", "invalid location id")),
        (
            {"object": "geography", "lat": "1", "lng": "1", "radius": "5001"},
            ("APISubscriptionError", "radius must be at most 5000."),
        ),
        ({"radius": "-1"}, ("APISubscriptionError", "radius must be at most 5000.")),
        (
            {"object": "geography", "lat": "1", "radius": "1"},
            ("APISubscriptionError", "lat, lng and radius are needed."),
        ),
        ({"object_id": "x" * 101}, ("APISubscriptionError", "object_id is too long.")),
        ({"verify_token": "x" * 257}, ("APISubscriptionError", "verify_token is too long.")),
        (
            {"object": "geography", "lat": "nan", "lng": "1", "radius": "1"},
            ("APIInvalidParametersError", "lat is out of range."),
        ),
        (
            {"object": "tag", "object_id": "snow", "client_id": NEW.id, "client_secret": NEW.secret},
            ("APINotAllowedError", "This endpoint has been retired"),
        ),
    ],
)
def test_an_invalid_subscription_is_rejected(other: dict[str, str], error: tuple[str, str]) -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            assert rejection(await client.post(PATH, data=form("http://127.0.0.1:1/") | other)) == error

    run(scenario())


def test_a_removal_must_name_its_subscriptions() -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            for other in ({}, {"object": "cat"}):
                response = await client.delete(PATH, params=CREDENTIALS | other)
                assert rejection(response)[0] == "APISubscriptionError"
            other_app = {"client_id": NEW.id, "client_secret": NEW.secret, "id": "20472636"}
            assert rejection(await client.delete(PATH, params=other_app))[0] == "APINotFoundError"

    run(scenario())


def test_a_signing_app_signs_here_too() -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            who = {"client_id": SIGNED.id, "client_secret": SIGNED.secret}
            assert (await client.get(PATH, params=who)).status_code == 403
            sig = access.sign(SIGNED.secret, "/subscriptions", who).decode()
            assert data(await client.get(PATH, params=who | {"sig": sig})) == []

    run(scenario())


def test_subscriptions_end() -> None:
    async def scenario() -> None:
        async with served(Settings(era=Era.APRIL_2018)) as (client, _):
            response = await client.get(PATH, params=CREDENTIALS)
            assert rejection(response) == ("APINotAllowedError", "This endpoint has been retired")

    run(scenario())


def test_requests_are_counted_by_app_and_every_response_reports_the_limit() -> None:
    async def scenario() -> None:
        async with served(Settings(rate_limit=2)) as (client, _):
            new = {"client_id": NEW.id, "client_secret": NEW.secret}
            responses = [
                await client.request(method, PATH, params=query)
                for method, query in [
                    ("GET", {}),
                    ("GET", CREDENTIALS),
                    ("DELETE", CREDENTIALS),
                    ("GET", CREDENTIALS),
                    ("GET", new),
                ]
            ]
            assert [item.status_code for item in responses] == [400, 200, 400, 429, 200]
            assert [item.headers["X-Ratelimit-Remaining"] for item in responses] == ["2", "1", "0", "0", "1"]
            assert {item.headers["X-Ratelimit-Limit"] for item in responses} == {"2"}
            assert responses[3].json()["error_type"] == "OAuthRateLimitException"

    run(scenario())


PARIS = {"lat": "48.8584", "lng": "2.2945"}
TOPICS = {
    "user": ({}, {}, str(seed_data.ADA)),
    "tag": ({"object_id": "Snow"}, {"caption": "so much #snow #SNOW"}, "snow"),
    "location": (
        {"object_id": LOCATION},
        {"location_id": LOCATION},
        LOCATION,
    ),
    "geography": ({**PARIS, "radius": "100"}, PARIS, None),
}


@pytest.mark.parametrize("kind", TOPICS)
def test_subscribers_are_notified_of_new_media(kind: str) -> None:
    topic, matching, object_id = TOPICS[kind]

    async def scenario() -> None:
        app = App()
        async with served() as (client, platform):
            with callback(app) as url:
                subscription = data(await client.post(PATH, data=form(url, object=kind, **topic)))
                misses = [{"access_token": TOKENS["all"], "lat": "10", "lng": "10"}] if kind != "user" else []
                posts = [await client.post("/demo/media", data=fields) for fields in misses]
                response = await client.post("/demo/media", data={"access_token": TOKENS["all"], **matching})
                assert response.status_code == 200
                assert all(post.status_code == 200 for post in posts)
                await notifications.settled(platform)
            number = response.json()["id"]
            [(headers, body)] = app.notices
            [change] = app.changes()
            assert change == {
                "changed_aspect": "media",
                "object": kind,
                "object_id": object_id or subscription["object_id"],
                "time": change["time"],
                "subscription_id": 0 if kind == "user" else int(subscription["id"]),
                "data": {"media_id": number} if kind == "user" else {},
            }
            assert headers["X-Hub-Signature"] == notifications.sign(DEMO.secret, body)
            assert headers["Content-Type"] == "application/json"
            assert headers["User-Agent"] == "Python-urllib/2.7"
            media = await client.get(f"/v1/media/{number}", params={"access_token": TOKENS["all"]})
            assert media.json()["data"]["type"] == "image"

    run(scenario())


def test_changes_gather_while_one_is_sent() -> None:
    async def scenario() -> None:
        app = App()
        async with served() as (client, platform):
            with callback(app) as url:
                data(await client.post(PATH, data=form(url)))
                fields = {"access_token": TOKENS["all"], "caption": "#same"}
                responses = [await client.post("/demo/media", data=fields) for _ in range(10)]
                await notifications.settled(platform)
            reported = [change["data"]["media_id"] for change in app.changes()]
            assert reported == [response.json()["id"] for response in responses]

    run(scenario())


def test_no_app_is_notified_of_private_media_or_of_users_of_other_apps() -> None:
    async def scenario() -> None:
        app = App()
        async with served() as (client, platform):
            with callback(app) as url:
                data(await client.post(PATH, data=form(url, object="tag", object_id="snow")))
                data(await client.post(PATH, data=form(url, client_id=NEW.id, client_secret=NEW.secret)))
                platform.store.run("UPDATE user SET is_private = 1 WHERE id = ?", seed_data.BELA)
                await client.post("/demo/media", data={"access_token": TOKENS["other"], "caption": "#snow"})
                await notifications.settled(platform)
            assert app.notices == []

    run(scenario())


def test_a_notification_that_cannot_be_delivered_is_dropped() -> None:
    async def scenario() -> None:
        async with served() as (client, platform):
            with callback(App()) as url:
                data(await client.post(PATH, data=form(url)))
            assert (await client.post("/demo/media", data={"access_token": TOKENS["all"]})).status_code == 200
            await notifications.settled(platform)

    run(scenario())


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "OAuthParameterException"),
        ({"access_token": TOKENS["revoked"]}, "OAuthAccessTokenException"),
        ({"access_token": TOKENS["all"], "caption": "x" * 2201}, "APIInvalidParametersError"),
        ({"access_token": TOKENS["all"], "lat": "1"}, "APIInvalidParametersError"),
        ({"access_token": TOKENS["all"], "lat": "1_0", "lng": "1"}, "APIInvalidParametersError"),
        ({"access_token": TOKENS["all"], "location_id": "x"}, "APINotFoundError"),
    ],
)
def test_an_invalid_media_object_is_rejected(fields: dict[str, str], kind: str) -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            assert rejection(await client.post("/demo/media", data=fields))[0] == kind

    run(scenario())


@pytest.fixture(scope="module")
def app() -> Iterator[Starlette]:
    with shared_app() as app:
        yield app


NAMES = ["object", "aspect", "callback_url", "object_id", "lat", "lng", "radius", "id", "verify_token"]


@given(fields=st.dictionaries(st.sampled_from(NAMES), st.text()), method=st.sampled_from(["POST", "DELETE"]))
def test_any_field_gets_a_response(app: Starlette, fields: dict[str, str], method: str) -> None:
    async def scenario() -> None:
        async with client_of(app) as client:
            bytes_ = {name: text.encode("utf-8", "replace") for name, text in (CREDENTIALS | fields).items()}
            response = await client.request(method, PATH, params=bytes_)
            assert response.status_code in (200, 400)

    run(scenario())
