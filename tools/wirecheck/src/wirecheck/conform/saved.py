"""Reproductions of failures: a file for `wirecheck replay`, and a pytest test that replays it."""

import json
import re
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import msgspec

from wirecheck.conform.outcome import Outcome
from wirecheck.model import OutputError, RecordingError
from wirecheck.spec import Spec

VERSION = 2
_TEST = '''"""{docstring}

Reads WIRECHECK_SPEC, WIRECHECK_URL and WIRECHECK_TOKEN; see `wirecheck replay --help`.
"""

from pathlib import Path

from wirecheck.cli import run


def test_{name}() -> None:
    assert run(["replay", str(Path(__file__).with_name("{id}.json"))]) == 0
'''


class SavedStep(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A request, its body as text or base64; or, with ``undoes``, the undoing of an earlier step by index."""

    method: str = ""
    target: str = ""
    headers: list[tuple[str, str]] = []
    text: str | None = None
    base64: str | None = None
    undoes: int | None = None


class FailureDetails(msgspec.Struct, forbid_unknown_fields=True):
    """What failed; ``status`` is None where there was no response."""

    id: str
    check: str
    operation: str
    message: str
    spec_pointer: str
    status: int | None


class SavedFailure(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """How to reproduce a failure: by steps, or by testing the requirement of this name.

    ``wirecheck`` is the version of the format. ``inconclusive`` is why the requirement could not be
    tested completely when it was violated; empty if it could.
    """

    wirecheck: int
    api: str
    seed: int
    failure: FailureDetails
    steps: list[SavedStep] = []
    requirement: str = ""
    inconclusive: str = ""


def file_of(spec: Spec, seed: int, outcome: Outcome) -> SavedFailure:
    """The reproduction of a violated requirement."""
    requirement, counterexample = outcome.requirement, outcome.counterexamples[0]
    return SavedFailure(
        wirecheck=VERSION,
        api=api_name(spec),
        seed=seed,
        failure=FailureDetails(
            id=sha256(requirement.name.encode()).hexdigest()[:16],
            check=requirement.kind,
            operation=requirement.operation,
            message=counterexample.message,
            spec_pointer=counterexample.spec_pointer,
            status=counterexample.status,
        ),
        requirement=requirement.name,
        inconclusive=outcome.reason,
    )


def write(folder: Path, saved: SavedFailure) -> Path:
    """Writes a reproduction and its test; returns the path of the former. Raises OutputError."""
    failure, requirement = saved.failure, saved.requirement
    path = folder / f"{failure.id}.json"
    text = msgspec.json.format(msgspec.json.encode(saved), indent=2)
    title = json.dumps(f"{requirement or failure.operation}: {failure.message}", ensure_ascii=False)[1:-1]
    name = re.sub(r"\W+", "_", requirement or f"{failure.operation}_{failure.check}", flags=re.ASCII)
    test = _TEST.format(docstring=title.replace('\\"', "'"), name=name.strip("_").lower(), id=failure.id)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text + b"\n")
        (folder / f"test_{failure.id}.py").write_text(test, "utf-8")
    except OSError as error:
        raise OutputError(str(folder), f"cannot be written: {error.strerror}") from None
    return path


def load(path: Path) -> SavedFailure:
    """Reads a reproduction. Raises RecordingError."""
    try:
        content = path.read_bytes()
        version = msgspec.json.decode(content, type=_Version).wirecheck
        if version != VERSION:
            raise RecordingError(str(path), f"has format version {version}; this wirecheck reads {VERSION}")
        saved = msgspec.json.decode(content, type=SavedFailure)
    except OSError as error:
        raise RecordingError(str(path), f"cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordingError(str(path), f"is not a saved failure: {error}") from None
    for index, step in enumerate(saved.steps):
        if problem := _problem(step):
            raise RecordingError(str(path), problem.format(f"steps[{index}]"))
    return saved


def _problem(step: SavedStep) -> str:
    """What is wrong with a step, empty for nothing; braces stand for its place."""
    if step.undoes is None and not step.target.startswith("/"):
        return "the target of {} is not a path: it must begin with /"
    try:
        b64decode(step.base64 or "", validate=True)
    except ValueError:
        return "the base64 of {} is not valid"
    return ""


class _Version(msgspec.Struct):
    """The only field that every version of the format has."""

    wirecheck: int


def api_name(spec: Spec) -> str:
    """The title of an API, by which a reproduction is matched to a document."""
    return str(spec.document.data["info"]["title"])
