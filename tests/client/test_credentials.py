"""Credentials that the API of Instagram does not have: in headers and cookies."""

import base64

import httpx2

from instagram_client._runtime.credentials import RequestCredentials, Scheme, Vault

ADDRESS = "https://api.example/v1/things"
SCHEMES = {
    "token": Scheme("header", "Authorization", "Bearer "),
    "account": Scheme("header", "Authorization", "Basic "),
    "key": Scheme("header", "X-Key"),
    "session": Scheme("cookie", "sid"),
    "device": Scheme("cookie", "device"),
}
SECRETS: dict[str, str | None] = {
    "token": "T0k",
    "account": "ann:pässword",
    "key": "K3y",
    "session": "s1",
    "device": "d2",
}


def authenticated(*schemes: str, **headers: str) -> httpx2.Request:
    required = RequestCredentials("https://api.example", "/v1", schemes)
    request = httpx2.Request("GET", ADDRESS, headers=headers, extensions=required.extensions())
    return Vault(SCHEMES, SECRETS).authenticate(request)


def test_a_header_carries_a_credential_behind_its_prefix() -> None:
    assert authenticated("token").headers["Authorization"] == "Bearer T0k"
    assert authenticated("key").headers["X-Key"] == "K3y"
    assert str(authenticated("key").url) == ADDRESS


def test_name_and_password_are_sent_as_base64_of_utf_8() -> None:
    prefix, _, encoded = authenticated("account").headers["Authorization"].partition(" ")
    assert prefix == "Basic"
    assert base64.b64decode(encoded).decode() == "ann:pässword"


def test_cookies_of_credentials_stand_beside_others() -> None:
    assert authenticated("session").headers["Cookie"] == "sid=s1"
    assert authenticated("session", "device", Cookie="theme=dark").headers["Cookie"] == (
        "theme=dark; sid=s1; device=d2"
    )


def test_several_credentials_travel_together() -> None:
    headers = authenticated("token", "key", "session").headers
    assert [headers[name] for name in ("Authorization", "X-Key", "Cookie")] == ["Bearer T0k", "K3y", "sid=s1"]
