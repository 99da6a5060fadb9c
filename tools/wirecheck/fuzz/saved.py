"""Failures that are kept: a file that says how to repeat one, and a test that does."""

import json
import re
import shlex
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import msgspec

from wirecheck.fuzz.bench import Bench, Failure
from wirecheck.fuzz.wire import Step, Wire
from wirecheck.model import OutputError, RecordingError
from wirecheck.spec import Spec

_MARK = re.compile(r"wirecheck~([^~]*)~")
_TEST = '''"""{docstring}

Wants WIRECHECK_URL and WIRECHECK_TOKEN; WIRECHECK_SPEC where the document is not the bundled one.
"""

import os
from pathlib import Path

from wirecheck.fuzz import replay


def test_{name}() -> None:
    replayed = replay(
        Path(__file__).with_name("{id}.json"),
        url=os.environ["WIRECHECK_URL"],
        token=os.environ.get("WIRECHECK_TOKEN"),
        spec=os.environ.get("WIRECHECK_SPEC"),
    )
    assert replayed.kept, replayed
'''


class _Step(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    method: str = ""
    target: str = ""
    headers: list[tuple[str, str]] = []
    text: str | None = None
    base64: str | None = None
    undoes: int | None = None


class _Broken(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    check: str
    operation: str
    message: str
    promise: str
    status: int


class File(msgspec.Struct, forbid_unknown_fields=True):
    """What is saved of a failure. ``wirecheck`` is the version of the form."""

    wirecheck: int
    api: str
    seed: int
    broken: _Broken
    steps: list[_Step]


def save(folder: Path, spec: Spec, seed: int, failure: Failure) -> Path:
    """Writes the file and its test; gives the file. Raises OutputError."""
    broken = _Broken(**{name: getattr(failure, name) for name in _Broken.__struct_fields__})
    file = File(1, api(spec), seed, broken, [_written(step) for step in failure.steps])
    text = msgspec.json.format(msgspec.json.encode(file), indent=2)
    path = folder / f"{failure.id}.json"
    test = _TEST.format(
        docstring=json.dumps(f"{failure.operation}: {failure.message}", ensure_ascii=False)[1:-1].replace(
            '\\"', "'"
        ),
        name=re.sub(r"\W+", "_", f"{failure.operation}_{failure.check}", flags=re.ASCII).strip("_").lower(),
        id=failure.id,
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text + b"\n")
        (folder / f"test_{failure.id}.py").write_text(test, "utf-8")
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
    if file.wirecheck != 1:
        raise RecordingError(str(path), f"has the form {file.wirecheck}, which is not known here")
    return file


def steps(file: File) -> tuple[Step, ...]:
    """The steps of a saved failure."""
    return tuple(
        Step(
            method=one.method,
            target=one.target,
            headers=tuple(one.headers),
            body=b64decode(one.base64) if one.base64 is not None else (one.text or "").encode(),
            undoes=one.undoes,
        )
        for one in file.steps
    )


def api(spec: Spec) -> str:
    """The name of an API, to tell one from the other."""
    return str(spec.document.data["info"]["title"])


def _written(step: Step) -> _Step:
    if step.undoes is not None:
        return _Step(undoes=step.undoes)
    try:
        body: dict[str, Any] = {"text": step.body.decode()} if step.body else {}
    except UnicodeDecodeError:
        body = {"base64": b64encode(step.body).decode()}
    return _Step(step.method, step.target, [*step.headers], **body)


def curl(bench: Bench, steps: tuple[Step, ...]) -> str:
    """Commands that send the steps; credentials are variables of the shell."""
    return "\n".join(_curl(bench, steps, step) for step in steps)


def _curl(bench: Bench, steps: tuple[Step, ...], step: Step) -> str:
    if step.undoes is not None:
        undone = steps[step.undoes]
        return (
            f"# what {undone.method} {undone.target.partition('?')[0]} did (step {step.undoes + 1}) is undone"
        )
    words = ["curl", "-X", step.method, _url(bench, step)]
    for name, value in step.headers:
        words += ["-H", f"{name}: {value}"]
    if step.body:
        words += ["--data-raw", step.body.decode("utf-8", "backslashreplace")]
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    """A word of the shell in which variables stand for credentials."""
    parts = re.split(r"(wirecheck~[^~]*~)", word)
    quoted = (
        f'"${_variable(part)}"' if _MARK.fullmatch(part) else shlex.quote(part) for part in parts if part
    )
    return "".join(quoted) or "''"


def _variable(mark: str) -> str:
    return re.sub(r"\W", "_", mark.removeprefix("wirecheck~").removesuffix("~")).upper()


def _url(bench: Bench, step: Step) -> str:
    wire = bench.wire(step)
    return bench.target.url(wire.operation, step) if wire else step.target


def snippet(bench: Bench, steps: tuple[Step, ...]) -> str:
    """Python that sends the steps: calls of the generated client where it has them, else of httpx."""
    return "\n".join(_call(bench, step) for step in steps if step.undoes is None)


def _call(bench: Bench, step: Step) -> str:
    wire = bench.wire(step)
    if wire and bench.is_clear(wire) and (called := _by_client(bench, wire)):
        return called
    arguments = [repr(step.method), repr(_url(bench, step))]
    arguments += [f"headers={dict(step.headers)!r}"] if step.headers else []
    arguments += [f"content={step.body!r}"] if step.body else []
    return _MARK.sub(lambda match: f"<{match[1]}>", f"httpx.request({', '.join(arguments)})")


def _by_client(bench: Bench, wire: Wire) -> str:
    """The call of the generated client, which knows the credentials; empty where it has none."""
    resource = bench.spec.document.get(wire.operation.pointer).get("x-resource")
    own = {scheme.parameter for together in wire.operation.security for scheme in together}
    named = {name: value for name, value in wire.named().items() if name not in own}
    places = [one.name for one in wire.operation.parameters if one.location == "path"]
    if not resource or not all(isinstance(value, str | int | float) for value in named.values()):
        return ""
    arguments = [repr(named[name]) for name in places]
    arguments += [f"{name}={value!r}" for name, value in named.items() if name not in places]
    return f"client.{resource}({', '.join(arguments)})"
