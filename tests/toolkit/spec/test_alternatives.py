"""Which alternative a value names."""

from typing import Any

import pytest

from wirecheck.spec.alternatives import Choice, Mismatch, family, meant
from wirecheck.spec.document import Document, Place

CAT = {"type": "object", "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}}
DOG = {"type": "object", "properties": {"kind": {"enum": ["dog", "wolf"]}}}
REFS = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
LOST = {"$ref": "#/components/schemas/Lost"}


def document(*alternatives: Any, **beside: Any) -> Document:
    schemas = {"Cat": CAT, "Dog": DOG, "Circle": {"allOf": [{"$ref": "#/components/schemas/Circle"}]}}
    data = {"s": {"oneOf": list(alternatives), **beside}, "components": {"schemas": schemas}}
    return Document("api.json", data, Place(1))


def by(mapping: Any = None, **more: Any) -> dict[str, Any]:
    return {"discriminator": {"propertyName": "kind", "mapping": mapping, **more}}


WRONG = Mismatch("kind", ("Cat", "Dog"), "/s/discriminator/propertyName")


@pytest.mark.parametrize(
    ("of", "value", "expected"),
    [
        (document(*REFS, **by()), {"kind": "Dog"}, Choice(1, "Dog")),
        (document(*REFS, **by()), {"kind": "dog"}, WRONG),
        (document(*REFS, **by()), {"kind": ["Dog"]}, WRONG),
        (document(*REFS, **by()), {}, WRONG),
        (document(*REFS, **by({"d": "Dog"})), {"kind": "d"}, Choice(1, "d")),
        (document(*REFS, **by({"d": "#/components/schemas/Dog"})), {"kind": "Cat"}, Choice(0, "Cat")),
        (document(*REFS, **by({"x": 7, "y": "Lost", "z": "Circle"})), {"kind": "x"}, WRONG),
        (document(*REFS, **by(defaultMapping="Dog")), {"kind": "x"}, Choice(1, "default")),
        (document(*REFS, **by(defaultMapping="Lost")), {"kind": "x"}, WRONG),
        (
            document(LOST, REFS[0], **by()),
            {"kind": "x"},
            Mismatch("kind", ("Lost", "Cat"), WRONG.spec_pointer),
        ),
        (document(LOST, REFS[0], **by({"x": "Gone"})), {"kind": "Cat"}, Choice(1, "Cat")),
        (document(CAT, DOG, **by()), {"kind": "cat"}, None),
    ],
)
def test_a_discriminator_names_an_alternative(of: Document, value: Any, expected: Any) -> None:
    assert meant(of, "/s/oneOf", value) == expected


OTHERS = [{"type": "object", "properties": {"kind": {"const": {"a": 1}}}}, DOG]


@pytest.mark.parametrize(
    ("of", "value", "expected"),
    [
        (document(*REFS), {"kind": "wolf"}, Choice(1, "wolf")),
        (document(*REFS), {"kind": "cow"}, Mismatch("kind", ("cat", "dog", "wolf"), "/s/oneOf")),
        (document(*REFS), {"lives": 9}, None),
        (document(*REFS, {"type": "object"}), {"kind": "cow"}, None),
        (document(*REFS, {"type": "null"}), {"kind": "cat"}, Choice(0, "cat")),
        (document(CAT, CAT), {"kind": "cat"}, None),
        (document(*OTHERS), {"kind": "cow"}, None),
        (document(LOST, *REFS), {"kind": "cow"}, None),
        (document(*REFS), ["cat"], None),
    ],
)
def test_a_fixed_member_names_an_alternative(of: Document, value: Any, expected: Any) -> None:
    assert meant(of, "/s/oneOf", value) == expected


def test_the_family_of_a_schema_is_what_applies_with_it() -> None:
    of = document({"allOf": [REFS[0], LOST, True]}, {"allOf": 7})
    assert family(of, "/s/oneOf/0") == [
        "/s/oneOf/0",
        "/s/oneOf/0/allOf/1",
        "/s/oneOf/0/allOf/0",
        "/components/schemas/Cat",
    ]
    assert family(of, "/s/oneOf/1") == ["/s/oneOf/1"]
    circle = "/components/schemas/Circle"
    assert family(of, circle) == [circle, f"{circle}/allOf/0"]
