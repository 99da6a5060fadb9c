"""What the client retries, and how long it waits."""

import asyncio
import time as clock
from email.utils import formatdate
from io import BytesIO, UnsupportedOperation
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instagram_client import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    InstagramError,
    InternalServerError,
    RateLimitError,
    _async,
)
from instagram_client._runtime import retries
from instagram_client._runtime.encode.files import Content
from instagram_client._runtime.endpoints import Call, Endpoint, RequestMessage
from support.fake_wire import (
    NOW,
    TOKEN,
    Step,
    Time,
    Wire,
    error_response,
    fake_time,
    get_user,
    like,
    success,
    unlike,
    user,
)
from support.sides import Side, both_sides, run

time = pytest.fixture(fake_time)

CALLS = {"read": get_user, "post": like, "delete": unlike}
GOOD = {"read": success(user()), "post": success(), "delete": success()}


# Retries: what is repeated


def requests(side: Side, call: str, step: Step) -> tuple[int, BaseException | None]:
    """How often a call is sent if its first attempt fails, and the error that it raises."""
    wire = Wire(side, step, GOOD[call])
    try:
        wire.call(CALLS[call])
    except InstagramError as error:
        return len(wire.requests), error
    return len(wire.requests), None


ALWAYS: list[Step] = [
    httpx2.ConnectError("refused"),
    httpx2.ConnectTimeout("slow"),
    httpx2.PoolTimeout("busy"),
    error_response(429),
    error_response(420),
]
UNCLEAR: list[Step] = [
    httpx2.ReadError("reset"),
    httpx2.WriteError("reset"),
    httpx2.CloseError("reset"),
    httpx2.ReadTimeout("slow"),
    httpx2.WriteTimeout("slow"),
    httpx2.RemoteProtocolError("half a response"),
    httpx2.ProxyError("no"),
    error_response(500),
    error_response(502),
    error_response(503),
    error_response(504),
    error_response(520),
]
NEVER: list[Step] = [
    httpx2.UnsupportedProtocol("gopher"),
    httpx2.LocalProtocolError("bad header"),
    httpx2.DecodingError("no gzip"),
    error_response(304),
    error_response(400),
    error_response(401),
    error_response(403),
    error_response(404),
    error_response(409),
    error_response(418),
]


def named(step: Step) -> str:
    return str(step.status_code) if isinstance(step, httpx2.Response) else type(step).__name__


@both_sides
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("step", ALWAYS, ids=named)
def test_requests_without_an_effect_are_repeated(side: Side, call: str, step: Step, time: Time) -> None:
    assert requests(side, call, step) == (2, None)
    assert time.waits == [0.5]


@both_sides
@pytest.mark.parametrize("step", UNCLEAR, ids=named)
def test_reads_are_repeated_after_an_unclear_failure(side: Side, step: Step, time: Time) -> None:
    assert requests(side, "read", step) == (2, None)
    assert time.waits == [0.5]


@both_sides
@pytest.mark.parametrize("call", ["post", "delete"])
@pytest.mark.parametrize("step", UNCLEAR, ids=named)
def test_writes_are_not_repeated_after_an_unclear_failure(
    side: Side, call: str, step: Step, time: Time
) -> None:
    sent, error = requests(side, call, step)
    assert sent == 1
    assert isinstance(error, InternalServerError | APIConnectionError)
    assert time.waits == []


@both_sides
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("step", NEVER, ids=named)
def test_permanent_failures_are_not_repeated(side: Side, call: str, step: Step, time: Time) -> None:
    sent, error = requests(side, call, step)
    assert sent == 1
    assert isinstance(error, APIStatusError | APIConnectionError)
    assert time.waits == []


def test_every_failure_of_httpx2_is_in_one_of_the_tables() -> None:
    def leaves(kind: type[Exception]) -> set[type[Exception]]:
        below = kind.__subclasses__()
        return {leaf for each in below for leaf in leaves(each)} if below else {kind}

    tried = {type(step) for step in [*ALWAYS, *UNCLEAR, *NEVER] if isinstance(step, Exception)}
    others = {httpx2.TooManyRedirects, httpx2.SSEError}  # neither redirects nor its EventSource are used
    assert {kind for kind in leaves(httpx2.RequestError) if kind.__module__ == "httpx2"} == tried | others


@both_sides
def test_a_repeated_write_is_the_same_request(side: Side, time: Time) -> None:
    wire = Wire(side, httpx2.ConnectError("refused"), error_response(429), success(), client_secret="s" * 32)
    wire.call(lambda client: client.comments.create("1_2", text="Lovely light"))
    assert len(wire.requests) == 3
    assert len({(str(request.url), request.content) for request in wire.requests}) == 1
    assert wire.forms[0]["text"] == "Lovely light"
    assert wire.forms[0]["access_token"] == TOKEN


@both_sides
def test_two_retries_are_the_default_and_the_last_error_is_raised(side: Side, time: Time) -> None:
    wire = Wire(
        side, error_response(500), httpx2.ReadError("reset"), error_response(503, message="the last one")
    )
    with pytest.raises(InternalServerError, match="the last one"):
        wire.call(get_user)
    assert len(wire.requests) == 3
    assert time.waits == [0.5, 1.0]

    last = httpx2.ReadTimeout("the very last")
    wire = Wire(side, error_response(500), error_response(500), last)
    with pytest.raises(APITimeoutError, match="the very last") as caught:
        wire.call(get_user)
    assert len(wire.requests) == 3
    assert isinstance(caught.value.__cause__, httpx2.ReadTimeout)


@both_sides
@pytest.mark.parametrize("limit", [0, 1, 5])
def test_max_retries_is_how_often_it_is_repeated(side: Side, limit: int, time: Time) -> None:
    wire = Wire(side, lambda _: error_response(500), max_retries=limit)
    with pytest.raises(InternalServerError):
        wire.call(get_user)
    assert len(wire.requests) == limit + 1
    assert len(time.waits) == limit


@both_sides
@pytest.mark.parametrize("failure", [step for step in [*ALWAYS, *UNCLEAR] if isinstance(step, Exception)])
def test_failures_of_httpx_become_errors_of_the_client(side: Side, failure: Exception, time: Time) -> None:
    wire = Wire(side, failure, max_retries=0)
    with pytest.raises(APIConnectionError, match=f"users.get: {type(failure).__name__}: ") as caught:
        wire.call(get_user)
    assert isinstance(caught.value, APITimeoutError) == isinstance(failure, httpx2.TimeoutException)
    assert type(caught.value.__cause__) is type(failure)
    assert str(caught.value.__cause__) == str(failure)


@both_sides
def test_a_truncated_body_is_a_connection_error(side: Side, time: Time) -> None:
    """Status and headers came, so the transport itself raised nothing."""

    class Broken(httpx2.SyncByteStream, httpx2.AsyncByteStream):
        def __iter__(self) -> Any:
            yield b'{"meta"'
            raise httpx2.ReadError("reset")

        async def __aiter__(self) -> Any:
            for chunk in self:
                yield chunk

    wire = Wire(side, lambda _: httpx2.Response(200, stream=Broken()))
    with pytest.raises(APIConnectionError) as caught:
        wire.call(get_user)
    assert isinstance(caught.value.__cause__, httpx2.ReadError)
    assert len(wire.requests) == 3


@both_sides
def test_a_body_that_is_wrongly_compressed_is_a_typed_error(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        lambda _: httpx2.Response(
            200, headers={"Content-Encoding": "gzip"}, stream=httpx2.ByteStream(b"no gzip at all")
        ),
    )
    with pytest.raises(APIConnectionError) as caught:
        wire.call(get_user)
    assert isinstance(caught.value.__cause__, httpx2.DecodingError)
    assert len(wire.requests) == 1


@both_sides
def test_other_exceptions_are_not_converted(side: Side, time: Time) -> None:
    wire = Wire(side, RuntimeError("a bug in a transport"))
    with pytest.raises(RuntimeError, match="a bug in a transport"):
        wire.call(get_user)
    assert len(wire.requests) == 1


CONFLICT = httpx2.Response(409, headers={"Retry-After": "2"}, json={})


@both_sides
@pytest.mark.parametrize("call", CALLS)
def test_a_conflict_that_is_over_soon_is_retried(side: Side, call: str, time: Time) -> None:
    assert requests(side, call, CONFLICT) == (2, None)
    assert time.waits == [2.0]


@both_sides
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("status", "advice", "sent"),
    [
        (500, "true", 2),
        (409, "true", 2),
        (418, "TRUE", 2),
        (500, "false", 1),
        (429, "false", 1),
        (408, "false", 1),
        (304, "true", 1),
        (404, "maybe", 1),
    ],
)
def test_the_server_decides_whether_to_retry(
    side: Side, call: str, status: int, advice: str, sent: int, time: Time
) -> None:
    response = httpx2.Response(status, headers={"X-Should-Retry": advice}, json={})
    assert requests(side, call, response)[0] == sent


def reached(
    side: Side, message: RequestMessage, endpoint: Endpoint, *steps: Step, **options: Any
) -> list[httpx2.Request]:
    """The requests of a call."""
    wire = Wire(side, *steps)
    call: Any = Call(endpoint, {}, message)
    core = wire.client._core.of_call("call", options)
    try:
        run(core.send(call))
    except InstagramError:
        return wire.requests
    assert len(wire.requests) == len(steps)
    return wire.requests


KEYED = Endpoint("a.b", "ab", "POST", "/a", idempotency_header="Idempotency-Key")


@both_sides
@pytest.mark.parametrize("step", UNCLEAR, ids=named)
def test_a_write_with_an_idempotency_key_is_retried_like_a_read(side: Side, step: Step, time: Time) -> None:
    first, second = reached(side, RequestMessage("post", "/a", content=b"x"), KEYED, step, success())
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert len(first.headers["Idempotency-Key"]) == 36
    [other] = reached(side, RequestMessage("post", "/a"), KEYED, success())
    assert other.headers["Idempotency-Key"] != first.headers["Idempotency-Key"]


@both_sides
def test_an_idempotency_key_of_the_user_is_kept(side: Side, time: Time) -> None:
    passed = RequestMessage("post", "/a", headers=(("idempotency-key", "mine"),))
    for message, options in (
        (passed, {}),
        (RequestMessage("post", "/a"), {"extra_headers": {"Idempotency-Key": "mine"}}),
    ):
        keys = [
            request.headers.get_list("Idempotency-Key")
            for request in reached(side, message, KEYED, error_response(500), success(), **options)
        ]
        assert keys == [["mine"], ["mine"]]
    left_out = {"extra_headers": {"Idempotency-Key": None}}
    [request] = reached(side, RequestMessage("post", "/a"), KEYED, error_response(500), **left_out)
    assert "Idempotency-Key" not in request.headers


class Pipe(BytesIO):
    """What cannot be set back to where it stood."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise UnsupportedOperation


@both_sides
@pytest.mark.parametrize("step", [error_response(429), httpx2.ConnectError("refused")], ids=named)
def test_only_a_body_that_can_be_sent_again_is_retried(side: Side, step: Step, time: Time) -> None:
    content = Content([b"one ", BytesIO(b"two")])
    again = reached(side, RequestMessage("put", "/a", content=content), KEYED, step, success())
    assert [request.content for request in again] == [b"one two"] * 2
    content = Content([b"one ", Pipe(b"two")])
    [once] = reached(side, RequestMessage("put", "/a", content=content), KEYED, step)
    assert once.content == b"one two"
    assert time.waits == [0.5]


# Retries: how long is waited


@given(attempt=st.integers(0, 40), chance=st.floats(0, 1, exclude_max=True))
def test_waits_double_up_to_eight_seconds_with_jitter(attempt: int, chance: float) -> None:
    full = min(0.5 * 2**attempt, 8.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retries, "jitter", lambda: chance)
        wait = retries.backoff(attempt)
    assert full * 0.75 <= wait <= full
    assert wait == pytest.approx(full * (1 - chance / 4))


@both_sides
def test_the_waits_of_a_call_grow(side: Side, time: Time) -> None:
    wire = Wire(side, lambda _: error_response(500), max_retries=7)
    with pytest.raises(InternalServerError):
        wire.call(get_user)
    assert time.waits == [0.5, 1, 2, 4, 8, 8, 8]


@both_sides
def test_the_waits_of_many_clients_differ(side: Side, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for _ in range(8):
        wait = retries.backoff(0)
        assert 0.375 <= wait <= 0.5
    assert len({retries.backoff(0) for _ in range(8)}) > 1


def date(seconds: float) -> str:
    return formatdate(NOW + seconds, usegmt=True)


@both_sides
@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("60", 60.0),
        (date(30), 30.0),
        (date(-30), 0.0),
        ("Saturday, 28-Nov-15 00:00:12 GMT", 12.0),
        ("Sat Nov 28 00:00:12 2015", 12.0),
        ("", 0.5),
        ("soon", 0.5),
        ("-5", 0.5),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e1", 0.5),
        ("٣", 0.5),
        ("Sat, 99 Nov 2015 00:00:00 GMT", 0.5),
        ("Sat, 28 Nov 999999999999999999999 00:00:00 GMT", 0.5),
    ],
)
@pytest.mark.parametrize("call", CALLS)
def test_retry_after_is_honoured(side: Side, value: str, wait: float, call: str, time: Time) -> None:
    headers = httpx2.Headers([(b"Retry-After", value.encode())])
    wire = Wire(side, httpx2.Response(429, headers=headers, json={}), GOOD[call])
    wire.call(CALLS[call])
    assert time.waits == [wait]


@both_sides
@pytest.mark.parametrize(("value", "wait"), [("250", 0.25), ("1500.5", 1.5005), ("soon", 7.0), ("-1", 7.0)])
def test_milliseconds_come_first(side: Side, value: str, wait: float, time: Time) -> None:
    headers = {"Retry-After": "7", "Retry-After-Ms": value}
    Wire(side, error_response(429, headers=headers), success(user())).call(get_user)
    assert time.waits == [wait]


def test_a_date_without_a_zone_is_in_utc(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    """As RFC 9110 says of the form of asctime."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    if not hasattr(clock, "tzset"):
        pytest.skip("no time zone can be set here")
    clock.tzset()
    try:
        assert retries.retry_after(httpx2.Headers({"Retry-After": "Sat Nov 28 00:00:12 2015"})) == 12.0
    finally:
        monkeypatch.undo()
        clock.tzset()


@both_sides
@pytest.mark.parametrize("call", CALLS)
def test_a_request_that_did_not_arrive_in_time_is_repeated(side: Side, call: str, time: Time) -> None:
    wire = Wire(side, error_response(408), GOOD[call])
    wire.call(CALLS[call])
    assert time.waits == [0.5]


@both_sides
def test_retry_after_of_a_failing_server_is_honoured(side: Side, time: Time) -> None:
    wire = Wire(side, error_response(503, headers={"Retry-After": "3"}), success(user()))
    wire.call(get_user)
    assert time.waits == [3.0]


@both_sides
@pytest.mark.parametrize("value", ["61", "3600", "9" * 400, "9" * 5000, date(61)])
def test_a_long_retry_after_raises_at_once(side: Side, value: str, time: Time) -> None:
    wire = Wire(side, error_response(429, headers={"Retry-After": value}))
    with pytest.raises(RateLimitError) as caught:
        wire.call(get_user)
    assert caught.value.response.headers["Retry-After"] == value
    assert len(wire.requests) == 1
    assert time.waits == []


def test_the_asynchronous_client_sleeps_in_its_own_loop() -> None:
    async def meanwhile() -> list[str]:
        said: list[str] = []

        async def other() -> None:
            said.append("other")

        task = asyncio.create_task(other())
        await _async.sleep(0)
        said.append("slept")
        await task
        return said

    assert asyncio.run(meanwhile()) == ["other", "slept"]
