"""Things of the API that are known: those that this session created, and those that lists show."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from wirecheck.conform.case import GONE, READ_ONLY, READS, Case, InconclusiveError
from wirecheck.conform.encoding import media_types
from wirecheck.conform.ledger import Ledger, Send, Thing, at_path, key_of, keys_of
from wirecheck.conform.observation import Observation
from wirecheck.conform.values import Values
from wirecheck.decode import essence
from wirecheck.encode.media_types import BINARY
from wirecheck.resources import (
    Keys,
    MemberPath,
    Resource,
    item_of,
    parents,
    places,
    plain,
    referred,
    resources,
)
from wirecheck.samples import Facets, Samples, facets
from wirecheck.spec import Operation, Parameter, Spec

_VARIED = (10, 3, 8, 1, 12, 5, 9, 2)  # indices of values that differ in any order but their own
_UNKNOWN = 987_654  # the index of a key that no thing has
_UNKNOWN_NUMBERS = (1_987_654_321, 987_654_321, 19_876_543, 198_765, 19_876)
_ALTERNATIVES = 3
_LISTED = 5  # keys of a list that are known
_TRIES = 20  # keys that may be free
_LONGEST_KEY = 40  # characters
_EXTENSIONS = ("x-undo", "x-laws", "x-needs")
"""Extensions that say what a write does; nothing is derived for a resource of which an operation has one."""
_REJECTED_FOR_THE_BODY = {400, 404, 409, 422}
_EXAMPLE, _COMPLETE, _MINIMAL = _KINDS = range(3)
"""Kinds of bodies: an example if there is one, all members of the schema, those that are required."""


class Things:
    """The things of each resource, created as they are needed.

    ``send`` sends a case and judges its response. Methods raise InconclusiveError where a thing is needed
    that cannot be created.
    """

    def __init__(
        self, spec: Spec, values: Values, is_valid: Callable[[str, Any], bool], send: Send, *, read_only: bool
    ) -> None:
        self._spec = spec
        self.resources, self.derived = resources(spec), derived_resources(spec)
        self.samples = Samples(spec.document, is_valid, self._referred)
        self.ledger = Ledger(self.derived, self.case, send)
        self._values, self._send, self._read_only = values, send, read_only
        self._current: dict[str, Thing] = {}
        self._several: dict[str, list[Thing]] = {}
        self._exhausted = set[str]()  # collections of which several cannot be created
        self._accepted: dict[str, int] = {}  # by operation, the kind of body that was accepted
        self._listed: dict[str, list[Any]] = {}
        self._free: dict[str, Any] = {}
        self._full = set[str]()  # where no free key was found
        self._pending = set[str]()  # operations that are being sent
        self._index = 0

    def chain(self, operation: Operation) -> list[Resource]:
        """The resources whose keys are in the path of an operation, the outermost first."""
        owners = [resource for resource in self.resources.values() if resource.owns(operation.template)]
        return sorted(owners, key=lambda resource: len(resource.item))

    def says_itself(self, operation: Operation) -> bool:
        """Whether an extension describes what a write does."""
        return says_itself(self._spec, operation)

    def is_derived(self, operation: Operation) -> bool:
        """Whether an operation creates an item, or is at or below one, and no extension describes it."""
        if self.says_itself(operation):
            return False
        concerned = [*self.chain(operation), *(r for r in self.resources.values() if r.create == operation)]
        return any(resource.collection in self.derived for resource in concerned)

    def created_by(self, operation: Operation) -> Resource | None:
        """The resource of which an operation creates things, None for any other operation."""
        found = (resource for resource in self.derived.values() if resource.create == operation)
        return next(found, None)

    def is_about_gone(self, case: Case) -> bool:
        """Whether a case is about a thing, or lies within one, that was created and is gone."""
        return any(self.ledger.has_lost(resource, keys_of(case)) for resource in self.chain(case.operation))

    def can_create(self, resource: Resource) -> bool:
        is_derived = resource.collection in self.derived
        return is_derived and resource.create is not None and not self._read_only

    def current(self, resource: Resource, alternative: int = 0) -> Thing:
        """A thing that is there, created if need be, of an ``alternative`` of what its body may be."""
        name = f"{resource.collection} {alternative}" if alternative else resource.collection
        thing = self._current.get(name)
        if thing is None or thing not in self.ledger:
            thing = self._current[name] = self.create(resource, alternative=alternative)
        return thing

    def create(self, resource: Resource, within: Thing | None = None, alternative: int = 0) -> Thing:
        """A new thing, ``within`` a thing of the parent, of an ``alternative`` of what the body may be."""
        operation = resource.create
        if self._read_only:
            raise InconclusiveError(READ_ONLY)
        if operation is None or resource.collection not in self.derived:
            raise InconclusiveError(f"no operation creates {resource.name}")
        keys = within.keys if within else self._of_parents(resource)
        observation = self.attempt(operation, keys, alternative)
        thing = self.ledger.created_by(observation)
        if thing is None:
            raise InconclusiveError(
                f"the response does not say the key of what was created ({resource.name})"
            )
        return thing

    def several(self, resource: Resource, count: int) -> list[Thing]:
        """Things that differ where the schema allows that; they are created once, and stay until the end."""
        things = [thing for thing in self._several.get(resource.collection, []) if thing in self.ledger]
        if resource.collection in self._exhausted or resource.delete is None:
            raise InconclusiveError(f"no more {resource.name} can be created and deleted")
        self._exhausted.add(resource.collection)
        within = things[0] if things else None
        for number in range(len(things), count):
            things.append(self._varied(resource, number, within))
            within = within or things[0]
            self._several[resource.collection] = things
        self._exhausted.discard(resource.collection)
        return things

    def _varied(self, resource: Resource, number: int, beside: Thing | None) -> Thing:
        """A new thing, ``beside`` another one, of values that follow from a number."""
        operation = resource.create
        if operation is None or not self.can_create(resource):
            raise InconclusiveError(f"no operation creates {resource.name}")
        documented = media_types(operation)
        schema = documented[0].schema if documented else None
        keys = beside.keys if beside else self._of_parents(resource)
        if not resource.is_upsert and schema is not None:
            index = _VARIED[number % len(_VARIED)]
            for body in islice(self.samples.values(schema, index=index, alternative=number), 1):
                observation = self._send(replace(self.case(operation, keys), body=body))
                if (thing := self.ledger.created_by(observation)) is not None:
                    return thing
        return self.create(resource, beside)

    def alternatives(self, operation: Operation) -> int:
        """The number of alternatives of what the body of an operation may be, at most _ALTERNATIVES."""
        documented = media_types(operation)
        schema = documented[0].schema if documented else None
        branches = facets(self._spec.document, schema).branches if schema else ()
        return min(max(map(len, branches), default=1), _ALTERNATIVES)

    def attempt(self, operation: Operation, keys: Keys, alternative: int = 0) -> Observation:
        """A write that is accepted: bodies of one kind after the other are sent until one is."""
        if operation.name in self._pending:
            raise InconclusiveError(f"{operation.name} needs what it creates itself")
        self._pending.add(operation.name)
        status = 0
        try:
            known = self._accepted.get(operation.name, 0)
            for kind in (known, known, *(kind for kind in _KINDS if kind != known)):
                for body in self.bodies(operation, kind, alternative):
                    observation = self._send(self._addressed(self.case(operation, keys), body))
                    status = observation.status
                    if 200 <= status < 300:
                        self._accepted[operation.name] = kind
                        return observation
                if status not in _REJECTED_FOR_THE_BODY:
                    break
        finally:
            self._pending.discard(operation.name)
        problem = f"no request is known that {operation.name} accepts ({status})"
        raise InconclusiveError(f"{problem}: give an example, or --values")

    def _addressed(self, case: Case, body: Any) -> Case:
        """The case with a body; where that has the key of the thing, it is the one that the path has."""
        keys = keys_of(case)
        for resource in self.chain(case.operation)[-1:]:
            name = next(iter(resource.key_members), None)
            for path in ((), resource.thing):
                item = item_of(body, path)
                if resource.place in keys and isinstance(item, dict) and name in item:
                    addressed = _put(body, path, item | {name: keys[resource.place]})
                    schema = media_types(case.operation)[0].schema
                    if schema is None or self.samples.is_valid(schema, addressed):
                        body = addressed
        return replace(case, body=body)

    def case(self, operation: Operation, keys: Keys) -> Case:
        """A case without a body, with some keys in its path, and guesses of what else is required."""
        case = at_path(Case(operation=operation, is_guess=True), keys)
        created = self.created_by(operation)
        for parameter in operation.parameters:
            place = parameter.location, parameter.name
            if place not in case.parameters and parameter.required:
                if created is not None and place == ("path", created.key):
                    value: Any = self._free_key(created, parameter, keys)
                elif parameter.name.lower() == "if-match":
                    value = self.entity_tag(operation, keys)
                else:
                    known = self._values.of(operation, parameter)
                    value = known[0] if known else self.guess(parameter.name, parameter.schema, self._index)
                case = case.having(*place, value)
        return case

    def _free_key(self, resource: Resource, parameter: Parameter, within: Keys) -> Any:
        """A key that no thing has or had, so that a PUT creates something and replaces nothing."""
        if resource.read is None:
            raise InconclusiveError(f"no operation tells which {resource.name} there are")
        place = f"{resource.collection} {sorted(within.items())}"
        free = self._free.get(place)
        if free is not None and not self.ledger.has_had(resource, {**within, resource.place: free}):
            return free
        for _ in range(_TRIES if parameter.schema and place not in self._full else 0):
            self._index += 1
            key = self._unusual_key(str(parameter.schema), self._index)
            if key is None:
                break
            if self._send(self.case(resource.read, {**within, resource.place: key})).status in GONE:
                self._free[place] = key
                return key
        self._full.add(place)
        raise InconclusiveError(f"no free key of {resource.name} is known")

    def entity_tag(self, operation: Operation, keys: Keys) -> str:
        """The entity tag of the thing that an operation is about, * where it has none (RFC 9110, 13.1.1)."""
        read = next((resource.read for resource in reversed(self.chain(operation)) if resource.read), None)
        if read is None or read == operation:
            return "*"
        return self._send(self.case(read, keys)).header("etag") or "*"

    def bodies(self, operation: Operation, kind: int | None = None, alternative: int = 0) -> Iterator[Any]:
        """A new body of a kind (that which was accepted), if there is one; None where there is no body."""
        kind = self._accepted.get(operation.name, _EXAMPLE) if kind is None else kind
        self._index += 1
        documented = media_types(operation)
        schema = documented[0].schema if documented else None
        examples = [
            body
            for body in self._values.body(operation)
            if schema is None or self.samples.is_valid(schema, body)
        ]
        if operation.request_body is None:
            yield None
        elif schema is None:
            is_any = bool(documented) and essence(documented[0].name) == BINARY
            yield from examples[:1] or ([f"wirecheck {self._index}"] if is_any else [])
        else:
            created = self.created_by(operation)
            made = self.samples.values(
                schema,
                index=self._index,
                minimal=kind == _MINIMAL,
                alternative=alternative,
                initial=created is not None and not created.is_upsert,
            )
            body, fields = next(made, None), self._values.fields(operation)
            if isinstance(body, dict) and self.samples.is_valid(schema, body | fields):
                body |= fields
            if kind == _EXAMPLE and examples and alternative == 0:
                yield self._fresh(examples[0], body)
            elif body is not None:
                yield body

    def _fresh(self, example: Any, made: Any) -> Any:
        """An example with references to what there is, as those of the example may lead nowhere."""
        if not isinstance(example, dict) or not isinstance(made, dict):
            return example
        shared = example.keys() & made.keys()
        return example | {name: made[name] for name in shared if any(referred(name, self.resources))}

    def guess(self, name: str, schema: str | None, index: int = 0) -> Any:
        """A value of a parameter by its schema."""
        try:
            return self.samples.one(schema, name, index) if schema else f"wirecheck{index}"
        except LookupError:
            problem = f"no value of {name} is known: give an example, or --values"
            raise InconclusiveError(problem) from None

    def unknown_key(self, schema: str | None) -> Any:
        """A key that no thing has."""
        found = facets(self._spec.document, *([schema] if schema else []))
        if found.options is not None or found.types == {"boolean"}:
            raise InconclusiveError("all keys are known")
        if schema is None:
            return f"wirecheck{_UNKNOWN}"
        for number in _UNKNOWN_NUMBERS if found.types & {"integer", "number"} else ():
            if self.samples.is_valid(schema, number):
                return number
        return self._unusual_key(schema, _UNKNOWN)

    def _unusual_key(self, schema: str, index: int) -> Any:
        """The longest of some keys, as there may be a thing of each short one; None where none is known."""
        examples = facets(self._spec.document, schema).examples
        samples = Samples(self._spec.document, self.samples.is_valid)
        keys = [key for key in samples.values(schema, index=index) if key not in examples]
        short = [key for key in keys if len(str(key)) <= _LONGEST_KEY]
        return max(short or keys, key=lambda key: len(str(key)), default=None)

    def path_values(self, operation: Operation) -> dict[str, Any]:
        """Values of the keys in the path of an operation, as far as they are known.

        A write gets things that this session created; only reads get those that lists show.
        """
        values: dict[str, Any] = {}
        for resource in self.chain(operation):
            if operation == resource.create:
                continue
            try:
                values |= self._key_for(resource, values, is_read=operation.method in READS)
            except InconclusiveError:
                if operation.method not in READS and resource.collection in self.derived:
                    raise
                break
        return values

    def _key_for(self, resource: Resource, within: Keys, *, is_read: bool) -> Keys:
        thing = self._current.get(resource.collection)
        if thing is not None and thing in self.ledger:
            return thing.keys
        if is_read and (keys := self.listed(resource, within)):
            return {resource.place: keys[0]}
        return self.current(resource).keys

    def _of_parents(self, resource: Resource) -> dict[str, Any]:
        """The keys in the path to a collection."""
        values: dict[str, Any] = {}
        for parent in parents(resource, self.resources):
            values |= self._key_for(parent, values, is_read=not self.can_create(parent))
        return values

    def fits_key(self, resource: Resource, key: Any) -> bool:
        """Whether a value can be the key of a thing in a path, by the schema of the parameter."""
        for operation in resource.operations:
            for parameter in operation.parameters:
                place = places(operation.template).get(resource.place)
                if (parameter.location, parameter.name) == ("path", place) and parameter.schema:
                    number = [int(key)] if re.fullmatch(r"-?\d{1,20}", str(key)) else []
                    return any(
                        self.samples.is_valid(parameter.schema, value) for value in (key, str(key), *number)
                    )
        return True

    def listed(self, resource: Resource, within: Keys) -> Sequence[Any]:
        """Keys of things that the first page of a list shows; none where there is no list."""
        place = f"{resource.collection} {sorted(within.items())}"
        if resource.list is None or resource.list.name in self._pending:
            return ()
        if place not in self._listed:
            self._pending.add(resource.list.name)
            try:
                observation = self._send(self.case(resource.list, within))
            finally:
                self._pending.discard(resource.list.name)
            items = item_of(observation.body, resource.items or ()) if observation.accepted else None
            keys = (key_of(resource, item) for item in items) if isinstance(items, list) else ()
            fitting = [key for key in keys if key is not None and self.fits_key(resource, key)]
            self._listed[place] = fitting[:_LISTED]
        return self._listed[place]

    def _referred(self, name: str, found: Facets) -> Sequence[Any]:
        """The key of a thing to which a member refers by its name."""
        if found.is_object or found.is_array or plain(name) in ("", "id", "name"):
            return ()
        for resource in referred(name, self.resources):
            if resource.parent is None:
                try:
                    return [self._key_for(resource, {}, is_read=True)[resource.place]]
                except InconclusiveError:
                    continue
        return ()

    def tidy(self, earlier: list[Thing]) -> None:
        """Deletes what was created since, but for one thing of each resource and those of `several`.

        A thing that was written to is not kept: it may be in a state in which little can be done with it.
        """
        for name, thing in list(self._current.items()):
            if self.ledger.has_changed(thing) and thing.resource.delete is not None:
                del self._current[name]
                self.ledger.delete_whole(thing)
        several = [thing for things in self._several.values() for thing in things]
        self.ledger.delete_since(earlier, [*self._current.values(), *several])


def derived_resources(spec: Spec) -> dict[str, Resource]:
    """The resources of which no operation has an extension that says what it does, by collection."""
    return {
        collection: resource
        for collection, resource in resources(spec).items()
        if not any(says_itself(spec, operation) for operation in resource.operations)
    }


def _put(body: Any, path: MemberPath, item: Any) -> Any:
    """A body with an item at a path of members, all of which it has."""
    return body | {path[0]: _put(body[path[0]], path[1:], item)} if path else item


def says_itself(spec: Spec, operation: Operation) -> bool:
    """Whether an extension describes what an operation does."""
    return any(name in spec.document.get(operation.pointer) for name in _EXTENSIONS)
