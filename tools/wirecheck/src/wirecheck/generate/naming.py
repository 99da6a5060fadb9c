"""The names of resources and methods, as a plain document suggests them.

What is derived for an operation depends on that operation alone, so that a change of the document renames
nothing else. There are two exceptions: operations without tags form a resource where at least two of them
share a collection, and operations that would have the same name all get a longer one.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from wirecheck.generate.envelopes import ITEMS, Envelope, envelope
from wirecheck.generate.paths import PathRoute, route
from wirecheck.generate.phrases import GENERIC, PREPOSITIONS, phrase
from wirecheck.generate.places import collections, place, tag_path
from wirecheck.generate.settings import NONE, Settings
from wirecheck.spec import Document, Operation, Spec
from wirecheck.words import Words, identifier, is_plural, stem, stems, words

CLIENT_NAMES = frozenset(
    {
        *("base_url", "close", "copy", "default_headers", "default_query", "is_closed", "max_retries"),
        *("request", "timeout", "transport", "with_options", "with_raw_response", "with_streaming_response"),
    }
)
"""What a client has beside its resources."""
RESOURCE_NAMES = frozenset({"with_raw_response", "with_streaming_response"})
"""What a resource has beside its methods."""

_PAGING = {
    *("count", "cursor", "has_more", "limit", "links", "meta", "next", "next_cursor", "next_page"),
    *("next_page_token", "next_url", "offset", "page", "page_info", "page_size", "pages", "paging"),
    *("pagination", "total", "total_count", "total_pages"),
}
"""Members beside a list that say it is one."""
_METHODS = {"POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
_DISTINCT: Mapping[str, Words] = {"PUT": ("replace",), "PATCH": ("update",), "POST": ("create",)}


class MethodName(NamedTuple):
    """Where the method of an operation is: ``client.bookings.payments.create``.

    ``resource`` is empty for a method of the client itself.
    """

    resource: tuple[str, ...]
    method: str

    def __str__(self) -> str:
        return ".".join((*self.resource, self.method))


def method_names(
    spec: Spec, settings: Settings = NONE, reserved: Collection[str] = CLIENT_NAMES
) -> Mapping[str, MethodName]:
    """The name of the method of each operation, by the pointer of the operation.

    ``reserved`` are the attributes of a client; resources and methods get other names.
    Raises SpecError for two operations that are given the same name.
    """
    given = _given(spec, settings)
    candidates = {pointer: names for pointer, names in _candidates(spec, reserved) if pointer not in given}
    return _distinct(given, candidates)


def _candidates(spec: Spec, reserved: Collection[str]) -> Iterator[tuple[str, tuple[MethodName, ...]]]:
    values = {operation.pointer: spec.document.get(operation.pointer) for operation in spec.operations}
    routes = {operation.pointer: route(operation.template) for operation in spec.operations}
    tags = {pointer: tag_path(value.get("tags")) for pointer, value in values.items()}
    known = collections(routes[pointer] for pointer, tag in tags.items() if not tag)
    for operation in spec.operations:
        pointer = operation.pointer
        name = values[pointer].get("operationId")
        naming = _Naming(spec.document, operation, name, tags[pointer], routes[pointer], known)
        yield pointer, tuple(_identifiers(*names, reserved) for names in naming.names())


def _identifiers(resource: tuple[Words, ...], method: Words, reserved: Collection[str]) -> MethodName:
    names = [*map(identifier, (*resource, method))]
    for index, name in enumerate(names):
        if name in (reserved if index == 0 else RESOURCE_NAMES):
            names[index] = f"{name}_"
    return MethodName(tuple(names[:-1]), names[-1])


class _Naming:
    """The names for one operation."""

    def __init__(
        self,
        document: Document,
        operation: Operation,
        name: object,
        tag: tuple[Words, ...],
        path: PathRoute,
        known: Collection[tuple[Words, ...]],
    ) -> None:
        self.document = document
        self.operation = operation
        self.method = operation.method.upper()
        self.route = path
        self.tag = tag
        self.statics = tuple(word for segment in path.segments for word in segment.words)
        self.phrase = phrase(operation, name if isinstance(name, str) else None, tag, path)
        self.place = place(tag, path, self.phrase, self.method, known)

    def names(self) -> Iterator[tuple[tuple[Words, ...], Words]]:
        """Names as resource and method, from the best to those that are more likely to be distinct."""
        resource = self.place.resource
        yield resource, self._short()
        by_tag, longer = (self.tag or resource, self._short()), (resource, self._longer())
        yield from (by_tag, longer) if self.phrase.is_path else (longer, by_tag)
        yield resource, self._with_parameters() if self.phrase.is_path else self.phrase.words
        yield resource, self._by_path()

    def _short(self) -> Words:
        if self.place.is_action:
            return self.place.modifiers
        if not self.statics and not self.phrase.words:
            return self._by_path()
        if self.place.is_named:
            return self._named()
        return (*self._verb(), *self.place.modifiers)

    def _verb(self) -> Words:
        verb = self.phrase.verb
        if not verb:
            return self._canonical()
        if set(stems(verb)) <= set(stems(self.place.resource[-1] if self.place.resource else ())):
            return ("create",) if self.method == "PUT" else self._canonical()
        canonical = self.phrase.canonical(self.method)
        if canonical is not None:
            return (canonical,) if canonical else self._canonical()
        needs_more = verb[0] in GENERIC["GET"].split() and not self.place.modifiers
        return self._longer() if needs_more else verb

    def _canonical(self) -> Words:
        """What the method of HTTP means here."""
        if self.method == "GET":
            return ("list",) if self._is_list() else ("retrieve",)
        if self.method == "POST" and self.route.is_item:
            return ("update",)
        return (_METHODS.get(self.method, self.operation.method.lower()),)

    def _is_list(self) -> bool:
        if "list" in self.phrase.verb or self.route.is_item:
            return "list" in self.phrase.verb
        body = envelope(self.document, self.operation)
        if body is not None and not body.is_opaque:
            return body.is_array or (body.items is not None and self._is_envelope(body))
        has_other = body is None and any(response.content for response in self.operation.responses)
        return not has_other and is_plural(self.statics)

    def _is_envelope(self, body: Envelope) -> bool:
        items = words((body.items or "").rpartition("/")[2])
        resource = self.place.resource[-1] if self.place.resource else ()
        return (
            not ITEMS.isdisjoint(items)
            or stems(items)[-1:] == stems(resource)[-1:]
            or any("_".join(words(name)) in _PAGING for name in body.members)
        )

    def _named(self) -> Words:
        """The words of the operationId without those of the resource."""
        if not self.phrase.words:
            return self._by_path()
        if not self.tag:
            return self.phrase.words
        verb, rest = self.phrase.verb, _without(self.phrase.rest, self.tag[-1])
        if rest or self.phrase.canonical(self.method) is None:
            return (*verb, *rest) or self._canonical()
        return self._verb()

    def _longer(self) -> Words:
        """The verb of the operationId and what the resource does not say already."""
        if self.phrase.is_path:
            return self._other()
        known = {word for name in self.place.resource for word in stems(name)}
        rest = tuple(word for word in self.phrase.rest if stem(word) not in known)
        if self.phrase.canonical(self.method) != "":
            return (*(self.phrase.verb or self._canonical()), *rest)
        is_collection = not rest and not self.route.is_item and is_plural(self.statics)
        return ("list",) if is_collection else (*self._canonical(), *rest)

    def _other(self) -> Words:
        """A name that says more of the method of HTTP."""
        if self.method == "DELETE" and not self.route.is_item:
            return "delete", "all"
        return _DISTINCT.get(self.method, self._short())

    def _with_parameters(self) -> Words:
        """The short name with the parameters of the path."""
        names = [words(name) for name in re.findall(r"\{([^{}]*)\}", self.operation.template)]
        joined = [word for name in names for word in ("and", *name)]
        return (*self._short(), *(["by", *joined[1:]] if joined else []))

    def _by_path(self) -> Words:
        names = self.statics or (() if "{" in self.operation.template else ("root",))
        return (self.operation.method.lower(), *names, *self.route.action)


def _without(rest: Words, tag: Words) -> Words:
    """The words without a tag, or the end of it, at their beginning or end."""
    parts = [tag[start:] for start in range(len(tag))] + [tag[:end] for end in range(1, len(tag))]
    for name in map(stems, parts):
        if stems(rest[: len(name)]) == name:
            return rest[len(name) :]
        before = rest[: len(rest) - len(name)]
        if stems(rest[len(before) :]) == name and not (before and before[-1] in PREPOSITIONS):
            return before
    return rest


def _given(spec: Spec, settings: Settings) -> dict[str, MethodName]:
    """The names that x-resource and the settings give. Raises SpecError for one that two operations have."""
    given: dict[str, MethodName] = {}
    for operation in spec.operations:
        name = spec.document.get(operation.pointer).get("x-resource")
        name = name if isinstance(name, str) else settings.name(operation)
        if name:
            *resource, method = name.split(".")
            given[operation.pointer] = MethodName(tuple(resource), method)
    by_name: dict[MethodName, str] = {}
    for pointer, method_name in given.items():
        if by_name.setdefault(method_name, pointer) != pointer:
            raise spec.document.error(pointer, f"{method_name} is the name of another operation already")
    return given


def _distinct(
    given: Mapping[str, MethodName], candidates: Mapping[str, tuple[MethodName, ...]]
) -> dict[str, MethodName]:
    levels = dict.fromkeys(candidates, 0)
    while True:
        names = dict(given) | {pointer: candidates[pointer][level] for pointer, level in levels.items()}
        conflicts = [
            pointer
            for pointer in _conflicting(names)
            if pointer in levels and levels[pointer] + 1 < len(candidates[pointer])
        ]
        if not conflicts:
            return _numbered(names, given)
        for pointer in conflicts:
            levels[pointer] += 1


def _conflicting(names: Mapping[str, MethodName]) -> Iterator[str]:
    """The operations whose name another one has, or a resource."""
    counts = Counter(names.values())
    resources = {name.resource[: end + 1] for name in names.values() for end in range(len(name.resource))}
    for pointer, name in names.items():
        if counts[name] > 1 or (*name.resource, name.method) in resources:
            yield pointer


def _numbered(names: Mapping[str, MethodName], given: Mapping[str, MethodName]) -> dict[str, MethodName]:
    """Names with numbers for those that are the same at last, in the order of their pointers."""
    taken = set(given.values()) | {
        MethodName(name.resource[:end], name.resource[end])
        for name in names.values()
        for end in range(len(name.resource))
    }
    result = dict(given)
    for pointer in sorted(names.keys() - given.keys()):
        name, number = names[pointer], 1
        while name in taken:
            number += 1
            name = names[pointer]._replace(method=f"{names[pointer].method.rstrip('_')}_{number}")
        taken.add(name)
        result[pointer] = name
    return result
