"""Nesting: what lies within a thing is kept there, listed there, counted by it, and names it."""

from collections.abc import Iterator

from wirecheck.conform.case import GONE, InconclusiveError
from wirecheck.conform.compare import differences
from wirecheck.conform.ledger import Thing, key_of
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import OfOperation, OfResource, of_operation, of_resource
from wirecheck.conform.requirements.items import (
    case_of,
    delete_thing,
    items,
    members_sent,
    read_thing,
    required,
    shown,
)
from wirecheck.conform.things import derived_resources
from wirecheck.resources import Resource, places, plain, referred, singular, success_schema
from wirecheck.samples import members
from wirecheck.spec import Operation, Spec

_PEOPLE = {"user", "account", "member", "person", "profile", "customer", "author", "owner", "player"}


def _two_parents(session: Tester, resource: Resource) -> tuple[Thing, Thing]:
    """Two new things within which a thing of the resource can be created.

    Raises InconclusiveError where none can be created.
    """
    parent = session.things.resources[resource.parent or ""]
    if not session.things.can_create(parent):
        raise InconclusiveError(f"no second {parent.name} can be created")
    return session.things.create(parent), session.things.create(parent)


@of_resource(
    "state",
    "keeps what lies within one thing out of others",
    "RFC 3986, 3.3",
    "create",
    "read",
    when=lambda resource: resource.parent is not None and len(places(resource.item)) > 1,
)
def keeps_to_the_parent(session: Tester, resource: Resource) -> None:
    here, there = _two_parents(session, resource)
    thing = session.things.create(resource, within=here)
    wrong = {**thing.keys, **there.keys}
    read = session.send(session.things.case(required(resource.read), wrong))
    if read.accepted:
        session.record_violation(f"it can be read below another one of {there.resource.name}", read)
    if resource.delete is not None and not read.accepted:
        deleted = session.send(session.things.case(resource.delete, wrong))
        if session.send(case_of(session, thing, resource.read)).status in GONE:
            session.record_violation(f"it can be deleted below another one of {there.resource.name}", deleted)


@of_resource(
    "state",
    "lists only what lies within a thing",
    "RFC 3986, 3.3",
    "list",
    "create",
    when=lambda resource: resource.parent is not None,
)
def lists_only_what_lies_within(session: Tester, resource: Resource) -> None:
    here, there = _two_parents(session, resource)
    session.things.create(resource, within=here)
    own, other = (
        session.send(session.things.case(required(resource.list), each.keys)) for each in (here, there)
    )
    in_both = [item for item in items(resource, own) if item in items(resource, other)]
    if in_both:
        what = f"{resource.name} within one of {there.resource.name} are listed in another one, too"
        session.record_violation(what, other)


@of_resource(
    "state",
    "is counted by what it lies within",
    "OpenAPI 3.1.1, 4.8.24",
    "create",
    when=lambda resource: resource.parent is not None,
)
def is_counted(session: Tester, resource: Resource) -> None:
    parent = session.things.resources[resource.parent or ""]
    if not session.things.can_create(parent) or parent.read is None:
        raise InconclusiveError(f"{parent.name} cannot be created and read")
    within = session.things.create(parent)
    before = shown(parent, read_thing(session, within, "what was created"))
    word = singular(plain(resource.name))
    names = [
        name
        for name, value in (before.items() if isinstance(before, dict) else ())
        if type(value) is int and _counts(plain(name), word)
    ]
    if not names:
        raise InconclusiveError(f"{parent.name} do not count {resource.name}")
    things = [session.things.create(resource, within=within) for _ in range(2)]
    _check_counts(session, within, {name: before[name] + 2 for name in names})
    if resource.delete is not None:
        delete_thing(session, things[0])
        _check_counts(session, within, {name: before[name] + 1 for name in names})


def _counts(name: str, word: str) -> bool:
    """Whether a member says how many things of a name there are."""
    return name in {f"{word}count", f"{word}scount", f"num{word}s", f"numberof{word}s", f"total{word}s"}


def _check_counts(session: Tester, within: Thing, expected: dict[str, int]) -> None:
    observation = read_thing(session, within, "what was created")
    for difference in differences(expected, shown(within.resource, observation)):
        session.record_violation(f"the count is wrong: {difference.as_difference}", observation)


def _names_its_owner(spec: Spec, operation: Operation) -> bool:
    return next(_names_of_owner(spec, operation), None) is not None


def _names_of_owner(spec: Spec, operation: Operation) -> Iterator[str]:
    """The members by which what a POST below an item returns names that item, unless a client gives them.

    What is below a person may as well name another one, such as the author.
    """
    derived = derived_resources(spec)
    owners = [resource for resource in derived.values() if resource.owns(operation.template)]
    if operation.method != "POST" or not owners:
        return
    owner = max(owners, key=lambda resource: len(resource.item))
    if singular(plain(owner.name)) in _PEOPLE:
        return
    sent = members_sent(spec, operation)
    for name, found in members(spec.document, success_schema(operation)).items():
        is_own = plain(name) == plain(owner.name)
        if found.is_scalar and not is_own and owner in referred(name, derived) and name not in sent:
            yield name


@of_operation("state", "names the thing that it was sent to", "RFC 3986, 3.3", _names_its_owner)
def names_its_owner(session: Tester, operation: Operation) -> None:
    owner = session.things.chain(operation)[-1]
    thing = session.things.create(owner)
    done = session.things.attempt(operation, thing.keys)
    own = key_of(owner, shown(owner, read_thing(session, thing, "what was created")))
    for name in _names_of_owner(session.spec, operation):
        value = done.body.get(name) if isinstance(done.body, dict) else None
        if own == thing.key and type(value) is type(own) and value != own:
            session.record_violation(f"{name} is {value!r}, but the request was sent to {own!r}", done)


REQUIREMENTS: tuple[OfResource, ...] = (keeps_to_the_parent, lists_only_what_lies_within, is_counted)
OF_OPERATIONS: tuple[OfOperation, ...] = (names_its_owner,)
