"""What the linter finds, and how it is told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
from click import style

from wirecheck.model import Severity
from wirecheck.redact import Masked, Redactor
from wirecheck.spec import join

shown = Masked(Redactor(), ()).value
"""How a value of the document may be shown in a message."""

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a reader of the document cannot rely on; ``pointer`` says where."""

    rule: str
    severity: Severity
    pointer: str
    message: str


def subject(whole: str, path: Iterable[str | int]) -> str:
    """Names a part of a value, for a sentence about it."""
    pointer = join("", *path)
    return f"{whole} at {pointer}" if pointer else whole


def to_text(name: str, problems: Sequence[tuple[int, Problem]]) -> Iterator[str]:
    """A line for each problem, in the form that editors jump to, and a last one with the count."""
    for line, problem in problems:
        severity = style(problem.severity, fg=_COLOURS[problem.severity], bold=True)
        where = style(f"#{problem.pointer}", dim=True)
        yield f"{name}:{line}: {severity} {problem.rule}: {problem.message} {where}\n"
    if not problems:
        yield f"{name}: {style('nothing to complain about', fg='green')}\n"
    else:
        yield f"{name}: {len(problems)} {'problem' if len(problems) == 1 else 'problems'}\n"


def to_json(name: str, problems: Sequence[tuple[int, Problem]]) -> Iterator[str]:
    """One JSON object with the problems in the order of the document."""
    listed = [
        {
            "rule": one.rule,
            "severity": one.severity,
            "pointer": f"#{one.pointer}",
            "line": line,
            "message": one.message,
        }
        for line, one in problems
    ]
    yield msgspec.json.encode({"version": 1, "spec": name, "problems": listed}).decode() + "\n"
