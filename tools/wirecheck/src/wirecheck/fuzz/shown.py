"""Failures for people: what sends the steps of one again, without secrets."""

import re
import shlex

from wirecheck.fuzz.bench import Bench
from wirecheck.fuzz.wire import Step, Wire

_MARK = re.compile(r"wirecheck~([^~]*)~")


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
    own = {scheme.parameter for scheme in wire.operation.schemes}
    named = {name: value for name, value in wire.named().items() if name not in own}
    places = [one.name for one in wire.operation.parameters if one.location == "path"]
    if not resource or not all(isinstance(value, str | int | float) for value in named.values()):
        return ""
    arguments = [repr(named[name]) for name in places]
    arguments += [f"{name}={value!r}" for name, value in named.items() if name not in places]
    return f"client.{resource}({', '.join(arguments)})"
