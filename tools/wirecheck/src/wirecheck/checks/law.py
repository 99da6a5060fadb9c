"""Whether exchanges satisfy the laws (x-laws) and the invariants (x-invariants) of a document."""

from collections import defaultdict
from collections.abc import Iterator

from wirecheck.checks.subject import Subject, check
from wirecheck.checks.views import request_view, response_view
from wirecheck.laws import Law, applying
from wirecheck.laws.occurrences import Occurrence
from wirecheck.model import Severity, Side, Violation
from wirecheck.spec import join


@check(Severity.ERROR, Side.RESPONSE)
def law_kept(subject: Subject) -> Iterator[Violation]:
    """The laws of the operation (x-laws) and the invariants of what it returns (x-invariants) are satisfied.

    They say what a schema cannot: how a response depends on its request, and how its parts depend on
    each other. Laws are checked where the status is 2xx and both request and response fit their schemas,
    invariants of whatever response fits its schema: everything else is left to other checks. Laws with
    `then` require further requests and are left to `wirecheck conform`.
    """
    yield from _of_exchange(subject)
    yield from _of_values(subject)


def laws_hold(subject: Subject) -> bool:
    """Whether it is certain, without the details of a finding, that ``law_kept`` finds nothing.

    It reads the views of the request and the response, and so relies on what the other checks have computed
    of the subject. True also where there are no laws; false by mere doubt, such as by an error. Raises
    LimitError.
    """
    return not _laws_in_doubt(subject) and not _invariants_in_doubt(subject)


def _laws_in_doubt(subject: Subject) -> list[Law]:
    """The laws of one exchange that apply to it, for all that is certain, and that it might violate."""
    plan = subject.plan
    if not plan.of_exchange or not 200 <= subject.exchange.status < 300:
        return []
    request = request_view(subject)
    laws = plan.applying(request) if request is not None else []
    response = response_view(subject) if laws else None
    if request is None or response is None:
        return []
    return [law for law in laws if not law.is_certain(request, response)]


def _invariants_in_doubt(subject: Subject) -> list[Law]:
    """The invariants that parts of the response might violate."""
    schema = subject.media_type.schema if subject.plan.invariants and subject.media_type else None
    if schema is None or response_view(subject) is None or not subject.body.readable:
        return []
    return subject.plan.invariants_in_doubt(schema, subject.body.value, subject.fits)


def _of_exchange(subject: Subject) -> Iterator[Violation]:
    laws = _laws_in_doubt(subject)
    request = request_view(subject) if laws else None
    response = response_view(subject) if laws else None
    if request is None or response is None:
        return
    source = subject.exchange.source
    for law in applying(laws, request, source):
        for place in law.violations(request, response, source):
            yield Violation(f"{law.name}: {law.message}", law.pointer, place, kind=law.name)


def _of_values(subject: Subject) -> Iterator[Violation]:
    invariants = _invariants_in_doubt(subject)
    if not invariants:
        return
    source, occurrences = subject.exchange.source, defaultdict[str | None, list[Occurrence]](list)
    for occurrence in subject.values_with_invariants():
        occurrences[occurrence.schema].append(occurrence)
    for invariant in invariants:
        for occurrence in occurrences[invariant.schema]:
            if not invariant.satisfied_by(occurrence.value, source):
                place = join("", *occurrence.path)
                yield Violation(
                    f"{invariant.name}: {invariant.message}", invariant.pointer, place, kind=invariant.name
                )
