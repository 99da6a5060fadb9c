"""Where a JSON pointer leads in the schemas of response bodies."""

from collections.abc import Iterable, Iterator

from wirecheck import decode
from wirecheck.spec import Document, Operation, Response, join
from wirecheck.spec.document import tokens


def of_response(response: Response) -> Iterator[str]:
    """The schemas of the JSON bodies of a response."""
    for media_type in response.content:
        if media_type.schema is not None and decode.is_json(decode.essence(media_type.name)):
            yield media_type.schema


def of_successes(operation: Operation) -> list[str]:
    """The schemas of the JSON bodies of the 2xx responses of an operation."""
    successes = (response for response in operation.responses if response.status.startswith("2"))
    return [schema for response in successes for schema in of_response(response)]


def dead_ends(document: Document, bodies: Iterable[str], pointer: str) -> Iterator[str]:
    """For each body in whose schema a pointer leads nowhere, the end of a sentence about it."""
    for body in bodies:
        if not reached(document, body, pointer):
            yield f"has {pointer}, which leads nowhere in #{body}"


def not_arrays(document: Document, bodies: Iterable[str], pointer: str) -> Iterator[str]:
    """For each body in which a pointer leads to anything but a list, the end of a sentence about it."""
    for body in bodies:
        schemas = reached(document, body, pointer)
        if schemas and not any("array" in decode.schema_types(document, schema) for schema in schemas):
            yield f"has {pointer} as items, which is not an array in #{body}"


def items(document: Document, bodies: Iterable[str], pointer: str) -> Iterator[str]:
    """The schemas of the items of the lists to which a pointer leads."""
    for body in bodies:
        for schema in reached(document, body, pointer):
            for part in decode.parts(document, schema):
                if "items" in document.get(part):
                    yield join(part, "items")


def reached(document: Document, schema: str, pointer: str) -> list[str]:
    """The schemas that say something about the value to which a pointer leads."""
    schemas = [schema]
    for token in tokens(pointer):
        composed = dict.fromkeys(part for schema in schemas for part in decode.parts(document, schema))
        schemas = [
            join(part, "properties", token)
            for part in composed
            if token in document.get(part).get("properties", {})
        ]
    return schemas
