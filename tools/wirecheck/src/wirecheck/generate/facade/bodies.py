"""The bodies of requests."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wirecheck.generate.facade.arguments import Argument, passed_on
from wirecheck.generate.facade.code import code
from wirecheck.generate.facade.credentials import Credential
from wirecheck.generate.facade.properties import union
from wirecheck.generate.names import fields
from wirecheck.spec import Document, MediaType, Operation

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import ModelProperty, Property

_FORM = "application/x-www-form-urlencoded"


class Body:
    """The body of a request: an argument as a whole, or each of its fields, or nothing.

    ``credentials`` are the form fields that the client fills, by field; ``fields`` are those that are
    arguments. ``schema`` is the pointer to the schema with the fields, ``example`` a value of the document
    for it. ``properties`` are those whose types a signature names.
    """

    def __init__(
        self,
        document: Document,
        operation: Operation,
        endpoint: "Endpoint",
        credentials: Sequence[Credential],
    ) -> None:
        from openapi_python_client.parser.properties import ModelProperty

        self.whole: Argument | None = None
        self.fields: list[Property] = []
        self.credentials: dict[str, str] = {}
        self.schema = ""
        self.example: Mapping[str, Any] = {}
        self.properties: list[Property] = []
        self.imported: str | None = None
        self._class: str | None = None
        if not endpoint.bodies:
            return
        model = endpoint.bodies[0].prop
        if not isinstance(model, ModelProperty) or not _has_fields_as_arguments(endpoint, model):
            self.properties = [body.prop for body in endpoint.bodies]
            default = None if model.required else "UNSET"
            self.whole = Argument("body", union(self.properties), default, "The body of the request.")
            return
        self._describe_fields(document, operation, model, credentials)

    def _describe_fields(
        self,
        document: Document,
        operation: Operation,
        model: "ModelProperty",
        credentials: Sequence[Credential],
    ) -> None:
        members = fields(model)
        content = operation.request_body.content if operation.request_body else ()
        self.schema = document.follow(content[0].schema) if content and content[0].schema else ""
        self.example = _example(document, content[0]) if content else {}
        self.properties = members
        self._class = str(model.class_info.name)
        self.imported = f"from .models.{model.class_info.module_name} import {self._class}"
        by_wire_name = {member.name.get_untrusted_value(): member for member in members}
        if content[0].name == _FORM:
            by_parameter = {credential.parameter: credential.name for credential in credentials}
            self.credentials = {name: by_parameter[name] for name in by_wire_name if name in by_parameter}
        self.fields = [member for name, member in by_wire_name.items() if name not in self.credentials]

    def passed_on(self, names: Mapping[str, str]) -> list[str]:
        """The arguments for the generator's function, in code."""
        if self.whole:
            return ["body=body"]
        if self._class is None:
            return []
        return [f"body={code(self._class, *(passed_on(member, names) for member in self.properties))}"]


def _has_fields_as_arguments(endpoint: "Endpoint", model: "ModelProperty") -> bool:
    """Whether each field of the only body can be an argument: none is called as a parameter is."""
    parameters = {str(parameter.python_name) for _, parameter in endpoint.iter_all_parameters()}
    names = {str(member.python_name) for member in fields(model)}
    return len(endpoint.bodies) == 1 and model.required and bool(names) and names.isdisjoint(parameters)


def _example(document: Document, media_type: MediaType) -> Mapping[str, Any]:
    """The example of a media type, empty if it has none or that is not an object."""
    example = document.get(media_type.pointer).get("example")
    return example if isinstance(example, dict) else {}
