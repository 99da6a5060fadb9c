"""The linter's report, for people and for programs."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
from click import style

from wirecheck.escapes import encodable, printable, printable_json
from wirecheck.lint.rule import Problem
from wirecheck.model import Severity
from wirecheck.words import counted

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_WIDTH = 80

LocatedProblem = tuple[int, Problem]  # with the line


def to_text(name: str, problems: Sequence[LocatedProblem]) -> Iterator[str]:
    """Problems by severity, rule and message; each place in the form that editors jump to."""
    groups: dict[tuple[Severity, str], dict[str, list[LocatedProblem]]] = {}
    ranks = list(Severity)
    for line, problem in sorted(problems, key=lambda located: ranks.index(located[1].severity)):
        messages = groups.setdefault((problem.severity, problem.rule), {})
        messages.setdefault(problem.message, []).append((line, problem))
    for (severity, rule), messages in groups.items():
        yield f"{style(severity, fg=_COLOURS[severity], bold=True)} {style(rule, bold=True)}\n"
        for message, places in messages.items():
            yield _wrapped(message)
            for line, problem in places:
                pointer = (
                    style(printable(encodable(f": #{problem.pointer}")), dim=True) if problem.pointer else ""
                )
                yield f"    {printable(encodable(problem.file))}:{line}{pointer}\n"
        yield "\n"
    yield f"{printable(encodable(name))}: {_summary(problems)}\n"
    if problems:
        yield style("`wirecheck explain RULE` says why, with an example.", dim=True) + "\n"


def _wrapped(message: str) -> str:
    lines = textwrap.wrap(
        printable(message),
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines) + "\n"


def _summary(problems: Sequence[LocatedProblem]) -> str:
    if not problems:
        return style("no problems found", fg="green")
    counts = Counter(problem.severity for _, problem in problems)
    listed = ", ".join(counted(counts[severity], severity) for severity in Severity if counts[severity])
    return f"{counted(len(problems), 'problem')} ({listed})"


def to_json(name: str, problems: Sequence[LocatedProblem]) -> Iterator[str]:
    """One JSON object with the problems in the order of the document."""
    listed = [
        {
            "rule": problem.rule,
            "severity": problem.severity,
            "file": encodable(problem.file),
            "pointer": f"#{problem.pointer}",
            "line": line,
            "message": problem.message,
        }
        for line, problem in problems
    ]
    encoded = msgspec.json.encode({"version": 1, "spec": encodable(name), "problems": listed})
    yield printable_json(encoded.decode()) + "\n"
