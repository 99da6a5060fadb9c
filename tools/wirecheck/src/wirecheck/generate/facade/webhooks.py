"""The functions that verify and parse webhook payloads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wirecheck.generate.facade.code import identifier
from wirecheck.generate.facade.credentials import digest
from wirecheck.generate.facade.text import docstring, safe
from wirecheck.generate.names import distinct_names
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


_USED = ("TYPE_CHECKING", "annotations", "cast", "decode", "verified")
"""What the module of the functions imports, and they use."""
_ARGUMENTS = ("body", "payload", "signature")


def webhooks(document: Document, shapes: Shapes) -> Iterator[Webhook]:
    """Those with x-signature: the sender of any other payload cannot be verified."""
    items = {name: document.follow(join("/webhooks", name)) for name in document.data.get("webhooks", {})}
    posts = {name: document.get(item).get("post", {}) for name, item in items.items()}
    signed = {name: post for name, post in posts.items() if "x-signature" in post}
    names = distinct_names(signed, lambda name: _function(name, signed[name]), _USED)
    for name, post in signed.items():
        schema = _payload(document, join(items[name], "post"))
        signature = post["x-signature"]
        [key] = distinct_names([signature["key"]], identifier, (*_USED, *_ARGUMENTS)).values()
        yield Webhook(
            name=names[name],
            docstring=docstring(post, {}, {}),
            header=safe(signature["header"]),
            key=key,
            options=f"algorithm={digest(signature['algorithm'])!r}, prefix={signature.get('prefix', '')!r}",
            shape=shapes.of(schema, f"{name} payload") if schema else ANYTHING,
        )


def _function(name: str, post: Mapping[str, Any]) -> str:
    return str(post["x-resource"].split(".")[1]) if "x-resource" in post else identifier(name)


def _payload(document: Document, post: str) -> str | None:
    """The pointer of the schema of a payload."""
    if "requestBody" not in document.get(post):
        return None
    body = document.follow(join(post, "requestBody"))
    media = document.get(body).get("content", {}).get("application/json", {})
    return join(body, "content", "application/json", "schema") if "schema" in media else None
