"""Requests of Schemathesis with keys of things that are there, instead of keys that lead nowhere."""

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from wirecheck.conform.case import GONE, READS, InconclusiveError, NoResponseError, UnsentError
from wirecheck.fuzz.keys import members_of
from wirecheck.fuzz.session import FuzzSession
from wirecheck.fuzz.wire import Step, WireCase, mount
from wirecheck.resources import Keys, Resource, places, referred

_OFTEN = 0.8  # how often a key is replaced by one that is there
_NEWEST = 4  # things of the session that are chosen from


class StepRewriter:
    """Replaces keys in paths and bodies by those of things of the session, most of the time.

    A write to a thing that the session did not create is always replaced, where it can create one.
    """

    def __init__(self, session: FuzzSession, seed: int) -> None:
        self._session, self._random = session, random.Random(seed)

    def rewritten(self, wire: WireCase) -> Step:
        step, failures = wire.step, self._session.failures
        try:
            with suppress(InconclusiveError, NoResponseError, UnsentError):
                step = self._with_body(wire, step)
                step = self._with_path(wire, step)
        finally:
            self._session.failures = failures
        return step

    def _with_path(self, wire: WireCase, step: Step) -> Step:
        things, operation = self._session.things, wire.operation
        named = places(operation.template)
        chain = [
            resource
            for resource in things.chain(operation)
            if resource.collection in things.derived and operation != resource.create
        ]
        sent = {place: wire.parameters.get(("path", name)) for place, name in named.items()}
        if not chain or all(self._may_stay(wire, resource, sent[resource.place]) for resource in chain):
            return step
        known = self._keys(chain[-1], is_read=operation.method in READS)
        values = {**sent, **self._random.choice(known)} if known else {}
        path = operation.template
        for place, name in named.items():
            if values.get(place) is not None:
                path = path.replace(f"{{{name}}}", quote(str(values[place]), safe=""))
        if "{" in path:
            return step
        _, mark, query = step.target.partition("?")
        return replace(step, target=mount(self._session.spec, operation) + path + mark + query)

    def _may_stay(self, wire: WireCase, resource: Resource, key: Any) -> bool:
        """Whether a key is left as it is."""
        things = self._session.things
        own = any(thing.resource == resource and str(thing.key) == str(key) for thing in things.ledger.things)
        if own:
            return True
        if self._random.random() < _OFTEN:
            return False
        if wire.operation.method in READS or resource.read is None or not things.can_create(resource):
            return True
        keys = {resource.place: key}
        return self._session.read_state(things.case(resource.read, keys)).status in GONE

    def _keys(self, resource: Resource, *, is_read: bool) -> Sequence[Keys]:
        """Keys of things of a resource: of the session, else of what is listed, which is only read."""
        things = self._session.things
        own = [thing.keys for thing in things.ledger.things if thing.resource == resource][-_NEWEST:]
        if own:
            return own
        if things.can_create(resource):
            return [things.current(resource).keys]
        listed = things.listed(resource, {}) if is_read and resource.parent is None else ()
        return [{resource.place: key} for key in listed]

    def _with_body(self, wire: WireCase, step: Step) -> Step:
        """The step with keys that are there in members that refer to other resources."""
        body = members_of(step)
        if wire.operation.method in READS or not body:
            return step
        known = self._session.things.derived
        replaced = dict(
            self._references(body, [resource for resource in known.values() if not resource.parent])
        )
        return replace(step, body=json.dumps(body | replaced).encode()) if replaced else step

    def _references(self, body: dict[str, Any], known: Sequence[Resource]) -> Iterator[tuple[str, Any]]:
        by_collection = {resource.collection: resource for resource in known}
        for name, value in body.items():
            for resource in referred(name, by_collection):
                if name in resource.key_members or self._random.random() >= _OFTEN:
                    continue
                known_keys = (keys[resource.place] for keys in self._keys(resource, is_read=True))
                fitting = [key for key in known_keys if type(key) is type(value)]
                if fitting:
                    yield name, self._random.choice(fitting)
