"""The report of a conformance run as Markdown, such as the summary of a job in CI."""

import re
from collections.abc import Iterator

from wirecheck.conform.causes import causes, listed
from wirecheck.conform.outcome import Outcome, State
from wirecheck.conform.report import Conformance, count, share
from wirecheck.redact import encodable, printable

_SPECIAL = re.compile(r"[\\`*_\[\]<>|#&]")
_SHOWN = 5  # counterexamples of one requirement


def to_markdown(report: Conformance) -> Iterator[str]:
    """What is violated, what is inconclusive by its cause, and what is left on the server."""
    states = report.states
    yield f"## Conformance with {_text(report.spec)}\n\n"
    yield "| requirements | number |\n|---|---|\n"
    for state in State:
        yield f"| {state.value} | {states[state]:,}{share(states, state)} |\n"
    exercised = f"{len(report.exercised)} of {len(report.documented)}"
    yield f"\n{count(report.requests, 'request')}; {exercised} documented responses were exercised.\n"
    if report.stopped:
        yield f"\nNot everything was tested: {_text(report.stopped)}.\n"
    violated = [outcome for outcome in report.outcomes if outcome.state is State.VIOLATED]
    yield "\n### Violated\n\n" if violated else ""
    for outcome in violated:
        yield from _violation(outcome)
    yield from _further(report)


def _violation(outcome: Outcome) -> Iterator[str]:
    requirement = outcome.requirement
    yield f"- **{_text(requirement.name)}**"
    yield f" (required by {_text(requirement.source)})\n" if requirement.source else "\n"
    for counterexample in outcome.counterexamples[:_SHOWN]:
        yield f"  - {_text(counterexample.message)}\\\n"
        yield f"    defined at {_code(counterexample.spec_pointer)}\\\n"
        yield f"    {_code(counterexample.request)}"
        yield "\n" if counterexample.status is None else f" → {counterexample.status}\n"
    if len(outcome.counterexamples) > _SHOWN:
        yield f"  - and {len(outcome.counterexamples) - _SHOWN} more\n"


def _further(report: Conformance) -> Iterator[str]:
    if found := causes(report.outcomes):
        yield "\n### Inconclusive\n\n| cause | requirements | of |\n|---|---|---|\n"
        for cause in found:
            yield f"| {_text(cause.text)} | {cause.requirements} | {_text(listed(cause.operations))} |\n"
    if report.flaky:
        yield "\n### Flaky\n\n"
        for name, (failed, sent) in report.flaky.items():
            yield f"- {_text(name)}: {failed} of {sent} requests failed, and succeeded when retried\n"
    if report.not_undone:
        yield "\n### Not undone\n\n"
        for command in report.not_undone:
            yield f"- {_code(command)}\n"


def _text(text: str) -> str:
    """A text in which nothing is markup."""
    return _SPECIAL.sub(r"\\\g<0>", encodable(printable(text)))


def _code(text: str) -> str:
    """A text as it stands, between more backticks than it has in a row."""
    shown = encodable(printable(text))
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    padding = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"
