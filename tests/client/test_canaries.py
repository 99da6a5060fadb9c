"""Canaries: no error and no log shows a secret of a response, whatever its name, place and encoding."""

import base64
import gc
import json
import logging
from collections.abc import Callable
from time import process_time
from urllib.parse import quote

import httpx2
import pytest

from instagram_client import APIConnectionError, APIStatusError, InstagramError, ResponseFormatError
from instagram_client._runtime.redaction import Redaction
from instagram_client.models import SubscriptionForm
from support.credentials import CREDENTIALS, SECRET, TOKEN
from support.fake_wire import Time, Wire, error_response, fake_time, get_user, maker
from support.serving import callback
from support.sides import Side, both_sides, run

time = pytest.fixture(fake_time)

CANARY = "k7Qm2xW9/vT4+bN8pR3z"
NAMES = [
    *("token", "refresh_token", "ID-Token", "clientSecret", "password", "api_key", "X-API-Key", "session_id"),
    *("csrfToken", "jwt", "X-Amz-Signature", "code_verifier", "xAuthTok", "sessKey", "webhookSigningSecret"),
]
Place = Callable[[str], httpx2.Response]


def text(body: str, status: int = 400) -> httpx2.Response:
    return httpx2.Response(status, text=body)


PLACES: dict[str, Callable[[str, str], httpx2.Response]] = {
    "member": lambda name, secret: httpx2.Response(400, json={"meta": {"code": 400}, name: secret}),
    "nested member": lambda name, secret: httpx2.Response(
        400, json={"meta": {"error_message": f"no {secret}"}, "data": [{name: {"value": secret}}]}
    ),
    "message": lambda name, secret: error_response(400, "APIOddError", f"{name}={quote(secret, safe='')}"),
    "address": lambda name, secret: error_response(
        400, "APIOddError", f"see https://x.test/?{name}={quote(secret, safe='')}&a=b"
    ),
    "JSON in a message": lambda name, secret: error_response(400, "Odd", json.dumps({name: secret})),
    "header": lambda name, secret: error_response(400, headers={name: secret}),
    "cookie": lambda name, secret: error_response(400, headers={"Set-Cookie": f"{name}={secret}; Path=/"}),
    "HTML": lambda name, secret: text(f"<p>at /v1?{name}={quote(secret, safe='')}</p>", 502),
    "cut JSON": lambda name, secret: text(f'{{"{name}": "{secret}", "a', 200),
    "wrong JSON": lambda name, secret: httpx2.Response(200, json={"data": {name: secret}}),
}


def shown(error: InstagramError) -> str:
    """Everything of an error that travels."""
    parts = [str(error), repr(error), repr(error.args), repr(vars(error))]
    if isinstance(error, APIStatusError | ResponseFormatError):
        response = error.response
        parts += [response.text, repr(response.headers.raw), repr(response.headers.multi_items())]
    return "\n".join(parts)


def leaks(text: str, secret: str = CANARY) -> bool:
    spellings = (secret, quote(secret, safe=""), secret.replace("/", "\\/"), secret[:10], secret[-10:])
    return any(spelling in text for spelling in spellings)


def test_a_leak_is_found() -> None:
    for response in (PLACES["member"]("a", CANARY), PLACES["header"]("a", CANARY)):
        assert leaks(shown(APIStatusError("x", response=response)))


@both_sides
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", PLACES)
def test_an_error_shows_no_secret_of_its_response(side: Side, place: str, name: str, time: Time) -> None:
    wire = Wire(side, PLACES[place](name, CANARY), max_retries=0, **CREDENTIALS)
    with pytest.raises(InstagramError) as caught:
        wire.call(get_user)
    assert not leaks(shown(caught.value))


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "percent": lambda text: "".join(f"%{ord(sign):02x}" for sign in text),
    "percent twice": lambda text: "".join(f"%25{ord(sign):02X}" for sign in text),
    "JSON units": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text),
    "HTML": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 behind a name": lambda text: base64.b64encode(f"ada:{text}".encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "reversed": lambda text: text[::-1],
    "split": lambda text: f"{text[:16]} {text[16:]}",
    "beginning": lambda text: text[:14],
    "end": lambda text: text[-14:],
}
ECHOES: dict[str, Callable[[str], httpx2.Response]] = {
    "message": lambda echo: error_response(400, "OAuthAccessTokenException", f"rejected: {echo}"),
    "raw JSON": lambda echo: httpx2.Response(
        400, text=f'{{"meta": {{"code": 400, "error_message": "not {echo}"}}}}'
    ),
    "HTML": lambda echo: text(f"<html>{echo}", 404),
    "header": lambda echo: error_response(400, headers={"X-Debug": f"for {echo}"}),
    "format": lambda echo: text(f"<html>{echo}", 200),
}


@both_sides
@pytest.mark.parametrize("secret", [TOKEN, SECRET])
@pytest.mark.parametrize("place", ECHOES)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_error_shows_no_credential_of_the_client_in_any_encoding(
    side: Side, encoding: str, place: str, secret: str, time: Time
) -> None:
    echo = ENCODINGS[encoding](secret)
    wire = Wire(side, ECHOES[place](echo), max_retries=0, **CREDENTIALS)
    with pytest.raises(InstagramError) as caught:
        wire.call(get_user)
    text = shown(caught.value)
    assert not leaks(text, echo)
    assert not leaks(text, secret)
    assert not leaks(text.lower(), secret)


@both_sides
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_error_of_the_connection_shows_no_credential(side: Side, encoding: str, time: Time) -> None:
    echo = ENCODINGS[encoding](TOKEN)
    wire = Wire(side, httpx2.ConnectError(f"no way to {echo}"), max_retries=0, **CREDENTIALS)
    with pytest.raises(APIConnectionError) as caught:
        wire.call(get_user)
    text = f"{shown(caught.value)}{caught.value.__cause__!r}{caught.value.__cause__}"
    assert not leaks(text, echo)
    assert not leaks(text, TOKEN)


@both_sides
def test_no_library_logs_a_secret_of_a_response(
    side: Side, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    """Under any name, in any encoding; httpx2 and httpcore log at DEBUG."""
    gc.collect()  # clients of other tests, which mask what they know before this one does
    for name in ("httpx2", "httpcore2", "instagram_client"):
        caplog.set_level(logging.DEBUG, logger=name)
    headers = dict.fromkeys(NAMES, CANARY)
    headers |= {f"X-Echo-{number}": ENCODINGS[each](TOKEN) for number, each in enumerate(ENCODINGS)}
    headers |= {
        "Set-Cookie": f"PHPSESSID={CANARY}; Path=/; HttpOnly",
        "Authorization": f"Basic {base64.b64encode(CANARY.encode()).decode()}",
        "Location": f"https://x.test/?access_token={quote(CANARY, safe='')}&count=20",
        "X-Debug": "it's fine",
    }
    body = error_response(400).content
    with callback(lambda *_: (400, headers, body)) as address:
        client = maker(side)(base_url=f"{address}/v1", max_retries=0, **CREDENTIALS)
        with pytest.raises(APIStatusError):
            run(get_user(client))
    text = "\n".join([caplog.text, *(repr(record.args) for record in caplog.records)])
    assert "X-Debug" in text
    assert "it's fine" in text
    assert "count=20" in text
    assert "Path=/; HttpOnly" in text
    assert not leaks(text)
    assert base64.b64encode(CANARY.encode()).decode() not in text
    for name, encoding in ENCODINGS.items():
        assert not leaks(text, encoding(TOKEN)), name


@both_sides
def test_the_urls_that_httpx_logs_show_no_secret(
    side: Side, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="httpx2")
    client = maker(side)(access_token="t")
    logging.getLogger("httpx2").info("HTTP Request: GET https://x.test/?session_token=%s", CANARY[:8])
    assert "session_token=***" in caplog.text
    run(client.close())


def test_the_repr_of_a_model_does_not_show_a_text_with_the_name_of_a_secret() -> None:
    form = SubscriptionForm(
        object_="user",
        aspect="media",
        callback_url="https://app.test/",
        client_id="c",
        client_secret="s3cret",
        verify_token=CANARY,
    )
    assert CANARY not in repr(form)
    assert "app.test" in repr(form)


# What stays as it is


HARMLESS: list[dict[str, object]] = [
    {
        "meta": {
            "code": 400,
            "error_type": "OAuthAccessTokenException",
            "error_message": "The token is invalid.",
        }
    },
    {"error": "invalid_token", "error_description": "The access token expired", "token_type": "bearer"},
    {"id": "k7Qm2xW9vT4bN8pR3z", "etag": "33a64df551425fcc55e4d42a148795d9f25f89d4", "session": None},
    {"errors": [{"code": "E1001", "field": "country_code", "message": "DE is not one of them"}]},
    {"next_url": "https://x.test/v1/users/self?count=20&max_id=12", "ok": False, "numbers": [1, 2.5, 1e300]},
    {"password_reset_required": True, "tokens_left": 12, "total_tokens": 52},
]


@pytest.mark.parametrize("body", HARMLESS)
def test_a_body_without_secrets_stays_as_it_is(body: dict[str, object]) -> None:
    raw = json.dumps(body, indent=1, ensure_ascii=False).encode()
    assert Redaction(["access_token"], [TOKEN, SECRET]).body(raw) == raw


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-RateLimit-Remaining", "4999"),
        ("ETag", '"33a64df551425fcc55e4d42a148795d9f25f89d4"'),
        ("Set-Cookie", "consent=true; Path=/; Max-Age=3600"),
        ("WWW-Authenticate", 'Bearer realm="x", error="invalid_token"'),
        ("Date", "Sat, 28 Nov 2015 12:00:00 GMT"),
        ("Link", '<https://x.test/v1/tokens?page=2>; rel="next"'),
    ],
)
def test_a_header_without_secrets_stays_as_it_is(name: str, value: str) -> None:
    redaction = Redaction([], [])
    assert redaction.header(name, value) == value
    logged = f"receive_response_headers.complete return_value=(b'HTTP/1.1', 200, [({name!r}, {value!r})])"
    assert redaction.logged(logged) == logged


def test_json_stays_json() -> None:
    body = {"pin": 4711, "token": "t", "sessions": [CANARY, "current"], "a": {"secret": {"b": ["xyzzy"]}}}
    assert json.loads(Redaction([], []).body(json.dumps(body).encode())) == {
        "pin": "***",
        "token": "***",
        "sessions": ["***", "current"],
        "a": {"secret": {"b": ["***"]}},
    }


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"token": "\\ud800' + b"a" * 9 + b'"}', b"\xff\xfe", b""])
def test_any_body_can_be_shown(body: bytes) -> None:
    assert isinstance(Redaction([], []).body(body), bytes)


def test_names_of_the_document_are_added() -> None:
    assert Redaction(["door"], []).text('{"door": "open4all"}') == '{"door": "***"}'
    assert Redaction(["door"], []).body(b'{"door": "open4all"}') == b'{"door": "***"}'


# Time


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "unit", ["b'", "(b'a', b'", "(b'a', b'\\\\", "a=", "token=a;", "Set-Cookie: ", '{"a":', "aB1"]
)
def test_what_is_shown_takes_time_in_proportion_to_its_length(unit: str) -> None:
    redaction = Redaction([], [TOKEN, SECRET])

    def seconds(text: str) -> float:
        began = process_time()
        redaction.logged(text)
        redaction.header("set-cookie", text)
        redaction.body(text.encode())
        return process_time() - began

    text, single, double = unit * (30_000 // len(unit)), float("inf"), float("inf")
    for _ in range(8):
        single, double = min(single, seconds(text)), min(double, seconds(text * 2))
        if double <= 2.5 * single:
            return
    pytest.fail(f"{single:.3f} s, and {double:.3f} s for twice the length")
