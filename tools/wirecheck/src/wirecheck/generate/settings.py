"""What is configured of a client: in a file, for people who do not own the document, or by it (x-client)."""

import difflib
import json
import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from wirecheck.engine import Engine
from wirecheck.generate import stainless
from wirecheck.lint.client_settings import SCHEMA
from wirecheck.model import SpecError
from wirecheck.spec import Document, Operation, Spec, join
from wirecheck.spec.document import Place
from wirecheck.spec.text import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a client.

    ``operations`` are names of methods with their resources; ``pagination`` is whether or how lists are
    walked. Both have operationIds as keys, or method and path: ``GET /trips``. ``schemes`` are ways in which
    any list is walked that fits. ``warnings`` name what was read but means nothing here.
    """

    operations: Mapping[str, str] = field(default_factory=dict)
    pagination: Mapping[str, bool | Mapping[str, Any]] = field(default_factory=dict)
    schemes: tuple[Mapping[str, Any], ...] = ()
    package: Mapping[str, str] = field(default_factory=dict)
    absent: str | None = None
    interface: int | None = None
    warnings: tuple[str, ...] = ()

    def name(self, operation: Operation) -> str | None:
        """The name of an operation's method, None where it is not configured."""
        return next((self.operations[key] for key in keys(operation) if key in self.operations), None)

    def pages(self, operation: Operation) -> bool | Mapping[str, Any] | None:
        """Whether or how an operation's list is walked, None where it is not configured."""
        return next((self.pagination[key] for key in keys(operation) if key in self.pagination), None)


NONE = Settings()
"""Nothing is configured."""


def keys(operation: Operation) -> tuple[str, str]:
    """What an operation is called in a configuration."""
    return operation.name, f"{operation.method} {operation.template}"


def load(path: Path | None, spec: Spec) -> Settings:
    """The settings of a document (x-client), and of a file, which wins over them.

    The file may be a stainless.yml. Raises SpecError, with line, for what cannot be used.
    """
    settings = NONE
    if "x-client" in spec.document.data:
        settings = _settings(_Source(spec.document, "/x-client"), spec)
    if path is None:
        return settings
    source = _Source(read(path), "")
    own = _of_stainless(source, spec) if stainless.is_config(source.value) else _settings(source, spec)
    return replace(
        own,
        operations={**settings.operations, **own.operations},
        pagination={**settings.pagination, **own.pagination},
        package={**settings.package, **own.package},
        absent=own.absent or settings.absent,
        interface=own.interface or settings.interface,
        warnings=settings.warnings + own.warnings,
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """Where settings are written."""

    document: Document
    pointer: str

    @property
    def value(self) -> Any:
        return self.document.get(self.pointer)

    def where(self, *path: str | int) -> str:
        origin = self.document.origin(join(self.pointer, *path))
        return f"{origin.file}:{origin.line}"

    def require(self, problems: Iterator[tuple[tuple[str | int, ...], str]]) -> None:
        """Raises SpecError with all problems, each with its line."""
        found = sorted(problems, key=lambda problem: self.document.line(join(self.pointer, *problem[0])))
        if found:
            (where, what), *others = ((self.where(*path), problem) for path, problem in found)
            raise SpecError(where, "\n".join([what, *(f"{place}: {problem}" for place, problem in others)]))


def _settings(source: _Source, spec: Spec) -> Settings:
    source.require(_misshapen(source.value))
    source.require(_misnamed(source.value, spec))
    return Settings(**source.value)


def _of_stainless(source: _Source, spec: Spec) -> Settings:
    known = {key for operation in spec.operations for key in keys(operation)}
    config = stainless.read(source.value, known)
    warnings = tuple(f"{source.where(*path)}: {text}" for path, text in config.warnings)
    return Settings(
        operations=config.operations,
        pagination=config.pagination,
        schemes=tuple(config.schemes),
        package=config.package,
        warnings=warnings,
    )


def _misshapen(value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with the form of settings."""
    for violation in _engine().violations("/settings", value, lambda value, _: json.dumps(value)):
        place = ".".join(map(str, violation.path)) or "the configuration"
        if violation.keyword != "additionalProperties":
            yield violation.path, f"{place} {violation.problem}"
            continue
        schema: Any = SCHEMA
        for part in violation.path:
            schema = schema.get("properties", {}).get(part) or schema["additionalProperties"]
        names = list(schema.get("then", schema)["properties"])
        for name in _at(value, violation.path).keys() - set(names):
            yield (*violation.path, name), f"there is no key {name!r}. {_hint(name, names)}"


def _misnamed(value: Mapping[str, Any], spec: Spec) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Operations that the document does not have, and names that no method can have."""
    known = {key: operation.pointer for operation in spec.operations for key in keys(operation)}
    by_name: dict[str, str] = {}
    for section in ("operations", "pagination"):
        for key, name in value.get(section, {}).items():
            if key not in known:
                yield (section, key), f"the document has no operation {key!r}. {_hint(key, [*known])}"
            elif section == "operations":
                yield from (((section, key), problem) for problem in _clashes(key, name, by_name))


def _clashes(key: str, name: str, by_name: dict[str, str]) -> Iterator[str]:
    reserved = [part for part in name.split(".") if keyword.iskeyword(part)]
    if reserved:
        yield f"{name} cannot be a name: {reserved[0]} is a keyword of Python"
    if by_name.setdefault(name, key) != key:
        yield f"{name} is the name of {by_name[name]} already"


def _hint(name: str, names: list[str]) -> str:
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"Did you mean {close[0]}?"
    return f"There are: {', '.join(names)}." if len(names) <= 10 else ""


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


@cache
def _engine() -> Engine:
    return Engine(Document("settings", {"settings": SCHEMA}, Place(1)))
