"""Models of generated clients: what is decoded, what is written, and how they behave as objects."""

import copy
import enum
import io
import json
import pickle
import random
from collections import OrderedDict, deque
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Required, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.built import Built, built, of_schemas
from support.generating import problems_of_types

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
IDENTIFIER = "7f1c2b9e-3c54-4f0e-9d27-0c7b1f0f8f11"


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def obj(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


SCHEMAS = {
    "Pet": obj(
        *("name", "born"),
        name=TEXT,
        born={"type": "string", "format": "date"},
        owner=ref("Owner"),
        tag={"type": ["string", "null"]},
        pin={"type": "string", "format": "password"},
        **{"from": TEXT, "x-y": NUMBER},
    ),
    "Owner": obj(
        "id", id={"type": "string", "format": "uuid"}, seen={"type": "string", "format": "date-time"}
    ),
    "Circle": obj("radius", radius=NUMBER, unit=TEXT),
    "Square": obj("side", side=NUMBER, unit=TEXT),
    "Shape": {"oneOf": [ref("Circle"), ref("Square"), TEXT, {"type": "array", "items": ref("Circle")}]},
    "Drawing": obj(shape=ref("Shape"), shapes={"type": "array", "items": ref("Shape")}),
}
PET = {"name": "Rex", "born": "2020-01-02"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    yield from built(tmp_path_factory.mktemp("shop"), "shop", of_schemas(**SCHEMAS))


# Any document, any value


def schema(chance: random.Random, depth: int = 0) -> dict[str, Any]:
    """A schema without a name."""
    kinds = ["text", "number", "flag", "float", "day", "uuid", "enum", "nullable", "any"]
    kind = chance.choice(kinds if depth > 2 else [*kinds, *("list", "map", "object", "object") * 2])
    match kind:
        case "list":
            return {"type": "array", "items": schema(chance, depth + 1)}
        case "map":
            return {"type": "object", "additionalProperties": schema(chance, depth + 1)}
        case "object":
            return model(chance, depth + 1)
        case "nullable":
            return {"type": ["integer", "null"]}
    scalars: dict[str, dict[str, Any]] = {
        "text": TEXT,
        "number": NUMBER,
        "flag": {"type": "boolean"},
        "float": {"type": "number"},
        "day": {"type": "string", "format": "date"},
        "uuid": {"type": "string", "format": "uuid"},
        "enum": {"enum": ["a", "b"]},
    }
    return scalars.get(kind, {})


NAMES = (
    *(
        "id",
        "from",
        "class",
        "x-y",
        "X_Y",
        "list",
        "None",
        "to_dict",
        "additional_properties",
        "ü",
        "1st",
        "",
    ),
    *("field", "datetime", "str", "value", "name", "members", "cls", "self"),
)


def model(chance: random.Random, depth: int = 0) -> dict[str, Any]:
    names = chance.sample(NAMES, chance.randint(1, 6))
    return obj(
        *(name for name in names if chance.random() < 0.5), **{name: schema(chance, depth) for name in names}
    )


MODELS = {f"M{seed}": model(random.Random(seed)) for seed in range(30)}
ANY = st.none() | st.booleans() | st.integers() | st.text(max_size=3)


def values(described: dict[str, Any]) -> st.SearchStrategy[Any]:
    """The valid values of a schema."""
    if "enum" in described:
        return st.sampled_from(described["enum"])
    match described.get("type"):
        case "object" if "properties" in described:
            required = {name: values(described["properties"][name]) for name in described["required"]}
            optional = {
                name: values(each) for name, each in described["properties"].items() if name not in required
            }
            others = st.dictionaries(st.sampled_from(["other", "more-of it", "_x", "__class__"]), ANY)
            return st.builds(
                lambda known, more: more | known, st.fixed_dictionaries(required, optional=optional), others
            )
        case "object":
            return st.dictionaries(st.text(max_size=3), values(described["additionalProperties"]), max_size=2)
        case "array":
            return st.lists(values(described["items"]), max_size=2)
        case "string":
            formats = {"date": st.dates().map(str), "uuid": st.uuids().map(str)}
            return formats.get(described.get("format", ""), st.text(max_size=5))
    scalars: dict[Any, st.SearchStrategy[Any]] = {
        "integer": st.integers(),
        "boolean": st.booleans(),
        "number": st.floats(allow_nan=False) | st.integers(),
    }
    return (
        ANY
        if not described
        else st.none() | st.integers()
        if "null" in described["type"]
        else scalars[described["type"]]
    )


@pytest.fixture(scope="module")
def random_models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    yield from built(tmp_path_factory.mktemp("random"), "random", of_schemas(**MODELS))


@pytest.mark.no_cover
@settings(max_examples=300, deadline=None)
@given(data=st.data(), name=st.sampled_from([*MODELS]))
def test_what_is_decoded_is_written_as_it_was(data: st.DataObject, name: str, random_models: Built) -> None:
    value = data.draw(values(MODELS[name]))
    before = copy.deepcopy(value)
    found = random_models.decode(name, value)
    assert value == before, "the value itself must stay as it is"
    assert type(found).__name__ == name
    assert found.to_dict() == value
    assert json.loads(json.dumps(found.to_dict())) == value
    again = random_models.decode(name, value)
    for other in (again, copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert other == found
        assert repr(other) == repr(found)
    attributes = {name: each for name, each in vars(found).items() if name != "additional_properties"}
    assert vars(type(found)(**attributes)) == attributes


@settings(max_examples=100, deadline=None)
@given(data=st.data(), name=st.sampled_from([*MODELS]))
def test_an_object_without_a_required_member_is_none_of_a_model(
    data: st.DataObject, name: str, random_models: Built
) -> None:
    value = data.draw(values(MODELS[name]))
    for missing in MODELS[name]["required"]:
        with pytest.raises(KeyError) as caught:
            random_models.decode(name, {key: each for key, each in value.items() if key != missing})
        assert caught.value.args == (missing,)


# Objects


def test_absent_and_null_read_alike_and_stay_distinct(shop: Built) -> None:
    absent, null = (shop.decode("Pet", PET | more) for more in ({}, {"tag": None}))
    assert absent.tag is null.tag is None
    assert "tag" not in absent.fields_set
    assert "tag" in null.fields_set
    assert absent.to_dict() == PET
    assert null.to_dict() == {**PET, "tag": None}
    assert absent != null


def test_unset_says_what_is_absent_in_the_first_interface(tmp_path: Path) -> None:
    document = of_schemas(Pet=SCHEMAS["Pet"], Owner=SCHEMAS["Owner"]) | {"x-client": {"interface": 1}}
    for first in built(tmp_path, "first", document):
        unset = first.module("types").UNSET
        pet = first.decode("Pet", {**PET, "from": "x"})
        assert pet.tag is unset
        assert not pet.tag
        assert pet.from_ == "x"
        assert first.models.Pet(name="Rex", born=date(2020, 1, 2), tag=unset).to_dict() == PET


def test_members_without_an_attribute_are_kept(shop: Built) -> None:
    pet = shop.decode("Pet", {**PET, "color": "red", "x y": [1]})
    assert (pet.color, pet["x y"], pet.additional_keys) == ("red", [1], ["color", "x y"])
    assert "color" in pet
    assert "name" not in pet
    pet["size"] = 3
    del pet["color"]
    assert pet.to_dict() == {**PET, "x y": [1], "size": 3}
    with pytest.raises(AttributeError, match="Pet has no color"):
        _ = pet.color
    with pytest.raises(KeyError):
        _ = pet["color"]


def test_a_model_is_made_of_what_it_requires(shop: Built) -> None:
    pet = shop.models.Pet(name="Rex", born=date(2020, 1, 2), x_y=3, from_="here")
    assert pet.to_dict() == {**PET, "x-y": 3, "from": "here"}
    assert pet == shop.decode("Pet", {**PET, "x-y": 3, "from": "here"})
    with pytest.raises(TypeError, match="Pet requires born, name"):
        shop.models.Pet()
    with pytest.raises(TypeError, match="Pet has no color, size"):
        shop.models.Pet(name="Rex", born=date(2020, 1, 2), size=1, color="red")


def test_models_are_equal_by_kind_and_content(shop: Built) -> None:
    circle, square = shop.models.Circle(radius=1), shop.models.Square(side=1)
    assert circle == shop.models.Circle(radius=1)
    assert circle not in (shop.models.Circle(radius=2), square, {"radius": 1}, None)
    with pytest.raises(TypeError, match="unhashable"):
        hash(circle)
    circle.radius = 2
    assert circle.to_dict() == {"radius": 2}


def test_secrets_are_in_no_repr(shop: Built) -> None:
    pet = shop.decode("Pet", {**PET, "pin": "4711", "color": "red"})
    shown = f"{pet} {pet!r} {[pet]} {copy.copy(pet)!r} {pickle.loads(pickle.dumps(pet))!r}"
    assert "4711" not in shown
    assert (
        repr(pet) == "Pet(name='Rex', born=datetime.date(2020, 1, 2), additional_properties={'color': 'red'})"
    )
    assert pet.pin == pet.to_dict()["pin"] == "4711"


# Unions, and what does not fit


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"radius": 1}, "Circle"),
        ({"side": 1}, "Square"),
        ({"side": 1, "unit": "cm"}, "Square"),
        ({"side": 1, "unit": "cm", "radius": 1, "more": 1}, "Circle"),
        ("a line", "str"),
        ([{"radius": 1}], "list"),
    ],
)
def test_a_union_is_the_alternative_that_fits_best(value: Any, kind: str, shop: Built) -> None:
    drawing = shop.decode("Drawing", {"shape": value, "shapes": [value]})
    assert type(drawing.shape).__name__ == type(drawing.shapes[0]).__name__ == kind
    assert drawing.to_dict() == {"shape": value, "shapes": [value]}


@pytest.mark.parametrize(
    ("value", "error", "reason"),
    [
        ({"name": "Rex"}, KeyError, "Pet: 'born' is missing"),
        ({}, KeyError, "Pet: 'name' is missing"),
        ({**PET, "born": 7}, TypeError, "Pet: a number is not a date"),
        ({**PET, "born": "soon"}, ValueError, "Pet: Invalid isoformat string: 'soon'"),
        ({**PET, "owner": {}}, KeyError, "Pet: Owner: 'id' is missing"),
        ({**PET, "owner": []}, TypeError, "Pet: Owner: an array is not an object"),
        ({**PET, "owner": {"id": "x"}}, ValueError, "Pet: Owner: badly formed hexadecimal UUID string"),
        ({**PET, "owner": {"id": True}}, TypeError, "Pet: Owner: a boolean is not a UUID"),
        ({**PET, "owner": {"id": IDENTIFIER, "seen": 1}}, TypeError, "Owner: a number is not a date-time"),
        ([], TypeError, "Pet: an array is not an object"),
        ("x", TypeError, "Pet: a string is not an object"),
        (None, TypeError, "Pet: null is not an object"),
    ],
)
def test_what_does_not_fit_is_an_error_with_its_models(
    value: Any, error: type[Exception], reason: str, shop: Built
) -> None:
    with pytest.raises(error):
        shop.decode("Pet", value)
    shop.response = value
    with pytest.raises(shop.module("exceptions").ResponseFormatError) as caught:
        shop.client.all.pet(name="Rex", born="2020-01-02")
    assert reason in str(caught.value)


def test_a_scalar_of_another_type_is_taken_as_it_is(shop: Built) -> None:
    """Servers are not always right about strings and numbers; a strict client says so."""
    assert shop.decode("Pet", {**PET, "name": 7}).name == 7


# Arguments


class Color(enum.Enum):
    RED = "red"


class Size(enum.IntEnum):
    SMALL = 1


class Word(enum.StrEnum):
    YES = "yes"


FILE = io.BytesIO(b"x")
MOMENT = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2020, 1, 2), "2020-01-02"),
        (MOMENT, "2020-01-02T03:04:05+00:00"),
        (MOMENT.replace(microsecond=500), "2020-01-02T03:04:05.000500+00:00"),
        (MOMENT.astimezone(timezone(timedelta(hours=2))), "2020-01-02T05:04:05+02:00"),
        (UUID(IDENTIFIER), IDENTIFIER),
        (Color.RED, "red"),
        (Size.SMALL, 1),
        (Word.YES, "yes"),
        ((1, date(2020, 1, 2)), [1, "2020-01-02"]),
        ({3}, [3]),
        (frozenset({Color.RED}), ["red"]),
        (deque([1]), [1]),
        (range(2), [0, 1]),
        (OrderedDict(a=[MOMENT]), {"a": ["2020-01-02T03:04:05+00:00"]}),
        ([{"a": ({"b": Color.RED},)}], [{"a": [{"b": "red"}]}]),
        (None, None),
        (True, True),
        (1.5, 1.5),
        (b"x", b"x"),
        (FILE, FILE),
        (("a.txt", b"x"), ("a.txt", b"x")),
        (("a.txt", FILE, "text/plain"), ("a.txt", FILE, "text/plain")),
        (Path("a"), Path("a")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_are_written_as_json_has_them(value: Any, written: Any, shop: Built) -> None:
    found = shop.module("_runtime.models").plain(value)
    assert found == written
    assert type(found) is type(written)


@pytest.mark.parametrize(
    "owner",
    [
        {"id": IDENTIFIER, "seen": MOMENT},
        {"id": UUID(IDENTIFIER), "seen": "2020-01-02T03:04:05+00:00"},
        OrderedDict(id=UUID(IDENTIFIER), seen=MOMENT),
    ],
)
def test_dicts_and_texts_are_arguments_like_models(owner: Any, shop: Built) -> None:
    expected = {**PET, "owner": {"id": IDENTIFIER, "seen": "2020-01-02T03:04:05+00:00"}}
    shop.response = PET
    model = shop.models.Owner(id=UUID(IDENTIFIER), seen=MOMENT)
    for born, each in ((date(2020, 1, 2), owner), ("2020-01-02", owner), ("2020-01-02", model)):
        shop.client.all.pet(name="Rex", born=born, owner=each)
        assert shop.sent == expected


def test_a_model_with_a_date_that_was_read_is_sent_as_it_was(shop: Built) -> None:
    shop.response = {**PET, "owner": {"id": IDENTIFIER}}
    pet = shop.client.all.pet(name="Rex", born="2020-01-02")
    shop.client.all.pet(name=pet.name, born=pet.born, owner=pet.owner)
    assert shop.sent == shop.response


def test_dicts_that_are_arguments_have_types(tmp_path: Path) -> None:
    inner = obj("id", id=TEXT, note=TEXT, **{"x-y": NUMBER, "class": TEXT})
    plain = obj("id", id=TEXT, note=TEXT)
    for typed in built(tmp_path, "typed", of_schemas(Order=obj(odd=inner, even=plain))):
        params = typed.module("params")
        odd, even = params.OrderOddParam, params.OrderEvenParam
        assert [*odd.__annotations__] == ["id", "note", "x-y", "class"]
        for each in (odd, even):
            hints = get_type_hints(each, include_extras=True)
            assert (hints["id"], hints["note"]) == (Required[str], str)
        source = (tmp_path / "typed_client" / "params.py").read_text()
        assert 'OrderOddParam = TypedDict(\n    "OrderOddParam",' in source
        assert "class OrderEvenParam(TypedDict, total=False):" in source


RIGHT = """
import datetime
from uuid import UUID
from shop_client import Shop
from shop_client.models import Circle, Owner, Pet
from shop_client.params import OwnerParam

client = Shop(base_url="https://shop.test")
owner: OwnerParam = {"id": "7f1c2b9e-3c54-4f0e-9d27-0c7b1f0f8f11"}
model = Owner(id=UUID("7f1c2b9e-3c54-4f0e-9d27-0c7b1f0f8f11"), seen=datetime.datetime.now(datetime.UTC))
pet: Pet = client.all.pet(name="Rex", born="2020-01-02", owner=owner)
client.all.pet(name="Rex", born=datetime.date(2020, 1, 2), owner=model, tag=None)
client.all.pet(name="Rex", born=pet.born, owner={"id": UUID(int=1), "seen": "2020-01-02T03:04:05Z"})
client.all.drawing(shape={"radius": 1}, shapes=[{"side": 2}, Circle(radius=3), "line", [{"radius": 4}]])
when: datetime.date = pet.born
name: str | None = pet.tag
"""
WRONG = {
    'client.all.pet(name="Rex")': "call-arg",
    'client.all.pet(name=7, born="2020-01-02")': "arg-type",
    'client.all.pet(name="Rex", born=2020)': "arg-type",
    'client.all.pet(name="Rex", born="2020-01-02", owner={"seen": "x"})': "arg-type",
    'client.all.pet(name="Rex", born="2020-01-02", owner={"id": 7})': "arg-type",
    'client.all.pet(name="Rex", born="2020-01-02", owner={"id": "x", "more": 1})': "arg-type",
    'client.all.pet(name="Rex", born="2020-01-02", color="red")': "call-arg",
    'Owner(id="x")': "arg-type",
    "Owner()": "call-arg",
    "pet.color": "attr-defined",
    "length: int = pet.name": "assignment",
}


@pytest.mark.no_cover
def test_type_checkers_know_what_fits(shop: Built, tmp_path: Path) -> None:
    folder = Path(shop.models.__file__).parents[1]
    (folder / "program.py").write_text(f"{RIGHT}\n" + "\n".join(WRONG))
    problems = [line for line in problems_of_types(folder, "shop_client", "program") if ": error: " in line]
    first = len(RIGHT.splitlines()) + 1
    found = {int(line.split(":")[1]): line.rpartition("[")[2].rstrip("]") for line in problems}
    expected = {first + number: code for number, code in enumerate(WRONG.values(), 1)}
    assert {line.partition(":")[0] for line in problems} == {"program.py"}
    assert found == expected, problems
