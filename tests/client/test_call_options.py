"""What a call sends besides its arguments, and what a client says of itself."""

import logging
import pickle
import sys
import traceback
from functools import partial
from typing import Any

import httpx2
import pytest

from instagram_client import APIStatusError, InstagramError, RuleError, _endpoints
from instagram_client._runtime.endpoints import Call, Endpoint, RequestMessage
from instagram_client._runtime.options import Additions
from support.fake_wire import (
    TOKEN,
    Time,
    Wire,
    error_response,
    fake_time,
    get_user,
    http_client,
    maker,
    page,
    person,
    success,
    user,
)
from support.sides import Side, both_sides, collect, run

time = pytest.fixture(fake_time)

HIDDEN = "4d0c9b7a5e1f48d2"


def sent(side: Side, call: Any, **options: Any) -> httpx2.Request:
    wire = Wire(side, lambda _: success(user()), **options)
    wire.call(call)
    [request] = wire.requests
    return request


def get_user_with(client: Any, **options: Any) -> Any:
    return client.users.get("self", **options)


# What is added


@both_sides
def test_a_call_adds_headers_and_query_parameters(side: Side, time: Time) -> None:
    request = sent(
        side,
        lambda client: client.users.get(
            "self",
            extra_headers={"X-A": "1"},
            extra_query={"a b": "c&d", "n": [1, 2], "yes": True, "no": None},
        ),
    )
    assert request.headers["X-A"] == "1"
    assert request.url.query == f"a%20b=c%26d&n=1&n=2&yes=true&access_token={TOKEN}".encode()


@both_sides
def test_every_manner_of_a_call_takes_options(side: Side, time: Time) -> None:
    wire = Wire(side, lambda _: page([person()]))
    extra: Any = {"extra_headers": {"X-A": "1"}, "extra_query": {"a": "1"}}
    wire.call(lambda client: client.users.with_raw_response.search(q="x", **extra))
    collect(wire.client.users.search(q="x", **extra))
    assert [request.headers["X-A"] for request in wire.requests] == ["1", "1"]
    assert [query["a"] for query in wire.queries] == ["1", "1"]


@both_sides
def test_options_of_a_call_apply_to_all_pages_of_its_list(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": "2"}), page([person(2)]))
    listed = wire.client.relationships.follows(
        "self", extra_headers={"X-A": "1"}, extra_query={"a": "1"}, timeout=3
    )
    assert len(collect(listed)) == 2
    assert [request.headers["X-A"] for request in wire.requests] == ["1", "1"]
    assert [(query["a"], query.get("cursor")) for query in wire.queries] == [("1", None), ("1", "2")]
    assert [request.extensions["timeout"]["read"] for request in wire.requests] == [3, 3]


@both_sides
def test_defaults_apply_where_nothing_else_says_it(side: Side, time: Time) -> None:
    defaults: Any = {
        "default_headers": {"X-A": "1", "X-B": "1"},
        "default_query": {"q": "1", "b": "1", "c": "1"},
    }
    request = sent(
        side,
        lambda client: client.with_options(default_headers={"x-b": "2"}, default_query={"c": None}).users.get(
            "self", extra_query={"b": "3"}
        ),
        **defaults,
    )
    assert (request.headers["X-A"], request.headers["X-B"]) == ("1", "2")
    assert dict(request.url.params) == {"q": "1", "b": "3", "access_token": TOKEN}
    wire = Wire(side, page([]), **defaults)
    wire.call(lambda client: client.users.search(q="argument"))
    assert wire.queries[0]["q"] == "argument"


@both_sides
def test_with_options_leaves_the_client_as_it_is(side: Side, time: Time) -> None:
    wire = Wire(side, lambda _: success(user()), default_headers={"X-A": "1"})
    wire.client.with_options(default_headers={"X-A": None})
    wire.call(get_user)
    assert wire.requests[0].headers["X-A"] == "1"


@both_sides
def test_none_leaves_out_a_header(side: Side, time: Time) -> None:
    request = sent(
        side,
        lambda client: client.users.get("self", extra_headers={"X-A": None, "User-Agent": None}),
        default_headers={"X-A": "1"},
    )
    assert "X-A" not in request.headers
    assert "User-Agent" not in request.headers


@both_sides
def test_timeout_and_retries_of_a_call(side: Side, time: Time) -> None:
    wire = Wire(side, lambda _: error_response(500))
    cases: list[tuple[dict[str, Any], int, int]] = [
        ({"timeout": 7}, 3, 7),
        ({"timeout": httpx2.Timeout(8), "max_retries": 0}, 1, 8),
        ({"max_retries": 1}, 2, 30),
    ]
    for options, attempts, seconds in cases:
        wire.requests.clear()
        with pytest.raises(APIStatusError):
            wire.call(partial(get_user_with, **options))
        assert [request.extensions["timeout"]["read"] for request in wire.requests] == [seconds] * attempts
    with pytest.raises(ValueError, match="must not be negative"):
        wire.call(lambda client: client.users.get("self", max_retries=-1))


@both_sides
def test_an_option_that_does_not_exist_is_an_error_as_for_any_function(side: Side) -> None:
    wire = Wire(side)
    with pytest.raises(TypeError, match=r"get\(\) got an unexpected keyword argument 'tiemout'"):
        wire.call(lambda client: client.users.get("self", tiemout=5))


# The body


def prepared(message: RequestMessage, **options: Any) -> RequestMessage:
    core: Any = maker("sync")(access_token=TOKEN)._core.of_call("call", options)
    found: RequestMessage = core.server.prepared(
        Call(Endpoint("a.b", "ab", "POST", "/a"), {}, message), core.options
    ).message
    return found


@pytest.mark.parametrize("media_type", ["application/json", "application/vnd.a+json; charset=utf-8"])
def test_extra_body_adds_members_to_a_json_object(media_type: str) -> None:
    message = RequestMessage(
        "post", "/a", headers=(("Content-Type", media_type),), content='{"a":1,"ü":2}'.encode()
    )
    changed = prepared(message, extra_body={"a": [3], "b": None})
    assert changed.content == '{"a":[3],"ü":2,"b":null}'.encode()
    assert changed.headers == message.headers


def test_extra_body_is_a_json_object_where_there_is_no_body() -> None:
    changed = prepared(RequestMessage("post", "/a"), extra_body={"a": 1})
    assert (changed.content, changed.headers) == (b'{"a":1}', (("Content-Type", "application/json"),))


@both_sides
def test_extra_body_does_not_fit_other_bodies(side: Side, time: Time) -> None:
    wire = Wire(side)
    with pytest.raises(TypeError, match="extra_body requires a body that is a JSON object"):
        wire.call(lambda client: client.comments.create("1_2", text="x", extra_body={"a": 1}))
    message = RequestMessage("post", "/a", headers=(("Content-Type", "application/json"),), content=b"[1]")
    with pytest.raises(TypeError, match="JSON object"):
        prepared(message, extra_body={"a": 1})
    assert wire.requests == []


# Credentials


@both_sides
@pytest.mark.parametrize(
    "options",
    [
        {"extra_query": {"access_token": HIDDEN}},
        {"extra_query": {"sig": HIDDEN}},
        {"extra_query": {"client_secret": HIDDEN}},
    ],
)
def test_the_place_of_a_credential_is_not_for_extra_values(
    side: Side, options: dict[str, Any], time: Time
) -> None:
    wire = Wire(side)
    with pytest.raises(RuleError, match="carries a credential: pass ") as caught:
        wire.call(lambda client: client.users.get("self", **options))
    assert caught.value.parameter == "extra_query"
    assert HIDDEN not in str(caught.value)
    assert wire.requests == []
    defaults = {"default_query": options["extra_query"]}
    for make in (maker(side), wire.client.with_options):
        with pytest.raises(RuleError) as caught:
            make(**defaults)
        assert caught.value.parameter == "default_query"


@pytest.mark.parametrize(
    ("headers", "is_rejected"),
    [
        ({"authorization": "x"}, True),
        ({"Cookie": "a=b; session=x"}, True),
        ({"Cookie": "sessions=x"}, False),
        ({"X-Authorization": "x"}, False),
    ],
)
def test_headers_and_cookies_of_credentials_are_not_for_extra_values(
    headers: dict[str, str], is_rejected: bool
) -> None:
    places = {("header", "authorization"): "token", ("cookie", "session"): "session"}
    additions = Additions().extended(headers, None)
    if is_rejected:
        with pytest.raises(RuleError, match="carries a credential"):
            additions.reject_credentials("extra_headers", places)
    else:
        additions.reject_credentials("extra_headers", places)


@both_sides
def test_what_is_added_appears_nowhere(side: Side, time: Time, caplog: pytest.LogCaptureFixture) -> None:
    """As credentials: not in logs, reprs, errors, the variables of tracebacks, or pickles."""
    caplog.set_level(logging.DEBUG)
    wire = Wire(
        side,
        lambda _: error_response(400),
        max_retries=0,
        default_headers={"X-Key": HIDDEN},
        default_query={"key": HIDDEN},
    )
    with pytest.raises(InstagramError) as caught:
        wire.call(lambda client: client.users.get("self"))
    assert wire.requests[0].headers["X-Key"] == wire.queries[0]["key"] == HIDDEN
    error: Any = caught.value
    described = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [frame.locals for frame in described.stack if "instagram_client" in frame.filename]
    request = error.response.request
    shown = [error, vars(error), request.url, request.headers, request.extensions, wire.client, frames]
    shown += [wire.client._core, caplog.text, pickle.dumps(error), pickle.dumps(request)]
    for thing in shown:
        assert HIDDEN not in f"{thing} {thing!r}"


@both_sides
def test_a_header_that_cannot_be_sent_is_rejected_without_its_value(side: Side, time: Time) -> None:
    wire = Wire(side)
    for value in (f"{HIDDEN}\r\nX-B: 1", f"{HIDDEN}€"):
        with pytest.raises(ValueError, match="the value of the header X-A has characters") as caught:
            wire.call(partial(get_user_with, extra_headers={"X-A": value}))
        assert HIDDEN not in str(caught.value)
    with pytest.raises(TypeError, match="X-A must be a string"):
        wire.call(lambda client: client.users.get("self", extra_headers={"X-A": 1}))


@both_sides
def test_additions_are_signed(side: Side, time: Time) -> None:
    def signature(value: str) -> str:
        request = sent(
            side,
            lambda client: client.users.get("self", extra_query={"a": value}),
            client_secret="s" * 32,
        )
        return request.url.params["sig"]

    assert signature("1") == signature("1") != signature("2")


# What a client says of itself


@both_sides
def test_a_request_names_the_client_and_what_it_reads(side: Side, time: Time) -> None:
    request = sent(side, get_user)
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert request.headers["User-Agent"] == (
        f"instagram-client/1.0.0 python/{python} httpx2/{httpx2.__version__}"
    )
    assert request.headers["Accept"] == "application/json"


@both_sides
def test_what_the_user_says_of_it_wins(side: Side, time: Time) -> None:
    own = {"User-Agent": "mine/1", "Accept": "text/x"}
    wire = Wire(side, lambda _: success(user()), default_headers=own)
    wire.call(get_user)
    http = http_client(side, transport=wire.transport, headers=own)
    run(get_user(maker(side)(access_token=TOKEN, http_client=http)))
    for request in wire.requests:
        assert (request.headers["User-Agent"], request.headers["Accept"]) == ("mine/1", "text/x")


def test_an_argument_that_says_what_is_accepted_wins() -> None:
    message = RequestMessage("get", "/a", headers=(("accept", "image/png"),))
    server = maker("sync")()._core.server
    endpoint = _endpoints.USERS_GET._replace(security=((),))
    options = maker("sync")()._core.options
    built = server.request(endpoint, message, httpx2.Client(), options)
    assert built.headers.get_list("Accept") == ["image/png"]


# Right bytes


@both_sides
@pytest.mark.parametrize(
    ("query", "raw"),
    [
        ((("a%20b", "c%2Bd"), ("e", "")), b"a%20b=c%2Bd&e="),
        ((("a[b]", "c/d:e"),), b"a[b]=c/d:e"),
        ((("", "whole=%7B%7D&x"),), b"whole=%7B%7D&x"),
    ],
)
def test_an_escaped_message_stays_as_it_is(
    side: Side, query: tuple[tuple[str, str], ...], raw: bytes, time: Time
) -> None:
    wire = Wire(side, lambda _: success(user()))
    call: Any = Call(_endpoints.USERS_GET, {}, RequestMessage("get", "/users/a%2Fb", query))
    run(wire.client._core.send(call))
    assert wire.requests[0].url.raw_path == b"/v1/users/a%2Fb?" + raw + f"&access_token={TOKEN}".encode()


@both_sides
def test_parameters_of_the_users_own_client_stay_beside_arguments(side: Side, time: Time) -> None:
    wire = Wire(side, lambda _: page([]))
    own = http_client(side, transport=wire.transport, params={"q": "own", "debug": "1"})
    client = maker(side)(access_token=TOKEN, http_client=own)
    run(client.users.search(q="argument"))
    assert wire.queries == [{"debug": "1", "q": "argument", "access_token": TOKEN}]


# What a call is


@both_sides
def test_the_id_of_an_operation_leads_to_its_method(side: Side, time: Time) -> None:
    wire = Wire(side, lambda _: success(user()))
    wire.call(lambda client: client.getUser("self"))
    wire.call(lambda client: client.get_user("self"))
    assert [request.url.path for request in wire.requests] == ["/v1/users/self"] * 2
    with pytest.raises(AttributeError, match="object has no attribute 'get_usr'") as caught:
        _ = wire.client.get_usr
    assert (caught.value.name, caught.value.obj) == ("get_usr", wire.client)


@both_sides
@pytest.mark.parametrize(
    ("own", "address"),
    [
        ("https://upload.instagram.com/v2", "https://upload.instagram.com/v2/a"),
        (_endpoints.SERVICE.base_url + "/beta", "http://127.0.0.1:9/api/v1/beta/a"),
    ],
)
def test_an_operation_with_its_own_server_follows_the_base_url_of_the_same_origin(
    side: Side, own: str, address: str, time: Time
) -> None:
    wire = Wire(side, success(), base_url="http://127.0.0.1:9/api/v1")
    call: Any = Call(Endpoint("a.b", "b", "GET", "/a", success=("200",), server=own), {})
    wire.call(lambda client: client._core.result(call))
    assert [str(request.url) for request in wire.requests] == [address]


def test_additions_are_not_pickled() -> None:
    additions = Additions().extended({"X-Key": HIDDEN}, {"key": HIDDEN})
    data = pickle.dumps(additions)
    assert HIDDEN.encode() not in data
    assert repr(pickle.loads(data)) == "<0 headers, 0 query parameters>"
