"""Answers against the schemas of the document, by jsonschema-rs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from .errors import ClientError
from .operations import Operation


class JSONSchemas:
    """The schemas of all answers: ``schemas.json`` of the package, by operationId and status."""

    def __init__(self) -> None:
        try:
            import jsonschema_rs
        except ImportError as error:
            raise ClientError("strict=True needs jsonschema-rs: pip install jsonschema-rs") from error
        self._make = jsonschema_rs.Draft202012Validator
        self._options = jsonschema_rs.RegexOptions()
        self._document = json.loads(Path(__file__).with_name("schemas.json").read_bytes())
        self._validators: dict[tuple[str, str], Any] = {}

    def problem(self, operation: Operation, status: int, body: Any) -> str | None:
        """What is wrong with a JSON body, None if nothing is."""
        described = self._document["responses"][operation.id]
        key = next((key for key in (str(status), f"{status // 100}XX", "default") if key in described), None)
        if key is None:
            return None if status >= 400 else f"{operation.name} documents no status {status}"
        if described[key] is None:
            return None
        validator = self._validators.get((operation.id, key))
        if validator is None:
            pointer = f"#/responses/{operation.id}/{key}"
            validator = self._make({**self._document, "$ref": pointer}, pattern_options=self._options)
            self._validators[operation.id, key] = validator
        error = next(validator.iter_errors(body), None)
        if error is None:
            return None
        place = "".join(f"/{part}" for part in error.instance_path)
        return f"the body does not fit its schema at {place or 'its top'}: {error.message}"


@cache
def schemas() -> JSONSchemas:
    """Read and compiled once."""
    return JSONSchemas()
