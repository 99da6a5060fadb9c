"""Whether exchanges satisfy the laws (x-laws) and the invariants (x-invariants) of a document."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from wirecheck.cel import View
from wirecheck.checks.subject import Subject, check, once
from wirecheck.checks.views import headless_view, part_of_request, request_view, response_view
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
    """Whether ``law_kept`` certainly finds nothing, which takes none of the details that a finding has.

    It is meant for an exchange that passed all other checks: it reads what they have computed of the subject.
    True also where no laws apply; false also by mere doubt, such as by an error. Raises LimitError.
    """
    # A request of which something else is unusable has no laws: nothing is missed by looking at less of it.
    laws, _, _ = _laws_in_doubt(subject, lambda it: part_of_request(it, subject.plan.reads_of_request))
    return not laws and not _invariants_in_doubt(subject)


def _laws_in_doubt(
    subject: Subject, view: Callable[[Subject], View | None] = request_view
) -> tuple[list[Law], View, View]:
    """The laws of one exchange that it might violate, with its request, as a view, and its response."""
    plan, nothing = subject.plan, list[Law]()
    if not plan.of_exchange or not 200 <= subject.exchange.status < 300 or headless_view(subject) is None:
        return nothing, {}, {}
    request = view(subject)
    response = (response_view if plan.reads_headers else headless_view)(subject)
    if request is None or response is None:
        return nothing, {}, {}
    return plan.in_doubt(request, response), request, response


@once
def _invariants_in_doubt(subject: Subject) -> list[Law]:
    """The invariants that parts of the response might violate."""
    schema = subject.media_type.schema if subject.plan.invariants and subject.media_type else None
    if schema is None or headless_view(subject) is None or not subject.body.readable:
        return []
    return subject.plan.invariants_in_doubt(schema, subject.body.value, subject.fits)


def _of_exchange(subject: Subject) -> Iterator[Violation]:
    laws, request, response = _laws_in_doubt(subject)
    source = subject.exchange.source
    for law in applying(laws, request, source):
        for place in law.violations(request, response, source):
            yield Violation(f"{law.name}: {law.message}", law.pointer, place, kind=law.name)


def _of_values(subject: Subject) -> Iterator[Violation]:
    invariants, source = _invariants_in_doubt(subject), subject.exchange.source
    occurrences = defaultdict[str | None, list[Occurrence]](list)
    for occurrence in subject.values_with_invariants() if invariants else ():
        occurrences[occurrence.schema].append(occurrence)
    for invariant in invariants:
        for occurrence in occurrences[invariant.schema]:
            if not invariant.satisfied_by(occurrence.value, source):
                place = join("", *occurrence.path)
                yield Violation(
                    f"{invariant.name}: {invariant.message}", invariant.pointer, place, kind=invariant.name
                )
