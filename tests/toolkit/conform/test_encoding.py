"""Cases as they are written on the wire."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from support.conforming import (
    SCHEMES,
    TOKEN,
    URL,
    case_of,
    document,
    form,
    inconclusive,
    loaded,
    ok,
    parameter,
    report_of,
    spec_of,
    target,
    values_file,
)
from wirecheck.conform import (
    SessionOptions,
    open_session,
)
from wirecheck.conform.case import Case

STYLES: dict[str, tuple[dict[str, Any], Any, str]] = {
    "text": ({}, "ä b&c", "q=%C3%A4+b%26c"),
    "number": ({}, 5, "q=5"),
    "boolean": ({}, True, "q=true"),
    "null": ({}, None, "q="),
    "list": ({}, ["a", "b,c"], "q=a&q=b%2Cc"),
    "list in one": ({"explode": False}, ["a,b", 1], "q=a%2Cb,1"),
    "list by pipes": ({"style": "pipeDelimited", "explode": False}, ["a", "b"], "q=a%7Cb"),
    "list by spaces": ({"style": "spaceDelimited", "explode": False}, ["a", "b"], "q=a%20b"),
}


@pytest.mark.parametrize("case", STYLES)
def test_query_parameters_have_the_style_of_the_document(case: str) -> None:
    definition, value, query = STYLES[case]
    spec = spec_of(parameters=[parameter("q", True, **definition)])
    assert target(spec).request(case_of(spec, q=value)).url.query.decode() == query


def test_other_parameters_are_in_their_locations() -> None:
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
    "not an object": ("application/json", [1], b"[1]", "application/json"),
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
def test_credentials_are_sent_as_their_scheme_says(scheme: str) -> None:
    spec = spec_of(security=[{scheme: []}])
    request = target(spec, credentials=dict.fromkeys(SCHEMES, TOKEN)).request(case_of(spec))
    name, value = CREDENTIALS[scheme]
    sent = {**request.headers, "url": str(request.url)}
    assert sent[name.lower()] == value
    others = {key: text for key, text in sent.items() if key != name.lower()}
    assert TOKEN not in str(others), "and nowhere else"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_credentials_are_sent_in_the_form_where_the_method_has_one(method: str) -> None:
    spec = spec_of(method, security=[{"inForm": []}], requestBody=form("a"))
    tested = target(spec, credentials={"inForm": TOKEN})
    alone, beside = tested.request(case_of(spec)), tested.request(case_of(spec, {"a": "b"}))
    if method == "delete":
        assert alone.url.query.decode() == f"access_token={TOKEN}"
        return
    assert (alone.url.query, parse_qsl(alone.content.decode())) == (b"", [("access_token", TOKEN)])
    assert alone.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qsl(beside.content.decode()) == [("a", "b"), ("access_token", TOKEN)]


def test_credentials_are_not_sent_in_json_bodies() -> None:
    spec = spec_of("post", security=[{"inForm": []}], requestBody=form("a", media_type="application/json"))
    request = target(spec, credentials={"inForm": TOKEN}).request(case_of(spec, {"a": "b"}))
    assert (json.loads(request.content), request.url.query.decode()) == ({"a": "b"}, f"access_token={TOKEN}")


def test_the_first_complete_alternative_is_sent() -> None:
    spec = spec_of(security=[{"inHeader": [], "inCookie": []}, {"bearer": []}])
    request = target(spec, credentials={"inHeader": "k", "bearer": "t"}).request(case_of(spec))
    assert (request.headers["Authorization"], "X-Key" in request.headers) == ("Bearer t", False)


def test_the_token_is_for_one_scheme_and_the_file_for_others(tmp_path: Path) -> None:
    paths: dict[str, Any] = {
        "/a": {"get": {"security": [{"bearer": []}]}},
        "/b": {"put": {"security": [{"inHeader": []}]}},
    }
    spec = loaded(json.dumps(document(paths)))
    values = values_file(tmp_path, "credentials: {inHeader: the-key, bearer: an-older-token}")
    with httpx.MockTransport(ok) as http:
        opened = open_session(spec, SessionOptions(url=URL, token=TOKEN, values=values), http)
    assert opened.target.credentials == {"bearer": TOKEN, "inHeader": "the-key"}


BASES = {
    "as in the document": ("http://server.test/v1", "http://server.test/v1/things", "http://server.test/top"),
    "elsewhere": ("http://server.test:81/x", "http://server.test:81/x/things", "http://server.test:81/x/top"),
    "below": ("http://server.test/a/v1/", "http://server.test/a/v1/things", "http://server.test/a/top"),
}


@pytest.mark.parametrize("case", BASES)
@pytest.mark.parametrize("server", ["https://things.test/v1", "https://{b}.things.test/{v}"])
def test_the_url_replaces_the_server_of_the_document(case: str, server: str) -> None:
    url, things, top = BASES[case]
    variables = {"b": {"default": "x"}, "v": {"default": "v1"}} if "{" in server else {}
    if variables and case == "elsewhere":
        top = top.replace("/x/", "/")  # any path is one of the document's
    whole = document(
        {"/things": {"get": {}}, "/top": {"put": {"servers": [{"url": "https://other.test/"}]}}},
        servers=[{"url": server, "variables": variables}],
    )
    spec = loaded(json.dumps(whole))
    tested = target(spec, url=url)
    assert [str(tested.request(Case(operation=operation)).url) for operation in spec.operations] == [
        things,
        top,
    ]


def test_exchanges_have_urls_of_the_document() -> None:
    spec = spec_of(parameters=[parameter("q", True)])
    exchange = target(spec, url="http://127.0.0.1:81/some/where").send(case_of(spec, q="/some/where"))
    assert exchange.url == "http://127.0.0.1:81/v1/things?q=%2Fsome%2Fwhere"


def test_what_cannot_be_written_in_http_is_not_sent() -> None:
    spec = spec_of(parameters=[parameter("q", {"type": "string", "maxLength": 100_000}, example="a")])
    report = report_of(spec, lambda request: httpx.Response(422 if len(request.url.query) > 9 else 200))
    reason = inconclusive(report)["getThing: parameters: enforces the limits of q"]
    assert reason.startswith("the request cannot be sent: ")
    tested = target(spec_of(parameters=[parameter("X-Q", True, "header")]))
    request = tested.request(case_of(tested.spec, **{"X-Q": "ä"}))
    assert dict(request.headers.raw)[b"X-Q"] == "ä".encode()
