"""Results as a table, and the kinds of failures."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from smoke.run import Result

_VARIABLE = re.compile(
    r"^\S+\.(?:ya?ml|json)(?::\d+)?: |'[^']*'|\"[^\"]*\"|`[^`]*`"
    r"|\b[a-z_]+(?:\.[a-z_]+)+(?=:)|/\S+|\b\w*\d\w*\b|\[[^\]]*\]|\{[^}]*\}|\([^)]*\)(?= as )"
)
_COLUMNS = "{:26} {:>5} {:>9} {:>5} {:>7} {:>5} {:>6} {:>6} {:>7}  {}".format
_MESSAGE = 150  # characters
_LINES = 40  # of what generation wrote


OUTCOMES = ("right", "wrong", "harness")


@dataclass(frozen=True, slots=True)
class Failure:
    """One reason; ``where`` is the operation and the variant of its call, or a file."""

    document: str
    part: str
    kind: str
    reason: str
    where: str = ""

    @property
    def shape(self) -> tuple[str, str, str]:
        """What failures of one kind have in common."""
        return self.part, self.kind, _VARIABLE.sub("…", self.reason)[:_MESSAGE]


def failures(results: Iterable[Result]) -> Iterator[Failure]:
    """All reasons of all documents."""
    for result in results:
        if not result.generated:
            yield from _of_generation(result)
        yield from _of_package(result)
        yield from _of_calls(result)


def _of_generation(result: Result) -> Iterator[Failure]:
    for line in result.generation_errors.splitlines()[-_LINES:] or ["without a word"]:
        yield Failure(result.document, "generate", f"exit {result.generation_exit}", line)


def _of_package(result: Result) -> Iterator[Failure]:
    name = result.document
    if result.import_error:
        yield Failure(name, "import", "raises", result.import_error)
    yield from (Failure(name, "import", "warns", each) for each in result.import_warnings)
    yield from (Failure(name, "import", "wirecheck", each) for each in result.wirecheck_imports)
    yield from (Failure(name, "missing", "operation", "has no method", each) for each in result.missing)
    for error in result.type_errors or ():
        where, _, message = error.partition(": error: ")
        yield Failure(name, "mypy", message.rpartition("[")[2].rstrip("]"), message, where)


def _of_calls(result: Result) -> Iterator[Failure]:
    for crash in result.crashes:
        yield Failure(result.document, "crash", "calls", crash.partition(": ")[2], crash.partition(": ")[0])
    for call in result.calls:
        part = "harness" if call["outcome"] == "harness" else "call"
        for kind, reason in call["problems"]:
            yield Failure(result.document, part, kind, reason, f"{call['operation']} ({call['variant']})")


def table(results: Iterable[Result]) -> str:
    """A line for each document, and the sum."""
    results = list(results)
    names = (
        "document",
        "ops",
        "generated",
        "gone",
        "import",
        "mypy",
        "right",
        "wrong",
        "harness",
        "first reasons",
    )
    return "\n".join([_COLUMNS(*names), *map(_line, results), _sum(results)])


def _sum(results: list[Result]) -> str:
    def total(count: Callable[[Result], int]) -> int:
        return sum(map(count, results))

    return _COLUMNS(
        "all",
        total(lambda result: result.operations or 0),
        f"{total(lambda result: result.generated)}/{len(results)}",
        total(lambda result: len(result.missing)),
        total(lambda result: result.import_seconds is not None),
        total(lambda result: len(result.type_errors or ())),
        *(total(partial(Result.count, outcome=outcome)) for outcome in OUTCOMES),
        f"{total(lambda result: result.is_right)} documents are right",
    )


def _line(result: Result) -> str:
    seconds = f"{result.generation_seconds:.1f} s"
    state = seconds if result.generated else f"part {seconds}" if result.incomplete else f"no {seconds}"
    imported = (
        "no"
        if result.import_error
        else "-"
        if result.import_seconds is None
        else f"{result.import_seconds:.2f} s"
    )
    types = "-" if result.type_errors is None else str(len(result.type_errors))
    shapes = kinds([result])
    told = "; ".join(f"{shape[1]}: {shape[2]}" for shape, _ in shapes[:3])
    operations = "?" if result.operations is None else result.operations
    counts = [result.count(outcome) for outcome in OUTCOMES]
    return _COLUMNS(
        result.document[:26],
        operations,
        state,
        len(result.missing),
        imported,
        types,
        *counts,
        told[:_MESSAGE],
    )


def kinds(results: Iterable[Result]) -> list[tuple[tuple[str, str, str], list[Failure]]]:
    """The failures by what they have in common, the most frequent first; those of the harness last."""
    by_shape: dict[tuple[str, str, str], list[Failure]] = defaultdict(list)
    for failure in failures(results):
        by_shape[failure.shape].append(failure)
    return sorted(by_shape.items(), key=lambda item: (item[0][0] == "harness", -len(item[1])))


def described_kinds(results: Iterable[Result], most: int) -> str:
    """How often each kind is, in how many documents, and the first example of it."""
    lines = []
    for (part, kind, shape), examples in kinds(results)[:most]:
        documents = {failure.document for failure in examples}
        lines.append(f"{len(examples):6} in {len(documents):2} documents  {part} {kind}: {shape}")
        lines.append(f"       {examples[0].document} {examples[0].where}: {examples[0].reason[:300]}")
    return "\n".join(lines)
