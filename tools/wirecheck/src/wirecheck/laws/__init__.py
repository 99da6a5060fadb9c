"""What a document says beyond schemas: laws of exchanges (x-laws), invariants of values (x-invariants)."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from wirecheck import cel
from wirecheck.cel import ITEM, ONE_EXCHANGE, REQUEST, SELF, SEQUENCE, Expression, View, compiled
from wirecheck.laws.law import Law, Laws
from wirecheck.laws.occurrences import INVARIANTS, Occurrences
from wirecheck.laws.plan import LawPlan, LawPlans
from wirecheck.spec import Operation, Spec, join
from wirecheck.spec.cache import source

__all__ = [
    "INVARIANTS",
    "LAWS",
    "Law",
    "LawPlan",
    "LawPlans",
    "Laws",
    "Occurrences",
    "applying",
    "laws",
    "written_laws",
]

LAWS = "x-laws"

_Read = Callable[[str, frozenset[str]], Expression]
"""The expression of a text that may use some variables; raises ValueError."""


def applying(laws: Iterable[Law], request: View, source: str = "") -> list[Law]:
    """The laws that apply, as far as the request alone decides that."""
    return [law for law in laws if law.applies(request, source)]


def laws(spec: Spec, occurrences: Occurrences | None = None) -> Laws:
    """All laws of a document, compiled: on first use where it is known that they can be.

    An invariant is a law of each operation that may return a value of its schema. Raises SpecError
    for a malformed law, and for an expression that does not compile.
    """
    facts, occurrences = spec.facts, occurrences or Occurrences(spec.document)
    is_known = facts is not None and facts.has(_reader())
    read = partial(compiled, known=is_known)
    invariants: dict[str, tuple[Law, ...]] = {}
    found: dict[str, tuple[Law, ...]] = {}
    for operation in spec.operations:
        own = [
            _law(spec, operation, name, pointer, read)
            for name, pointer in _law_pointers(spec, operation).items()
        ]
        has_invariants = INVARIANTS in spec.marks
        for schema in _schemas_with_invariants(operation, occurrences) if has_invariants else ():
            if schema not in invariants:
                invariants[schema] = tuple(_invariants(spec, schema, read))
            own += [replace(invariant, operation=operation.name) for invariant in invariants[schema]]
        if own:
            found[operation.name] = tuple(own)
    if found and facts is not None and not is_known:
        facts.add(_reader())
    return found


@cache
def _reader() -> bytes:
    """The source of what compiles laws: whether they compile is a fact of one version."""
    return source(Path(__file__).parent, Path(cel.__file__).parent)


def written_laws(spec: Spec, operation: Operation) -> dict[str, dict[str, Any]]:
    """The laws of an operation as they are written, references followed.

    Raises SpecError where ``x-laws`` is not an object, or a reference does not resolve.
    """
    return {name: spec.document.get(pointer) for name, pointer in _law_pointers(spec, operation).items()}


def _law_pointers(spec: Spec, operation: Operation) -> dict[str, str]:
    """Where each law of an operation is defined, by its name."""
    document, pointer = spec.document, join(operation.pointer, LAWS)
    written = document.get(operation.pointer).get(LAWS, {})
    if not isinstance(written, dict):
        raise document.error(pointer, "must be an object of laws")
    pointers = {}
    for name, law in written.items():
        try:
            pointers[name] = document.follow(join(pointer, name))
        except KeyError:
            raise document.error(join(pointer, name), f"$ref {law['$ref']} cannot be resolved") from None
    return pointers


def _law(spec: Spec, operation: Operation, name: str, pointer: str, read: _Read) -> Law:
    document = spec.document
    written = document.get(pointer)
    try:
        then, item = written.get("then"), ITEM if "each" in written else frozenset[str]()
        return Law(
            name=name,
            message=written["message"],
            pointer=pointer,
            when=read(written["when"], REQUEST) if "when" in written else None,
            rule=read(written["rule"], (ONE_EXCHANGE if then is None else SEQUENCE) | item),
            then=then,
            with_={key: read(text, ONE_EXCHANGE | item) for key, text in written.get("with", {}).items()},
            each=read(written["each"], ONE_EXCHANGE) if "each" in written else None,
            operation=operation.name,
            where=f"{document.name}:{document.line(pointer)}",
        )
    except ValueError as error:
        raise document.error(pointer, f"an expression of this law {error}") from None
    except (AttributeError, KeyError, TypeError):
        raise document.error(pointer, "is not a law: `wirecheck lint` says why") from None


def _schemas_with_invariants(operation: Operation, occurrences: Occurrences) -> list[str]:
    """Pointers of the schemas with invariants of whose values a response may consist, or contain."""
    schemas = (content.schema for response in operation.responses for content in response.content)
    return list(dict.fromkeys(home for schema in schemas if schema for home in occurrences.homes(schema)))


def _invariants(spec: Spec, schema: str, read: _Read) -> Iterator[Law]:
    document, pointer = spec.document, join(schema, INVARIANTS)
    written = document.get(pointer)
    if not isinstance(written, dict):
        raise document.error(pointer, "must be an object of invariants")
    for name in written:
        place = join(pointer, name)
        try:
            yield Law(
                name=name,
                message=written[name]["message"],
                pointer=place,
                rule=read(written[name]["rule"], SELF),
                schema=schema,
                where=f"{document.name}:{document.line(place)}",
            )
        except ValueError as error:
            raise document.error(place, f"the rule of this invariant {error}") from None
        except (AttributeError, KeyError, TypeError):
            raise document.error(place, "is not an invariant: `wirecheck lint` says why") from None
