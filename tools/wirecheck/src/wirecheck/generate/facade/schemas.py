"""The schemas that a strict client validates responses against."""

import json
from typing import Any

from wirecheck.redact import printable_json
from wirecheck.spec import Kind, Spec, walk
from wirecheck.spec.document import target, tokens


def response_schemas(spec: Spec) -> bytes:
    """The schemas of all responses and of what they refer to, as JSON; by operation and status."""
    responses: dict[str, dict[str, Any]] = {}
    pointers: list[str] = []
    for operation in spec.operations:
        responses[operation.name] = {}
        for response in operation.responses:
            media = next((media for media in response.content if "json" in media.name), None)
            schema = media.schema if media else None
            key = response.status if response.status == "default" else response.status.upper()
            responses[operation.name][key] = {"$ref": f"#{schema}"} if schema else None
            pointers += [schema] if schema else []
    document: dict[str, Any] = {}
    for pointer in pointers:  # grows while it is iterated
        value = spec.document.get(pointer)
        _put(document, pointer, value)
        references = (node.ref for node in walk(spec.document, Kind.SCHEMA, pointer))  # none in examples
        pointers += dict.fromkeys(target(ref) for ref in references if ref and target(ref) not in pointers)
    text = json.dumps({"responses": responses, **document}, indent=1, ensure_ascii=False)
    return "".join(f"{printable_json(line)}\n" for line in text.split("\n")).encode()


def _put(document: dict[str, Any], pointer: str, value: Any) -> None:
    *above, last = tokens(pointer)
    for name in above:
        document = document.setdefault(name, {})
    document[last] = value
