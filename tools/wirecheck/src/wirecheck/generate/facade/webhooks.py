"""The functions that verify and parse webhook payloads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wirecheck.generate.facade.code import identifier
from wirecheck.generate.facade.credentials import digest
from wirecheck.generate.facade.text import docstring, safe
from wirecheck.spec import Document

if TYPE_CHECKING:
    from openapi_python_client.parser import GeneratorData


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook with a signature, in code."""

    name: str
    docstring: str
    header: str
    key: str
    options: str
    result: str
    build: str
    imports: Sequence[str]


def webhooks(document: Document, data: "GeneratorData") -> Iterator[Webhook]:
    """Those with x-signature: the sender of any other payload cannot be verified."""
    for name, item in document.data.get("webhooks", {}).items():
        value = item.get("post", {}) if isinstance(item, dict) else {}
        if "x-signature" not in value:
            continue
        signature = value["x-signature"]
        content = value.get("requestBody", {}).get("content", {}).get("application/json", {})
        result, build, imports = _builder(content.get("schema", {}), data)
        yield Webhook(
            name=value["x-resource"].split(".")[1] if "x-resource" in value else identifier(name),
            docstring=docstring(value, {}),
            header=safe(signature["header"]),
            key=identifier(signature["key"]),
            options=f"algorithm={digest(signature['algorithm'])!r}, prefix={signature.get('prefix', '')!r}",
            result=result,
            build=build,
            imports=imports,
        )


def _builder(schema: Mapping[str, Any], data: "GeneratorData") -> tuple[str, str, Sequence[str]]:
    """Type and construction of a JSON value called ``payload``, and the imports for both."""
    from openapi_python_client.strings import ClassName

    models = {str(model.class_info.name): model.class_info for model in data.models}

    def referenced(value: Any) -> Any:
        if isinstance(value, dict) and "$ref" in value:
            return models.get(ClassName(value["$ref"].rpartition("/")[2], "field_"))
        return None

    if schema.get("type") == "array" and (info := referenced(schema.get("items"))):
        types = f"list[{info.name}]", f"[{info.name}.from_dict(item) for item in payload]"
    elif info := referenced(schema):
        types = str(info.name), f"{info.name}.from_dict(payload)"
    else:
        return "Any", "payload", []
    return *types, [f"from .models.{info.module_name} import {info.name}"]
