"""What a client lacks of a document: an operation costs itself only, a part of one only its type."""

import importlib
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from support.generating import body, described, fields, operation, parameters
from wirecheck.generate import Client, MissingOperationsError, build, drift, generate
from wirecheck.model import SpecError

NOWHERE = {"$ref": "#/components/schemas/Nowhere"}
UNRESOLVED = "$ref #/components/schemas/Nowhere cannot be resolved"

MISSING: dict[str, tuple[dict[str, Any], str]] = {
    "path-item": (
        {"$ref": "#/components/pathItems/B"},
        "/lost cannot be generated: #/paths/~1lost: $ref #/components/",
    ),
    "address": (
        {"$ref": "https://spec.test/a.yaml"},
        "/lost cannot be generated: #/paths/~1lost: $ref https://spec.test/a.yaml is a URL",
    ),
    "path-item-no-object": (
        {"get": 7},
        "GET /lost cannot be generated: #/paths/~1lost/get: must be an object",
    ),
    "parameter": (
        {"get": operation(parameters=[{"$ref": "#/components/parameters/Nowhere"}])},
        "GET /lost cannot be generated: #/paths/~1lost/get/parameters/0: $ref #/components",
    ),
    "parameter-of-the-path": (
        {"parameters": [{"$ref": "#/components/parameters/Nowhere"}], "get": operation()},
        "GET /lost cannot be generated: #/paths/~1lost/parameters/0: $ref",
    ),
    "parameter-without-name": (
        {"get": operation(parameters=[{"in": "query", "schema": {}}])},
        "a parameter must have `name` and `in`",
    ),
    "parameter-nowhere": (
        {"get": operation(parameters=[{"name": "x", "in": "body", "schema": {}}])},
        '"in" is "body", not "query", "header", "path" or "cookie"',
    ),
    "body": (
        {"post": operation(requestBody={"$ref": "#/components/requestBodies/Nowhere"})},
        "POST /lost cannot be generated: #/paths/~1lost/post/requestBody: $ref",
    ),
}
PARTIAL: dict[str, tuple[dict[str, Any], str]] = {
    "response": (
        operation(response={"200": {"$ref": "#/components/responses/Nowhere"}}),
        "#/paths/~1x/get/responses/200: $ref #/components/responses/Nowhere cannot be resolved",
    ),
    "schema-of-response": (operation(response=NOWHERE), UNRESOLVED),
    "schema-of-parameter": (
        operation(parameters=[{"name": "q", "in": "query", "schema": NOWHERE}]),
        UNRESOLVED,
    ),
    "schema-of-body": (operation(method="post", requestBody=body(NOWHERE)), UNRESOLVED),
    "schema-of-a-member": (operation(response={"type": "object", "properties": {"x": NOWHERE}}), UNRESOLVED),
}


def built(folder: Path, document: dict[str, Any]) -> Client:
    spec = folder / "spec.json"
    spec.write_text(json.dumps(document, indent=1))
    return build(spec, "lossy")


def lossy(item: dict[str, Any]) -> dict[str, Any]:
    """A document with an operation that can be generated, and a path whose operation cannot."""
    document = described(operation("a.get", path="/kept"))
    for each in item.values():
        if isinstance(each, dict):
            each.setdefault("operationId", "lost")
    return {**document, "paths": {**document["paths"], "/lost": item}}


@pytest.mark.parametrize("name", MISSING)
def test_an_operation_that_cannot_be_sent_is_missing(name: str, tmp_path: Path) -> None:
    item, reason = MISSING[name]
    client = built(tmp_path, lossy(item))
    [loss] = client.missing
    assert (loss.operation or "").endswith("/lost")
    assert reason in str(loss)
    line = (tmp_path / "spec.json").read_text().splitlines()[loss.origin.line - 1]
    assert str(loss).startswith(f"{tmp_path / 'spec.json'}:{loss.origin.line}: ")
    assert line.strip()
    for function in (generate, drift):
        with pytest.raises(MissingOperationsError) as raised:
            function(client, tmp_path, "lossy")
        assert raised.value.losses == client.missing
        assert str(raised.value) == f"{loss}; --allow-missing leaves it out"
        assert isinstance(raised.value, SpecError)
    assert not (tmp_path / "lossy").exists()


def test_all_losses_are_told_at_once(tmp_path: Path) -> None:
    document = lossy({"get": 7, "put": 8})
    client = built(tmp_path, document)
    assert [loss.operation for loss in client.missing] == ["GET /lost", "PUT /lost"]
    with pytest.raises(MissingOperationsError, match=r"GET /lost .* \(the first of 2 operations\); "):
        generate(client, tmp_path, "lossy")


def test_what_is_missing_may_be_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = built(tmp_path, lossy({"get": 7}))
    generate(client, tmp_path, "lossy", allow_missing=True)
    assert drift(client, tmp_path, "lossy", allow_missing=True) == []
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module("lossy")
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, json=request.url.path))
    made = package.Lossy(base_url="https://lossy.test", transport=transport)
    assert made.a.get() == "/kept"
    assert [*importlib.import_module("lossy._endpoints").OPERATIONS] == ["do0"]


@pytest.mark.parametrize("name", PARTIAL)
def test_a_part_that_cannot_be_read_costs_its_type(name: str, tmp_path: Path) -> None:
    each, reason = PARTIAL[name]
    client = built(tmp_path, described(each | {"path": "/x"}))
    assert client.missing == []
    [loss] = client.partial
    assert loss.operation is None
    assert reason in str(loss)
    generate(client, tmp_path, "lossy")
    assert b"DO0 = Endpoint(" in client.contents["lossy/_endpoints.py"]


def test_a_file_that_does_not_exist_costs_what_refers_to_it(tmp_path: Path) -> None:
    client = built(
        tmp_path,
        described(
            operation(response={"$ref": "other.yaml#/A"}),
            operation(response=fields("x"), parameters=parameters("q")),
        ),
    )
    assert client.missing == []
    assert "leads to a file that does not exist" in str(client.partial[0])


def test_a_whole_document_lacks_nothing(tmp_path: Path) -> None:
    client = built(tmp_path, described(operation()))
    assert (client.missing, client.partial) == ([], [])
