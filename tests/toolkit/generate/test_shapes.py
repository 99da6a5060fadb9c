"""What schemas are in a client: models, unions, lists and scalars, as narrow as the document says."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.built import Built, built, of_schemas

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
MOMENT = {"type": "string", "format": "date-time"}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def obj(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


def items(schema: Any) -> dict[str, Any]:
    return {"type": "array", "items": schema}


SCHEMAS: dict[str, Any] = {
    # Narrowed by allOf
    "Trip": obj("id", id=TEXT, price=NUMBER),
    "Wrapper": obj("data", data=items({}), next=TEXT),
    "Trips": {"allOf": [ref("Wrapper"), {"properties": {"data": {"items": ref("Trip")}}}]},
    "Numbers": {"allOf": [ref("Wrapper"), {"properties": {"data": items(NUMBER)}}]},
    "Measure": obj(value={"type": "number"}, kind=TEXT, note={"type": ["string", "null"]}),
    "Count": {"allOf": [ref("Measure"), {"properties": {"value": NUMBER}}]},
    "Weight": {"allOf": [ref("Measure"), {"properties": {"kind": {"const": "weight"}}}]},
    "Noted": {"allOf": [ref("Measure"), {"required": ["note"], "properties": {"note": TEXT}}]},
    "Short": {"allOf": [ref("Trip"), {"properties": {"id": {"maxLength": 3}}}]},
    # Unions
    "Cat": obj("kind", "claws", kind={"const": "cat"}, claws=NUMBER),
    "Dog": obj("kind", "bark", kind={"enum": ["dog", "wolf"]}, bark=TEXT),
    "Pet": {"oneOf": [ref("Cat"), ref("Dog")]},
    "Car": obj("type", type=TEXT, doors=NUMBER),
    "Bike": obj("type", type=TEXT, gears=NUMBER),
    "Mapped": {
        "oneOf": [ref("Car"), ref("Bike")],
        "discriminator": {
            "propertyName": "type",
            "mapping": {
                "car": "#/components/schemas/Car",
                "velo": "Bike",
                "bike": "#/components/schemas/Bike",
            },
        },
    },
    "Named": {"anyOf": [ref("Car"), ref("Bike")], "discriminator": {"propertyName": "type"}},
    "Based": {**obj("id", id=TEXT), "oneOf": [obj("a", a=NUMBER), obj("b", b=NUMBER)]},
    "Event": {
        **obj("type", type=TEXT, at=MOMENT),
        "discriminator": {"propertyName": "type", "mapping": {"made": "#/components/schemas/Made"}},
    },
    "Made": {"allOf": [ref("Event"), obj(by=TEXT)]},
    "Gone": {"allOf": [ref("Event"), obj(why=TEXT)]},
    "Log": obj(last=ref("Event"), all=items(ref("Event"))),
    # Recursive
    "Node": obj(
        "value",
        value=NUMBER,
        left=ref("Node"),
        right={"oneOf": [ref("Node"), {"type": "null"}]},
        children=items(ref("Node")),
        named={"type": "object", "additionalProperties": ref("Node")},
    ),
    "Nested": items(ref("Nested")),
    "Json": {
        "oneOf": [
            {"type": ["string", "number", "boolean", "null"]},
            items(ref("Json")),
            {"type": "object", "additionalProperties": ref("Json")},
        ]
    },
    "Term": {"oneOf": [ref("Sum"), ref("Leaf")]},
    "Sum": obj("op", "terms", op={"const": "sum"}, terms=items(ref("Term"))),
    "Leaf": obj("op", "n", op={"const": "leaf"}, n=NUMBER),
    "Either": {"oneOf": [ref("Given"), TEXT]},  # names what comes after it
    "Given": {"oneOf": [ref("Cat"), NUMBER]},
    "Branch": {"oneOf": [ref("Fork"), ref("Path")]},  # leads to a model, from there to a union, and back
    "Fork": obj("way", way=ref("Path")),
    "Path": {"oneOf": [ref("Branch"), NUMBER]},
    "Own": {"oneOf": [ref("Own"), TEXT]},
    "Owned": {"oneOf": [items(ref("Owned")), ref("Owned"), NUMBER]},
    "Holder": obj(own=ref("Own"), owned=ref("Owned"), some=ref("Some"), priced=ref("Priced")),
    "Some": {  # not all of it are objects, nor is all of its mapping there
        "oneOf": [ref("Cat"), ref("Price")],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat", "p": "Price", "gone": "Lost"}},
    },
    "Price": NUMBER,
    "Priced": {**obj("id", id=TEXT), "oneOf": [NUMBER, obj("b", b=NUMBER)]},
    "Loop": ref("LoopBack"),
    "LoopBack": ref("Loop"),
    # Scalars
    "Enums": obj(
        texts={"enum": ["a", "b"]},
        numbers={"type": "integer", "enum": [1, 2]},
        floats={"enum": [1.5, 2]},
        flag={"type": "boolean", "enum": [True]},
        nothing={"enum": [None]},
        mixed={"enum": ["a", 1, None, True]},
        const={"const": "x"},
        objects={"enum": [{"a": 1}, [1]]},
        nullable={"type": ["string", "null"], "enum": ["a", None]},
    ),
    "Kinds": obj(
        *("text", "several", "yes", "never", "free", "anything", "patterns", "both", "list", "tuple"),
        *("moment", "day", "uuid", "octets", "nullable", "trips", "matrix", "null"),
        text=TEXT,
        several={"type": ["string", "integer", "null"]},
        yes=True,
        never=False,
        free={"type": "object"},
        anything={},
        patterns={"type": "object", "patternProperties": {"^x": NUMBER}},
        both={"type": "object", "patternProperties": {"^x": NUMBER}, "additionalProperties": TEXT},
        list={"type": "array"},
        tuple={"type": "array", "prefixItems": [TEXT, NUMBER]},
        moment=MOMENT,
        day={"type": "string", "format": "date"},
        uuid={"type": "string", "format": "uuid"},
        octets={"type": "string", "format": "byte"},
        nullable={"anyOf": [{"type": "null"}, NUMBER]},
        trips={"type": "object", "additionalProperties": ref("Trip")},
        matrix=items(items(ref("Trip"))),
        null={"type": "null"},
    ),
    # By direction
    "Account": obj(
        *("id", "secret", "name"),
        id={**TEXT, "readOnly": True},
        secret={**TEXT, "writeOnly": True},
        name=TEXT,
        card=obj("last", "number", last={**TEXT, "readOnly": True}, number={**TEXT, "writeOnly": True}),
    ),
    # Without names
    "Person": obj(
        address=obj(street=TEXT, place=obj(lat={"type": "number"})),
        phones=items(obj(no=TEXT)),
        by_key={"type": "object", "additionalProperties": obj(v=TEXT)},
        choice={"oneOf": [obj("a", a=TEXT), obj("b", b=TEXT)]},
        color={"enum": ["red", "blue"]},
    ),
    "PersonAddress": obj(other=TEXT),
}

TYPES: dict[tuple[str, str], str] = {
    ("Trips", "data"): "list[Trip]",
    ("Trips", "next"): "str | None",
    ("Numbers", "data"): "list[int]",
    ("Wrapper", "data"): "list[Any]",
    ("Count", "value"): "int | None",
    ("Weight", "kind"): 'Literal["weight"] | None',
    ("Noted", "note"): "str",
    ("Measure", "value"): "float | None",
    ("Log", "all"): (
        'list[Annotated[Made | Gone | Event, Discriminator("type", {"made": "Made", "Gone": "Gone"})]] | None'
    ),
    ("Node", "left"): "Node | None",
    ("Node", "right"): "Node | None",
    ("Node", "children"): "list[Node] | None",
    ("Node", "named"): "dict[str, Node] | None",
    ("Sum", "terms"): "list[Term]",
    ("Enums", "texts"): "EnumsTexts | None",
    ("Enums", "floats"): "float | None",
    ("Enums", "flag"): "Literal[True] | None",
    ("Enums", "nothing"): "None",
    ("Enums", "mixed"): "EnumsMixed | None",
    ("Enums", "const"): 'Literal["x"] | None',
    ("Enums", "objects"): "dict[str, Any] | list[Any] | None",
    ("Enums", "nullable"): 'Literal["a"] | None',
    ("Kinds", "text"): "str",
    ("Kinds", "several"): "int | str | None",
    ("Kinds", "yes"): "Any",
    ("Kinds", "never"): "Any",
    ("Kinds", "free"): "dict[str, Any]",
    ("Kinds", "anything"): "Any",
    ("Kinds", "patterns"): "dict[str, int]",
    ("Kinds", "both"): "dict[str, str | int]",
    ("Kinds", "list_"): "list[Any]",
    ("Kinds", "tuple"): "list[Any]",
    ("Kinds", "moment"): "datetime.datetime",
    ("Kinds", "day"): "datetime.date",
    ("Kinds", "uuid"): "UUID",
    ("Kinds", "octets"): "str",
    ("Kinds", "nullable"): "int | None",
    ("Kinds", "trips"): "dict[str, Trip]",
    ("Kinds", "matrix"): "list[list[Trip]]",
    ("Kinds", "null"): "None",
    ("Holder", "own"): "str | None",
    ("Holder", "owned"): "Owned | None",
    ("Holder", "some"): "Some | None",
    ("Person", "address"): "PersonAddress2 | None",
    ("Person", "phones"): "list[PersonPhone] | None",
    ("Person", "by_key"): "dict[str, PersonByKeyValue] | None",
    ("Person", "choice"): "PersonChoice | None",
    ("Person", "color"): "PersonColor | None",
    ("PersonAddress", "other"): "str | None",
    ("PersonAddress2", "street"): "str | None",
    ("PersonAddress2", "place"): "PersonAddressPlace | None",
}


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    yield from built(tmp_path_factory.mktemp("shapes"), "shapes", of_schemas(**SCHEMAS))


def plain(annotation: str) -> str:
    """An annotation however it is laid out and quoted."""
    return "".join(annotation.split()).replace("'", '"')


@pytest.mark.parametrize(("model", "attribute"), TYPES)
def test_an_attribute_has_the_narrowest_type(model: str, attribute: str, shapes: Built) -> None:
    assert plain(shapes.types(model)[attribute]) == plain(TYPES[model, attribute])


def test_the_type_of_a_member_is_in_the_model(shapes: Built) -> None:
    trips = shapes.decode("Trips", {"data": [{"id": "t1"}], "next": "n"})
    assert type(trips.data[0]) is shapes.models.Trip
    assert not hasattr(shapes.models, "Short")  # adds nothing that Python's types say


@pytest.mark.parametrize(
    ("union", "value", "model"),
    [
        ("Pet", {"kind": "cat", "claws": 1}, "Cat"),
        ("Pet", {"kind": "wolf", "bark": "w"}, "Dog"),
        ("Mapped", {"type": "car"}, "Car"),
        ("Mapped", {"type": "velo"}, "Bike"),
        ("Mapped", {"type": "bike", "gears": 3}, "Bike"),
        ("Named", {"type": "Bike"}, "Bike"),
        ("Based", {"id": "1", "b": 2}, "Based2"),
        ("Based", {"id": "1", "a": 2}, "Based1"),
        ("Priced", {"id": "1", "b": 2}, "Priced2"),
        ("Some", {"kind": "cat", "claws": 2}, "Cat"),
        ("Term", {"op": "leaf", "n": 1}, "Leaf"),
    ],
)
def test_a_union_is_the_model_that_its_value_names(
    union: str, value: dict[str, Any], model: str, shapes: Built
) -> None:
    assert type(shapes.decode(union, value)).__name__ == model


def test_a_base_is_one_of_those_that_include_it(shapes: Built) -> None:
    values = [
        {"type": "made", "by": "me"},
        {"type": "Gone", "at": "2020-01-01T00:00:00+00:00"},
        {"type": "Event"},
    ]
    log = shapes.decode("Log", {"all": values})
    made, gone, other = log.all
    assert (type(made).__name__, made.by) == ("Made", "me")
    assert (type(gone).__name__, gone.at.year) == ("Gone", 2020)
    assert other.type == "Event"
    assert log.to_dict()["all"] == values


@pytest.mark.parametrize(
    ("union", "value"),
    [
        ("Pet", {"kind": "fish", "fins": 2}),
        ("Mapped", {"type": "boat", "sails": [1]}),
        ("Named", {"type": "boat"}),
        ("Term", {"op": "product", "terms": [{"op": "leaf", "n": 1}]}),
    ],
)
def test_a_value_that_is_new_in_the_discriminator_is_kept(
    union: str, value: dict[str, Any], shapes: Built
) -> None:
    found = shapes.decode(union, value)
    assert found.to_dict() == value
    assert {name: getattr(found, name) for name in value} == value


def test_without_a_discriminator_the_best_fit_is_taken(shapes: Built) -> None:
    assert type(shapes.decode("Mapped", {"type": "car", "gears": 1})).__name__ == "Car"
    with pytest.raises((KeyError, TypeError)):
        shapes.decode("Based", {"id": "1"})


def test_models_contain_themselves(shapes: Built) -> None:
    value = {
        "value": 1,
        "left": {"value": 2, "right": None},
        "children": [{"value": 3, "children": []}],
        "named": {"x": {"value": 4}},
    }
    node = shapes.decode("Node", value)
    assert (node.left.right, node.children[0].value, node.named["x"].value) == (None, 3, 4)
    assert node.to_dict() == value


def test_unions_contain_themselves(shapes: Built) -> None:
    value = {"op": "sum", "terms": [{"op": "sum", "terms": [{"op": "leaf", "n": 1}]}, {"op": "leaf", "n": 2}]}
    term = shapes.decode("Term", value)
    assert term.terms[0].terms[0].n == 1
    assert type(term.terms[1]) is shapes.models.Leaf
    assert term.to_dict() == value


@pytest.mark.parametrize(("union", "model"), [("Either", "Cat"), ("Given", "Cat"), ("Path", "Fork")])
def test_unions_name_unions_in_any_order(union: str, model: str, shapes: Built) -> None:
    value = {"kind": "cat", "claws": 1} if model == "Cat" else {"way": {"way": 1}}
    assert shapes.decode(union, 7 if union != "Either" else "text") is not None
    assert type(shapes.decode(union, value)).__name__ == model


@pytest.mark.parametrize(("union", "value"), [("Priced", 7), ("Some", 7), ("Owned", 7), ("Owned", [[1], 2])])
def test_a_union_may_have_a_value_that_is_no_object(union: str, value: Any, shapes: Built) -> None:
    assert shapes.decode(union, value) == value


@pytest.mark.parametrize("value", [[], [[], [[]]], "text", 1.5, None, {"a": [{"b": None}]}])
def test_lists_and_values_of_any_depth(value: Any, shapes: Built) -> None:
    shapes.response = value
    assert shapes.client.all.json(value) == value
    assert shapes.sent == value


def test_what_is_only_read_is_no_argument_and_what_is_only_written_no_result(shapes: Built) -> None:
    shapes.response = {"id": "1", "name": "n", "card": {"last": "42"}}
    account = shapes.client.all.account(name="n", secret="s", card={"number": "4242"})
    assert shapes.sent == {"name": "n", "secret": "s", "card": {"number": "4242"}}
    assert account.to_dict() == shapes.response
    assert set(shapes.types("Account")) == {"id", "name", "card"}
    assert [*shapes.module("params").AccountCardParam.__annotations__] == ["number"]
    with pytest.raises(TypeError):
        shapes.client.all.account(id="1", name="n", secret="s")


def test_names_do_not_depend_on_what_is_added_elsewhere(
    shapes: Built, tmp_path_factory: pytest.TempPathFactory
) -> None:
    more = {**SCHEMAS, "Zebra": obj(stripes=NUMBER), "Kinds": obj(one=obj(x=TEXT))}
    for other in built(tmp_path_factory.mktemp("more"), "more", of_schemas(**more)):
        names = {*shapes.models.__all__}
        assert names <= {*other.models.__all__}
        assert {*other.models.__all__} - names == {"Zebra", "KindsOne"}
