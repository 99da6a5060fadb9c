"""What came of a conformance run: a table for people, and the same for programs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from click import style

from wirecheck.conform.lab import Lab, Outcome, State
from wirecheck.redact import printable

_VERSION = 1
_FLAKY = 0.1  # of the requests of an operation: more failures are no accident
_SHOWN = 5  # breaches of one promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """``documented`` and ``seen`` are pairs of operation and status.

    ``flaky`` has, by operation, failures that went away when asked again, and all requests.
    """

    spec: str
    outcomes: Sequence[Outcome]
    documented: frozenset[tuple[str, str]]
    seen: frozenset[tuple[str, str]]
    requests: int
    flaky: dict[str, tuple[int, int]]

    @classmethod
    def of(cls, lab: Lab, outcomes: Sequence[Outcome]) -> "Conformance":
        documented = frozenset(
            (operation.name, status) for operation in lab.spec.operations for status in operation.statuses
        )
        seen = {
            (operation.name, response.status)
            for operation in lab.spec.operations
            for status in lab.statuses[operation.name]
            if (response := operation.response(status))
        }
        target = lab.target
        return cls(
            spec=lab.spec.document.name,
            outcomes=outcomes,
            documented=documented,
            seen=frozenset(seen),
            requests=target.sent.total(),
            flaky={name: (count, target.sent[name]) for name, count in target.failed.items()},
        )

    @property
    def states(self) -> Counter[State]:
        return Counter(outcome.state for outcome in self.outcomes)

    @property
    def told(self) -> bool:
        """Whether anything was accepted, so that something can be said."""
        return any(status.startswith("2") for _, status in self.seen)

    @property
    def broken(self) -> bool:
        """Whether a promise was broken."""
        return bool(self.states[State.BROKEN] or self.failing)

    @property
    def failing(self) -> list[str]:
        """Operations that fail too often to call it an accident."""
        return [name for name, (failed, sent) in self.flaky.items() if failed > max(2, sent * _FLAKY)]


def to_text(report: Conformance) -> Iterator[str]:
    """A row for each operation, a column for each kind of promise, whose name stands at its upper end.

    Below it what is broken. The table fits terminals of 80 columns.
    """
    kinds = list(dict.fromkeys(outcome.promise.kind for outcome in report.outcomes))
    operations = list(dict.fromkeys(outcome.promise.operation for outcome in report.outcomes))
    width = max((len(name) for name in operations), default=0)
    for number, kind in enumerate(kinds):
        yield f"{'':{width}}{'    |' * number}    {kind}\n"
    for name in operations:
        cells = (
            _cell(
                [one for one in report.outcomes if one.promise.operation == name and one.promise.kind == kind]
            )
            for kind in kinds
        )
        yield f"{printable(name):{width}}{''.join(cells)}".rstrip() + "\n"
    yield "\n"
    for outcome in report.outcomes:
        if outcome.state is State.BROKEN:
            yield from _broken(outcome)
    reasons: dict[str, dict[str, None]] = {}
    for outcome in report.outcomes:
        if outcome.state is State.UNKNOWN:
            reasons.setdefault(outcome.reason, {})[outcome.promise.operation] = None
    for reason, names in reasons.items():
        yield style(f"could not tell  {printable(reason)}: {printable(', '.join(names))}\n", dim=True)
    for name, (failed, sent) in report.flaky.items():
        yield style(
            f"flaky           {printable(name)}: {failed} of {sent} requests failed, and went well again\n",
            fg="yellow",
        )
    yield from _summary(report)


def _cell(outcomes: Sequence[Outcome]) -> str:
    """How many were kept, or else how many were not."""
    states = Counter(outcome.state for outcome in outcomes)
    if not outcomes:
        return f"{'':5}"
    if states[State.BROKEN]:
        return style(f"{states[State.BROKEN]}!".rjust(5), fg="red", bold=True)
    if not states[State.KEPT]:
        return style(f"{'?':>5}", dim=True)
    return style(f"{states[State.KEPT]:5}", fg="green")


def _broken(outcome: Outcome) -> Iterator[str]:
    promise = outcome.promise
    yield style("broken", fg="red", bold=True) + f"  {style(printable(promise.name), bold=True)}\n"
    for breach in outcome.breaches[:_SHOWN]:
        answered = "" if breach.status is None else f" -> {breach.status}"
        yield f"  {printable(breach.message)}\n"
        yield style(f"    promised at {printable(breach.promise)}\n", dim=True)
        yield style(f"    {printable(breach.request)}{answered}\n", dim=True)
    if len(outcome.breaches) > _SHOWN:
        yield f"  and {len(outcome.breaches) - _SHOWN} more\n"
    yield "\n"


def _summary(report: Conformance) -> Iterator[str]:
    states = report.states
    yield (
        f"{report.requests:,} requests; {len(report.seen)} of {len(report.documented)} documented answers"
        " (operation and status) were seen.\n"
    )
    told = [f"{states[State.KEPT]} promises kept"]
    if states[State.BROKEN]:
        told.append(style(f"{states[State.BROKEN]} broken", fg="red", bold=True))
    if states[State.UNKNOWN]:
        told.append(f"{states[State.UNKNOWN]} could not be told")
    told += [style(f"{printable(name)} fails too often", fg="red", bold=True) for name in report.failing]
    yield ", ".join(told) + ".\n"


def to_json(report: Conformance) -> Iterator[str]:
    """One object."""
    value: dict[str, Any] = {
        "version": _VERSION,
        "spec": report.spec,
        "requests": report.requests,
        "documented": len(report.documented),
        "seen": len(report.seen),
        "unseen": [f"{name} {status}" for name, status in sorted(report.documented - report.seen)],
        "flaky": {name: {"failed": failed, "sent": sent} for name, (failed, sent) in report.flaky.items()},
        "summary": {state.value: report.states[state] for state in State},
        "promises": [
            {
                "operation": outcome.promise.operation,
                "kind": outcome.promise.kind,
                "what": outcome.promise.what,
                "state": outcome.state.value,
                "reason": outcome.reason,
                "breaches": [msgspec.to_builtins(breach) for breach in outcome.breaches],
            }
            for outcome in report.outcomes
        ],
    }
    yield msgspec.json.format(msgspec.json.encode(value), indent=1).decode() + "\n"


FORMATS = {"text": to_text, "json": to_json}
