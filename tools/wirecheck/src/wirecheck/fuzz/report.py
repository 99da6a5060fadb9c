"""What a run of the fuzzer gives, as values and as text."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wirecheck.conform import State
from wirecheck.curl import to_set
from wirecheck.escapes import printable
from wirecheck.fuzz.session import Failure
from wirecheck.words import counted


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A failure and two ways to repeat it, a command and a Python snippet; neither holds a secret."""

    failure: Failure
    curl: str
    python: str
    saved: Path | None = None


@dataclass(frozen=True, slots=True)
class FlakyFailure:
    """A failure that came again in ``reproduced`` of ``attempts`` repetitions; both are 0 without time."""

    failure: Failure
    attempts: int
    reproduced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzReport:
    """The outcome of a run.

    ``responses`` counts responses by the hundreds of their status. ``authorized`` counts those that show
    that the access token is valid: a 2xx of an operation that requires it (of any, where the document has
    no such scheme), or one that says that the operation is retired. ``retried`` counts requests that
    failed and succeeded when repeated. ``lost`` says how the server was lost before the time was up.
    ``not_undone`` are commands that undo what could not be undone, or what was left where there is none.
    """

    failures: tuple[Reproduction, ...]
    flaky: tuple[FlakyFailure, ...]
    seed: int
    exchanges: int
    retried: int
    sequences: int
    authorized: int
    responses: dict[int, int]
    lost: str = ""
    interrupted: bool = False
    not_undone: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Inconclusive without failures where the server was lost, or rejected every request."""
        if self.failures:
            return State.VIOLATED
        if self.lost or not self.authorized or not self.responses.get(2):
            return State.INCONCLUSIVE
        return State.SATISFIED


def to_text(report: FuzzReport) -> Iterator[str]:
    """The report for people, in pieces."""
    for reproduction in report.failures:
        failure = reproduction.failure
        yield f"{_headline(failure)}\n  defined at {printable(failure.spec_pointer)}\n"
        yield textwrap.indent(f"{reproduction.curl}\n{reproduction.python}\n", "  ")
        yield f"  saved as {reproduction.saved}\n\n" if reproduction.saved else "\n"
    for flaky in report.flaky:
        repeated = f"reproduced in {flaky.reproduced} of {flaky.attempts} attempts"
        outcome = repeated if flaky.attempts else "not repeated"
        yield f"{_headline(flaky.failure)}\n  {outcome}; not counted\n\n"
    yield from (f"{line}\n" for line in to_set(report.not_undone))
    for command in report.not_undone:
        yield f"not undone  {command}\n"
    if report.retried:
        yield f"{counted(report.retried, 'request')} failed and succeeded when repeated\n"
    if report.lost:
        yield f"stopped early: {report.lost}\n"
    elif report.state is State.INCONCLUSIVE:
        yield "inconclusive: every request was rejected\n"
    failures, exchanges = counted(len(report.failures), "failure"), counted(report.exchanges, "exchange")
    yield f"{failures} in {exchanges}, {counted(report.sequences, 'sequence')}; seed {report.seed}\n"


def _headline(failure: Failure) -> str:
    return printable(f"{failure.operation}: {failure.message}")
