"""Cases as they are written on the wire."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from support.conforming import (
    ANYTHING,
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
    violated,
)
from wirecheck.conform import (
    SessionOptions,
    open_session,
)
from wirecheck.conform.case import Case

STYLES: dict[str, tuple[dict[str, Any], Any, str]] = {
    "text": ({}, "ä b&c", "q=%C3%A4%20b%26c"),
    "number": ({}, 5, "q=5"),
    "boolean": ({}, True, "q=true"),
    "null": ({}, None, "q="),
    "list": ({}, ["a", "b,c"], "q=a&q=b%2Cc"),
    "list in one": ({"explode": False}, ["a,b", 1], "q=a%2Cb,1"),
    "list by pipes": ({"style": "pipeDelimited", "explode": False}, ["a", "b"], "q=a%7Cb"),
    "list by spaces": ({"style": "spaceDelimited", "explode": False}, ["a", "b"], "q=a%20b"),
}


OBJECTS: dict[str, tuple[dict[str, Any], str]] = {
    "spread": ({}, "hue=warm&watt=60"),
    "in one": ({"explode": False}, "q=hue,warm,watt,60"),
    "deep": ({"style": "deepObject", "explode": True}, "q%5Bhue%5D=warm&q%5Bwatt%5D=60"),
}


@pytest.mark.parametrize("case", OBJECTS)
def test_objects_have_the_style_of_the_document(case: str) -> None:
    definition, query = OBJECTS[case]
    spec = spec_of(parameters=[parameter("q", {"type": "object"}, **definition)])
    request = target(spec).request(case_of(spec, q={"hue": "warm", "watt": 60}))
    assert request.url.query.decode() == query


def test_parameters_with_content_have_its_media_type() -> None:
    content = {"application/json": {"schema": {"type": "object"}}}
    spec = spec_of(parameters=[{"name": "q", "in": "query", "content": content}])
    request = target(spec).request(case_of(spec, q={"max": 3}))
    assert request.url.params["q"] == '{"max":3}'


@pytest.mark.parametrize(
    ("style", "explode", "path"),
    [("simple", False, "1,2"), ("label", True, ".1.2"), ("matrix", True, ";id=1;id=2")],
)
def test_paths_have_the_style_of_the_document(style: str, explode: bool, path: str) -> None:
    described = parameter("id", True, "path", style=style, explode=explode)
    spec = spec_of(path="/things/{id}", parameters=[described])
    assert target(spec).request(case_of(spec, id=[1, 2])).url.path == f"/v1/things/{path}"


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
    "JSON": ("application/json", {"a": [1, None]}, b'{"a":[1,null]}', "application/json"),
    "form with an object": (
        "application/x-www-form-urlencoded",
        {"a": {"b": 1}},
        b"a=%7B%22b%22%3A1%7D",
        "application/x-www-form-urlencoded",
    ),
    "text": ("text/plain", 5, b"5", "text/plain"),
    "XML": (
        "application/xml",
        {"a": "b<"},
        b"<?xml version='1.0' encoding='utf-8'?>\n<root><a>b&lt;</a></root>",
        "application/xml",
    ),
    "other JSON": ("application/merge-patch+json", {}, b"{}", "application/merge-patch+json"),
    "not an object": ("application/json", [1], b"[1]", "application/json"),
}


@pytest.mark.parametrize("case", BODIES)
def test_bodies_have_the_media_type_of_the_document(case: str) -> None:
    media_type, body, content, sent = BODIES[case]
    spec = spec_of("post", requestBody={"content": {media_type: {"schema": True}}})
    request = target(spec).request(case_of(spec, body))
    assert (request.content, request.headers["Content-Type"]) == (content, sent)


UPLOAD = {
    "type": "object",
    "properties": {"note": {"type": "object"}, "photo": {"type": "string", "format": "binary"}},
}


def test_multipart_forms_have_parts_of_their_types() -> None:
    content = {"multipart/form-data": {"schema": UPLOAD}}
    spec = spec_of("post", requestBody={"content": content})
    case = case_of(spec, {"note": {"stars": 3}, "photo": "abc", "who": "Ida"})
    parts = target(spec).request(case).content.split(b"\r\n")
    at = parts.index(b'Content-Disposition: form-data; name="note"')
    assert parts[at + 1 : at + 4] == [b"Content-Type: application/json", b"", b'{"stars":3}']
    at = parts.index(b'Content-Disposition: form-data; name="photo"; filename="photo"')
    assert parts[at + 1 : at + 4] == [b"Content-Type: application/octet-stream", b"", b"abc"]
    at = parts.index(b'Content-Disposition: form-data; name="who"')
    assert parts[at + 1 : at + 3] == [b"", b"Ida"]
    command = target(spec).curl(case)
    assert command.startswith("printf -- '--")
    assert 'name="note"\\r\\nContent-Type: application/json\\r\\n\\r\\n{"stars":3}\\r\\n' in command


def test_bodies_that_cannot_be_written_are_not_sent() -> None:
    content = {"application/pdf": {"schema": {"type": "string"}, "example": "PDF"}}
    spec = spec_of("post", requestBody={"required": True, "content": content})
    report = report_of(spec, lambda request: httpx.Response(415))
    reasons = [reason for name, reason in inconclusive(report).items() if ": statuses: " not in name]
    assert set(reasons) == {"bodies of the media type application/pdf cannot be written"}


def test_an_object_that_may_be_empty_is_not_missing() -> None:
    free = parameter("q", {"type": "object"}, example={"hue": "warm"})
    report = report_of(spec_of(parameters=[{**free, "required": True}]))
    assert violated(report) == {}
    reason = inconclusive(report)["getThing: parameters: requires q"]
    assert reason == "an object without members is sent as nothing"


def test_values_may_be_empty_where_the_document_allows_it() -> None:
    flag = parameter("all", {"type": "boolean"}, allowEmptyValue=True, example=True)

    def respond(request: httpx.Request) -> httpx.Response:
        valid = request.url.params.get("all", "") in ("", "true", "false")
        return ok(request) if valid else httpx.Response(400)

    report = report_of(
        spec_of(parameters=[flag], responses={**ANYTHING, "400": {"description": "Wrong."}}), respond
    )
    assert violated(report) == {}


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
