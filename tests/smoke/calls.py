"""Calls each operation of a generated package, in a process of its own: `python -m smoke.calls SETTINGS`."""

import asyncio
import inspect
import json
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from smoke.compare import difference, same
from smoke.oracle import Oracle
from smoke.package import NOTHING, Package, arguments, body_media_type, paired, within_envelope
from smoke.replies import has_success
from smoke.values import Case, UnmadeError, Values
from smoke.wire import Wire
from wirecheck.checks import Judge
from wirecheck.spec import Operation, Spec, load

_SECONDS_OF_VALUES = 40
_SECONDS_OF_CALL = 20
_MEMORY = 6 * 2**30
ORACLE = "the oracle"
VARIANTS = ("required", "all", "awkward", "async")

Problem = tuple[str, str]
"""A kind and a reason."""
Emit = Callable[..., None]


class ExpiredError(BaseException):
    """Something takes too long; nothing but the harness catches it."""


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    def expire(_signal: int, _frame: FrameType | None) -> None:
        raise ExpiredError

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True, slots=True)
class Harness:
    """What the calls of all operations share."""

    package: Package | Oracle
    values: Values
    wire: Wire
    endpoints: Mapping[str, Any]
    base_url: str

    def client(self, is_async: bool) -> Any:
        return self.package.client(is_async, self.wire.handler(self.package.http), self.base_url)

    def run(self, operation: Operation, variant: str) -> tuple[str, list[Problem]] | None:
        """The outcome of a call (right, wrong or harness) and its problems; None where it is like another."""
        try:
            with limit(_SECONDS_OF_VALUES):
                case = self._case(operation, variant)
        except (ExpiredError, UnmadeError, RecursionError) as error:
            return "harness", [("values", f"{type(error).__name__}: {error}")]
        if case is None:
            return None
        endpoint = self.endpoints[operation.pointer]
        self.wire.expect(operation, case, getattr(endpoint, "form_fields", ()))
        problems = self._call(operation, case, is_async=variant == "async")
        return self._outcome([*self.wire.problems, *problems])

    def _outcome(self, problems: list[Problem]) -> tuple[str, list[Problem]]:
        """A client is not to blame for what it makes of a wrong response."""
        if self.wire.problems or (problems and not self.wire.faults):
            return "wrong", problems
        if self.wire.faults:
            return "harness", [("reply", fault) for fault in self.wire.faults]
        return ("right", []) if self.wire.count else ("wrong", [("request", "no request was sent")])

    def _case(self, operation: Operation, variant: str) -> Case | None:
        endpoint = self.endpoints[operation.pointer]
        media_type = body_media_type(endpoint, operation)
        case = self.values.case(
            operation, media_type, optional=variant != "required", awkward=variant == "awkward"
        )
        simpler = {"all": "required", "awkward": "all"}.get(variant)
        if simpler is not None:
            other = self.values.case(operation, media_type, optional=simpler != "required")
            if (other.parameters, other.body) == (case.parameters, case.body):
                return None
        return case

    def _call(self, operation: Operation, case: Case, *, is_async: bool) -> list[Problem]:
        try:
            with limit(_SECONDS_OF_CALL):
                return list(self._problems(operation, case, is_async))
        except ExpiredError:
            return [("hangs", f"takes more than {_SECONDS_OF_CALL} seconds")]
        except Exception as error:
            if not has_success(operation) and type(error).__module__.startswith(self.package.module.__name__):
                return []
            return [("raises", f"{type(error).__name__}: {error}"[:400] + self._place(error))]

    def _problems(self, operation: Operation, case: Case, is_async: bool) -> Iterator[Problem]:
        endpoint = self.endpoints[operation.pointer]
        client = self.client(is_async)
        method = self.package.method(client, endpoint)
        media_type = case.media_type.name if case.media_type else None
        passed = arguments(method, endpoint, case.parameters, media_type, case.body)
        for name in passed.missing:
            yield "signature", f"no argument for {name}"
        try:
            inspect.signature(method).bind(**passed.named)
        except TypeError as error:
            yield "signature", str(error)
            return
        result = self._result(method, passed.named, is_async)
        self.package.touch(result)
        yield from self._of_result(endpoint, result)

    def _result(self, method: Any, named: dict[str, Any], is_async: bool) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            if not is_async:
                return self.package.consumed(method(**named))

            async def call() -> Any:
                return await self.package.consumed_async(method(**named))

            return asyncio.run(call())

    def _of_result(self, endpoint: Any, result: Any) -> Iterator[Problem]:
        reply = self.wire.reply
        if reply is None or reply.value is None:
            return
        plain, expected = self.package.plain(result), within_envelope(endpoint, result, reply.value)
        if plain is not NOTHING and expected is not NOTHING and not same(expected, plain):
            yield "result", f"differs from the response: {difference(expected, plain)}"

    def _place(self, error: BaseException) -> str:
        """Where in the package an exception was raised."""
        folder = str(Path(self.package.module.__file__ or "").parent)
        frames = [
            frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(folder)
        ]
        if not frames:
            return ""
        return f" (at {Path(frames[-1].filename).relative_to(folder)}, {frames[-1].name})"


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with Path(settings["events"]).open("a", encoding="utf-8") as file:

        def emit(event: str, **fields: Any) -> None:
            file.write(json.dumps({"event": event, **fields}) + "\n")
            file.flush()

        _run(settings, emit)
        emit("end")


def _run(settings: dict[str, Any], emit: Emit) -> None:
    allowed = [Path(folder) for folder in settings["allow_refs"]]
    spec = load(Path(settings["document"]), allow_refs=allowed, offline=True, cached=False)
    emit("loaded", operations=len(spec.operations), problems=len(spec.document.problems))
    if not settings["package"]:
        return
    package = Oracle(spec) if settings["package"] == ORACLE else _imported(settings, emit)
    if package is None:
        return
    values = Values(spec)
    wire = Wire(values, Judge(spec, with_laws=False), package.secrets)
    harness = Harness(package, values, wire, paired(package.endpoints, spec.operations), _base_url(spec))
    for index, operation in enumerate(spec.operations):
        if index < settings["start"]:
            continue
        emit("begin", index=index, operation=operation.name)
        if operation.pointer not in harness.endpoints:
            emit("missing", operation=operation.name)
            continue
        for variant in VARIANTS:
            outcome = _outcome(harness, operation, variant)
            if outcome is not None:
                result, problems = outcome
                emit("call", operation=operation.name, variant=variant, outcome=result, problems=problems)


def _outcome(harness: Harness, operation: Operation, variant: str) -> tuple[str, list[Problem]] | None:
    try:
        return harness.run(operation, variant)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        reason = (
            f"{type(error).__name__}: {error}"[:300] + f" (at {Path(where.filename).name}:{where.lineno})"
        )
        return "harness", [("harness", reason)]


def _imported(settings: dict[str, Any], emit: Emit) -> Package | None:
    sys.path.insert(0, settings["folder"])
    began = time.perf_counter()
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            package = Package(settings["package"])
    except Exception as error:
        emit("unimportable", reason=f"{type(error).__name__}: {error}"[:500])
        return None
    messages = [f"{each.category.__name__}: {each.message}" for each in caught]
    emit("imported", seconds=time.perf_counter() - began, warnings=messages, endpoints=len(package.endpoints))
    return package


def _base_url(spec: Spec) -> str:
    prefix = spec.prefixes[0]
    return "https://smoke.example" + prefix.replace("{", "").replace("}", "")


if __name__ == "__main__":
    main()
