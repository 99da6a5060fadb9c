"""The rules that a client checks before it sends anything (x-rule)."""

from collections.abc import Iterator
from typing import Any

from wirecheck.generate.facade.code import code
from wirecheck.generate.runtime.rules import KEYWORDS
from wirecheck.spec import Document, join

_IGNORED = {"description", "title", "$comment", "examples"}


def rules_of(document: Document, pointer: str) -> Iterator[str]:
    """The named rules of a schema that the client can check, in code."""
    pointer = document.follow(pointer)
    schema = document.get(pointer)
    for index in range(len(schema.get("allOf", [])) if isinstance(schema, dict) else 0):
        member = join(pointer, "allOf", index)
        value = document.get(document.follow(member))
        if isinstance(value, dict) and "x-rule" in value:
            plain = {key: part for key, part in value.items() if not key.startswith("x-")}
            if _is_checkable(plain):
                yield code("Rule", repr(value["x-rule"]), repr(value["x-message"]), repr(plain))
        else:
            yield from rules_of(document, member)


def _is_checkable(schema: Any) -> bool:
    """Whether the runtime knows all keywords: ignoring one below ``not`` would invert its meaning."""
    if isinstance(schema, bool):
        return True
    subschemas = [schema[word] for word in ("not",) if word in schema]
    subschemas += [member for word in ("allOf", "anyOf", "oneOf") for member in schema.get(word, [])]
    return schema.keys() <= KEYWORDS.keys() | _IGNORED and all(map(_is_checkable, subschemas))
