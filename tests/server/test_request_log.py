"""The request log: one line for each request, and never a secret."""

import asyncio
from collections.abc import Callable
from urllib.parse import quote, unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import ASGIApp, Receive, Scope, Send

from instagram_server import create_app, seed_data
from instagram_server.request_log import LONGEST_LINE, REDACTED, RequestLog, describe

TOKEN, SECRET = seed_data.tokens()["all"], seed_data.DEMO_CLIENT.secret
SIGNATURE, CODE = "cbf5a1f41db44412506cb6563a3218b50f45a710c7a8a65a3e9b18315bb338bf", "0123456789abcdef" * 2


def percent(text: str) -> str:
    """Every character percent-encoded."""
    return "".join(f"%{byte:02x}" for byte in text.encode())


def request_line(app: ASGIApp, method: str, url: str) -> str:
    lines: list[str] = []

    async def send() -> None:
        transport = httpx.ASGITransport(RequestLog(app, lines.append), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://server.test") as client:
            await client.request(method, url)

    asyncio.run(send())
    [line] = lines
    return line


def test_a_line_has_method_path_query_status_and_milliseconds() -> None:
    app = create_app()
    line = request_line(app, "GET", f"/v1/users/self/media/recent?count=3&access_token={TOKEN}")
    words = line.split(" ")
    assert words[:3] == ["GET", f"/v1/users/self/media/recent?count=3&access_token={REDACTED}", "200"]
    assert float(words[3]) >= 0
    assert words[4:] == ["ms\n"]
    assert request_line(app, "POST", "/none").startswith("POST /none 404 ")
    app.state.platform.store.close()


def test_a_request_that_fails_is_logged_as_500() -> None:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    assert request_line(fails, "GET", "/").startswith("GET / 500 ")


SECRETS = {
    "access_token": TOKEN,
    "client_secret": SECRET,
    "sig": SIGNATURE,
    "code": CODE,
    "verify_token": "my own words",
    "hub.verify_token": "my own words",
    "seal": CODE,
    "Authorization": f"Bearer {TOKEN}",
    "Cookie": "consent=1",
    "password": "hunter2",
    "ACCESS_TOKEN": "short",
    "access_token[]": "short",
}


@pytest.mark.parametrize("encode", [str, quote, percent, lambda text: percent(percent(text))])
@pytest.mark.parametrize("name", SECRETS)
def test_a_parameter_with_a_secret_is_redacted(name: str, encode: Callable[[str], str]) -> None:
    value = SECRETS[name]
    for query in (f"{name}={encode(value)}", f"{percent(name)}={encode(value)}", f"count=3&{name}={value}"):
        line = describe(b"/v1/users/self", query.encode())
        assert value not in line
        assert REDACTED in line
        assert line.startswith("/v1/users/self?")


@pytest.mark.parametrize("encode", [str, percent, lambda text: percent(percent(percent(text)))])
@pytest.mark.parametrize("secret", [TOKEN, SECRET, SIGNATURE, CODE, "access_token=short", "code=short"])
def test_a_secret_in_another_place_is_redacted(secret: str, encode: Callable[[str], str]) -> None:
    path = f"/v1/users/{encode(secret)}".encode()
    query = f"q={encode(secret)}&{encode(secret)}=1&callback_url=http://a.test/?{encode(secret)}".encode()
    for line in (describe(path, b""), describe(b"/v1", query), describe(path, query)):
        assert secret not in line
        assert "short" not in line
        assert REDACTED in line


@given(depth=st.integers(0, 14), before=st.text(max_size=5), after=st.text(max_size=5))
def test_no_depth_of_encoding_hides_a_token(depth: int, before: str, after: str) -> None:
    text = f"{before} {TOKEN} {after}"
    for _ in range(depth):
        text = quote(text, safe="")
    line = describe(f"/{text}".encode(), f"q={text}".encode())
    for _ in range(depth + 1):
        assert TOKEN not in line
        line = unquote(line)


def test_other_parameters_are_shown() -> None:
    query = "q=caf%C3%A9+noir&max_tag_id=1&shortcode=abc&state=x&empty=&scope=likes"
    assert describe(b"/v1/tags/%C3%A9t%C3%A9", query.encode()) == (
        "/v1/tags/été?q=café noir&max_tag_id=1&shortcode=abc&state=x&empty=&scope=likes"
    )
    media = "/v1/media/1127838097061452801_1001"
    assert describe(media.encode(), b"lat=48.8584&min_timestamp=1448668800") == (
        f"{media}?lat=48.8584&min_timestamp=1448668800"
    )


@given(path=st.binary(), query=st.binary())
def test_a_line_is_one_line_of_printable_characters(path: bytes, query: bytes) -> None:
    line = describe(path, query)
    assert line.isprintable()
    assert len(line) <= LONGEST_LINE + 1


def test_control_characters_are_escaped() -> None:
    assert describe(b"/a%0d%0aGET", b"q=%1b[31m%E2%80%AE") == "/a\\r\\nGET?q=\\x1b[31m\\u202e"


@pytest.mark.parametrize(
    "text", ["1" * 60_000, "code" * 15_000, "%25" * 20_000, "1.a" * 20_000, "_token " * 8_000]
)
def test_a_long_request_is_described_quickly_and_cut_off(text: str) -> None:
    line = describe(f"/{text}".encode(), f"{text}=1&q={text}".encode())
    assert len(line) <= LONGEST_LINE + 1
