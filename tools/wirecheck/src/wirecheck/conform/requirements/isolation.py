"""Isolation: a write has the effect it is meant to have, and no other."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from wirecheck.conform.case import GONE, UNDECIDED, InconclusiveError
from wirecheck.conform.compare import changes, differences
from wirecheck.conform.ledger import key_of
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import OfOperation, OfResource, of_operation, of_resource
from wirecheck.conform.requirements.items import (
    case_of,
    check_as_returned,
    delete_thing,
    keys,
    members_shown,
    read_thing,
    required,
    shown,
)
from wirecheck.conform.things import derived_resources
from wirecheck.resources import Resource, success_schema
from wirecheck.samples import Facets
from wirecheck.spec import Operation, Spec
from wirecheck.words import without_ending


@of_resource("state", "creates nothing when it rejects a request", "RFC 9110, 15.5", "create", "list")
def creates_nothing_when_it_rejects(session: Tester, resource: Resource) -> None:
    create, tried = required(resource.create), False
    session.require_control(create)
    parents = session.things.path_values(create)
    listing = session.things.case(required(resource.list), parents)
    for body in _half_wrong(session, create):
        before = set(map(str, keys(resource, session.send(listing))))
        rejected = session.send(replace(session.things.case(create, parents), body=body))
        if rejected.accepted or rejected.status in UNDECIDED:
            continue
        tried = True
        after = set(map(str, keys(resource, session.send(listing))))
        if after - before and not before - after:
            session.record_violation("the request is rejected, but something was created", rejected)
    if not tried:
        raise InconclusiveError("no invalid body is known that is rejected")


@of_resource(
    "state",
    "changes nothing when it rejects a write",
    "RFC 9110, 15.5",
    "create",
    "read",
    when=lambda resource: bool(resource.replace or resource.patch),
)
def changes_nothing_when_it_rejects(session: Tester, resource: Resource) -> None:
    thing, tried = session.things.current(resource), False
    for operation in (resource.replace, resource.patch):
        if operation is None:
            continue
        for body in _half_wrong(session, operation):
            before = shown(resource, read_thing(session, thing, "what is to be changed"))
            rejected = session.send(case_of(session, thing, operation, body))
            if rejected.accepted or rejected.status in UNDECIDED:
                continue
            tried = True
            after = shown(resource, read_thing(session, thing, "what a rejected write was about"))
            for change in changes(before, after):
                session.record_violation(f"a write was rejected, and {change.as_change}", rejected)
    if not tried:
        raise InconclusiveError("no invalid write is known that is rejected")


@of_resource(
    "state",
    "changes only the thing that is addressed",
    "RFC 9110, 9.3.4",
    "create",
    "read",
    when=lambda resource: bool(resource.replace or resource.patch or resource.delete),
)
def changes_only_what_is_addressed(session: Tester, resource: Resource) -> None:
    first, second = session.things.create(resource), session.things.create(resource)
    before = shown(resource, read_thing(session, second, "what was created"))
    writes = [operation for operation in (resource.replace, resource.patch) if operation is not None]
    last: Observation | None = None
    for operation in writes:
        last = session.things.attempt(operation, first.keys)
    if resource.delete is not None:
        last = delete_thing(session, first)
    if last is None:
        return
    read = session.send(case_of(session, second, resource.read))
    if read.status in GONE:
        session.record_violation("a write to one thing removed another one", last)
    for change in changes(before, shown(resource, read)) if read.accepted else ():
        session.record_violation(f"a write to one thing changed another one: {change.as_change}", last)


@of_resource("state", "keeps read-only members to itself", "OpenAPI 3.1.1, 4.8.24.2.2", "create", "read")
def keeps_read_only_members(session: Tester, resource: Resource) -> None:
    create = required(resource.create)
    declared = members_shown(session.spec, resource, create if success_schema(create) else resource.read)
    names = [
        (name, found)
        for name, found in declared.items()
        if found.read_only and found.is_scalar and name not in resource.key_members
    ]
    thing, tried = session.things.create(resource), False
    for name, found in names[:2] if isinstance(thing.sent, dict) else ():
        value = _other_value(session, found, name, shown(resource, thing.created))
        body = next(session.things.bodies(create), None)
        if value is None or not isinstance(body, dict):
            continue
        case = session.things.case(create, thing.keys)
        created = session.send(replace(case, body=body | {name: value}))
        tried = tried or created.accepted
        if created.accepted and not list(differences({name: value}, shown(resource, created), {name})):
            session.record_violation(f"{name} is read-only, and takes the value that is sent", created)
    if names and not tried:
        raise InconclusiveError("no request with a read-only member is accepted")


def _is_action(spec: Spec, operation: Operation) -> bool:
    """Whether an operation does something with an item, and returns it."""
    derived = derived_resources(spec)
    if any(operation == resource.create for resource in derived.values()):
        return False
    for resource in derived.values():
        if operation.method == "POST" and resource.owns(operation.template) and resource.read is not None:
            item, path = without_ending(resource.item), without_ending(operation.template)
            below = path.removeprefix(item).strip("/")
            returned = members_shown(spec, resource, operation)
            # What is created is something of its own, which may have a member of the same name.
            creates = "201" in operation.statuses
            if below and "{" not in below and resource.key_members and not creates:
                return resource.key_members[0] in returned
    return False


@of_operation("state", "shows later what it returned", "RFC 9110, 9.3.3", _is_action)
def shows_what_it_returned(session: Tester, operation: Operation) -> None:
    resource = session.things.chain(operation)[-1]
    thing = session.things.create(resource)
    done = session.things.attempt(operation, thing.keys)
    if str(key_of(resource, shown(resource, done))) == str(thing.key):
        check_as_returned(session, resource, done, read_thing(session, thing, "what was acted upon"))


REQUIREMENTS: tuple[OfResource, ...] = (
    creates_nothing_when_it_rejects,
    changes_nothing_when_it_rejects,
    changes_only_what_is_addressed,
    keeps_read_only_members,
)
OF_OPERATIONS: tuple[OfOperation, ...] = (shows_what_it_returned,)


def _half_wrong(session: Tester, operation: Operation) -> Iterator[dict[str, Any]]:
    """Bodies of which one member is wrong, and all others are new."""
    content = operation.request_body.content if operation.request_body else ()
    schema = content[0].schema if content else None
    body = next(session.things.bodies(operation), None)
    if schema is None or not isinstance(body, dict):
        return
    for name in dict.fromkeys((*reversed(body), *body)):
        wrong = {**body, name: {"wirecheck": [name]}}
        if not session.requests.is_valid(schema, wrong):
            yield wrong


def _other_value(session: Tester, found: Facets, name: str, item: Any) -> Any:
    """A value of a member that a thing does not have."""
    for index in (3, 4):
        for pointer in found.parts[:1]:
            value = session.things.guess(name, pointer, index)
            if isinstance(item, dict) and list(differences({name: value}, item, {name})):
                return value
    return None
