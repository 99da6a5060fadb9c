"""What the templates of a client say: its resources and their methods, as the document describes them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wirecheck.generate.facade.code import code, identifier
from wirecheck.generate.facade.credentials import Credential, authorization, credentials
from wirecheck.generate.facade.exceptions import meanings, own_exceptions
from wirecheck.generate.facade.methods import Method, method
from wirecheck.generate.facade.schemas import answer_schemas
from wirecheck.generate.facade.servers import base_url
from wirecheck.generate.facade.text import safe
from wirecheck.generate.facade.webhooks import Webhook, webhooks
from wirecheck.generate.names import fields
from wirecheck.lint import extensions
from wirecheck.model import Severity, SpecError
from wirecheck.spec import Spec

if TYPE_CHECKING:
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint

__all__ = ["Facade", "Method"]

_TYPES = {"bool", "bytes", "dict", "float", "int", "list", "object", "str"}


class Facade:
    """Everything that the templates ask for. Raises SpecError for a document that misuses an extension."""

    def __init__(self, spec: Spec, data: "GeneratorData", package: str) -> None:
        self._spec, self._data = spec, data
        self._document = spec.document
        for problem in extensions.problems(spec):
            if problem.severity is Severity.ERROR:
                raise self._document.error(problem.pointer, problem.message)
        self.client = "".join(word.capitalize() for word in package.removesuffix("_client").split("_"))
        if not self.client.isidentifier():
            raise SpecError(self._document.name, f"no class can be named after the package {package}")
        self.error = f"{self.client}Error"
        self.base_url = base_url(self._document)

    @cached_property
    def summary(self) -> str:
        """What the API is, in one line."""
        return safe(self._document.get("/info").get("summary") or self._document.get("/info/title"))

    @cached_property
    def resources(self) -> Mapping[str, Sequence[Method]]:
        """Methods by resource, both in the order of the document."""
        found: dict[str, list[Method]] = defaultdict(list)
        for operation in self._spec.operations:
            endpoint, tag = self._endpoints[operation.method, operation.template]
            made = method(self._spec, operation, endpoint, tag, self.credentials)
            if any(made.name == other.name for other in found[made.resource]):
                raise self._document.error(operation.pointer, f"a second {made.resource}.{made.name}")
            found[made.resource].append(made)
        if self.oauth:
            found[self.oauth["resource"]] += []
        for resource, methods in found.items():
            # In a class, what is annotated after ``list`` means the method.
            methods.sort(key=lambda method: method.name in _TYPES)
            hiding = [method.name for method in methods if method.name in _TYPES]
            if len(hiding) > 1:
                raise SpecError(
                    self._document.name, f"{resource} cannot have methods named {' and '.join(hiding)}"
                )
        return dict(sorted(found.items(), key=lambda item: item[0] == "property"))

    @cached_property
    def methods(self) -> Sequence[Method]:
        return [method for methods in self.resources.values() for method in methods]

    def text_of(self, resource: str) -> str:
        """What a resource is, by the tag of its name."""
        tags = self._document.data.get("tags", [])
        texts = (one.get("description", "") for one in tags if one.get("name") == resource)
        return safe(next(texts, "")) or f"Operations of {resource}."

    @cached_property
    def credentials(self) -> Sequence[Credential]:
        """What a client can be made with, in the order of the document."""
        return credentials(self._spec)

    @cached_property
    def oauth(self) -> Mapping[str, Any] | None:
        """The method that tells where people grant access (x-resource on a scheme of OAuth)."""
        return authorization(self._document, self.credentials)

    @cached_property
    def own_exceptions(self) -> Mapping[str, str]:
        """Exceptions that the document adds, each with the class that it refines."""
        return own_exceptions(self._spec)

    @cached_property
    def meanings(self) -> str:
        """What error types mean, in code."""
        return meanings(self._spec)

    @cached_property
    def webhooks(self) -> Sequence[Webhook]:
        return [*webhooks(self._document, self._data)]

    @cached_property
    def identifiers(self) -> Sequence[tuple[str, str, str]]:
        """Name, code and text of each kind of identifier (x-identifier)."""
        found = []
        for name, schema in self._document.data.get("components", {}).get("schemas", {}).items():
            if isinstance(schema, dict) and (value := schema.get("x-identifier")):
                made = code("Identifier", **{key: repr(one) for key, one in value.items()})
                found.append((identifier(name), made, safe(schema.get("description", ""))))
        return found

    @cached_property
    def schemas(self) -> bytes:
        """What a strict client holds answers against, as JSON."""
        return answer_schemas(self._spec)

    @cached_property
    def hidden(self) -> Sequence[tuple[str, str]]:
        """Module and attribute of what no repr may show (format: password)."""
        found = []
        for model in self._data.models:
            for one in fields(model):
                schema = (model.data.properties or {}).get(one.name)
                if getattr(schema, "schema_format", None) == "password":
                    found.append((str(model.class_info.module_name), str(one.python_name)))
        return found

    @cached_property
    def _endpoints(self) -> Mapping[tuple[str, str], tuple["Endpoint", str]]:
        found = {}
        for tag, collection in self._data.endpoint_collections_by_tag.items():
            for endpoint in collection.endpoints:
                template = endpoint.path.get_untrusted_value()
                for parameter in endpoint.path_parameters:
                    name = parameter.name.get_untrusted_value()
                    template = template.replace(f"{{{parameter.python_name}}}", f"{{{name}}}")
                found[endpoint.method.upper(), template] = endpoint, str(tag)
        return found
