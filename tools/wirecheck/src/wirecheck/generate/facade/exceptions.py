"""What a client raises for the errors of the API (x-exception)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wirecheck.generate.facade.code import code, literal
from wirecheck.model import SpecError
from wirecheck.spec import Operation, Spec

_OF_THE_RUNTIME = {
    "BadRequestError": 400,
    "AuthenticationError": 401,
    "PermissionDeniedError": 403,
    "NotFoundError": 404,
    "RateLimitError": 429,
    "InternalServerError": 500,
}


def own_exceptions(spec: Spec) -> Mapping[str, str]:
    """Exceptions that the document adds, each with the class that it refines."""
    found: dict[str, str] = {}
    for name, base in _named(spec):
        if name not in _OF_THE_RUNTIME:
            found.setdefault(name, base)
    return found


def meanings(spec: Spec) -> str:
    """What error types mean, in code."""
    types: list[str] = []
    messages: list[str] = []
    by_type: dict[str, str] = {}
    for value, _ in _exceptions(spec):
        types += value.get("error-type", [])
        messages += value.get("error-message", [])
        for name, meaning in value.get("by-error-type", {}).items():
            made = _meaning(meaning)
            if by_type.setdefault(name, made) != made:
                raise SpecError(spec.document.name, f"x-exception says two things of {name}")
    table = ", ".join(f"{name!r}: {made}" for name, made in by_type.items())
    return code(
        "Meanings",
        type_pointers=literal(tuple(dict.fromkeys(types))),
        message_pointers=literal(tuple(dict.fromkeys(messages))),
        by_type=f"{{{table}}}" if table else None,
    )


def meanings_of(spec: Spec, operation: Operation) -> str | None:
    """What the statuses of an operation mean, in code."""
    table = ", ".join(
        f"{response.status.upper()!r}: {_meaning(exception)}"
        for response in operation.responses
        if (exception := spec.document.get(response.pointer).get("x-exception"))
    )
    return f"{{{table}}}" if table else None


def _named(spec: Spec) -> Iterator[tuple[str, str]]:
    """Each class that is named, and the one above it."""
    by_status = {status: name for name, status in _OF_THE_RUNTIME.items()}
    for value, statuses in _exceptions(spec):
        numbers = [int(status) for status in statuses if status.isdecimal()]
        base = by_status.get(numbers[0], "APIStatusError") if numbers else "APIStatusError"
        if statuses[0].startswith("5"):
            base = "InternalServerError"
        yield value["class"], base
        for meaning in value.get("by-error-type", {}).values():
            yield meaning["class"], value["class"]


def _exceptions(spec: Spec) -> Iterator[tuple[Mapping[str, Any], Sequence[str]]]:
    """Each x-exception in its long form, and the statuses that it stands for."""
    statuses = defaultdict(list)
    for operation in spec.operations:
        for response in operation.responses:
            statuses[response.pointer].append(response.status)
    for pointer, stands_for in statuses.items():
        value = spec.document.get(pointer).get("x-exception")
        if value is not None:
            yield ({"class": value} if isinstance(value, str) else value), stands_for


def _meaning(exception: Any) -> str:
    if isinstance(exception, str):
        return code("Meaning", exception)
    if "hint" not in exception:
        return code("Meaning", exception["class"])
    types = literal(tuple(exception.get("by-error-type", ())))
    return code("Meaning", exception["class"], repr(exception["hint"]), types=types)
