"""The plan of a conformance run for people, and as one JSON object for programs."""

import textwrap
from collections.abc import Iterator

import msgspec
from click import style

from wirecheck.conform.plan import Plan, PlannedOperation, PlannedResource, PlannedValue
from wirecheck.escapes import printable, printable_json
from wirecheck.words import counted

_VERSION = 1
_COLUMNS = 80
_HEADING = 17  # columns before a paragraph


def plan_to_text(plan: Plan) -> Iterator[str]:
    """Resources, operations with their values and requirements, and what is missing."""
    total = sum(len(operation.requirements) for operation in plan.operations)
    yield from _wrapped(
        f"{plan.spec}: {counted(total, 'requirement')} of {counted(len(plan.operations), 'operation')}."
        " Nothing was sent."
    )
    yield "\n" + style("Resources", bold=True) + ", by paths and schemas\n"
    if not plan.resources:
        yield "  none: no path ends in a parameter, such as /books/{book_id}\n"
    for resource in plan.resources:
        yield from _resource(resource)
    yield "\n" + style("Operations", bold=True) + ", with the values that they require\n"
    for operation in plan.operations:
        yield from _operation(operation)
    missing = [(operation, value) for operation in plan.operations for value in operation.missing]
    yield "\n" + style("What --values must give", bold=True) + "\n"
    if not missing:
        yield "  nothing\n"
    for operation, value in missing:
        yield from _paragraph(operation.name, f"{_name(value)}: {value.how}")


def plan_to_json(plan: Plan) -> Iterator[str]:
    """One JSON object."""
    value = {"version": _VERSION, **msgspec.to_builtins(plan)}
    yield msgspec.json.format(printable_json(msgspec.json.encode(value).decode()), indent=1) + "\n"


def _resource(resource: PlannedResource) -> Iterator[str]:
    yield from _title(resource.name, resource.item)
    within = f", within {resource.parent}" if resource.parent else ""
    members = " or ".join(resource.key_members)
    yield from _paragraph("key", f"{resource.key}, in an item {members or 'unknown'}{within}")
    roles = (f"{name} ({role})" for role, name in resource.operations.items())
    yield from _paragraph("operations", ", ".join(roles))
    if resource.items is not None:
        yield from _paragraph("list", f"items at {_place(resource.items)} of the body")
    if "read" in resource.operations:
        yield from _paragraph("item", f"at {_place(resource.thing)} of the body")
    if not resource.is_derived:
        yield from _paragraph("writes", "as the extensions of the document say (x-undo, x-laws, x-needs)")


def _operation(operation: PlannedOperation) -> Iterator[str]:
    yield from _title(operation.name, f"{operation.method} {operation.path}")
    for value in operation.values:
        how = f" ({value.how})" if value.how else ""
        yield from _paragraph("value", f"{_name(value)}: {value.origin.value}{how}")
    for line in operation.listing:
        yield from _paragraph("list", line)
    kind = ""
    for requirement in operation.requirements:
        source = f" [{requirement.source}]" if requirement.source else ""
        heading = "" if requirement.kind == kind else requirement.kind
        yield from _paragraph(heading, requirement.what + source)
        kind = requirement.kind


def _name(value: PlannedValue) -> str:
    return f"{value.name} in {value.location}" if value.name else value.location


def _place(path: tuple[str, ...]) -> str:
    return "the member " + ".".join(path) if path else "the root"


def _title(name: str, what: str) -> Iterator[str]:
    yield f"\n  {style(printable(name), bold=True)}  {printable(what)}\n"


def _paragraph(heading: str, text: str) -> Iterator[str]:
    """Wrapped lines beside a heading, below which they do not go."""
    first = f"    {printable(heading):<{_HEADING - 5}} "
    if len(first) > _HEADING:
        yield first.rstrip() + "\n"
        first = " " * _HEADING
    yield from _wrapped(text, first)


def _wrapped(text: str, first: str = "") -> Iterator[str]:
    """Lines of at most 80 columns; only a single long word exceeds them."""
    indent = " " * len(first)
    yield (
        textwrap.fill(
            printable(text),
            _COLUMNS,
            initial_indent=first,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        + "\n"
    )
