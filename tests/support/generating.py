"""Small documents to generate clients of, and what is done with the clients."""

import atexit
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from support.paths import SPECS

PETSHOP = SPECS / "petshop.yaml"


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything below the folder: None stands for a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts
    }


def run_python(code: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path)
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@cache
def mypy_cache() -> str:
    """The folder where mypy keeps what it found out of libraries, as long as this process runs."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return folder.name


def problems_of_types(folder: Path, *packages: str) -> list[str]:
    """What mypy --strict says."""
    code = "import sys; from mypy.main import main; main(args=sys.argv[1:])"
    named = [argument for package in packages for argument in ("-p", package)]
    done = subprocess.run(
        [sys.executable, "-c", code, "--strict", "--cache-dir", mypy_cache(), *named],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return [line for line in done.stdout.splitlines() if not line.startswith("Success: no issues found")]


# Documents


def operation(resource: str | None = None, response: Any = None, **more: Any) -> dict[str, Any]:
    """A GET that returns text by default; ``response`` is a schema, or the responses by status."""
    content = {"application/json": {"schema": response or {"type": "string"}}}
    responses = response if response and "type" not in response and "$ref" not in response else None
    named = {"x-resource": resource} if resource else {}
    return {"responses": responses or {"200": {"description": "d", "content": content}}, **named, **more}


def parameters(*names: str, where: str = "query", **schema: Any) -> list[dict[str, Any]]:
    required = {"required": True} if where == "path" else {}
    return [{"name": name, "in": where, "schema": schema or {"type": "string"}, **required} for name in names]


def body(schema: Any, media_type: str = "application/json", required: bool = True) -> dict[str, Any]:
    return {"required": required, "content": {media_type: {"schema": schema}}}


def fields(*names: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}}


def described(*operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A document; each operation has its own path, or that of its member ``path``."""
    paths: dict[str, Any] = {}
    for number, each in enumerate(operations):
        whole = {"operationId": f"do{number}", **each}
        paths[whole.pop("path", f"/{number}")] = {whole.pop("method", "get"): whole}
    components = {
        name: more.pop(name) for name in ("schemas", "securitySchemes", "responses") if name in more
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1", **more.pop("info", {})},
        "paths": paths,
        "components": components,
        **more,
    }


def key(name: str, where: str = "query", **more: str) -> dict[str, str]:
    return {"type": "apiKey", "in": where, "name": name, **more}


def with_exception(exception: Any, status: str = "400", **more: Any) -> dict[str, Any]:
    """A document with x-exception."""
    content = {"application/json": {"schema": fields("code")}}
    error = {"description": "d", "x-exception": exception, "content": content}
    responses = {"200": {"description": "d"}, status: {"$ref": "#/components/responses/Refusal"}}
    return described(operation("a.get", responses), responses={"Refusal": error}, **more)
