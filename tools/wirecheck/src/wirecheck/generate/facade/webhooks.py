"""The functions that verify and parse webhook payloads."""

from collections.abc import Iterator
from dataclasses import dataclass

from wirecheck.generate.facade.code import identifier
from wirecheck.generate.facade.credentials import digest
from wirecheck.generate.facade.text import docstring, safe
from wirecheck.shapes import ANYTHING, Shape, Shapes
from wirecheck.spec import Document, join


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook with a signature, in code, but for the shape of its payload."""

    name: str
    docstring: str
    header: str
    key: str
    options: str
    shape: Shape


def webhooks(document: Document, shapes: Shapes) -> Iterator[Webhook]:
    """Those with x-signature: the sender of any other payload cannot be verified."""
    for name in document.data.get("webhooks", {}):
        item = document.follow(join("/webhooks", name))
        value = document.get(item).get("post", {})
        if "x-signature" not in value:
            continue
        signature = value["x-signature"]
        content = document.follow(join(item, "post", "requestBody")) if "requestBody" in value else ""
        media = document.get(content).get("content", {}).get("application/json", {}) if content else {}
        schema = join(content, "content", "application/json", "schema")
        yield Webhook(
            name=value["x-resource"].split(".")[1] if "x-resource" in value else identifier(name),
            docstring=docstring(value, {}, {}),
            header=safe(signature["header"]),
            key=identifier(signature["key"]),
            options=f"algorithm={digest(signature['algorithm'])!r}, prefix={signature.get('prefix', '')!r}",
            shape=shapes.of(schema, f"{name} payload") if "schema" in media else ANYTHING,
        )
