"""Conformance finds every fault, by what it promises to find; with the law or rule gone, it finds no more."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from faults import FAULTS, Fault
from instagram_server import world
from instagram_server.app import create_app
from instagram_server.config import Settings
from wirecheck.conform import Options, laboratory, promises
from wirecheck.conform.asgi import InProcess
from wirecheck.conform.lab import Lab, Outcome, Promise, State
from wirecheck.laws import laws
from wirecheck.spec import Spec, load
from wirecheck.spec.document import tokens

VALUES = Path(__file__).parents[1] / "examples" / "conformance.yaml"
TOKENS = world.tokens()
LACKING = {
    name.removeprefix("without-"): token for name, token in TOKENS.items() if name.startswith("without-")
}

UNLIMITED = Settings(rate_limit=None, write_limit=None)


@contextmanager
def lab_of(spec: Spec, fault: Fault | None = None, settings: Settings = UNLIMITED) -> Iterator[Lab]:
    """Where the reference server is tested with a fault."""
    app = create_app(settings)
    faulty: ASGIApp = fault.wrap(app) if fault else app
    options = Options(
        url="http://server.test/v1", token=TOKENS["all"], lacking=LACKING, values=VALUES, listen="127.0.0.1:0"
    )
    try:
        with InProcess(faulty) as http, laboratory(spec, options, http) as lab:
            yield lab
    finally:
        app.state.platform.store.close()


def broken(lab: Lab, chosen: Iterable[Promise]) -> Iterator[Outcome]:
    outcomes = (lab.run(promise) for promise in chosen)
    return (outcome for outcome in outcomes if outcome.state is State.BROKEN)


def showing(spec: Spec, fault: Fault) -> list[Promise]:
    """The promises of the operations that a fault shows at."""
    return [promise for promise in promises(spec) if promise.operation in fault.shows]


def test_there_are_faults_of_every_kind() -> None:
    kinds = Counter(fault.kind for fault in FAULTS.values())
    assert kinds.keys() == {"shape", "protocol", "rules", "state", "paging", "access", "laws"}
    assert min(kinds.values()) >= 15


def test_no_fault_hides_another_of_its_name() -> None:
    source = (Path(__file__).parent / "faults.py").read_text("utf-8")
    tables = re.findall(r"^from planted\.(\w+) import ([A-Z]+)$", source, re.MULTILINE)
    assert sum(len(getattr(import_module(f"planted.{module}"), name)) for module, name in tables) == len(
        FAULTS
    )


# As many as a test run has time for, of every kind; `make faults` tries all of them.
SAMPLE = sorted(FAULTS, key=lambda name: FAULTS[name].kind)[::12]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_fault_is_found(name: str, spec: Spec) -> None:
    fault = FAULTS[name]
    with lab_of(spec, fault) as lab:
        assert next(broken(lab, showing(spec, fault)), None), fault.text


# Laws and rules: a fault that nothing else finds

ONLY = [name for name, fault in FAULTS.items() if fault.only]
# Each takes seconds; as many as a test run has time for are tried at every one.
TRIED = [
    pytest.param(name, marks=[pytest.mark.slow] if index % 30 else []) for index, name in enumerate(ONLY)
]


def test_every_law_and_rule_has_a_fault_that_only_it_finds(spec: Spec) -> None:
    of_laws = {f"{law.operation} {law.name}" for found in laws(spec).values() for law in found}
    assert {FAULTS[name].only for name in ONLY} == of_laws | set(rules(spec.document.data))


def rules(value: object) -> Iterator[str]:
    """The names of all rules within a value."""
    if isinstance(value, dict) and "x-rule" in value:
        yield value["x-rule"]
    for one in members(value):
        yield from rules(one)


def without(spec: Spec, only: str, tmp_path: Path) -> Spec:
    """The document without the law of an operation, or without a rule."""
    document = json.loads(json.dumps(spec.document.data))
    operation, _, name = only.rpartition(" ")
    if operation:
        [found] = [one for one in spec.operations if one.name == operation]
        [_, path, method] = tokens(found.pointer)
        del document["paths"][path][method]["x-laws"][name]
    else:
        remove_rule(document, name)
    written = tmp_path / "openapi.json"
    written.write_text(json.dumps(document), encoding="utf-8")
    return load(written)


def remove_rule(value: object, name: str) -> None:
    if isinstance(value, dict):
        value.get("x-invalid-examples", {}).pop(name, None)
        if "allOf" in value:
            value["allOf"] = [one for one in value["allOf"] if one.get("x-rule") != name]
    for one in members(value):
        remove_rule(one, name)


def members(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def affordable(spec: Spec, fault: Fault) -> list[Promise]:
    """Without those that make hundreds of requests for more of what others have shown."""
    left_out = ("further values", "answers 429")
    return [one for one in showing(spec, fault) if not any(words in one.what for words in left_out)]


@pytest.mark.parametrize("name", TRIED)
def test_a_fault_is_found_by_one_law_or_rule_alone(name: str, spec: Spec, tmp_path: Path) -> None:
    fault = FAULTS[name]
    with lab_of(spec, fault) as lab:
        first = next(broken(lab, affordable(spec, fault)))
    law = fault.only.split()[-1]
    assert [one.message for one in first.breaches if law not in one.message] == []
    less = without(spec, fault.only, tmp_path)
    with lab_of(less, fault) as lab:
        assert list(broken(lab, affordable(less, fault))) == []
