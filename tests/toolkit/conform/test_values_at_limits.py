"""Limits of parameters and members: right servers in several styles, and wrong ones."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
import pytest

from support.conforming import document, inconclusive, loaded, parameter, report_of, violated
from wirecheck.samples import facets
from wirecheck.samples.limits import Limit, inside, keyword_pointer, outside

REJECTED = {"422": {"description": "Rejected."}, "404": {"description": "Missing."}}
PLANT = {
    "type": "object",
    "required": ["name", "height"],
    "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 20},
        "height": {"type": "integer", "minimum": 1, "maximum": 90},
        "price": {"anyOf": [{"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.25}, {"type": "null"}]},
        "kind": {"allOf": [{"$ref": "#/components/schemas/Kind"}]},
        "label": {"type": "string", "pattern": "^[a-z]{2,5}$"},
        "sown": {"type": ["string", "null"], "format": "date"},
        "notes": {"type": "array", "items": {"type": "string", "maxLength": 5}, "maxItems": 3},
        "evergreen": {"type": "boolean"},
        "comment": {"type": "string"},
    },
}
LIST = [
    parameter("limit", {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 50}, {"type": "null"}]}),
    parameter("kind", {"$ref": "#/components/schemas/Kind"}),
    parameter("q", {"type": "string"}),
    parameter(
        "Accept", {"type": "string", "enum": ["application/json"]}, "header", example="application/json"
    ),
]


def _described(schema: Any, status: str) -> dict[str, Any]:
    return {status: {"description": "Fine.", "content": {"application/json": {"schema": schema}}}, **REJECTED}


def _document() -> str:
    stored = {"allOf": [{"$ref": "#/components/schemas/Plant"}, {"properties": {"id": {"type": "string"}}}]}
    body = {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Plant"}}},
    }
    key = parameter("id", {"type": "string"}, "path")
    items = {"type": "object", "properties": {"items": {"type": "array", "items": stored}}}
    whole = document(
        {
            "/plants": {
                "get": {
                    "operationId": "listPlants",
                    "parameters": LIST,
                    "responses": _described(items, "200"),
                },
                "post": {
                    "operationId": "addPlant",
                    "requestBody": body,
                    "responses": _described(stored, "201"),
                },
            },
            "/plants/{id}": {
                "get": {
                    "operationId": "getPlant",
                    "parameters": [key],
                    "responses": _described(stored, "200"),
                },
                "delete": {
                    "operationId": "deletePlant",
                    "parameters": [key],
                    "responses": {"204": {"description": "Gone."}, **REJECTED},
                },
            },
        }
    )
    whole["components"]["schemas"] = {"Plant": PLANT, "Kind": {"type": "string", "enum": ["tree", "herb"]}}
    return json.dumps(whole)


SPEC = loaded(_document())


class RejectedError(Exception):
    """The request is not valid."""


def _text(value: Any, least: int = 0, most: int = 10**6, pattern: str = "(?s).*") -> str:
    if not isinstance(value, str) or not least <= len(value) <= most or not re.fullmatch(pattern, value):
        raise RejectedError
    return value


def _number(value: Any, least: float, most: float, step: float = 1) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise RejectedError
    if value % step:
        raise RejectedError
    return value


def _day(value: Any) -> str:
    try:
        date.fromisoformat(value)
    except (ValueError, TypeError):
        raise RejectedError from None
    return str(value)


def _strict(body: dict[str, Any]) -> dict[str, Any]:
    """The body as a strict server stores it."""
    stored: dict[str, Any] = {
        "name": _text(body.get("name"), 2, 20),
        "height": _number(body.get("height"), 1, 90),
    }
    checks: dict[str, Callable[[Any], Any]] = {
        "price": lambda value: None if value is None else _number(value, 0.25, 1e300, 0.25),
        "kind": lambda value: _text(value, pattern="tree|herb"),
        "label": lambda value: _text(value, pattern="[a-z]{2,5}"),
        "sown": lambda value: None if value is None else _day(value),
        "notes": _notes,
        "evergreen": _flag,
        "comment": _text,
    }
    return stored | {name: check(body[name]) for name, check in checks.items() if name in body}


def _notes(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > 3:
        raise RejectedError
    return [_text(note, 0, 5) for note in value]


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise RejectedError
    return value


def _coerced(body: dict[str, Any]) -> dict[str, Any]:
    """As pydantic reads: texts that hold a number are numbers, and 1 is true."""
    coerced = dict(body)
    for name, value in body.items():
        if name in ("height", "price") and isinstance(value, str) and re.fullmatch("[0-9]+", value):
            coerced[name] = int(value)
        if name == "evergreen" and value in (0, 1, "true", "false", "yes", "no"):
            coerced[name] = value in (1, "true", "yes")
        if name in ("name", "comment") and isinstance(value, int | float):
            coerced[name] = str(value)
    return _strict(coerced)


def _trimming(body: dict[str, Any]) -> dict[str, Any]:
    stored = _strict(body)
    return {name: value.strip() if isinstance(value, str) else value for name, value in stored.items()}


def _without_nul(body: dict[str, Any]) -> dict[str, Any]:
    """As PostgreSQL stores texts."""
    if "\0" in json.dumps(body, ensure_ascii=False) or "\\u0000" in json.dumps(body):
        raise RejectedError
    return _strict(body)


def _without_null(body: dict[str, Any]) -> dict[str, Any]:
    """As Go reads JSON: null is as if the member were missing."""
    return _strict({name: value for name, value in body.items() if value is not None})


@dataclass
class Garden:
    """A server of plants: ``read`` gives what is stored of a body."""

    read: Callable[[dict[str, Any]], dict[str, Any]] = _strict
    query: Callable[[httpx.QueryParams], None] = lambda query: None
    plants: dict[str, dict[str, Any]] = field(default_factory=dict)
    created: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        try:
            return self.respond(request)
        except RejectedError:
            return httpx.Response(422)
        except ZeroDivisionError:
            return httpx.Response(500)

    def respond(self, request: httpx.Request) -> httpx.Response:
        key = request.url.path.removeprefix("/v1/plants").strip("/")
        if request.method == "POST":
            return self._create(request)
        if key and key not in self.plants:
            return httpx.Response(404)
        if request.method == "DELETE":
            del self.plants[key]
            return httpx.Response(204)
        if not key:
            _check_query(request.url.params)
            self.query(request.url.params)
            return httpx.Response(200, json={"items": self._listed(request.url.params)})
        return httpx.Response(200, json=self.plants[key])

    def _listed(self, query: httpx.QueryParams) -> list[dict[str, Any]]:
        kind, words = query.get("kind"), query.get("q", "")
        listed = [
            plant
            for plant in self.plants.values()
            if kind in (None, plant.get("kind")) and words in str(plant.get("name"))
        ]
        limit = query.get("limit", "")
        return listed[: int(limit) if limit.isdecimal() else 50]

    def _create(self, request: httpx.Request) -> httpx.Response:
        try:
            body = json.loads(request.content)
        except ValueError:
            raise RejectedError from None
        if not isinstance(body, dict):
            raise RejectedError
        self.created += 1
        plant = {"id": str(self.created), **self.read(body)}
        self.plants[plant["id"]] = plant
        return httpx.Response(201, json=plant)


def _check_query(query: httpx.QueryParams) -> None:
    if "limit" in query and not re.fullmatch("[1-9]|[1-4][0-9]|50", query["limit"]):
        raise RejectedError
    if query.get("kind", "tree") not in ("tree", "herb"):
        raise RejectedError


RIGHT = {
    "strict": _strict,
    "coercing": _coerced,
    "trimming": _trimming,
    "without NUL": _without_nul,
    "without null": _without_null,
}


@pytest.mark.parametrize("style", RIGHT)
def test_a_right_server_satisfies_all(style: str) -> None:
    garden = Garden(RIGHT[style])
    report = report_of(SPEC, garden)
    assert violated(report) == {}
    assert garden.plants == {}, "what was created is deleted"
    unresolved = {name for name in inconclusive(report) if ": body: " in name or ": parameters: " in name}
    assert unresolved <= {"getPlant: parameters: enforces the limits of id"}


def _crashing(condition: Callable[[dict[str, Any]], bool]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def read(body: dict[str, Any]) -> dict[str, Any]:
        stored = _strict(body)
        if condition(body):
            raise ZeroDivisionError
        return stored

    return read


def _lenient(**replaced: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A server that checks valid values in place of some that it should reject."""

    def read(body: dict[str, Any]) -> dict[str, Any]:
        stored = _strict({**body, **{name: value for name, value in replaced.items() if name in body}})
        return stored | {name: body[name] for name in replaced if name in body}

    return read


def _requiring(name: str, is_allowed: Callable[[Any], bool]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def read(body: dict[str, Any]) -> dict[str, Any]:
        if name in body and not is_allowed(body[name]):
            raise RejectedError
        return _strict(body)

    return read


def _name_optional(body: dict[str, Any]) -> dict[str, Any]:
    return _strict({"name": "fern", **body})


def _storing_null(body: dict[str, Any]) -> dict[str, Any]:
    """null is not checked."""
    stored = _strict({name: value for name, value in body.items() if value is not None})
    return stored | {name: None for name, value in body.items() if value is None and name == "comment"}


def _escaping(body: dict[str, Any]) -> dict[str, Any]:
    stored = _strict(body)
    return stored | {"comment": stored["comment"].replace("&", "&amp;")} if "comment" in stored else stored


INSIDE, UNUSUAL = (
    "accepts values at the limits of members, and stores them",
    "does not fail on unusual values of members",
)
WRONG: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str, str]] = {
    "too high": (_lenient(height=5), "enforces the limits of height", "height is above its maximum"),
    "too long": (_lenient(name="fern"), "enforces the limits of name", "name is too long"),
    "no multiple": (_lenient(price=1), "enforces the limits of price", "price is not a multiple of 0.25"),
    "any kind": (_lenient(kind="tree"), "enforces the limits of kind", "kind is not one of its values"),
    "any label": (_lenient(label="fern"), "enforces the limits of label", "label does not match its pattern"),
    "any day": (_lenient(sown="2024-01-01"), "enforces the limits of sown", "sown is not of the format date"),
    "many notes": (_lenient(notes=[]), "enforces the limits of notes", "notes has too many items"),
    "any flag": (_lenient(evergreen=True), "enforces the limits of evergreen", "evergreen is not a boolean"),
    "no name": (_name_optional, "requires name", "name is missing"),
    "maximum rejected": (_requiring("height", lambda value: value != 90), INSIDE, "height is at its maximum"),
    "longest rejected": (
        _requiring("name", lambda value: len(str(value)) < 20),
        INSIDE,
        "name is as long as",
    ),
    "an option rejected": (_requiring("kind", lambda value: value != "herb"), INSIDE, "kind is 'herb'"),
    "maximum crashes": (_crashing(lambda body: body["height"] == 90), INSIDE, "height is at its maximum"),
    "null crashes": (_crashing(lambda body: body.get("sown", 1) is None), INSIDE, "sown is null"),
    "a missing member crashes": (
        _crashing(lambda body: "label" not in body),
        INSIDE,
        "the body has no members but",
    ),
    "emoji crash": (_crashing(lambda body: "🚗" in body.get("comment", "")), UNUSUAL, "comment has an emoji"),
    "NUL crashes": (_crashing(lambda body: "\0" in body["name"]), UNUSUAL, "name has a NUL character"),
    "a long text crashes": (
        _crashing(lambda body: len(body.get("comment", "")) > 255),
        UNUSUAL,
        "comment has 10000",
    ),
    "a leap day crashes": (
        _crashing(lambda body: "02-29" in str(body.get("sown"))),
        UNUSUAL,
        "sown is 2024-02-29",
    ),
    "null is stored": (
        _storing_null,
        "does not store values that the schema does not allow",
        "comment is null, which its schema does not allow",
    ),
    "two values crash together": (
        _crashing(lambda body: body["height"] == 1 and len(body["name"]) == 2),
        INSIDE,
        "name is as short as allowed (2 characters) and height is at its minimum",
    ),
    "escaped": (_escaping, UNUSUAL, "comment has quotes and signs, but it is not stored as it was sent"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_server_is_found(fault: str) -> None:
    read, what, message = WRONG[fault]
    report = report_of(SPEC, Garden(read))
    name = f"addPlant: body: {what}"
    messages = [
        counterexample.message
        for outcome in report.outcomes
        if outcome.requirement.name == name
        for counterexample in outcome.counterexamples
    ]
    assert any(found.startswith(message) for found in messages), messages


def test_a_violation_names_the_keyword_of_the_document() -> None:
    report = report_of(SPEC, Garden(_lenient(height=5)))
    pointers = {found.spec_pointer for outcome in report.outcomes for found in outcome.counterexamples}
    assert "#/components/schemas/Plant/properties/height/maximum" in pointers


def _crash_at(name: str, text: str) -> Callable[[httpx.QueryParams], None]:
    def check(query: httpx.QueryParams) -> None:
        if text in query.get(name, "none"):
            raise ZeroDivisionError

    return check


def _crash_if(condition: Callable[[httpx.QueryParams], bool]) -> Callable[[httpx.QueryParams], None]:
    def check(query: httpx.QueryParams) -> None:
        if condition(query):
            raise ZeroDivisionError

    return check


def _reject_at(name: str, text: str) -> Callable[[httpx.QueryParams], None]:
    def check(query: httpx.QueryParams) -> None:
        if query.get(name) == text:
            raise RejectedError

    return check


QUERIES = {
    "the highest limit crashes": (_crash_at("limit", "50"), "enforces the limits of limit"),
    "the highest limit is rejected": (_reject_at("limit", "50"), "enforces the limits of limit"),
    "an option is rejected": (_reject_at("kind", "herb"), "accepts kind"),
    "a text is a pattern": (_crash_at("q", "["), "does not fail on unusual values of parameters"),
    "an empty text crashes": (
        _crash_if(lambda query: query.get("q") == ""),
        "does not fail on unusual queries",
    ),
    "two values crash": (
        _crash_if(lambda query: len(query.get_list("kind")) > 1),
        "does not fail on unusual queries",
    ),
}


@pytest.mark.parametrize("fault", QUERIES)
def test_a_wrong_list_is_found(fault: str) -> None:
    query, what = QUERIES[fault]
    assert f"listPlants: parameters: {what}" in violated(report_of(SPEC, Garden(query=query)))


def test_limits_are_those_of_the_effective_schema() -> None:
    schema = {
        "allOf": [{"type": "integer", "minimum": 3}, {"minimum": 5, "exclusiveMaximum": 20}],
        "multipleOf": 5,
    }
    spec = loaded(json.dumps(document({"/n": {"get": {"parameters": [parameter("n", schema)]}}})))
    pointer = spec.operations[0].parameters[0].schema
    assert pointer is not None
    found = facets(spec.document, pointer)
    assert {limit.value for limit in inside(found, 0, lambda count: None)} == {5, 10, 15}
    beyond = list(outside(found, 5, lambda count: None))
    assert [limit.value for limit in beyond if limit.keyword != "type"] == [0, 20, 10**20, 11]
    assert keyword_pointer(spec.document, found, "minimum").endswith("/allOf/1/minimum")


def test_values_of_every_kind_have_limits() -> None:
    spec = SPEC
    pointer = "/components/schemas/Plant/properties/"
    shown = {
        name: [
            limit.value
            for limit in inside(facets(spec.document, pointer + name), 0, lambda count: ["x"] * count)
        ]
        for name in ("kind", "evergreen", "notes", "sown")
    }
    assert shown == {
        "kind": ["tree", "herb"],
        "evergreen": [True, False],
        "notes": [[], ["x"] * 3],
        "sown": [None],
    }
    assert Limit({}, "is not a boolean", "type") in outside(
        facets(spec.document, pointer + "evergreen"), True, lambda count: None
    )


@pytest.mark.parametrize(
    ("schema", "within", "beyond"),
    [
        ({"type": "integer", "multipleOf": 5}, [(10, "multipleOf")], [(6, "multipleOf")]),
        (
            {"type": "integer", "multipleOf": 5, "minimum": 7},
            [(10, "minimum"), (15, "")],
            [(2, "minimum"), (16, "multipleOf")],
        ),
        ({"enum": [1, 3.5]}, [(1, "enum"), (3.5, "enum")], [(4.5, "enum")]),
        ({"enum": ["a", 1]}, [("a", "enum"), (1, "enum")], [("x-unknown", "enum")]),
        ({"enum": [True, False]}, [(True, "enum"), (False, "enum")], []),
        (
            {"type": "string", "format": "password", "maxLength": 2},
            [("a0", "maxLength")],
            [("a0 ", "maxLength")],
        ),
        ({"type": "string", "format": "color", "maxLength": 2}, [], [("xxx", "maxLength")]),
    ],
)
def test_each_keyword_has_values_beside_its_limit(
    schema: dict[str, Any], within: list[Any], beyond: list[Any]
) -> None:
    spec = loaded(json.dumps(document({}, components={"schemas": {"S": schema}})))
    found = facets(spec.document, "/components/schemas/S")
    assert [(each.value, each.keyword) for each in inside(found, 0, lambda count: None)] == within
    assert [
        (each.value, each.keyword)
        for each in outside(found, "ab", lambda count: None)
        if each.keyword != "type" and each.value != 10**20
    ] == beyond
