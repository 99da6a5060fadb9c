"""Every method has three views: its result, the raw response and the streamed one send the same request."""

import inspect
from operator import attrgetter
from typing import Any

import httpx2
import pytest

from instagram_client import NotFoundError, _endpoints
from support.fake_wire import Time, Wire, error_response, fake_time
from support.sides import Side, both_sides, run

time = pytest.fixture(fake_time)
METHODS = [endpoint.name for endpoint in _endpoints.OPERATIONS.values()]
VIEWS = ("", "with_raw_response.", "with_streaming_response.")
CREDENTIALS = {"client_id": "C", "client_secret": "S"}


def called(client: Any, name: str, view: str) -> Any:
    """Calls a method with a value for each of its arguments, and reads what it returns."""
    resource, _, method = name.rpartition(".")
    function = attrgetter(f"{resource}.{view}{method}")(client)
    parameters = inspect.signature(function).parameters.values()
    positional = [value(each.name) for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    named = {each.name: value(each.name) for each in parameters if each.kind is each.KEYWORD_ONLY}
    result = function(*positional, **named)
    return opened(result) if view == "with_streaming_response." else result


def value(argument: str) -> Any:
    return {"object_": "user", "aspect": "media", "action": "follow"}.get(argument, "1")


def opened(streaming: Any) -> Any:
    """What is parsed within the block."""
    if hasattr(streaming, "__enter__"):
        with streaming as response:
            return response.parse()

    async def read() -> Any:
        async with streaming as response:
            return await response.parse()

    return read()


def sent(request: httpx2.Request) -> tuple[Any, ...]:
    return request.method, str(request.url), request.headers.raw, request.content


@both_sides
@pytest.mark.parametrize("name", METHODS)
def test_the_views_of_a_method_send_the_same_request(side: Side, name: str, time: Time) -> None:
    wire = Wire(side, lambda _: error_response(404), **CREDENTIALS)
    for view in VIEWS:
        with pytest.raises(NotFoundError):
            run(called(wire.client, name, view))
    first, *others = map(sent, wire.requests)
    assert others == [first, first]
