"""Consent, code and token."""

import asyncio
import re
from collections.abc import Coroutine, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from instagram_server import oauth, seed_data
from instagram_server.config import Era, Settings
from instagram_server.errors import ApiError
from support.serving import client_of, served, shared_app

DEMO, NEW, SANDBOX = seed_data.DEMO_CLIENT, seed_data.NEW_CLIENT, seed_data.SANDBOX_CLIENT
AUTHORIZATION = {"client_id": DEMO.id, "redirect_uri": DEMO.redirect_uri, "response_type": "code"}
AUTHORIZE, EXCHANGE = "/oauth/authorize/", "/oauth/access_token"


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scenario)


async def consent(client: httpx.AsyncClient, parameters: dict[str, str], **form: str) -> httpx.Response:
    """The response to a user's choice: open the page, take its hidden fields, send the form."""
    page = await client.get(AUTHORIZE, params=parameters)
    assert page.status_code == 200, page.text
    [seal] = re.findall(r'name="seal" value="([0-9a-f]{32})"', page.text)
    fields = {"user": str(seed_data.ADA), "answer": "authorize", **parameters, "seal": seal, **form}
    return await client.post(AUTHORIZE, data=fields)


def received(response: httpx.Response) -> dict[str, str]:
    """The query that the app receives."""
    assert response.status_code == 302, response.text
    target = response.headers["location"]
    assert target.startswith(f"{DEMO.redirect_uri}?")
    return {name: value for name, [value] in parse_qs(urlsplit(target).query, strict_parsing=True).items()}


def form(code: str, **other: str) -> dict[str, str]:
    fields = {
        "client_id": DEMO.id,
        "client_secret": DEMO.secret,
        "grant_type": "authorization_code",
        "redirect_uri": DEMO.redirect_uri,
        "code": code,
    }
    return fields | other


def flat(response: httpx.Response) -> tuple[int, str, str]:
    body = response.json()
    assert body.keys() == {"code", "error_type", "error_message"}
    assert body["code"] == response.status_code
    return response.status_code, body["error_type"], body["error_message"]


MISSING = "You must include a valid client_id, response_type, and redirect_uri parameters"
REJECTED = {
    "nothing": ({"client_id": "", "response_type": "", "redirect_uri": ""}, MISSING),
    "no app": ({"client_id": ""}, MISSING),
    "no flow": ({"response_type": "", "client_id": "no"}, MISSING),
    "no redirect": ({"redirect_uri": "", "response_type": "no"}, MISSING),
    "flow": (
        {"response_type": "code token", "client_id": "no"},
        'Only response type "code" and "token" is allowed',
    ),
    "app": ({"client_id": "no", "redirect_uri": "no"}, "Invalid Client ID"),
    "redirect": (
        {"redirect_uri": DEMO.redirect_uri + "/", "scope": "no"},
        "Redirect URI does not match registered redirect URI",
    ),
    "comma": ({"scope": "basic,likes"}, "Invalid scope field(s): basic,likes"),
    "scope": ({"scope": "likes fly+swim"}, "Invalid scope field(s): fly,swim"),
}


@pytest.mark.parametrize("name", REJECTED)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_first_error_of_a_request_is_reported(method: str, name: str) -> None:
    other, message = REJECTED[name]

    async def scenario() -> None:
        async with served() as (client, _):
            fields = AUTHORIZATION | other
            query, body = (fields, None) if method == "GET" else (None, fields)
            response = await client.request(method, AUTHORIZE, params=query, data=body)
            assert flat(response) == (400, "OAuthException", message)

    run(scenario())


def test_the_implicit_flow_must_be_enabled() -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            parameters = AUTHORIZATION | {"client_id": NEW.id, "response_type": "token"}
            rejection = (403, "OAuthForbiddenException", "Implicit authentication is disabled")
            assert flat(await client.get(AUTHORIZE, params=parameters)) == rejection

    run(scenario())


def test_only_its_users_can_authorize_a_sandboxed_app() -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            parameters = AUTHORIZATION | {"client_id": SANDBOX.id}
            assert "code" in received(await consent(client, parameters))
            response = await consent(client, parameters, user=str(seed_data.NEWCOMER))
            rejection = (403, "OAuthForbiddenException", "You are not a sandbox user of this client")
            assert flat(response) == rejection

    run(scenario())


@pytest.mark.parametrize("scope", ["basic", "public_content"])
def test_scopes_end_with_the_api(scope: str) -> None:
    async def scenario() -> None:
        async with served(Settings(era=Era.JUNE_2020)) as (client, _):
            _, _, message = flat(await client.get(AUTHORIZE, params=AUTHORIZATION | {"scope": scope}))
            assert message.startswith("Invalid scope field(s): ")
            assert scope in message

    run(scenario())


@pytest.mark.parametrize("path", ["/oauth/authorize", "/oauth/authorize/"])
@pytest.mark.parametrize(
    "scope", ["likes comments", "likes+comments", "comments likes basic", " likes  comments "]
)
def test_the_page_names_the_requested_scopes(path: str, scope: str) -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            page = await client.get(path, params=AUTHORIZATION | {"scope": scope})
            assert page.status_code == 200
            assert re.findall(r"<code>(\w+)</code></li>", page.text) == ["basic", "comments", "likes"]
            assert re.findall(r'<option value="(\d+)">(\w+)', page.text)[0] == (str(seed_data.ADA), "ada")
            assert "form-action 'self' http:" in page.headers["content-security-policy"]

    run(scenario())


def test_the_page_escapes_its_input() -> None:
    async def scenario() -> None:
        async with served() as (client, platform):
            sneaky = '"><script>x</script>'
            platform.store.run("UPDATE client SET name = ? WHERE id = ?", sneaky, DEMO.id)
            for url, params in (
                (AUTHORIZE, AUTHORIZATION | {"state": sneaky}),
                ("/demo/callback", {"code": sneaky, sneaky: "1"}),
            ):
                page = await client.get(url, params=params)
                assert page.status_code == 200
                assert "<script" not in page.text
                assert "&lt;script&gt;" in page.text

    run(scenario())


def test_a_code_is_exchanged_once() -> None:
    async def scenario() -> None:
        async with served() as (client, platform):
            back = received(
                await consent(
                    client, AUTHORIZATION | {"scope": "likes", "state": "a&b=ü"}, user=str(seed_data.BELA)
                )
            )
            assert back.pop("state") == "a&b=ü"
            assert back.keys() == {"code"}
            assert re.fullmatch("[0-9a-f]{32}", back["code"])
            wrong = form(back["code"], redirect_uri="http://127.0.0.1:8080/")
            message = "Redirect URI doesn't match original redirect URI"
            assert flat(await client.post(EXCHANGE, data=wrong)) == (400, "OAuthException", message)
            response = await client.post(EXCHANGE, data=form(back["code"]))
            assert response.status_code == 200
            body = response.json()
            assert body.keys() == {"access_token", "user"}
            assert list(body["user"]) == ["id", "username", "full_name", "profile_picture", "bio", "website"]
            assert body["user"]["id"] == str(seed_data.BELA)
            assert platform.store.row("SELECT * FROM token WHERE token = ?", body["access_token"])
            again = await client.post(EXCHANGE, data=form(back["code"]))
            assert flat(again) == (400, "OAuthException", "No matching code found.")

    run(scenario())


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"client_id": ""}, "You must provide a client_id"),
        ({"client_id": "no"}, "Invalid Client ID"),
        ({"client_secret": "ü"}, "Invalid Client Secret"),
        ({"grant_type": "password"}, "The grant_type must be authorization_code."),
        ({"code": "no"}, "No matching code found."),
        ({"client_id": NEW.id, "client_secret": NEW.secret}, "No matching code found."),
    ],
)
def test_an_invalid_exchange_is_rejected(other: dict[str, str], message: str) -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            code = received(await consent(client, AUTHORIZATION))["code"]
            assert flat(await client.post(EXCHANGE, data=form(code) | other)) == (
                400,
                "OAuthException",
                message,
            )

    run(scenario())


def test_later_eras_have_other_messages() -> None:
    async def scenario() -> None:
        async with served(Settings(era=Era.APRIL_2018)) as (client, _):
            response = await client.post(EXCHANGE, data=form("no"))
            assert flat(response)[2] == "Matching code was not found or was already used."
            code = received(await consent(client, AUTHORIZATION))["code"]
            assert (await client.post(EXCHANGE, data=form(code))).json()["user"]["is_business"] is False

    run(scenario())


def test_authorizing_again_adds_scopes_to_the_same_token() -> None:
    async def scenario() -> None:
        async with served() as (client, platform):
            parameters = AUTHORIZATION | {"response_type": "token", "client_id": DEMO.id}
            tokens = []
            for scope in ("likes", "comments"):
                response = await consent(client, parameters | {"scope": scope}, user=str(seed_data.FRIEND))
                target, _, fragment = response.headers["location"].partition("#")
                assert target == DEMO.redirect_uri
                tokens.append(fragment.removeprefix("access_token="))
            assert tokens[0] == tokens[1]
            assert re.fullmatch(rf"{seed_data.FRIEND}\.1677ed0\.[0-9a-f]{{32}}", tokens[0])
            scopes = platform.store.value("SELECT scopes FROM token WHERE token = ?", tokens[0])
            assert scopes == "basic comments likes"

    run(scenario())


@pytest.mark.parametrize("flow", ["code", "token"])
def test_a_user_can_deny_access(flow: str) -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            parameters = AUTHORIZATION | {"response_type": flow, "state": "x"}
            response = await consent(client, parameters, answer="cancel")
            assert response.headers["location"] == (
                f"{DEMO.redirect_uri}?error=access_denied&error_reason=user_denied"
                "&error_description=The+user+denied+your+request&state=x"
            )

    run(scenario())


def test_the_form_must_come_from_the_page() -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            message = "This form has expired. Open the page of the app again."
            fields = AUTHORIZATION | {"user": str(seed_data.ADA), "answer": "authorize"}
            assert flat(await client.post(AUTHORIZE, data=fields))[2] == message
            assert flat(await client.post(AUTHORIZE, data=fields | {"seal": "0" * 32}))[2] == message
            assert flat(await consent(client, AUTHORIZATION, seal="ü"))[2] == message
            assert flat(await consent(client, AUTHORIZATION, redirect_uri="http://evil.example/"))[0] == 400
            assert flat(await consent(client, AUTHORIZATION, user="1"))[2] == "There is no such user."

    run(scenario())


def test_a_registered_query_is_kept() -> None:
    async def scenario() -> None:
        async with served() as (client, platform):
            uri = f"{DEMO.redirect_uri}?a=1"
            platform.store.run("UPDATE client SET redirect_uri = ? WHERE id = ?", uri, DEMO.id)
            back = received(await consent(client, AUTHORIZATION | {"redirect_uri": uri}))
            assert back.keys() == {"a", "code"}

    run(scenario())


def test_the_demo_app_shows_the_parameters_it_received() -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            assert "fragment" in (await client.get("/demo/callback")).text
            assert "denied" in (await client.get("/demo/callback?error=access_denied")).text
            assert 'value="123"' in (await client.get("/demo/callback?code=123")).text

    run(scenario())


@pytest.fixture(scope="module")
def app() -> Iterator[Starlette]:
    with shared_app() as app:
        yield app


@given(text=st.text(), other=st.dictionaries(st.sampled_from(list(AUTHORIZATION)), st.text()))
def test_any_scope_is_granted_or_rejected(app: Starlette, text: str, other: dict[str, str]) -> None:
    rejection = None
    try:
        authorization = oauth.read(app.state.platform, AUTHORIZATION | {"scope": text} | other)
    except ApiError as error:
        rejection = error
    if rejection is None:
        assert "basic" in authorization.scopes
    else:
        assert rejection.status == 400
        assert rejection.flat


@given(body=st.binary(), query=st.binary())
def test_any_bytes_are_rejected(app: Starlette, body: bytes, query: bytes) -> None:
    async def scenario() -> None:
        async with client_of(app) as client:
            for path in (AUTHORIZE, EXCHANGE):
                for headers in ({}, {"content-type": "multipart/form-data; boundary=x"}):
                    url = f"{path}?{''.join(f'%{byte:02x}' for byte in query)}"
                    response = await client.post(url, content=body, headers=headers)
                    assert 400 <= response.status_code < 500

    run(scenario())
