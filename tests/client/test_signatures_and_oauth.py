"""Signed requests, and the part of OAuth that users see."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instagram_client import (
    AuthorizationError,
    InstagramError,
    MissingCredentialError,
)
from instagram_client._endpoints import SERVICE
from support.credentials import CREDENTIALS, SECRET, TOKEN, exchange_code, signatures
from support.fake_wire import (
    Time,
    Wire,
    error_response,
    fake_time,
    get_user,
    like,
    page,
    person,
    raw,
    success,
    user,
)
from support.sides import Side, both_sides

time = pytest.fixture(fake_time)


# Signatures


KEY = "6dc1787668c64c939929c17683d7cb74"
T = "fb2e77d.47a0479900504cb3ab4a1f626d174d2d"
SIGNED_BY_METHOD: dict[str, tuple[Callable[[Any], Any], httpx2.Response]] = {
    "cbf5a1f41db44412506cb6563a3218b50f45a710c7a8a65a3e9b18315bb338bf": (get_user, success(user())),
    "26efbe3c43c5e3927d98d4a2adae1c4e751e47495bded47d94dee435f7f9d7df": (
        lambda client: client.comments.create("1234567894561231236_33215652", text="Great photo!"),
        success(),
    ),
    "cf10e2d50bf54b7e83370645719136c60a82f5b3e3c6593bd7f145340ca2a6c8": (
        lambda client: client.likes.create("1234567894561231236_33215652"),
        success(),
    ),
    "883a9b009c5deb28f9b81e5be9d633ae0c28ebb519c39b690a6c5b80c753065d": (
        lambda client: client.tags.recent_media("señor", count=5),
        page([]),
    ),
}
SIGNED_BY_HAND: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "260634b241a6cfef5e4644c205fb30246ff637591142781b86e2075faf1b163a": (
        "/media/657988443280050001_25025320",
        [("count", "10"), ("access_token", T)],
    ),
    "01f195bb35469c287b76224add100797f521985f4137fc347499ae6c871377a9": (
        "/users/self.json",
        [("access_token", T)],
    ),
    "cbf5a1f41db44412506cb6563a3218b50f45a710c7a8a65a3e9b18315bb338bf": (
        "/users/self/",
        [("sig", "an old one"), ("access_token", T)],
    ),
}


@both_sides
@pytest.mark.parametrize("base_url", ["https://api.instagram.com/v1", "http://127.0.0.1:8000/mirror/v1/"])
@pytest.mark.parametrize("signature", SIGNED_BY_METHOD)
def test_requests_are_signed_as_published(side: Side, signature: str, base_url: str, time: Time) -> None:
    method, response = SIGNED_BY_METHOD[signature]
    wire = Wire(side, response, access_token=T, client_secret=KEY, base_url=base_url)
    wire.call(method)
    [request] = wire.requests
    fields = [*request.url.params.multi_items(), *parse_qsl(request.content.decode())]
    assert fields[-1] == ("sig", signature)
    assert [name for name, _ in fields].count("sig") == 1
    assert [name for name, _ in fields].count("access_token") == 1
    assert bool(request.url.query) == (request.method == "GET")


@pytest.mark.parametrize("signature", SIGNED_BY_HAND)
def test_other_parameters_are_signed_as_published(signature: str) -> None:
    scheme = SERVICE.schemes["access_token"].signature
    assert scheme
    path, parameters = SIGNED_BY_HAND[signature]
    assert scheme.of(KEY, path, parameters) == signature
    assert scheme.of(KEY, path, parameters[::-1]) == signature


def signed(path: str, parameters: dict[str, str], key: str = SECRET) -> str:
    """The signature by the words of its description."""
    message = "".join([path, *(f"|{name}={parameters[name]}" for name in sorted(parameters))])
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()


@both_sides
def test_each_page_is_signed_anew(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        page([person(1)], {"next_cursor": "a b&c"}),
        error_response(500),
        page([person(2)], {"next_cursor": "ñ"}),
        page([person(3)]),
        **CREDENTIALS,
    )
    assert len(wire.items(lambda client: client.relationships.follows("self", count=3))) == 3
    assert [query.get("cursor") for query in wire.queries] == [None, "a b&c", "a b&c", "ñ"]
    for query in wire.queries:
        sig = query.pop("sig")
        assert sig == signed("/users/self/follows", query)
    assert len({request.url.params["sig"] for request in wire.requests}) == 3


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
    lambda name: name.strip("./") == name
)


@given(name=NAMES, least=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_parameters_are_signed_decoded(name: str, least: str) -> None:
    wire = Wire("sync", page([]), **CREDENTIALS)
    wire.call(lambda client: client.tags.recent_media(name, min_tag_id=least))
    query = wire.queries[0]
    sig = query.pop("sig")
    assert query == {"min_tag_id": least, "access_token": TOKEN}
    assert sig == signed(f"/tags/{name}/media/recent", query)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Lu"]), min_size=1, max_size=40).filter(
        lambda text: not set("#/.:") & set(text)
    )
)
def test_a_form_is_signed_decoded(words: str) -> None:
    wire = Wire("sync", success(), **CREDENTIALS)
    wire.call(lambda client: client.comments.create("1_2", text=words))
    fields = dict(parse_qsl(wire.requests[0].content.decode(), keep_blank_values=True))
    sig = fields.pop("sig")
    assert fields == {"text": words, "access_token": TOKEN}
    assert sig == signed("/media/1_2/comments", fields)


@both_sides
def test_nothing_is_signed_without_a_secret(side: Side, time: Time) -> None:
    wire = Wire(side, success(user()), success(), access_token=TOKEN, client_id="c11e47")
    wire.call(get_user)
    wire.call(like)
    assert [signatures(request) for request in wire.requests] == [[], []]


@both_sides
def test_requests_beside_the_api_are_not_signed(side: Side, time: Time) -> None:
    wire = Wire(side, raw({}), raw({}, 400), **CREDENTIALS)
    for method in (lambda client: client.oembed.get(url="https://www.instagram.com/p/D/"), exchange_code):
        with pytest.raises(InstagramError):
            wire.call(method)
    assert [signatures(request) for request in wire.requests] == [[], []]


# OAuth


@both_sides
def test_users_are_sent_to_the_consent_page(side: Side, time: Time) -> None:
    client = Wire(side, **CREDENTIALS).client
    address = client.oauth.authorize_url(
        "https://app.test/back?a=1&b=2", scope=["basic", "likes"], state="s t&a=te", response_type="token"
    )
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://api.instagram.com/oauth/authorize/"
    assert parse_qsl(parts.query) == [
        ("client_id", "c11e47"),
        ("redirect_uri", "https://app.test/back?a=1&b=2"),
        ("response_type", "token"),
        ("scope", "basic likes"),
        ("state", "s t&a=te"),
    ]
    assert SECRET not in address
    assert TOKEN not in address


@both_sides
@pytest.mark.parametrize("scope", ["basic likes", ("basic", "likes"), iter(["basic", "likes"])])
def test_scopes_are_separated_by_spaces(side: Side, scope: Any, time: Time) -> None:
    scopes = list(scope) if not isinstance(scope, str) else scope
    address = Wire(side, **CREDENTIALS).client.oauth.authorize_url(
        "https://app.test/", scope=scopes or ["basic", "likes"]
    )
    assert parse_qs(urlsplit(address).query)["scope"] == ["basic likes"]
    assert "%2C" not in address


@both_sides
def test_a_client_id_is_required(side: Side, time: Time) -> None:
    client = Wire(side, access_token=None).client
    with pytest.raises(MissingCredentialError, match="client_id"):
        client.oauth.authorize_url("https://app.test/")
    address = client.oauth.authorize_url("https://app.test/", client_id="other")
    assert parse_qsl(urlsplit(address).query) == [
        ("client_id", "other"),
        ("redirect_uri", "https://app.test/"),
        ("response_type", "code"),
    ]


@both_sides
@pytest.mark.parametrize(
    ("base_url", "there"),
    [
        ("https://api.instagram.com/v1", "https://api.instagram.com/oauth/"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/oauth/"),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/oauth/"),
        ("https://proxy.test/instagram/v1", "https://proxy.test/instagram/oauth/"),
        ("https://proxy.test", "https://proxy.test/oauth/"),
    ],
)
def test_the_consent_page_moves_with_the_server(side: Side, base_url: str, there: str, time: Time) -> None:
    wire = Wire(side, raw({}, 400), base_url=base_url, **CREDENTIALS)
    assert wire.client.oauth.authorize_url("https://app.test/").startswith(f"{there}authorize/?client_id=")
    with pytest.raises(InstagramError):
        wire.call(exchange_code)
    assert str(wire.requests[0].url) == f"{there}access_token"


@both_sides
def test_users_return_with_a_code(side: Side, time: Time) -> None:
    back = Wire(side).client.oauth.code_from_redirect
    assert back("https://app.test/?code=0c0de0") == "0c0de0"
    assert back("https://app.test/?a=1&code=0c0de0&state=s+t%26#_", state="s t&") == "0c0de0"
    assert back("https://app.test/?code=0c0de0&state=unasked") == "0c0de0"
    assert back("/?code=0c0de0&state=%C3%B1", state="ñ") == "0c0de0"


@both_sides
def test_users_return_after_denying_access(side: Side, time: Time) -> None:
    back = Wire(side).client.oauth.code_from_redirect
    with pytest.raises(AuthorizationError) as caught:
        back(
            "https://app.test/?error=access_denied&error_reason=user_denied"
            "&error_description=The+user+denied+your+request",
            state="s",
        )
    error = caught.value
    assert (error.error, error.reason) == ("access_denied", "user_denied")
    assert error.description == "The user denied your request"
    assert str(error) == "access_denied: user_denied: The user denied your request"


@both_sides
@pytest.mark.parametrize(
    "query", ["code=c", "code=c&state=", "code=c&state=other", "code=c&state=S", "code=c&state=s%20"]
)
def test_users_return_with_another_state(side: Side, query: str, time: Time) -> None:
    with pytest.raises(AuthorizationError, match="state_mismatch") as caught:
        Wire(side).client.oauth.code_from_redirect(f"https://app.test/?{query}", state="s")
    assert caught.value.error == "state_mismatch"
    assert "code=c" not in str(caught.value)


@both_sides
@pytest.mark.parametrize("query", ["", "?", "?state=s", "?code=&state=s", "#code=c"])
def test_users_return_without_a_code(side: Side, query: str, time: Time) -> None:
    with pytest.raises(AuthorizationError, match="no_code"):
        Wire(side).client.oauth.code_from_redirect(f"https://app.test/{query}")


def test_an_authorization_error_is_one_line(time: Time) -> None:
    with pytest.raises(AuthorizationError) as caught:
        Wire("sync").client.oauth.code_from_redirect(
            "https://app.test/?error=a%0Ab&error_description=%1b[31mc"
        )
    assert str(caught.value).isprintable()
    assert caught.value.error == "a\nb"
