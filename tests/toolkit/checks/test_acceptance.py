"""What is accepted without the checks is what they find nothing in; conftest.py compares the verdicts."""

import json
import time
from itertools import chain, combinations
from typing import Any

import pytest

from support.faithful import faithful_exchanges
from support.judging import HOST, SPEC, api, responding, thing
from support.scripted import scripted_exchanges
from wirecheck.checks import Judge
from wirecheck.model import Exchange, Headers

FAITHFUL = list(faithful_exchanges(SPEC, HOST))
JSON: Headers = (("content-type", "application/json"), ("server", "things"))

SCHEMES = {
    "token": {"type": "apiKey", "in": "query", "name": "token"},
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "session": {"type": "apiKey", "in": "cookie", "name": "session"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "oauth": {"type": "oauth2", "flows": {}},
}
SENT: dict[str, tuple[str, Headers]] = {
    "token": ("token=t", ()),
    "key": ("", (("x-key", "k"),)),
    "session": ("", (("cookie", "session=s"),)),
    "bearer": ("", (("authorization", "Bearer b"),)),
    "oauth": ("access_token=a", ()),
    "nothing": ("", ()),
}


def is_accepted(judge: Judge, exchange: Exchange) -> bool:
    judge.judge(exchange)
    return judge.accepted(exchange) is not None


def test_what_satisfies_a_document_is_accepted() -> None:
    judge = Judge(SPEC, with_laws=False)
    left_out = {each.source.partition("-")[0] for each in FAITHFUL if not is_accepted(judge, each)}
    assert left_out == {"addComment", "setRelation", "getHealth", "showTerms"}  # forms, and texts


@pytest.mark.parametrize("alternative", [(), *combinations(SCHEMES, 1), *combinations(SCHEMES, 2)])
def test_credentials_suffice_where_one_alternative_is_complete(alternative: tuple[str, ...]) -> None:
    security: list[dict[str, list[str]]] = [{name: [] for name in alternative}, {"key": [], "token": []}]
    judge = api({"security": security}, components={"securitySchemes": SCHEMES})
    for sent in (*combinations(SENT, 1), *combinations(SENT, 2)):
        query = "&".join(filter(None, (SENT[name][0] for name in sent)))
        headers = (("host", "things.example"), *chain(*(SENT[name][1] for name in sent)))
        verdict = judge.judge(thing(query, request_headers=headers))
        present = {*sent, "oauth"} if "bearer" in sent else set(sent)
        suffices = present.issuperset(alternative) or present.issuperset(("key", "token"))
        assert (not verdict.findings) is suffices, sent


@pytest.mark.parametrize(
    "query", ["", "tags=a", "tags=a&tags=b", "page=2", "tags=a,b&page=1&other=x", "filter[size]=2", "size=2"]
)
def test_parameters_that_spread_over_the_query_are_left_to_the_checks(query: str) -> None:
    parameters = [
        {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
        {
            "name": "filter",
            "in": "query",
            "schema": {"type": "object", "properties": {"size": {"type": "integer"}}},
        },
    ]
    judge = api({"parameters": parameters})
    assert is_accepted(judge, thing(query)) is ("other" not in query and "size" not in query)


@pytest.mark.parametrize("body", [b'{"id": 1}', b'{"id": "1"}', b"", b"{", b'{"id": 1}x', None])
def test_a_body_is_accepted_where_it_fits(body: bytes | None) -> None:
    schema = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    judge = responding("application/json", schema=schema)
    exchange = thing(response_headers=JSON, response_body=body)
    assert is_accepted(judge, exchange) is (body in (b'{"id": 1}', None))


def test_a_part_that_cannot_be_compiled_is_met_as_by_the_checks() -> None:
    schema = {"type": "object", "properties": {"id": {"pattern": "("}, "name": {"type": "string"}}}
    judge = responding("application/json", schema=schema)
    exchange = thing(response_headers=JSON, response_body=b'{"name": "n"}')
    verdicts = [judge.judge(exchange) for _ in range(3)]
    assert verdicts[0] == verdicts[1] == verdicts[2]
    assert verdicts[0].unusable


SIMPLE = {"type": "string", "pattern": "^a*$"}
LABORIOUS = {"type": "string", "pattern": "^(?!b)a*$"}


def describing(part: str, schema: dict[str, Any]) -> Judge:
    """The judge of a document in which a schema describes a part of the exchange."""
    body = {"content": {"application/json": {"schema": schema}}}
    match part:
        case "parameter":
            return api({"parameters": [{"name": "q", "in": "query", "schema": schema}]})
        case "request":
            return api({"requestBody": body})
        case "header":
            return responding("application/json", response={"headers": {"X-A": {"schema": schema}}})
        case _:
            return responding("application/json", schema=schema)


@pytest.mark.parametrize("part", ["parameter", "request", "header", "response"])
def test_schemas_that_are_laborious_are_not_accepted_promptly(part: str) -> None:
    is_of_response = part in ("header", "response")
    exchange = thing(
        "q=aa",
        request_headers=(("host", "things.example"), ("content-type", "application/json")),
        request_body=b'"aa"',
        response_headers=(*JSON, ("x-a", "aa")),
        response_body=b'"aa"' if is_of_response else None,
    )
    for schema, is_prompt in ((SIMPLE, True), (LABORIOUS, False)):
        judge = describing(part, schema)
        assert is_accepted(judge, exchange)
        assert (judge.accepted(exchange, promptly=True) is not None) is is_prompt
        assert judge.accepts_request(exchange) is (is_prompt or is_of_response)


def test_laws_are_not_accepted_promptly() -> None:
    rule = {"message": "No pair is negative.", "rule": "self.all(a, self.all(b, a + b >= 0))"}
    schema = {"type": "array", "items": {"type": "integer"}, "x-invariants": {"pairs": rule}}
    judge, exchange = describing("response", schema), thing(response_headers=JSON, response_body=b"[1, 2]")
    assert is_accepted(judge, exchange)
    assert judge.accepted(exchange, promptly=True) is None


_LENGTH = 64 * 1024
HOSTILE = {
    "deep arrays": b"[" * (_LENGTH // 2) + b"]" * (_LENGTH // 2),
    "deep objects": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "empty objects": b"[" + b"{}," * (_LENGTH // 3) + b"{}]",
    "names": json.dumps({f"k{index}": index for index in range(_LENGTH // 14)}).encode(),
    "a string": b'"' + b"a" * _LENGTH + b'!"',
    "strings": json.dumps(["a" * 17 + "!"] * (_LENGTH // 22)).encode(),
    "numbers": json.dumps(list(range(_LENGTH // 8))).encode(),
    "objects": json.dumps([{"a": index} for index in range(_LENGTH // 16)]).encode(),
    "backslashes": b'"' + b"\\" * _LENGTH + b'"',
    "surrogates": b'"' + b"\\ud800" * (_LENGTH // 6) + b'"',
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "anything": {},
    "repetitions": {"type": "array", "items": {"type": "string", "pattern": "^(a+)+$"}},
    "lookaround": {"type": "array", "items": {"type": "string", "pattern": "^(?!(a|a)+$).*$"}},
    "unique": {"type": "array", "uniqueItems": True},
    "contains": {"type": "array", "contains": {"const": "x"}},
    "alternatives": {"items": {"anyOf": [{"required": [f"p{index}"]} for index in range(100)]}},
    "names": {"patternProperties": {"^(k|[a-z])+.*z$": {}}, "unevaluatedProperties": False},
    "pairs": {"x-invariants": {"p": {"message": "-", "rule": "self.all(a, self.all(b, a == b || a != b))"}}},
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_accepted_promptly_takes_no_time_to_speak_of(name: str) -> None:
    judge = describing("response", SCHEMAS[name])
    for body in HOSTILE.values():
        exchange = thing(response_headers=JSON, response_body=body)
        before = time.process_time()
        judge.accepted(exchange, promptly=True)
        assert time.process_time() - before < 1, body[:20]


def test_a_request_is_accepted_only_where_nothing_is_found() -> None:
    judge = Judge(SPEC)
    exchanges = scripted_exchanges(FAITHFUL, 500)
    accepted = [each for each in exchanges if judge.accepts_request(each)]
    assert 100 < len(accepted) < len(exchanges)
    assert not any(judge.request_findings(each) for each in accepted)
