"""The report of a conformance run: a table for people, and one JSON object for programs."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from click import style

from wirecheck.conform.case import Case
from wirecheck.conform.causes import causes, listed
from wirecheck.conform.ledger import at_path
from wirecheck.conform.outcome import Outcome, State
from wirecheck.conform.session import Session
from wirecheck.curl import to_set
from wirecheck.escapes import encodable, printable, printable_json
from wirecheck.words import counted

_VERSION = 2
_FLAKY = 0.1  # share of the requests of an operation; more failures than that are a violation
_SHOWN = 5  # counterexamples of one requirement
_COLUMNS = 80  # of a terminal
_HEADING = 16  # columns
_CELLS = (5, 4, 3)  # widths of a column, in order of preference
_MIN_NAME = 12  # columns for the name of an operation
INTERRUPTED = "interrupted"
ERRED = "wirecheck failed, as written above; please report it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """The result of a conformance run.

    ``documented`` and ``exercised`` are pairs of operation and status. ``flaky`` has, by operation, the
    number of failures that succeeded when retried, and that of all requests. ``gaps`` has, by status, the
    operations that return it although they document no status of its meaning. ``not_undone`` are
    commands that undo what could not be undone. ``preflight_failure`` is why the server rejects every
    request, ``stopped`` why the run ended early; both are empty otherwise.
    """

    spec: str
    outcomes: Sequence[Outcome]
    documented: frozenset[tuple[str, str]]
    exercised: frozenset[tuple[str, str]]
    requests: int
    flaky: dict[str, tuple[int, int]]
    gaps: dict[int, tuple[str, ...]] = field(default_factory=dict)
    not_undone: Sequence[str] = ()
    preflight_failure: str = ""
    stopped: str = ""

    @classmethod
    def of(cls, session: Session, outcomes: Sequence[Outcome], stopped: str = "") -> "Conformance":
        tested = {outcome.requirement.operation for outcome in outcomes}
        operations = [operation for operation in session.spec.operations if operation.name in tested]
        documented = frozenset(
            (operation.name, status) for operation in operations for status in operation.statuses
        )
        exercised = {
            (operation.name, response.status)
            for operation in operations
            for status in session.statuses[operation.name]
            if (response := operation.response(status))
        }
        # Without credentials, that everything is rejected is what can be tested.
        rejects_rightly = session.preflight.is_of_access and any(
            outcome.state is State.SATISFIED for outcome in outcomes
        )
        target = session.target
        return cls(
            spec=session.spec.document.name,
            outcomes=outcomes,
            documented=documented,
            exercised=frozenset(exercised),
            requests=target.sent.total(),
            flaky={name: (count, target.sent[name]) for name, count in target.recovered.items()},
            gaps={status: tuple(sorted(names)) for status, names in sorted(session.gaps.statuses.items())},
            not_undone=list(not_undone(session)),
            preflight_failure=session.preflight.failure if outcomes and not rejects_rightly else "",
            stopped=stopped,
        )

    @property
    def states(self) -> Counter[State]:
        return Counter(outcome.state for outcome in self.outcomes)

    @property
    def conclusive(self) -> bool:
        """Whether something was tested, and the server was there until the end."""
        is_tested = self._has_succeeded or self.tested_access_alone
        return is_tested and not self.preflight_failure and not self.stopped

    @property
    def tested_access_alone(self) -> bool:
        """Whether no request succeeded, and all that was tested is that none does without credentials."""
        return not self._has_succeeded and any(
            outcome.state is State.SATISFIED and not outcome.requirement.needs_credentials
            for outcome in self.outcomes
        )

    @property
    def _has_succeeded(self) -> bool:
        return any(status.startswith("2") for _, status in self.exercised)

    @property
    def violated(self) -> bool:
        """Whether a requirement was violated, or an operation fails too often."""
        return bool(self.states[State.VIOLATED] or self.failing)

    @property
    def failing(self) -> list[str]:
        """Operations that fail too often to be called flaky."""
        return [name for name, (failed, sent) in self.flaky.items() if failed > max(2, sent * _FLAKY)]


def not_undone(session: Session) -> Iterator[str]:
    """What the session wrote and did not undo: the commands that undo it, or what it was where none does."""
    yield from map(session.command, session.not_undone)
    lasting: dict[str, list[str]] = {}
    for thing in session.things.ledger.things:
        if thing.resource.delete is not None:
            yield session.command(at_path(Case(operation=thing.resource.delete), thing.keys))
        else:
            lasting.setdefault(thing.resource.name, []).append(str(thing.key))
    for name, keys in lasting.items():
        was = (
            "was created, and no operation deletes it"
            if len(keys) == 1
            else "were created, and no operation deletes them"
        )
        yield printable(session.target.masked(f"{name} {', '.join(keys)} {was}"))
    for title in session.things.ledger.unknown:
        yield printable(f"{title} created something, and its response does not say the key")
    for operation in session.spec.operations:
        count = session.things.ledger.foreign[operation.name]
        if count and not session.things.says_itself(operation):
            them = "it" if count == 1 else "them"
            yield printable(
                f"{operation.name} created {counted(count, 'thing')}, and no operation deletes {them}"
            )


def to_text(report: Conformance, columns: int = _COLUMNS) -> Iterator[str]:
    """A table of operations, followed by violated and inconclusive requirements, and a summary."""
    yield from _table(report.outcomes, columns)
    for outcome in report.outcomes:
        if outcome.state is State.VIOLATED:
            yield from _violation(outcome)
    for cause in causes(report.outcomes):
        operations = listed(cause.operations)
        text = f"{cause.text}: {counted(cause.requirements, 'requirement')} of {operations}"
        yield style(_paragraph("inconclusive", text, columns), dim=True)
    for name, (failed, sent) in report.flaky.items():
        text = f"{name}: {failed} of {sent} requests failed, and succeeded when retried"
        yield style(_paragraph("flaky", text, columns), fg="yellow")
    for status, names in report.gaps.items():
        text = f"{status}, and no other status of that meaning: {listed(names)}"
        yield style(_paragraph("undocumented", text, columns), dim=True)
    for command in report.not_undone:
        yield style(f"{'not undone':<{_HEADING}}{command}\n", fg="red")
    yield from _summary(report)


def _table(outcomes: Sequence[Outcome], columns: int) -> Iterator[str]:
    """One row for each operation, one column for each kind of requirement, named above the table."""
    kinds = list(dict.fromkeys(outcome.requirement.kind for outcome in outcomes))
    operations = list(dict.fromkeys(outcome.requirement.operation for outcome in outcomes))
    longest = max((len(name) for name in operations), default=0)
    needed = {
        cell: max((cell * (number + 1) + len(kind) for number, kind in enumerate(kinds)), default=0)
        for cell in _CELLS
    }
    cell = next((cell for cell in _CELLS if longest + needed[cell] <= columns), _CELLS[-1])
    width = min(longest, max(columns - needed[cell], _MIN_NAME))
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
    """The number of violated requirements if there are any, else of those satisfied, ? for none."""
    if not states:
        return f"{'':{width}}"
    if states[State.VIOLATED]:
        return style(f"{states[State.VIOLATED]}!".rjust(width), fg="red", bold=True)
    if not states[State.SATISFIED]:
        return style("?".rjust(width), dim=True)
    return style(f"{states[State.SATISFIED]:{width}}", fg="green")


def _paragraph(heading: str, text: str, columns: int) -> str:
    """Wrapped lines beside a heading; only a single long word exceeds the columns."""
    lines = textwrap.wrap(
        printable(text), max(columns - _HEADING, 20), break_long_words=False, break_on_hyphens=False
    )
    return f"{heading:<{_HEADING}}" + f"\n{'':{_HEADING}}".join(lines) + "\n"


def _violation(outcome: Outcome) -> Iterator[str]:
    name = printable(outcome.requirement.name)
    yield style("violated", fg="red", bold=True) + f"  {style(name, bold=True)}\n"
    if outcome.requirement.source:
        yield style(f"  required by {printable(outcome.requirement.source)}\n", dim=True)
    needed = to_set(counterexample.request for counterexample in outcome.counterexamples[:_SHOWN])
    for counterexample in outcome.counterexamples[:_SHOWN]:
        status = "" if counterexample.status is None else f" -> {counterexample.status}"
        yield f"  {printable(counterexample.message)}\n"
        yield style(f"    defined at {printable(counterexample.spec_pointer)}\n", dim=True)
        for line in (*needed, f"{printable(counterexample.request)}{status}"):
            yield style(f"    {line}\n", dim=True)
        needed = []
    if len(outcome.counterexamples) > _SHOWN:
        yield f"  and {len(outcome.counterexamples) - _SHOWN} more\n"
    yield "\n"


def _summary(report: Conformance) -> Iterator[str]:
    states = report.states
    yield (
        f"{counted(report.requests, 'request')}; {len(report.exercised)} of {len(report.documented)}"
        " documented responses (operation and status) were exercised.\n"
    )
    if report.stopped:
        yield style(f"Not everything was tested: {printable(report.stopped)}.\n", fg="yellow")
    parts = [f"{counted(states[State.SATISFIED], 'requirement')} satisfied{share(states, State.SATISFIED)}"]
    if states[State.VIOLATED]:
        parts.append(style(f"{states[State.VIOLATED]:,} violated", fg="red", bold=True))
    if states[State.INCONCLUSIVE]:
        parts.append(f"{states[State.INCONCLUSIVE]:,} inconclusive{share(states, State.INCONCLUSIVE)}")
    parts += [style(f"{printable(name)} fails too often", fg="red", bold=True) for name in report.failing]
    yield ", ".join(parts) + ".\n"


def share(states: Counter[State], state: State) -> str:
    """The share of a state in percent, never rounded up to all; empty where there are no requirements."""
    return f" ({100 * states[state] // states.total()} %)" if states.total() else ""


def to_json(report: Conformance) -> Iterator[str]:
    """One JSON object."""
    missing = sorted(report.documented - report.exercised)
    value: dict[str, Any] = {
        "version": _VERSION,
        "spec": encodable(report.spec),
        "requests": report.requests,
        "documented": len(report.documented),
        "exercised": len(report.exercised),
        "not_exercised": [f"{name} {status}" for name, status in missing],
        "stopped": report.stopped,
        "preflight_failure": report.preflight_failure,
        "not_undone": list(report.not_undone),
        "flaky": {name: {"failed": failed, "sent": sent} for name, (failed, sent) in report.flaky.items()},
        "undocumented": {str(status): list(names) for status, names in report.gaps.items()},
        "summary": {state.value: report.states[state] for state in State},
        "causes": [msgspec.to_builtins(cause) for cause in causes(report.outcomes)],
        "requirements": [_requirement(outcome) for outcome in report.outcomes],
    }
    encoded = printable_json(msgspec.json.encode(value).decode())
    yield msgspec.json.format(encoded, indent=1) + "\n"


def _requirement(outcome: Outcome) -> dict[str, Any]:
    requirement = outcome.requirement
    return {
        "operation": requirement.operation,
        "kind": requirement.kind,
        "what": requirement.what,
        "source": requirement.source,
        "state": outcome.state.value,
        "reason": outcome.reason,
        "counterexamples": [msgspec.to_builtins(example) for example in outcome.counterexamples],
    }
