"""What several doors share: the document of the depot, its judge, corpora and vocabularies."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from fuzz_inputs.mutator import Mutator
from support.paths import TESTS
from wirecheck.checks import Judge
from wirecheck.model import WirecheckError
from wirecheck.spec import Spec, load

Json = Any

CORPUS = TESTS / "corpus"
DEPOT = Path(__file__).with_name("depot.yaml")
URL = "http://127.0.0.1:9/v3"
UNUSABLE = (WirecheckError, RecursionError)
"""What the command line turns into one line and exit code 2."""


@cache
def depot() -> Spec:
    return load(DEPOT)


@cache
def judge() -> Judge:
    return Judge(depot())


def corpus(door: str) -> list[bytes]:
    """The inputs of a door that are kept: what an attacker would try first, and what failed once."""
    return [path.read_bytes() for path in sorted((CORPUS / door).glob("*"))]


_folders = [Path(tempfile.gettempdir())]


@contextmanager
def folder_for_files() -> Iterator[None]:
    """Files lie in memory, where there is a place for that, until the end of the context."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="fuzz-inputs-", dir=memory if memory.is_dir() else None) as name:
        _folders.append(Path(name))
        try:
            yield
        finally:
            _folders.pop()


def folder() -> Path:
    """Where files lie."""
    return _folders[-1]


def file(content: bytes, name: str) -> Path:
    """A file with a content; the next call with its name replaces it."""
    path = folder() / name
    path.write_bytes(content)
    return path


def vocabulary(values: Iterable[Json], longest: int = 300) -> dict[str, Sequence[Json]]:
    """The names of members in some values, each with the smaller ones of its values."""
    members: dict[str, list[Json]] = {}
    pending = list(values)
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            pending += value.values()
            for name, member in value.items():
                known = members.setdefault(name, [])
                if len(known) < 8 and member not in known and len(repr(member)) < longest:
                    known.append(member)
    return dict(members)


def mutants(
    values: Sequence[Json], texts: Sequence[bytes], plain: Callable[[Mutator, Json], bytes] | None = None
) -> Callable[[Mutator], bytes]:
    """Makes inputs: of values, changed by their structure, and of texts, changed by their tokens."""

    def mutant(mutator: Mutator) -> bytes:
        if values and (not texts or mutator.chance(0.85)):
            value = mutator.random.choice(values)
            value = mutator.leaf(value) if mutator.chance(0.4) else mutator.value(value)
            return plain(mutator, value) if plain else mutator.json(value)
        return mutator.content(mutator.random.choice(texts))

    return mutant
