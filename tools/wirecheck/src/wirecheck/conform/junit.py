"""The report of a conformance run as JUnit XML, as CI systems show it: one test for each requirement."""

from collections.abc import Iterator

from wirecheck.conform.outcome import Outcome, State
from wirecheck.conform.report import Conformance
from wirecheck.escapes import printable
from wirecheck.junit import JunitCase, Suite, document


def to_junit(report: Conformance) -> Iterator[str]:
    """A suite for each operation, which is the class of its tests; an inconclusive requirement is skipped."""
    by_operation: dict[str, list[JunitCase]] = {}
    for outcome in report.outcomes:
        by_operation.setdefault(outcome.requirement.operation, []).append(_case(outcome))
    return document((Suite(name, cases) for name, cases in by_operation.items()), report.spec)


def failure_text(outcome: Outcome) -> str:
    """What demands a violated requirement, and its violations, each with its place and its request."""
    source = outcome.requirement.source
    lines = [f"required by {source}"] if source else []
    for counterexample in outcome.counterexamples:
        lines += [
            counterexample.message,
            f"  defined at {counterexample.spec_pointer}",
            f"  {counterexample.request} -> {counterexample.status or 'no response'}",
        ]
    return "\n".join(map(printable, lines))


def _case(outcome: Outcome) -> JunitCase:
    requirement = outcome.requirement
    name = f"{requirement.kind}: {requirement.what}"
    if outcome.state is State.INCONCLUSIVE:
        return JunitCase(name, outcome.seconds, skipped=outcome.reason)
    if outcome.counterexamples:
        message = outcome.counterexamples[0].message
        return JunitCase(name, outcome.seconds, (outcome.state.value, message, failure_text(outcome)))
    return JunitCase(name, outcome.seconds)
