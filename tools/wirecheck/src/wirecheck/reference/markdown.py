"""The page as Markdown."""

from collections.abc import Iterable, Iterator
from typing import Any

from wirecheck.escapes import printable
from wirecheck.reference.schemas import (
    code,
    component,
    heading,
    line,
    link,
    properties,
    rules,
    slug,
    summary,
)
from wirecheck.spec import Document, Kind, MediaType, Operation, Spec, join, walk
from wirecheck.spec.document import tokens


def to_markdown(spec: Spec) -> Iterator[str]:
    """The page in pieces."""
    document = spec.document
    info = document.data.get("info", {})
    yield f"# {line(info.get('title', 'API'))}\n\n"
    servers = [server for server in document.data.get("servers", []) if isinstance(server, dict)]
    addresses = ", ".join(code(server.get("url", "")) for server in servers)
    yield f"Version {line(info.get('version', '?'))}{f', served at {addresses}' if addresses else ''}.\n\n"
    yield from _text(info.get("description"))
    groups = _by_tag(spec)
    yield from _contents(groups)
    for tag, operations in groups.items():
        yield f"## {line(tag)}\n\n"
        for operation in operations:
            yield from _operation(spec, operation)
    names = list(document.data.get("components", {}).get("schemas", {}))
    if names:
        yield "## Schemas\n\n"
    users = _users(document)
    for name in names:
        pointer = join("/components/schemas", name)
        yield from _schema(document, name, pointer, sorted(users.get(f"#{pointer}", ())))


def _by_tag(spec: Spec) -> dict[str, list[Operation]]:
    groups: dict[str, list[Operation]] = {}
    for operation in spec.operations:
        tags = spec.document.get(operation.pointer).get("tags")
        tag = str(tags[0]) if isinstance(tags, list) and tags else "Operations"
        groups.setdefault(tag, []).append(operation)
    return groups


def _contents(groups: dict[str, list[Operation]]) -> Iterator[str]:
    rows = [
        (f"[{line(operation.name)}](#{slug(_heading(operation))})", _request(operation), line(tag))
        for tag, operations in groups.items()
        for operation in operations
    ]
    yield from _table(("operation", "request", "group"), rows)


def _heading(operation: Operation) -> str:
    """Unique, and different from those of groups and schemas."""
    return f"{line(operation.name)}: {operation.method} {line(operation.template)}"


def _request(operation: Operation) -> str:
    return code(f"{operation.method} {operation.template}")


def _operation(spec: Spec, operation: Operation) -> Iterator[str]:
    document = spec.document
    value = document.get(operation.pointer)
    yield f"### {_heading(operation)}\n\n"
    if value.get("deprecated") is True:
        yield "**Deprecated.**\n\n"
    yield from _text(value.get("summary"))
    yield from _text(value.get("description"))
    yield from _security(spec, operation)
    yield from _parameters(document, operation)
    yield from _body(document, operation)
    yield from _responses(document, operation)
    yield from _laws(document, operation)
    yield from _history(value)


def _text(text: Any) -> Iterator[str]:
    """A description, which is CommonMark; its headings become bold, as the page has its own."""
    if not isinstance(text, str) or not text.strip():
        return
    lines = (printable(each) for each in text.strip().splitlines())
    yield "\n".join(f"**{each.strip('# ')}**" if each.startswith("#") else each for each in lines) + "\n\n"


def _security(spec: Spec, operation: Operation) -> Iterator[str]:
    alternatives = []
    requirements = spec.document.get(operation.security_pointer) if operation.security else []
    for requirement in requirements:
        schemes = (
            f"{line(name)} ({', '.join(map(line, scopes))})"
            if scopes and isinstance(scopes, list)
            else line(name)
            for name, scopes in requirement.items()
        )
        alternatives.append(" with ".join(schemes) or "no credentials")
    if alternatives:
        yield f"Credentials: {'; or '.join(alternatives)}.\n\n"


def _parameters(document: Document, operation: Operation) -> Iterator[str]:
    rows = [
        (
            code(parameter.name),
            parameter.location + (", required" if parameter.required else ""),
            summary(document, parameter.schema) if parameter.schema else "anything",
            line(_description(document, parameter.pointer) or _description(document, parameter.schema)),
        )
        for parameter in operation.parameters
    ]
    if rows:
        yield "#### Parameters\n\n"
        yield from _table(("name", "in", "type", ""), rows)
    for parameter in operation.parameters:
        if parameter.schema:
            yield from _rules(document, parameter.schema, code(parameter.name))


def _body(document: Document, operation: Operation) -> Iterator[str]:
    if operation.request_body is None:
        return
    required = "required" if operation.request_body.required else "optional"
    yield f"#### Request body ({required})\n\n"
    for media_type in operation.request_body.content:
        yield f"{_media_type(document, media_type)}\n\n"
        if media_type.schema and component(document.follow(media_type.schema)) is None:
            yield from _properties(document, media_type.schema)


def _media_type(document: Document, media_type: MediaType) -> str:
    described = f": {summary(document, media_type.schema)}" if media_type.schema else ""
    return f"{code(media_type.name)}{described}"


def _responses(document: Document, operation: Operation) -> Iterator[str]:
    yield "#### Responses\n\n"
    rows = [
        (
            code(response.status),
            line(document.get(response.pointer).get("description", "")),
            "; ".join(_media_type(document, media_type) for media_type in response.content),
        )
        for response in operation.responses
    ]
    yield from _table(("status", "", "body"), rows)


def _laws(document: Document, operation: Operation) -> Iterator[str]:
    pointer = join(operation.pointer, "x-laws")
    laws = document.get(operation.pointer).get("x-laws", {})
    if not isinstance(laws, dict) or not laws:
        return
    yield "#### Laws\n\n"
    for name in laws:
        law = document.get(document.follow(join(pointer, name)))
        yield f"- **{line(name)}**: {line(law.get('message', ''))}\n"
        for member in ("when", "each", "then", "with", "rule"):
            if member in law:
                yield f"  - {member}: {_expressions(law[member])}\n"
    yield "\n"


def _expressions(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{line(name)} = {code(text)}" for name, text in value.items())
    return code(value)


def _history(operation: dict[str, Any]) -> Iterator[str]:
    lifecycle = operation.get("x-lifecycle", [])
    migration = operation.get("x-migration")
    if not lifecycle and not isinstance(migration, dict):
        return
    yield "#### History\n\n"
    for change in lifecycle:
        yield f"- {line(change['date'])}: {line(change['what'])}\n"
    if isinstance(migration, dict):
        note = f" {line(migration['note'])}" if "note" in migration else ""
        yield f"- Replaced by: {line(migration.get('replacement') or 'nothing')}.{note}\n"
    yield "\n"


def _schema(document: Document, name: str, pointer: str, users: list[str]) -> Iterator[str]:
    schema = document.get(pointer)
    yield f"### {heading(name)}\n\n"
    if not isinstance(schema, dict):
        yield f"{'Anything' if schema else 'Nothing'}.\n\n"
        return
    yield from _text(schema.get("description"))
    yield f"{summary(document, pointer)}\n\n"
    yield from _properties(document, pointer)
    yield from _rules(document, pointer)
    yield from _invariants(document, pointer)
    if users:
        yield f"Used by {', '.join(users)}.\n\n"


def _properties(document: Document, pointer: str) -> Iterator[str]:
    members = list(properties(document, pointer))
    rows = [
        (
            code(name),
            "required" if required else "",
            summary(document, place),
            line(_description(document, place)),
        )
        for name, place, required in members
    ]
    if rows:
        yield from _table(("member", "", "type", ""), rows)
    for name, place, _ in members:
        if component(document.follow(place)) is None:
            yield from _rules(document, place, code(name))


def _description(document: Document, pointer: str | None) -> str:
    """The description of an object, or of the one that it refers to; empty without one."""
    if pointer is None:
        return ""
    for place in (pointer, document.follow(pointer)):
        value = document.get(place)
        if isinstance(value, dict) and "description" in value:
            return str(value["description"])
    return ""


def _rules(document: Document, pointer: str, owner: str = "") -> Iterator[str]:
    listed = [f"- **{name}**: {message}\n" for name, message in rules(document, pointer)]
    if listed:
        yield f"Rules{f' of {owner}' if owner else ''}:\n\n{''.join(listed)}\n"


def _invariants(document: Document, pointer: str) -> Iterator[str]:
    invariants = document.get(pointer).get("x-invariants", {})
    if not isinstance(invariants, dict) or not invariants:
        return
    yield "Invariants:\n\n"
    for name, invariant in invariants.items():
        yield f"- **{line(name)}**: {line(invariant.get('message', ''))}\n"
        yield f"  - rule: {code(invariant.get('rule', ''))}\n"
    yield "\n"


def _users(document: Document) -> dict[str, set[str]]:
    """Links to the component schemas that refer to another schema, by the reference."""
    users: dict[str, set[str]] = {}
    for node in walk(document):
        if node.kind is Kind.SCHEMA and node.ref:
            match tokens(node.pointer):
                case ("components", "schemas", name, *_) if join("#/components/schemas", name) != node.ref:
                    users.setdefault(node.ref, set()).add(link(name))
    return users


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    titles = list(head)
    yield f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}\n"
    for row in rows:
        yield f"| {' | '.join(row)} |\n"
    yield "\n"
