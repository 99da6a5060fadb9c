"""Conformance runs: what is sent, to whom and how often, what is made of answers, and how it is told."""

import json
import re
import shlex
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from instagram_server import world
from support.conforming import (
    ANYTHING,
    MANY,
    SCHEMES,
    TOKEN,
    URL,
    Answers,
    Time,
    broken,
    case_of,
    document,
    fine,
    form,
    loaded,
    parameter,
    plain,
    report_of,
    session,
    spec_of,
    suite,
    target,
    untold,
    values_file,
)
from support.serving import callback
from wirecheck.cli import run as command
from wirecheck.conform import (
    Conformance,
    Requirement,
    Session,
    SessionOptions,
    open_session,
    requirements,
    to_json,
    to_text,
)
from wirecheck.conform import run as conform
from wirecheck.conform.asgi import InProcess
from wirecheck.conform.case import Case
from wirecheck.conform.target import REPEATS, Target
from wirecheck.conform.values import read
from wirecheck.model import TargetError
from wirecheck.spec import Spec

# Known values


EXAMPLES: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "its example": ({"example": "a", "schema": {"examples": ["b"]}}, ["a"]),
    "its examples": ({"examples": {"x": {"value": "a"}, "y": {"value": "b"}}}, ["a", "b"]),
    "those of its schema": ({"schema": {"type": "string", "examples": ["a", "b"]}}, ["a", "b"]),
    "its enumeration": ({"schema": {"type": "string", "enum": ["a", "b"]}}, ["a", "b"]),
    "its default": ({"schema": {"type": "integer", "default": 3}}, [3]),
    "a list": ({"example": ["a", "b"], "schema": {"type": "array"}}, [["a", "b"]]),
    "nothing": ({"schema": {"type": "string"}}, []),
}


@pytest.mark.parametrize("case", EXAMPLES)
def test_without_a_file_the_examples_are_known(case: str) -> None:
    described, known = EXAMPLES[case]
    spec = spec_of(parameters=[{**parameter("q", True), **described}])
    operation = spec.operations[0]
    assert read(spec, None).of(operation, operation.parameters[0]) == known


def test_the_file_wins_over_the_examples_and_the_operation_over_all(tmp_path: Path) -> None:
    spec = loaded(
        json.dumps(
            document(
                {
                    "/a": {"get": {"operationId": "one", "parameters": [parameter("q", True, example="x")]}},
                    "/b": {"get": {"operationId": "two", "parameters": [parameter("q", True, example="x")]}},
                    "/c": {
                        "post": {"operationId": "three", "requestBody": form("t", "u", example={"t": "x"})}
                    },
                }
            )
        )
    )
    text = "parameters: {q: [y, z]}\noperations: {two: {q: w}, three: {u: w}}"
    values = read(spec, values_file(tmp_path, text))
    one, two, three = spec.operations
    assert values.of(one, one.parameters[0]) == ["y", "z"]
    assert values.of(two, two.parameters[0]) == ["w"]
    assert values.body(three) == [{"t": "x", "u": "w"}]


BAD_FILES: dict[str, tuple[str | bytes | None, str]] = {
    "no YAML": ("{", "is no file of values"),
    "no text": (b"\xff\xfe\xff", "is no file of values"),
    "a list": ("[1]", "is no file of values"),
    "an unknown section": ("parameter: {a: 1}", "is no file of values"),
    "a wrong type": ("credentials: {token: [1]}", "is no file of values"),
    "an unknown operation": ("operations: {getNothing: {a: 1}}", "there is no operation 'getNothing'"),
    "an unknown operation of a status": (
        "statuses: {'404': {getNothing: {}}}",
        "there is no operation 'getNothing'",
    ),
    "an unknown parameter": ("operations: {getUser: {a: 1}}", "there is no parameter or field 'a'"),
    "an unknown field of a status": (
        "statuses: {'404': {getUser: {token: T, a: 1}}}",
        "statuses.404.getUser: there is no parameter or field 'a'",
    ),
    "an unknown field to leave": ("lasting: {getUser: [{a: 1}]}", "there is no parameter or field 'a'"),
    "no number of requests": ("statuses: {'429': {'*': {repeat: x}}}", "statuses.429.*.repeat is no number"),
    "absent": (None, "cannot be read"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_of_values_is_told_in_one_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, what = BAD_FILES[case]
    path = tmp_path / "values.yaml"
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(TargetError, match=re.escape(what)) as raised:
        read(spec_of(operationId="getUser"), path)
    assert str(raised.value).startswith(str(path))
    assert command(["conform", "http://127.0.0.1:9/v1", "--values", str(path)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("wirecheck: ")
    assert what in err


def test_an_empty_file_of_values_says_nothing(tmp_path: Path) -> None:
    assert read(spec_of(), values_file(tmp_path, "")).parameters == {}


# Requests as they go over the wire

STYLES: dict[str, tuple[dict[str, Any], Any, str]] = {
    "text": ({}, "ä b&c", "q=%C3%A4+b%26c"),
    "number": ({}, 5, "q=5"),
    "boolean": ({}, True, "q=true"),
    "null": ({}, None, "q="),
    "list": ({}, ["a", "b,c"], "q=a&q=b%2Cc"),
    "list in one": ({"explode": False}, ["a", 1], "q=a%2C1"),
    "list by pipes": ({"style": "pipeDelimited", "explode": False}, ["a", "b"], "q=a%7Cb"),
    "list by spaces": ({"style": "spaceDelimited", "explode": False}, ["a", "b"], "q=a+b"),
}


@pytest.mark.parametrize("case", STYLES)
def test_query_parameters_have_the_style_of_the_document(case: str) -> None:
    described, value, query = STYLES[case]
    spec = spec_of(parameters=[parameter("q", True, **described)])
    assert target(spec).request(case_of(spec, q=value)).url.query.decode() == query


def test_other_parameters_stand_where_they_belong() -> None:
    spec = spec_of(
        path="/things/{id}/x",
        parameters=[
            parameter("id", True, "path"),
            parameter("X-List", True, "header"),
            parameter("c", True, "cookie"),
        ],
    )
    request = target(spec).request(case_of(spec, **{"id": "a/b ä", "X-List": ["1", "2"], "c": "7"}))
    assert request.url.raw_path == b"/v1/things/a%2Fb%20%C3%A4/x"
    assert request.headers["X-List"] == "1,2"
    assert request.headers["Cookie"] == "c=7"


BODIES: dict[str, tuple[str, Any, bytes, str]] = {
    "form": (
        "application/x-www-form-urlencoded",
        {"a": "ä b", "n": 5, "l": ["x", "y"]},
        b"a=%C3%A4+b&n=5&l=x&l=y",
        "application/x-www-form-urlencoded",
    ),
    "JSON": ("application/json", {"a": [1, None]}, b'{"a": [1, null]}', "application/json"),
    "other JSON": ("application/merge-patch+json", {}, b"{}", "application/merge-patch+json"),
    "no object": ("application/json", [1], b"[1]", "application/json"),
}


@pytest.mark.parametrize("case", BODIES)
def test_bodies_have_the_media_type_of_the_document(case: str) -> None:
    media_type, body, content, sent = BODIES[case]
    spec = spec_of("post", requestBody={"content": {media_type: {"schema": True}}})
    request = target(spec).request(case_of(spec, body))
    assert (request.content, request.headers["Content-Type"]) == (content, sent)


def test_without_a_body_there_is_no_media_type() -> None:
    spec = spec_of("post", requestBody=form("a"))
    request = target(spec).request(case_of(spec))
    assert (request.content, "Content-Type" in request.headers) == (b"", False)


CREDENTIALS: dict[str, tuple[str, str]] = {
    "inQuery": ("url", f"{URL}/things?key={TOKEN}"),
    "inForm": ("url", f"{URL}/things?access_token={TOKEN}"),
    "inHeader": ("X-Key", TOKEN),
    "inCookie": ("Cookie", f"session={TOKEN}"),
    "bearer": ("Authorization", f"Bearer {TOKEN}"),
    "basic": ("Authorization", f"Basic {b64encode(TOKEN.encode()).decode()}"),
}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_credentials_travel_as_their_scheme_says(scheme: str) -> None:
    spec = spec_of(security=[{scheme: []}])
    request = target(spec, credentials=dict.fromkeys(SCHEMES, TOKEN)).request(case_of(spec))
    where, what = CREDENTIALS[scheme]
    found = {**request.headers, "url": str(request.url)}
    assert found[where.lower()] == what
    others = {key: value for key, value in found.items() if key != where.lower()}
    assert TOKEN not in str(others), "and nowhere else"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_credentials_stand_in_the_form_where_there_may_be_one(method: str) -> None:
    spec = spec_of(method, security=[{"inForm": []}], requestBody=form("a"))
    aim = target(spec, credentials={"inForm": TOKEN})
    alone, beside = aim.request(case_of(spec)), aim.request(case_of(spec, {"a": "b"}))
    if method == "delete":
        assert alone.url.query.decode() == f"access_token={TOKEN}"
        return
    assert (alone.url.query, parse_qsl(alone.content.decode())) == (b"", [("access_token", TOKEN)])
    assert alone.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qsl(beside.content.decode()) == [("a", "b"), ("access_token", TOKEN)]


def test_json_bodies_keep_credentials_out() -> None:
    spec = spec_of("post", security=[{"inForm": []}], requestBody=form("a", media_type="application/json"))
    request = target(spec, credentials={"inForm": TOKEN}).request(case_of(spec, {"a": "b"}))
    assert (json.loads(request.content), request.url.query.decode()) == ({"a": "b"}, f"access_token={TOKEN}")


def test_the_first_alternative_that_is_complete_is_sent() -> None:
    spec = spec_of(security=[{"inHeader": [], "inCookie": []}, {"bearer": []}])
    request = target(spec, credentials={"inHeader": "k", "bearer": "t"}).request(case_of(spec))
    assert (request.headers["Authorization"], "X-Key" in request.headers) == ("Bearer t", False)


def test_a_token_serves_one_scheme_and_leaves_others_to_the_file(tmp_path: Path) -> None:
    paths: dict[str, Any] = {
        "/a": {"get": {"security": [{"bearer": []}]}},
        "/b": {"put": {"security": [{"inHeader": []}]}},
    }
    spec = loaded(json.dumps(document(paths)))
    values = values_file(tmp_path, "credentials: {inHeader: the-key, bearer: an-older-token}")
    with httpx.MockTransport(fine) as http:
        found = open_session(spec, SessionOptions(url=URL, token=TOKEN, values=values), http)
    assert found.target.credentials == {"bearer": TOKEN, "inHeader": "the-key"}


BASES = {
    "as in the document": ("http://server.test/v1", "http://server.test/v1/things", "http://server.test/top"),
    "elsewhere": ("http://server.test:81/x", "http://server.test:81/x/things", "http://server.test:81/x/top"),
    "below": ("http://server.test/a/v1/", "http://server.test/a/v1/things", "http://server.test/a/top"),
}


@pytest.mark.parametrize("case", BASES)
@pytest.mark.parametrize("server", ["https://things.test/v1", "https://{b}.things.test/{v}"])
def test_the_url_stands_for_the_server_of_the_document(case: str, server: str) -> None:
    url, things, top = BASES[case]
    variables = {"b": {"default": "x"}, "v": {"default": "v1"}} if "{" in server else {}
    if variables and case == "elsewhere":
        top = top.replace("/x/", "/")  # any path is one of the document's
    whole = document(
        {"/things": {"get": {}}, "/top": {"put": {"servers": [{"url": "https://other.test/"}]}}},
        servers=[{"url": server, "variables": variables}],
    )
    spec = loaded(json.dumps(whole))
    aim = target(spec, url=url)
    assert [str(aim.request(Case(operation=one)).url) for one in spec.operations] == [things, top]


def test_exchanges_are_those_of_the_document_wherever_the_server_stands() -> None:
    spec = spec_of(parameters=[parameter("q", True)])
    exchange = target(spec, url="http://127.0.0.1:81/some/where").send(case_of(spec, q="/some/where"))
    assert exchange.url == "http://127.0.0.1:81/v1/things?q=%2Fsome%2Fwhere"


# Commands for people


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_commands_hold_no_secrets(scheme: str, method: str) -> None:
    body: dict[str, Any] = {"requestBody": form("a")} if method == "post" else {}
    spec = spec_of(method, security=[{scheme: []}], parameters=[parameter("X-Id", True, "header")], **body)
    aim = target(spec, credentials={scheme: TOKEN})
    shown = aim.curl(case_of(spec, {"a": "it's"} if body else None, **{"X-Id": "7"}))
    for secret in (TOKEN, b64encode(TOKEN.encode()).decode()):
        assert secret not in shown
    words = shlex.split(shown)
    assert words[:3] == ["curl", "-X", method.upper()]
    assert words[3].startswith(f"{URL}/things")
    assert "X-Id: 7" in words
    assert ("X-Key" in shown) == (scheme == "inHeader"), "what a request needs is there, though masked"
    if body:
        assert dict(parse_qsl(words[words.index("--data-raw") + 1]))["a"] == "it's"


def test_nothing_that_is_told_holds_a_secret() -> None:
    spec = spec_of(security=[{"inForm": []}], responses={**ANYTHING, "401": {"description": "No."}})
    report = report_of(
        spec, lambda request: httpx.Response(500, text=str(request.url)), credentials={"inForm": TOKEN}
    )
    assert "the answer repeats a secret" in {
        one.message for outcome in report.outcomes for one in outcome.counterexamples
    }
    assert TOKEN not in "".join((*to_text(report), *to_json(report))) + repr(report)


# Whom it asks, and what it never sends


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/v1",
        "http://127.0.0.1.example.com/",
        "http://localhost@example.com/",
        "nonsense",
        "",
    ],
)
def test_foreign_hosts_are_not_asked(url: str) -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    with httpx.MockTransport(never) as http, pytest.raises(TargetError):
        open_session(spec_of(), SessionOptions(url=url), http)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/v1", "http://localhost/v1", "http://[::1]:8080/v1"])
def test_this_machine_may_be_asked(url: str) -> None:
    with httpx.MockTransport(fine) as http:
        open_session(spec_of(), SessionOptions(url=url), http)


def test_a_foreign_host_is_asked_when_its_owner_agrees() -> None:
    with httpx.MockTransport(fine) as http:
        open_session(
            spec_of(), SessionOptions(url="https://example.com/v1", allowed_host="example.com"), http
        )
        with pytest.raises(TargetError, match=r"--yes-i-may-test example\.com"):
            open_session(
                spec_of(), SessionOptions(url="https://example.com/v1", allowed_host="example.org"), http
            )


WRITES = loaded(
    json.dumps(
        document(
            {
                "/things": {
                    "get": {"parameters": [parameter("n", {"type": "integer", "maximum": 5})]},
                    "post": {
                        "parameters": [
                            parameter("n", {"type": "integer", "maximum": 5}, required=True, example=1)
                        ],
                        "security": [{"inForm": []}],
                        "requestBody": form("a", example={"a": "x"}),
                        "x-undo": {"operation": "deleteThing"},
                    },
                    "delete": {"security": [{"inForm": []}]},
                }
            }
        )
    )
)


def test_read_only_never_sends_a_write() -> None:
    methods: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        methods.append(request.method)
        return httpx.Response(200, json={})

    report_of(WRITES, answer, credentials={"inForm": TOKEN})
    assert {"GET", "POST", "DELETE"} <= set(methods)
    methods.clear()
    report = report_of(WRITES, answer, read_only=True, credentials={"inForm": TOKEN})
    assert set(methods) == {"GET"}
    assert untold(report)["postThing: laws: does what it says, and is undone"] == "it writes"


@pytest.mark.parametrize("rate", [1, 4, 100])
def test_no_more_is_asked_than_the_rate_allows(rate: float) -> None:
    time, moments, spec = Time(), list[float](), spec_of()

    def answer(request: httpx.Request) -> httpx.Response:
        moments.append(time.now)
        time.now += 0.1 * (len(moments) % 3)
        return httpx.Response(503 if len(moments) == 4 else 200, json={})

    aim = target(spec, answer, time, rate=rate)
    for _ in range(20):
        aim.send(case_of(spec))
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert len(moments) == 21
    assert min(pauses) >= 1 / rate - 1e-9


def test_without_a_rate_nobody_waits() -> None:
    time, spec = Time(), spec_of()
    aim = target(spec, time=time)
    for _ in range(20):
        aim.send(case_of(spec))
    assert time.waits == []


# Answers that fail now and then


def now_and_then(failing: int, failure: Callable[[httpx.Request], httpx.Response]) -> Answers:
    numbers = count(1)
    return lambda request: failure(request) if next(numbers) % failing == 0 else fine(request)


def no_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def no_answer(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


FLAKY: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "503": lambda request: httpx.Response(503),
    "500": lambda request: httpx.Response(500),
    "no connection": no_connection,
    "no answer": no_answer,
}


@pytest.mark.parametrize("case", FLAKY)
def test_flaky_answers_are_repeated_and_counted_and_break_nothing(case: str) -> None:
    aim = target(MANY, now_and_then(25, FLAKY[case]), time := Time())
    for _ in range(100):
        assert aim.send(case_of(MANY, n=2)).status == 200
    assert (aim.sent["getThing"], aim.failed["getThing"]) == (104, 4)
    assert len(time.waits) == 4


def test_a_method_that_fails_everywhere_is_not_waited_for_at_each_operation() -> None:
    spec = loaded(json.dumps(document({f"/{name}": {"get": {}} for name in "abcdefgh"})))
    time = Time()
    aim = target(spec, lambda one: httpx.Response(500 if one.method == "OPTIONS" else 200, json={}), time)
    for operation in spec.operations:
        assert aim.send(Case(operation=operation, method="OPTIONS")).status == 500
        assert aim.send(Case(operation=operation)).status == 200
    assert len(time.waits) == 3 * REPEATS


def test_the_rate_of_failures_is_told_and_too_many_are_broken() -> None:
    def report(failed: int, sent: int) -> Conformance:
        return Conformance(
            spec="api.yaml",
            outcomes=[],
            documented=frozenset(),
            observed=frozenset({("getThing", "200")}),
            requests=sent,
            flaky={"getThing": (failed, sent)},
        )

    seldom, often = report(3, 100), report(30, 100)
    assert "getThing: 3 of 100 requests failed, and went well again" in plain(seldom)
    assert (seldom.broken, seldom.failing) == (False, [])
    assert (often.broken, often.failing) == (True, ["getThing"])
    assert "getThing fails too often" in plain(often)


def test_a_flaky_server_keeps_its_promises() -> None:
    report = report_of(MANY, now_and_then(6, FLAKY["503"]), Time())
    assert "getThing: answers: answers requests of known values" not in broken(report)
    assert report.flaky["getThing"][0] >= 1
    assert not any("503" in what for what in broken(report).values())


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_always_fails_is_broken_and_not_flaky(status: int) -> None:
    report = report_of(MANY, lambda request: httpx.Response(status), Time())
    assert str(status) in broken(report)["getThing: answers: answers requests of known values"]
    assert report.flaky == {}
    assert not report.told


@pytest.mark.parametrize(("status", "requests"), [(503, 2), (500, 1)])
def test_of_writes_only_what_was_not_done_is_repeated(status: int, requests: int) -> None:
    spec, seen = spec_of("post"), list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status if len(seen) == 1 else 200, json={})

    target(spec, answer).send(case_of(spec))
    assert len(seen) == requests
    aim = target(spec, now_and_then(1, no_answer))
    with pytest.raises(TargetError, match="no answer: ReadTimeout"):
        aim.send(case_of(spec))
    assert aim.sent.total() == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_to_wait_is_heard(status: int) -> None:
    time, spec = Time(), spec_of()
    answers = [httpx.Response(status, headers={"Retry-After": "7"}), httpx.Response(200, json={})]
    aim = target(spec, lambda request: answers.pop(0), time)
    assert aim.send(case_of(spec)).status == 200
    assert time.waits == [7]
    assert aim.failed["getThing"] == (status == 503), "too much was asked: that is no failure"


@pytest.mark.parametrize(
    "header", [{}, {"Retry-After": "3600"}, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}]
)
def test_nobody_waits_for_long(header: dict[str, str]) -> None:
    time, spec = Time(), spec_of()
    aim = target(spec, lambda request: httpx.Response(429, headers=header), time)
    assert (aim.send(case_of(spec)).status, time.waits) == (429, [])


def test_too_much_asked_is_no_broken_promise() -> None:
    spec = spec_of(responses={**ANYTHING, "429": {"description": "Slower."}})
    report = report_of(spec, lambda request: httpx.Response(429))
    assert broken(report) == {}
    assert untold(report)["getThing: answers: answers requests of known values"].endswith("(429)")


# In process


async def _zipped(request: Request) -> JSONResponse:
    return JSONResponse({"long": "x" * 5000})


async def _crashing(request: Request) -> JSONResponse:
    raise ZeroDivisionError


def test_an_application_answers_in_process_as_it_would_elsewhere() -> None:
    app = Starlette(routes=[Route("/zipped", _zipped), Route("/crashing", _crashing)])
    app.add_middleware(GZipMiddleware)
    with httpx.Client(transport=InProcess(app)) as http:
        zipped = http.get("http://server.test/zipped")
        assert (zipped.headers["Content-Encoding"], zipped.json()) == ("gzip", {"long": "x" * 5000})
        assert http.get("http://server.test/crashing").status_code == 500


# What is seen of answers


def test_bodies_that_need_no_example_are_tested_too() -> None:
    described = {
        "content": {"application/json": {"schema": {"properties": {"n": {"minimum": 1, "type": "integer"}}}}}
    }
    spec = spec_of("post", requestBody=described, responses={**ANYTHING, "422": {"description": "No."}})
    report = report_of(spec)
    assert broken(report).keys() == {"postThing: body: holds the limits of n"}


def test_the_rules_of_parameters_are_tested() -> None:
    rule = {"x-rule": "calm", "x-message": "No stars.", "not": {"pattern": "[*]"}}
    schema = {
        "type": "string",
        "allOf": [rule],
        "examples": ["sea"],
        "x-invalid-examples": {"calm": ["sea*"]},
    }
    spec = spec_of(parameters=[parameter("q", schema)], responses={**ANYTHING, "422": {"description": "No."}})

    def strict(request: httpx.Request) -> httpx.Response:
        return httpx.Response(422) if "*" in request.url.params.get("q", "") else fine(request)

    assert "getThing: rules: holds calm of q" in broken(report_of(spec))
    assert broken(report_of(spec, strict)) == {}
    deaf = broken(
        report_of(spec, lambda request: httpx.Response(422) if request.url.query else fine(request))
    )
    assert any(name.startswith("getThing: rules: takes what just keeps ") for name in deaf)


@pytest.mark.parametrize("effect", [False, True])
def test_what_is_refused_has_no_effect_whatever_surrounds_it(effect: bool) -> None:
    """Answers tell the time, which is no effect; the text that was refused is one."""
    answers = {
        "type": "object",
        "x-payload": "data",
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": {"type": "string"}}, "time": {"type": "integer"}},
    }
    okay = {"200": {"description": "Fine.", "content": {"application/json": {"schema": answers}}}}
    text = {
        "type": "string",
        "allOf": [{"x-rule": "short", "maxLength": 3}],
        "examples": ["abc"],
        "x-invalid-examples": {"short": ["abcd"]},
    }
    body = {"content": {"application/json": {"schema": {"properties": {"t": text}}, "example": {"t": "a"}}}}
    law = {"message": "What is said is kept.", "then": "getThing", "rule": "request.body.t in then.body.data"}
    post = {
        "requestBody": body,
        "x-laws": {"kept": law},
        "responses": {**okay, "422": {"description": "No."}},
    }
    spec = loaded(json.dumps(document({"/things": {"get": {"responses": okay}, "post": post}})))
    said, times = list[str](), count()

    def answer(request: httpx.Request) -> httpx.Response:
        sent = json.loads(request.content or "{}").get("t", "")
        bad = len(sent) > 3
        if sent and (effect or not bad):
            said.append(sent)
        return httpx.Response(422) if bad else httpx.Response(200, json={"data": said, "time": next(times)})

    found = broken(report_of(spec, answer))
    assert any("changes what can be read" in what for what in found.values()) == effect
    assert bool(found) == effect, found


def test_statuses_are_provoked_as_the_values_say(tmp_path: Path) -> None:
    refused = {
        "404": {"description": "None."},
        "409": {"description": "Not now."},
        "401": {"description": "Who?"},
    }
    spec = spec_of(
        "post",
        "/things/{id}",
        parameters=[parameter("id", {"type": "string"}, "path", example="1")],
        requestBody=form("a", example={"a": "x"}),
        security=[{"inHeader": []}],
        responses={**ANYTHING, **refused},
    )

    def answer(request: httpx.Request) -> httpx.Response:
        fields = dict(parse_qsl(request.content.decode()))
        if request.headers.get("X-Key") == "expired":
            return httpx.Response(409)
        if request.headers.get("X-Key") != TOKEN:
            return httpx.Response(401)
        return httpx.Response(404) if "9" in (fields["a"], request.url.path[-1]) else fine(request)

    text = "statuses: {'404': {'*': {id: '1', a: '9'}}, '409': {postThing: {token: expired}}}"
    credentials = {"inHeader": TOKEN}
    assert report_of(spec, answer, credentials=credentials).observed == {
        ("postThing", "200"),
        ("postThing", "401"),
    }
    report = report_of(spec, answer, credentials=credentials, values=values_file(tmp_path, text))
    assert report.observed == report.documented
    assert broken(report) == {}


def test_a_seed_changes_the_further_values_and_nothing_else(spec: Spec) -> None:
    text = spec.document.get("/components/schemas/CommentText")
    of_texts = spec_of(
        parameters=[parameter("q", text)], responses={**ANYTHING, "422": {"description": "No."}}
    )

    def asked(seed: int) -> dict[str, list[str]]:
        urls: dict[str, list[str]] = {"further": [], "first": []}
        promised = ""

        def answer(request: httpx.Request) -> httpx.Response:
            urls["further" if "further" in promised else "first"].append(str(request.url))
            return httpx.Response(422 if request.url.query else 200, json={})

        place = session(of_texts, answer, seed=seed)
        for requirement in requirements(of_texts):
            promised = requirement.what
            place.run(requirement)
        return urls

    one, same, other = asked(1), asked(1), asked(2)
    assert one == same
    assert one["further"] != other["further"]
    assert one["first"] == other["first"]


def test_promises_have_names_of_their_own_and_come_in_one_order(spec: Spec) -> None:
    names = [requirement.name for requirement in requirements(spec)]
    assert names == [requirement.name for requirement in requirements(spec)]
    assert len(set(names)) == len(names)
    assert {requirement.operation for requirement in requirements(spec)} == {
        one.name for one in spec.operations
    }


# The report


def test_the_table_fits_a_terminal(spec: Spec) -> None:
    def kept(session: Session) -> None:
        """Nothing to complain about."""

    nothing = session(spec)
    chosen = [Requirement(one.operation, one.kind, one.what, kept) for one in requirements(spec)]
    lines = plain(conform(nothing, chosen)).splitlines()
    table = lines[: lines.index("")]
    kinds = len({one.kind for one in chosen})
    assert max(map(len, table)) <= 80
    assert [line.split()[-1] for line in table[:kinds]] == list(dict.fromkeys(one.kind for one in chosen))
    assert [line.split()[0] for line in table[kinds:]] == list(dict.fromkeys(one.operation for one in chosen))
    for operation, line in ((line.split()[0], line) for line in table[kinds:]):
        of_it = [one for one in chosen if one.operation == operation]
        assert sum(map(int, line.split()[1:])) == len(of_it)


def test_the_report_says_what_is_broken_where_and_by_which_request() -> None:
    spec = spec_of(parameters=[parameter("n", {"type": "integer", "minimum": 1}, example=2)])
    report = report_of(spec)
    lines = plain(report).splitlines()
    at = lines.index("broken  getThing: parameters: holds the limits of n")
    assert "n is no integer, but it is accepted: 200" in "\n".join(lines[at:])
    assert any(f"curl -X GET '{URL}/things?n=x' -> 200" in line for line in lines)
    assert re.search(r"\d+ promises kept, 1 broken", lines[-1])


def test_the_report_for_programs_has_its_shape() -> None:
    spec = spec_of(responses={**ANYTHING, "404": {"description": "None."}})
    value = json.loads("".join(to_json(report_of(spec, now_and_then(2, FLAKY["503"]), Time()))))
    assert value["version"] == 1
    assert (value["documented"], value["seen"], value["unseen"]) == (2, 1, ["getThing 404"])
    assert value["flaky"].keys() == {"getThing"}
    assert value["flaky"]["getThing"].keys() == {"failed", "sent"}
    assert value["summary"].keys() == {"kept", "broken", "unknown"}
    assert sum(value["summary"].values()) == len(value["promises"])
    assert value["promises"][0] == {
        "operation": "getThing",
        "kind": "answers",
        "what": "answers requests of known values",
        "state": "kept",
        "reason": "",
        "breaches": [],
    }
    wrong = json.loads("".join(to_json(report_of(spec, lambda request: httpx.Response(500), Time()))))
    counterexample = wrong["promises"][0]["breaches"][0]
    assert counterexample.keys() == {"message", "promise", "request", "status"}
    assert (counterexample["status"], counterexample["request"]) == (500, f"curl -X GET {URL}/things")


# The command


def _things(folder: Path) -> str:
    path = folder / "things.json"
    whole = document(
        {
            "/things": {"get": {"security": [{"bearer": []}]}},
            "/others": {"get": {"operationId": "getOther", "security": [{"bearer": []}]}},
        }
    )
    refused = {"401": {"description": "Who?"}}
    for one in whole["paths"].values():
        one["get"]["responses"] = {**ANYTHING, **refused}
    path.write_text(json.dumps(whole))
    return str(path)


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """The address of a server on this machine that wants a token, and what it was asked."""
    asked: list[str] = []

    def answer(
        method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        asked.append(path)
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {}, b""
        return 200, {"Content-Type": "application/json" if "others" not in path else "text/plain"}, b"{}"

    with callback(answer) as origin:
        yield f"{origin}/v1", asked


Capture = pytest.CaptureFixture[str]
Server = tuple[str, list[str]]


def told(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    code = command(["conform", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_kept_promises_give_0_and_broken_ones_1(server: Server, tmp_path: Path, capsys: Capture) -> None:
    url, asked = server
    arguments = [url, "--spec", _things(tmp_path), "--token", TOKEN]
    code, out, err = told(capsys, *arguments, "--operation", "getThing")
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    assert set(asked) == {"/v1/things"}
    code, out, err = told(capsys, *arguments)
    assert (code, err) == (1, "")
    assert "media-type-documented" in out


def test_the_token_may_come_from_the_environment(
    server: Server, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIRECHECK_TOKEN", TOKEN)
    spec = _things(tmp_path)
    assert told(capsys, server[0], "--spec", spec, "--operation", "getThing")[0] == 0


@pytest.mark.parametrize("token", [[], ["--token", "wrong"]])
def test_where_nothing_is_accepted_nothing_can_be_told(
    token: list[str], server: Server, tmp_path: Path, capsys: Capture
) -> None:
    code, _, err = told(capsys, server[0], "--spec", _things(tmp_path), *token)
    assert code == 2
    assert err == "wirecheck: could not tell: no valid token: the server refuses all requests (401)\n"


def test_where_nobody_answers_nothing_can_be_told(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Target.__init__, "__kwdefaults__", {**_defaults(), "sleep": lambda seconds: None})
    code, out, err = told(capsys, "http://127.0.0.1:9/v1", "--spec", _things(tmp_path), "--token", TOKEN)
    assert (code, out) == (2, "")
    assert err.startswith("wirecheck: GET http://127.0.0.1:9/v1/things: no answer: ConnectError")
    assert err.count("\n") == 1
    assert TOKEN not in err


def _defaults() -> dict[str, Any]:
    return dict(Target.__init__.__kwdefaults__ or {})


BAD_ARGUMENTS = {
    "a foreign host": (["https://example.com/v1"], "--yes-i-may-test example.com"),
    "no URL": (["nonsense"], "URL: begins with http:// or https://"),
    "half a URL": (["http://["], "URL: is none"),
    "an unknown operation": (["http://127.0.0.1:9/v1", "--operation", "getNothing"], "getNothing"),
    "half a token": (["http://127.0.0.1:9/v1", "--token-without", "basic"], "SCOPE=TOKEN"),
    "no rate": (["http://127.0.0.1:9/v1", "--rate", "0"], "--rate"),
}


@pytest.mark.parametrize("case", BAD_ARGUMENTS)
def test_bad_arguments_give_2(case: str, capsys: Capture) -> None:
    arguments, what = BAD_ARGUMENTS[case]
    code, out, err = told(capsys, *arguments)
    assert (code, out) == (2, "")
    assert what in err
    assert "Traceback" not in err


def test_the_report_goes_where_it_shall_in_the_form_it_shall_have(
    server: Server, tmp_path: Path, capsys: Capture
) -> None:
    output = tmp_path / "report.json"
    text = tmp_path / "report.txt"
    more = ["--token", TOKEN, "--report", str(output), "--report", str(text), "--operation", "getThing"]
    code, out, _ = told(capsys, server[0], "--spec", _things(tmp_path), *more)
    assert code == 0
    assert json.loads(output.read_text())["summary"]["broken"] == 0
    assert text.read_text() == out


def test_colours_and_progress_are_for_terminals(
    server: Server, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    arguments = [server[0], "--spec", _things(tmp_path), "--token", TOKEN]
    code, out, err = told(capsys, *arguments)
    assert code == 1
    assert "\x1b[31m" in out
    assert "testing" in err
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in told(capsys, *arguments)[1]


# As tests of pytest


def crooked_app() -> Starlette:
    """Knows no thing and no token."""

    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    return Starlette(routes=[Route("/v1/things", answer), Route("/v1/others", answer)])


def test_promises_are_tests(tmp_path: Path) -> None:
    token = world.tokens()["all"]
    more = ["--token", token, "--operation", "getTag", "--operation", "likeMedia", "-v"]
    done = suite("--app", "instagram_server.app:create_app", *more, folder=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "test_promise[getTag: access: refuses requests without credentials] PASSED" in done.stdout
    assert "test_promise[likeMedia: laws: does what it says, and is undone] PASSED" in done.stdout
    assert "--token-without public_content=TOKEN" in done.stdout, "what could not be told is skipped"
    assert "getUser" not in done.stdout
    assert token not in done.stdout + done.stderr


def test_broken_promises_are_failing_tests(tmp_path: Path) -> None:
    arguments = ["--wirecheck-app", "test_conform:crooked_app", "--spec", _things(tmp_path), "--token", TOKEN]
    done = suite(*arguments, "--operation", "getThing", folder=tmp_path)
    assert done.returncode == 1
    assert "media-type-documented" in done.stdout
    assert f"curl -X GET {URL}/things" in done.stdout
    assert TOKEN not in done.stdout + done.stderr
