"""No finding shows a secret."""

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from support.judging import (
    HOST,
    JSON,
    JUDGE,
    api,
    findings_of,
    multipart,
    request,
    responding,
    thing,
    topic,
)
from wirecheck.checks import Judge
from wirecheck.model import Exchange

DATE = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
SECRETS = st.text("abcXYZ0189._~-+/=", min_size=8, max_size=40).filter(
    lambda text: len(set(text)) > 3 and not DATE.match(text)
)
"""Texts that are no dates: those are shown, as a date protects nothing."""


@st.composite
def with_a_secret(draw: st.DrawFn) -> tuple[str, Exchange]:
    """An invalid exchange with a secret in one place or several, which its response repeats."""
    secret = draw(SECRETS)
    name = draw(st.sampled_from(["access_token", "sig", "client_secret", "password", "ACCESS_TOKEN"]))
    quoted = quote(secret, safe="")
    echo = json.dumps(
        {"meta": {"code": secret, name: secret}, "data": {"name": [secret], secret: 1}}
    ).encode()
    places: dict[str, dict[str, Any]] = {
        "query": {"url": f"{HOST}/v1/feed?{name}={quoted}&count={quoted}"},
        "path": {"url": f"{HOST}/v1/{quoted}/nope?{name}={quoted}"},
        "form": {"request_body": f"{name}={quoted}&action={quoted}".encode(), "method": "POST"},
        "json": {"request_body": json.dumps({name: secret}).encode(), "method": "POST"},
        "parts": {"request_body": multipart({name: secret, "text": secret}), "method": "POST"},
        "authorization": {"request_headers": (("authorization", f"Bearer {secret}"),)},
        "cookie": {"request_headers": (("cookie", f"session={secret}; a=b"),)},
        "set-cookie": {"response_headers": (*JSON, ("set-cookie", f"session={secret}; Path=/"))},
        "answer": {"response_body": json.dumps({name: secret}).encode()},
    }
    chosen = draw(st.lists(st.sampled_from(sorted(places)), min_size=1, max_size=3, unique=True))
    change = {key: value for place in chosen for key, value in places[place].items()}
    exchange = request("/people/1002/relation", response_headers=(*JSON, ("x-ratelimit-limit", secret)))
    return secret, structs.replace(exchange, **{"response_body": echo, **change})


@settings(max_examples=100)
@given(with_a_secret())
def test_a_secret_appears_in_no_finding(example: tuple[str, Exchange]) -> None:
    secret, exchange = example
    for finding in findings_of(JUDGE, exchange):
        shown = repr(structs.replace(finding, fingerprint=""))
        assert secret not in shown
        assert quote(secret, safe="") not in shown


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
@pytest.mark.parametrize("name", ["access_token", "sig", "client_secret", "password"])
@pytest.mark.parametrize("value", ["ab", "ab;cd'ef", 'ab"cd', "ab<cd>ef"])
def test_a_parameter_with_a_secret_name_is_never_shown(location: str, name: str, value: str) -> None:
    judge = api({"parameters": [{"name": name, "in": location, "schema": {"type": "integer"}}]})
    query = urlencode({name: value}, safe=";'<>\"") if location == "query" else ""
    headers = {"header": ((name, value),), "cookie": (("cookie", f"{name}={value.replace(';', '')}"),)}
    [finding] = findings_of(judge, thing(query, request_headers=headers.get(location, (("host", "x"),))))
    assert "[redacted]" in finding.message
    assert value not in finding.message


FLOWS = {
    "type": "oauth2",
    "flows": {
        "authorizationCode": {
            "authorizationUrl": "https://things.example/things",
            "tokenUrl": "/grants",
            "scopes": {},
        }
    },
}


def test_a_code_is_masked_where_the_document_says_that_it_is_that_of_oauth() -> None:
    parameters = [{"name": "code", "in": "query", "schema": {"type": "integer"}}]
    for schemes, shown in (({}, '"abcd"'), ({"oauth": FLOWS}, "[redacted]")):
        judge = api({"parameters": parameters}, components={"securitySchemes": schemes})
        [finding] = findings_of(judge, thing("code=abcd"))
        assert f'"code" is {shown}' in finding.message


def test_a_code_of_the_format_password_is_masked_but_for_that_of_an_error() -> None:
    schema = {"type": "object", "properties": {"code": {"type": "string", "format": "password"}}}
    masked = api({}, components={"schemas": {"Login": schema}}).subject(thing()).masked
    assert masked.value("k7Qm2xW9vT4b", ("code",)) == "[redacted]"
    assert masked.value(400, ("meta", "code")) == "400"


@pytest.mark.parametrize("secret", ["secret;half", "secret'half", "secret<half", 'secret"half'])
def test_a_secret_with_a_punctuation_mark_is_masked_where_it_is_echoed(secret: str) -> None:
    body = json.dumps({"meta": {"code": 200}, "data": {"name": [secret], "notices": secret}}).encode()
    exchange = topic(url=f"{HOST}/v1/topics/snow?access_token={secret}", response_body=body)
    assert "half" not in repr(findings_of(JUDGE, exchange))


PASSWORDS = {
    "Pin": {"type": "string", "format": "password"},
    "Door": {
        "type": "object",
        "properties": {
            "left": {"$ref": "#/components/schemas/Pin"},
            "right": {"type": "array", "items": {"type": "string", "format": "password"}},
            "floor": {"type": "string"},
        },
    },
}


def test_a_value_of_the_format_password_is_masked_and_its_neighbour_is_not() -> None:
    judge = api({}, components={"schemas": PASSWORDS})
    body = b'{"left": "open sesame 11", "right": ["swordfish 22"], "floor": "ground level 33"}'
    masked = judge.subject(thing(request_body=body)).masked
    shown = masked.text("open sesame 11, swordfish 22, ground level 33")
    assert shown == "[redacted], [redacted], ground level 33"
    assert masked.value("a", ("left",)) == "[redacted]"


@pytest.mark.parametrize("name", ["doorNumber", "DOOR-NUMBER", "x_door_number", "door[number]"])
@pytest.mark.parametrize("added", ["door_number", "doorNumber", "Door-Number"])
def test_more_names_are_masked_by_word(name: str, added: str) -> None:
    spec = api({"parameters": [{"name": name, "in": "query", "schema": {"type": "integer"}}]}).spec
    exchange = thing(urlencode({name: "ground level"}))
    assert "ground level" in findings_of(Judge(spec), exchange)[0].message
    assert "ground level" not in findings_of(Judge(spec, also=[added]), exchange)[0].message


def test_the_fingerprint_does_not_depend_on_a_secret_of_the_pointer() -> None:
    schema = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": False}}
    judge = responding("application/json", schema={"properties": {"tokens": schema}})
    found = [
        findings_of(judge, thing(response_headers=JSON, response_body=json.dumps(body).encode()))[0]
        for body in ({"tokens": {"k7Qm2xW9vT4bN8": {"a": 1}}}, {"tokens": {"Zq7Wv3Xy9Kp2Lm": {"a": 1}}})
    ]
    assert [finding.pointer for finding in found] == ["/tokens/[redacted]", "/tokens/[redacted]"]
    assert found[0].fingerprint == found[1].fingerprint


def test_the_words_of_a_credential_stay_in_a_pointer() -> None:
    judge = responding("application/json", schema={"properties": {"date": {"type": "integer"}}})
    signed = 'Signature keyId="app",algorithm="hmac-sha256",headers="date host",signature="k7Qm2xW9vT4bN8pR"'
    exchange = thing(
        request_headers=(("authorization", signed),),
        response_headers=JSON,
        response_body=b'{"date": "k7Qm2xW9vT4bN8pR on host"}',
    )
    [finding] = findings_of(judge, exchange)
    assert finding.pointer == "/date"
    assert finding.message == 'body /date is "[redacted] on host", a string, not an integer'


def test_an_exchange_shows_only_what_is_no_secret() -> None:
    parts = {
        "url": "https://h.test/hidden",
        "request_headers": (("a", "hidden"),),
        "request_body": b"hidden",
        "response_headers": (("b", "hidden"),),
        "response_body": b"hidden",
    }
    exchange = structs.replace(thing(), **parts)
    assert repr(exchange).startswith(f"Exchange(source={exchange.source!r}, ")
    for shown in (repr(exchange), repr(exchange.__rich_repr__())):
        assert "hidden" not in shown
        assert "status" in shown
