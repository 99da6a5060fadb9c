"""What requirements on things have in common: how things are read, deleted and compared."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from wirecheck.conform.case import GONE, Case, InconclusiveError
from wirecheck.conform.compare import changes, differences
from wirecheck.conform.ledger import Thing, key_of
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.decode import essence
from wirecheck.encode.media_types import BINARY
from wirecheck.resources import Resource, item_of, success_schema
from wirecheck.samples import Facets, members
from wirecheck.spec import Operation, Spec
from wirecheck.words import counted

_SOFT = ("deleted", "status", "state", "active", "archived", "enabled")


def required(operation: Operation | None) -> Operation:
    """An operation that a requirement needs, so that it is there."""
    if operation is None:
        raise InconclusiveError("the document has no such operation")
    return operation


def case_of(session: Tester, thing: Thing, operation: Operation | None, body: Any = None) -> Case:
    return replace(session.things.case(required(operation), thing.keys), body=body)


def read_thing(session: Tester, thing: Thing, what: str) -> Observation:
    """The thing as it is read. Raises InconclusiveError where it cannot be, and records that it is gone."""
    observation = session.send(case_of(session, thing, thing.resource.read))
    if observation.accepted:
        return observation
    if observation.status in GONE:
        session.record_violation(f"{what} cannot be read: {observation.status}", observation)
    raise InconclusiveError(f"{thing.resource.name} cannot be read ({observation.status})")


def delete_thing(session: Tester, thing: Thing) -> Observation:
    observation = session.send(case_of(session, thing, thing.resource.delete))
    if not observation.accepted:
        if observation.status in GONE:
            session.record_violation(f"what was created cannot be deleted: {observation.status}", observation)
        raise InconclusiveError(f"{thing.resource.name} cannot be deleted ({observation.status})")
    if observation.status == 202:
        raise InconclusiveError("it is deleted later (202)")
    return observation


def check_as_sent(session: Tester, resource: Resource, sent: Any, observation: Observation, how: str) -> None:
    """Records a violation for each member that is not returned as it was sent, perhaps in an envelope.

    A server may give what is sent in an envelope another key than is sent.
    """
    item, within = shown(resource, observation), item_of(sent, resource.thing)
    if resource.thing and isinstance(within, dict):
        sent = {name: value for name, value in within.items() if name not in resource.key_members[:1]}
    if not isinstance(sent, dict) or not isinstance(item, dict):
        return
    returned = members_shown(session.spec, resource, observation.case.operation)
    declared = {name for name, found in returned.items() if not found.write_only}
    for difference in differences(sent, item, declared):
        session.record_violation(f"it {how}, but {difference.as_difference}", observation)


def check_as_returned(session: Tester, resource: Resource, returned: Observation, read: Observation) -> None:
    """Records a violation for each member that a write shows otherwise than a read after it."""
    before, after = shown(resource, returned), shown(resource, read)
    has_members = isinstance(before, dict) and isinstance(after, dict)
    if returned.status == 202 or not has_members or key_of(resource, before) is None:
        return
    for change in changes({name: before[name] for name in before if name in after}, after):
        session.record_violation(f"a read after the write shows otherwise: {change.as_difference}", returned)


def check_content(session: Tester, written: Observation, read: Observation) -> None:
    """Records a violation where a GET returns other content than was PUT (RFC 9110, 9.3.4)."""
    headers = dict(written.exchange.request_headers)
    types = {essence(headers.get("content-type", "")), essence(read.header("content-type"))}
    if written.case.operation.method == "PUT" and types == {BINARY}:
        sent, returned = written.exchange.request_body or b"", read.exchange.response_body or b""
        if sent != returned:
            sizes = f"{counted(len(returned), 'byte')} instead of {counted(len(sent), 'byte')}"
            what = sizes if len(sent) != len(returned) else "other bytes"
            session.record_violation(f"what was put is not what is read: {what}", read)


def items(resource: Resource, observation: Observation) -> list[Any]:
    """The items on a page of a list."""
    listed = item_of(observation.body, resource.items or ())
    return listed if isinstance(listed, list) else []


def keys(resource: Resource, observation: Observation) -> Iterator[Any]:
    """The keys of the items on a page of a list."""
    for item in items(resource, observation):
        if (key := key_of(resource, item)) is not None:
            yield key


def members_shown(spec: Spec, resource: Resource, operation: Operation | None) -> Mapping[str, Facets]:
    """The members of the thing in the response of an operation, as the document declares them."""
    found = members(spec.document, success_schema(operation))
    for name in resource.thing:
        if name in found:
            found = members(spec.document, found[name].parts[0])
    return found


def members_sent(spec: Spec, operation: Operation) -> Mapping[str, Facets]:
    """The members that the body of a request may have."""
    content = operation.request_body.content if operation.request_body else ()
    declared = members(spec.document, content[0].schema if content else None)
    return {name: found for name, found in declared.items() if not found.read_only}


def shown(resource: Resource, observation: Observation) -> Any:
    """The thing in the body of a response."""
    item = item_of(observation.body, resource.thing)
    return observation.body if item is None else item


def shows_deletion(before: Any, after: Any) -> bool:
    """Whether a thing says itself that it was deleted."""
    if not isinstance(after, dict):
        return False
    marks = [name for name in after if any(word in name.lower() for word in _SOFT)]
    earlier = before if isinstance(before, dict) else {}
    return any(after[name] != earlier.get(name) for name in marks)
