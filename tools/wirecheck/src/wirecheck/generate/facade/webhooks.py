"""The functions that read what the server sends by itself."""

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
    """Those with x-signature: others could be from anybody."""
    for name, item in document.data.get("webhooks", {}).items():
        value = item.get("post", {}) if isinstance(item, dict) else {}
        if "x-signature" not in value:
            continue
        signature = value["x-signature"]
        content = value.get("requestBody", {}).get("content", {}).get("application/json", {})
        result, build, imports = _built(content.get("schema", {}), data)
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


def _built(schema: Mapping[str, Any], data: "GeneratorData") -> tuple[str, str, Sequence[str]]:
    """Type and builder of a JSON value called ``payload``, and the imports for both."""
    from openapi_python_client.strings import ClassName

    models = {str(model.class_info.name): model.class_info for model in data.models}

    def model(of: Any) -> Any:
        if isinstance(of, dict) and "$ref" in of:
            return models.get(ClassName(of["$ref"].rpartition("/")[2], "field_"))
        return None

    if schema.get("type") == "array" and (info := model(schema.get("items"))):
        made = f"list[{info.name}]", f"[{info.name}.from_dict(each) for each in payload]"
    elif info := model(schema):
        made = str(info.name), f"{info.name}.from_dict(payload)"
    else:
        return "Any", "payload", []
    return *made, [f"from .models.{info.module_name} import {info.name}"]
