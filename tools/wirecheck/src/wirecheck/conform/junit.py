"""The report of a conformance run as JUnit XML, as CI systems show it: one test for each requirement."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree

from wirecheck.conform.outcome import Outcome, State
from wirecheck.conform.report import Conformance
from wirecheck.redact import printable

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


def to_junit(report: Conformance) -> Iterator[str]:
    """A suite for each operation, which is the class of its tests; an inconclusive requirement is skipped.

    It is valid by the schemas of Ant and of Jenkins.
    """
    root = ElementTree.Element("testsuites")
    by_operation: dict[str, list[Outcome]] = {}
    for outcome in report.outcomes:
        by_operation.setdefault(outcome.requirement.operation, []).append(outcome)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for number, (name, outcomes) in enumerate(by_operation.items()):
        root.append(_suite(number, name, outcomes, report, now))
    ElementTree.indent(root, " ")
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield ElementTree.tostring(root, encoding="unicode") + "\n"


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


def _suite(
    number: int, name: str, outcomes: Sequence[Outcome], report: Conformance, now: str
) -> ElementTree.Element:
    states = [outcome.state for outcome in outcomes]
    suite = ElementTree.Element(
        "testsuite",
        {
            "id": str(number),
            "name": _text(name),
            "package": _text(report.spec),
            "hostname": "localhost",
            "timestamp": now,
            "tests": str(len(outcomes)),
            "failures": str(states.count(State.VIOLATED)),
            "errors": "0",
            "skipped": str(states.count(State.INCONCLUSIVE)),
            "time": f"{sum(outcome.seconds for outcome in outcomes):.3f}",
        },
    )
    ElementTree.SubElement(suite, "properties")
    for outcome in outcomes:
        _add_case(suite, outcome)
    for stream in ("system-out", "system-err"):
        ElementTree.SubElement(suite, stream)
    return suite


def _add_case(suite: ElementTree.Element, outcome: Outcome) -> None:
    requirement = outcome.requirement
    attributes = {
        "classname": _text(requirement.operation),
        "name": _text(f"{requirement.kind}: {requirement.what}"),
        "time": f"{outcome.seconds:.3f}",
    }
    case = ElementTree.SubElement(suite, "testcase", attributes)
    if outcome.state is State.INCONCLUSIVE:
        ElementTree.SubElement(case, "skipped", {"message": _text(outcome.reason)})
    elif outcome.counterexamples:
        attributes = {"message": _text(outcome.counterexamples[0].message), "type": State.VIOLATED.value}
        failure = ElementTree.SubElement(case, "failure", attributes)
        failure.text = _FORBIDDEN.sub("\ufffd", failure_text(outcome))


def _text(text: str) -> str:
    """A text that XML can hold, on one line."""
    return _FORBIDDEN.sub("\ufffd", printable(text))
