"""State: what was created is there, as it was sent, until it is deleted."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from wirecheck.conform.case import GONE, READS, Case, InconclusiveError
from wirecheck.conform.compare import changes, differences
from wirecheck.conform.ledger import Thing, key_of, keys_of
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import OfResource, of_resource
from wirecheck.conform.requirements.items import (
    case_of,
    check_as_returned,
    check_as_sent,
    check_content,
    delete_thing,
    members_sent,
    members_shown,
    read_thing,
    required,
    shown,
    shows_deletion,
)
from wirecheck.resources import Resource, item_of, places
from wirecheck.spec import Operation

_MINIMAL = 2  # the kind of bodies that have nothing but the required members
_PATCHED = 6  # members that are patched one by one
_CREATED = re.compile(r"created|creation|registered|joined", re.IGNORECASE)
"""What members are named that say that a thing was deleted although it is still there."""


@of_resource("state", "returns what was created", "RFC 9110, 9.3.3 and 9.3.1", "create", "read")
def returns_what_was_created(session: Tester, resource: Resource) -> None:
    for alternative in range(session.things.alternatives(required(resource.create))):
        thing = session.things.create(resource, alternative=alternative)
        check_as_sent(session, resource, thing.sent, thing.created, "was created")
        read = read_thing(session, thing, "what was created")
        check_as_sent(session, resource, thing.sent, read, "was created")
        check_as_returned(session, resource, thing.created, read)
        check_content(session, thing.created, read)
    _check_defaults(session, resource)


def _check_defaults(session: Tester, resource: Resource) -> None:
    """What is not sent has the default of the document, where the required members suffice."""
    create = required(resource.create)
    defaults = {name: value for name, value in _defaults(session, create).items() if value is not None}
    minimal = next(session.things.bodies(create, _MINIMAL), None)
    if not isinstance(minimal, dict) or not defaults.keys() - minimal.keys():
        return
    keys = session.things.path_values(create)
    created = session.send(replace(session.things.case(create, keys), body=minimal))
    thing = session.things.ledger.created_by(created)
    if thing is None:
        return
    read = read_thing(session, thing, "what was created")
    expected = {name: value for name, value in defaults.items() if name not in minimal}
    for difference in differences(expected, shown(resource, read)):
        session.record_violation(
            f"it was created without a member that has a default, but {difference.as_difference}", read
        )


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


@of_resource("state", "returns what replaced it", "RFC 9110, 9.3.4", "replace", "read", "create")
def returns_what_replaced_it(session: Tester, resource: Resource) -> None:
    for alternative in range(session.things.alternatives(required(resource.create))):
        _check_replacing(
            session, resource, session.things.create(resource, alternative=alternative), alternative
        )


def _check_replacing(session: Tester, resource: Resource, thing: Thing, alternative: int) -> None:
    before = shown(resource, read_thing(session, thing, "what is to be replaced"))
    for _ in range(2):  # the second time all members have other values than before
        replaced = session.things.attempt(required(resource.replace), thing.keys, alternative)
        sent = replaced.case.body
        check_as_sent(session, resource, sent, replaced, "was replaced")
        read = read_thing(session, thing, "what was replaced")
        check_as_sent(session, resource, sent, read, "was replaced")
        check_as_returned(session, resource, replaced, read)
        check_content(session, replaced, read)
    after = shown(resource, read)
    names = before.keys() & after.keys() if isinstance(before, dict) and isinstance(after, dict) else ()
    for name in names - sent.keys() if isinstance(sent, dict) and names else ():
        if _CREATED.match(name) and after[name] != before[name]:
            session.record_violation(f"{name} changed although the thing was only replaced", read)


@of_resource(
    "state",
    "says whether it created or replaced",
    "RFC 9110, 9.3.4",
    "create",
    when=lambda resource: (
        resource.is_upsert
        and resource.create is not None
        and not {"200", "204"}.isdisjoint(resource.create.statuses)
    ),
)
def says_what_it_did(session: Tester, resource: Resource) -> None:
    thing = session.things.create(resource)
    if thing.created.status != 201:
        what = f"what was created is said to be replaced: {thing.created.status}, not 201"
        session.record_violation(what, thing.created)
    replaced = session.things.attempt(required(resource.create), thing.keys)
    if replaced.status == 201:
        session.record_violation("what was replaced is said to be created: 201", replaced)


@of_resource("state", "gives what is not sent its default", "RFC 9110, 9.3.4", "replace", "read", "create")
def gives_defaults(session: Tester, resource: Resource) -> None:
    replace_, thing = required(resource.replace), session.things.create(resource)
    defaults = _defaults(session, replace_)
    if not defaults:
        raise InconclusiveError("no member has a default")
    complete = session.things.attempt(replace_, thing.keys).case.body
    minimal = next(session.things.bodies(replace_, _MINIMAL), None)
    if not isinstance(minimal, dict) or not isinstance(complete, dict):
        raise InconclusiveError("no body with the required members alone is known")
    replaced = session.send(case_of(session, thing, replace_, minimal))
    if not replaced.accepted:
        raise InconclusiveError("a body with the required members alone is rejected")
    read = read_thing(session, thing, "what was replaced")
    expected = {name: value for name, value in defaults.items() if name not in minimal}
    now = shown(resource, read)
    for difference in differences(expected, now):
        name = difference.pointer.strip("/")
        if name in complete and not list(differences({name: complete[name]}, now)):
            session.record_violation(
                f"it was replaced without {name}, which still has the value of before, not its default", read
            )


def _defaults(session: Tester, operation: Operation) -> dict[str, Any]:
    """The defaults of the members of a body."""
    return {
        name: found.default
        for name, found in members_sent(session.spec, operation).items()
        if found.has_default and not found.write_only
    }


@of_resource("state", "changes what is patched, and nothing else", "RFC 5789, 2", "patch", "read", "create")
def changes_what_is_patched(session: Tester, resource: Resource) -> None:
    thing, patch = session.things.create(resource), required(resource.patch)
    declared = members_shown(session.spec, resource, resource.read)
    computed = {name for name, found in declared.items() if found.read_only and not _CREATED.search(name)}
    accepted = False
    for name, value in _patches(session, resource, patch, thing):
        before = shown(resource, read_thing(session, thing, "what is to be patched"))
        patched = session.send(case_of(session, thing, patch, {name: value}))
        if not patched.accepted:
            continue
        accepted = True
        read = read_thing(session, thing, "what was patched")
        check_as_sent(session, resource, {name: value}, read, "was patched")
        for change in changes(before, shown(resource, read), {name, *computed}):
            session.record_violation(
                f"{name} was patched, and {change.as_change}, although it was not sent", patched
            )
    if not accepted:
        raise InconclusiveError(f"no patch of a single member is known that {patch.name} accepts")


@of_resource("state", "no longer has what was deleted", "RFC 9110, 9.3.5", "delete", "read", "create")
def no_longer_has_what_was_deleted(session: Tester, resource: Resource) -> None:
    thing, operation = session.things.create(resource), required(resource.delete)
    before = shown(resource, read_thing(session, thing, "what is to be deleted"))
    delete_thing(session, thing)
    read = session.send(case_of(session, thing, resource.read))
    after = shown(resource, read)
    reading = GONE.intersection(map(_code, required(resource.read).statuses))
    if read.accepted and (410 in reading or not shows_deletion(before, after)):
        session.record_violation("what was deleted can still be read", read)
    elif read.status == 404 and 410 in reading:
        session.record_violation("what was deleted is 404, not 410, which the document has for it", read)
    again = session.send(case_of(session, thing, operation))
    documented = GONE.intersection(map(_code, operation.statuses))
    if again.accepted and documented and not (read.accepted and shows_deletion(before, after)):
        unknown = session.send(_with_unknown_key(session, resource, operation))
        if unknown.status in GONE:
            return  # what was there once may be deleted again (RFC 9110, 9.2.2)
        expected = " or ".join(map(str, sorted(documented)))
        session.record_violation(
            f"what was deleted is deleted again with {again.status}, not {expected}", again
        )


@of_resource(
    "state",
    "rejects keys that lead nowhere",
    "RFC 9110, 15.5.5",
    "read",
    when=lambda resource: bool(resource.key_members) and bool(resource.list or resource.create),
)
def rejects_unknown_keys(session: Tester, resource: Resource) -> None:
    session.require_control(required(resource.read))
    replaces = None if resource.is_upsert else resource.replace
    for operation in (resource.read, resource.patch, resource.delete, replaces):
        if operation is None or GONE.isdisjoint(map(_code, operation.statuses)):
            continue
        if operation.method not in READS and not session.things.can_create(resource):
            continue
        case = _with_unknown_key(session, resource, operation)
        observation = session.send(case)
        if observation.accepted:
            session.record_violation("a key that leads nowhere is accepted", observation)
        elif observation.status >= 500:
            session.record_violation("a key that leads nowhere makes the server fail", observation)


@of_resource("state", "shows the same in lists and alone", "RFC 9110, 9.3.1", "list", "read")
def shows_the_same(session: Tester, resource: Resource) -> None:
    listing = session.require_success(session.requests.base(required(resource.list)))
    items = item_of(listing.body, resource.items or ())
    compared = 0
    for item in items[:3] if isinstance(items, list) else ():
        key = key_of(resource, item)
        if key is None or not session.things.fits_key(resource, key):
            continue
        case = session.things.case(required(resource.read), {**keys_of(listing.case), resource.place: key})
        read = session.send(case)
        if read.status in GONE:
            session.record_violation("what a list shows cannot be read", read)
        alone = shown(resource, read)
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
    gives_each_a_key,
    returns_what_replaced_it,
    says_what_it_did,
    gives_defaults,
    changes_what_is_patched,
    no_longer_has_what_was_deleted,
    rejects_unknown_keys,
    shows_the_same,
)


def _patches(
    session: Tester, resource: Resource, patch: Operation, thing: Thing
) -> Iterator[tuple[str, Any]]:
    """Members of a patch, each with a value that the thing does not have."""
    now = shown(resource, read_thing(session, thing, "what is to be patched"))
    body = next(session.things.bodies(patch, 1), None)
    for name, value in list(body.items())[:_PATCHED] if isinstance(body, dict) else ():
        if name in resource.key_members[:1]:
            continue
        if not isinstance(now, dict) or list(differences({name: value}, now, {name})):
            yield name, value


def _with_unknown_key(session: Tester, resource: Resource, operation: Operation) -> Case:
    name = places(operation.template)[resource.place]
    schemas = (
        parameter.schema
        for parameter in operation.parameters
        if (parameter.location, parameter.name) == ("path", name)
    )
    key = session.things.unknown_key(next(schemas, None))
    return session.requests.base(operation).having("path", name, key)


def _code(status: str) -> int:
    """A documented status as a number, 0 for a range."""
    return int(status) if status.isdecimal() else 0
