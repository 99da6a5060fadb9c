"""Models: built by hand, read from JSON by their annotations, and written as JSON."""

from __future__ import annotations

import enum
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import pytest

from instagram_client._runtime import models
from instagram_client._runtime.models import Model, decode, field, plain
from instagram_client._runtime.unset import UNSET, Unset


class Crab(Model):
    kind: Literal["crab"]
    legs: int
    born: date | Unset = UNSET


class Eel(Model):
    kind: Literal["eel", "moray"]
    length: float | Unset | None = field(default=UNSET, name="lengthInMetres")


class Shrimp(Model):
    legs: int
    kind: Literal["shrimp"] | Unset = UNSET


class Tank(Model, hides_others=True):
    name: str
    pin: str | Unset = field(default=UNSET, secret=True)
    inhabitants: list[Crab | Eel] | Unset = UNSET


CRAB = {"kind": "crab", "legs": 8}
EEL = {"kind": "eel", "lengthInMetres": 1.5}
MODELS = {"crab": "Crab", "eel": "Eel", "moray": "Eel", "any": "Animal"}
UUID_TEXT = "0d9f4c2e-7a35-4f6e-9d52-0c6a6f3f7b11"


@pytest.fixture(autouse=True)
def _named_in_annotations(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Annotations find the models above, as they find those of the API."""
    own = {"Crab": Crab, "Eel": Eel, "Shrimp": Shrimp, "Tank": Tank, "Animal": Crab | Eel}
    namespace = models._namespace() | own | {"date": date, "MODELS": MODELS}
    models._annotated.cache_clear()
    monkeypatch.setattr(models, "_namespace", lambda: namespace)
    yield
    models._annotated.cache_clear()


def make(model: Any, **values: Any) -> Any:
    """An instance, whatever type checkers think of the values."""
    return model(**values)


# By hand


def test_an_attribute_that_a_model_does_not_have_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"^Crab has no arms, claws$"):
        make(Crab, kind="crab", legs=8, claws=2, arms=0)


def test_a_required_attribute_that_is_not_given_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"^Crab requires kind, legs$"):
        make(Crab, born=date(2015, 1, 2))


def test_models_are_equal_by_what_they_have() -> None:
    assert Crab(kind="crab", legs=8) == Crab.from_dict(CRAB)
    assert Crab(kind="crab", legs=8) != Crab(kind="crab", legs=7)
    assert Crab(kind="crab", legs=8) != Crab.from_dict(CRAB | {"shell": "hard"})
    assert make(Crab, kind="crab", legs=8) != CRAB
    assert Eel(kind="eel") != Eel(kind="eel", length=None)


def test_members_without_an_attribute_are_read_and_changed_by_name() -> None:
    crab: Any = Crab.from_dict(CRAB | {"shell": "hard", "__len__": 3})
    assert crab.additional_keys == ["shell", "__len__"]
    assert crab.shell == crab["shell"] == "hard"
    assert "shell" in crab
    assert "legs" not in crab
    crab["shell"] = "soft"
    del crab["__len__"]
    crab["claws"] = 2
    assert crab.to_dict() == {**CRAB, "shell": "soft", "claws": 2}
    with pytest.raises(AttributeError, match=r"^Crab has no tail$"):
        _ = crab.tail


def test_a_member_named_like_a_special_method_is_no_attribute() -> None:
    crab: Any = Crab.from_dict(CRAB | {"__fspath__": "/etc/passwd"})
    with pytest.raises(AttributeError, match=r"^Crab has no __fspath__$"):
        _ = crab.__fspath__


def test_what_is_set_is_known_from_what_is_absent() -> None:
    assert Eel(kind="eel").fields_set == {"kind"}
    assert Eel(kind="eel", length=None).fields_set == {"kind", "length"}
    assert Eel.from_dict(EEL).fields_set == {"kind", "length"}


def test_secrets_are_in_no_repr() -> None:
    tank = Tank.from_dict({"name": "Big", "pin": "4711", "token": "hush", "inhabitants": [CRAB]})
    assert repr(tank) == "Tank(name='Big', inhabitants=[Crab(kind='crab', legs=8)])"
    assert tank.to_dict()["token"] == "hush"
    assert repr(Crab.from_dict(CRAB | {"shell": "hard"})) == (
        "Crab(kind='crab', legs=8, additional_properties={'shell': 'hard'})"
    )


# From JSON


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        ("datetime.datetime", "2015-01-02T03:04:05Z", datetime(2015, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("datetime.date", "2015-01-02", date(2015, 1, 2)),
        ("datetime.date", "2015-01-02T00:00:00Z", date(2015, 1, 2)),
        ("UUID", UUID_TEXT, UUID(UUID_TEXT)),
        ("str | Unset", "text", "text"),
        ("list[str]", ["text"], ["text"]),
        ("dict[str, int]", {"a": 1}, {"a": 1}),
        ("dict[str, datetime.date]", {"a": "2015-01-02"}, {"a": date(2015, 1, 2)}),
        ("list[datetime.date] | None", None, None),
        ("list[datetime.date] | None", ["2015-01-02"], [date(2015, 1, 2)]),
        ("Crab | Eel | None", None, None),
        ("datetime.date | int", 7, 7),
        ("datetime.date | UUID", UUID_TEXT, UUID(UUID_TEXT)),
        ("datetime.date | list[str]", ["text"], ["text"]),
        ("Annotated[datetime.date, 'of birth']", "2015-01-02", date(2015, 1, 2)),
    ],
)
def test_a_value_becomes_what_its_annotation_says(annotation: str, value: Any, expected: Any) -> None:
    assert decode(annotation, value) == expected


@pytest.mark.parametrize(
    ("annotation", "value", "message"),
    [
        ("datetime.datetime", 1420167845, "a number is not a date-time"),
        ("datetime.date", None, "null is not a date"),
        ("UUID", ["x"], "an array is not a UUID"),
        ("UUID", "x", "badly formed hexadecimal UUID string"),
        ("list[Crab]", CRAB, "an object is not a list"),
        ("dict[str, Crab]", [CRAB], "an array is not an object"),
        ("Crab", "crab", "a string is not an object"),
        ("Crab | Eel", True, "a boolean has none of the expected types"),
        ("Crab | str", [], "an array has none of the expected types"),
        ("datetime.date | list[str]", 5, "a number is not a date"),
        ("datetime.date | int", {"day": 2}, "an object is not a date"),
    ],
)
def test_a_value_of_another_type_is_an_error(annotation: str, value: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"^{message}$"):
        decode(annotation, value)


def test_a_missing_member_is_named() -> None:
    with pytest.raises(KeyError, match="legs"):
        Crab.from_dict({"kind": "crab"})


def test_of_several_models_that_with_the_right_literals_is_taken() -> None:
    assert decode("Crab | Eel", EEL) == Eel(kind="eel", length=1.5)
    assert decode("Eel | Crab", CRAB) == Crab(kind="crab", legs=8)
    assert decode("Crab | Eel", {"kind": "eel", "legs": 0, "lengthInMetres": 2}).length == 2


def test_where_the_best_model_does_not_fit_the_next_one_is_tried() -> None:
    found = decode("Crab | Eel", {"kind": "crab"})
    assert isinstance(found, Eel)
    assert found.to_dict() == {"kind": "crab"}


ANIMAL = "Annotated[Crab | Eel | None, Discriminator('kind', MODELS)]"


def test_a_discriminator_says_which_model_an_object_is() -> None:
    assert decode(ANIMAL, {"kind": "moray"}) == Eel(kind="moray")
    assert decode(ANIMAL, CRAB | {"lengthInMetres": 1}) == Crab.from_dict(CRAB | {"lengthInMetres": 1})
    with pytest.raises(KeyError, match="legs"):
        decode(ANIMAL, {"kind": "crab", "lengthInMetres": 1})


def test_a_discriminator_may_name_a_choice_of_models() -> None:
    assert type(decode(ANIMAL, {"kind": "any", "legs": 8})) is Crab
    assert type(decode(ANIMAL, {"kind": "any", "lengthInMetres": 1})) is Eel


def test_an_object_without_the_discriminator_is_the_model_that_fits() -> None:
    annotation = "Annotated[Crab | Shrimp, Discriminator('kind', MODELS)]"
    assert decode(annotation, {"legs": 10}) == Shrimp(legs=10)
    with pytest.raises(KeyError, match="kind"):
        decode(ANIMAL, {"legs": 8})


def test_an_object_with_a_value_that_no_model_has_keeps_its_members() -> None:
    squid: Any = decode(ANIMAL, {"kind": "squid", "arms": 10})
    assert squid.arms == 10
    assert squid.to_dict() == {"kind": "squid", "arms": 10}
    assert type(squid) is Model


def test_only_an_object_has_a_discriminator() -> None:
    assert decode(ANIMAL, None) is None
    with pytest.raises(TypeError, match=r"^an array has none of the expected types$"):
        decode(ANIMAL, [])
    with pytest.raises(TypeError, match=r"^null has none of the expected types$"):
        decode(ANIMAL.replace(" | None", ""), None)


# To JSON


class Depth(enum.Enum):
    SHALLOW = "shallow"
    DEEP = 200


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": Crab(kind="crab", legs=8), "b": UNSET}, {"a": CRAB}),
        (datetime(2015, 1, 2, tzinfo=UTC), "2015-01-02T00:00:00+00:00"),
        (date(2015, 1, 2), "2015-01-02"),
        (UUID(UUID_TEXT), UUID_TEXT),
        (Depth.DEEP, 200),
        ([Depth.SHALLOW, {"of": Depth.DEEP}], ["shallow", {"of": 200}]),
        ((date(2015, 1, 2), None), ["2015-01-02", None]),
        ({date(2015, 1, 2)}, ["2015-01-02"]),
        (range(3), [0, 1, 2]),
    ],
)
def test_a_value_is_written_as_json_has_it(value: Any, expected: Any) -> None:
    assert plain(value) == expected


@pytest.mark.parametrize(
    "file",
    [b"bytes", bytearray(b"bytes"), io.BytesIO(), ("a.txt", b"bytes"), ("a.txt", io.BytesIO(), "text/plain")],
)
def test_a_file_stays_as_it_is(file: Any) -> None:
    assert plain(file) is file


def test_the_path_of_a_file_stays_as_it_is() -> None:
    named = ("a.txt", Path("a.txt"))
    assert plain(named) is named
    assert plain([named]) == [named]


def test_a_model_is_written_by_the_names_on_the_wire() -> None:
    tank = Tank(name="Große", inhabitants=[Eel(kind="eel", length=None), Crab(kind="crab", legs=8)])
    assert json.loads(tank.to_json()) == {
        "name": "Große",
        "inhabitants": [{"kind": "eel", "lengthInMetres": None}, CRAB],
    }
    assert tank.to_json(indent=1).startswith('{\n "name": "Große",\n')
