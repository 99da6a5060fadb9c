"""What the laws of a document (x-laws) promise."""

from collections.abc import Iterator

from wirecheck.checks.subject import Subject, check
from wirecheck.checks.views import request_view, response_view
from wirecheck.laws import applying
from wirecheck.model import Severity, Side, Violation


@check(Severity.ERROR, Side.RESPONSE)
def law_kept(subject: Subject) -> Iterator[Violation]:
    """Every law of the operation (x-laws) that applies to an accepted exchange holds.

    Laws say what a schema cannot: what an answer owes to its request, and its parts to each
    other. They are looked at where the status is 2xx, request and answer could be read, and both
    fit their schemas: of anything else other checks speak. Laws with `then` want further requests,
    and are left to `wirecheck conform`.
    """
    laws = [law for law in subject.laws if law.then is None]
    if not laws or not 200 <= subject.exchange.status < 300:
        return
    source, request = subject.exchange.source, request_view(subject)
    found = applying(laws, request, source) if request is not None else []
    response = response_view(subject) if found else None
    if request is None or response is None:
        return
    texts: dict[int, bytes] = {}
    for law in found:
        for place in law.violations(request, response, source, texts):
            yield Violation(f"{law.name}: {law.message}", law.pointer, place)
