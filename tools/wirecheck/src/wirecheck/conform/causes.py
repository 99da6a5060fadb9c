"""Why requirements are inconclusive, and what resolves it: reasons that differ in names are one cause."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wirecheck.conform.outcome import Outcome, State

_SHOWN = 5  # names of one cause


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause with the number of ``requirements`` that it leaves inconclusive, and their ``operations``.

    ``remedy`` says what to give or do to resolve it; empty where ``what`` says it, or nothing does.
    """

    what: str
    remedy: str
    requirements: int
    operations: tuple[str, ...]

    @property
    def text(self) -> str:
        """The cause with its remedy."""
        return f"{self.what} ({self.remedy})" if self.remedy else self.what


@dataclass(frozen=True, slots=True)
class _Kind:
    """Reasons of one pattern. Its first group, if there is one, is the name that ``{}`` of ``what`` lists."""

    pattern: re.Pattern[str]
    what: str
    remedy: str


def _kind(pattern: str, what: str, remedy: str) -> _Kind:
    return _Kind(re.compile(pattern, re.DOTALL), what, remedy)


_EXAMPLE = "add an example to the document, or give --values"
_KINDS = (
    _kind("no value of (.+) is known: .*", "no value of {} is known", _EXAMPLE),
    _kind("no body is known: .*", "no body is known", "add an example to the document"),
    _kind(
        r"no request is known that (.+) accepts \(\d+\).*", "no request is known that {} accepts", _EXAMPLE
    ),
    _kind("no request is known", "no request is known", _EXAMPLE),
    _kind("it needs --values: (.+)", "it needs --values: {}", ""),
    _kind("no operation creates (.+)", "no operation creates {}", "give --values of what the server has"),
    _kind("(.+) needs what it creates itself", "{} needs what it creates itself", "give --values"),
    _kind(
        r"the response does not say the key of what was created \((.+)\)",
        "the response does not say the key of what was created: {}",
        "return the item, or a Location",
    ),
    _kind("no credentials are known", "no credentials are known", "give --token, or credentials in --values"),
    _kind(
        "no other credentials are known",
        "no credentials of another scheme are known",
        "give credentials in --values",
    ),
    _kind(
        "no token without (.+) is known.*", "no token without {} is known", "give --token-without SCOPE=TOKEN"
    ),
    _kind(r"(no valid token: .*)", "{}", "give --token"),
    _kind(r"rate limited \(429\).*", "rate limited (429)", "raise the limit, or lower --rate"),
    _kind("the list is empty", "the list is empty", "give --values of a list that is not"),
    _kind(
        "no known list is long enough to be bounded",
        "no known list is long enough to be bounded",
        "give --values",
    ),
    _kind("it could not be provoked.*", "the status could not be provoked", "give a recipe in --values"),
    _kind("a response was lost, (.*)", "a response was lost, {}", "run it again"),
    _kind("rejected", "a request that must succeed is rejected", "see what is violated"),
)


def causes(outcomes: Iterable[Outcome]) -> list[Cause]:
    """The causes of inconclusive requirements, those of most requirements first."""
    grouped: dict[tuple[str, str], list[tuple[str, str]]] = {}  # names and operations
    for outcome in outcomes:
        if outcome.state is State.INCONCLUSIVE:
            what, remedy, name = _cause(outcome.reason)
            grouped.setdefault((what, remedy), []).append((name, outcome.requirement.operation))
    found = [
        Cause(
            what.replace("{}", listed(name for name, _ in members)),
            remedy,
            len(members),
            tuple(dict.fromkeys(operation for _, operation in members)),
        )
        for (what, remedy), members in grouped.items()
    ]
    return sorted(found, key=lambda cause: -cause.requirements)


def _cause(reason: str) -> tuple[str, str, str]:
    """What is in the way, with ``{}`` for a name, what resolves it, and the name."""
    for kind in _KINDS:
        if match := kind.pattern.fullmatch(reason):
            return kind.what, kind.remedy, match[1] if kind.pattern.groups else ""
    return reason.replace("{}", "{ }"), "", ""


def listed(names: Iterable[str]) -> str:
    """The first few of some names, and how many more there are."""
    distinct = list(dict.fromkeys(names))
    further = f" and {len(distinct) - _SHOWN} more" if len(distinct) > _SHOWN else ""
    return ", ".join(distinct[:_SHOWN]) + further
