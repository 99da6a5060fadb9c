"""What the templates of a client are filled with: resources and their methods, models, and errors."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from unicodedata import normalize

from wirecheck.generate.distribution import distribution_name, distribution_version
from wirecheck.generate.facade.code import code, identifier
from wirecheck.generate.facade.credentials import Credential, authorization, credentials
from wirecheck.generate.facade.exceptions import error_mappings, own_exceptions
from wirecheck.generate.facade.methods import Method, MethodWriter, OperationReading, read_operation
from wirecheck.generate.facade.schemas import response_schemas
from wirecheck.generate.facade.servers import base_url
from wirecheck.generate.facade.text import safe, sentence
from wirecheck.generate.facade.types import Class, Parameters, Types
from wirecheck.generate.facade.webhooks import Webhook, webhooks
from wirecheck.generate.losses import own_loss
from wirecheck.generate.names import TYPE_NAMES, distinct_names, resource_names
from wirecheck.generate.naming import CLIENT_NAMES, MethodName, method_names
from wirecheck.generate.pagination import ListPagination, pagination
from wirecheck.generate.prepared import prepared
from wirecheck.generate.settings import Settings
from wirecheck.lint import extensions
from wirecheck.model import Severity, SpecError
from wirecheck.redact import password_names
from wirecheck.shapes import Shapes
from wirecheck.spec import Operation, Spec, join
from wirecheck.spec.document import tokens
from wirecheck.spec.losses import Loss

__all__ = ["Facade", "Method", "ResourceClass"]

_USUAL = ("create", "retrieve", "update", "replace", "list", "delete")


@dataclass(slots=True)
class ResourceClass:
    """A resource of a client, by the names that lead to it; the client itself has none."""

    path: tuple[str, ...]
    class_name: str  # without Resource at its end
    description: str  # not escaped
    methods: list[Method] = field(default_factory=list)
    children: list["ResourceClass"] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def text(self) -> str:
        """What it is, escaped for a docstring."""
        return safe(self.description) or f"Operations of {' '.join(self.path)}."


class Facade:
    """Everything that the templates use. Raises SpecError for a document that misuses an extension."""

    def __init__(
        self,
        spec: Spec,
        package: str,
        operations: Sequence[Operation],
        settings: Settings,
        *,
        exceptions: Sequence[str],
    ) -> None:
        """``exceptions`` are the names of those of every client."""
        self._spec, self._document = spec, spec.document
        self._operations, self._settings = operations, settings
        self.losses: list[Loss] = []
        for flaw in extensions.problems(spec):
            if (flaw.severity or extensions.extension_well_formed.severity) is Severity.ERROR:
                raise self._document.error(flaw.pointer, flaw.message)
        words = package.removesuffix("_client").split("_")
        self.client = settings.package.get("client") or "".join(map(str.capitalize, words))
        if not self.client.isidentifier():
            raise SpecError(self._document.name, f"the package name {package} does not give a class name")
        self.error = f"{self.client}Error"
        self.base_url = base_url(self._document)
        version = distribution_version(str(self._document.data["info"]["version"]))
        self.distribution = settings.package.get("project") or distribution_name(package)
        self.product = f"{self.distribution}/{version}"
        self._exceptions = exceptions

    def variable(self, option: str) -> str:
        """The environment variable of an option, as the runtime names it."""
        prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.client)
        return f"{prefix}_{option}".upper()

    @cached_property
    def summary(self) -> str:
        """What the API is, on one line."""
        return safe(self._document.get("/info").get("summary") or self._document.get("/info/title"))

    @cached_property
    def _shapes(self) -> Shapes:
        return Shapes(self._document)

    @cached_property
    def _readings(self) -> Sequence[OperationReading]:
        """All operations, and before them all component schemas, whose names the models have."""
        for name in self._document.data.get("components", {}).get("schemas", {}):
            self._shapes.of(join("/components/schemas", name), name)
        return [reading for operation in self._operations if (reading := self._reading(operation))]

    def _reading(self, operation: Operation) -> OperationReading | None:
        """An operation as it is read, None for one that cannot be, which is a loss."""
        pages = self.paginations.get(operation.pointer)
        items = [*tokens(pages.items)] if pages else None
        try:
            return read_operation(
                self._spec, operation, self._shapes, self.credentials, items, self._hint(operation)
            )
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
            reason = f"{type(error).__name__}: {error}"
            self.losses.append(own_loss(self._document, operation, reason))
            return None

    def _hint(self, operation: Operation) -> str:
        """What the names of an operation's own models begin with."""
        if self._interface == 1:
            return operation.name
        name = self._names[operation.pointer]
        return " ".join((*name.resource, name.method))

    @property
    def _interface(self) -> int:
        """The version of the interface that the client keeps (x-client)."""
        return self._settings.interface or 2

    @cached_property
    def _names(self) -> Mapping[str, MethodName]:
        """The name of the method of each operation, by its pointer."""
        reserved = {*CLIENT_NAMES, *(credential.name for credential in self.credentials)}
        return method_names(self._spec, self._settings, reserved)

    @cached_property
    def paginations(self) -> Mapping[str, ListPagination]:
        """How pages follow each other, by the pointer of the operation that returns them."""
        each = ((operation.pointer, self._pagination(operation)) for operation in self._operations)
        return {pointer: pagination for pointer, pagination in each if pagination is not None}

    @property
    def pages(self) -> Sequence[str]:
        """How each list is walked, for people."""
        return [
            f"pages of {method.call}: {pages.evidence}"
            for method in self.methods
            if (pages := self.paginations.get(method.pointer))
        ]

    def _pagination(self, operation: Operation) -> ListPagination | None:
        return pagination(self._spec, operation, self._settings)

    @cached_property
    def types(self) -> Types:
        _ = self._readings, self.webhooks
        taken = {
            *self._exceptions,
            *self.own_exceptions,
            *(name for resource in self._all_resources for name in _class_names(resource)),
            *(f"{prefix}{self.client}" for prefix in ("", "Async")),
            "RateLimit",
            self.error,
        }
        return Types(self._document, self._shapes, taken, self._settings)

    @cached_property
    def methods(self) -> Sequence[Method]:
        writer = MethodWriter(self._spec, self._shapes, self.types, self.credentials)
        methods = []
        for reading in self._readings:
            pointer = reading.operation.pointer
            name = self._names[pointer]
            next_page = _next_page(self.paginations.get(pointer))
            methods.append(writer.method(reading, name.resource, name.method, next_page))
        return _with_distinct_keys(methods)

    @cached_property
    def _all_resources(self) -> Sequence[ResourceClass]:
        """Every resource, the client itself first; each after the one that it belongs to."""
        paths: dict[tuple[str, ...], None] = {(): None}
        named = [self._names[reading.operation.pointer].resource for reading in self._readings]
        named += [(self.oauth["resource"],)] if self.oauth else []
        for path in named:
            paths |= {path[:length]: None for length in range(1, len(path) + 1)}
        classes = resource_names(" ".join(path) for path in paths)
        return [ResourceClass(path, classes[" ".join(path)], self._description_of(path)) for path in paths]

    @cached_property
    def resources(self) -> Sequence[ResourceClass]:
        """Every resource with its methods, the client itself first."""
        by_path = {resource.path: resource for resource in self._all_resources}
        for method in self.methods:
            by_path[method.resource].methods.append(method)
        for path, resource in by_path.items():
            if path:
                by_path[path[:-1]].children.append(resource)
            hidden = {method.name for method in resource.methods} & TYPE_NAMES
            resource.methods[:] = [method.beside(hidden) for method in resource.methods]
            resource.methods.sort(key=lambda method: (method.name in TYPE_NAMES, self._rank(method.name)))
        by_path[()].children.sort(key=lambda child: child.name == "property")
        return list(by_path.values())

    def _rank(self, name: str) -> int:
        """The usual methods come first, in the usual order; all others as in the document."""
        return _USUAL.index(name) if name in _USUAL and self._interface > 1 else len(_USUAL)

    @property
    def root(self) -> ResourceClass:
        """What belongs to the client itself."""
        return self.resources[0]

    def _description_of(self, path: tuple[str, ...]) -> str:
        """What a resource is, by the tag of its name; empty where the document does not say."""
        name = path[-1] if path else ""
        tags = self._document.data.get("tags", [])
        texts = (tag.get("description", "") for tag in tags if identifier(str(tag.get("name"))) == name)
        return sentence(next(texts, ""))

    @cached_property
    def credentials(self) -> Sequence[Credential]:
        """The credentials that are arguments of the client, in the order of the document."""
        return credentials(self._spec)

    @cached_property
    def oauth(self) -> Mapping[str, Any] | None:
        """The method that builds the address where users grant access (x-resource on an OAuth scheme)."""
        return authorization(self._document, self.credentials)

    @cached_property
    def own_exceptions(self) -> Mapping[str, str]:
        """The exception classes that the document adds, each with its base class."""
        return own_exceptions(self._spec)

    @cached_property
    def error_mappings(self) -> str:
        """The exceptions for error types, in code."""
        return error_mappings(self._spec)

    @cached_property
    def webhooks(self) -> Sequence[Webhook]:
        return [*webhooks(self._document, self._shapes)]

    @cached_property
    def identifiers(self) -> Sequence[tuple[str, str, str]]:
        """Name, code and text of each kind of identifier (x-identifier)."""
        schemas = self._document.data.get("components", {}).get("schemas", {}).items()
        found = {name: each for name, each in schemas if isinstance(each, dict) and "x-identifier" in each}
        names = distinct_names(found, identifier, ())
        return [
            (
                names[name],
                code("Identifier", **{key: repr(value) for key, value in schema["x-identifier"].items()}),
                safe(schema.get("description", "")),
            )
            for name, schema in found.items()
        ]

    @cached_property
    def schemas(self) -> bytes:
        """What a strict client validates responses against, as JSON."""
        return response_schemas(self._spec)

    @property
    def secret_names(self) -> tuple[str, ...]:
        """The names of properties and parameters with a password in them.

        A ``code`` is left out: in an error, it is that of the error.
        """
        return tuple(sorted(set(password_names(self._document)) - {"code"}))

    @property
    def prepared(self) -> dict[str, Any]:
        """The document that openapi-python-client reads."""
        return prepared(self._shapes.definitions.values(), self.types)

    @property
    def models(self) -> Sequence[Class]:
        return self.types.models

    @property
    def parameters(self) -> Sequence[Parameters]:
        _ = self.methods
        return self.types.parameters


def _with_distinct_keys(methods: Sequence[Method]) -> Sequence[Method]:
    """The methods, with numbers behind keys that are the same: ``a.b_c`` and ``a_b.c``."""
    counts: dict[str, int] = {}
    distinct = []
    for method in methods:
        # Upper case may take a name apart that Python puts together again.
        key = normalize("NFKC", "_".join((*method.resource, method.name)).upper())
        counts[key] = counts.get(key, 0) + 1
        distinct.append(replace(method, key=key if counts[key] == 1 else f"{key}_{counts[key]}_"))
    return distinct


def _class_names(resource: ResourceClass) -> Iterator[str]:
    for prefix in ("", "Async"):
        for suffix in ("", "WithRawResponse", "WithStreamingResponse"):
            yield f"{prefix}{resource.class_name}Resource{suffix}"


def _next_page(pages: ListPagination | None) -> str | None:
    """How one page leads to the next, in code."""
    return code("NextPage", **{name: repr(value) for name, value in pages.named.items()}) if pages else None
