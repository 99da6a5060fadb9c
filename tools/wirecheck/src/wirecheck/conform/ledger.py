"""The ledger: what this session created on the server and has not deleted yet."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from wirecheck.conform.case import GONE, READS, Case
from wirecheck.conform.observation import Observation
from wirecheck.resources import Keys, Resource, item_of, places
from wirecheck.spec import Operation
from wirecheck.words import without_ending

_ENVELOPES = ("data", "result", "item")
_KEYS = ("id", "uuid", "uid", "key", "slug")
"""Members that usually hold a key, where the document does not say what a thing looks like."""

Send = Callable[[Case], Observation]
MakeCase = Callable[[Operation, Keys], Case]
"""Makes a case of an operation with some keys in its path."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that this session created. ``keys`` are those of its path.

    ``created`` is the response to what was sent.
    """

    resource: Resource
    keys: Keys
    created: Observation = field(repr=False)

    @property
    def key(self) -> Any:
        """The value that tells it apart within its collection."""
        return self.keys[self.resource.place]

    @property
    def sent(self) -> Any:
        """The body that created it."""
        return self.created.case.body


class Ledger:
    """What was created and is still there, in the order of its creation.

    ``derived`` are the resources whose writes nothing but the document's paths and schemas describe.
    ``case`` makes the cases that delete things. ``unknown`` are titles of requests that created what has no
    key; ``foreign`` counts, by the operation, what was created (201) that is no thing of a resource.
    """

    def __init__(self, derived: Mapping[str, Resource], case: MakeCase, send: Send) -> None:
        self.unknown: list[str] = []
        self.foreign: Counter[str] = Counter()
        self._resources, self._case, self._send = derived, case, send
        self._things: dict[str, Thing] = {}
        self._ever = set[str]()  # the identities of all things that were created
        self._changed = set[str]()  # and of those that were written to since

    def take(self, observation: Observation) -> None:
        """Notes what a write created or deleted; to be called for each response."""
        case, operation = observation.case, observation.case.operation
        if case.method not in (None, operation.method) or not 200 <= observation.status < 300:
            return
        if operation.method in READS:
            return
        if observation.status == 201 and not self._is_accounted_for(case):
            self.foreign[operation.name] += 1
        for resource in self._resources.values():
            if operation == resource.create:
                self._add(resource, observation)
            elif operation == resource.delete:
                self._remove(keys_of(case))
            elif resource.owns(operation.template) and not self._creates(operation):
                self._changed.add(_identity(resource, keys_of(case)))

    def __contains__(self, thing: Thing) -> bool:
        return _identity(thing.resource, thing.keys) in self._things

    def has_changed(self, thing: Thing) -> bool:
        """Whether something else than its creation was written to a thing."""
        return _identity(thing.resource, thing.keys) in self._changed

    def has_had(self, resource: Resource, keys: Keys) -> bool:
        """Whether a thing of these keys was created, be it there or not."""
        return _identity(resource, keys) in self._ever

    def has_lost(self, resource: Resource, keys: Keys) -> bool:
        """Whether a thing of these keys was created and is gone."""
        identity = _identity(resource, keys)
        return identity in self._ever and identity not in self._things

    @property
    def things(self) -> list[Thing]:
        return list(self._things.values())

    def created_by(self, observation: Observation) -> Thing | None:
        """The thing that a response says was created."""
        created = (thing for thing in reversed(self.things) if thing.created is observation)
        return next(created, None)

    def delete(self, thing: Thing) -> bool:
        """Deletes a thing, if an operation does that; whether it is gone."""
        if thing in self and thing.resource.delete is not None:
            case = self._case(thing.resource.delete, thing.keys)
            if self._send(case).status in GONE:
                self._remove(keys_of(case))
        return thing not in self

    def delete_whole(self, thing: Thing) -> None:
        """Deletes a thing after all that lies within it."""
        for other in reversed(self.things):
            if _is_within(other, thing.keys):
                self.delete(other)

    def delete_since(self, earlier: list[Thing], kept: list[Thing]) -> None:
        """Deletes what was created since, the newest first; what is kept stays, with all it lies within."""
        needed = {_identity(thing.resource, thing.keys) for thing in (*earlier, *kept)}
        for thing in reversed(self.things):
            holds_kept = any(_is_within(other, thing.keys) for other in kept)
            if _identity(thing.resource, thing.keys) not in needed and not holds_kept:
                self.delete(thing)

    def _is_accounted_for(self, case: Case) -> bool:
        """Whether what a case created is a thing of a resource, or lies within one that was created."""
        within = (each for each in self._resources.values() if each.owns(case.operation.template))
        return self._creates(case.operation) or any(self.has_had(each, keys_of(case)) for each in within)

    def _creates(self, operation: Operation) -> bool:
        return any(operation == resource.create for resource in self._resources.values())

    def _add(self, resource: Resource, observation: Observation) -> None:
        key = created_key(resource, observation)
        if key is None:
            self.unknown.append(observation.case.title)
            return
        thing = Thing(resource, {**keys_of(observation.case), resource.place: key}, observation)
        identity = _identity(resource, thing.keys)
        if identity in self._things:
            self._changed.add(identity)  # by a PUT, which replaced it
        else:
            self._changed.discard(identity)
        self._things[identity] = thing
        self._ever.add(identity)

    def _remove(self, keys: Keys) -> None:
        """Removes a thing and all that lies within it."""
        for identity, thing in list(self._things.items()):
            if _is_within(thing, keys):
                del self._things[identity]


def at_path(case: Case, keys: Keys) -> Case:
    """The case with those keys that its path has parameters for."""
    for place, name in places(case.operation.template).items():
        if place in keys:
            case = case.having("path", name, keys[place])
    return case


def keys_of(case: Case) -> dict[str, Any]:
    """The keys in the path of a case."""
    named = places(case.operation.template).items()
    return {
        place: case.parameters[key] for place, name in named if (key := ("path", name)) in case.parameters
    }


def created_key(resource: Resource, observation: Observation) -> Any:
    """The key of what was created, by its path, its body or its Location; None where none says it.

    The body wins, so that a wrong Location never leads to the deletion of something else.
    """
    if resource.is_upsert:
        return keys_of(observation.case).get(resource.place)
    body = observation.body
    within = [body.get(name) for name in _ENVELOPES] if isinstance(body, dict) else []
    for item in (item_of(body, resource.thing), body, *within):
        if (key := key_of(resource, item)) is not None:
            return key
    headers = observation.exchange.response_headers
    return _located(resource, next((value for name, value in headers if name == "location"), "")) or None


def key_of(resource: Resource, item: Any) -> Any:
    """The key of an item by the first member that may hold it; None where it has none."""
    for member in (resource.key_members or _KEYS) if isinstance(item, dict) else ():
        value = item.get(member)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return value
    return None


def _located(resource: Resource, location: str) -> str:
    """The key in the address of an item; empty where it is not one of this resource."""
    path = urlsplit(location).path
    if not resource.item.rstrip("/").endswith("}"):  # but with what names a format
        path = without_ending(path)
    segments = [segment for segment in path.split("/") if segment]
    is_item = len(segments) > 1 and segments[-2] in (resource.name, resource.segment)
    return unquote(segments[-1]) if is_item else ""


def _is_within(thing: Thing, keys: Keys) -> bool:
    """Whether a thing is the one with these keys, or lies within it."""
    return all(place in thing.keys and str(thing.keys[place]) == str(keys[place]) for place in keys)


def _identity(resource: Resource, keys: Keys) -> str:
    own = places(resource.item)
    return f"{resource.item} {[str(keys[place]) for place in own if place in keys]}"
