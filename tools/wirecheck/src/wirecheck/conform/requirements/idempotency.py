"""Idempotency keys: a request that is sent again with its key creates nothing more."""

from dataclasses import replace
from uuid import uuid4

from wirecheck.conform.case import Case, InconclusiveError
from wirecheck.conform.ledger import created_key
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import OfResource, of_resource
from wirecheck.resources import Resource, plain
from wirecheck.spec import Operation, Parameter

_NAMES = ("idempotencykey", "idempotencytoken")


def _is_key(name: str) -> bool:
    return plain(name).removeprefix("x") in _NAMES


def _parameter(operation: Operation | None) -> Parameter | None:
    headers = operation.parameters if operation else ()
    keys = (header for header in headers if header.location == "header" and _is_key(header.name))
    return next(keys, None)


def _takes_a_key(resource: Resource) -> bool:
    return _parameter(resource.create) is not None and not resource.is_upsert


@of_resource(
    "http",
    "creates one thing for one idempotency key",
    "draft-ietf-httpapi-idempotency-key-header-06, 2",
    "create",
    when=_takes_a_key,
)
def creates_one(session: Tester, resource: Resource) -> None:
    """Repeated, with another body, and another body with another key; rejections are never wrong."""
    thing = session.things.create(resource)
    bodies = [next(session.things.bodies(thing.created.case.operation)) for _ in range(2)]
    key, other_key = (_key(session, resource) for _ in range(2))
    base = thing.created.case
    first = _send(session, base, key, bodies[0])
    if created_key(resource, first) is None or not 200 <= first.status < 300:
        raise InconclusiveError(
            f"no request with an idempotency key is known to be accepted ({first.status})"
        )
    if _creates_another(resource, first, repeated := _send(session, base, key, bodies[0])):
        session.record_violation(
            "a request repeated with its idempotency key creates another thing", repeated
        )
    if bodies[0] == bodies[1]:
        return
    if _creates_another(resource, first, changed := _send(session, base, key, bodies[1])):
        session.record_violation("another body with the same idempotency key creates another thing", changed)
    elif changed.accepted and "409" in base.operation.statuses:
        problem = "another body with the same idempotency key is accepted, although the document has 409"
        session.record_violation(problem, changed)
    separate = _send(session, base, other_key, bodies[1])
    if 200 <= separate.status < 300 and not _creates_another(resource, first, separate):
        session.record_violation("another idempotency key does not create another thing", separate)


def _key(session: Tester, resource: Resource) -> str:
    """A key that was never used, of this form if the document allows that."""
    parameter, key = _parameter(resource.create), str(uuid4())
    if parameter and parameter.schema and not session.requests.is_valid(parameter.schema, key):
        raise InconclusiveError("no new idempotency key is known")
    return key


def _send(session: Tester, base: Case, key: str, body: object) -> Observation:
    parameter = _parameter(base.operation)
    assert parameter is not None
    observation = session.send(replace(base, body=body).having("header", parameter.name, key))
    if observation.status == 429:
        raise InconclusiveError(observation.rate_limited)
    return observation


def _creates_another(resource: Resource, first: Observation, second: Observation) -> bool:
    """Whether both requests created something, and not the same."""
    keys = created_key(resource, first), created_key(resource, second)
    return 200 <= second.status < 300 and None not in keys and keys[0] != keys[1]


REQUIREMENTS: tuple[OfResource, ...] = (creates_one,)
