"""The report of a conformance run as Markdown, such as the summary of a job in CI."""

from collections.abc import Iterator

from wirecheck.conform.causes import causes, listed
from wirecheck.conform.outcome import Outcome, State
from wirecheck.conform.report import Conformance, share
from wirecheck.markdown import code, text
from wirecheck.words import counted

_SHOWN = 5  # counterexamples of one requirement


def to_markdown(report: Conformance) -> Iterator[str]:
    """What is violated, what is inconclusive by its cause, and what is left on the server."""
    states = report.states
    yield f"## Conformance with {text(report.spec)}\n\n"
    yield "| requirements | number |\n|---|---|\n"
    for state in State:
        yield f"| {state.value} | {states[state]:,}{share(states, state)} |\n"
    exercised = f"{len(report.exercised)} of {len(report.documented)}"
    yield f"\n{counted(report.requests, 'request')}; {exercised} documented responses were exercised.\n"
    if report.stopped:
        yield f"\nNot everything was tested: {text(report.stopped)}.\n"
    violated = [outcome for outcome in report.outcomes if outcome.state is State.VIOLATED]
    yield "\n### Violated\n\n" if violated else ""
    for outcome in violated:
        yield from _violation(outcome)
    yield from _further(report)


def _violation(outcome: Outcome) -> Iterator[str]:
    requirement = outcome.requirement
    yield f"- **{text(requirement.name)}**"
    yield f" (required by {text(requirement.source)})\n" if requirement.source else "\n"
    for counterexample in outcome.counterexamples[:_SHOWN]:
        yield f"  - {text(counterexample.message)}\\\n"
        yield f"    defined at {code(counterexample.spec_pointer)}\\\n"
        yield f"    {code(counterexample.request)}"
        yield "\n" if counterexample.status is None else f" → {counterexample.status}\n"
    if len(outcome.counterexamples) > _SHOWN:
        yield f"  - and {len(outcome.counterexamples) - _SHOWN} more\n"


def _further(report: Conformance) -> Iterator[str]:
    if found := causes(report.outcomes):
        yield "\n### Inconclusive\n\n| cause | requirements | of |\n|---|---|---|\n"
        for cause in found:
            yield f"| {text(cause.text)} | {cause.requirements} | {text(listed(cause.operations))} |\n"
    if report.flaky:
        yield "\n### Flaky\n\n"
        for name, (failed, sent) in report.flaky.items():
            yield f"- {text(name)}: {failed} of {sent} requests failed, and succeeded when retried\n"
    if report.not_undone:
        yield "\n### Not undone\n\n"
        for command in report.not_undone:
            yield f"- {code(command)}\n"
