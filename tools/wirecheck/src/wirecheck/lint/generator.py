"""What openapi-python-client loses or breaks without a word (measured with 0.29.1)."""

from collections.abc import Iterator

from wirecheck.lint.problem import Problem
from wirecheck.model import Severity
from wirecheck.spec import Document, Kind, Node, join

_COMPOSITIONS = ("allOf", "anyOf", "oneOf")
_TYPED = ("type", "$ref", "enum", "const", *_COMPOSITIONS)


def losses(document: Document, nodes: list[Node]) -> Iterator[Problem]:
    """Constructs that a generated client would silently lack or get wrong."""
    for node in nodes:
        for pointer, what, severity in _of_node(node):
            yield Problem("generator-keeps", severity, pointer, what)
    yield from _names(document)


def _of_node(node: Node) -> Iterator[tuple[str, str, Severity]]:
    value, pointer = node.value, node.pointer
    if node.kind is Kind.PATH_ITEM and node.ref:
        yield pointer, "a path item that is a $ref is lost with its operations", Severity.ERROR
    elif node.kind is Kind.RESPONSE and node.ref and pointer.startswith("/components/"):
        yield pointer, "a component response that is itself a $ref is lost", Severity.ERROR
    elif node.kind is Kind.OPERATION:
        for status in value.get("responses", {}):
            if status[1:] == "xx":
                yield (
                    join(pointer, "responses", status),
                    f"write {status.upper()}: in lower case it is refused",
                    Severity.ERROR,
                )
    elif node.kind is Kind.PARAMETER and not node.ref:
        yield from _of_parameter(node)
    elif node.kind is Kind.SCHEMA:
        yield from _of_schema(node)


def _of_parameter(node: Node) -> Iterator[tuple[str, str, Severity]]:
    value, pointer = node.value, node.pointer
    if "content" in value:
        yield join(pointer, "content"), "a parameter with `content` is lost", Severity.ERROR
    if "description" in value:
        yield (
            join(pointer, "description"),
            "a parameter's own description is lost: put it into its schema",
            Severity.WARNING,
        )
    schema = value.get("schema")
    if value.get("in") == "query" and isinstance(schema, dict) and "default" in schema:
        yield (
            join(pointer, "schema", "default"),
            "a default of a query parameter is sent with every request",
            Severity.WARNING,
        )


def _of_schema(node: Node) -> Iterator[tuple[str, str, Severity]]:
    value, pointer = node.value, node.pointer
    parent = pointer.rpartition("/")[0]
    if isinstance(value, bool):
        if pointer.endswith("/items") or parent.endswith("/properties"):
            yield pointer, "a schema that is true or false stops the generator", Severity.ERROR
        return
    if len(value.get("allOf", [])) > 1 and "type" not in value:
        yield pointer, "allOf without `type` beside it makes the generator skip what uses it", Severity.ERROR
    enum = value.get("enum")
    if isinstance(enum, list):
        if None in enum and len(enum) > 1:
            yield (
                join(pointer, "enum"),
                "an enum with null makes several classes: use oneOf with {type: 'null'}",
                Severity.WARNING,
            )
        texts = [one.upper() for one in enum if isinstance(one, str)]
        if len(set(texts)) < len(texts) and "x-enum-varnames" not in value:
            yield join(pointer, "enum"), "values that differ in case only stop the generator", Severity.ERROR
    stands_alone = parent.endswith(("/properties", "/components/schemas")) or pointer.endswith(
        ("/items", "/schema")
    )
    if stands_alone and not any(keyword in value for keyword in _TYPED):
        yield pointer, "a schema without `type` becomes Any", Severity.WARNING


def _names(document: Document) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name in document.data.get("components", {}).get("schemas", {}):
        pointer = join("/components/schemas", name)
        if name == "Response":
            yield Problem(
                "generator-keeps",
                Severity.ERROR,
                pointer,
                "a schema named Response breaks the generated code",
            )
        folded = "".join(character for character in name.lower() if character.isalnum())
        if folded in seen:
            what = f"the generator drops it: it has the same class name as {seen[folded]}"
            yield Problem("generator-keeps", Severity.ERROR, pointer, what)
        seen.setdefault(folded, name)
