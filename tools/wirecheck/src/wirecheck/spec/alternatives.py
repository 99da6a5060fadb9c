"""Which alternative of an anyOf or oneOf was meant: by its discriminator, or by members with fixed values."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from wirecheck.model import SpecError
from wirecheck.spec.document import Document, join, target


class Mismatch(Struct, frozen=True):
    """The member that tells the alternatives apart has none of the ``options``, or is missing.

    ``spec_pointer`` is the place that says so.
    """

    member: str
    options: tuple[Any, ...]
    spec_pointer: str


class Choice(Struct, frozen=True):
    """The alternative that a value names, and the value by which it does."""

    index: int
    tag: str


def meant(document: Document, union: str, value: Any) -> Choice | Mismatch | None:
    """The alternative that a value names, of the list at a pointer; None where that is open."""
    alternatives = document.get(union)
    if not isinstance(value, dict) or not isinstance(alternatives, list):
        return None
    schema = document.get(union.rpartition("/")[0])
    discriminator = schema.get("discriminator")
    if isinstance(discriminator, dict) and isinstance(discriminator.get("propertyName"), str):
        return _by_discriminator(document, union, len(alternatives), discriminator, value)
    return _by_fixed_members(document, union, len(alternatives), value)


def _by_discriminator(
    document: Document,
    union: str,
    count: int,
    discriminator: dict[str, Any],
    value: dict[str, Any],
) -> Choice | Mismatch | None:
    """As the Discriminator Object has it: ``mapping``, and names of schemas (OpenAPI 3.1.1, 4.8.25)."""
    targets = [_followed(document, join(union, index)) for index in range(count)]
    indexes = _tags(document, union, targets, discriminator.get("mapping"))
    if not indexes:
        return None
    member = discriminator["propertyName"]
    tag = value.get(member)
    if isinstance(tag, str) and tag in indexes:
        return Choice(indexes[tag], tag)
    default = _mapped(document, discriminator.get("defaultMapping"))  # OpenAPI 3.2
    if default is not None and default in targets:
        return Choice(targets.index(default), "default")
    spec_pointer = join(union.rpartition("/")[0], "discriminator", "propertyName")
    return Mismatch(member, tuple(indexes), spec_pointer)


def _tags(document: Document, union: str, targets: list[str | None], mapping: Any) -> dict[str, int]:
    """The indexes of alternatives by the value of the discriminator that names them."""
    indexes: dict[str, int] = {}
    for name, ref in mapping.items() if isinstance(mapping, dict) else ():
        mapped = _mapped(document, ref)
        if mapped is not None and mapped in targets:
            indexes[name] = targets.index(mapped)
    for index in range(len(targets)):
        alternative = document.get(join(union, index))
        ref = alternative.get("$ref") if isinstance(alternative, dict) else None
        if isinstance(ref, str) and index not in indexes.values():
            indexes.setdefault(ref.rpartition("/")[2], index)
    return indexes


def _by_fixed_members(
    document: Document, union: str, count: int, value: dict[str, Any]
) -> Choice | Mismatch | None:
    """By a member for which the alternatives that are objects allow different values, with const or enum."""
    indexes = [index for index in range(count) if _is_object(document, union, index)]
    fixed = {index: dict(_fixed_members(document, join(union, index))) for index in indexes}
    for member, tag in value.items():
        options = {index: members[member] for index, members in fixed.items() if member in members}
        if len(options) < 2 or len({repr(allowed) for allowed in options.values()}) < len(options):
            continue
        fitting = [index for index, allowed in options.items() if tag in allowed]
        if len(fitting) == 1:
            return Choice(fitting[0], str(tag))
        if not fitting and len(options) == len(fixed):
            return Mismatch(member, _merged(options.values()), union)
    return None


def _merged(options: Iterable[list[Any]]) -> tuple[Any, ...]:
    """The options of all alternatives, each once."""
    return tuple(dict.fromkeys(option for allowed in options for option in allowed))


def _fixed_members(document: Document, schema: str) -> Iterator[tuple[str, list[Any]]]:
    """The members of an object for which a schema allows few values, with these."""
    for pointer in family(document, schema):
        properties = document.get(pointer).get("properties")
        for name in properties if isinstance(properties, dict) else ():
            for part in family(document, join(pointer, "properties", name)):
                rules = document.get(part)
                allowed = [rules["const"]] if "const" in rules else rules.get("enum")
                if isinstance(allowed, list) and all(isinstance(each, str | int) for each in allowed):
                    yield name, allowed


def _is_object(document: Document, union: str, index: int) -> bool:
    """Whether an alternative allows objects, as far as it names types."""
    for pointer in family(document, join(union, index)):
        types = document.get(pointer).get("type", "object")
        if "object" not in (types if isinstance(types, list) else [types]):
            return False
    return isinstance(document.get(join(union, index)), dict)


def family(document: Document, schema: str) -> list[str]:
    """The pointers of a schema and of what applies to the same value without condition: $ref and allOf."""
    pending, visited = [schema], dict[str, None]()
    while pending:
        pointer = pending.pop()
        try:
            value = document.get(pointer)
        except KeyError:
            continue
        if pointer in visited or not isinstance(value, dict):
            continue
        visited[pointer] = None
        parts = value.get("allOf")
        pending += [
            join(pointer, "allOf", index) for index in range(len(parts) if isinstance(parts, list) else 0)
        ]
        if isinstance(value.get("$ref"), str):
            pending.append(target(value["$ref"]))
    return list(visited)


def _mapped(document: Document, ref: Any) -> str | None:
    """What a value of ``mapping`` leads to: a reference, or the name of a schema."""
    if not isinstance(ref, str):
        return None
    return _followed(document, target(ref) if ref.startswith("#") else join("/components/schemas", ref))


def _followed(document: Document, pointer: str) -> str | None:
    try:
        return document.follow(pointer)
    except (KeyError, SpecError):
        return None
