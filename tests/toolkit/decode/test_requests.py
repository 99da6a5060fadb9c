"""What people's clients send, judged: for each kind of form and parameter what is right and wrong."""

import time
from typing import Any

import pytest

from support.decoding import document, parameter, reader
from support.judging import api, checks_of, messages_of, thing
from wirecheck import decode
from wirecheck.decode.encoding import written_parameter

REQUEST, PARAMETERS = "request-body-matches", "request-parameters-match"
NUMBER = {"type": "integer"}


# Forms in requests.
LINES = {"type": "array", "items": {"type": "object", "required": ["sku"], "properties": {"n": NUMBER}}}
META = {
    "type": "object",
    "properties": {"table": NUMBER, "at": {"type": "object", "properties": {"n": NUMBER}}},
}
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "who": {"type": "string"},
        "meta": META,
        "tags": {"type": "array", "items": NUMBER},
        "lines": LINES,
    },
    "patternProperties": {"^is_": {"type": "boolean"}},
    "additionalProperties": NUMBER,
}
DEEP, JSON = {"meta": {"style": "deepObject", "explode": True}}, {"meta": {"contentType": "application/json"}}
FORMS: dict[str, tuple[Any, str, list[str]]] = {
    "typed by additionalProperties": ({}, "who=Ida&forks=2", []),
    "wrongly typed by additionalProperties": ({}, "who=Ida&forks=two", [REQUEST]),
    "typed by patternProperties": ({}, "is_new=true", []),
    "wrongly typed by patternProperties": ({}, "is_new=1", [REQUEST]),
    "an object in brackets": (DEEP, "meta[table]=7", []),
    "an object in encoded brackets": (DEEP, "who=Ida&meta%5Btable%5D=7", []),
    "a wrong object in brackets": (DEEP, "meta[table]=window", [REQUEST]),
    "an object in brackets without encoding": ({}, "meta[table]=7&meta[at][n]=1", []),
    "a wrong nested object": ({}, "meta[at][n]=x", [REQUEST]),
    "an object as JSON": ({}, "meta=%7B%22table%22%3A7%7D", []),
    "a wrong object as JSON": (JSON, "meta=%7B%22table%22%3A%22x%22%7D", [REQUEST]),
    "no JSON": (JSON, "meta=table", [REQUEST]),
    "an object as names and values": ({"meta": {"style": "form", "explode": False}}, "meta=table,7", []),
    "an object that is spread": ({"meta": {"style": "form"}}, "table=7&who=Ida", []),
    "a wrong object that is spread": ({}, "table=x", [REQUEST]),
    "a list in brackets": ({}, "tags[]=1&tags[]=2", []),
    "a list by indexes": ({}, "tags[0]=1&tags[1]=2", []),
    "a list in one": ({"tags": {"explode": False}}, "tags=1,2", []),
    "a list by pipes": ({"tags": {"style": "pipeDelimited", "explode": False}}, "tags=1%7C2", []),
    "a list as JSON": ({}, "tags=[1,2]", []),
    "a wrong list": ({}, "tags=1&tags=x", [REQUEST]),
    "objects in a list": ({}, "lines[0][sku]=a&lines[0][n]=1&lines[1][sku]=b", []),
    "a wrong object in a list": ({}, "lines[0][n]=1", [REQUEST]),
}


@pytest.mark.parametrize("case", FORMS)
def test_a_form_is_read_by_its_encoding(case: str) -> None:
    encoding, body, checks = FORMS[case]
    name = "application/x-www-form-urlencoded"
    judge = api({"requestBody": {"content": {name: {"schema": FORM, "encoding": encoding}}}}, method="post")
    headers = (("content-type", name), ("host", "h"))
    exchange = thing(method="POST", request_headers=headers, request_body=body.encode())
    assert checks_of(judge, exchange) == checks


def parts(*listed: tuple[str, str, bytes]) -> bytes:
    """A multipart form of parts: what follows the name, a Content-Type if there is one, the content."""
    lines = []
    for disposition, content_type, content in listed:
        lines += [b"--x", f"Content-Disposition: form-data; name={disposition}".encode()]
        lines += [f"Content-Type: {content_type}".encode()] if content_type else []
        lines += [b"", content]
    return b"\r\n".join([*lines, b"--x--", b""])


NOTE = {"type": "object", "required": ["stars"], "properties": {"stars": NUMBER}}
UPLOAD: dict[str, Any] = {
    "type": "object",
    "required": ["note"],
    "properties": {
        "note": NOTE,
        "photo": {"type": "string", "format": "binary", "maxLength": 3},
        "photos": {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": 2},
        "lines": {"type": "array", "items": NOTE},
        "count": NUMBER,
        "name": {"type": "string", "maxLength": 4},
    },
}
RIGHT = ("note", "application/json", b'{"stars": 4}')
JSON_TYPE = "application/json"
PARTS: dict[str, tuple[bytes, list[str]]] = {
    "JSON": (parts(RIGHT), []),
    "JSON without a type": (parts(("note", "", b'{"stars": 4}')), []),
    "JSON with another type": (parts(("note", "application/vnd.note+json", b'{"stars": 4}')), []),
    "wrong JSON": (parts(("note", JSON_TYPE, b'{"stars": "four"}')), [REQUEST]),
    "wrong JSON without a type": (parts(("note", "", b"[1]")), [REQUEST]),
    "a text for an object": (parts(("note", "", b"four")), [REQUEST]),
    "an object as XML is not known": (parts(("note", "application/xml", b"<n/>")), []),
    "an object in brackets": (parts(('"note[stars]"', "", b"4")), []),
    "repeated JSON": (
        parts(RIGHT, ("lines", JSON_TYPE, b'{"stars": 1}'), ("lines", JSON_TYPE, b'{"stars": 2}')),
        [],
    ),
    "wrong repeated JSON": (
        parts(RIGHT, ("lines", JSON_TYPE, b'{"stars": 1}'), ("lines", JSON_TYPE, b"{}")),
        [REQUEST],
    ),
    "a list as JSON": (parts(RIGHT, ("lines", JSON_TYPE, b'[{"stars": 1}]')), []),
    "a file": (parts(RIGHT, ('photo; filename="a.png"', "image/png", b"\xff\0PNG")), []),
    "a file in text": (parts(RIGHT, ('photo; filename="a.txt"', "text/plain", b"a long text")), []),
    "files": (parts(RIGHT, *[(f'photos; filename="{n}"', "image/png", b"\xff") for n in "ab"]), []),
    "too many files": (
        parts(RIGHT, *[(f'photos; filename="{n}"', "image/png", b"\xff") for n in "abc"]),
        [REQUEST],
    ),
    "a file alone": (parts(("photo; filename=a", "image/png", b"x")), [REQUEST]),
    "a number": (parts(RIGHT, ("count", "", b"5")), []),
    "a number as text": (parts(RIGHT, ("count", "text/plain", b"5")), []),
    "no number": (parts(RIGHT, ("count", "", b"five")), [REQUEST]),
    "a text by its charset": (parts(RIGHT, ("name", "text/plain; charset=latin1", b"\xe9\xe9\xe9\xe9")), []),
    "a text that is too long": (parts(RIGHT, ("name", "text/plain; charset=utf-8", b"12345")), [REQUEST]),
}


@pytest.mark.parametrize("case", PARTS)
def test_the_parts_of_a_form_are_read_by_their_types(case: str) -> None:
    body, checks = PARTS[case]
    judge = api({"requestBody": {"content": {"multipart/form-data": {"schema": UPLOAD}}}}, method="post")
    headers = (("content-type", "multipart/form-data; boundary=x"), ("host", "h"))
    assert checks_of(judge, thing(method="POST", request_headers=headers, request_body=body)) == checks


def test_a_union_with_a_part_that_is_not_known_is_not_wrong() -> None:
    union = {"oneOf": [UPLOAD, {"type": "object", "required": ["other"]}]}
    judge = api({"requestBody": {"content": {"multipart/form-data": {"schema": union}}}}, method="post")
    headers = (("content-type", "multipart/form-data; boundary=x"), ("host", "h"))
    for part, checks in ((("note", "application/xml", b"<n/>"), []), (("note", "", b"four"), [REQUEST])):
        exchange = thing(method="POST", request_headers=headers, request_body=parts(part))
        assert checks_of(judge, exchange) == checks


# Parameters: their definitions, the query, the checks violated.
def query(name: str, schema: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


RANGE = {
    "type": "object",
    "required": ["min"],
    "additionalProperties": False,
    "properties": {"min": NUMBER, "max": NUMBER},
}
TEXT_CONTENT = {
    "name": "p",
    "in": "query",
    "content": {"text/plain": {"schema": {"type": "string", "maxLength": 3}}},
}
JSON_CONTENT = {"name": "p", "in": "query", "content": {"application/json": {"schema": RANGE}}}
UNION = {"anyOf": [{"type": "array", "items": NUMBER, "minItems": 2}, NUMBER]}
FREE = query("p", {"type": "object", "additionalProperties": NUMBER})
PARAMETERS_SENT: dict[str, tuple[list[dict[str, Any]], str, list[str]]] = {
    "a deep object": ([query("p", RANGE, style="deepObject")], "p[min]=1&p%5Bmax%5D=2", []),
    "a wrong deep object": ([query("p", RANGE, style="deepObject")], "p[min]=x", [PARAMETERS]),
    "a deep object that lacks a member": ([query("p", RANGE, style="deepObject")], "p[max]=1", [PARAMETERS]),
    "a deep object with another member": (
        [query("p", RANGE, style="deepObject")],
        "p[min]=1&p[x]=1",
        [PARAMETERS],
    ),
    "no deep object": ([query("p", RANGE, style="deepObject", required=True)], "min=1", [PARAMETERS]),
    "an optional deep object": ([query("p", RANGE, style="deepObject")], "", []),
    "a spread object": ([query("p", RANGE)], "min=1&other=x", []),
    "a wrong spread object": ([query("p", RANGE)], "min=x", [PARAMETERS]),
    "a spread object that is missing": ([query("p", RANGE, required=True)], "other=1", [PARAMETERS]),
    "a spread object that may be empty": ([query("p", {"type": "object"}, required=True)], "", []),
    "a map": ([FREE], "a=1&b=2", []),
    "a wrong map": ([FREE], "a=1&b=x", [PARAMETERS]),
    "a map beside other parameters": (
        [FREE, query("q", {}), query("r", {"type": "array"})],
        "a=1&q=x&r[]=y&access_token=z",
        [],
    ),
    "an object in one": ([query("p", RANGE, explode=False)], "p=min,1,max,2", []),
    "a wrong object in one": ([query("p", RANGE, explode=False)], "p=min,x", [PARAMETERS]),
    "JSON": ([JSON_CONTENT], "p=%7B%22min%22%3A1%7D", []),
    "wrong JSON": ([JSON_CONTENT], "p=%7B%7D", [PARAMETERS]),
    "no JSON": ([JSON_CONTENT], "p=min1", [PARAMETERS]),
    "a text that looks like a number": ([TEXT_CONTENT], "p=007", []),
    "a text that looks like null": ([{**TEXT_CONTENT}], "p=nil", []),
    "a text that is too long": ([TEXT_CONTENT], "p=true", [PARAMETERS]),
    "a flag": ([query("p", {"type": "boolean"}, allowEmptyValue=True)], "p", []),
    "an empty flag": ([query("p", {"type": "boolean"}, allowEmptyValue=True, required=True)], "p=", []),
    "a flag that must have a value": ([query("p", {"type": "boolean"})], "p", [PARAMETERS]),
    "null as nothing": ([query("p", {"type": ["integer", "null"]})], "p=", []),
    "null as a word": ([query("p", {"type": ["integer", "null"]})], "p=null", []),
    "null as another word": ([query("p", {"type": ["integer", "null"]})], "p=nil", [PARAMETERS]),
    "a union by its number": ([query("p", UNION)], "p=7", []),
    "a union by its list": ([query("p", UNION)], "p=7&p=8", []),
    "a union by neither": ([query("p", UNION)], "p=x", [PARAMETERS]),
    "names that are documented with brackets": (
        [query("p[]", {"type": "array", "items": NUMBER}, required=True)],
        "p%5B%5D=1",
        [],
    ),
    "names that lack their brackets": ([query("p[]", {"type": "array"}, required=True)], "p=1", [PARAMETERS]),
    "a parameter beside one with brackets": (
        [query("p", NUMBER), query("p[]", {"type": "array"})],
        "p[]=x&p=1",
        [],
    ),
}


@pytest.mark.parametrize("case", PARAMETERS_SENT)
def test_parameters_are_read_as_clients_send_them(case: str) -> None:
    documented, text, checks = PARAMETERS_SENT[case]
    assert set(checks_of(api({"parameters": documented}), thing(text))) == set(checks)


def test_a_message_has_the_type_of_json_that_was_sent() -> None:
    judge = api({"parameters": [JSON_CONTENT]})
    assert messages_of(judge, thing("p=[1]")) == ['the query parameter "p" is an array, not an object']


def test_the_whole_query_may_be_a_form_or_json() -> None:
    """`in: querystring` of OpenAPI 3.2."""
    form = {"a": 1, "b": [1, 2]}
    schema = {"properties": {"a": NUMBER, "b": {"type": "array", "items": NUMBER}}}
    for name, query_string in (
        (decode.FORM, "a=1&b=1&b=2"),
        ("application/json", "%7B%22a%22:1,%22b%22:[1,2]%7D"),
    ):
        source = reader(document(schema, content={name: {"schema": schema}}))
        each = parameter(location="querystring", media_type=name)
        assert decode.parameter_values(source, each, [query_string]) == (form,)
        [(_, written)] = written_parameter(source.document, each, form)
        assert decode.parameter_values(source, each, [written]) == (form,)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "text",
    [
        "p" + "[a]" * 2500 + "=1",
        "p" + "[" * 2500 + "=1",
        "&".join(f"p[{n}]={n}" for n in range(2500)),
        "&".join(f"p[{n}][{n}]={n}" for n in range(1500)),
        "&".join(f"{n}=1" for n in range(2500)),
        "p=" + "," * 10_000,
        "p=" + "%2C" * 10_000,
        "&".join(["p=1"] * 2500),
    ],
)
@pytest.mark.parametrize("style", ["form", "deepObject", "pipeDelimited"])
def test_hostile_queries_cost_little(text: str, style: str) -> None:
    recursive = {"type": ["object", "array"], "additionalProperties": {"$ref": "#/components/schemas/Tree"}}
    tree = {"anyOf": [recursive, {**recursive, "required": ["x"]}, {"type": "array", "items": NUMBER}]}
    judge = api({"parameters": [query("p", tree, style=style)]}, components={"schemas": {"Tree": tree}})
    began = time.process_time()
    checks_of(judge, thing(text))
    body = {"application/x-www-form-urlencoded": {"schema": {"properties": {"p": tree}}}}
    judge = api({"requestBody": {"content": body}}, method="post", components={"schemas": {"Tree": tree}})
    headers = (("content-type", "application/x-www-form-urlencoded"), ("host", "h"))
    checks_of(judge, thing(method="POST", request_headers=headers, request_body=text.encode()))
    assert time.process_time() - began < 4
