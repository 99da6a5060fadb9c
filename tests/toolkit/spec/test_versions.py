"""Only documents of OpenAPI 3.1 are loaded."""

from typing import Any

import pytest

from support.documents import api, rejection, spec


@pytest.mark.parametrize(
    ("version", "what"),
    [
        (None, "is not an OpenAPI document"),
        (3.1, "is not an OpenAPI document"),
        (["3.1.0"], "is not an OpenAPI document"),
        ("2.0", "OpenAPI 2.0 is not supported"),
        ("3.0.3", "OpenAPI 3.0.3 is not supported"),
        ("3.2.0", "OpenAPI 3.2.0 is not supported"),
        ("3.1", "OpenAPI 3.1 is not supported"),
        ("3.10.0", "OpenAPI 3.10.0 is not supported"),
        ("3.1.0\n", "is not supported"),
        ("v3.1.0", "is not supported"),
        ("", "is not supported"),
    ],
)
def test_only_openapi_3_1_is_loaded(version: Any, what: str) -> None:
    assert what in rejection({**api(), "openapi": version}).what


def test_swagger_is_not_openapi_3_1() -> None:
    document = api()
    del document["openapi"]
    assert "not an OpenAPI document" in rejection({"swagger": "2.0", **document}).what


@pytest.mark.parametrize("version", ["3.1.0", "3.1.1", "3.1.99"])
def test_every_patch_of_3_1_is_loaded(version: str) -> None:
    assert spec({**api(), "openapi": version}).operations == ()


def test_the_smallest_document_has_no_operations() -> None:
    assert spec({"openapi": "3.1.0"}).match("GET", "/") is None
