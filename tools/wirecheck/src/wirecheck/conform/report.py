"""What came of a conformance run: a table for people, and the same for programs."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from click import style

from wirecheck.conform.session import Outcome, Session, State
from wirecheck.redact import printable

_VERSION = 1
_FLAKY = 0.1  # of the requests of an operation: more failures are no accident
_SHOWN = 5  # breaches of one promise, operations of one reason
_COLUMNS = 80  # of a terminal
_CELLS = (5, 4, 3)  # widths of a column, the best first
_NARROWEST = 12  # characters of the name of an operation
INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """``documented`` and ``observed`` are pairs of operation and status.

    ``flaky`` has, by operation, failures that went away when asked again, and all requests.
    ``left`` are commands that would undo what could not be undone. ``closed`` is why the server let
    nobody in, ``stopped`` why not all was tested; empty where it did, and was.
    """

    spec: str
    outcomes: Sequence[Outcome]
    documented: frozenset[tuple[str, str]]
    observed: frozenset[tuple[str, str]]
    requests: int
    flaky: dict[str, tuple[int, int]]
    left: Sequence[str] = ()
    closed: str = ""
    stopped: str = ""

    @classmethod
    def of(cls, session: Session, outcomes: Sequence[Outcome], stopped: str = "") -> "Conformance":
        tested = {outcome.requirement.operation for outcome in outcomes}
        operations = [one for one in session.spec.operations if one.name in tested]
        documented = frozenset(
            (operation.name, status) for operation in operations for status in operation.statuses
        )
        observed = {
            (operation.name, response.status)
            for operation in operations
            for status in session.statuses[operation.name]
            if (response := operation.response(status))
        }
        target = session.target
        return cls(
            spec=session.spec.document.name,
            outcomes=outcomes,
            documented=documented,
            observed=frozenset(observed),
            requests=target.sent.total(),
            flaky={name: (count, target.sent[name]) for name, count in target.failed.items()},
            left=[session.command(case) for case in session.left],
            closed=session.preflight.closed if outcomes else "",
            stopped=stopped,
        )

    @property
    def states(self) -> Counter[State]:
        return Counter(outcome.state for outcome in self.outcomes)

    @property
    def told(self) -> bool:
        """Whether somebody was let in, something was accepted, and all was tested."""
        accepted = any(status.startswith("2") for _, status in self.observed)
        return accepted and not self.closed and not self.stopped

    @property
    def broken(self) -> bool:
        """Whether a promise was broken."""
        return bool(self.states[State.VIOLATED] or self.failing)

    @property
    def failing(self) -> list[str]:
        """Operations that fail too often to call it an accident."""
        return [name for name, (failed, sent) in self.flaky.items() if failed > max(2, sent * _FLAKY)]


def to_text(report: Conformance, columns: int = _COLUMNS) -> Iterator[str]:
    """A table of the operations, and below it what is broken and what could not be told, and why."""
    yield from _table(report.outcomes, columns)
    for outcome in report.outcomes:
        if outcome.state is State.VIOLATED:
            yield from _broken(outcome)
    reasons: dict[str, Counter[str]] = {}
    for outcome in report.outcomes:
        if outcome.state is State.INCONCLUSIVE:
            reasons.setdefault(outcome.reason, Counter())[outcome.requirement.operation] += 1
    for reason, names in reasons.items():
        told = f"{reason}: {_count(names.total(), 'promise')} of {_few(list(names))}"
        yield style(_paragraph("could not tell", told, columns), dim=True)
    for name, (failed, sent) in report.flaky.items():
        told = f"{name}: {failed} of {sent} requests failed, and went well again"
        yield style(_paragraph("flaky", told, columns), fg="yellow")
    for command in report.left:
        yield style(f"not undone      {command}\n", fg="red")
    yield from _summary(report)


def _table(outcomes: Sequence[Outcome], columns: int) -> Iterator[str]:
    """A row for each operation, a column for each kind of promise, whose name stands at its upper end."""
    kinds = list(dict.fromkeys(outcome.requirement.kind for outcome in outcomes))
    operations = list(dict.fromkeys(outcome.requirement.operation for outcome in outcomes))
    longest = max((len(name) for name in operations), default=0)
    taken = {
        cell: max((cell * (number + 1) + len(kind) for number, kind in enumerate(kinds)), default=0)
        for cell in _CELLS
    }
    cell = next((one for one in _CELLS if longest + taken[one] <= columns), _CELLS[-1])
    width = min(longest, max(columns - taken[cell], _NARROWEST))
    for number, kind in enumerate(kinds):
        yield f"{'':{width}}{'|'.rjust(cell) * number}{'':{cell - 1}}{kind}\n"
    cells: dict[tuple[str, str], Counter[State]] = {}
    for outcome in outcomes:
        requirement = outcome.requirement
        cells.setdefault((requirement.operation, requirement.kind), Counter())[outcome.state] += 1
    for name in operations:
        row = "".join(_cell(cells.get((name, kind), Counter()), cell) for kind in kinds)
        shown = printable(name if len(name) <= width else f"{name[: width - 1]}…")
        yield f"{shown:{width}}{row}".rstrip() + "\n"
    yield "\n"


def _cell(states: Counter[State], width: int) -> str:
    """How many were kept, or else how many were not."""
    if not states:
        return f"{'':{width}}"
    if states[State.VIOLATED]:
        return style(f"{states[State.VIOLATED]}!".rjust(width), fg="red", bold=True)
    if not states[State.SATISFIED]:
        return style("?".rjust(width), dim=True)
    return style(f"{states[State.SATISFIED]:{width}}", fg="green")


def _paragraph(heading: str, text: str, columns: int) -> str:
    """Lines beside a heading, within the columns where words are not longer."""
    lines = textwrap.wrap(
        printable(text), max(columns - 16, 20), break_long_words=False, break_on_hyphens=False
    )
    return f"{heading:<16}" + f"\n{'':16}".join(lines) + "\n"


def _few(names: Sequence[str]) -> str:
    further = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + further


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _broken(outcome: Outcome) -> Iterator[str]:
    requirement = outcome.requirement
    yield style("broken", fg="red", bold=True) + f"  {style(printable(requirement.name), bold=True)}\n"
    for counterexample in outcome.counterexamples[:_SHOWN]:
        answered = "" if counterexample.status is None else f" -> {counterexample.status}"
        yield f"  {printable(counterexample.message)}\n"
        yield style(f"    promised at {printable(counterexample.spec_pointer)}\n", dim=True)
        yield style(f"    {printable(counterexample.request)}{answered}\n", dim=True)
    if len(outcome.counterexamples) > _SHOWN:
        yield f"  and {len(outcome.counterexamples) - _SHOWN} more\n"
    yield "\n"


def _summary(report: Conformance) -> Iterator[str]:
    states = report.states
    yield (
        f"{_count(report.requests, 'request')}; {len(report.observed)} of {len(report.documented)}"
        " documented answers (operation and status) were seen.\n"
    )
    if report.stopped:
        yield style(f"Not all was tested: {printable(report.stopped)}.\n", fg="yellow")
    told = [f"{_count(states[State.SATISFIED], 'promise')} kept"]
    if states[State.VIOLATED]:
        told.append(style(f"{states[State.VIOLATED]} broken", fg="red", bold=True))
    if states[State.INCONCLUSIVE]:
        told.append(f"{states[State.INCONCLUSIVE]} could not be told")
    told += [style(f"{printable(name)} fails too often", fg="red", bold=True) for name in report.failing]
    yield ", ".join(told) + ".\n"


def to_json(report: Conformance) -> Iterator[str]:
    """One object."""
    value: dict[str, Any] = {
        "version": _VERSION,
        "spec": report.spec,
        "requests": report.requests,
        "documented": len(report.documented),
        "observed": len(report.observed),
        "unobserved": [f"{name} {status}" for name, status in sorted(report.documented - report.observed)],
        "stopped": report.stopped,
        "closed": report.closed,
        "left": list(report.left),
        "flaky": {name: {"failed": failed, "sent": sent} for name, (failed, sent) in report.flaky.items()},
        "summary": {state.value: report.states[state] for state in State},
        "requirements": [
            {
                "operation": outcome.requirement.operation,
                "kind": outcome.requirement.kind,
                "what": outcome.requirement.what,
                "state": outcome.state.value,
                "reason": outcome.reason,
                "counterexamples": [
                    msgspec.to_builtins(counterexample) for counterexample in outcome.counterexamples
                ],
            }
            for outcome in report.outcomes
        ],
    }
    yield msgspec.json.format(msgspec.json.encode(value), indent=1).decode() + "\n"


FORMATS = {"text": to_text, "json": to_json}
