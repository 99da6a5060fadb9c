"""Runs hostile documents through the generator."""

import contextlib
import io
import json
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hostile.documents import Writer, rare
from hostile.examination import (
    PACKAGE,
    Vocabulary,
    binding_findings,
    canary,
    expected_bindings,
    name_findings,
    project_findings,
    running_findings,
    text_findings,
    trees,
)
from hostile.payloads import harmless, hostile
from wirecheck.cli import run as command
from wirecheck.generate import unformatted
from wirecheck.generate.facade import Facade
from wirecheck.model import SpecError
from wirecheck.spec import Spec, parsed

HARMLESS = 70
"""Harmless documents, whose packages have all that code of a package may be made of."""


@dataclass
class Outcome:
    """What became of documents. Failures name the seed of each."""

    generated: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def document(seed: int) -> dict[str, Any]:
    """The hostile document of a seed."""
    numbers = random.Random(seed)
    return Writer(numbers, hostile(numbers)).document()


def harmless_document(seed: int) -> dict[str, Any]:
    """A document of the same kind, whose texts are harmless."""
    numbers = random.Random(seed)
    return Writer(numbers, harmless(numbers), eager=True).document()


def generated(spec: Spec) -> tuple[dict[str, bytes], Any]:
    """The modules of a package, and the facade that they were rendered from."""
    facades: list[Any] = []
    original = Facade.__init__

    def remember(self: Any, *arguments: Any, **named: Any) -> None:
        facades.append(self)
        original(self, *arguments, **named)

    with patch.object(Facade, "__init__", remember):
        files = dict(unformatted(spec, PACKAGE))
    return files, facades[0]


@cache
def vocabulary() -> Vocabulary:
    """How code is made of harmless documents."""
    info = {"title": "A", "version": "1"}
    known = Vocabulary(generated(parsed({"openapi": "3.1.0", "info": info, "paths": {}}))[0])
    for example in (rare(), *map(harmless_document, range(HARMLESS))):
        with contextlib.suppress(SpecError):
            known.learn(generated(parsed(example))[0])
    return known


def examine(seed: int, outcome: Outcome) -> None:
    """Generates the package of a seed, and adds what is wrong with it."""
    try:
        spec = parsed(document(seed))
        files, facade = generated(spec)
    except SpecError as error:
        outcome.rejected[str(error).partition(": ")[2]] += 1
        if "would not be valid Python" in str(error):
            outcome.failures.append(f"{seed}: {error!a}")
        return
    outcome.generated += 1
    findings = [*text_findings(files)]
    modules = trees(files)
    findings += vocabulary().findings(files, modules)
    findings += name_findings(facade)
    findings += binding_findings(modules, expected_bindings(facade))
    operations = {operation.name: operation for operation in spec.operations}
    try:
        findings += running_findings(files, operations, thorough=seed % 20 == 0)
    except Exception as error:
        findings.append(f"{type(error).__name__}: {str(error)!a}")
    outcome.failures += [f"{seed}: {finding}" for finding in findings[:4]]


def examine_whole(seed: int, outcome: Outcome) -> None:
    """Generates the package of a seed on disk, as the command does, and adds what is wrong with it."""
    with tempfile.TemporaryDirectory() as name:
        sandbox = Path(name)
        folder = sandbox / "a" / "b"
        folder.mkdir(parents=True)
        spec = folder / "openapi.json"
        spec.write_text(json.dumps(document(seed)), encoding="utf-8")
        errors = io.StringIO()
        with contextlib.chdir(folder), canary() as called, contextlib.redirect_stderr(errors):
            options = ["--spec", str(spec), "--output", str(folder / "out"), "--package", PACKAGE]
            with contextlib.redirect_stdout(errors):
                code = command(["generate", *options])
        lines = errors.getvalue().splitlines()
        outcome.failures += [f"{seed}: prints {line!a}" for line in lines if not line.isprintable()]
        written = {path.relative_to(sandbox).as_posix() for path in sandbox.rglob("*") if path.is_file()}
        beside = {path for path in written if not path.startswith("a/b/out/")} - {"a/b/openapi.json"}
        outcome.failures += [f"{seed}: writes {path!a}" for path in sorted(beside)]
        outcome.failures += [f"{seed}: {each}" for each in called if "canary" in each]
        if code == 0:
            out = folder / "out"
            texts = [(out / name).read_text("utf-8") for name in ("pyproject.toml", "README.md")]
            outcome.failures += [f"{seed}: {finding}" for finding in project_findings(*texts)]


def run(first: int, count: int, *, whole_every: int = 50) -> Outcome:
    """Examines the documents of successive seeds."""
    outcome = Outcome()
    for seed in range(first, first + count):
        examine(seed, outcome)
        if seed % whole_every == 0:
            examine_whole(seed, outcome)
    return outcome
