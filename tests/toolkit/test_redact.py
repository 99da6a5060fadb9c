"""A secret is never shown, wherever it was and wherever it is repeated."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wirecheck.masking.shapes import is_ordinary, is_trivial
from wirecheck.model import Exchange
from wirecheck.redact import MASK, Masked, Redactor

SECRET = "Zq7Wv3Xy9Kp2Lm5N"
PIECE = 6  # characters of a secret that must not come out together
CUSTOM = ["X-Session", "k.y", ""]
REDACTOR = Redactor(CUSTOM)


# Builders


def exchange(**changes: Any) -> Exchange:
    values = {"source": "s", "entry": 0, "method": "GET", "url": "https://h/a", "status": 200, **changes}
    return Exchange(**values)


def masked(**changes: Any) -> Masked:
    return REDACTOR.masked(exchange(**changes))


def leaks(shown: str, secret: str = SECRET) -> bool:
    """Whether a text shows the secret, or a piece of it."""
    size = min(PIECE, len(secret))
    return any(secret[start : start + size] in shown for start in range(len(secret) - size + 1))


def echoes(secret: str) -> list[str]:
    """Texts in which a secret may be repeated."""
    return [
        secret,
        f"/users/{secret}/media",
        f"x{secret}y",
        f"the token {secret} is not valid",
        f"https://h/a?access_token={quote(secret)}&b=1",
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps({"message": secret}),
        json.dumps({"message": secret}, ensure_ascii=False),
        *("x" * size + secret + "y" * 30 for size in range(30, 62, 3)),
    ]


def multipart(name: str, secret: str, end: str = "\r\n") -> bytes:
    lines = [
        "--b",
        "Content-Type: text/plain",
        f'Content-Disposition: form-data; name="{name}"',
        "X-A: b",
        "",
        secret,
        "--b--",
    ]
    return end.join(lines).encode()


Place = Callable[[str, str], dict[str, Any]]
PLACES: dict[str, Place] = {
    "query": lambda name, secret: {"url": f"https://h/a?b=1&{name}={quote(secret)}&c=2"},
    "the only parameter": lambda name, secret: {"url": f"https://h/a?{name}={quote(secret)}"},
    "fragment": lambda name, secret: {"url": f"https://h/a#{name}={quote(secret)}&token_type=bearer"},
    "encoded name": lambda name, secret: {
        "url": f"https://h/a?%{ord(name[0]):02x}{name[1:]}={quote(secret)}"
    },
    "brackets": lambda name, secret: {"url": f"https://h/a?{name}[]={quote(secret)}"},
    "encoded brackets": lambda name, secret: {"url": f"https://h/a?{name}%5B0%5D={quote(secret)}"},
    "matrix": lambda name, secret: {"url": f"https://h/a;{name}={quote(secret, safe='')}/b"},
    "URL in a query": lambda name, secret: {
        "url": f"https://h/a?u={quote(f'https://i/?{name}={quote(secret)}&z=1', safe='')}"
    },
    "form": lambda name, secret: {"request_body": f"a=1&{name}={quote_plus(secret)}&b=2".encode()},
    "JSON": lambda name, secret: {"response_body": json.dumps({"a": {name: secret}, "b": 1}).encode()},
    "JSON in UTF-8": lambda name, secret: {
        "response_body": json.dumps({name: secret}, ensure_ascii=False).encode()
    },
    "JSON with spaces": lambda name, secret: {
        "response_body": f'{{"{name}" \n:\t {json.dumps(secret)}}}'.encode()
    },
    "JSON with an escaped name": lambda name, secret: {
        "response_body": f'{{"\\u{ord(name[0]):04x}{name[1:]}": {json.dumps(secret)}}}'.encode()
    },
    "JSON list": lambda name, secret: {
        "response_body": json.dumps([{name: [1, {"value": secret}]}]).encode()
    },
    "JSON in JSON": lambda name, secret: {
        "response_body": json.dumps({"a": json.dumps({name: secret})}).encode()
    },
    "JSON that is cut": lambda name, secret: {
        "response_body": f'{{"a": [1, {{"{name}": {json.dumps(secret)[:-1]}'.encode()
    },
    "multipart": lambda name, secret: {"request_body": multipart(name, secret)},
    "multipart with line feeds": lambda name, secret: {"request_body": multipart(name, secret, "\n")},
    "next_url": lambda name, secret: {
        "response_body": json.dumps({"next_url": f"https://h/?{name}={quote(secret)}&max_id=1"}).encode()
    },
    "next_url as PHP has it": lambda name, secret: {
        "response_body": json.dumps({"next_url": f"https://h/?a=1&{name}={quote(secret)}&max_id=1"})
        .replace("/", "\\/")
        .replace("&", "\\u0026")
        .replace("=", "\\u003d")
        .encode()
    },
    "request header": lambda name, secret: {"request_headers": ((name.lower(), secret),)},
    "response header": lambda name, secret: {"response_headers": ((name.lower(), secret),)},
    "location": lambda name, secret: {
        "response_headers": (("location", f"https://i/?{name}={quote(secret)}"),)
    },
    "XML": lambda name, secret: {"response_body": f"<{name}>{secret}</{name}>".encode()},
    "single quotes": lambda name, secret: {"response_body": f"{{'{name}': '{secret}'}}".encode()},
}
ANY_NAME = [
    "access_token",
    "sig",
    "client_secret",
    "X-Session",
    "k.y",
    "ACCESS_TOKEN",
    "password",
    "api_key",
]


@pytest.mark.parametrize("name", ANY_NAME)
@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_recognised_wherever_it_is(place: str, name: str) -> None:
    seen = masked(**PLACES[place](name, SECRET))
    for echo in echoes(SECRET):
        assert not leaks(seen.text(echo)), echo
        assert not leaks(seen.value(echo)), echo
        assert not leaks(seen.value({"a": echo}))
    assert MASK in seen.text(SECRET)


CODES: dict[str, dict[str, Any]] = {
    "redirect": {"url": f"https://h/a?code={SECRET}&state=x"},
    "redirect with the state first": {"url": f"https://h/a?state=x&code={SECRET}"},
    "fragment": {"url": f"https://h/a#state=x&code={SECRET}"},
    "callback": {"url": f"https://h/login/callback?code={SECRET}"},
    "location": {"response_headers": (("location", f"https://i/welcome?code={SECRET}"),)},
    "referer": {"request_headers": (("referer", f"https://i/welcome?code={SECRET}"),)},
    "form": {"request_body": f"grant_type=authorization_code&code={SECRET}".encode()},
    "JSON": {"request_body": json.dumps({"code": SECRET, "grant_type": "authorization_code"}).encode()},
    "JSON with an address": {"response_body": json.dumps({"code": SECRET, "redirect_uri": "x"}).encode()},
    "multipart": {"request_body": multipart("code", SECRET) + b'name="code_verifier"'},
    "token endpoint": {"url": "https://h/v1/oauth/x", "request_body": f"code={SECRET}".encode()},
    "page after authorizing": {
        "url": "https://h/authorize?a=b",
        "response_body": json.dumps({"data": {"code": SECRET}}).encode(),
    },
    "URL in JSON": {"response_body": json.dumps({"url": f"https://h/?code={SECRET}&state=1"}).encode()},
    "endpoint of the document": {"url": f"https://h/api/grants/new?code={SECRET}"},
    "URL in a query": {
        "url": f"https://h/a?u={quote(f'https://i/?code={SECRET}&state=1', safe='')}",
    },
}
NO_CODES: dict[str, dict[str, Any]] = {
    "coupon": {"response_body": json.dumps([{"code": SECRET, "price": 9}]).encode()},
    "error": {"response_body": json.dumps({"error": {"code": SECRET, "state": "CA"}}).encode()},
    "query": {"url": f"https://h/coupons?code={SECRET}"},
    "form": {"request_body": f"code={SECRET}&lang=en".encode()},
    "header": {"response_headers": (("x-error-code", SECRET),)},
    "path": {"url": f"https://h/code/{SECRET}"},
}


@pytest.mark.parametrize("place", CODES)
def test_a_code_of_oauth_is_masked(place: str) -> None:
    redactor = Redactor(oauth=["/grants/new"])
    assert redactor.masked(exchange(**CODES[place])).text(f"it is {SECRET}.") == f"it is {MASK}."


@pytest.mark.parametrize("place", NO_CODES)
def test_another_code_is_shown(place: str) -> None:
    redactor = Redactor(oauth=["/grants/new"])
    assert redactor.masked(exchange(**NO_CODES[place])).text(f"it is {SECRET}.") == f"it is {SECRET}."
    assert masked().value(SECRET, ("data", "code")) == f'"{SECRET}"'


def test_a_code_of_oauth_is_masked_in_a_text() -> None:
    assert masked().text(f"?code={SECRET}&state=x") == f"?code={MASK}&state=x"
    assert masked().text(f"?code={SECRET}&lang=en") == f"?code={SECRET}&lang=en"
    grant = f'{{"grant_type": "authorization_code", "code": "{SECRET}"}}'
    assert masked().text(grant) == grant.replace(SECRET, MASK)


HEADERS = [
    ("authorization", f"Bearer {SECRET}"),
    ("authorization", f"OAuth {SECRET}"),
    ("authorization", SECRET),
    ("authorization", f'Digest username="ada", response="{SECRET}"'),
    ("authorization", f"Signature keyId=a,signature={SECRET}"),
    ("authorization", f"Basic {base64.b64encode(f'ada:{SECRET}'.encode()).decode()}"),
    ("proxy-authorization", f"Basic {SECRET}=="),
    ("cookie", f"a=1; sessionid={SECRET}; b=2"),
    ("cookie", f'sessionid="{SECRET}"'),
    ("set-cookie", f"sessionid={SECRET}; Path=/; HttpOnly"),
    ("x-session", SECRET),
    ("referer", f"https://h/?access_token={SECRET}"),
    ("x-debug", json.dumps({"access_token": SECRET})),
    ("link", f'<https://h/?access_token={SECRET}>; rel="next"'),
]


@pytest.mark.parametrize(("name", "value"), HEADERS)
@pytest.mark.parametrize("side", ["request_headers", "response_headers"])
def test_a_secret_in_a_header_is_recognised(side: str, name: str, value: str) -> None:
    seen = masked(**{side: ((name, value),)})
    for echo in (*echoes(SECRET), value):
        assert not leaks(seen.text(echo)), echo
        assert not leaks(seen.value(echo)), echo


def test_a_password_in_a_url_is_recognised() -> None:
    url = f"https://ada:{SECRET}@h/a"
    assert not leaks(masked(url=url).text(f"{url} {SECRET}"))
    assert not leaks(masked().text(url))


# A text that was in no exchange is masked behind the name of a secret.
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"?access_token={SECRET}&a=1", f"?access_token={MASK}&a=1"),
        (f"access_token%3D{SECRET}", f"access_token%3D{MASK}"),
        (f"SIG={SECRET}", f"SIG={MASK}"),
        (f"k.y={SECRET}", f"k.y={MASK}"),
        (f"Authorization: Bearer {SECRET}", f"Authorization: Bearer {MASK}"),
        ("sig=a1", f"sig={MASK}"),
        (f"user[token]={SECRET}&a=1", f"user[token]={MASK}&a=1"),
        (f'signature="{SECRET}"', f'signature="{MASK}"'),
        (f"/password-reset/{SECRET}/confirm", f"/password-reset/{MASK}/confirm"),
        (f"/sessions/{SECRET}", f"/sessions/{MASK}"),
        ("/sessions/current/items", "/sessions/current/items"),
        (f"X-Auth-Token: {SECRET}", f"X-Auth-Token: {MASK}"),
        (f"the API key {SECRET} is unknown", f"the API key {MASK} is unknown"),
        ("the otp 482913 is wrong", f"the otp {MASK} is wrong"),
        ("Basic dXNlcjpwYXNz is not known", f"Basic {MASK} is not known"),
        (f"/verify/{SECRET}?a=b", f"/verify/{MASK}?a=b"),
        (f"/email-confirmation/{SECRET}", f"/email-confirmation/{SECRET}"),
        (f"/confirm-email/{SECRET}", f"/confirm-email/{MASK}"),
        ("/verify/550e8400-e29b-41d4-a716-446655440000", "/verify/550e8400-e29b-41d4-a716-446655440000"),
        ("the token gurxkdsqwhzplm is wrong", f"the token {MASK} is wrong"),
        ("the token strengths are compared", "the token strengths are compared"),
        ("zip_code=12345", "zip_code=12345"),
        ("x-code=12345", "x-code=12345"),
        ("kxy=12345", "kxy=12345"),
        ("passwords=12345", "passwords=12345"),
        ("max_id=12345", "max_id=12345"),
        ("is 400, not 200", "is 400, not 200"),
        ("", ""),
    ],
)
def test_what_follows_the_name_of_a_secret_is_masked(text: str, shown: str) -> None:
    assert masked().text(text) == shown


SHAPES = [
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    *(
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "github_pat_11ABCDEFG0abcdefghijkl",
        "glpat-abcdefghij01234567",
    ),
    *("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "rk_live_4eC39HqLyjWDarjtT1zdp7dc", "AKIAIOSFODNN7EXAMPLE"),
    *("xoxb-17653672481-19874698323-pdFZKVeTuE8s", "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe"),
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("token", SHAPES)
def test_a_token_of_a_known_shape_is_masked_under_any_name(token: str) -> None:
    assert masked().text(f"see {token}, please") == f"see {MASK}, please"
    body = json.dumps({"title": token}).encode()
    assert not leaks(masked(response_body=body).text(token[::-1]), token[::-1])


def test_a_number_under_the_name_of_a_pin_is_masked() -> None:
    assert masked().value(4711, ("pin",)) == MASK
    assert masked().value("4711", ("user_pin",)) == MASK
    assert masked().value("pinned", ("pin",)) == '"pinned"'


def test_a_credential_of_a_session_is_masked_even_if_it_is_a_word() -> None:
    assert Masked(REDACTOR, ["password"]).text("password") == MASK
    assert Masked(REDACTOR, ["seed", "abc"]).text("seed seeds abc") == f"{MASK} seeds abc"


# What must stay readable


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"code": 40012345}', "is 40012345"),
        (b'{"meta": {"code": 40012345, "error_type": "APINotFoundError"}}', "40012345 APINotFoundError"),
        (b'{"zip_code": "12345"}', "12345"),
        (b'{"token_type": "bearer"}', "bearer"),
        (b'{"a": "access_token"}', "access_token"),
        (b'{"access_token": null, "sig": true}', "null true"),
        (b'{"access_token": "abc"}', "abc abcdef"),
        (b'{"access_token": ""}', "anything"),
        (b"", "anything"),
        (b"''", "anything"),
        (b"'sig': '' <sig></sig>", "anything"),
    ],
)
def test_what_is_not_a_secret_stays(body: bytes, text: str) -> None:
    assert masked(response_body=body).text(text) == text


def test_a_numeric_secret_is_masked_but_for_a_code() -> None:
    seen = masked(response_body=b'{"access_token": 123456789, "code": 987654321}')
    assert seen.value(123456789) == MASK
    assert seen.value(987654321) == "987654321"


def test_the_attributes_of_a_cookie_are_not_secrets() -> None:
    seen = masked(
        response_headers=(("set-cookie", f"sid={SECRET}; Max-Age=3600; Path=/users; Domain=example.com"),)
    )
    assert seen.text("3600 /users example.com") == "3600 /users example.com"


# Values


@pytest.mark.parametrize(
    ("value", "path", "shown"),
    [
        ({"a": 1}, (), "an object"),
        ([1], (), "an array"),
        ("a", (), '"a"'),
        ("é😀\n", (), '"é😀\\n"'),
        (None, (), "null"),
        (True, (), "true"),
        (1.5, (), "1.5"),
        ("a", ("access_token",), MASK),
        ("a", ("Access_Token", 0, "b"), MASK),
        ("a", (0, "access_tokens"), '"a"'),
        (400, ("meta", "code"), "400"),
        ("x" * 100, (), '"' + "x" * 58 + "…"),
        ("x" * 58, (), '"' + "x" * 58 + '"'),
    ],
)
def test_a_value_is_shown_short(value: Any, path: tuple[str | int, ...], shown: str) -> None:
    assert masked().value(value, path) == shown


@given(value=st.text(max_size=200) | st.integers() | st.floats())
def test_no_value_is_shown_long(value: Any) -> None:
    assert len(masked().value(value)) <= 60


# Any secret in any place


TOKENS = st.text(
    st.characters(codec="ascii", categories=["L", "N"], include_characters="._-~"), min_size=8, max_size=40
).filter(lambda text: not is_ordinary(text) and not is_trivial(text))
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"], exclude_characters="<'"),
    min_size=8,
    max_size=20,
)


@settings(max_examples=150, deadline=None)
@given(
    secret=TOKENS, place=st.sampled_from(list(PLACES)), name=st.sampled_from(ANY_NAME), at=st.integers(0, 70)
)
@example(secret="aaaaaaaaaaaaaa", place="query", name="sig", at=52)
@example(secret="0000-00-18", place="query", name="sig", at=0)
def test_no_piece_of_a_secret_is_ever_shown(secret: str, place: str, name: str, at: int) -> None:
    seen = masked(**PLACES[place](name, secret))
    for text in (secret, " " * at + secret + " " * 9, f"{' ' * at}{secret}{secret}", f"<{secret}>"):
        assert not leaks(seen.text(text).replace(MASK, ""), secret)
        assert not leaks(seen.value(text).replace(MASK, ""), secret)
        assert not leaks(seen.text(json.dumps([text])).replace(MASK, ""), secret)


@settings(max_examples=100, deadline=None)
@given(
    secret=TEXTS.filter(lambda text: text == text.strip() and text != MASK and not is_ordinary(text)),
    place=st.sampled_from(
        ["query", "form", "JSON", "JSON in UTF-8", "JSON in JSON", "JSON list", "next_url", "URL in a query"]
    ),
)
@example(secret="0%0G0000", place="JSON")
@example(secret='pa"ss\\wo/rd+&=% é', place="JSON in JSON")
def test_a_secret_of_any_characters_is_masked(secret: str, place: str) -> None:
    seen = masked(**PLACES[place]("password", secret))
    for text in (secret, json.dumps(secret), json.dumps(secret, ensure_ascii=False), quote(secret, safe="")):
        assert not leaks(seen.text(text).replace(MASK, ""), secret)


NOISE = st.recursive(
    st.text("ab\"\\'/:=%<@é\n{}[]", max_size=8) | st.integers() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('ab"\\:é', max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)
NESTED: dict[str, Callable[[str], Any]] = {
    "member": lambda secret: {"session_token": secret},
    "object": lambda secret: {"credentials": {"a": [{"b": secret}]}},
    "URL": lambda secret: f"https://h/?a=b&access_token={secret}",
    "path": lambda secret: f"https://h/token/{secret}/a",
    "JSON": lambda secret: json.dumps({"a": {"token": secret}}),
    "single quotes": lambda secret: f"{{'token': '{secret}'}}",
    "XML": lambda secret: f"<a><token>{secret}</token></a>",
    "user": lambda secret: f"ftp://ada:{secret}@h",
    "encoded": lambda secret: quote(f"/password/{secret}/?", safe=""),
    "shape": lambda secret: f"a ghp_{secret} b",
    "key": lambda secret: {f"k7Q{secret}m2W": 1},
}


@given(
    before=NOISE, after=NOISE, kind=st.sampled_from(list(NESTED)), ascii_=st.booleans(), slash=st.booleans()
)
def test_a_secret_among_other_json_is_found(
    before: Any, after: Any, kind: str, ascii_: bool, slash: bool
) -> None:
    body = json.dumps([before, {"a": [NESTED[kind](SECRET), after]}, after], ensure_ascii=ascii_)
    body = body.replace("/", "\\/") if slash else body
    assert not leaks(masked(response_body=body.encode()).text(f"it is {SECRET}."))


@given(
    url=st.text(max_size=40),
    body=st.binary(max_size=60) | st.text("{}[]\"'\\:u<>/=&%codesig0 ", max_size=40).map(str.encode),
    header=st.text(max_size=30),
    text=st.text(max_size=40),
)
@example(
    url="", body=b'{"sig":' + b"[" * 900 + b'"abcdef"' + b"]" * 900 + b"}", header="Basic !", text="abcdef"
)
@example(url="", body=b'"\\ud800sig=\\ud800abcd"', header="Basic ====", text="abcd")
def test_any_exchange_can_be_masked(url: str, body: bytes, header: str, text: str) -> None:
    seen = masked(
        url=url,
        request_body=body,
        response_body=body,
        request_headers=(("authorization", header), ("cookie", header)),
        response_headers=(("set-cookie", header), ("x", header)),
    )
    assert isinstance(seen.text(text), str)
    assert len(seen.value(text)) <= 60
