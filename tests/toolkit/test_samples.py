"""Values made of schemas are valid, and differ where they can."""

import json
import re
from typing import Any

import pytest

from support.conforming import document, loaded
from wirecheck.engine import Engine
from wirecheck.samples import Facets, Samples, facets, members
from wirecheck.samples.texts import of_format, of_pattern
from wirecheck.spec import Spec

SCHEMA = "/components/schemas/S"


def spec_with(schema: Any, **others: Any) -> Spec:
    return loaded(json.dumps(document({}, components={"schemas": {"S": schema, **others}})))


def samples_of(spec: Spec) -> Samples:
    return Samples(spec.document, Engine(spec.document).is_valid)


def text(**keywords: Any) -> dict[str, Any]:
    return {"type": "string", **keywords}


def number(kind: str = "integer", **keywords: Any) -> dict[str, Any]:
    return {"type": kind, **keywords}


NODE = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": text(), "next": {"$ref": f"#{SCHEMA}"}},
}
PET = {
    "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
    "discriminator": {"propertyName": "kind", "mapping": {"meow": "#/components/schemas/Cat"}},
}
CAT = {"type": "object", "required": ["kind", "lives"], "properties": {"kind": text(), "lives": number()}}
DOG = {"type": "object", "required": ["kind", "tricks"], "properties": {"kind": text(), "tricks": text()}}

SCHEMAS: dict[str, Any] = {
    "anything": True,
    "a text": text(),
    "a long text": text(minLength=300),
    "a short text": text(maxLength=2),
    "an empty text": text(maxLength=0),
    "a plate": text(pattern="^[A-Z]{1,3}-[0-9]{1,4}$"),
    "a pattern that is not anchored": text(pattern="[0-9]{3}", minLength=10),
    "a pattern with alternatives": text(pattern=r"^(ab|cd)\.(x|y)?[^a-z]$"),
    "a pattern with classes": text(pattern=r"^\w+\s\d\S\D$"),
    "a pattern with a limit of length": text(pattern="^[a-z-]+$", minLength=30, maxLength=31),
    "a named group": text(pattern="^(?<year>[0-9]{4})$"),
    "a number within narrow limits": number("number", exclusiveMinimum=0, exclusiveMaximum=0.25),
    "options with titles": number(oneOf=[{"title": "Sold", "const": 8}, {"title": "Lost", "const": 10}]),
    "a multiple": number(multipleOf=7, minimum=50, maximum=60),
    "cents": number("number", multipleOf=0.01, minimum=0.01),
    "an exclusive limit": number(exclusiveMinimum=9, exclusiveMaximum=11),
    "a negative number": number(maximum=-5),
    "one of two types": {"type": ["integer", "null"], "minimum": 3},
    "an optional of FastAPI": {"anyOf": [number(minimum=1, maximum=2), {"type": "null"}]},
    "an enumeration": {"enum": [None, "a"]},
    "a constant": {"const": {"a": [1]}},
    "a list": {"type": "array", "items": number(), "minItems": 3, "uniqueItems": True},
    "an empty list": {"type": "array", "maxItems": 0, "items": text()},
    "an object": {"type": "object", "required": ["a", "b"], "properties": {"a": text(), "c": number()}},
    "a closed object": {"type": "object", "properties": {"a": text()}, "additionalProperties": False},
    "narrowed by allOf": {"allOf": [number(minimum=1), {"maximum": 1}]},
    "composed": {"allOf": [{"$ref": "#/components/schemas/Cat"}, {"required": ["age"]}]},
    "one of the required members": {
        "type": "object",
        "properties": {"a": text(), "b": text()},
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
    },
    "a tree": NODE,
    "a discriminated union": PET,
    "a constant in an alternative": {"oneOf": [{"type": "integer", "minimum": 5}, {"const": "none"}]},
    "only its second alternative": {
        "oneOf": [{"type": "integer", "minimum": 2, "maximum": 1}, {"enum": ["a", "b"]}]
    },
    "a list of anything": {"type": "array", "minItems": 2},
    "a list of what cannot be made": {"type": "array", "items": number(minimum=2, maximum=1)},
    "an optional member that cannot be made": {
        "type": "object",
        "properties": {"a": number(minimum=2, maximum=1), "b": text()},
    },
    "whole and other numbers": {"allOf": [{"type": "integer"}, {"type": "number", "minimum": 0.5}]},
    "a reference to nothing beside an alternative": {"anyOf": [{"$ref": "#/nowhere"}, text()]},
    "nested": {"type": "object", "required": ["l"], "properties": {"l": {"type": "array", "items": PET}}},
}


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS.keys())
def test_a_valid_value_is_made(schema: Any) -> None:
    spec = spec_with(schema, Cat=CAT, Dog=DOG)
    engine = Engine(spec.document)
    for index in (0, 1, 12, 345):
        for minimal in (False, True):
            value = next(Samples(spec.document, engine.is_valid).values(SCHEMA, index=index, minimal=minimal))
            assert engine.is_valid(SCHEMA, value)


@pytest.mark.parametrize(
    "schema",
    [
        text(),
        text(maxLength=3),
        text(format="uuid"),
        text(format="email"),
        text(format="date-time"),
        text(pattern="^[a-z]{4}$"),
        number(),
        number("number", minimum=0, maximum=10),
        {"enum": ["a", "b", "c"]},
    ],
)
def test_another_index_gives_another_value(schema: Any) -> None:
    samples = samples_of(spec_with(schema))
    assert len({samples.one(SCHEMA, "name", index) for index in (1, 2, 3)}) == 3


def test_examples_come_first_and_read_only_members_are_left_out() -> None:
    schema = {
        "type": "object",
        "properties": {
            "id": number(readOnly=True),
            "title": text(examples=["Faust"]),
            "mail": text(format="email"),
            "note": text(default="-"),
        },
    }
    samples = samples_of(spec_with(schema))
    assert samples.one(SCHEMA) == {"title": "Faust", "mail": "wirecheck0@example.com", "note": "-"}
    assert next(samples.values(SCHEMA, minimal=True)) == {}


def test_a_member_takes_a_value_that_the_server_knows() -> None:
    spec = spec_with({"type": "object", "properties": {"author_id": number(), "title": text()}})

    def known(name: str, _: Facets) -> list[Any]:
        return ["of another type", 17] if name == "author_id" else []

    value = Samples(spec.document, Engine(spec.document).is_valid, known).one(SCHEMA)
    assert value["author_id"] == 17


def test_each_alternative_can_be_made_with_its_discriminator() -> None:
    samples = samples_of(spec_with(PET, Cat=CAT, Dog=DOG))
    first, second = (next(samples.values(SCHEMA, alternative=index)) for index in (0, 1))
    assert first == {"kind": "meow", "lives": 1}
    assert second == {"kind": "Dog", "tricks": "wirecheck"}


@pytest.mark.parametrize(
    "schema", [False, {"type": "string", "pattern": "^(?=a)b$"}, number(minimum=2, maximum=1)]
)
def test_a_schema_that_nothing_is_known_to_fit_is_a_lookup_error(schema: Any) -> None:
    with pytest.raises(LookupError):
        samples_of(spec_with(schema)).one(SCHEMA)


def test_facets_are_those_of_all_parts() -> None:
    base = {"type": ["object", "null"], "properties": {"a": number(minimum=1, maximum=9)}, "required": ["a"]}
    narrowed = {"properties": {"a": {"exclusiveMinimum": 1, "maximum": 12}, "b": text()}, "required": ["b"]}
    spec = spec_with({"allOf": [{"$ref": "#/components/schemas/Base"}, narrowed]}, Base=base)
    found = facets(spec.document, SCHEMA)
    assert (set(found.types), found.nullable, set(found.required)) == ({"object"}, True, {"a", "b"})
    of_a = members(spec.document, SCHEMA)["a"]
    inner = facets(spec.document, *found.properties["a"])
    assert (inner.least, inner.most) == ((1, True), (9, False))
    assert of_a == inner


def test_facets_of_a_union_have_its_alternatives_and_members_those_of_all() -> None:
    spec = spec_with({"oneOf": [*PET["oneOf"], {"type": "null"}]}, Cat=CAT, Dog=DOG)
    found = facets(spec.document, SCHEMA)
    assert found.nullable
    assert [len(branch) for branch in found.branches] == [2]
    assert set(members(spec.document, SCHEMA)) == {"kind", "lives", "tricks"}


@pytest.mark.parametrize("name", ["uuid", "date", "date-time", "time", "email", "uri", "ipv4", "hostname"])
def test_a_text_of_a_format_is_valid(name: str) -> None:
    spec = spec_with(text(format=name))
    assert Engine(spec.document).is_valid(SCHEMA, of_format(name, 3))


@pytest.mark.parametrize(
    "pattern",
    [
        "^a{3,}b?$",
        "x|y",
        r"^[^\W_]+$",
        r"^.{5}$",
        r"^(a)\1$",
        "a++",
        "^[^a][^/]$",
        "^[äö]$",
        "^[α-ω]+[\u00e0]$",
    ],
)
def test_a_text_of_a_pattern_matches_it(pattern: str) -> None:
    assert all(re.search(pattern, made) for made in of_pattern(pattern, 5, 0, None))
    assert list(of_pattern(pattern, 5, 0, None))


@pytest.mark.parametrize("pattern", ["(", "^(?=a)a$", "[^\\s\\S]"])
def test_no_text_is_made_of_a_pattern_that_may_contradict_it(pattern: str) -> None:
    assert list(of_pattern(pattern, 0, 0, None)) == []


def test_stages_and_flags_of_a_new_thing_are_those_at_its_beginning() -> None:
    schema = {
        "type": "object",
        "properties": {
            "orderStatus": {"enum": ["draft", "sent"]},
            "archived": {"type": "boolean"},
            "kind": {"enum": ["a", "b"], "default": "b"},
        },
    }
    samples = samples_of(spec_with(schema))
    assert next(samples.values(SCHEMA, index=1, initial=True)) == {
        "orderStatus": "draft",
        "archived": False,
        "kind": "b",
    }
    assert next(samples.values(SCHEMA, index=1))["orderStatus"] == "sent"


def test_members_that_are_required_at_any_depth_end_somewhere() -> None:
    chain: Any = text()
    for _ in range(9):
        chain = {"type": "object", "required": ["of"], "properties": {"of": chain}}
    with pytest.raises(LookupError):
        samples_of(spec_with(chain)).one(SCHEMA)
    optional = {"type": "object", "properties": {"a": text(), "of": chain}}
    assert samples_of(spec_with(optional)).one(SCHEMA) == {"a": "wirecheck"}


def test_members_of_a_circle_are_found_once() -> None:
    circle = {"oneOf": [{"$ref": f"#{SCHEMA}"}, {"type": "object", "properties": {"a": text()}}, True]}
    assert set(members(spec_with(circle).document, SCHEMA)) == {"a"}
    assert members(spec_with(circle).document, "/components/schemas/Missing") == {}
