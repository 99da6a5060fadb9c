"""Ownership: what belongs to one user is hidden from another, where the API hides what belongs to users.

A resource may as well be shared by all users. It is not where another user gets 403 or 404 for a thing, or
where the lists of two users show different things; all other ways to the thing must be closed then, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wirecheck.conform.case import GONE, READ_ONLY, Case, InconclusiveError
from wirecheck.conform.encoding import requires_credentials
from wirecheck.conform.ledger import Thing, key_of
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import OfResource, of_resource
from wirecheck.resources import Resource, item_of
from wirecheck.spec import Operation

_HIDDEN = {403, 404, 410}
_DOCUMENTED = {"403", "404"}
_FILTERS = 3  # of a list


@dataclass(frozen=True, slots=True)
class _Visit:
    """A thing of the main user, and the credentials of another user, ``name``."""

    session: Tester
    resource: Resource
    thing: Thing
    name: str
    credentials: Mapping[str, str]

    def send(self, case: Case) -> Observation:
        """The response to the other user."""
        return self.session.send(replace(case, credentials=self.credentials))

    def shows(self, observation: Observation) -> bool:
        return self.thing.key in _keys(self.resource, observation)


def _may_hide(resource: Resource) -> bool:
    """Whether reading needs credentials, and may be rejected although they are right."""
    read = resource.read
    return read is not None and requires_credentials(read) and bool(_DOCUMENTED.intersection(read.statuses))


@of_resource(
    "access",
    "hides things of a user from other users",
    "the 403 or 404 of the document",
    "read",
    "create",
    when=_may_hide,
)
def hides_things(session: Tester, resource: Resource) -> None:
    if not session.tokens_of:
        raise InconclusiveError("no token of another user is known: --token-of NAME=TOKEN")
    if session.read_only:
        raise InconclusiveError(READ_ONLY)
    read = resource.read
    assert read is not None
    for name, token in session.tokens_of.items():
        credentials = {**session.target.credentials, **session.token_credentials(token)}
        thing = session.things.create(resource)
        _require_hidden(_Visit(session, resource, thing, name, credentials), read)


def _require_hidden(visit: _Visit, read: Operation) -> None:
    session, thing = visit.session, visit.thing
    case = session.things.case(read, thing.keys)
    own = session.send(case)
    if not 200 <= own.status < 300:
        raise InconclusiveError(f"what was created cannot be read ({own.status})")
    if session.send(replace(case, credentials={})).status // 100 == 2:
        raise InconclusiveError("everyone can read it")
    other, lists = visit.send(case), [*_lists(visit)]
    is_hidden = other.status in _HIDDEN
    if not is_hidden and not any(_differ(*pair) for pair in lists):
        raise InconclusiveError(f"nothing says that things belong to users: {visit.name} sees the same ones")
    whose = f"the user {visit.name}"
    if 200 <= other.status < 300:
        session.record_violation(f"{whose} can read what belongs to another user", other)
    for _, theirs in lists:
        if is_hidden and visit.shows(theirs[1]):
            session.record_violation(f"{whose} finds what belongs to another user in a list", theirs[1])
    for write in _writes(visit):
        _require_no_effect(visit, write, case)


_Page = tuple[frozenset[Any], Observation]


def _lists(visit: _Visit) -> Iterator[tuple[_Page, _Page]]:
    """The first page of a list to both users, and of the list filtered by a value of the thing."""
    operation, resource = visit.resource.list, visit.resource
    if operation is None:
        return
    base = visit.session.things.case(operation, visit.thing.keys)
    cases = [base, *_filtered(visit, base)]
    for case in cases[: _FILTERS + 1]:
        own, other = visit.session.send(case), visit.send(case)
        if 200 <= own.status < 300 and other.status != 429:
            yield (_keys(resource, own), own), (_keys(resource, other), other)


def _filtered(visit: _Visit, base: Case) -> Iterator[Case]:
    """Lists that are filtered by members of the thing."""
    shown = item_of(visit.thing.created.body, visit.resource.thing)
    members = shown if isinstance(shown, dict) else {}
    for parameter in base.operation.parameters:
        value = members.get(parameter.name)
        if parameter.location == "query" and isinstance(value, str | int) and value != "":
            yield base.having("query", parameter.name, value)


def _differ(own: _Page, other: _Page) -> bool:
    """Whether a list shows things to a user, and none of them to the other."""
    is_list = 200 <= other[1].status < 300 or other[1].status in _HIDDEN
    return bool(own[0]) and own[0].isdisjoint(other[0]) and is_list


def _keys(resource: Resource, observation: Observation) -> frozenset[Any]:
    items = item_of(observation.body, resource.items or ())
    keys = (key_of(resource, item) for item in items) if isinstance(items, list) else ()
    return frozenset(key for key in keys if key is not None)


def _writes(visit: _Visit) -> Sequence[Operation]:
    """The writes to an item, DELETE last."""
    writes = visit.resource.patch, visit.resource.replace, visit.resource.delete
    return [operation for operation in writes if operation is not None]


def _require_no_effect(visit: _Visit, operation: Operation, read: Case) -> None:
    """Sends a write of the other user, and reads what it did; the owner may not be able to write either."""
    session = visit.session
    bodies = [None] if operation.request_body is None else [*session.things.bodies(operation)]
    for body in bodies:
        before = session.send(read)
        written = visit.send(replace(session.things.case(operation, visit.thing.keys), body=body))
        after = session.send(read)
        if not 200 <= written.status < 300 or not 200 <= before.status < 300:
            return
        if after.status in GONE or _changed(visit, body, before, after):
            verb = "delete" if operation == visit.resource.delete else "change"
            session.record_violation(
                f"the user {visit.name} can {verb} what belongs to another user: {written.status}", written
            )
            return


def _changed(visit: _Visit, body: Any, before: Observation, after: Observation) -> bool:
    """Whether a thing has taken over a member of the body."""
    path = visit.resource.thing
    earlier, later = item_of(before.body, path), item_of(after.body, path)
    if not isinstance(earlier, dict) or not isinstance(later, dict) or not isinstance(body, dict):
        return False
    return any(name in later and earlier.get(name) != later[name] == value for name, value in body.items())


REQUIREMENTS: tuple[OfResource, ...] = (hides_things,)
