"""Secrets: they are sent to the server only, and shown nowhere."""

import asyncio
import base64
import copy
import html
import json
import logging
import pickle
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from instagram_client import (
    APIConnectionError,
    APIStatusError,
    BadRequestError,
    InstagramError,
    MissingCredentialError,
    ResponseFormatError,
)
from instagram_client.models import Token
from support.credentials import CREDENTIALS, SECRET, TOKEN, exchange_code, signatures
from support.fake_wire import (
    PACKAGE,
    Step,
    Time,
    UnscriptedError,
    Wire,
    error_response,
    fake_time,
    get_user,
    http_client,
    like,
    list_follows,
    list_near,
    list_subscriptions,
    maker,
    media,
    page,
    person,
    post_comment,
    raw,
    success,
    text,
    user,
)
from support.serving import callback
from support.sides import Side, both_sides, run

time = pytest.fixture(fake_time)


# Where secrets must not be


class Watch:
    """Everything that a client exposes."""

    def __init__(self, log: pytest.LogCaptureFixture) -> None:
        self.log = log
        self.shown: list[tuple[str, str]] = []

    def see(self, where: str, *things: object) -> None:
        self.shown += [(where, str(thing)) for thing in things]
        self.shown += [(f"repr of {where}", repr(thing)) for thing in things]

    def see_error(self, error: BaseException) -> None:
        """An error, those it comes from, and the variables in the frames of the package."""
        for each in chain(error):
            self.see("an error", each, each.args, vars(each))
            described = traceback.TracebackException.from_exception(each, capture_locals=True)
            for frame in described.stack:
                if frame.filename.startswith(PACKAGE):
                    self.see(f"a variable in {frame.name}", frame.locals)
            self.see_response(getattr(each, "response", None))
            self.see_request(getattr(each, "_request", None))
            for other in (each, copy.copy(each)):
                if isinstance(other, InstagramError):
                    self.see("a pickle", pickle.dumps(other))

    def see_response(self, response: httpx2.Response | None) -> None:
        if response is not None:
            self.see("a response", response, response.content, response.headers.raw, response.next_request)
            self.see_request(response.request)

    def see_request(self, request: httpx2.Request | None) -> None:
        if request is not None:
            self.see(
                "a request", request, request.url, request.headers.raw, request.content, request.extensions
            )
            self.see("a pickle", pickle.dumps(request))

    def check(self, source: Wire | list[httpx2.Request], *more: str) -> None:
        """Neither a secret nor a signature was exposed."""
        requests = source.requests if isinstance(source, Wire) else source
        hidden = {*HIDDEN, *more}
        hidden |= {sig for request in requests for sig in signatures(request)}
        self.see("the log", self.log.text)
        self.see("the log", *(record.args for record in self.log.records))
        for where, what in self.shown:
            for secret in hidden:
                assert secret not in what, f"{where}: {what[:2000]}"


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error with all that led to it."""
    known: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in known:
            known.add(id(each))
            yield each
            waiting += [each.__cause__, each.__context__]


@pytest.fixture
def watch(caplog: pytest.LogCaptureFixture) -> Watch:
    caplog.set_level(logging.DEBUG)
    for name in ("instagram_client", "httpx2", "httpcore2", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    return Watch(caplog)


def test_the_watch_finds_secrets_in_every_place(watch: Watch) -> None:
    """A secret in any of the watched places fails the check."""

    def leaky() -> None:
        raise BadRequestError(
            "x", response=httpx2.Response(400, request=httpx2.Request("GET", "https://x.test/"))
        )

    with pytest.raises(BadRequestError) as caught:
        leaky()
    watch.see_error(caught.value)
    watch.check([], SECRET)
    for leak in (
        BadRequestError(f"{TOKEN}", response=caught.value.response),
        BadRequestError(
            "x", response=httpx2.Response(400, text=SECRET, request=caught.value.response.request)
        ),
        APIConnectionError(),
    ):
        other = Watch(watch.log)
        if isinstance(leak, APIConnectionError):
            leak.__context__ = ValueError(f"within {TOKEN}")
        other.see_error(leak)
        with pytest.raises(AssertionError):
            other.check([], SECRET)


ECHO = f"The access_token {TOKEN} is invalid; secret {SECRET}."

TOKEN_AS = {
    "a JSON escape": TOKEN.replace(".", "\\u002E"),
    "JSON escapes": "".join(f"\\u{ord(letter):04x}" for letter in TOKEN),
    "JSON within JSON": TOKEN.replace("c", "\\\\u0063"),
    "a percent escape": TOKEN.replace(".", "%2e"),
    "a percent escape of one": TOKEN.replace(".", "%252E"),
    "an HTML escape": TOKEN.replace(".", "&#x2E;"),
    "base64": base64.b64encode(TOKEN.encode()).decode(),
}
HIDDEN = [TOKEN, *TOKEN_AS.values()]


def raw_text(status: int, body: str) -> httpx2.Response:
    return text(body, status, "application/json")


OUTCOMES: dict[str, tuple[Callable[[Any], Any], list[Step]]] = {
    "success": (get_user, [success(user())]),
    "retries": (get_user, [error_response(500), httpx2.ReadError("reset"), success(user())]),
    "posted": (post_comment, [success()]),
    "posted again": (post_comment, [httpx2.ConnectError("refused"), error_response(429), success()]),
    "liked": (like, [success()]),
    "listed": (list_follows, [page([person()], {"next_cursor": "a"})]),
    "subscriptions": (list_subscriptions, [page([])]),
    "exchange rejected": (exchange_code, [raw({"code": 400, "error_type": "OAuthException"}, 400)]),
    **{
        str(status): (get_user, [error_response(status)] * 3)
        for status in (302, 400, 401, 403, 404, 418, 429, 500, 520)
    },
    "html": (get_user, [text("<html>")]),
    "broken": (get_user, [text('{"meta":')]),
    "missing": (get_user, [success({"id": "1"})]),
    "wrong": (get_user, [success([1])]),
    **{
        kind.__name__: (get_user, [kind("it fails")] * 3)
        for kind in (
            httpx2.ConnectError,
            httpx2.ConnectTimeout,
            httpx2.ReadError,
            httpx2.ReadTimeout,
            httpx2.RemoteProtocolError,
            httpx2.UnsupportedProtocol,
            httpx2.ProxyError,
            httpx2.PoolTimeout,
        )
    },
    "posted and lost": (post_comment, [httpx2.ReadTimeout("slow")]),
    "subscriptions rejected": (list_subscriptions, [error_response(400, "OAuthClientException")]),
    "echo in an error": (get_user, [error_response(400, "OAuthAccessTokenException", ECHO)]),
    "echo in a posted error": (post_comment, [error_response(400, "OAuthAccessTokenException", ECHO)]),
    "echo as the type": (get_user, [error_response(400, TOKEN, SECRET)]),
    "echo in html": (get_user, [text(f"<html>{ECHO}", 404)]),
    "echo in html with 200": (get_user, [text(f"<html>{ECHO}")]),
    "echo at the edge of a snippet": (get_user, [text("x" * 180 + TOKEN + "y" * 50)]),
    "echo at the edge of what is read": (get_user, [text("x" * 1990 + SECRET + "y" * 50)]),
    "echo where the body breaks": (get_user, [text(b'{"a": "' + TOKEN.encode() + b"\xff")]),
    "echo in a name": (get_user, [success({**user(), "counts": {TOKEN: 1}})]),
    "echo as a model": (get_user, [success({**user(), "counts": TOKEN})]),
    "echo in an unknown field": (get_user, [success({**user(), TOKEN: SECRET})]),
    "echo in a header": (
        get_user,
        [httpx2.Response(302, headers={"Location": f"https://x.test/?access_token={TOKEN}"})],
    ),
    "echo in a failure": (
        get_user,
        [httpx2.ConnectError(f"no way to https://x.test/?access_token={TOKEN}")] * 3,
    ),
    "echo in a timeout": (get_user, [httpx2.ReadTimeout(ECHO)] * 3),
    "echo in a wrong cursor": (
        list_follows,
        [page([person()], {"next_cursor": [TOKEN], "next_url": f"https://x.test/?access_token={TOKEN}"})],
    ),
    "echo in an address": (
        list_near,
        [page([media()], {"next_url": f"https://x.test/?access_token={TOKEN}&sig={'5' * 64}&max_id=1"})],
    ),
    **{
        f"echo in {name}": (get_user, [raw_text(400, f'{{"meta": {{"error_message": "{TOKEN_AS[name]}"}}}}')])
        for name in TOKEN_AS
    },
    **{
        f"echo in {name} of a result": (get_user, [raw_text(200, f'{{"data": "{TOKEN_AS[name]}"}}')])
        for name in TOKEN_AS
    },
    "echo in UTF-16": (get_user, [text(error_response(400, "x", ECHO).text.encode("utf-16"), 400)]),
    "echo in UTF-32 of a result": (get_user, [text(success([ECHO]).text.encode("utf-32-be"), 200)]),
    "echo in an exchange": (exchange_code, [raw({"code": 400, "error_message": f"{SECRET} is wrong"}, 400)]),
}


@both_sides
@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
@pytest.mark.parametrize(("method", "steps"), OUTCOMES.values(), ids=OUTCOMES)
def test_no_secret_is_exposed(
    side: Side,
    method: Callable[[Any], Any],
    steps: list[Step],
    signed: bool,
    watch: Watch,
    time: Time,
) -> None:
    credentials = dict(CREDENTIALS)
    if not signed and method in (get_user, post_comment, like, list_follows, list_near):
        del credentials["client_secret"]
    secret = credentials.get("client_secret", TOKEN)
    wire = Wire(side, *steps, **credentials)
    resources = [getattr(wire.client, name) for name in ("users", "media", "oauth")]
    core = wire.client._core
    watch.see("the client", wire.client, vars(wire.client), *resources, *map(vars, resources))
    watch.see("the core", core, core.server, core.http, core.reader, core.server.vault, core.http._transport)
    watch.see("another client", wire.client.with_options(timeout=3))
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            result = wire.call(method)
            if hasattr(result, "next_page"):
                watch.see("a page", result, result.data, result.envelope)
                watch.see("a pickle", pickle.dumps(result.envelope))
                run(result.next_page())
            elif result is not None:
                watch.see("a result", result, result.to_dict())
                watch.see("a pickle", pickle.dumps(result))
        except InstagramError as error:
            watch.see_error(error)
        except UnscriptedError as error:  # a list goes on, its script does not
            watch.see_error(error)
    watch.see("a warning", *(str(each.message) for each in warned))
    assert wire.requests
    carried = [f"{request.url} {request.content.decode()}" for request in wire.requests]
    secret_sent = SECRET if method in (list_subscriptions, exchange_code) else TOKEN
    assert all(secret_sent in each for each in carried), "the secret was not even sent"
    watch.check(wire, secret, *(["5" * 64] if signed else []))


@both_sides
@pytest.mark.parametrize("method", [get_user, post_comment], ids=["read", "post"])
def test_no_secret_is_exposed_on_a_real_connection(
    side: Side, method: Callable[[Any], Any], watch: Watch, time: Time
) -> None:
    """With httpx2 and httpcore in their full voice."""
    requests: list[str] = []

    def respond(_: str, target: str, __: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        requests.append(target + body.decode())
        if len(requests) == 1:
            return 429, {"Retry-After": "0"}, error_response(429).content
        if len(requests) == 2:
            return 200, {}, success(user()).content
        return 400, {}, error_response(400).content

    with callback(respond) as address:
        if side == "sync":
            with maker(side)(base_url=f"{address}/v1", **CREDENTIALS) as client:
                watch.see("the client", client)
                for _ in range(2):
                    try:
                        method(client)
                    except InstagramError as error:
                        watch.see_error(error)
        else:
            asyncio.run(_talk(f"{address}/v1", method, watch))
    with pytest.raises(APIConnectionError) as caught:
        run(method(maker(side)(base_url="http://127.0.0.1:1/v1", **CREDENTIALS)))
    watch.see_error(caught.value)
    assert len(requests) == 3
    assert all(TOKEN in each and "sig=" in each for each in requests)
    assert "httpcore2" in watch.log.text
    assert "HTTP Request: " in watch.log.text
    [sig] = {
        (parse_qs(urlsplit(each).query) or parse_qs(each[len("/v1/media/1_2/comments") :]))["sig"][0]
        for each in requests
    }
    watch.check([], sig, SECRET)


async def _talk(base_url: str, method: Callable[[Any], Any], watch: Watch) -> None:
    async with maker("async")(base_url=base_url, **CREDENTIALS) as client:
        watch.see("the client", client)
        for _ in range(2):
            try:
                await method(client)
            except InstagramError as error:
                watch.see_error(error)


@both_sides
def test_libraries_do_not_log_what_a_server_echoes_in_headers(side: Side, watch: Watch, time: Time) -> None:
    location = f"https://x.test/?access_token={TOKEN}&sig={'5' * 64}&secret={SECRET}"

    def respond(*_: object) -> tuple[int, dict[str, str], bytes]:
        return 400, {"Location": location, "X-Token": TOKEN}, error_response(400).content

    with callback(respond) as address:
        client = maker(side)(base_url=f"{address}/v1", **CREDENTIALS)
        with pytest.raises(APIStatusError):
            run(get_user(client))
    assert "X-Token" in watch.log.text
    watch.check([], SECRET, "5" * 64)


@both_sides
def test_a_secret_with_special_characters_is_masked_however_it_is_escaped(side: Side, time: Time) -> None:
    token = 'a/"b\\c+d&e<f> ü€😀 0123456789'
    masked = '{"data": "***"}'
    for echo in (
        json.dumps(token),
        json.dumps(token, ensure_ascii=False),
        json.dumps(token).replace("/", r"\/"),
    ):
        body = f'{{"data": {echo}}}'
        raw_body = Wire(side, access_token=token).client._core.server.vault.redact(body.encode())
        assert raw_body.decode() == masked
        raw_body = Wire(side, access_token=token).client._core.server.vault.redact(html.escape(body).encode())
        assert raw_body.decode() == html.escape(masked)


@both_sides
def test_a_long_token_is_masked_whole_and_its_beginning_is_not(side: Side, time: Time) -> None:
    token = "".join(f"{number:x}." for number in range(500))
    vault = Wire(side, access_token=token).client._core.server.vault
    other = f"{token[:1000]}-other"  # as tokens of one issuer begin alike
    assert vault.redact(f"a {token} b {other}".encode()).decode() == f"a *** b {other}"


@both_sides
def test_raw_responses_do_not_expose_the_request(side: Side, watch: Watch, time: Time) -> None:
    wire = Wire(side, success(media()), **CREDENTIALS)
    result = wire.call(lambda client: client.media.with_raw_response.get("1_2"))
    watch.see("a raw response", result)
    watch.see_response(result.http_response)
    watch.check(wire, SECRET)


@both_sides
def test_a_bug_of_a_transport_does_not_expose_the_request(side: Side, watch: Watch, time: Time) -> None:
    wire = Wire(side, RuntimeError("a bug"), **CREDENTIALS)
    with pytest.raises(RuntimeError) as caught:
        wire.call(get_user)
    watch.see_error(caught.value)
    watch.check(wire, SECRET)


@both_sides
def test_a_client_is_not_pickled(side: Side, time: Time) -> None:
    wire = Wire(side, page([person()]), **CREDENTIALS)
    first = wire.call(list_follows)
    vault = wire.client._core.server.vault
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for each in (wire.client, wire.client.with_options(timeout=1), vault):
            with pytest.raises(TypeError, match="not pickled"):
                pickle.dumps(each, protocol)
        for each in (wire.client.users, wire.client._core, first):
            with pytest.raises(TypeError):
                pickle.dumps(each, protocol)


@both_sides
def test_the_vault_does_not_return_credentials(side: Side, time: Time) -> None:
    vault = Wire(side, **CREDENTIALS).client._core.server.vault
    assert repr(vault) == "<access_token, client_id, client_secret>"
    assert not hasattr(vault, "__dict__")
    with pytest.raises(TypeError):
        copy.copy(vault)
    assert repr(Wire(side, access_token=None).client._core.server.vault) == "<no credentials>"


@both_sides
def test_secrets_in_results_are_masked(side: Side, time: Time) -> None:
    address = f"https://api.instagram.com/v1/users/self/follows?access_token={TOKEN}&sig={'5' * 64}&cursor=a"
    result = page([person()], {"next_cursor": "a", "next_url": address})
    first = Wire(side, result, **CREDENTIALS).call(list_follows)
    assert first.envelope.pagination.next_url == address.replace(TOKEN, "***").replace("5" * 64, "***")


@both_sides
@pytest.mark.parametrize("between", ["&", "\\u0026", "&amp;"])
@pytest.mark.parametrize("token", [TOKEN, "count"])
def test_secrets_in_addresses_are_masked_however_they_are_escaped(
    side: Side, between: str, token: str, time: Time
) -> None:
    address = between.join(
        (r"https:\/\/api.instagram.com\/?a=1", f"access_token={token}", f"sig={'5' * 64}", "cursor=a")
    )
    body = page([person()], {"next_cursor": "a", "next_url": "HERE"}).content.replace(
        b"HERE", address.encode()
    )
    first = Wire(side, text(body), **{**CREDENTIALS, "access_token": token}).call(list_follows)
    shown = first.envelope.pagination.next_url
    assert shown.replace("&amp;", "&") == "https://api.instagram.com/?a=1&access_token=***&sig=***&cursor=a"


@both_sides
@pytest.mark.parametrize("token", ["count", "1", "a", "users", "data", "id"])
def test_a_token_that_is_an_ordinary_word_is_not_masked_in_texts(side: Side, token: str, time: Time) -> None:
    result = {**user(), "bio": "count data users 1 a id"}
    wire = Wire(
        side,
        success(result),
        error_response(400, "APIInvalidParametersError", "Count must be > 1: count"),
        access_token=token,
    )
    assert wire.call(get_user).to_dict() == result
    with pytest.raises(BadRequestError) as caught:
        wire.call(get_user)
    assert caught.value.error_message == "Count must be > 1: count"
    assert wire.queries == [{"access_token": token}] * 2


@both_sides
def test_raw_bytes_are_not_masked(side: Side, time: Time) -> None:
    result = page([person()], {"next_url": f"https://x.test/?access_token={TOKEN}", "next_cursor": "a"})
    found = Wire(side, result, **CREDENTIALS).call(
        lambda client: client.relationships.with_raw_response.follows("self")
    )
    assert found.content == result.content


@both_sides
def test_the_token_of_an_exchange_is_not_masked(side: Side, time: Time) -> None:
    granted = {
        "access_token": TOKEN,
        "user": {
            key: user()[key] for key in ("id", "username", "full_name", "profile_picture", "bio", "website")
        },
    }
    for credentials in (CREDENTIALS, {**CREDENTIALS, "access_token": None}):
        wire = Wire(side, raw(granted), **credentials)
        token = wire.call(exchange_code)
        assert isinstance(token, Token)
        assert token.access_token == TOKEN
        assert TOKEN not in repr(token)
        assert token.user.username == "user1001"


@both_sides
@pytest.mark.parametrize("cut", [None, -1, -9])
def test_a_new_token_is_not_exposed_by_an_error(side: Side, cut: int | None, time: Time) -> None:
    """It is in a response that does not match its schema, so the client does not know it yet."""
    new = "8001.5ecre7a.aaaabbbbccccddddeeeeffff00001111"
    body = raw({"access_token": new}).content[:cut]
    wire = Wire(side, text(body), **CREDENTIALS)
    with pytest.raises(ResponseFormatError) as caught:
        wire.call(exchange_code)
    assert caught.value.snippet.startswith('{"access_token": "***')
    assert new[:20] not in str(caught.value)


# Secrets go to one place only


@both_sides
def test_credentials_do_not_follow_a_redirect(side: Side, time: Time) -> None:
    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return httpx2.Response(302, headers={"Location": "https://evil.test/v1/users/self"})

    own = http_client(side, transport=httpx2.MockTransport(respond), follow_redirects=True)
    client = maker(side)(http_client=own, **CREDENTIALS)
    for method in (get_user, like):
        with pytest.raises(APIStatusError) as caught:
            run(method(client))
        assert caught.value.status_code == 302
    assert {request.url.host for request in requests} == {"api.instagram.com"}


@both_sides
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/v1/users/self",
        "http://api.instagram.com/v1/users/self",
        "https://api.instagram.com:8443/v1/users/self",
    ],
)
def test_a_request_that_is_led_elsewhere_carries_no_credentials(
    side: Side, elsewhere: str, time: Time
) -> None:
    """As by a hook of a client of httpx2 that changes the address, or follows a redirect."""

    def lead(request: httpx2.Request) -> None:
        request.url = httpx2.URL(elsewhere)

    async def alead(request: httpx2.Request) -> None:
        lead(request)

    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return success(user())

    own = http_client(
        side,
        transport=httpx2.MockTransport(respond),
        event_hooks={"request": [lead if side == "sync" else alead]},
    )
    client = maker(side)(http_client=own, **CREDENTIALS)
    for method in (get_user, like, list_subscriptions):
        try:
            run(method(client))
        except InstagramError:
            continue
    assert len(requests) == 3
    for request in requests:
        assert TOKEN not in f"{request.url}{request.headers}{request.content!r}"
        assert SECRET not in f"{request.url}{request.headers}{request.content!r}"
        assert signatures(request) == []


@both_sides
def test_other_requests_of_an_http_client_carry_no_credentials(side: Side, time: Time) -> None:
    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return success(user())

    own = http_client(side, transport=httpx2.MockTransport(respond))
    client = maker(side)(http_client=own, **CREDENTIALS)
    run(get_user(client))
    run(own.get("https://api.instagram.com/v1/users/self"))
    assert [request.url.query != b"" for request in requests] == [True, False]


@both_sides
def test_nothing_is_sent_without_the_credentials_it_needs(side: Side, time: Time) -> None:
    wire = Wire(side, access_token=None)
    for method, lacking in (
        (get_user, "access_token"),
        (list_subscriptions, "client_id"),
        (exchange_code, "client_id"),
    ):
        with pytest.raises(
            MissingCredentialError, match=f"requires {lacking}: .*INSTAGRAM_{lacking.upper()}"
        ):
            wire.call(method)
    wire = Wire(side, access_token=None, client_id="c11e47")
    with pytest.raises(MissingCredentialError, match="requires client_secret"):
        wire.call(list_subscriptions)
    assert wire.requests == []


@both_sides
def test_credentials_stand_where_each_operation_takes_them(side: Side, time: Time) -> None:
    wire = Wire(side, success(user()), success(), success(), page([]), raw({}), raw({}, 400), **CREDENTIALS)
    wire.call(get_user)
    wire.call(like)
    wire.call(lambda client: client.likes.delete("1_2"))
    wire.call(list_subscriptions)
    with pytest.raises(InstagramError):
        wire.call(lambda client: client.oembed.get(url="https://www.instagram.com/p/D/"))
    with pytest.raises(InstagramError):
        wire.call(exchange_code)
    assert [
        (request.method, set(query), set(form))
        for request, query, form in zip(wire.requests, wire.queries, wire.forms, strict=True)
    ] == [
        ("GET", {"access_token", "sig"}, set()),
        ("POST", set(), {"access_token", "sig"}),
        ("DELETE", {"access_token", "sig"}, set()),
        ("GET", {"client_id", "client_secret", "sig"}, set()),
        ("GET", {"url"}, set()),
        ("POST", set(), {"client_id", "client_secret", "grant_type", "redirect_uri", "code"}),
    ]
    assert wire.forms[5]["client_secret"] == SECRET
    assert str(wire.requests[5].url) == "https://api.instagram.com/oauth/access_token"
