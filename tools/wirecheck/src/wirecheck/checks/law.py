"""Whether exchanges satisfy the laws (x-laws) and the invariants (x-invariants) of a document."""

from collections import defaultdict
from collections.abc import Iterator

from wirecheck.checks.subject import Subject, check
from wirecheck.checks.views import request_view, response_view
from wirecheck.laws import applying
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
    if not subject.laws:
        return
    yield from _of_exchange(subject)
    yield from _of_values(subject)


def _of_exchange(subject: Subject) -> Iterator[Violation]:
    laws = [law for law in subject.laws if law.then is None and law.schema is None]
    if not laws or not 200 <= subject.exchange.status < 300:
        return
    source, request = subject.exchange.source, request_view(subject)
    laws = applying(laws, request, source) if request is not None else []
    response = response_view(subject) if laws else None
    if request is None or response is None:
        return
    for law in laws:
        for place in law.violations(request, response, source):
            yield Violation(f"{law.name}: {law.message}", law.pointer, place, kind=law.name)


def _of_values(subject: Subject) -> Iterator[Violation]:
    invariants = [law for law in subject.laws if law.schema is not None]
    if not invariants or response_view(subject) is None:
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
