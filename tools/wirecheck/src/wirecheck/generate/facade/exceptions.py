"""What a client raises for the errors of the API (x-exception)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wirecheck.generate.facade.code import code, literal
from wirecheck.generate.facade.text import sentence
from wirecheck.model import SpecError
from wirecheck.spec import Operation, Spec

_RUNTIME_CLASSES = {
    "BadRequestError": 400,
    "AuthenticationError": 401,
    "PermissionDeniedError": 403,
    "NotFoundError": 404,
    "ConflictError": 409,
    "UnprocessableEntityError": 422,
    "RateLimitError": 429,
    "InternalServerError": 500,
}


def own_exceptions(spec: Spec) -> Mapping[str, str]:
    """The exception classes that the document adds, each with its base class."""
    bases: dict[str, str] = {}
    for name, base in _named_classes(spec):
        if name not in _RUNTIME_CLASSES:
            bases.setdefault(name, base)
    return bases


def error_mappings(spec: Spec) -> str:
    """The exceptions for error types, in code."""
    types: list[str] = []
    messages: list[str] = []
    by_type: dict[str, str] = {}
    for value, _ in _exceptions(spec):
        types += value.get("error-type", [])
        messages += value.get("error-message", [])
        for name, exception in value.get("by-error-type", {}).items():
            mapping = _mapping(exception)
            if by_type.setdefault(name, mapping) != mapping:
                raise SpecError(spec.document.name, f"x-exception has two meanings for {name}")
    table = ", ".join(f"{name!r}: {mapping}" for name, mapping in by_type.items())
    return code(
        "ErrorMappings",
        type_pointers=literal(tuple(dict.fromkeys(types))),
        message_pointers=literal(tuple(dict.fromkeys(messages))),
        by_type=f"{{{table}}}" if table else None,
    )


def error_mappings_of(spec: Spec, operation: Operation) -> str | None:
    """The exceptions for the statuses of an operation, in code."""
    table = ", ".join(
        f"{response.status.upper()!r}: {_mapping(exception)}"
        for response in operation.responses
        if (exception := spec.document.get(response.pointer).get("x-exception"))
    )
    return f"{{{table}}}" if table else None


def raised(spec: Spec, operation: Operation) -> Mapping[str, str]:
    """The exception classes for the documented errors of an operation, each with what it means."""
    texts: dict[str, list[str]] = {}
    for response in operation.responses:
        if response.status[0] in "45":
            value = spec.document.get(response.pointer)
            texts.setdefault(_class_of(response.status, value.get("x-exception")), []).append(
                sentence(value.get("description", ""))
            )
    return {name: "; ".join(dict.fromkeys(filter(None, each))) for name, each in texts.items()}


def _class_of(status: str, exception: Any) -> str:
    if exception:
        return str(exception if isinstance(exception, str) else exception["class"])
    if status[0] == "5":
        return "InternalServerError"
    return next((name for name, own in _RUNTIME_CLASSES.items() if str(own) == status), "APIStatusError")


def _named_classes(spec: Spec) -> Iterator[tuple[str, str]]:
    """Each class that the document names, and its base class."""
    by_status = {status: name for name, status in _RUNTIME_CLASSES.items()}
    for value, statuses in _exceptions(spec):
        numbers = [int(status) for status in statuses if status.isdecimal()]
        base = by_status.get(numbers[0], "APIStatusError") if numbers else "APIStatusError"
        if statuses[0].startswith("5"):
            base = "InternalServerError"
        yield value["class"], base
        for exception in value.get("by-error-type", {}).values():
            yield exception["class"], value["class"]


def _exceptions(spec: Spec) -> Iterator[tuple[Mapping[str, Any], Sequence[str]]]:
    """Each x-exception in its long form, with the statuses of the responses that have it."""
    statuses = defaultdict(list)
    for operation in spec.operations:
        for response in operation.responses:
            statuses[response.pointer].append(response.status)
    for pointer, keys in statuses.items():
        value = spec.document.get(pointer).get("x-exception")
        if value is not None:
            yield ({"class": value} if isinstance(value, str) else value), keys


def _mapping(exception: Any) -> str:
    if isinstance(exception, str):
        return code("ErrorMapping", exception)
    if "hint" not in exception:
        return code("ErrorMapping", exception["class"])
    types = literal(tuple(exception.get("by-error-type", ())))
    return code("ErrorMapping", exception["class"], repr(exception["hint"]), types=types)
