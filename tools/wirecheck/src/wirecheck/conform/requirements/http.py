"""HTTP: media types of bodies, what is acceptable, and the addresses of what was created or has begun."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from wirecheck.conform import probes
from wirecheck.conform.case import READ_ONLY, READS, UNDECIDED, Case, InconclusiveError
from wirecheck.conform.encoding import media_types
from wirecheck.conform.ledger import Thing, key_of, keys_of
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import OfOperation, OfResource, of_operation, of_resource
from wirecheck.conform.things import says_itself
from wirecheck.decode import is_json
from wirecheck.resources import Resource, item_of
from wirecheck.spec import Operation, Spec

_OTHER_TYPES = ("text/plain", "application/xml")
_UNACCEPTABLE = "application/vnd.wirecheck.none"
_POLLS = 5  # of a job


def _takes_json_only(spec: Spec, operation: Operation) -> bool:
    """Whether the document has 415, and JSON as the only kind of bodies."""
    content = operation.request_body.content if operation.request_body else ()
    documents = "415" in operation.statuses and bool(media_types(operation))
    return documents and all(is_json(entry.name) for entry in content) and not says_itself(spec, operation)


@of_operation("http", "rejects bodies of other media types", "RFC 9110, 15.5.16", _takes_json_only)
def rejects_other_media_types(session: Tester, operation: Operation) -> None:
    """The body that is accepted as JSON is sent as something else. Rejections by another 4xx are as good."""
    if session.read_only:
        raise InconclusiveError(READ_ONLY)
    session.require_control(operation)
    for kind in _OTHER_TYPES:
        case = session.requests.base(operation).having("header", "Content-Type", kind)
        session.require_rejection(case, f"the body is {kind}")


def _documents_406(spec: Spec, operation: Operation) -> bool:
    return operation.method == "GET" and "406" in operation.statuses and not says_itself(spec, operation)


@of_operation("http", "responds to what it cannot send as documented", "RFC 9110, 12.4.1", _documents_406)
def respects_accept(session: Tester, operation: Operation) -> None:
    """A server may also disregard Accept, and send a documented media type, which the judge compares."""
    base = session.requests.base(operation)
    observation = session.send(base.having("header", "Accept", _UNACCEPTABLE))
    status = observation.status
    if status == 429:
        raise InconclusiveError(observation.rate_limited)
    if status != 406 and not 200 <= status < 300 and session.require_success(base):
        session.record_violation(
            f"what is accepted cannot be sent, but that is not a 406: {status}", observation
        )


@of_resource("http", "locates what was created", "RFC 9110, 15.3.2", "create", "read")
def locates_what_was_created(session: Tester, resource: Resource) -> None:
    if resource.is_upsert:
        raise InconclusiveError("the address of what is created is that of the request")
    thing = session.things.create(resource)
    created, read = thing.created, resource.read
    assert read is not None
    address = _address(session, created) if created.status == 201 else None
    if address is None:
        return
    own = session.send(_read(session, thing, read))
    located = session.send(replace(session.things.case(read, thing.keys), address=address))
    if not 200 <= own.status < 300:
        raise InconclusiveError(f"what was created cannot be read ({own.status})")
    if _leads_nowhere(located):
        session.record_violation(f"Location of what was created leads to nothing: {located.status}", created)
    elif 200 <= located.status < 300:
        keys = [_key(resource, observation) for observation in (created, located)]
        if None not in keys and keys[0] != keys[1]:
            session.record_violation("Location leads to another thing than what was created", created)
    else:
        raise InconclusiveError(f"Location cannot be read ({located.status})")


def _leads_nowhere(observation: Observation) -> bool:
    return 400 <= observation.status < 500 and observation.status not in UNDECIDED


def _read(session: Tester, thing: Thing, read: Operation) -> Case:
    """The case that reads what was created, by the key in its body: that of Location may be wrong."""
    key = _key(thing.resource, thing.created)
    own = {} if key is None else {thing.resource.place: key}
    return session.things.case(read, {**thing.keys, **own})


def _key(resource: Resource, observation: Observation) -> Any:
    """The key in the body of a response, None where it is unknown."""
    if not resource.key_members:
        resource = replace(resource, key_members=(resource.key, "id"))
    return key_of(resource, item_of(observation.body, resource.thing))


def _begins_jobs(spec: Spec, operation: Operation) -> bool:
    has_body_of_job = "202" in operation.statuses and operation.method not in READS
    return has_body_of_job and not says_itself(spec, operation)


@of_operation("http", "locates the job that it began", "RFC 9110, 15.3.3", _begins_jobs)
def locates_its_job(session: Tester, operation: Operation) -> None:
    """The job may still be unknown when it is first read. What it is about is read once it has gone on."""
    if session.read_only:
        raise InconclusiveError(READ_ONLY)
    began = session.things.attempt(operation, session.things.path_values(operation))
    address = _address(session, began) if began.status == 202 else None
    if address is None:
        raise InconclusiveError("the response does not say where its job is")
    reads = [read for read in session.spec.operations if read.method == "GET" and _matches(read, address)]
    if not reads:
        undocumented = replace(began.case, method="GET", body=None, address=address)
        if _leads_nowhere(probes.send_unjudged(session, undocumented)):
            session.record_violation("Location of the job leads to nothing that the document has", began)
        return
    job = replace(session.things.case(reads[0], {}), address=address)
    polled = [session.send(job)]
    while len(polled) < _POLLS and (len(polled) == 1 or polled[-1].body != polled[-2].body):
        polled.append(session.send(job))
    if all(map(_leads_nowhere, polled)):
        session.record_violation(f"Location of the job leads to nothing: {polled[-1].status}", began)
    for resource in session.things.chain(operation):
        if resource.read is not None:
            session.send(session.things.case(resource.read, keys_of(began.case)))


def _matches(operation: Operation, address: str) -> bool:
    literal = "[^/]+".join(map(re.escape, re.split(r"\{[^{}]+\}", operation.template)))
    return re.search(f"{literal}$", urlsplit(address).path) is not None


def _address(session: Tester, observation: Observation) -> str | None:
    """Where Location leads on this server, None where there is none; a documented one must be there.

    Raises InconclusiveError for another host.
    """
    location = observation.header("location")
    response = observation.case.operation.response(observation.status)
    if not location:
        documented = (
            [header for header in response.headers if header.name.lower() == "location"] if response else []
        )
        if documented:
            session.record_violation(
                f"the response {observation.status} has no Location", observation, f"#{documented[0].pointer}"
            )
        return None
    local = session.target.local_url(observation.case, location)
    if local is not None:
        return local
    sent = str(session.target.request(observation.case).url)
    address = urljoin(sent, location)
    if urlsplit(address)[:2] != urlsplit(sent)[:2]:
        raise InconclusiveError("Location leads to another host")
    return address


OF_OPERATIONS: tuple[OfOperation, ...] = (
    rejects_other_media_types,
    respects_accept,
    locates_its_job,
)
REQUIREMENTS: tuple[OfResource, ...] = (locates_what_was_created,)
