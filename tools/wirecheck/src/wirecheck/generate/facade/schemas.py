"""The schemas that a strict client holds answers against."""

import json
from collections.abc import Iterator
from typing import Any

from wirecheck.spec import Spec
from wirecheck.spec.document import target, tokens


def answer_schemas(spec: Spec) -> bytes:
    """The schemas of all answers and of what they refer to, as JSON; by operation and status."""
    responses: dict[str, dict[str, Any]] = {}
    needed: list[str] = []
    for operation in spec.operations:
        responses[operation.name] = {}
        for response in operation.responses:
            media = next((one for one in response.content if "json" in one.name), None)
            schema = media.schema if media else None
            key = response.status if response.status == "default" else response.status.upper()
            responses[operation.name][key] = {"$ref": f"#{schema}"} if schema else None
            needed += [schema] if schema else []
    document: dict[str, Any] = {}
    for pointer in needed:  # it grows
        value = spec.document.get(pointer)
        _put(document, pointer, value)
        needed += [one for one in _references(value) if one not in needed]
    return json.dumps({"responses": responses, **document}, indent=1, ensure_ascii=False).encode() + b"\n"


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield target(value["$ref"])
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def _put(document: dict[str, Any], pointer: str, value: Any) -> None:
    *above, last = tokens(pointer)
    for name in above:
        document = document.setdefault(name, {})
    document[last] = value
