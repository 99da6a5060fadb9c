"""The distribution around a package: pyproject.toml and README.md, so that it can be published as it is."""

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wirecheck.generate.distribution import distribution_version
from wirecheck.generate.facade import Facade, Method
from wirecheck.generate.facade.methods import SAFE_METHODS
from wirecheck.generate.facade.text import sentence
from wirecheck.spec import Document

PROJECT_FILES = ("README.md", "pyproject.toml")
_TEMPLATE = Path(__file__).parent / "templates" / "README.md.jinja"
_CALLS = 3


@dataclass(frozen=True, slots=True)
class ExampleCall:
    """A call of a method, in code: ``users.get("self")``. ``kind`` is "list", "value" or "nothing"."""

    code: str
    kind: str


def project_mark(package: str) -> str:
    """What the first line of each file says: another package beside this one keeps its own files."""
    return f"Made by wirecheck generate for {package}."


def render_project(document: Document, facade: Facade, package: str) -> dict[str, bytes]:
    """The two files by name. Every text of the document is escaped for TOML or Markdown."""
    name = facade.distribution
    pyproject = _pyproject(document, name, package)
    readme = _readme(document, facade, name, package)
    return {"pyproject.toml": pyproject.encode(), "README.md": readme.encode()}


def description_of(document: Document) -> str:
    """What the API is, on one printable line of at most 200 characters."""
    info = document.data["info"]
    paragraph = re.split(r"\n\s*\n", str(info.get("description", "")).strip())[0]
    texts = (_line(text) for text in (info.get("summary", ""), paragraph, info["title"]))
    return textwrap.shorten(next((text for text in texts if text), "An API."), 200, placeholder=" …")


def _line(text: Any) -> str:
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in sentence(text)
    )


def _pyproject(document: Document, name: str, package: str) -> str:
    return f"""\
# {project_mark(package)} Edits are lost: the next run replaces this file.
[build-system]
requires = ["hatchling>=1.26"]
build-backend = "hatchling.build"

[project]
name = {_toml(name)}
version = {_toml(distribution_version(str(document.data["info"]["version"])))}
description = {_toml(description_of(document))}
readme = "README.md"
requires-python = ">=3.11"
classifiers = ["Programming Language :: Python :: 3", "Typing :: Typed"]
dependencies = ["anyio>=3.5", "attrs>=23.1", "httpx2>=2.16,<3"]

[project.optional-dependencies]
strict = ["jsonschema-rs>=0.60,<1"]

[tool.hatch.build.targets.sdist]
only-include = [{_toml(package)}]

[tool.hatch.build.targets.wheel]
packages = [{_toml(package)}]
"""


def _toml(text: str) -> str:
    """A basic string (TOML 1.0): of printable text only quotes and backslashes are escaped."""
    return json.dumps(text, ensure_ascii=False)


def _readme(document: Document, facade: Facade, name: str, package: str) -> str:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_TEMPLATE.read_text("utf-8"))
    methods = example_methods(facade.methods)
    arguments = [f'{credential}="..."' for credential in _required_credentials(facade, methods)]
    if not facade.base_url:
        arguments.insert(0, 'base_url="https://..."')
    rendered: str = template.render(
        mark=project_mark(package),
        distribution=name,
        package=package,
        title=markdown(_line(document.data["info"]["title"])),
        description=markdown(description_of(document)),
        base_url=markdown(_line(facade.base_url)),
        client=facade.client,
        error=facade.error,
        arguments=", ".join(arguments),
        calls=[_example_call(method) for method in methods],
        credentials=[
            (credential.name, facade.variable(credential.name), markdown(_line(credential.text)) or "-")
            for credential in facade.credentials
        ],
        base_url_variable=facade.variable("base_url"),
    )
    return f"{rendered.rstrip()}\n"


def _required_credentials(facade: Facade, methods: Sequence[Method]) -> Iterator[str]:
    required = {name for method in methods for name in method.credentials}
    return (credential.name for credential in facade.credentials if credential.name in required)


def example_methods(methods: Sequence[Method]) -> Sequence[Method]:
    """Three methods that can be called with literals: one that reads a value, one a list, one that writes.

    Of each kind the first of the document that is not deprecated; if there is none, another of these.
    None of them deletes anything.
    """
    candidates = [
        method for method in methods if method.http_method != "DELETE" and _arguments(method) is not None
    ]
    candidates.sort(key=lambda method: method.is_deprecated)
    kinds: dict[str, Method] = {}
    for method in candidates:
        kind = "write" if method.http_method not in SAFE_METHODS else "list" if method.item else "value"
        kinds.setdefault(kind, method)
    first = [kinds[kind] for kind in ("value", "list", "write") if kind in kinds]
    return [*first, *(method for method in candidates if method not in first)][:_CALLS]


def _example_call(method: Method) -> ExampleCall:
    kind = "list" if method.item else "nothing" if method.result == "None" else "value"
    return ExampleCall(f"{method.call}({_arguments(method)})", kind)


def _arguments(method: Method) -> str | None:
    """The required arguments of a call, in code; None if one of them takes more than a literal."""
    positional = [argument.example for argument in method.positional]
    keywords = [argument for argument in method.keywords if argument.default is None]
    if None in positional or any(argument.example is None for argument in keywords):
        return None
    named = (f"{argument.name}={argument.example}" for argument in keywords)
    return ", ".join([*(example for example in positional if example), *named])


def markdown(text: str) -> str:
    """A line of text with everything escaped that has a meaning in Markdown, in HTML or in a table."""
    escaped = re.sub(r"([\\`*_{}\[\]<>#|~&!$])", r"\\\1", text)
    escaped = re.sub(r"^([-+=])", r"\\\1", escaped)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", escaped)
