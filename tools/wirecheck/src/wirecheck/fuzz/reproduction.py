"""Failures for people: commands and Python that send their steps again, without secrets."""

import re

from wirecheck import curl as command
from wirecheck.curl import to_set, variable
from wirecheck.fuzz.keys import steps_used
from wirecheck.fuzz.session import FuzzSession
from wirecheck.fuzz.wire import Step, WireCase

_MARK = re.compile(r"wirecheck~([^~]*)~")


def curl(session: FuzzSession, steps: tuple[Step, ...]) -> str:
    """Commands that send the steps; credentials are variables of the shell, which the first line names."""
    commands = [_curl(session, steps, step) for step in steps]
    keys = sorted({index for step in steps for index in steps_used(step)})
    created = [
        f"# {variable(f'step-{index}')} is the key of what command {index + 1} creates" for index in keys
    ]
    return "\n".join([*to_set(commands), *created, *commands])


def _curl(session: FuzzSession, steps: tuple[Step, ...], step: Step) -> str:
    if step.undoes is not None:
        undone = steps[step.undoes]
        return f"# undo step {step.undoes + 1}: {undone.method} {undone.target.partition('?')[0]}"
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in step.headers]
    return command.curl(step.method, _url(session, step), headers, step.body)


def _url(session: FuzzSession, step: Step) -> str:
    wire = session.wire(step)
    return session.target.url(wire.operation, step) if wire else step.target


def snippet(session: FuzzSession, steps: tuple[Step, ...]) -> str:
    """Python that sends the steps: calls of the generated client where it has them, else of httpx."""
    return "\n".join(_call(session, step) for step in steps if step.undoes is None)


def _call(session: FuzzSession, step: Step) -> str:
    wire = session.wire(step)
    if wire and session.is_clear(wire) and (call := _by_client(session, wire)):
        return call
    arguments = [repr(step.method), repr(_url(session, step))]
    arguments += [f"headers={dict(step.headers)!r}"] if step.headers else []
    arguments += [f"content={step.body!r}"] if step.body else []
    return _MARK.sub(lambda match: f"<{match[1]}>", f"httpx.request({', '.join(arguments)})")


def _by_client(session: FuzzSession, wire: WireCase) -> str:
    """The call of the generated client, which knows the credentials; empty where it has none."""
    resource = session.spec.document.get(wire.operation.pointer).get("x-resource")
    credentials = {scheme.parameter for scheme in wire.operation.schemes}
    named = {name: value for name, value in wire.named().items() if name not in credentials}
    positional = [parameter.name for parameter in wire.operation.parameters if parameter.location == "path"]
    if not resource or not all(isinstance(value, str | int | float) for value in named.values()):
        return ""
    arguments = [repr(named[name]) for name in positional]
    arguments += [f"{name}={value!r}" for name, value in named.items() if name not in positional]
    return f"client.{resource}({', '.join(arguments)})"
