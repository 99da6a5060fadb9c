"""Failures that are kept: a file that says how to repeat one, and a test of pytest that does."""

import json
import re
from hashlib import sha256
from pathlib import Path

import msgspec

from wirecheck.conform.session import Outcome
from wirecheck.model import OutputError, RecordingError
from wirecheck.spec import Spec

_VERSION = 1
_TEST = '''"""{docstring}

Wants WIRECHECK_URL and WIRECHECK_TOKEN in the environment; `wirecheck replay --help` tells the rest.
"""

from pathlib import Path

from wirecheck.cli import run


def test_{name}() -> None:
    assert run(["replay", str(Path(__file__).with_name("{id}.json"))]) == 0
'''


class SavedStep(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A request, its body as text or in base64; or, with ``undoes``, what takes back an earlier step."""

    method: str = ""
    target: str = ""
    headers: list[tuple[str, str]] = []
    text: str | None = None
    base64: str | None = None
    undoes: int | None = None


class Broken(msgspec.Struct, forbid_unknown_fields=True):
    """What was broken; ``status`` is None where nothing was answered."""

    id: str
    check: str
    operation: str
    message: str
    spec_pointer: str
    status: int | None


class File(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A failure is repeated by steps, or by the test of a promise, which is named.

    ``wirecheck`` is the version of the form, ``untold`` what else kept the test from telling anything.
    """

    wirecheck: int
    api: str
    seed: int
    broken: Broken
    steps: list[SavedStep] = []
    test: str = ""
    untold: str = ""


def file_of(spec: Spec, seed: int, outcome: Outcome) -> File:
    """What repeats the test of a promise that was broken."""
    requirement, counterexample = outcome.requirement, outcome.counterexamples[0]
    return File(
        wirecheck=_VERSION,
        api=api(spec),
        seed=seed,
        broken=Broken(
            id=sha256(requirement.name.encode()).hexdigest()[:16],
            check=requirement.kind,
            operation=requirement.operation,
            message=counterexample.message,
            spec_pointer=counterexample.spec_pointer,
            status=counterexample.status,
        ),
        test=requirement.name,
        untold=outcome.reason,
    )


def write(folder: Path, file: File) -> Path:
    """Writes the file and its test; gives the file. Raises OutputError."""
    broken = file.broken
    path = folder / f"{broken.id}.json"
    text = msgspec.json.format(msgspec.json.encode(file), indent=2)
    told = json.dumps(f"{file.test or broken.operation}: {broken.message}", ensure_ascii=False)[1:-1]
    name = re.sub(r"\W+", "_", file.test or f"{broken.operation}_{broken.check}", flags=re.ASCII)
    test = _TEST.format(docstring=told.replace('\\"', "'"), name=name.strip("_").lower(), id=broken.id)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text + b"\n")
        (folder / f"test_{broken.id}.py").write_text(test, "utf-8")
    except OSError as error:
        raise OutputError(str(folder), f"cannot be written: {error.strerror}") from None
    return path


def load(path: Path) -> File:
    """Raises RecordingError."""
    try:
        file = msgspec.json.decode(path.read_bytes(), type=File)
    except OSError as error:
        raise RecordingError(str(path), f"cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordingError(str(path), f"is no saved failure: {error}") from None
    if file.wirecheck != _VERSION:
        raise RecordingError(str(path), f"has the form {file.wirecheck}, which is not known here")
    return file


def api(spec: Spec) -> str:
    """The name of an API, to tell one from the other."""
    return str(spec.document.data["info"]["title"])
