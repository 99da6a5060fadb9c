"""Documents of OpenAPI 2.0 to 3.2 are loaded, and no others."""

from pathlib import Path
from typing import Any

import pytest

from support.documents import api, rejection, spec
from wirecheck.model import SpecError
from wirecheck.spec import load


@pytest.mark.parametrize(
    ("version", "what"),
    [
        (None, "is not an OpenAPI document"),
        (4, "OpenAPI 4 is not supported"),
        (True, "is not an OpenAPI document"),
        (["3.1.0"], "is not an OpenAPI document"),
        ("2.0", "OpenAPI 2.0 is not supported"),
        ("3.3.0", "OpenAPI 3.3.0 is not supported, only 2.0, 3.0.x, 3.1.x or 3.2.x"),
        ("3", "OpenAPI 3 is not supported"),
        ("3.10.0", "OpenAPI 3.10.0 is not supported"),
        ("3.1.0\n", "is not supported"),
        ("v3.1.0", "is not supported"),
        ("", "is not supported"),
    ],
)
def test_other_versions_are_rejected(version: Any, what: str) -> None:
    assert what in rejection({**api(), "openapi": version}).what


@pytest.mark.parametrize(("text", "line"), [("null", 1), ("\n- a\n", 2), ("text", 1), ("[1]", 1)])
def test_a_document_is_an_object(text: str, line: int, tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(text)
    with pytest.raises(SpecError, match=f"api.yaml:{line}: is not an OpenAPI document: it must be an object"):
        load(path)


@pytest.mark.parametrize("version", ["1.2", "2.1", "3.0.0", "", None])
def test_other_versions_of_swagger_are_rejected(version: Any) -> None:
    document = api()
    del document["openapi"]
    assert "OpenAPI" in rejection({"swagger": version, **document}).what


@pytest.mark.parametrize("version", ["2.0", 2.0])
def test_swagger_2_0_is_loaded(version: Any) -> None:
    document = api({"/a": {"get": {}}})
    del document["openapi"]
    assert [each.name for each in spec({"swagger": version, **document}).operations] == ["GET /a"]


@pytest.mark.parametrize(
    "version",
    ["3.0.0", "3.0.4", "3.1.0", "3.1.1", "3.1.99", "3.1", 3.1, "3.2.0", "3.2", "3.0.0-rc2", "3.1.0-rc1"],
)
def test_every_patch_is_loaded(version: Any) -> None:
    assert [each.name for each in spec({**api({"/a": {"get": {}}}), "openapi": version}).operations] == [
        "GET /a"
    ]


def test_the_smallest_document_has_no_operations() -> None:
    assert spec({"openapi": "3.1.0"}).match("GET", "/") is None
