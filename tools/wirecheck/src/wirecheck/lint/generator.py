"""The rule about what openapi-python-client loses or breaks in silence (measured with 0.29.1)."""

from collections.abc import Iterator

from wirecheck import decode
from wirecheck.lint.rule import Context, Flaw, Ruleset, rule
from wirecheck.model import Severity
from wirecheck.spec import Document, Kind, Node, join

_COMPOSITIONS = ("allOf", "anyOf", "oneOf")
_TYPED = ("type", "$ref", "enum", "const", *_COMPOSITIONS)


@rule(
    Severity.ERROR,
    Ruleset.CLIENT,
    why="""\
    `wirecheck generate` writes clients with openapi-python-client. Some valid constructs it drops
    or misreads without a message: the client then lacks a method, or a description. What it only types
    less well than it could is a warning. The rule set is off by default, because it does not concern
    documents from which no client is generated.""",
    bad="""\
    components:
      schemas:
        Response:
          type: object
          properties:
            title: {type: string}
    """,
    good="""\
    components:
      schemas:
        Book:
          type: object
          properties:
            title: {type: string}
    """,
)
def generator_keeps(context: Context) -> Iterator[Flaw]:
    """The document uses nothing that openapi-python-client loses or breaks in silence."""
    for node in context.nodes:
        if node.kind is Kind.PATH_ITEM and node.ref:
            yield Flaw(node.pointer, "a path item that is a $ref is lost with its operations")
        elif node.kind is Kind.RESPONSE and node.ref and node.pointer.startswith("/components/"):
            yield Flaw(node.pointer, "a component response that is itself a $ref is lost")
        elif node.kind is Kind.OPERATION:
            yield from _statuses(node)
        elif node.kind is Kind.PARAMETER and not node.ref:
            yield from _parameter(node)
        elif node.kind is Kind.SCHEMA:
            yield from _schema(context, node)
    yield from _class_names(context.document)


def _statuses(node: Node) -> Iterator[Flaw]:
    for status in node.value.get("responses", {}):
        if status[1:] == "xx":
            yield Flaw(
                join(node.pointer, "responses", status),
                f"write {status.upper()}: the generator rejects it in lower case",
            )


def _parameter(node: Node) -> Iterator[Flaw]:
    value, pointer = node.value, node.pointer
    if "content" in value:
        yield Flaw(join(pointer, "content"), "a parameter with `content` is lost")
    if "description" in value:
        yield Flaw(
            join(pointer, "description"),
            "the description of a parameter is lost: put it into its schema",
            Severity.WARNING,
        )
    schema = value.get("schema")
    if value.get("in") == "query" and isinstance(schema, dict) and "default" in schema:
        yield Flaw(
            join(pointer, "schema", "default"),
            "the default of a query parameter is sent with every request",
            Severity.WARNING,
        )


def _schema(context: Context, node: Node) -> Iterator[Flaw]:
    value, pointer = node.value, node.pointer
    parent = pointer.rpartition("/")[0]
    if isinstance(value, bool):
        if pointer.endswith("/items") or parent.endswith("/properties"):
            yield Flaw(pointer, "a schema that is true or false stops the generator")
        return
    if len(value.get("allOf", [])) > 1 and "type" not in value:
        types = decode.schema_types(context.document, pointer) - {"null", "object"}
        if types:
            what = f"allOf without `type` beside it becomes an object, not {' or '.join(sorted(types))}"
            yield Flaw(pointer, what)
    yield from _enum(node)
    stands_alone = parent.endswith(("/properties", "/components/schemas")) or pointer.endswith(
        ("/items", "/schema")
    )
    if stands_alone and not any(keyword in value for keyword in _TYPED):
        yield Flaw(pointer, "a schema without `type` becomes Any", Severity.WARNING)


def _enum(node: Node) -> Iterator[Flaw]:
    values, pointer = node.value.get("enum"), join(node.pointer, "enum")
    if not isinstance(values, list):
        return
    if None in values and len(values) > 1:
        yield Flaw(
            pointer,
            "an enum with null makes several classes: use oneOf with {type: 'null'}",
            Severity.WARNING,
        )


def _class_names(document: Document) -> Iterator[Flaw]:
    """Schemas whose classes would have the name of another class."""
    earlier: dict[str, str] = {}
    for name in document.data.get("components", {}).get("schemas", {}):
        pointer = join("/components/schemas", name)
        if name == "Response":
            yield Flaw(pointer, "a schema named Response breaks the generated code")
        folded = "".join(character for character in name.lower() if character.isalnum())
        if folded in earlier:
            yield Flaw(pointer, f"the generator drops it: it has the same class name as {earlier[folded]}")
        earlier.setdefault(folded, name)
