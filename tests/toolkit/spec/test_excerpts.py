"""Parts of a document: they have what a schema needs, where the document has it, and are made when needed."""

from functools import partial
from typing import Any

import pytest

from wirecheck.engine import engines
from wirecheck.model import Side
from wirecheck.spec import Document, Spec
from wirecheck.spec.adapted import adapted
from wirecheck.spec.document import Place
from wirecheck.spec.excerpts import Excerpts, compositions

REF = "#/components/schemas/"


def document() -> Document:
    """Ten schemas: A and B refer to each other, and D, in a list of an operation, to C."""
    schemas: dict[str, Any] = {f"S{number}": {"minimum": number} for number in range(6)}
    schemas |= {"A": {"properties": {"b": {"$ref": f"{REF}B"}}}, "B": {"items": {"$ref": f"{REF}A"}}}
    schemas |= {"C": {"type": "string"}, "D": {"example": {"$ref": f"{REF}Missing"}}}
    parameters = [{"name": "d", "in": "query", "schema": {"allOf": [{"$ref": f"{REF}C"}]}}]
    data = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a~b": {"parameters": parameters, "get": {"responses": {}}}},
        "components": {"schemas": schemas},
    }
    return Document("api.yaml", data, Place(1))


class Parts:
    """Excerpts of which every part that is made is recorded."""

    def __init__(self) -> None:
        self.document = document()
        self.made: list[dict[str, Any]] = []
        self.excerpts = Excerpts(self.document, self._adapt, compositions(self.document))

    def _adapt(self, part: Document) -> dict[str, Any]:
        self.made.append(part.data)
        return part.data

    def of(self, *pointers: str) -> dict[str, Any]:
        return self.excerpts.of(pointers)


def names(part: dict[str, Any]) -> set[str]:
    return set(part["components"]["schemas"])


def test_a_part_has_what_a_schema_refers_to_where_the_document_has_it() -> None:
    parts = Parts()
    part = parts.of("/components/schemas/A/properties/b")
    schemas = parts.document.data["components"]["schemas"]
    assert part == {"components": {"schemas": {"A": schemas["A"], "B": schemas["B"]}}}


def test_a_list_is_taken_as_a_whole() -> None:
    part = Parts().of("/paths/~1a~0b/parameters/0/schema")
    assert list(part["paths"]["/a~b"]) == ["parameters"]
    assert names(part) == {"C"}


def test_a_part_is_made_once() -> None:
    parts = Parts()
    first = parts.of("/components/schemas/A")
    assert parts.of("/components/schemas/B/items") is first
    assert parts.of("/components/schemas/C") is not first
    assert parts.of("/components/schemas/A/properties/b") is first
    assert len(parts.made) == 2


def test_several_schemas_are_in_one_part() -> None:
    assert names(Parts().of("/components/schemas/A", "/components/schemas/S0")) == {"A", "B", "S0"}


def test_after_half_of_the_document_a_part_is_the_whole() -> None:
    parts = Parts()
    for number in range(6):
        assert names(parts.of(f"/components/schemas/S{number}")) == {f"S{number}"}
    assert parts.of("/components/schemas/A") is parts.document.data
    assert parts.of("/components/schemas/C") is parts.document.data


@pytest.mark.parametrize("pointer", ["", "/nowhere/at/all"])
def test_what_is_no_entry_is_in_the_whole(pointer: str) -> None:
    parts = Parts()
    assert parts.of(pointer) is parts.document.data


def test_a_reference_that_leads_nowhere_takes_what_is_around_its_goal() -> None:
    assert names(Parts().of("/components/schemas/D")) >= {"A", "D", "S0"}


def names_and_values(data: dict[str, Any]) -> dict[str, Any]:
    return {**data["components"]["schemas"], **data.get("paths", {})}


def composed() -> Spec:
    """A requires a member that is read-only where A is part of B, of a response, and of an alias of A."""
    schemas = {f"S{number}": {"type": "string"} for number in range(30)}
    marked = {"properties": {"id": {"readOnly": True}}}
    components: dict[str, Any] = schemas | {
        "A": {"required": ["id"]},
        "Alias": {"$ref": f"{REF}A"},
        "B": {"allOf": [{"$ref": f"{REF}Alias"}, marked]},
        "C": {"required": ["id"]},
        "D": {"$ref": f"{REF}C", **marked},
        "E": {"required": ["id"]},
    }
    media_type = {"schema": {"items": {"allOf": [marked, {"allOf": [{"$ref": f"{REF}E"}]}]}}}
    response = {"description": "R.", "content": {"application/json": media_type}}
    data = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": response}}}},
        "components": {"schemas": components},
    }
    return Spec(Document("api.yaml", data, Place(1)))


@pytest.mark.parametrize("name", ["A", "Alias", "B", "C", "D", "E"])
def test_what_a_member_need_not_have_does_not_depend_on_what_was_checked_before(name: str) -> None:
    spec = composed()
    part = Excerpts(spec.document, lambda part: part.data, compositions(spec.document))
    assert len(names(part.of([f"/components/schemas/{name}"]))) < 7
    made = engines(spec)
    assert made[Side.REQUEST].is_valid(f"/components/schemas/{name}", {})
    assert not made[Side.RESPONSE].is_valid(f"/components/schemas/{name}", {})


@pytest.mark.parametrize("side", Side)
def test_a_part_is_adapted_as_it_is_in_the_whole(side: Side) -> None:
    spec = composed()
    whole = names_and_values(adapted(spec.document, side))
    for name in ("A", "Alias", "B", "C", "D", "E", "S0"):
        excerpts = Excerpts(spec.document, partial(adapted, side=side), compositions(spec.document))
        part = names_and_values(excerpts.of([f"/components/schemas/{name}"]))
        assert name in part
        assert part == {key: whole[key] for key in part}


def test_nothing_is_adapted_before_a_value_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    sides: list[Side] = []

    def adapt(part: Document, side: Side) -> dict[str, Any]:
        sides.append(side)
        return part.data

    monkeypatch.setattr("wirecheck.engine.adapted", adapt)
    made = engines(Spec(document()))
    assert sides == []
    assert not made[Side.RESPONSE].is_valid("/components/schemas/S3", 2)
    assert sides == [Side.RESPONSE]
