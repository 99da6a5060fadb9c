"""Conformance detects every mutant; without the one law or rule that detects it, a mutant survives."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from mutants import Mutant, catalogue
from mutants.catalogue import MUTANTS
from support.reference import session_of, violated
from wirecheck.conform import requirements
from wirecheck.conform.outcome import Requirement
from wirecheck.laws import laws
from wirecheck.spec import Spec, join, load
from wirecheck.spec.document import tokens

pytestmark = pytest.mark.no_cover


def of_mutant(spec: Spec, mutant: Mutant) -> list[Requirement]:
    """The requirements of the operations that show a mutant."""
    return [requirement for requirement in requirements(spec) if requirement.operation in mutant.operations]


def test_there_are_mutants_of_every_kind() -> None:
    kinds = Counter(mutant.kind for mutant in MUTANTS.values())
    assert kinds.keys() == {"shape", "protocol", "rules", "state", "paging", "access", "laws"}
    assert min(kinds.values()) >= 15


def test_the_names_of_mutants_are_unique() -> None:
    source = Path(catalogue.__file__).read_text("utf-8")
    tables = re.findall(r"^from mutants\.(\w+) import ([A-Z]+)$", source, re.MULTILINE)
    assert sum(len(getattr(import_module(f"mutants.{module}"), name)) for module, name in tables) == len(
        MUTANTS
    )


# As many as a test run has time for, of every kind; `make mutants` tries all of them.
SAMPLE = sorted(MUTANTS, key=lambda name: MUTANTS[name].kind)[::30]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_mutant_is_detected(name: str, spec: Spec) -> None:
    mutant = MUTANTS[name]
    with session_of(spec, mutant) as session:
        assert next(violated(session, of_mutant(spec, mutant)), None), mutant.description


# Laws and rules: each has a mutant that nothing else detects.

ONLY = [name for name, mutant in MUTANTS.items() if mutant.only]
# Each takes seconds; as many as a test run has time for are tried at every one.
TRIED = [
    pytest.param(name, marks=[pytest.mark.slow] if index % 60 else []) for index, name in enumerate(ONLY)
]


def test_every_law_and_rule_has_a_mutant_that_only_it_detects(spec: Spec) -> None:
    of_laws = {f"{law.operation} {law.name}" for of_operation in laws(spec).values() for law in of_operation}
    assert {MUTANTS[name].only for name in ONLY} == of_laws | set(rules(spec.document.data))


def rules(value: object) -> Iterator[str]:
    """The names of all rules within a value."""
    if isinstance(value, dict) and "x-rule" in value:
        yield value["x-rule"]
    for member in members(value):
        yield from rules(member)


def without(spec: Spec, only: str, tmp_path: Path) -> Spec:
    """The document without a law of an operation, an invariant of what it returns, or a rule."""
    document = json.loads(json.dumps(spec.document.data))
    name_of_operation, _, name = only.rpartition(" ")
    if name_of_operation:
        [operation] = [operation for operation in spec.operations if operation.name == name_of_operation]
        [law] = [law for law in laws(spec)[operation.name] if law.name == name]
        remove(document, law.pointer if law.schema else join(operation.pointer, "x-laws", name))
    else:
        remove_rule(document, name)
    written = tmp_path / "openapi.json"
    written.write_text(json.dumps(document), encoding="utf-8")
    return load(written)


def remove(value: Any, pointer: str) -> None:
    *parents, last = tokens(pointer)
    for token in parents:
        value = value[int(token) if isinstance(value, list) else token]
    del value[last]


def remove_rule(value: object, name: str) -> None:
    if isinstance(value, dict):
        value.get("x-invalid-examples", {}).pop(name, None)
        if "allOf" in value:
            value["allOf"] = [part for part in value["allOf"] if part.get("x-rule") != name]
    for member in members(value):
        remove_rule(member, name)


def members(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def affordable(spec: Spec, mutant: Mutant) -> list[Requirement]:
    """Without requirements that send hundreds of requests for more values of the same rules."""
    left_out = ("further values", " 429")
    return [
        requirement
        for requirement in of_mutant(spec, mutant)
        if not any(words in requirement.what for words in left_out)
    ]


@pytest.mark.parametrize("name", TRIED)
def test_a_mutant_is_detected_by_one_law_or_rule_alone(name: str, spec: Spec, tmp_path: Path) -> None:
    mutant = MUTANTS[name]
    with session_of(spec, mutant) as session:
        first = next(violated(session, affordable(spec, mutant)))
    law = mutant.only.split()[-1]
    assert [example.message for example in first.counterexamples if law not in example.message] == []
    less = without(spec, mutant.only, tmp_path)
    with session_of(less, mutant) as session:
        assert list(violated(session, affordable(less, mutant))) == []
