"""What the templates of a client are filled with: its resources and their methods."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wirecheck.generate.distribution import distribution_name, distribution_version
from wirecheck.generate.facade.code import code, identifier
from wirecheck.generate.facade.credentials import Credential, authorization, credentials
from wirecheck.generate.facade.exceptions import error_mappings, own_exceptions
from wirecheck.generate.facade.methods import Method, build_method
from wirecheck.generate.facade.passwords import hidden_attributes
from wirecheck.generate.facade.schemas import response_schemas
from wirecheck.generate.facade.servers import base_url
from wirecheck.generate.facade.text import safe
from wirecheck.generate.facade.webhooks import Webhook, webhooks
from wirecheck.lint import extensions
from wirecheck.model import Severity, SpecError
from wirecheck.redact import password_names
from wirecheck.spec import Spec

if TYPE_CHECKING:
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint

__all__ = ["Facade", "Method"]

_TYPES = {"bool", "bytes", "dict", "float", "int", "list", "object", "str"}


class Facade:
    """Everything that the templates use. Raises SpecError for a document that misuses an extension."""

    def __init__(self, spec: Spec, data: "GeneratorData", package: str) -> None:
        self._spec, self._data = spec, data
        self._document = spec.document
        for flaw in extensions.problems(spec):
            if (flaw.severity or extensions.extension_well_formed.severity) is Severity.ERROR:
                raise self._document.error(flaw.pointer, flaw.message)
        self.client = "".join(word.capitalize() for word in package.removesuffix("_client").split("_"))
        if not self.client.isidentifier():
            raise SpecError(self._document.name, f"the package name {package} does not give a class name")
        self.error = f"{self.client}Error"
        self.base_url = base_url(self._document)
        version = distribution_version(str(self._document.data["info"]["version"]))
        self.product = f"{distribution_name(package)}/{version}"

    def variable(self, option: str) -> str:
        """The environment variable of an option, as the runtime names it."""
        return f"{self.client}_{option}".upper()

    @cached_property
    def summary(self) -> str:
        """What the API is, on one line."""
        return safe(self._document.get("/info").get("summary") or self._document.get("/info/title"))

    @cached_property
    def resources(self) -> Mapping[str, Sequence[Method]]:
        """Methods by resource, both in the order of the document."""
        resources: dict[str, list[Method]] = defaultdict(list)
        for operation in self._spec.operations:
            endpoint, tag = self._endpoints[operation.method, operation.template]
            method = build_method(self._spec, operation, endpoint, tag, self.credentials)
            if any(method.name == other.name for other in resources[method.resource]):
                raise self._document.error(operation.pointer, f"a second {method.resource}.{method.name}")
            resources[method.resource].append(method)
        if self.oauth:
            resources[self.oauth["resource"]] += []
        for resource, methods in resources.items():
            # An annotation in the class body after a method ``list`` would refer to that method.
            methods.sort(key=lambda method: method.name in _TYPES)
            hiding = [method.name for method in methods if method.name in _TYPES]
            if len(hiding) > 1:
                raise SpecError(
                    self._document.name, f"{resource} cannot have methods named {' and '.join(hiding)}"
                )
        return dict(sorted(resources.items(), key=lambda item: item[0] == "property"))

    @cached_property
    def methods(self) -> Sequence[Method]:
        return [method for methods in self.resources.values() for method in methods]

    def text_of(self, resource: str) -> str:
        """What a resource is, by the tag of its name."""
        tags = self._document.data.get("tags", [])
        texts = (tag.get("description", "") for tag in tags if tag.get("name") == resource)
        return safe(next(texts, "")) or f"Operations of {resource}."

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
        return [*webhooks(self._document, self._data)]

    @cached_property
    def identifiers(self) -> Sequence[tuple[str, str, str]]:
        """Name, code and text of each kind of identifier (x-identifier)."""
        identifiers = []
        for name, schema in self._document.data.get("components", {}).get("schemas", {}).items():
            if isinstance(schema, dict) and (value := schema.get("x-identifier")):
                construction = code("Identifier", **{key: repr(member) for key, member in value.items()})
                identifiers.append((identifier(name), construction, safe(schema.get("description", ""))))
        return identifiers

    @cached_property
    def schemas(self) -> bytes:
        """What a strict client validates responses against, as JSON."""
        return response_schemas(self._spec)

    @cached_property
    def secret_attributes(self) -> Sequence[tuple[str, str]]:
        """Module and attribute of everything that no repr may show (format: password)."""
        return [
            (str(model.class_info.module_name), attribute)
            for model in self._data.models
            for attribute in hidden_attributes(self._document, model)
        ]

    @property
    def secret_names(self) -> tuple[str, ...]:
        """The names of properties and parameters with a password in them.

        A ``code`` is left out: in an error, it is that of the error.
        """
        return tuple(sorted(set(password_names(self._document)) - {"code"}))

    @property
    def modules_with_path_values(self) -> Sequence[str]:
        """The module of each endpoint that has path parameters, below the folder ``api``."""
        endpoints = self._endpoints.values()
        return [f"{tag}/{endpoint.name}.py" for endpoint, tag in endpoints if endpoint.path_parameters]

    @cached_property
    def _endpoints(self) -> Mapping[tuple[str, str], tuple["Endpoint", str]]:
        """The generator's endpoint and its tag, by method and path."""
        endpoints = {}
        for tag, collection in self._data.endpoint_collections_by_tag.items():
            for endpoint in collection.endpoints:
                template = path_template(endpoint)
                endpoints[endpoint.method.upper(), template] = endpoint, str(tag)
        return endpoints


def path_template(endpoint: "Endpoint") -> str:
    """The path of an endpoint as it stands in the document: the generator renames its parameters."""
    path: str = endpoint.path.get_untrusted_value()
    for parameter in endpoint.path_parameters:
        name = parameter.name.get_untrusted_value()
        path = path.replace(f"{{{parameter.python_name}}}", f"{{{name}}}")
    return path
