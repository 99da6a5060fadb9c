"""The parameters of an accepted request are there and match their schemas."""

from typing import Any

import pytest
from msgspec import structs

from support.judging import api, checks_of, findings_of, messages_of, thing
from wirecheck.model import Exchange

NUMBERS = {"type": "array", "items": {"type": "integer"}, "maxItems": 2}
PARAMETERS: dict[str, tuple[dict[str, Any], Exchange, str]] = {
    "an optional one that is missing": ({"in": "query", "schema": {"type": "integer"}}, thing(), ""),
    "a required one that is missing": (
        {"in": "query", "required": True, "schema": {"type": "integer"}},
        thing("other=1"),
        'the query parameter "p" is missing',
    ),
    "an integer": ({"in": "query", "schema": {"type": "integer"}}, thing("p=1"), ""),
    "no integer": ({"in": "query", "schema": {"type": "integer"}}, thing("p=one"), 'is "one", a string'),
    "nothing for an integer": ({"in": "query", "schema": {"type": "integer"}}, thing("p="), 'is ""'),
    "a name alone": ({"in": "query", "schema": {"type": "integer"}}, thing("p"), 'is ""'),
    "an empty value that is allowed": (
        {"in": "query", "required": True, "allowEmptyValue": True, "schema": {"type": "integer"}},
        thing("p"),
        "",
    ),
    "the second of two": ({"in": "query", "schema": {"type": "integer"}}, thing("p=1&p=x"), 'is "x"'),
    "an integer that is huge": ({"in": "query", "schema": {"type": "integer"}}, thing("p=" + "9" * 3000), ""),
    "digits where text is required": ({"in": "query", "schema": {"type": "string"}}, thing("p=12"), ""),
    "text or integer": ({"in": "query", "schema": {"type": ["integer", "string"]}}, thing("p=x"), ""),
    "an encoded name and value": (
        {"in": "query", "schema": {"const": "a b+c"}},
        thing("%70=a+b%2Bc"),
        "",
    ),
    "a boolean": ({"in": "query", "schema": {"type": "boolean"}}, thing("p=true"), ""),
    "no boolean": ({"in": "query", "schema": {"type": "boolean"}}, thing("p=1"), "not a boolean"),
    "null": ({"in": "query", "schema": {"type": ["integer", "null"]}}, thing("p="), ""),
    "an exploded array": ({"in": "query", "schema": NUMBERS}, thing("p=1&p=2"), ""),
    "an exploded array with brackets": ({"in": "query", "schema": NUMBERS}, thing("p[]=1&p%5B%5D=2"), ""),
    "an exploded array that is too long": (
        {"in": "query", "schema": NUMBERS},
        thing("p=1&p=2&p=3"),
        "more than 2 items (3)",
    ),
    "an exploded array with a wrong item": ({"in": "query", "schema": NUMBERS}, thing("p=1&p=x"), 'is "x"'),
    "commas in an exploded array": ({"in": "query", "schema": NUMBERS}, thing("p=1,2"), 'is "1,2"'),
    "an array with commas": ({"in": "query", "explode": False, "schema": NUMBERS}, thing("p=1,2"), ""),
    "an array with commas that is too long": (
        {"in": "query", "explode": False, "schema": NUMBERS},
        thing("p=1,2,3"),
        "more than 2 items (3)",
    ),
    "an array with pipes": (
        {"in": "query", "style": "pipeDelimited", "explode": False, "schema": NUMBERS},
        thing("p=1%7C2"),
        "",
    ),
    "an array with spaces": (
        {"in": "query", "style": "spaceDelimited", "explode": False, "schema": NUMBERS},
        thing("p=1%20x"),
        'is "x"',
    ),
    "an object": (
        {"in": "query", "style": "deepObject", "required": True, "schema": {"type": "object"}},
        thing("p[a]=1"),
        "",
    ),
    "JSON": (
        {"in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
        thing("p=%7B%22a%22:1%7D"),
        "",
    ),
    "JSON of the wrong type": (
        {"in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
        thing("p=[]"),
        "is an array, not an object",
    ),
    "a header": (
        {"in": "header", "schema": {"type": "integer"}},
        thing(request_headers=(("p", "x"),)),
        'the header parameter "p" is "x"',
    ),
    "a required header that is missing": (
        {"in": "header", "required": True, "schema": {}},
        thing(),
        'the header parameter "p" is missing',
    ),
    "a required header, headers not recorded": (
        {"in": "header", "required": True, "schema": {}},
        thing(request_headers=()),
        "",
    ),
    "a required cookie": (
        {"in": "cookie", "required": True, "schema": {"type": "integer"}},
        thing(request_headers=(("cookie", "a=b; p=12; c=d"),)),
        "",
    ),
    "a required cookie that is missing": (
        {"in": "cookie", "required": True, "schema": {"type": "integer"}},
        thing(request_headers=(("cookie", "pp=12"),)),
        'the cookie parameter "p" is missing',
    ),
    "a cookie of the wrong type, never shown": (
        {"in": "cookie", "schema": {"type": "integer"}},
        thing(request_headers=(("cookie", "p=abc"),)),
        "is [redacted], a string, not an integer",
    ),
}


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_parameter_of_an_accepted_request_must_fit(case: str) -> None:
    parameter, exchange, message = PARAMETERS[case]
    judge = api({"parameters": [{"name": "p", **parameter}]})
    findings = findings_of(judge, exchange)
    assert [finding.check for finding in findings] == ["request-parameters-match"] * bool(message)
    assert all(message in finding.message for finding in findings)
    assert checks_of(judge, structs.replace(exchange, status=400)) == [], "rejected: not a violation"
    assert checks_of(judge, structs.replace(exchange, status=302)) == [], "redirected: not accepted yet"


@pytest.mark.parametrize("name", ["Accept", "Content-Type", "Authorization"])
def test_a_header_parameter_that_openapi_ignores_is_ignored(name: str) -> None:
    judge = api({"parameters": [{"name": name, "in": "header", "required": True, "schema": False}]})
    assert checks_of(judge, thing()) == []


@pytest.mark.parametrize(
    ("template", "style", "path", "message"),
    [
        ("/things/{p}", "simple", "/things/12", ""),
        ("/things/{p}", "simple", "/things/twelve", 'the path parameter "p" is "twelve"'),
        ("/things/{p}", "simple", "/things/%31%32", ""),
        ("/things/{p}", "label", "/things/.12", ""),
        ("/things/{p}", "matrix", "/things/;p=12", ""),
        ("/things/{p}", "matrix", "/things/;p=x", 'is "x"'),
        ("/things/a{p}b", "simple", "/things/a12b", ""),
    ],
)
def test_a_path_parameter_must_fit(template: str, style: str, path: str, message: str) -> None:
    parameter = {"name": "p", "in": "path", "required": True, "style": style, "schema": {"type": "integer"}}
    judge = api({"parameters": [parameter]}, path=template)
    messages = messages_of(judge, thing(url=f"https://things.example{path}"))
    assert (message in messages[0]) if message else (messages == [])


def test_a_parameter_of_the_operation_wins_over_that_of_the_path() -> None:
    narrow = {"name": "p", "in": "query", "schema": {"type": "integer"}}
    paths = {"/things": {"parameters": [{**narrow, "required": True}], "get": {"parameters": [narrow]}}}
    judge = api({}, paths=paths)
    assert "request-parameters-match" not in checks_of(judge, thing())


SPELLINGS: list[tuple[str, str, bool]] = [  # the documented names, the query, whether one is misspelt
    ("limit", "limti=1", True),
    ("limit", "limt=1", True),
    ("limit", "limits=1", True),
    ("limit", "limot=1", True),
    ("page_size", "pageSize=1", True),
    ("page-size", "page_size=1", True),
    ("page[size]", "pageSize=1", True),
    ("limit", "Limit=1", False),
    ("limit", "lmti=1", False),
    ("limit", "unlimited=1", False),
    ("limit", "limit=1&limti=1", False),
    ("limit", "limti=1&limit=", False),
    ("tag", "tags=1", False),
    ("filter1", "filter2=1", False),
    ("field", "field2=1", False),
    ("limit", "limit[]=1", False),
    ("later later2 latex", "late=1", False),
    ("later other", "late=1", True),
    ("limit", "=1&&%6cimti", True),
    ("limit", "", False),
]


@pytest.mark.parametrize(("documented", "query", "is_misspelt"), SPELLINGS)
def test_a_name_that_can_only_be_misspelt_is_a_warning(
    documented: str, query: str, is_misspelt: bool
) -> None:
    parameters = [{"name": name, "in": "query", "schema": {}} for name in documented.split()]
    judge = api({"parameters": parameters})
    findings = findings_of(judge, thing(query))
    assert [(finding.check, finding.severity) for finding in findings] == [
        ("query-parameters-spelled", "warning")
    ] * is_misspelt
    assert findings_of(judge, thing(query, status=404)) == []


def test_a_name_is_not_misspelt_where_it_may_mean_something_else() -> None:
    members = {"type": "object", "properties": {"limti": {"type": "integer"}}}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    paging = {"name": "paging", "in": "query", "explode": True, "schema": members}
    assert findings_of(api({"parameters": [limit, paging]}), thing("limti=1")) == []
    anything = {"name": "all", "in": "query", "schema": {"type": "object", "additionalProperties": True}}
    assert findings_of(api({"parameters": [limit, anything]}), thing("limti=1")) == []
