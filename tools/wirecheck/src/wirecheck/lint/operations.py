"""The rule about the names of operations."""

from collections.abc import Iterator

from wirecheck.lint.rule import Context, Flaw, Ruleset, rule
from wirecheck.model import Severity
from wirecheck.spec import Kind


@rule(
    Severity.ERROR,
    Ruleset.CORE,
    why="""\
    Findings, links, laws, generated methods and the option --operation name operations by their
    operationId. OpenAPI requires it to be unique. A missing one is allowed, and a warning: the
    operation is then named by its method and path.""",
    bad="""\
    paths:
      /books:
        get:
          operationId: listBooks
          responses: {'200': {description: Books.}}
      /authors:
        get:
          operationId: listBooks
          responses: {'200': {description: Authors.}}
    """,
    good="""\
    paths:
      /books:
        get:
          operationId: listBooks
          responses: {'200': {description: Books.}}
      /authors:
        get:
          operationId: listAuthors
          responses: {'200': {description: Authors.}}
    """,
)
def operation_id_unique(context: Context) -> Iterator[Flaw]:
    """Every operation has an operationId, and no two have the same.

    Operations below webhooks and in callbacks count as well.
    """
    pointers: dict[str, str] = {}
    for node in context.nodes:
        if node.kind is not Kind.OPERATION:
            continue
        name = node.value.get("operationId")
        if "operationId" not in node.value:
            yield Flaw(node.pointer, "the operation has no operationId", Severity.WARNING)
        elif isinstance(name, str) and pointers.setdefault(name, node.pointer) != node.pointer:
            yield Flaw(node.pointer, f"the operationId {name} is already used at #{pointers[name]}")
