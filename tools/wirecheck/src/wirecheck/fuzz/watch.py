"""What things are expected to be, compared after each write with what the documented reads return."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from wirecheck.conform.case import GONE, UNDECIDED, InconclusiveError, NoResponseError, UnsentError
from wirecheck.conform.compare import Difference, changes, differences
from wirecheck.conform.ledger import Thing, key_of, keys_of
from wirecheck.conform.observation import Observation
from wirecheck.conform.requirements.items import items, shown
from wirecheck.fuzz.keys import Reference
from wirecheck.fuzz.wire import WireCase
from wirecheck.resources import Keys, Resource, places

if TYPE_CHECKING:
    from wirecheck.fuzz.session import FuzzSession

_OTHERS = 2  # things that are compared besides the one that is addressed
_DELETED = 2  # things that must stay gone
_PLAIN = re.compile(r"[A-Za-z0-9]+(?:[ ._-][A-Za-z0-9]+)*")
_LARGEST = 1_000_000  # of numbers that any server can store as they are

States = Mapping[str, tuple[Thing, Observation]]


class Watch:
    """Sends writes, and records where what can be read afterwards is not what they say.

    Of a thing, only members are compared that are returned as they are sent: a first thing that is created
    and read shows which. Odd values are left out: servers normalize them. ``compared`` are the things
    besides that of the last write.
    """

    def __init__(self, session: "FuzzSession") -> None:
        self._session = session
        self.compared: list[Reference] = []
        self._faithful: dict[str, frozenset[str]] = {}
        self._deleted: deque[tuple[Resource, Keys]] = deque(maxlen=_DELETED)

    def forget(self) -> None:
        """Forgets what was deleted."""
        self._deleted.clear()

    def write(self, wire: WireCase) -> Observation:
        """Sends a write, and checks what can be read afterwards."""
        self.compared = []
        session, resource = self._session, self._resource(wire)
        if resource is None or resource.read is None:
            return session.send(wire)
        keys = keys_of(wire)
        is_new = wire.operation == resource.create and not resource.is_upsert
        before: Observation | None = None
        others: States = {}
        if not self._is_own(resource, keys) and wire.operation == resource.delete:
            return session.send(wire)  # it may have been deleted already
        with suppress(InconclusiveError, UnsentError):
            self._learn(resource)
            before = None if is_new else self._read(resource, keys)
            others = self._others(resource, keys)
            self.compared = [(thing.resource.collection, str(thing.key)) for thing, _ in others.values()]
        observation = session.send(wire)
        with suppress(InconclusiveError, UnsentError):
            self._check(resource, wire, observation, before)
            if observation.status // 100 == 2:
                self._check_others(observation, others)
        return observation

    def _is_own(self, resource: Resource, keys: Keys) -> bool:
        """Whether the session created a thing and has not deleted it."""
        own = (thing for thing in self._session.things.ledger.things if thing.resource == resource)
        return any(str(thing.key) == str(keys.get(resource.place)) for thing in own)

    def _resource(self, wire: WireCase) -> Resource | None:
        for resource in self._session.things.derived.values():
            if wire.operation in (resource.create, resource.replace, resource.patch, resource.delete):
                return resource
        return None

    def _check(
        self, resource: Resource, wire: WireCase, observation: Observation, before: Observation | None
    ) -> None:
        status, keys = observation.status, keys_of(wire)
        if status // 100 == 4 and status not in UNDECIDED and before is not None and before.accepted:
            for change in self._changes(resource, before, self._read(resource, keys)):
                self._record("rejected-changes-nothing", f"it is rejected, and {change}", observation)
        if status // 100 != 2 or status == 202:
            return
        if wire.operation == resource.delete:
            self._check_deleted(resource, keys, observation, before)
        elif wire.operation == resource.create:
            thing = self._session.things.ledger.created_by(observation)
            if thing is not None:
                self._check_stored(resource, thing.keys, wire, observation)
        else:
            self._check_changed(resource, keys, wire, observation, before)

    def _check_changed(
        self,
        resource: Resource,
        keys: Keys,
        wire: WireCase,
        observation: Observation,
        before: Observation | None,
    ) -> None:
        stored = self._check_stored(resource, keys, wire, observation)
        if wire.operation == resource.patch and before is not None and stored is not None:
            sent = wire.body if isinstance(wire.body, dict) else {}
            for change in self._changes(resource, before, stored, sent):
                message = f"it was not sent in a patch, and {change}"
                self._record("patch-changes-what-is-sent", message, observation)

    def _check_deleted(
        self, resource: Resource, keys: Keys, observation: Observation, before: Observation | None
    ) -> None:
        after = self._read(resource, keys)
        if after.accepted and before is not None and before.accepted and before.body == after.body:
            self._record("deleted-is-gone", "what was deleted can still be read", observation)
        if after.status not in GONE:
            return
        self._deleted.append((resource, keys))
        if resource.list is None:
            return
        listed = self._session.read_state(self._session.things.case(resource.list, keys))
        shown_keys = {str(key_of(resource, item)) for item in items(resource, listed)}
        if listed.accepted and str(keys[resource.place]) in shown_keys:
            self._record("deleted-is-gone", "what was deleted is still listed", observation)

    def _check_stored(
        self, resource: Resource, keys: Keys, wire: WireCase, observation: Observation
    ) -> Observation | None:
        """The thing as it is read after it was written; None where it cannot be read."""
        read = self._read(resource, keys)
        if read.status in GONE:
            self._record(
                "written-is-readable", f"what was written cannot be read: {read.status}", observation
            )
        item, sent = shown(resource, read), wire.body
        if not read.accepted or not isinstance(item, dict) or not isinstance(sent, dict):
            return read if read.accepted else None
        faithful = self._faithful.get(resource.collection, frozenset())
        expected = {name: value for name, value in sent.items() if name in faithful and is_plain(value)}
        for difference in differences(expected, item, faithful):
            message = f"it was written, but {difference.as_difference}"
            self._record("stored-as-sent", message, observation)
        return read

    def _check_others(self, observation: Observation, others: States) -> None:
        for thing, before in others.values():
            if thing not in self._session.things.ledger:
                continue  # it lay within what was deleted
            after = self._read(thing.resource, thing.keys)
            if after.status in GONE:
                self._record("others-unchanged", "a write to one thing removed another one", observation)
            for change in self._changes(thing.resource, before, after):
                message = f"a write to one thing changed another one: {change}"
                self._record("others-unchanged", message, observation)
        addressed = [str(key) for key in keys_of(observation.case).values()]
        for resource, keys in list(self._deleted):
            own = {place: keys[place] for place in places(resource.item) if place in keys}
            if [str(key) for key in own.values()] == addressed:
                continue
            if resource.create is None or resource.is_upsert:
                continue
            if self._read(resource, keys).accepted:
                self._record("deleted-is-gone", "what was deleted can be read again", observation)
                self._deleted.remove((resource, keys))

    def _others(self, resource: Resource, keys: Keys) -> States:
        """The newest things of the resource that are not addressed."""
        states: dict[str, tuple[Thing, Observation]] = {}
        for thing in reversed(self._session.things.ledger.things):
            is_addressed = str(keys.get(resource.place)) == str(thing.key)
            if thing.resource.item != resource.item or is_addressed:
                continue
            read = self._read(resource, thing.keys)
            if read.accepted:
                states[str(thing.keys)] = thing, read
            if len(states) == _OTHERS:
                break
        return states

    def _changes(
        self,
        resource: Resource,
        before: Observation,
        after: Observation,
        sent: Mapping[str, Any] | None = None,
    ) -> Iterator[str]:
        """Where a thing differs from what it was, in members that are stored as they are sent."""
        earlier, later = shown(resource, before), shown(resource, after)
        if not after.accepted or not isinstance(earlier, dict) or not isinstance(later, dict):
            return
        names = self._faithful.get(resource.collection, frozenset())
        expected = {name: value for name, value in earlier.items() if name in names and is_plain(value)}
        found: list[Difference] = list(changes(expected, later, (sent or {}).keys()))
        yield from (change.as_change for change in found)

    def _read(self, resource: Resource, keys: Keys) -> Observation:
        """A thing as it is now."""
        assert resource.read is not None
        return self._session.read_state(self._session.things.case(resource.read, keys))

    def _record(self, check: str, message: str, observation: Observation) -> None:
        self._session.record_violation(f"{check}: {message}", observation)

    def _learn(self, resource: Resource) -> None:
        """Learns which members of a resource are returned as they are sent, by two things."""
        if resource.collection in self._faithful or resource.read is None:
            return
        self._faithful[resource.collection] = frozenset()
        session, failures = self._session, self._session.failures
        session.failures = []
        try:
            found = [self._returned(resource) for _ in range(2)]
            self._faithful[resource.collection] = frozenset.intersection(*found)
        except (InconclusiveError, UnsentError, NoResponseError):
            pass
        finally:
            session.failures = failures

    def _returned(self, resource: Resource) -> frozenset[str]:
        """The members of a new thing that are returned as they were sent."""
        session = self._session
        thing = session.things.create(resource)
        item = shown(resource, self._read(resource, thing.keys))
        session.things.ledger.delete(thing)
        if not isinstance(item, dict) or not isinstance(thing.sent, dict):
            return frozenset()
        return frozenset(
            name
            for name, value in thing.sent.items()
            if name in item and not list(differences({name: value}, {name: item[name]}))
        )


def is_plain(value: Any) -> bool:
    """Whether any server can store a value as it is: no odd texts, no numbers that must be rounded."""
    if isinstance(value, bool):
        return True
    if isinstance(value, int | float):
        return abs(value) < _LARGEST and round(value, 2) == value
    if isinstance(value, str):
        return _PLAIN.fullmatch(value) is not None
    if isinstance(value, list):
        return all(map(is_plain, value))
    return isinstance(value, dict) and all(map(is_plain, value.values()))
