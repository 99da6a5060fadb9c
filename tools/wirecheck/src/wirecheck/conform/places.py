"""Places of values within requests: parameters, and members of a JSON body, with probes of their limits."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, zip_longest
from typing import Any, TypeVar

from wirecheck.conform.case import Case
from wirecheck.conform.encoding import media_types
from wirecheck.conform.probes import Probe
from wirecheck.conform.protocols import Tester
from wirecheck.decode import FIELDS, essence, is_json
from wirecheck.resources import plain, referred
from wirecheck.samples import Facets, facets
from wirecheck.samples.limits import MISSING, Limit, inside, keyword_pointer, outside, tolerated, unusual
from wirecheck.spec import Operation, Parameter, Spec

_T = TypeVar("_T")
_DEPTH = 3  # levels of members
_TEXT = "x"
_LONGEST_ADDRESS = 2000  # characters of a value in a path
_LEVELS = 3  # of alternatives within alternatives
_DOCUMENTED = {
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "enum",
    "type",
}
"""Keywords whose limits a server must accept; at others it may have reasons to reject a value."""
_RULED = (
    *("email", "url", "uri", "website", "link", "host", "currency", "country", "language", "locale", "phone"),
    *("timezone", "password", "secret", "token", "cursor", "page", "after", "before", "offset", "version"),
    *("id", "ids", "uuid", "key", "code", "slug", "number", "handle", "sku", "iban", "zip", "ref", "etag"),
)
"""The last words of names of members for which servers have rules that no schema shows."""

_STAGES = ("status", "state", "stage", "phase", "role")
"""The last words of names of members whose values depend on those that a thing had before."""
_SHAPING = frozenset(
    {"fields", "xfields", "include", "exclude", "select", "mask", "expand", "embed", "projection"}
)
"""Names of parameters that choose which members a response has."""
_REJECTIONS = {"400", "404", "422", "4XX", "default"}
"""Statuses that reject malformed values."""

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in requests of an operation, ``name`` for people; ``usual`` is a valid value for it.

    ``schema`` is that of the parameter, or of the whole body; ``path`` leads to the place within the body,
    empty for a parameter. ``whole`` is a complete valid body. ``is_text`` says that values are written as
    text, so that types other than those of numbers, booleans and texts get lost.
    """

    name: str
    schema: str
    facets: Facets
    usual: Any
    path: _Path = ()
    whole: Any = None
    parameter: Parameter | None = None
    is_required: bool = False
    is_text: bool = True

    def put(self, case: Case, value: Any) -> Case:
        """The case with a value in this place."""
        if self.parameter is not None:
            return case.having(self.parameter.location, self.parameter.name, value)
        return replace(case, body=_put(case.body, self.path, value, self.whole))


@dataclass(frozen=True, slots=True)
class BodyVariant:
    """One alternative of the bodies of an operation: its places, and how a case of it is made."""

    places: tuple[Slot, ...]
    base: Callable[[], Case]


def shapes_response(parameter: Parameter) -> bool:
    """Whether a parameter chooses which members a response has, so that it may lack required ones."""
    return plain(parameter.name) in _SHAPING


def has_limits(spec: Spec, operation: Operation, parameter: Parameter) -> bool:
    """Whether there are values at the limits of a parameter, or beyond them, that requests can have."""
    if parameter.schema is None:
        return False
    found = facets(spec.document, parameter.schema)
    place = Slot(parameter.name, parameter.schema, found, _TEXT, parameter=parameter)
    limits = list(outside(found, _TEXT, _some))
    if operation.method == "GET" and not shapes_response(parameter):
        limits += inside(found, 0, _some)
    return bool(found.branches) or any(_is_writable(place, limit.value) for limit in limits)


def _some(count: int) -> list[Any]:
    return [_TEXT] * count


def parameter_place(session: Tester, parameter: Parameter) -> Slot | None:
    """The place of a parameter, None where it has no schema."""
    if parameter.schema is None:
        return None
    usual = next(iter(session.requests.guesses(parameter)), None)
    found = facets(session.spec.document, *_narrowed(session, (parameter.schema,), usual))
    return Slot(parameter.name, parameter.schema, found, usual, parameter=parameter)


def shapes(session: Tester, operation: Operation) -> Iterator[BodyVariant]:
    """The usual body of an operation with all its members, and one of each other alternative."""
    schema = body_schema(operation)
    if schema is None:
        return
    known, is_json = set[str](), is_json_body(operation)
    count = session.things.alternatives(operation)
    samples = [_sample(session, schema, alternative) for alternative in range(count)]
    usual = partial(session.requests.base, operation)
    wholes: list[tuple[Any, Callable[[], Case]]] = []
    wholes.append((_completed(session, schema, usual().body, samples), usual))
    for alternative, sample in enumerate(samples if count > 1 else ()):
        wholes.append((sample, partial(_made, session, operation, alternative)))
    for whole, base in wholes:
        places = []
        for place in _places(session, schema, (schema,), whole, whole, (), _DEPTH if is_json else 1):
            if (key := f"{place.path} {place.facets.parts}") not in known:
                known.add(key)
                places.append(replace(place, is_text=not is_json))
        yield BodyVariant(tuple(places), base)


def _sample(session: Tester, schema: str, alternative: int) -> Any:
    return next(session.things.samples.values(schema, alternative=alternative), None)


def _completed(session: Tester, schema: str, usual: Any, samples: Sequence[Any]) -> Any:
    """A body with the members of a sample that it lacks, if it is valid then."""
    for sample in samples:
        if isinstance(usual, dict) and isinstance(sample, dict):
            whole = {**sample, **usual}
            if session.things.samples.is_valid(schema, whole):
                return whole
    return samples[0] if usual is None else usual


def _made(session: Tester, operation: Operation, alternative: int) -> Case:
    """A case with a new body of one alternative."""
    base = session.requests.base(operation)
    for resource in session.things.derived.values():
        if operation == resource.replace != resource.create and session.things.can_create(resource):
            keys = session.things.current(resource, alternative).keys
            base = session.things.case(operation, keys)
    return replace(base, body=next(session.things.bodies(operation, alternative=alternative), None))


def body_schema(operation: Operation) -> str | None:
    """The schema of the body in the media type that is preferred, None where it has no members."""
    documented = media_types(operation)
    kind = essence(documented[0].name) if documented else ""
    return documented[0].schema if is_json(kind) or kind in FIELDS else None


def is_json_body(operation: Operation) -> bool:
    documented = media_types(operation)
    return bool(documented) and is_json(essence(documented[0].name))


def _places(
    session: Tester, schema: str, schemas: tuple[str, ...], value: Any, whole: Any, path: _Path, depth: int
) -> Iterator[Slot]:
    """The place of a value, and those of its members."""
    document = session.spec.document
    found = facets(document, *_narrowed(session, schemas, value))
    yield Slot(_name(path) or "the body", schema, found, value, path, whole)
    if depth == 0:
        return
    if isinstance(value, dict):
        for member, pointers in found.properties.items():
            if member not in value or facets(document, *pointers).read_only:
                continue
            here = (*path, member)
            for place in _places(session, schema, pointers, value[member], whole, here, depth - 1):
                yield replace(place, is_required=member in found.required) if place.path == here else place
    elif isinstance(value, list) and value and found.items:
        yield from _places(session, schema, (found.items,), value[0], whole, (*path, 0), depth - 1)


def _narrowed(session: Tester, schemas: tuple[str, ...], value: Any) -> tuple[str, ...]:
    """The schemas with those alternatives of their unions that a value fits."""
    samples = session.things.samples
    for _ in range(_LEVELS):
        found = facets(session.spec.document, *schemas)
        fitting = [
            next((pointer for pointer in branch if samples.is_valid(pointer, value)), None)
            for branch in found.branches
        ]
        added = tuple(pointer for pointer in fitting if pointer and pointer not in found.parts)
        if not added:
            break
        schemas = (*schemas, *added)
    return schemas


def _name(path: _Path) -> str:
    name = ""
    for key in path:
        name += f"[{key}]" if isinstance(key, int) else f".{key}" if name else key
    return name


def _put(body: Any, path: _Path, value: Any, whole: Any) -> Any:
    """A body with a value at a path; what is missing on the way is taken from the whole one."""
    if not path:
        return value
    key, *rest = path
    inner = _at(whole, key)
    if isinstance(key, int):
        items = list(body if isinstance(body, list) and len(body) > key else whole)
        items[key] = _put(items[key], tuple(rest), value, inner)
        return items
    members = dict(body if isinstance(body, dict) else whole if isinstance(whole, dict) else {})
    if not rest and value is MISSING:
        members.pop(key, None)
    else:
        members[key] = _put(members.get(key, inner), tuple(rest), value, inner)
    return members


def _at(value: Any, key: str | int) -> Any:
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        return None


# Probes


def probes_inside(session: Tester, place: Slot, index: int) -> list[Probe]:
    """Probes of the values at the limits of a place."""
    limits = list(inside(place.facets, index, partial(_items, session, place)))
    if place.path and not place.is_required and isinstance(place.path[-1], str):
        limits.append(Limit(MISSING, "is left out"))
    is_free = not _is_ruled(session, place)
    return [
        replace(probe, is_documented=is_free and limit.keyword in _DOCUMENTED)
        for limit, probe in _probes(session, place, limits, is_valid=True)
    ]


def probes_outside(session: Tester, operation: Operation, place: Slot) -> list[Probe]:
    """Probes of values beyond the limits of a place, which the schema does not allow.

    A format is a mere annotation (JSON Schema Validation, 7.2.1) where the operation rejects nothing.
    """
    limits = list(outside(place.facets, place.usual, partial(_items, session, place)))
    if place.path and place.is_required:
        limits.insert(0, Limit(MISSING, "is missing", "required"))
    if place.facets.is_closed and isinstance(place.usual, dict):
        limits.append(
            Limit(
                {**place.usual, "wirecheck": "x"}, "has a member that is not allowed", "additionalProperties"
            )
        )
    if _REJECTIONS.isdisjoint(operation.statuses):
        limits = [limit for limit in limits if limit.keyword != "format"]
    return [probe for _, probe in _probes(session, place, limits, is_valid=False)]


def probes_tolerated(session: Tester, place: Slot) -> list[Probe]:
    """Probes of invalid values that some servers take for valid ones."""
    limits = tolerated(place.facets, partial(_items, session, place))
    found = _probes(session, place, limits, is_valid=False)
    return [replace(probe, path=place.path) for _, probe in found]


def probes_unusual(session: Tester, place: Slot) -> list[Probe]:
    """Probes of unusual but valid values, which the server may reject."""
    return [probe for _, probe in _probes(session, place, unusual(place.facets), is_valid=True)]


def _probes(
    session: Tester, place: Slot, limits: Iterable[Limit], *, is_valid: bool
) -> Iterator[tuple[Limit, Probe]]:
    written = set[str]()
    for limit in limits:
        key = "missing" if limit.value is MISSING else repr(limit.value)
        if key in written or not _is_writable(place, limit.value):
            continue
        written.add(key)
        having = partial(_having, session, place, limit.value, is_valid)
        pointer = keyword_pointer(session.spec.document, place.facets, limit.keyword)
        path = place.path if place.path and _is_stored(place, limit.value) else None
        yield (
            limit,
            Probe(place.name, limit.what, limit.value, f"#{pointer}" if pointer else "", having, path=path),
        )


def _having(session: Tester, place: Slot, value: Any, is_valid: bool, case: Case) -> Case | None:
    """The case with a value, None where it is not as valid as it should be."""
    changed = place.put(case, value)
    checked = value if place.parameter is not None else changed.body
    return changed if session.things.samples.is_valid(place.schema, checked) is is_valid else None


def _is_writable(place: Slot, value: Any) -> bool:
    """Whether a value can be written in its place so that it arrives as what it is."""
    if value is MISSING or not place.is_text:
        return place.parameter is None
    if place.parameter is None:
        return not place.path or (isinstance(value, str | int | float) and place.facets.is_scalar)
    if isinstance(value, list):
        return place.facets.is_array and bool(value)
    if not isinstance(value, str | int | float) or place.facets.is_object or place.facets.is_array:
        return False
    return not isinstance(value, str) or _is_writable_text(place.parameter, value)


def _is_writable_text(parameter: Parameter, text: str) -> bool:
    if parameter.location == "path":
        return text not in ("", ".", "..") and not set(text) & {"/", "\\"} and len(text) < _LONGEST_ADDRESS
    if parameter.location in ("header", "cookie"):
        return text.isascii() and text.isprintable() and text.strip() == text != ""
    return True


def _is_stored(place: Slot, value: Any) -> bool:
    found = place.facets
    if found.write_only or found.options is not None or found.format not in ("", "int32", "int64", "double"):
        return False
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_ruled(session: Tester, place: Slot) -> bool:
    """Whether a server may have reasons to reject a value of a place that its schema allows."""
    if place.parameter is not None and place.parameter.location == "path":
        return True
    name = next((key for key in reversed(place.path) if isinstance(key, str)), place.name)
    word = "".join(f"_{letter}" if letter.isupper() else letter for letter in name).lower()
    last = word.replace("-", "_").replace(".", "_").rpartition("_")[2]
    if place.facets.options is not None:
        return last in _STAGES
    return last in _RULED or plain(name) in _RULED or any(referred(name, session.things.resources))


def _items(session: Tester, place: Slot, count: int) -> list[Any] | None:
    """A list of a number of items, all different where that is possible."""
    found, samples = place.facets, session.things.samples
    if found.items is None:
        return [f"wirecheck {number}" for number in range(count)]
    usual = list(place.usual) if isinstance(place.usual, list) else []
    items: dict[str, Any] = {repr(item): item for item in usual[:count]}
    for index in range(2 * count):
        if len(items) >= count:
            break
        for item in islice(samples.values(found.items, place.name.rpartition(".")[2], index), 1):
            items.setdefault(repr(item), item)
    values = list(items.values())
    if len(values) < count and values and not found.limits.get("uniqueItems"):
        values += [values[0]] * (count - len(values))
    return values if len(values) == count else None


def minimal_probes(session: Tester, place: Slot) -> list[Probe]:
    """A probe of the whole body with nothing but what is required."""
    if not isinstance(place.whole, dict) or place.path:
        return []
    minimal = {name: value for name, value in place.whole.items() if name in place.facets.required}
    limit = Limit(minimal, "has no members but the required ones" if minimal else "has no members")
    return [probe for _, probe in _probes(session, place, [limit], is_valid=True)]


def in_rounds(groups: Sequence[Sequence[_T]]) -> Iterator[list[_T]]:
    """The first member of each group, the second of each, and so on; no member is None."""
    for together in zip_longest(*groups):
        yield [each for each in together if each is not None]
