"""jsonschema as an oracle: Python's reference implementation has to agree with the engine on every schema."""

import copy
import json
from collections.abc import Iterable, Iterator
from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from wirecheck.engine import Engine
from wirecheck.spec import Spec, join

Json = Any

_URI = "urn:document"
_DIGITS = st.text("0123456789_", max_size=12)
_ANYTHING: st.SearchStrategy[Json] = (
    st.none() | st.booleans() | st.integers() | st.floats(-1e3, 1e3) | _DIGITS | st.just([]) | st.just({})
)


def body_schemas(spec: Spec) -> Iterator[tuple[str, list[Json]]]:
    """The pointer of every schema of a component or of a body, and the examples of the schema."""
    for name, schema in spec.document.data["components"]["schemas"].items():
        invalid = [value for values in schema.get("x-invalid-examples", {}).values() for value in values]
        yield join("/components/schemas", name), [*schema.get("examples", []), *invalid]
    for operation in spec.operations:
        contents = [response.content for response in operation.responses]
        contents += [operation.request_body.content] if operation.request_body else []
        for media_type in (media_type for content in contents for media_type in content):
            if media_type.schema is not None:
                value = spec.document.get(media_type.pointer)
                examples = [each["value"] for each in value.get("examples", {}).values() if "value" in each]
                yield media_type.schema, [*([value["example"]] if "example" in value else []), *examples]


class Oracle:
    """Compares the engine with jsonschema over the schemas of a document."""

    def __init__(self, spec: Spec) -> None:
        self._document = spec.document
        self._engine = Engine(spec.document)
        self._examples = dict(body_schemas(spec))
        resource = DRAFT202012.create_resource(spec.document.data)
        self._registry: Registry[Json] = Registry().with_resource(_URI, resource)

    @property
    def pointers(self) -> list[str]:
        """The pointers of the schemas."""
        return list(self._examples)

    def compare(self, pointer: str, examples: int = 25) -> set[bool]:
        """Asserts that both agree on so many values; returns whether these were valid, invalid, or both."""
        validator = jsonschema.Draft202012Validator({"$ref": f"{_URI}#{pointer}"}, registry=self._registry)
        verdicts: set[bool] = set()

        @settings(max_examples=examples, derandomize=True, database=None, deadline=None)
        @given(value=self._values(pointer))
        def agree(value: Json) -> None:
            valid = validator.is_valid(value)
            self._assert_agreement(pointer, value, valid)
            verdicts.add(valid)

        agree()
        return verdicts

    def _assert_agreement(self, pointer: str, value: Json, valid: bool) -> None:
        violations = self._engine.violations(pointer, value, _show)
        without_formats = [violation for violation in violations if violation.keyword != "format"]
        assert (not without_formats) is valid, (value, violations)
        assert self._engine.is_valid(pointer, value) is (not violations)
        for violation in violations:
            assert self._document.get(violation.spec_pointer) is not None
            assert violation.rule is None or "x-rule" in self._document.get(violation.rule)
            assert violation.problem

    def _values(self, pointer: str) -> st.SearchStrategy[Json]:
        """Values that more or less fit a schema, or its examples, with up to two changes."""

        @st.composite
        def values(draw: st.DrawFn) -> Json:
            documented: bool = draw(st.booleans())
            value: Json = self._drawn(draw, {"$ref": f"#{pointer}"})
            if self._examples[pointer] and documented:
                value = draw(st.sampled_from(self._examples[pointer]))
            for _ in range(draw(st.integers(0, 2))):
                value = _changed(draw, value)
            return value

        return values()

    def _drawn(self, draw: st.DrawFn, schema: Json) -> Json:
        """A value that more or less fits a schema.

        hypothesis-jsonschema 0.23.1 cannot draw an object with the present hypothesis.
        """
        if not isinstance(schema, dict):
            return draw(_ANYTHING)
        if "$ref" in schema:
            value = self._drawn(draw, self._document.get(schema["$ref"].removeprefix("#")))
            beside = self._drawn_object(draw, schema) if isinstance(value, dict) else {}
            return {**value, **beside} if beside else value
        if "const" in schema or "enum" in schema:
            return draw(st.sampled_from(schema.get("enum") or [schema["const"]]))
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema and "properties" not in schema:
                return self._drawn(draw, draw(st.sampled_from(schema[keyword])))
        types = schema.get("type", [])
        return self._drawn_type(draw, schema, draw(st.sampled_from(types)) if _is_list(types) else types)

    def _drawn_type(self, draw: st.DrawFn, schema: dict[str, Json], type_: Json) -> Json:
        low, high = schema.get("minimum", -(10**6)), schema.get("maximum", 10**12)
        match type_:
            case "object":
                return self._drawn_object(draw, schema)
            case "array":
                size = draw(st.integers(schema.get("minItems", 0), 2))
                return [self._drawn(draw, schema.get("items", True)) for _ in range(size)]
            case "string":
                texts = st.text(max_size=8) if "not" not in schema else _DIGITS
                urls = st.sampled_from(["https://h/a", "x"]) if "format" in schema else texts
                return draw(st.sampled_from(schema.get("examples") or ["1"]) | texts | urls)
            case "integer":
                return draw(st.integers(int(low), int(high)) | st.sampled_from([low, high]))
            case "number":
                return draw(st.floats(low, high) | st.sampled_from([low, high]))
            case "boolean":
                return draw(st.booleans())
            case "null":
                return None
            case _:
                return draw(_ANYTHING)

    def _drawn_object(self, draw: st.DrawFn, schema: dict[str, Json]) -> dict[str, Json]:
        value: dict[str, Json] = {}
        for part in schema.get("allOf", []):
            value |= self._drawn(draw, part)
        complete: bool = draw(st.booleans())
        for name, member in schema.get("properties", {}).items():
            required = name in schema.get("required", []) or "const" in str(member)
            if required or draw(st.booleans()) or complete:
                value[name] = self._drawn(draw, member)
        for name, dependents in schema.get("dependentRequired", {}).items():
            if name in value:
                for dependent in dependents:
                    if dependent not in value:
                        value[dependent] = self._drawn(draw, schema["properties"][dependent])
        return value


def _is_list(types: Json) -> bool:
    return isinstance(types, list) and bool(types)


def _show(value: Json, path: Iterable[str | int]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _places(value: Json) -> list[tuple[Json, Json]]:
    """Every object and array in a value with each of its keys."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    places = []
    for key, inner in entries:
        places += [(value, key), *_places(inner)]
    return places


def _changed(draw: st.DrawFn, value: Json) -> Json:
    """The value with one part of it changed."""
    root = [copy.deepcopy(value)]
    places: list[Any] = [(root, 0), *_places(root[0])]
    owner, key = draw(st.sampled_from(places))
    old = owner[key]
    match draw(st.sampled_from(["drop", "null", "type", "change"])):
        case "drop" if owner is not root:
            del owner[key]
        case "null":
            owner[key] = None
        case "type":
            owner[key] = draw(_ANYTHING)
        case _ if isinstance(old, str):
            owner[key] = draw(
                st.sampled_from([old * 40 + "x" * 300, "", old.upper(), f"{old}a", f"#{old} " * 6])
            )
        case _ if isinstance(old, int | float):
            owner[key] = draw(st.sampled_from([-old, old + 0.5, float(old), old * 1000, str(old)]))
        case _ if isinstance(old, dict):
            owner[key] = [old]
        case _:
            owner[key] = {"0": old}
    return root[0]
