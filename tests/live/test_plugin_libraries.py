"""The exchanges of each HTTP library and test client, as the plugin captures them."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import httpx
import httpx2
import pytest
import requests
import werkzeug.test
import werkzeug.wrappers

from wirecheck.model import Exchange
from wirecheck.testing.instruments import Instruments

URL = "http://testserver/v1/things/a%2Fb?q=%20x&q=y"
BODY = b'{"a": "\xc3\xa4"}'
JSON = "application/json"


@contextmanager
def watched() -> Iterator[Instruments]:
    instruments = Instruments()
    instruments.install()
    try:
        yield instruments
    finally:
        instruments.remove()


def captured(use: Callable[[], Any]) -> list[Exchange]:
    """What is captured of the use of a library."""
    with watched() as instruments:
        use()
        assert instruments.unreadable == 0
        return [each.exchange() for each in instruments.captured]


class Served(requests.adapters.BaseAdapter):
    """A server of requests that redirects the path /old, and responds with what it got."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        response = requests.Response()
        response.url, response.request = str(request.url), request
        is_old = request.path_url == "/old"
        response.status_code = 302 if is_old else 200
        response.headers.update({"Location": URL} if is_old else {"Content-Type": JSON})
        response.raw = BytesIO(b"moved" if is_old else BODY)
        return response

    def close(self) -> None:
        pass


def session() -> requests.Session:
    session = requests.Session()
    session.mount("http://", Served())
    return session


def transport(library: Any) -> Any:
    def handle(request: Any) -> Any:
        if request.url.path == "/old":
            return library.Response(302, headers={"Location": URL}, content=b"moved")
        pieces = [request.content[:3], request.content[3:]]
        return library.Response(200, headers={"Content-Type": JSON}, content=iter(pieces))

    return library.MockTransport(handle)


def async_transport(library: Any) -> Any:
    async def pieces(request: Any) -> Any:
        yield request.content

    def handle(request: Any) -> Any:
        return library.Response(200, headers={"Content-Type": JSON}, content=pieces(request))

    return library.MockTransport(handle)


def use_httpx(library: Any) -> None:
    with library.Client(transport=transport(library)) as client:
        client.post(URL, content=BODY, headers={"Content-Type": JSON})


def use_httpx_streams(library: Any) -> None:
    with (
        library.Client(transport=transport(library)) as client,
        client.stream("POST", URL, content=BODY, headers={"Content-Type": JSON}) as response,
    ):
        assert "".join(response.iter_text()) == BODY.decode()


def use_async_httpx(library: Any, is_streamed: bool = False) -> None:
    async def use() -> None:
        async with library.AsyncClient(transport=async_transport(library)) as client:
            request = client.build_request("POST", URL, content=BODY, headers={"Content-Type": JSON})
            response = await client.send(request, stream=is_streamed)
            assert await response.aread() == BODY

    asyncio.run(use())


def use_requests(is_streamed: bool = False) -> None:
    with session() as used:
        response = used.post(URL, data=BODY, headers={"Content-Type": JSON}, stream=is_streamed)
        assert response.content == BODY


def wsgi_app(environ: Any, start_response: Any) -> Any:
    request = werkzeug.wrappers.Request(environ)
    body = request.get_data()
    if request.path == "/old":
        response = werkzeug.wrappers.Response("moved", 302, {"Location": "/new"})
    else:
        length = {} if request.path == "/new" else {"Content-Length": str(len(body))}
        response = werkzeug.wrappers.Response(iter([body[:3], body[3:]]), 200, length, content_type=JSON)
    return response(environ, start_response)


def use_werkzeug() -> None:
    client = werkzeug.test.Client(wsgi_app)
    response = client.post(URL, data=BODY, content_type=JSON)
    assert response.data == BODY


USES: dict[str, Callable[[], None]] = {
    "httpx": lambda: use_httpx(httpx),
    "httpx streams": lambda: use_httpx_streams(httpx),
    "httpx async": lambda: use_async_httpx(httpx),
    "httpx2": lambda: use_httpx(httpx2),
    "httpx2 streams": lambda: use_httpx_streams(httpx2),
    "httpx2 async streams": lambda: use_async_httpx(httpx2, is_streamed=True),
    "requests": use_requests,
    "requests streams": lambda: use_requests(is_streamed=True),
    "werkzeug": use_werkzeug,
}


@pytest.mark.parametrize("library", USES)
def test_an_exchange_is_captured_as_it_was_on_the_wire(library: str) -> None:
    (exchange,) = captured(USES[library])
    assert (exchange.method, exchange.status) == ("POST", 200)
    assert exchange.url.partition("/v1/")[2] == URL.partition("/v1/")[2]
    assert (exchange.request_body, exchange.response_body) == (BODY, BODY)
    assert ("content-type", JSON) in exchange.request_headers
    assert ("content-type", JSON) in exchange.response_headers


def test_each_redirection_is_an_exchange_of_its_own() -> None:
    def redirected(library: Any) -> Callable[[], Any]:
        client = library.Client(transport=transport(library), follow_redirects=True)
        return lambda: client.get("http://testserver/old")

    def of_requests() -> None:
        with session() as used:
            assert used.get("http://testserver/old").url == URL

    def of_werkzeug() -> None:
        assert werkzeug.test.Client(wsgi_app).get("/old", follow_redirects=True).data == b""

    for use in (redirected(httpx), redirected(httpx2), of_requests, of_werkzeug):
        exchanges = captured(use)
        assert sorted(each.status for each in exchanges) == [200, 302]
        assert {each.response_body for each in exchanges if each.status == 302} == {b"moved"}


def test_a_stream_that_is_not_read_is_not_consumed() -> None:
    def use() -> None:
        with httpx2.Client(transport=transport(httpx2)) as client, client.stream("GET", URL) as response:
            assert not response.is_stream_consumed

    (exchange,) = captured(use)
    assert (exchange.status, exchange.response_body) == (200, None)


def test_a_form_with_a_file_is_captured() -> None:
    def use() -> None:
        with httpx2.Client(transport=transport(httpx2)) as client:
            client.post(URL, files={"f": ("name.txt", b"content")})

    (exchange,) = captured(use)
    assert b"content" in (exchange.request_body or b"")


def test_a_mock_breaks_no_test() -> None:
    class Client(httpx2.Client):
        def _send_handling_auth(self, *_: Any, **__: Any) -> Any:
            return Silent()

    class Silent:
        def read(self) -> bytes:
            return b""

    with watched() as instruments, Client() as client:
        client.get(URL)
        assert (instruments.unreadable, list(instruments.captured)) == (1, [])
