"""A rule of the linter, what it looks at, and what it reports."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from wirecheck.engine import Engine, engines
from wirecheck.model import Severity
from wirecheck.redact import Masked, Redactor
from wirecheck.spec import Document, Kind, Node, Origin, Spec, join, walk

_MASKED = Masked(Redactor(), ())
shown = _MASKED.value
"""How a value of an example may be shown in a message."""


def shown_keyword(value: Any, path: Iterable[str | int]) -> str:
    """How a keyword of the document may be shown: the schema of a password is no password."""
    return _MASKED.value(value)


class Ruleset(StrEnum):
    """Rules that are switched on together."""

    CORE = "core"
    EXTENSIONS = "extensions"
    CLIENT = "client"


DEFAULT = (Ruleset.CORE, Ruleset.EXTENSIONS)
"""The rule sets that are on unless others are named."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What a rule found wrong; `lint` adds the rule, its severity and the place.

    ``severity`` is set only where it differs from that of the rule, ``origin`` only where the
    pointer does not lead to it.
    """

    pointer: str
    message: str
    severity: Severity | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A flaw of the document as it is reported: ``pointer`` leads into the ``file``."""

    rule: str
    severity: Severity
    file: str
    pointer: str
    message: str


class Context:
    """The document that the rules look at, with what several of them need.

    ``invalid`` is true once the document is known not to be valid OpenAPI: rules that cannot
    use a part of it then need not report that again.
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.document: Document = spec.document
        self.engine = Engine(spec.document)
        self.invalid = False

    @cached_property
    def directions(self) -> tuple[Engine, ...]:
        """Engines that do not require what is read-only in a request, or write-only in a response."""
        is_directed = not self.spec.marks.isdisjoint(("readOnly", "writeOnly"))
        return tuple(engines(self.spec).values()) if is_directed else ()

    @cached_property
    def nodes(self) -> list[Node]:
        """Every object of the document, where it is written."""
        return list(walk(self.document))

    def schemas(self) -> Iterator[Node]:
        """Every schema that is an object."""
        return (node for node in self.nodes if node.kind is Kind.SCHEMA and isinstance(node.value, dict))


Find = Callable[[Context], Iterable[Flaw]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LintRule:
    """A rule, and what `wirecheck explain` says about it.

    ``text`` is a sentence, then details; ``bad`` and ``good`` are documents in YAML without
    ``openapi`` and ``info``. The bad one has problems of this rule only, the good one has none.
    """

    id: str
    severity: Severity
    ruleset: Ruleset
    text: str
    why: str
    bad: str
    good: str
    find: Find

    @property
    def summary(self) -> str:
        return self.text.partition("\n")[0]


def rule(
    severity: Severity, ruleset: Ruleset, *, why: str, bad: str, good: str
) -> Callable[[Find], LintRule]:
    """Makes a rule of a function: its name becomes the id, its docstring the text."""

    def decorate(find: Find) -> LintRule:
        return LintRule(
            id=find.__name__.replace("_", "-"),
            severity=severity,
            ruleset=ruleset,
            text=find.__doc__ or "",
            why=why,
            bad=bad,
            good=good,
            find=find,
        )

    return decorate


def subject(whole: str, path: Iterable[str | int]) -> str:
    """Names a part of a value, for a sentence about it."""
    pointer = join("", *path)
    return f"{whole} at {pointer}" if pointer else whole
