"""Small OpenAPI documents, and what they are loaded as."""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest

from wirecheck.model import SpecError
from wirecheck.spec import Operation, Spec, load

Json = dict[str, Any]


def spec(document: Json, base_path: str | None = None) -> Spec:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "api.json")
        path.write_text(json.dumps(document, indent=1))
        return load(path, base_path)


def api(paths: Json | None = None, **members: Any) -> Json:
    """A document with the required members alone."""
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths or {}, **members}


def gets(*templates: str, **members: Any) -> Json:
    return api({template: {"get": {}} for template in templates}, **members)


def rejection(document: Json) -> SpecError:
    with pytest.raises(SpecError) as caught:
        spec(document)
    assert re.search(r"api\.json(:\d+)?$", caught.value.where)
    return caught.value


def problems(document: Json) -> list[tuple[int, str, str]]:
    """What of a document cannot be used: the line, the pointer and the message of each problem."""
    loaded = spec(document).document
    origins = ((loaded.where(problem), problem.message) for problem in loaded.problems)
    return [(origin.line, origin.pointer, message) for origin, message in origins]


def operation(value: Json, **members: Any) -> Operation:
    """The only operation of a document, by its Operation Object."""
    (result,) = spec(api({"/a": {"post": value}}, **members)).operations
    return result


def route(
    document: Json, path: str, method: str = "GET", base_path: str | None = None
) -> tuple[str, Json] | None:
    """Template and raw values of a path; None when the document has none for it."""
    match = spec(document, base_path).match(method, path)
    return (match.template, match.values) if match else None
