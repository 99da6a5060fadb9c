"""A document of several files is one document; findings name the file and the line."""

from pathlib import Path

import pytest

from support.foreign import Loaded, loaded, written
from wirecheck.model import SpecError
from wirecheck.spec import load

HEAD = "openapi: 3.1.0\ninfo: {title: Files, version: '1'}\n"
OPERATION = "operationId: op\nresponses: {'200': {description: Fine.}}\n"
DONE = "{'204': {description: Done.}}"


def put(schema: str) -> str:
    """A document with one operation that takes a body."""
    return (
        f"{HEAD}paths:\n  /a:\n    put:\n      responses: {DONE}\n"
        f"      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}\n"
    )


VALUE = "{$ref: value.yaml}"
TEXT = "title: T\ntype: string\n"

# The document, the other files; the values that it allows, and those that it does not with the place.
BODIES: dict[str, tuple[str, dict[str, str | bytes], list[str], list[tuple[str, str]]]] = {
    "a file": (put(VALUE), {"value.yaml": TEXT}, ['"a"'], [("1", "value.yaml#/type")]),
    "a file of JSON": (
        put("{$ref: value.json}"),
        {"value.json": '{\n"type":\n"string"}'},
        ['"a"'],
        [("1", "value.json#/type")],
    ),
    "a pointer in a file": (
        put("{$ref: 'all.yaml#/a~1b/%7Bc%7D'}"),
        {"all.yaml": "a/b:\n  '{c}':\n    type: string\n"},
        ['"a"'],
        [("1", "all.yaml#/a~1b/{c}/type")],
    ),
    "a file below": (
        put("{$ref: sub/value.yaml}"),
        {"sub/value.yaml": "type: array\nitems: {$ref: ../text.yaml}\n", "text.yaml": TEXT},
        ['["a"]'],
        [("[1]", "text.yaml#/type")],
    ),
    "a chain": (
        put(VALUE),
        {
            "value.yaml": "$ref: b.yaml\n",
            "b.yaml": "$ref: 'c.yaml#/x'\n",
            "c.yaml": "x: {$ref: '#/y'}\ny: {type: string}\n",
        },
        ['"a"'],
        [("1", "c.yaml#/y/type")],
    ),
    "a circle of files": (
        put(VALUE),
        {
            "value.yaml": "type: object\nproperties: {b: {$ref: b.yaml}}\n",
            "b.yaml": "type: object\nproperties: {a: {$ref: value.yaml}, n: {type: integer}}\n",
        },
        ['{"b": {"a": {"b": {"n": 1}}}}'],
        [('{"b": {"a": {"b": {"n": "x"}}}}', "b.yaml#/properties/n/type"), ("1", "value.yaml#/type")],
    ),
    "a file that refers to itself": (
        put(VALUE),
        {"value.yaml": "type: object\nadditionalProperties: {$ref: '#'}\n"},
        ['{"a": {}}'],
        [('{"a": 1}', "value.yaml#/type")],
    ),
    "back into the document": (
        put(VALUE) + "components: {schemas: {Own: {type: integer}}}\n",
        {"value.yaml": "type: array\nitems: {$ref: 'api.yaml#/components/schemas/Own'}\n"},
        ["[1]"],
        [('["a"]', "#/components/schemas/Own/type")],
    ),
    "the same name in two files": (
        put(
            "{properties: {a: {$ref: 'a.yaml#/Name'}, b: {$ref: 'b.yaml#/Name'},"
            " c: {$ref: '#/components/schemas/Name'}}}"
        )
        + "components: {schemas: {Name: {type: boolean}}}\n",
        {"a.yaml": "Name: {type: string}\n", "b.yaml": "Name: {type: integer}\n"},
        ['{"a": "x", "b": 1, "c": true}'],
        [
            ('{"a": 1}', "a.yaml#/Name/type"),
            ('{"b": "x"}', "b.yaml#/Name/type"),
            ('{"c": 1}', "#/components/schemas/Name/type"),
        ],
    ),
    "a component that is a file": (
        put("{$ref: '#/components/schemas/V'}") + "components: {schemas: {V: {$ref: value.yaml}}}\n",
        {"value.yaml": TEXT},
        ['"a"'],
        [("1", "value.yaml#/type")],
    ),
    "a file in place of the schemas": (
        put("{$ref: '#/components/schemas/V'}") + "components: {schemas: {$ref: schemas.yaml}}\n",
        {"schemas.yaml": "V: {type: array, items: {$ref: '#/W'}}\nW: {type: string}\n"},
        ['["a"]'],
        [("[1]", "schemas.yaml#/W/type"), ("1", "schemas.yaml#/V/type")],
    ),
    "a file in place of the components": (
        put("{$ref: '#/components/schemas/V'}") + "components: {$ref: components.yaml}\n",
        {"components.yaml": "schemas: {V: {type: string}}\n"},
        ['"a"'],
        [("1", "components.yaml#/schemas/V/type")],
    ),
    "a file in place of the paths": (
        f"{HEAD}paths: {{$ref: paths.yaml}}\n",
        {
            "paths.yaml": "/a:\n  put:\n    requestBody: {content: {application/json: {schema:"
            " {$ref: value.yaml}}}}\n"
            f"    responses: {DONE}\n",
            "value.yaml": TEXT,
        },
        ['"a"'],
        [("1", "value.yaml#/type")],
    ),
    "a file in place of a path": (
        f"{HEAD}paths: {{/a: {{$ref: 'paths/a.yaml'}}}}\n",
        {
            "paths/a.yaml": "put:\n  requestBody: {content: {application/json: {schema:"
            " {$ref: ../value.yaml}}}}\n"
            f"  responses: {DONE}\n",
            "value.yaml": TEXT,
        },
        ['"a"'],
        [("1", "value.yaml#/type")],
    ),
    "a file in place of an operation": (
        f"{HEAD}paths: {{/a: {{put: {{$ref: put.yaml}}}}}}\n",
        {
            "put.yaml": f"responses: {DONE}\n"
            "requestBody: {content: {application/json: {schema: {type: string}}}}\n"
        },
        ['"a"'],
        [("1", "put.yaml#/requestBody/content/application~1json/schema/type")],
    ),
    "a file in place of the content": (
        f"{HEAD}paths:\n  /a:\n"
        f"    put: {{responses: {DONE}, requestBody: {{content: {{$ref: content.yaml}}}}}}\n",
        {"content.yaml": "application/json: {schema: {type: string}}\n"},
        ['"a"'],
        [("1", "content.yaml#/application~1json/schema/type")],
    ),
    "a file in place of the responses": (
        f"{HEAD}paths:\n  /a:\n"
        f"    put: {{requestBody: {{$ref: body.yaml}}, responses: {{$ref: responses.yaml}}}}\n",
        {"body.yaml": "content: {application/json: {schema: {type: string}}}\n", "responses.yaml": DONE},
        ['"a"'],
        [("1", "body.yaml#/content/application~1json/schema/type")],
    ),
    "a name with a space": (
        put("{$ref: 'my value.yaml'}"),
        {"my value.yaml": TEXT},
        ['"a"'],
        [("1", "my value.yaml#/type")],
    ),
    "a name with an encoded space": (
        put("{$ref: 'my%20value.yaml'}"),
        {"my value.yaml": TEXT},
        ['"a"'],
        [("1", "my value.yaml#/type")],
    ),
    "a name with braces": (
        put("{$ref: './{v}.yaml'}"),
        {"{v}.yaml": TEXT},
        ['"a"'],
        [("1", "{v}.yaml#/type")],
    ),
    "a name with a percent sign": (
        put("{$ref: '100%25.yaml'}"),
        {"100%.yaml": TEXT},
        ['"a"'],
        [("1", "100%.yaml#/type")],
    ),
    "a name with a lone percent sign": (
        put("{$ref: '100%.yaml'}"),
        {"100%.yaml": TEXT},
        ['"a"'],
        [("1", "100%.yaml#/type")],
    ),
    "a name that is not ASCII": (
        put("{$ref: wört.yaml}"),
        {"wört.yaml": TEXT},
        ['"a"'],
        [("1", "wört.yaml#/type")],
    ),
    "a file of 3.0": (
        put(VALUE).replace("3.1.0", "3.0.3"),
        {"value.yaml": "type: string\nnullable: true\nminLength: 2\n"},
        ['"ab"', "null"],
        [('"a"', "value.yaml#/minLength")],
    ),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_body_is_judged_by_the_file_that_describes_it(case: str) -> None:
    text, files, valid, invalid = BODIES[case]
    document = loaded(text, files)
    assert document.problems == []
    for value in valid:
        assert document.errors("PUT", "/a", sent=value, status=204) == [], value
    for value, place in invalid:
        errors = document.errors("PUT", "/a", sent=value, status=204)
        assert errors == [f"request-body-matches {place}"], value


PARTS = (
    HEAD
    + """\
paths:
  /a:
    parameters: {$ref: 'parts.yaml#/parameters'}
    get:
      parameters:
        - $ref: 'parts.yaml#/parameter'
      responses:
        '200': {$ref: 'parts.yaml#/response'}
      callbacks:
        on: {$ref: 'parts.yaml#/callback'}
"""
)
FILES: dict[str, str | bytes] = {
    "parts.yaml": """\
    parameters:
      - {name: p, in: query, schema: {type: integer}}
      - {name: q, in: query, schema: {$ref: 'api.yaml#/paths/~1a/get/x-type'}}
    parameter: {name: r, in: header, required: true, schema: {type: boolean}}
    response:
      description: Fine.
      headers: {X-Left: {$ref: '#/header'}}
      content:
        application/json: {schema: {$ref: 'deep/schema.json#/$defs/Item'}}
    header: {schema: {type: integer}}
    callback:
      '{$request.query.url}': {post: {responses: {'200': {description: Fine.}}}}
    """,
    "deep/schema.json": '{"$defs": {"Item": {"type": "array", "items": {"$ref": "#/$defs/Id"}},'
    ' "Id": {"type": "integer"}}}',
}


@pytest.fixture(scope="module")
def parts() -> Loaded:
    return loaded(PARTS + "      x-type: {type: integer}\n", FILES)


@pytest.mark.parametrize(
    ("target", "header", "body", "errors"),
    [
        ("/a?p=1", "true", "[1]", []),
        ("/a?p=x", "true", "[1]", ["request-parameters-match parts.yaml#/parameters/0/schema/type"]),
        ("/a?q=x", "true", "[1]", ["request-parameters-match #/paths/~1a/get/x-type/type"]),
        ("/a", "x", "[1]", ["request-parameters-match parts.yaml#/parameter/schema/type"]),
        ("/a", "true", '["x"]', ["body-matches-schema deep/schema.json#/$defs/Id/type"]),
    ],
)
def test_every_object_may_be_in_another_file(
    parts: Loaded, target: str, header: str, body: str, errors: list[str]
) -> None:
    assert parts.problems == []
    assert parts.errors("GET", target, headers={"r": header}, body=body) == errors


def test_callbacks_and_headers_may_be_in_another_file(parts: Loaded) -> None:
    [operation] = parts.spec.operations
    assert [callback.template for callback in parts.spec.callbacks(operation)] == ["{$request.query.url}"]
    assert parts.errors("GET", "/a", headers={"r": "true"}, body="[1]", response_headers={"x-left": "x"}) == [
        "response-headers-match parts.yaml#/header/schema/type"
    ]


SWAGGER = """\
swagger: '2.0'
info: {title: Files, version: '1'}
consumes: [application/json]
paths:
  /a:
    put:
      parameters:
        - {name: body, in: body, schema: {$ref: 'definitions.yaml#/definitions/Pet'}}
        - $ref: 'definitions.yaml#/parameters/limit'
      responses: {'204': {description: Done.}}
"""


def test_a_document_of_2_0_may_have_several_files() -> None:
    definitions = (
        "parameters: {limit: {name: limit, in: query, type: integer}}\n"
        "definitions:\n  Pet: {type: object, properties: {name: {$ref: '#/definitions/Name'}}}\n"
        "  Name: {type: string, x-nullable: true}\n"
    )
    document = loaded(SWAGGER, {"definitions.yaml": definitions})
    assert document.problems == []
    assert document.errors("PUT", "/a?limit=1", sent='{"name": null}', status=204) == []
    assert document.errors("PUT", "/a?limit=1", sent='{"name": 1}', status=204) == [
        "request-body-matches definitions.yaml#/definitions/Name/type"
    ]
    assert document.errors("PUT", "/a?limit=x", sent="{}", status=204) == [
        "request-parameters-match definitions.yaml#/parameters/limit/type"
    ]


# What is wrong with a file, or with the way to it

WRONG: dict[str, tuple[str, dict[str, str | bytes], tuple[str, str, str]]] = {
    "a missing file": (VALUE, {}, ("", "SCHEMA", "$ref value.yaml leads to a file that does not exist")),
    "a folder": ("{$ref: sub}", {"sub/a.yaml": TEXT}, ("", "SCHEMA", "leads to a file that does not exist")),
    "a pointer to nothing": (
        "{$ref: 'value.yaml#/no'}",
        {"value.yaml": TEXT},
        ("", "SCHEMA", "cannot be resolved"),
    ),
    "a pointer to a string": (
        "{$ref: 'value.yaml#/title'}",
        {"value.yaml": TEXT},
        ("value.yaml", "/title", "must be an object (schema)"),
    ),
    "not YAML": (VALUE, {"value.yaml": "a: [\n"}, ("", "SCHEMA", "value.yaml:2: is neither YAML nor JSON")),
    "not text": (VALUE, {"value.yaml": b"\xff\xfe"}, ("", "SCHEMA", "is not UTF-8")),
    "empty": (VALUE, {"value.yaml": ""}, ("", "SCHEMA", "is empty")),
    "a missing file in a file": (
        VALUE,
        {"value.yaml": "items: {$ref: no.yaml}\n"},
        ("value.yaml", "/items", "leads to a file that does not exist"),
    ),
    "a wrong type in a file": (
        VALUE,
        {"value.yaml": "properties: {a: 1}\n"},
        ("value.yaml", "/properties/a", "must be an object (schema)"),
    ),
    "out of the folder": ("{$ref: ../outside.yaml}", {}, ("", "SCHEMA", "leads out of the folder")),
    "out of the folder and back": (
        "{$ref: 'x/../../outside.yaml'}",
        {},
        ("", "SCHEMA", "leads out of the folder"),
    ),
    "out by encoded dots": ("{$ref: '%2e%2e/outside.yaml'}", {}, ("", "SCHEMA", "leads out of the folder")),
    "an absolute path": ("{$ref: /etc/hostname}", {}, ("", "SCHEMA", "leads out of the folder")),
    "a URL of a file": (
        "{$ref: 'file:///etc/hostname'}",
        {},
        ("", "SCHEMA", "is a URL, and nothing is fetched"),
    ),
    "a host": (
        "{$ref: '//elsewhere.example/a.yaml'}",
        {},
        ("", "SCHEMA", "is a URL, and nothing is fetched"),
    ),
    "a name with a null byte": ('{$ref: "a%00.yaml"}', {}, ("", "SCHEMA", "is not the address of a file")),
    "a name beyond all length": (f"{{$ref: {'a' * 5000}}}", {}, ("", "SCHEMA", "")),
}
SCHEMA = "/paths/~1a/put/requestBody/content/application~1json/schema"


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_had_is_a_problem_and_costs_only_itself(case: str) -> None:
    reference, files, (file, pointer, message) = WRONG[case]
    document = loaded(put(reference), files)
    verdict = document.verdict("PUT", "/a", sent="1", status=204)
    assert [finding.check for finding in verdict.findings] == []
    [problem] = verdict.unusable
    assert [problem.message] == [text for _, _, text in document.problems]
    [(where, place, text)] = document.problems
    assert (where, place) == (file, pointer.replace("SCHEMA", SCHEMA))
    assert message in text
    assert "\n" not in text
    assert len(text) < 500


def test_a_symbolic_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    written(tmp_path, {"outside/secret.yaml": "type: integer\n", "inside/api.yaml": put(VALUE)})
    (tmp_path / "inside" / "value.yaml").symlink_to(tmp_path / "outside" / "secret.yaml")
    [problem] = load(tmp_path / "inside" / "api.yaml").document.problems
    assert "leads out of the folder" in problem.message
    assert load(tmp_path / "inside" / "api.yaml", allow_refs=[tmp_path / "outside"]).document.problems == ()


def test_a_folder_that_is_allowed_may_be_read(tmp_path: Path) -> None:
    written(tmp_path, {"shared/value.yaml": TEXT, "apis/api.yaml": put("{$ref: ../shared/value.yaml}")})
    [problem] = load(tmp_path / "apis" / "api.yaml").document.problems
    assert "--allow-refs DIR" in problem.message
    assert load(tmp_path / "apis" / "api.yaml", allow_refs=[tmp_path / "shared"]).document.problems == ()
    assert load(tmp_path / "apis" / "api.yaml", allow_refs=[tmp_path]).document.problems == ()


def test_a_file_is_named_as_the_user_named_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(
        tmp_path,
        {
            "apis/api.yaml": put("{$ref: sub/no.yaml}"),
            "apis/b.yaml": put("{$ref: sub/v.yaml}"),
            "apis/sub/v.yaml": "items: 1\n",
        },
    )
    monkeypatch.chdir(tmp_path)
    document = load("apis/b.yaml").document
    [problem] = document.problems
    assert document.origin(problem.pointer).file == str(Path("apis", "sub", "v.yaml"))


def test_a_main_document_that_cannot_be_read_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot be read"):
        load(tmp_path / "api.yaml")
