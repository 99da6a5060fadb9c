"""Things of the API that are known: those that this session created, and those that lists show."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wirecheck.conform.case import READ_ONLY, READS, Case, InconclusiveError
from wirecheck.conform.encoding import media_types
from wirecheck.conform.ledger import Ledger, Send, Thing, at_path, key_of
from wirecheck.conform.observation import Observation
from wirecheck.conform.values import Values
from wirecheck.resources import Resource, item_of, parents, plain, referred, resources
from wirecheck.samples import Facets, Samples
from wirecheck.spec import Operation, Spec

_LISTED = 5  # keys of a list that are known
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
        self.ledger = Ledger(self.derived, send)
        self._values, self._send, self._read_only = values, send, read_only
        self._current: dict[str, Thing] = {}
        self._accepted: dict[str, int] = {}  # by operation, the kind of body that was accepted
        self._listed: dict[str, list[Any]] = {}
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

    def can_create(self, resource: Resource) -> bool:
        is_derived = resource.collection in self.derived
        return is_derived and resource.create is not None and not self._read_only

    def current(self, resource: Resource) -> Thing:
        """A thing that is there, created if need be."""
        thing = self._current.get(resource.collection)
        if thing is None or thing not in self.ledger:
            thing = self._current[resource.collection] = self.create(resource)
        return thing

    def create(self, resource: Resource, within: Thing | None = None) -> Thing:
        """A new thing, ``within`` a thing of the parent."""
        operation = resource.create
        if self._read_only:
            raise InconclusiveError(READ_ONLY)
        if operation is None or resource.collection not in self.derived:
            raise InconclusiveError(f"no operation creates {resource.name}")
        observation = self.attempt(operation, within.parameters if within else self._of_parents(resource))
        thing = self.ledger.created_by(observation)
        if thing is None:
            raise InconclusiveError(
                f"the response does not say the key of what was created ({resource.name})"
            )
        return thing

    def attempt(self, operation: Operation, parameters: Mapping[str, Any]) -> Observation:
        """A write that is accepted: bodies of one kind after the other are sent until one is."""
        if operation.name in self._pending:
            raise InconclusiveError(f"{operation.name} needs what it creates itself")
        self._pending.add(operation.name)
        status = 0
        try:
            known = self._accepted.get(operation.name, 0)
            for kind in (known, known, *(kind for kind in _KINDS if kind != known)):
                for body in self.bodies(operation, kind):
                    observation = self._send(replace(self.case(operation, parameters), body=body))
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

    def case(self, operation: Operation, parameters: Mapping[str, Any]) -> Case:
        """A case without a body, with some parameters of its path, and guesses of what else is required."""
        case = at_path(Case(operation=operation, is_guess=True), parameters)
        for parameter in operation.parameters:
            place = parameter.location, parameter.name
            if place not in case.parameters and parameter.required:
                known = self._values.of(operation, parameter)
                value = known[0] if known else self.guess(parameter.name, parameter.schema, self._index)
                if parameter.name.lower() == "if-match":
                    value = self.entity_tag(operation, parameters) or value
                case = case.having(*place, value)
        return case

    def entity_tag(self, operation: Operation, parameters: Mapping[str, Any]) -> str:
        """The entity tag of the item that an operation concerns, as it is now; empty where it has none."""
        for resource in self.resources.values():
            read = resource.read
            if resource.item == operation.template and read is not None and read.name not in self._pending:
                return self._send(self.case(read, parameters)).header("etag")
        return ""

    def bodies(self, operation: Operation, kind: int | None = None) -> Iterator[Any]:
        """A new body of a kind (that which was accepted), if there is one; None where there is no body."""
        kind = self._accepted.get(operation.name, _EXAMPLE) if kind is None else kind
        self._index += 1
        examples, documented = self._values.body(operation), media_types(operation)
        schema = documented[0].schema if documented else None
        if operation.request_body is None:
            yield None
        elif schema is None:
            yield from examples[:1]
        else:
            made = self.samples.values(schema, index=self._index, minimal=kind == _MINIMAL)
            body = next(made, None)
            if kind == _EXAMPLE and examples:
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

    def _key_for(self, resource: Resource, within: Mapping[str, Any], *, is_read: bool) -> Mapping[str, Any]:
        thing = self._current.get(resource.collection)
        if thing is not None and thing in self.ledger:
            return thing.parameters
        if is_read and (keys := self.listed(resource, within)):
            return {resource.key: keys[0]}
        return self.current(resource).parameters

    def _of_parents(self, resource: Resource) -> dict[str, Any]:
        """The parameters of the path to a collection."""
        values: dict[str, Any] = {}
        for parent in parents(resource, self.resources):
            values |= self._key_for(parent, values, is_read=not self.can_create(parent))
        return values

    def listed(self, resource: Resource, within: Mapping[str, Any]) -> Sequence[Any]:
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
            self._listed[place] = [key for key in keys if key is not None][:_LISTED]
        return self._listed[place]

    def _referred(self, name: str, found: Facets) -> Sequence[Any]:
        """The key of a thing to which a member refers by its name."""
        if found.is_object or found.is_array or plain(name) in ("", "id", "name"):
            return ()
        for resource in referred(name, self.resources):
            if resource.parent is None:
                try:
                    return list(self._key_for(resource, {}, is_read=True).values())
                except InconclusiveError:
                    continue
        return ()

    def tidy(self, earlier: list[Thing]) -> None:
        """Deletes what was created since, but for one thing of each resource."""
        self.ledger.delete_since(earlier, list(self._current.values()))


def derived_resources(spec: Spec) -> dict[str, Resource]:
    """The resources of which no operation has an extension that says what it does, by collection."""
    return {
        collection: resource
        for collection, resource in resources(spec).items()
        if not any(says_itself(spec, operation) for operation in resource.operations)
    }


def says_itself(spec: Spec, operation: Operation) -> bool:
    """Whether an extension describes what an operation does."""
    return any(name in spec.document.get(operation.pointer) for name in _EXTENSIONS)
