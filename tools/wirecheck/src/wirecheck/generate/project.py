"""The distribution around a package: pyproject.toml, README.md and api.md, so that it can be published."""

import json
import re
import textwrap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wirecheck.generate.distribution import distribution_version
from wirecheck.generate.facade import Facade, Method
from wirecheck.generate.facade.methods import SAFE_METHODS
from wirecheck.generate.facade.text import sentence, title
from wirecheck.spec import Document

PROJECT_FILES = ("README.md", "api.md", "pyproject.toml")
_TEMPLATES = Path(__file__).parent / "templates"
_CALLS = 3
_LINE = 80


@dataclass(frozen=True, slots=True)
class ExampleCall:
    """A call of a method, in code: ``users.get("self")``. ``kind`` is "list", "value" or "nothing"."""

    code: str
    kind: str


def project_mark(package: str) -> str:
    """What the first line of each file says: another package beside this one keeps its own files."""
    return f"Made by wirecheck generate for {package}."


def render_project(document: Document, facade: Facade, package: str, models: str) -> dict[str, bytes]:
    """The files by name. Every text of the document is escaped for TOML or Markdown.

    ``models`` is the module of the models.
    """
    name = facade.distribution
    files = {
        "README.md": _readme(document, facade, name, package),
        "api.md": _index(document, facade, package, models),
        "pyproject.toml": _pyproject(document, name, package),
    }
    return {path: text.encode() for path, text in files.items()}


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
{"".join(_licence(document))}requires-python = ">=3.11"
classifiers = ["Programming Language :: Python :: 3", "Typing :: Typed"]
dependencies = ["anyio>=3.5", "httpx2>=2.16,<3"]

[project.optional-dependencies]
strict = ["jsonschema-rs>=0.60,<1"]
{"".join(_urls(document))}
[tool.hatch.build.targets.sdist]
only-include = [{_toml(package)}]

[tool.hatch.build.targets.wheel]
packages = [{_toml(package)}]
"""


def _licence(document: Document) -> Iterator[str]:
    """The licence of the document, if it is one of SPDX: ``Apache 2.0`` is."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    licence = document.data["info"].get("license") or {}
    for text in (licence.get("identifier"), licence.get("name")):
        try:
            yield f'license = "{canonicalize_license_expression("-".join(str(text).split()))}"\n'
        except InvalidLicenseExpression:
            continue
        return


def _urls(document: Document) -> Iterator[str]:
    """Where people read about the API."""
    places = (("Homepage", "/info/contact"), ("Documentation", "/externalDocs"))
    addresses = {label: _address(document, place) for label, place in places}
    if any(addresses.values()):
        yield "\n[project.urls]\n"
    yield from (f"{label} = {_toml(address)}\n" for label, address in addresses.items() if address)


def _address(document: Document, pointer: str) -> str | None:
    try:
        address = str(document.get(pointer)["url"])
    except (KeyError, TypeError):
        return None
    is_sound = address.startswith(("https://", "http://")) and address.isascii() and address.isprintable()
    return address if is_sound else None


def _toml(text: str) -> str:
    """A basic string (TOML 1.0): of printable text only quotes and backslashes are escaped."""
    return json.dumps(text, ensure_ascii=False)


def _rendered(name: str, **values: Any) -> str:
    """A template for Markdown, filled."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((_TEMPLATES / f"{name}.jinja").read_text("utf-8"))
    return f"{template.render(**values).rstrip()}\n"


def _readme(document: Document, facade: Facade, name: str, package: str) -> str:
    methods = example_methods(facade.methods, facade.paginations)
    arguments = [f'{credential}="..."' for credential in _required_credentials(facade, methods)]
    if not facade.base_url:
        arguments.insert(0, 'base_url="https://..."')
    return _rendered(
        "README.md",
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
        paged_call=next(
            (_example_call(method).code for method in methods if method.pointer in facade.paginations), None
        ),
        credentials=[
            (credential.name, facade.variable(credential.name), markdown(_line(credential.text)) or "-")
            for credential in facade.credentials
        ],
        base_url_variable=facade.variable("base_url"),
    )


def _index(document: Document, facade: Facade, package: str, models: str) -> str:
    """The methods, resource by resource, each with its request and the models that it returns."""
    lines = {name: number for number, line in enumerate(models.splitlines(), 1) if (name := _defined(line))}
    return _rendered(
        "api.md",
        mark=project_mark(package),
        client=facade.client,
        resources=[
            (
                markdown(".".join(resource.path)) or "The client itself",
                markdown(_line(resource.description)),
                [_entry(document, method) for method in resource.methods],
                [
                    f"[{name}]({package}/models.py#L{lines[name]})"
                    for name in _models(resource.methods)
                    if name in lines
                ],
            )
            for resource in facade.resources
            if resource.methods
        ],
    )


def _defined(line: str) -> str | None:
    """The name that a line of a module defines."""
    match = re.match(r"class (\w+)|(\w+) = ", line)
    return match and (match[1] or match[2])


def _models(methods: Sequence[Method]) -> Sequence[str]:
    """The names in what methods return, sorted."""
    returned = " ".join(method.item or method.stream or method.result for method in methods)
    return sorted(set(re.findall(r"\w+", returned)))


def _entry(document: Document, method: Method) -> str:
    """A method on one line of Markdown."""
    arguments = [argument.name for argument in method.positional] + ["**params"] * bool(method.keywords)
    result = f"Page[{method.item}]" if method.item else method.result
    result = f"Stream[{method.stream}]" if method.stream else result
    call = f"client.{method.call}({', '.join(arguments)}) -> {result}"
    request = f"{method.http_method} {_line(method.path)}"
    text = markdown(_line(title(document.get(method.pointer))))
    return f"{_span(call)}: {_span(request)}" + (f". {text}" if text else "")


def _span(text: str) -> str:
    """A text as code, between more backticks than it has in a row."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"


def _required_credentials(facade: Facade, methods: Sequence[Method]) -> Iterator[str]:
    required = {name for method in methods for name in method.credentials}
    return (credential.name for credential in facade.credentials if credential.name in required)


def example_methods(methods: Sequence[Method], paged: Collection[str]) -> Sequence[Method]:
    """Three methods that can be called with examples: one that reads a value, one a list, one that writes.

    Of each kind the first of the document that is not deprecated, of lists that with pages, by the pointers
    of their operations; if there is none, another of these.
    None of them deletes anything, or changes a thing without saying what.
    """
    candidates = [method for method in methods if method.http_method != "DELETE" and _is_callable(method)]
    candidates.sort(
        key=lambda method: (method.is_deprecated, method.item is not None and method.pointer not in paged)
    )
    kinds: dict[str, Method] = {}
    for method in candidates:
        kind = "write" if method.http_method not in SAFE_METHODS else "list" if method.item else "value"
        kinds.setdefault(kind, method)
    first = [kinds[kind] for kind in ("value", "list", "write") if kind in kinds]
    return [*first, *(method for method in candidates if method not in first)][:_CALLS]


def _is_callable(method: Method) -> bool:
    required = [argument for argument in method.arguments if argument.default is None]
    says_what = (
        method.http_method in SAFE_METHODS or not method.keywords or len(required) > len(method.positional)
    )
    return says_what and all(argument.example is not None for argument in required)


def _example_call(method: Method) -> ExampleCall:
    kind = "list" if method.item or method.stream else "nothing" if method.result == "None" else "value"
    arguments = [str(argument.example) for argument in method.positional if argument.default is None]
    required = (argument for argument in method.keywords if argument.default is None)
    arguments += [f"{argument.name}={argument.example}" for argument in required]
    code = f"{method.call}({', '.join(arguments)})"
    if len(code) > _LINE:
        lines = "".join(f"    {argument},\n" for argument in arguments)
        code = f"{method.call}(\n{lines})"
    return ExampleCall(code, kind)


def markdown(text: str) -> str:
    """A line of text with everything escaped that has a meaning in Markdown, in HTML or in a table."""
    escaped = re.sub(r"([\\`*_{}\[\]<>#|~&!$])", r"\\\1", text)
    escaped = re.sub(r"^([-+=])", r"\\\1", escaped)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", escaped)
