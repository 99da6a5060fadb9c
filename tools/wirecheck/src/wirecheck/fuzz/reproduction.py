"""Failures for people: commands and Python that send their steps again, without secrets."""

import re
import shlex

from wirecheck.fuzz.session import FuzzSession
from wirecheck.fuzz.wire import Step, WireCase

_MARK = re.compile(r"wirecheck~([^~]*)~")


def curl(session: FuzzSession, steps: tuple[Step, ...]) -> str:
    """Commands that send the steps; credentials are variables of the shell."""
    return "\n".join(_curl(session, steps, step) for step in steps)


def _curl(session: FuzzSession, steps: tuple[Step, ...], step: Step) -> str:
    if step.undoes is not None:
        undone = steps[step.undoes]
        return f"# undo step {step.undoes + 1}: {undone.method} {undone.target.partition('?')[0]}"
    words = ["curl", "-X", step.method, _url(session, step)]
    for name, value in step.headers:
        words += ["-H", f"{name}: {value}"]
    if step.body:
        words += ["--data-raw", step.body.decode("utf-8", "backslashreplace")]
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    """A word of the shell in which variables stand for credentials."""
    parts = re.split(r"(wirecheck~[^~]*~)", word)
    quoted = (f'"${_variable(part)}"' if _MARK.fullmatch(part) else _literal(part) for part in parts if part)
    return "".join(quoted) or "''"


def _literal(text: str) -> str:
    """A text in quotes of the shell: in ANSI-C quotes if it has characters that move the cursor."""
    if all(character.isprintable() or character == "\n" for character in text):
        return shlex.quote(text)
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{''.join(map(_escaped, escaped))}'"


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def _variable(mark: str) -> str:
    return re.sub(r"\W", "_", mark.removeprefix("wirecheck~").removesuffix("~")).upper()


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
