"""Conditional requests: entity tags that name the state of a thing, where the document speaks of them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform.case import GONE, READ_ONLY, Case, InconclusiveError
from wirecheck.conform.encoding import media_types
from wirecheck.conform.ledger import Thing
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import OfResource, of_resource
from wirecheck.conform.requirements.items import shown
from wirecheck.resources import Resource
from wirecheck.spec import Operation

_ANY_TAG = "*"  # where the item has none
_OTHER_TAG = '"wirecheck-other"'
_BODIES = 4  # that are tried until one is accepted
_TRIES = 3


def _header(operation: Operation, name: str) -> str:
    """The name of a documented header parameter; empty where it is not documented."""
    headers = (parameter.name for parameter in operation.parameters if parameter.location == "header")
    return next((header for header in headers if header.lower() == name), "")


def _has_304(resource: Resource) -> bool:
    read = resource.read
    return read is not None and ("304" in read.statuses or bool(_header(read, "if-none-match")))


def _has_tags(resource: Resource) -> bool:
    """Whether the document gives items entity tags."""
    responses = resource.read.responses if resource.read else ()
    return any(header.name.lower() == "etag" for response in responses for header in response.headers)


@of_resource("http", "compares If-None-Match", "RFC 9110, 13.1.2", "read", when=_has_304)
def compares_if_none_match(session: Tester, resource: Resource) -> None:
    """304 for the entity tag that an item has, and the item for another one."""
    read = resource.read
    assert read is not None
    base = session.requests.base(read)
    name = _header(read, "if-none-match") or "If-None-Match"
    for _ in range(_TRIES):
        tag = session.require_success(base).header("etag")
        if not tag:
            raise InconclusiveError("the item has no entity tag")
        same = session.send(base.having("header", name, tag))
        if same.status == 304 or same.header("etag") == tag:
            break
    else:
        raise InconclusiveError("the entity tag changes all the time")
    if 200 <= same.status < 300:
        session.record_violation(
            f"If-None-Match has the entity tag of the item, but the response is {same.status}, not 304", same
        )
    other = session.send(base.having("header", name, _OTHER_TAG))
    if other.status == 304:
        session.record_violation("If-None-Match has another entity tag, but the response is 304", other)


@of_resource(
    "http", "changes the entity tag with the item", "RFC 9110, 8.8.1", "read", "create", when=_has_tags
)
def changes_tags(session: Tester, resource: Resource) -> None:
    """A weak entity tag may stay the same."""
    thing = _thing(session, resource)
    read = session.things.case(_read(resource), thing.keys)
    before = session.send(read)
    tag = before.header("etag")
    if not tag or tag.startswith("W/"):
        raise InconclusiveError("the item has no strong entity tag")
    for operation in (resource.patch, resource.replace):
        for _ in _accepted(session, thing, operation) if operation else ():
            after = session.send(read)
            if after.status == 200 and after.body != before.body:
                if after.header("etag") == tag:
                    session.record_violation("the item has changed, but its entity tag has not", after)
                return
    raise InconclusiveError("no request is known that changes the item")


def _compares_tags(resource: Resource, name: str) -> bool:
    operation: Operation | None = getattr(resource, name)
    return operation is not None and ("412" in operation.statuses or bool(_header(operation, "if-match")))


def _rejects_stale_tags(session: Tester, resource: Resource, name: str) -> None:
    """A change with the right entity tag makes that one stale; a wrong one is sent before a DELETE."""
    operation: Operation = getattr(resource, name)
    thing = _thing(session, resource)
    tag = session.things.entity_tag(operation, thing.keys)
    if tag == _ANY_TAG:
        raise InconclusiveError("the item has no entity tag")
    body = None
    if operation != resource.delete:
        body = next(_accepted(session, thing, operation), None)
        if body is None:
            raise InconclusiveError(f"no request is known that {operation.name} accepts")
    current = session.things.entity_tag(operation, thing.keys)
    stale = tag if current != tag else _OTHER_TAG
    header = _header(operation, "if-match") or "If-Match"
    case = replace(session.things.case(operation, thing.keys), body=body)
    _require_rejection(
        session, thing, case.having("header", header, stale), "If-Match has a stale entity tag"
    )
    if "428" in operation.statuses:
        _require_rejection(session, thing, case.without("header", header), "If-Match is missing")
    if operation == resource.delete and thing in session.things.ledger and not current.startswith("W/"):
        deleted = session.send(case.having("header", header, current))
        if deleted.status == 412:
            session.record_violation(
                "If-Match has the entity tag of the item, but it is rejected: 412", deleted
            )


def _require_rejection(session: Tester, thing: Thing, case: Case, why: str) -> None:
    """Requires that a write is rejected without effect, unless the thing is gone already."""
    read = session.things.case(_read(thing.resource), thing.keys)
    before = session.send(read)
    if before.status != 200:
        return
    was = shown(thing.resource, before)
    case = replace(case, body=_changed(session, case.operation, case.body, was))
    rejection = session.require_rejection(case, why)
    if rejection.accepted:
        return
    after = session.send(read)
    has_taken = after.status == 200 and _has_taken(case.body, was, shown(thing.resource, after))
    if after.status in GONE or has_taken:
        session.record_violation(f"{why}: the request is rejected, but it has an effect", rejection)


def _thing(session: Tester, resource: Resource) -> Thing:
    if session.read_only:
        raise InconclusiveError(READ_ONLY)
    return session.things.create(resource)


def _read(resource: Resource) -> Operation:
    assert resource.read is not None
    return resource.read


def _accepted(session: Tester, thing: Thing, operation: Operation) -> Iterator[Any]:
    """Bodies that are accepted with the entity tag that the item has, each when it was."""
    header = _header(operation, "if-match")
    for body in _bodies(session, thing, operation):
        case = replace(session.things.case(operation, thing.keys), body=body)
        tag = session.things.entity_tag(operation, thing.keys) if header else _ANY_TAG
        written = session.send(case if tag == _ANY_TAG else case.having("header", header, tag))
        if 200 <= written.status < 300:
            yield body
        elif written.status == 412 and not tag.startswith(("W/", _ANY_TAG)):
            session.record_violation(
                "If-Match has the entity tag of the item, but it is rejected: 412", written
            )
            return


def _bodies(session: Tester, thing: Thing, operation: Operation) -> Iterator[Any]:
    """Bodies that are likely to be accepted: with a member of what was sent changed, and new ones."""
    candidates: list[Any] = []
    created = shown(thing.resource, thing.created)
    if operation == thing.resource.patch and isinstance(thing.sent, dict):
        members = ({name: value} for name, value in thing.sent.items())
        changed = ((body, _changed(session, operation, body, created)) for body in members)
        candidates = [new for body, new in changed if new != body][:1]
    candidates.append(_changed(session, operation, thing.sent, created))
    for kind in range(3):
        candidates += session.things.bodies(operation, kind)
    valid = [body for body in candidates if body is not None and _is_valid(session, operation, body)]
    yield from valid[:_BODIES]


def _changed(session: Tester, operation: Operation, body: Any, item: Any) -> Any:
    """A body with a member that differs from what the item has, if its schema allows one."""
    if not isinstance(body, dict):
        return body
    for name, value in body.items():
        known = item.get(name, value) if isinstance(item, dict) else value
        for other in _others(known):
            changed = {**body, name: other}
            if other != value and _is_valid(session, operation, changed):
                return changed
    return body


def _others(value: Any) -> Iterator[Any]:
    """Other values of the same kind."""
    if isinstance(value, bool):
        return
    if isinstance(value, str) and value:
        yield value[:-1] + ("b" if value[-1] != "b" else "a")
    elif isinstance(value, int):
        yield from (value + 1, value - 1)


def _is_valid(session: Tester, operation: Operation, body: Any) -> bool:
    documented = media_types(operation)
    return bool(documented and documented[0].schema) and session.requests.is_valid(
        str(documented[0].schema), body
    )


def _has_taken(body: Any, before: Any, after: Any) -> bool:
    """Whether an item has taken over a member of the body."""
    if not all(isinstance(value, dict) for value in (body, before, after)):
        return False
    return any(name in after and before.get(name) != after[name] == value for name, value in body.items())


def _creates_only(resource: Resource) -> bool:
    """Whether PUT may be told to replace nothing."""
    operation = resource.replace
    return operation is not None and "412" in operation.statuses and bool(_header(operation, "if-none-match"))


@of_resource(
    "http",
    "replaces nothing with If-None-Match: *",
    "RFC 9110, 13.1.2",
    "replace",
    "read",
    "create",
    when=_creates_only,
)
def replaces_nothing(session: Tester, resource: Resource) -> None:
    thing, operation = _thing(session, resource), resource.replace
    assert operation is not None
    body = next(_bodies(session, thing, operation), None)
    if body is None:
        raise InconclusiveError(f"no request is known that {operation.name} accepts")
    case = replace(session.things.case(operation, thing.keys), body=body)
    case = case.having("header", _header(operation, "if-none-match"), _ANY_TAG)
    _require_rejection(session, thing, case, "If-None-Match is *, and there is such a thing")


REQUIREMENTS: tuple[OfResource, ...] = (
    compares_if_none_match,
    changes_tags,
    replaces_nothing,
    *(
        of_resource(
            "http",
            "rejects a stale entity tag",
            "RFC 9110, 13.1.1",
            name,
            "read",
            "create",
            when=partial(_compares_tags, name=name),
        )(partial(_rejects_stale_tags, name=name))
        for name in ("replace", "patch", "delete")
    ),
)
