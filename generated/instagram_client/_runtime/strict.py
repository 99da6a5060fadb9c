"""Validation of responses against the schemas of the document, by jsonschema-rs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from .endpoints import Endpoint
from .errors import InstagramError


class JSONSchemas:
    """The schemas of all responses: ``schemas.json`` of the package, by operationId and status."""

    def __init__(self) -> None:
        try:
            import jsonschema_rs
        except ImportError as error:
            raise InstagramError(
                "strict=True requires jsonschema-rs: pip install jsonschema-rs"
            ) from error
        self._make = jsonschema_rs.Draft202012Validator
        self._options = jsonschema_rs.RegexOptions()
        self._document = json.loads(Path(__file__).with_name("schemas.json").read_bytes())
        self._validators: dict[tuple[str, str], Any] = {}

    def problem(self, endpoint: Endpoint, status: int, body: Any) -> str | None:
        """Why a JSON body is invalid, None if it is valid."""
        documented = self._document["responses"][endpoint.id]
        keys = (str(status), f"{status // 100}XX", "default")
        key = next((key for key in keys if key in documented), None)
        if key is None:
            return None if status >= 400 else f"{endpoint.name} documents no status {status}"
        if documented[key] is None:
            return None
        error = next(self._validator(endpoint.id, key).iter_errors(body), None)
        if error is None:
            return None
        place = "".join(f"/{part}" for part in error.instance_path)
        return f"the body does not match its schema at {place or 'its root'}: {error.message}"

    def _validator(self, operation_id: str, status: str) -> Any:
        key = operation_id, status
        if key not in self._validators:
            schema = {**self._document, "$ref": f"#/responses/{operation_id}/{status}"}
            self._validators[key] = self._make(schema, pattern_options=self._options, offline=True)
        return self._validators[key]


@cache
def schemas() -> JSONSchemas:
    """Read and compiled once."""
    return JSONSchemas()
