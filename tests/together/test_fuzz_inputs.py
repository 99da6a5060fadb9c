"""The corpora of mutated inputs (`make fuzz-inputs`), and whether the harness finds what it must."""

import json
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

import pytest

from fuzz_inputs.common import CORPUS, folder_for_files
from fuzz_inputs.doors import doors
from fuzz_inputs.harness import CANARY, MAX_GROWTH, MAX_SECONDS, failure, inputs, peak, warm
from support.paths import TESTS

DOORS = doors()


def kept(door: str) -> list[Path]:
    """The corpus of a door; linting takes that of documents, too."""
    folders = {door, "documents"} if door == "documents-lint" else {door}
    return sorted(path for folder in folders for path in (CORPUS / folder).glob("*"))


# Masking long words takes half of the time that it may: tracing would double it.
@pytest.mark.no_cover
@pytest.mark.parametrize("name", DOORS)
def test_the_corpus_passes(name: str) -> None:
    door = DOORS[name]
    with folder_for_files():
        warm(door)
        for path in kept(name):
            before, began = peak(), time.process_time()
            found, _ = failure(door, path.read_bytes())
            assert found is None, (path, *found)
            assert time.process_time() - began < MAX_SECONDS, path
            assert peak() - before < MAX_GROWTH, path


def test_each_corpus_has_a_door() -> None:
    assert {path.name for path in CORPUS.iterdir()} <= DOORS.keys()


@pytest.mark.parametrize("name", DOORS)
def test_a_seed_decides_on_the_inputs(name: str) -> None:
    first, again, other = (list(islice(inputs(DOORS[name], seed), 20)) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert len(set(first)) > 10


_PLANTED = """
import json, os, signal, sys, time
from fuzz_inputs import harness
from fuzz_inputs.harness import CANARY, Door, batch, minimised

planted = sys.argv[1].encode()
if planted == b"!slow":
    harness.MAX_SECONDS, harness._SUSPICIOUS_SECONDS = 0.2, 0.1

def run(content):
    yield "fine"
    if b"!raise" in content: raise KeyError("planted")
    if b"!reject" in content: raise ValueError("documented")
    if b"!told" in content: raise ValueError("documented " + CANARY)
    if b"!slow" in content:
        while time.process_time() % 1000 < run.until: pass
    if b"!fat" in content: run.kept = b"x" * (300 << 20); run.kept = None
    if b"!dies" in content: os.kill(os.getpid(), signal.SIGKILL)
    if b"!exits" in content: sys.exit(0)
    if b"!control" in content: yield "a\\x1b[2J"
    if b"!secret" in content: yield "a " + CANARY

run.until = time.process_time() % 1000 + 0.6
def mutant(mutator):
    return b"abc" + planted + b"def" if mutator.chance(0.2) else b"abc"

door = Door("planted", mutant, run, (ValueError,))
tally, failures = batch(door, 1, 30)
seconds = 1 if planted in (b"!slow", b"!fat") else 5
shortest = [minimised(door, failure, seconds).decode() for failure in failures[:1]]
print(json.dumps([tally.inputs, tally.rejected, sorted({failure.kind for failure in failures}), shortest]))
"""


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        ("!raise", "KeyError <string>:run"),
        ("!exits", "SystemExit <string>:run"),
        ("!told", "secret shown in an error"),
        ("!slow", "slow"),
        ("!fat", "fat"),
        ("!dies", "process died with -9"),
        ("!control", "control character"),
        ("!secret", "secret shown"),
    ],
)
def test_the_harness_finds_a_planted_failure(planted: str, kind: str) -> None:
    inputs_done, _, kinds, shortest = planted_failure(planted)
    assert kinds == [kind]
    assert shortest == [planted] if planted not in ("!slow", "!fat") else shortest
    assert inputs_done > 0


def test_a_documented_error_is_no_failure() -> None:
    inputs_done, rejected, kinds, _ = planted_failure("!reject")
    assert (inputs_done, kinds) == (30, [])
    assert 0 < rejected < 30


def planted_failure(planted: str) -> tuple[int, int, list[str], list[str]]:
    """Numbers of inputs and of rejected ones, kinds of failures, and the first one minimised."""
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    done = subprocess.run(
        [sys.executable, "-c", _PLANTED, planted], capture_output=True, text=True, check=True, env=environment
    )
    result: tuple[int, int, list[str], list[str]] = tuple(json.loads(done.stdout))
    return result


def test_the_command_ends_with_1_for_a_failure(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from fuzz_inputs import __main__ as command, harness\n"
        "def run(content): raise KeyError(content)\n"
        "door = harness.Door('planted', lambda mutator: b'abc', run, (), batch=5)\n"
        "command.doors = lambda: {'planted': door}\n"
        f"sys.argv[1:] = ['--inputs', '5', '--corpus', {str(tmp_path)!r}]\n"
        "sys.exit(command.main())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 1, done.stderr
    assert "FAILED planted: KeyError" in done.stdout
    assert len(list((tmp_path / "planted").glob("found-*"))) == 1


def test_the_canary_is_a_secret_by_its_place_only() -> None:
    assert CANARY.isalnum()
    assert len(CANARY) > 16
