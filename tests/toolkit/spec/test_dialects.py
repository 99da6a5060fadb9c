"""Schemas that name themselves, and schemas of older drafts, mean what their dialect says."""

from textwrap import indent

import pytest

from support.foreign import loaded

HEAD = """\
openapi: 3.1.0
info: {title: Values, version: '1'}
%s
paths:
  /value:
    put:
      operationId: putValue
      requestBody:
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Value'
      responses: {'204': {description: Done.}}
components:
  schemas:
    Text: {type: string}
"""
VALUE = "/components/schemas/Value"
DRAFT_04 = "$schema: http://json-schema.org/draft-04/schema#\n"
DRAFT_07 = "$schema: 'http://json-schema.org/draft-07/schema#'\n"
TREE = """\
Tree:
  $id: https://api.test/tree
  $dynamicAnchor: node
  type: object
  properties:
    data: true
    children: {type: array, items: {$dynamicRef: '#node'}}
"""

# Schemas, of which Value is judged; the values that it allows, and those that it does not with the place.
SCHEMAS: dict[str, tuple[str, list[str], list[tuple[str, str]]]] = {
    "true": ("Value: true", ["1", "null"], []),
    "false": ("Value: false", [], [("1", VALUE)]),
    "a boolean within": (
        "Value: {properties: {a: false, b: true}}",
        ['{"b": 1}'],
        [('{"a": 1}', f"{VALUE}/properties/a")],
    ),
    "an anchor": (
        "Value: {properties: {a: {$ref: '#text'}}}\nOther: {$anchor: text, type: string}",
        ['{"a": "b"}'],
        [('{"a": 1}', "/components/schemas/Other/type")],
    ),
    "an anchor within the schema": (
        "Value: {properties: {a: {$ref: '#text'}}, $defs: {text: {$anchor: text, type: string}}}",
        ['{"a": "b"}'],
        [('{"a": 1}', f"{VALUE}/$defs/text/type")],
    ),
    "an id": (
        "Value: {properties: {a: {$ref: 'https://api.test/text'}}}\n"
        "Other: {$id: 'https://api.test/text', type: string}",
        ['{"a": "b"}'],
        [('{"a": 1}', "/components/schemas/Other/type")],
    ),
    "an id relative to another": (
        "Value: {$id: 'https://api.test/value', properties: {a: {$ref: text}}}\n"
        "Other: {$id: 'https://api.test/text', type: string}",
        ['{"a": "b"}'],
        [('{"a": 1}', "/components/schemas/Other/type")],
    ),
    "a pointer within an id": (
        "Value: {$id: 'https://api.test/value', properties: {a: {$ref: '#/$defs/text'}},"
        " $defs: {text: {type: string}}}",
        ['{"a": "b"}'],
        [('{"a": 1}', f"{VALUE}/$defs/text/type")],
    ),
    "a pointer from the root within an id": (
        "Value: {$id: 'https://api.test/value', properties: {a: {$ref: '#/components/schemas/Text'}}}",
        ['{"a": "b"}'],
        [('{"a": 1}', "/components/schemas/Text/type")],
    ),
    "a pointer into an id": (
        "Value: {properties: {a: {$ref: 'https://api.test/o#/$defs/text'}}}\n"
        "Other: {$id: 'https://api.test/o', $defs: {text: {type: string}}}",
        ['{"a": "b"}'],
        [('{"a": 1}', "/components/schemas/Other/$defs/text/type")],
    ),
    "an anchor in an id": (
        "Value: {properties: {a: {$ref: 'https://api.test/o#text'}}}\n"
        "Other: {$id: 'https://api.test/o', $defs: {a: {$anchor: text, type: string}}}",
        ['{"a": "b"}'],
        [('{"a": 1}', "/components/schemas/Other/$defs/a/type")],
    ),
    "a property called $id": (
        "Value: {properties: {$id: {type: string}, $anchor: {type: string}, $schema: {type: string}}}",
        ['{"$id": "a"}'],
        [('{"$id": 1}', f"{VALUE}/properties/$id/type")],
    ),
    "a dynamic reference to its own": (
        TREE + "Value: {$ref: '#/components/schemas/Tree'}",
        ['{"children": [{"data": 1, "other": 2}]}'],
        [('{"children": [1]}', "/components/schemas/Tree/type")],
    ),
    "a dynamic reference that is extended": (
        TREE + "Value:\n  $id: https://api.test/value\n  $dynamicAnchor: node\n  $ref: tree\n"
        "  unevaluatedProperties: false",
        ['{"children": [{"data": 1}]}'],
        [('{"children": [], "daat": 1}', f"{VALUE}/unevaluatedProperties")],
    ),
    "a dynamic reference that only others extend": (
        TREE + "Value: {$ref: '#/components/schemas/Tree'}\n"
        "Strict:\n  $id: https://api.test/strict\n  $dynamicAnchor: node\n  $ref: tree\n"
        "  unevaluatedProperties: false",
        ['{"children": [{"daat": 1}]}'],
        [('{"children": 1}', "/components/schemas/Tree/properties/children/type")],
    ),
    "a generic list": (
        "List:\n  $id: https://api.test/list\n  type: array\n  items: {$dynamicRef: '#item'}\n"
        "  $defs: {item: {$dynamicAnchor: item, not: {}}}\n"
        "Value:\n  $id: https://api.test/value\n  $ref: list\n"
        "  $defs: {item: {$dynamicAnchor: item, type: string}}",
        ['["a"]'],
        [("1", "/components/schemas/List/type")],
    ),
    "two generic lists": (
        "List:\n  $id: https://api.test/list\n  type: array\n  items: {$dynamicRef: '#item'}\n"
        "  $defs: {item: {$dynamicAnchor: item, not: {}}}\n"
        "Numbers:\n  $id: https://api.test/numbers\n  $ref: list\n"
        "  $defs: {item: {$dynamicAnchor: item, type: number}}\n"
        "Value:\n  properties:\n    n: {$ref: '#/components/schemas/Numbers'}\n"
        "    s:\n      $id: https://api.test/strings\n      $ref: list\n"
        "      $defs: {item: {$dynamicAnchor: item, type: string}}",
        ['{"n": [1], "s": ["a"]}'],
        [('{"n": 1}', "/components/schemas/List/type"), ('{"s": 1}', "/components/schemas/List/type")],
    ),
    "draft-04": (
        "Value:\n" + indent(DRAFT_04 + "type: number\nminimum: 1\nexclusiveMinimum: true", "  "),
        ["2"],
        [("1", f"{VALUE}/minimum")],
    ),
    "draft-04 with an id": (
        "Value:\n"
        + indent(
            DRAFT_04 + "id: 'https://api.test/v#'\nproperties: {id: {type: string}, a: {$ref: '#/d/a'}}\n"
            "d: {a: {type: string}}",
            "  ",
        ),
        ['{"id": "a", "a": "b"}'],
        [('{"id": 1}', f"{VALUE}/properties/id/type"), ('{"a": 1}', f"{VALUE}/d/a/type")],
    ),
    "draft-07": (
        "Value:\n"
        + indent(
            DRAFT_07
            + "items: [{type: string}]\nadditionalItems: false\ndependencies: {a: [b], c: {required: [d]}}",
            "  ",
        ),
        ['["a"]', '{"a": 1, "b": 1}', '{"c": 1, "d": 1}'],
        [
            ("[1]", f"{VALUE}/items/0/type"),
            ('["a", 2]', f"{VALUE}/additionalItems"),
            ('{"a": 1}', f"{VALUE}/dependencies/a/0"),
            ('{"c": 1}', f"{VALUE}/dependencies/c/required/0"),
        ],
    ),
    "draft-07 with members beside a reference": (
        "Value:\n"
        + indent(
            DRAFT_07 + "$id: 'https://api.test/v'\nproperties: {a: {$ref: '#/definitions/b', maxLength: 1}}\n"
            "definitions: {b: {type: string}}",
            "  ",
        ),
        ['{"a": "bb"}'],
        [('{"a": 1}', f"{VALUE}/definitions/b/type")],
    ),
    "an anchor of draft-07": (
        "Value:\n"
        + indent(
            DRAFT_07 + "properties: {a: {$ref: '#b'}}\ndefinitions: {b: {$id: '#b', type: string}}", "  "
        ),
        ['{"a": "bb"}'],
        [('{"a": 1}', f"{VALUE}/definitions/b/type")],
    ),
    "a recursive reference of 2019-09": (
        "Value:\n  $schema: https://json-schema.org/draft/2019-09/schema\n  $id: https://api.test/v\n"
        "  $recursiveAnchor: true\n  type: object\n  additionalProperties: {$recursiveRef: '#'}",
        ['{"a": {}}'],
        [('{"a": 1}', f"{VALUE}/type")],
    ),
    "a dialect that is not known": (
        "Value: {$schema: 'https://elsewhere.example/dialect', type: string}",
        ['"a"'],
        [("1", f"{VALUE}/type")],
    ),
}


@pytest.mark.parametrize("case", SCHEMAS)
def test_a_schema_means_what_its_dialect_says(case: str) -> None:
    text, valid, invalid = SCHEMAS[case]
    document = loaded(HEAD % "" + indent(text, "    ") + "\n")
    assert document.problems == []
    for value in valid:
        assert document.errors("PUT", "/value", sent=value, status=204) == [], value
    for value, place in invalid:
        errors = document.errors("PUT", "/value", sent=value, status=204)
        assert errors == [f"request-body-matches #{place}"], value


def test_the_dialect_of_a_document_is_that_of_its_schemas() -> None:
    dialect = "jsonSchemaDialect: http://json-schema.org/draft-07/schema#"
    document = loaded(HEAD % dialect + "    Value: {items: [{type: string}]}\n")
    assert document.errors("PUT", "/value", sent='["a", 1]', status=204) == []
    assert document.errors("PUT", "/value", sent="[1]", status=204) == [
        f"request-body-matches #{VALUE}/items/0/type"
    ]


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("{$ref: '#nowhere'}", "$ref #nowhere cannot be resolved"),
        ("{$dynamicRef: '#nowhere'}", "$dynamicRef #nowhere cannot be resolved"),
        ("{$ref: 'https://api.test/nowhere'}", "is a URL, and nothing is fetched"),
        ("{$id: 'https://api.test/v', $ref: nowhere}", "leads to a file that does not exist"),
        ("{$id: 'https://api.test/v', $ref: '#/nowhere'}", "cannot be resolved"),
    ],
)
def test_a_name_that_is_not_known_is_a_problem(schema: str, message: str) -> None:
    document = loaded(HEAD % "" + f"    Value: {schema}\n")
    verdict = document.verdict("PUT", "/value", sent="1", status=204)
    [problem] = verdict.unusable
    assert problem.pointer.startswith(VALUE)
    assert message in problem.message
    assert verdict.findings == ()
