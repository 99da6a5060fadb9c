"""What a schema allows, in a few words, and the names by which its place in the page is found."""

from collections.abc import Iterator
from typing import Any

from wirecheck import decode
from wirecheck.redact import MASK, is_secret_value, printable
from wirecheck.spec import Document, join
from wirecheck.spec.document import target, tokens

_DEEPEST = 20  # schemas within each other that are described at one place
_MOST_VALUES = 12  # of an enumeration that are listed
_RANGES = (
    # keyword for the least, keyword for the most, what is counted
    ("minLength", "maxLength", "characters"),
    ("minItems", "maxItems", "items"),
    ("minProperties", "maxProperties", "members"),
    ("minimum", "maximum", ""),
    ("exclusiveMinimum", "exclusiveMaximum", "(exclusive)"),
)


def line(text: object) -> str:
    """A text of the document on one line which neither ends a cell of a table nor starts HTML."""
    return printable(" ".join(str(text).split())).replace("|", "\\|").replace("<", "\\<")


def code(text: object) -> str:
    """A text of the document as code within a line, also where it holds backticks."""
    shown = printable(" ".join(str(text).split())).replace("|", "\\|")
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def component(pointer: str) -> str | None:
    """The name of the component schema that stands at a pointer; None for other places."""
    match tokens(pointer):
        case ("components", "schemas", name):
            return name
    return None


def heading(name: str) -> str:
    """The heading of the section of a component schema; it differs from those of operations and groups."""
    return f"{line(name)} (schema)"


def link(name: str) -> str:
    """A link to the section of a component schema."""
    return f"[{line(name)}](#{slug(heading(name))})"


def slug(text: str) -> str:
    """The anchor that GitHub gives a heading."""
    kept = (character for character in text.lower() if character.isalnum() or character in " -_")
    return "".join(kept).replace(" ", "-")


def summary(document: Document, pointer: str, within: tuple[str, ...] = ()) -> str:
    """Type and limits of a schema in a few words, component schemas as links.

    ``within`` are the schemas around it: one that leads back to one of them, or that is deep below them,
    is named by its place alone.
    """
    schema = document.get(pointer)
    if not isinstance(schema, dict):
        return "anything" if schema else "nothing"
    if pointer in within or len(within) >= _DEEPEST:
        return f"as at {code(f'#{pointer}')}"
    within = (*within, pointer)
    if isinstance(schema.get("$ref"), str):
        return _reference(document, target(schema["$ref"]), within)
    words = [_type(document, pointer, schema, within), *_limits(document, pointer, schema)]
    return ", ".join(word for word in words if word) or "anything"


def _reference(document: Document, pointer: str, within: tuple[str, ...]) -> str:
    name = component(pointer)
    return link(name) if name else summary(document, pointer, within)


def _type(document: Document, pointer: str, schema: dict[str, Any], within: tuple[str, ...]) -> str:
    if "const" in schema:
        return code(schema["const"])
    if isinstance(schema.get("enum"), list):
        return _values(schema["enum"])
    text = _composition(document, pointer, schema, within) or _type_names(document, pointer, schema, within)
    return f"{text} ({line(schema['format'])})" if "format" in schema else text


def _composition(document: Document, pointer: str, schema: dict[str, Any], within: tuple[str, ...]) -> str:
    """The schemas that it is composed of; empty where it is not, or where they say nothing of the type."""
    for keyword, joint in (("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")):
        parts = schema.get(keyword)
        count = len(parts) if isinstance(parts, list) else 0
        summaries = [summary(document, join(pointer, keyword, index), within) for index in range(count)]
        telling = [words for words in dict.fromkeys(summaries) if words != "anything"]
        if telling:
            return joint.join(telling)
    return ""


def _type_names(document: Document, pointer: str, schema: dict[str, Any], within: tuple[str, ...]) -> str:
    types = schema.get("type", [])
    names = [line(name) for name in (types if isinstance(types, list) else [types])]
    if "array" in names and "items" in schema:
        names[names.index("array")] = f"array of {summary(document, join(pointer, 'items'), within)}"
    return " or ".join(names)


def _values(values: list[Any]) -> str:
    shown = ", ".join(code(value) for value in values[:_MOST_VALUES])
    rest = len(values) - _MOST_VALUES
    return f"one of {shown}" + (f" and {rest} more" if rest > 0 else "")


def _limits(document: Document, pointer: str, schema: dict[str, Any]) -> Iterator[str]:
    for least, most, counted in _RANGES:
        low, high = schema.get(least), schema.get(most)
        if low is None and high is None:
            continue
        if low is None:
            words = f"at most {line(high)}"
        elif high is None:
            words = f"at least {line(low)}"
        else:
            words = f"{line(low)} to {line(high)}"
        yield f"{words} {counted}".rstrip()
    if "multipleOf" in schema:
        yield f"a multiple of {line(schema['multipleOf'])}"
    if "pattern" in schema:
        yield f"matches {code(schema['pattern'])}"
    if "default" in schema:
        value = schema["default"]
        yield f"default {MASK if is_secret_value(document, pointer, value) else code(value)}"


def rules(document: Document, pointer: str) -> Iterator[tuple[str, str]]:
    """Name and sentence of each rule (x-rule) of a schema, through references and compositions."""
    for part in decode.parts(document, pointer, ("allOf",)):
        schema = document.get(part)
        if "x-rule" in schema:
            yield line(schema["x-rule"]), line(schema.get("x-message", ""))


def properties(document: Document, pointer: str) -> Iterator[tuple[str, str, bool]]:
    """Name, pointer and whether it is required, for each property of a schema and of what it is made of."""
    parts = decode.parts(document, pointer, ("allOf",))
    required: list[Any] = []
    for part in parts:
        names = document.get(part).get("required")
        required += names if isinstance(names, list) else []
    known: set[str] = set()
    for part in parts:
        for name in document.get(part).get("properties", {}):
            if name not in known:
                known.add(name)
                yield name, join(part, "properties", name), name in required
