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
    from openapi_python_client.parser.properties import Property

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
        parameters = {str(parameter.python_name) for _, parameter in endpoint.iter_all_parameters()}
        model = endpoint.bodies[0].prop
        members = fields(model) if isinstance(model, ModelProperty) and model.required else []
        names = {str(member.python_name) for member in members}
        has_alternatives = len(endpoint.bodies) > 1
        if has_alternatives or not names or names & parameters or not isinstance(model, ModelProperty):
            self.properties = [body.prop for body in endpoint.bodies]
            default = None if model.required else "UNSET"
            self.whole = Argument("body", union(self.properties), default, "The body of the request.")
            return
        content = operation.request_body.content if operation.request_body else ()
        self.schema = document.follow(content[0].schema) if content and content[0].schema else ""
        self.example = _example(document, content[0]) if content else {}
        self.properties = members
        self._class = str(model.class_info.name)
        self.imported = f"from .models.{model.class_info.module_name} import {self._class}"
        wire_names = [member.name.get_untrusted_value() for member in members]
        if content[0].name == _FORM:
            by_parameter = {credential.parameter: credential.name for credential in credentials}
            self.credentials = {name: by_parameter[name] for name in wire_names if name in by_parameter}
        pairs = zip(members, wire_names, strict=True)
        self.fields = [member for member, name in pairs if name not in self.credentials]

    def passed_on(self, names: Mapping[str, str]) -> list[str]:
        """The arguments for the generator's function, in code."""
        if self.whole:
            return ["body=body"]
        if self._class is None:
            return []
        return [f"body={code(self._class, *(passed_on(member, names) for member in self.properties))}"]


def _example(document: Document, media_type: MediaType) -> Mapping[str, Any]:
    """The example of a media type, empty if it has none or that is not an object."""
    example = document.get(media_type.pointer).get("example")
    return example if isinstance(example, dict) else {}
