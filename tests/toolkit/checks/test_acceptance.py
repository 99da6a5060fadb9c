"""What is accepted without the checks is what they find nothing in; conftest.py compares the verdicts."""

from itertools import chain, combinations

import pytest

from support.faithful import faithful_exchanges
from support.judging import HOST, SPEC, api, responding, thing
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
