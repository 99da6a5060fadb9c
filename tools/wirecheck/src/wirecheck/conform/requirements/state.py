"""State: what was created is there, as it was sent, until it is deleted; and a write has no other effect."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from wirecheck.conform.case import READS, Case, InconclusiveError
from wirecheck.conform.compare import changes, differences
from wirecheck.conform.ledger import Thing, key_of
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import OfResource, of_resource
from wirecheck.resources import Resource, item_of, success_schema
from wirecheck.samples import Facets, facets
from wirecheck.spec import Operation

_GONE = {404, 410}
_DENIED = {401, 403, 429}
_PATCHED = 6  # members that are patched one by one
_SOFT = ("deleted", "status", "state", "active", "archived", "enabled")
"""What members are named that say that a thing was deleted although it is still there."""


@of_resource("state", "creates nothing when it rejects a request", "RFC 9110, 15.5", "create", "list")
def creates_nothing_when_it_rejects(session: Tester, resource: Resource) -> None:
    create, tried = _operation(resource.create), False
    parents = session.things.path_values(create)
    listing = session.things.case(_operation(resource.list), parents)
    for body in _half_wrong(session, create):
        before = set(map(str, _keys(resource, session.send(listing))))
        rejected = session.send(replace(session.things.case(create, parents), body=body))
        if rejected.accepted or rejected.status in _DENIED:
            continue
        tried = True
        after = set(map(str, _keys(resource, session.send(listing))))
        if after - before and not before - after:
            session.record_violation("the request is rejected, but something was created", rejected)
    if not tried:
        raise InconclusiveError("no invalid body is known that is rejected")


@of_resource("state", "returns what was created", "RFC 9110, 9.3.3 and 9.3.1", "create", "read")
def returns_what_was_created(session: Tester, resource: Resource) -> None:
    thing = session.things.create(resource)
    _check_as_sent(session, resource, thing.sent, thing.created, "was created")
    read = _read(session, thing, "what was created")
    _check_as_sent(session, resource, thing.sent, read, "was created")


@of_resource(
    "state",
    "gives each thing a key of its own",
    "RFC 9110, 9.3.3",
    "create",
    when=lambda resource: not resource.is_upsert,
)
def gives_each_a_key(session: Tester, resource: Resource) -> None:
    first = session.things.create(resource)
    second = session.things.create(resource)
    if str(first.key) == str(second.key):
        session.record_violation(f"two {resource.name} have the same key", second.created)


@of_resource("state", "returns what replaced it", "RFC 9110, 9.3.4", "replace", "read")
def returns_what_replaced_it(session: Tester, resource: Resource) -> None:
    thing = session.things.current(resource)
    for _ in range(2):  # the second time all members have other values than before
        replaced = session.things.attempt(_operation(resource.replace), thing.parameters)
        _check_as_sent(session, resource, replaced.case.body, replaced, "was replaced")
        read = _read(session, thing, "what was replaced")
        _check_as_sent(session, resource, replaced.case.body, read, "was replaced")


@of_resource("state", "changes what is patched, and nothing else", "RFC 5789, 2", "patch", "read")
def changes_what_is_patched(session: Tester, resource: Resource) -> None:
    thing, patch = session.things.current(resource), _operation(resource.patch)
    accepted = False
    for name, value in _patches(session, resource, patch, thing):
        before = _item(resource, _read(session, thing, "what is to be patched"))
        patched = session.send(thing.case(patch, {name: value}))
        if not patched.accepted:
            continue
        accepted = True
        read = _read(session, thing, "what was patched")
        _check_as_sent(session, resource, {name: value}, read, "was patched")
        for change in changes(before, _item(resource, read), {name}):
            session.record_violation(
                f"{name} was patched, and {change.as_change}, although it was not sent", patched
            )
    if not accepted:
        raise InconclusiveError(f"no patch of a single member is known that {patch.name} accepts")


@of_resource("state", "no longer has what was deleted", "RFC 9110, 9.3.5", "delete", "read", "create")
def no_longer_has_what_was_deleted(session: Tester, resource: Resource) -> None:
    thing, delete = session.things.create(resource), _operation(resource.delete)
    before = _item(resource, _read(session, thing, "what is to be deleted"))
    deleted = _delete(session, thing)
    read = session.send(thing.case(_operation(resource.read)))
    after = _item(resource, read)
    if read.accepted and not _shows_deletion(before, after):
        session.record_violation("what was deleted can still be read", read)
    again = session.send(thing.case(delete))
    documented = _GONE.intersection(map(_code, delete.statuses))
    if again.accepted and documented and not (read.accepted and _shows_deletion(before, after)):
        expected = " or ".join(map(str, sorted(documented)))
        session.record_violation(
            f"what was deleted is deleted again with {again.status}, not {expected}", again
        )
    if deleted.status == again.status >= 500:
        session.record_violation("deleting fails", again)


@of_resource(
    "state",
    "rejects keys that lead nowhere",
    "RFC 9110, 15.5.5",
    "read",
    when=lambda resource: bool(resource.key_members) and bool(resource.list or resource.create),
)
def rejects_unknown_keys(session: Tester, resource: Resource) -> None:
    session.require_control(_operation(resource.read))
    for operation in (resource.read, resource.patch, resource.delete, resource.replace):
        if operation is None or _GONE.isdisjoint(map(_code, operation.statuses)):
            continue
        if operation.method not in READS and not session.things.can_create(resource):
            continue
        case = _with_unknown_key(session, resource, operation)
        observation = session.send(case)
        if observation.accepted:
            session.record_violation("a key that leads nowhere is accepted", observation)
        elif observation.status >= 500:
            session.record_violation("a key that leads nowhere makes the server fail", observation)


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
            before = _item(resource, _read(session, thing, "what is to be changed"))
            rejected = session.send(thing.case(operation, body))
            if rejected.accepted or rejected.status in _DENIED:
                continue
            tried = True
            after = _item(resource, _read(session, thing, "what a rejected write was about"))
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
    before = _item(resource, _read(session, second, "what was created"))
    writes = [operation for operation in (resource.replace, resource.patch) if operation is not None]
    last: Observation | None = None
    for operation in writes:
        last = session.things.attempt(operation, first.parameters)
    if resource.delete is not None:
        last = _delete(session, first)
    if last is None:
        return
    read = session.send(second.case(_operation(resource.read)))
    if read.status in _GONE:
        session.record_violation("a write to one thing removed another one", last)
    for change in changes(before, _item(resource, read)) if read.accepted else ():
        session.record_violation(f"a write to one thing changed another one: {change.as_change}", last)


@of_resource(
    "state",
    "keeps what lies within one thing out of others",
    "RFC 3986, 3.3",
    "create",
    "read",
    when=lambda resource: resource.parent is not None,
)
def keeps_to_the_parent(session: Tester, resource: Resource) -> None:
    parent = session.things.resources[resource.parent or ""]
    if not session.things.can_create(parent):
        raise InconclusiveError(f"no second {parent.name} can be created")
    here, there = session.things.create(parent), session.things.create(parent)
    thing = session.things.create(resource, within=here)
    wrong = {**thing.parameters, **there.parameters}
    read = session.send(session.things.case(_operation(resource.read), wrong))
    if read.accepted:
        session.record_violation(f"it can be read below another one of {parent.name}", read)
    if resource.list is not None:
        listed = session.send(session.things.case(resource.list, there.parameters))
        if listed.accepted and str(thing.key) in map(str, _keys(resource, listed)):
            session.record_violation(f"it is listed below another one of {parent.name}", listed)
    if resource.delete is not None and not read.accepted:
        deleted = session.send(session.things.case(resource.delete, wrong))
        if session.send(thing.case(_operation(resource.read))).status in _GONE:
            session.record_violation(f"it can be deleted below another one of {parent.name}", deleted)


@of_resource("state", "keeps read-only members to itself", "OpenAPI 3.1.1, 4.8.24.2.2", "create", "read")
def keeps_read_only_members(session: Tester, resource: Resource) -> None:
    create = _operation(resource.create)
    names = [
        (name, found)
        for name, found in _members(session, success_schema(create) or success_schema(resource.read)).items()
        if found.read_only and found.is_scalar and name not in resource.key_members
    ]
    thing, tried = session.things.create(resource), False
    for name, found in names[:2] if isinstance(thing.sent, dict) else ():
        value = _other_value(session, found, name, _item(resource, thing.created))
        body = next(session.things.bodies(create), None)
        if value is None or not isinstance(body, dict):
            continue
        case = session.things.case(create, thing.parameters)
        created = session.send(replace(case, body=body | {name: value}))
        tried = tried or created.accepted
        if created.accepted and not list(differences({name: value}, _item(resource, created), {name})):
            session.record_violation(f"{name} is read-only, and takes the value that is sent", created)
    if names and not tried:
        raise InconclusiveError("no request with a read-only member is accepted")


@of_resource("state", "shows the same in lists and alone", "RFC 9110, 9.3.1", "list", "read")
def shows_the_same(session: Tester, resource: Resource) -> None:
    listing = session.require_success(session.requests.base(_operation(resource.list)))
    items = item_of(listing.body, resource.items or ())
    compared = 0
    for item in items[:3] if isinstance(items, list) else ():
        key = key_of(resource, item)
        if key is None:
            continue
        within = {name: value for (_, name), value in listing.case.parameters.items()}
        case = session.things.case(_operation(resource.read), {**within, resource.key: key})
        read = session.send(case)
        if read.status in _GONE:
            session.record_violation("what a list shows cannot be read", read)
        alone = _item(resource, read)
        if not read.accepted or not isinstance(alone, dict):
            continue
        compared += 1
        for change in changes({name: item[name] for name in item if name in alone}, alone):
            if not isinstance(change.expected, dict | list):
                session.record_violation(f"a list shows another value: {change.as_difference}", read)
    if not compared:
        raise InconclusiveError(f"no {resource.name} are listed that can be read")


REQUIREMENTS: tuple[OfResource, ...] = (
    returns_what_was_created,
    creates_nothing_when_it_rejects,
    gives_each_a_key,
    returns_what_replaced_it,
    changes_what_is_patched,
    no_longer_has_what_was_deleted,
    rejects_unknown_keys,
    changes_nothing_when_it_rejects,
    changes_only_what_is_addressed,
    keeps_to_the_parent,
    keeps_read_only_members,
    shows_the_same,
)


def _read(session: Tester, thing: Thing, what: str) -> Observation:
    """The thing as it is read. Raises InconclusiveError where it cannot be, and records that it is gone."""
    observation = session.send(thing.case(_operation(thing.resource.read)))
    if observation.accepted:
        return observation
    if observation.status in _GONE:
        session.record_violation(f"{what} cannot be read: {observation.status}", observation)
    raise InconclusiveError(f"{thing.resource.name} cannot be read ({observation.status})")


def _delete(session: Tester, thing: Thing) -> Observation:
    observation = session.send(thing.case(_operation(thing.resource.delete)))
    if not observation.accepted:
        if observation.status in _GONE:
            session.record_violation(f"what was created cannot be deleted: {observation.status}", observation)
        raise InconclusiveError(f"{thing.resource.name} cannot be deleted ({observation.status})")
    if observation.status == 202:
        raise InconclusiveError("it is deleted later (202)")
    return observation


def _check_as_sent(
    session: Tester, resource: Resource, sent: Any, observation: Observation, how: str
) -> None:
    """Records a violation for each member that is not returned as it was sent."""
    item = _item(resource, observation)
    if not isinstance(sent, dict) or not isinstance(item, dict):
        return
    declared = {
        name
        for name, found in _members(session, success_schema(observation.case.operation)).items()
        if not found.write_only
    }
    for difference in differences(sent, item, declared):
        session.record_violation(f"it {how}, but {difference.as_difference}", observation)


def _members(session: Tester, schema: str | None) -> dict[str, Facets]:
    """The declared members of the things in a response, with their facets."""
    document = session.spec.document
    found = facets(document, schema) if schema else Facets()
    return {name: facets(document, *pointers) for name, pointers in found.properties.items()}


def _patches(
    session: Tester, resource: Resource, patch: Operation, thing: Thing
) -> Iterator[tuple[str, Any]]:
    """Members of a patch, each with a value that the thing does not have."""
    now = _item(resource, _read(session, thing, "what is to be patched"))
    body = next(session.things.bodies(patch, 1), None)
    for name, value in list(body.items())[:_PATCHED] if isinstance(body, dict) else ():
        if not isinstance(now, dict) or list(differences({name: value}, now, {name})):
            yield name, value


def _half_wrong(session: Tester, operation: Operation) -> Iterator[dict[str, Any]]:
    """Bodies of which one member is wrong, and all others are new."""
    content = operation.request_body.content if operation.request_body else ()
    schema = content[0].schema if content else None
    body = next(session.things.bodies(operation), None)
    if schema is None or not isinstance(body, dict) or len(body) < 2:
        return
    for name in dict.fromkeys((*reversed(body), *body)):
        wrong = {**body, name: {"wirecheck": [name]}}
        if not session.requests.is_valid(schema, wrong):
            yield wrong


def _with_unknown_key(session: Tester, resource: Resource, operation: Operation) -> Case:
    schemas = (
        parameter.schema
        for parameter in operation.parameters
        if (parameter.location, parameter.name) == ("path", resource.key)
    )
    key = session.things.unknown_key(next(schemas, None))
    return session.requests.base(operation).having("path", resource.key, key)


def _other_value(session: Tester, found: Facets, name: str, item: Any) -> Any:
    """A value of a member that a thing does not have."""
    for index in (3, 4):
        for pointer in found.parts[:1]:
            value = session.things.guess(name, pointer, index)
            if isinstance(item, dict) and list(differences({name: value}, item, {name})):
                return value
    return None


def _keys(resource: Resource, observation: Observation) -> Iterator[Any]:
    items = item_of(observation.body, resource.items or ())
    for item in items if isinstance(items, list) else ():
        if (key := key_of(resource, item)) is not None:
            yield key


def _item(resource: Resource, observation: Observation) -> Any:
    """The thing in the body of a response."""
    item = item_of(observation.body, resource.thing)
    return observation.body if item is None else item


def _shows_deletion(before: Any, after: Any) -> bool:
    """Whether a thing says itself that it was deleted."""
    if not isinstance(after, dict):
        return False
    marks = [name for name in after if any(word in name.lower() for word in _SOFT)]
    earlier = before if isinstance(before, dict) else {}
    return any(after[name] != earlier.get(name) for name in marks)


def _code(status: str) -> int:
    """A documented status as a number, 0 for a range."""
    return int(status) if status.isdecimal() else 0


def _operation(operation: Operation | None) -> Operation:
    """An operation that a requirement needs, so that it is there."""
    if operation is None:
        raise InconclusiveError("the document has no such operation")
    return operation
