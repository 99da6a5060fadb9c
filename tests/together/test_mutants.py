"""Conformance finds every fault, by what it promises to find; with the law or rule gone, it finds no more."""

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
from wirecheck.conform.session import Requirement
from wirecheck.laws import laws
from wirecheck.spec import Spec, join, load
from wirecheck.spec.document import tokens


def showing(spec: Spec, fault: Mutant) -> list[Requirement]:
    """The promises of the operations that a fault shows at."""
    return [requirement for requirement in requirements(spec) if requirement.operation in fault.shows]


def test_there_are_faults_of_every_kind() -> None:
    kinds = Counter(fault.kind for fault in MUTANTS.values())
    assert kinds.keys() == {"shape", "protocol", "rules", "state", "paging", "access", "laws"}
    assert min(kinds.values()) >= 15


def test_no_fault_hides_another_of_its_name() -> None:
    source = Path(catalogue.__file__).read_text("utf-8")
    tables = re.findall(r"^from mutants\.(\w+) import ([A-Z]+)$", source, re.MULTILINE)
    assert sum(len(getattr(import_module(f"mutants.{module}"), name)) for module, name in tables) == len(
        MUTANTS
    )


# As many as a test run has time for, of every kind; `make faults` tries all of them.
SAMPLE = sorted(MUTANTS, key=lambda name: MUTANTS[name].kind)[::12]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_fault_is_found(name: str, spec: Spec) -> None:
    fault = MUTANTS[name]
    with session_of(spec, fault) as session:
        assert next(violated(session, showing(spec, fault)), None), fault.text


# Laws and rules: a fault that nothing else finds

ONLY = [name for name, fault in MUTANTS.items() if fault.only]
# Each takes seconds; as many as a test run has time for are tried at every one.
TRIED = [
    pytest.param(name, marks=[pytest.mark.slow] if index % 30 else []) for index, name in enumerate(ONLY)
]


def test_every_law_and_rule_has_a_fault_that_only_it_finds(spec: Spec) -> None:
    of_laws = {f"{law.operation} {law.name}" for found in laws(spec).values() for law in found}
    assert {MUTANTS[name].only for name in ONLY} == of_laws | set(rules(spec.document.data))


def rules(value: object) -> Iterator[str]:
    """The names of all rules within a value."""
    if isinstance(value, dict) and "x-rule" in value:
        yield value["x-rule"]
    for one in members(value):
        yield from rules(one)


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
            value["allOf"] = [one for one in value["allOf"] if one.get("x-rule") != name]
    for one in members(value):
        remove_rule(one, name)


def members(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def affordable(spec: Spec, fault: Mutant) -> list[Requirement]:
    """Without those that make hundreds of requests for more of what others have shown."""
    left_out = ("further values", "responds with 429")
    return [one for one in showing(spec, fault) if not any(words in one.what for words in left_out)]


@pytest.mark.parametrize("name", TRIED)
def test_a_fault_is_found_by_one_law_or_rule_alone(name: str, spec: Spec, tmp_path: Path) -> None:
    fault = MUTANTS[name]
    with session_of(spec, fault) as session:
        first = next(violated(session, affordable(spec, fault)))
    law = fault.only.split()[-1]
    assert [one.message for one in first.counterexamples if law not in one.message] == []
    less = without(spec, fault.only, tmp_path)
    with session_of(less, fault) as session:
        assert list(violated(session, affordable(less, fault))) == []
