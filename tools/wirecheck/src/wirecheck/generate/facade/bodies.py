"""The bodies of requests."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wirecheck.generate.facade.arguments import Argument, passed_on
from wirecheck.generate.facade.code import code
from wirecheck.generate.facade.credentials import Credential
from wirecheck.generate.facade.properties import union
from wirecheck.generate.names import fields
from wirecheck.spec import Document, Operation

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import Property

_FORM = "application/x-www-form-urlencoded"


class Body:
    """The body of a request: an argument as a whole, or each of its fields, or none.

    ``filled`` are the credentials by field, ``fields`` those that are arguments. ``schema`` is the
    pointer to the schema with the fields. ``shown`` are the properties whose types a signature names.
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
        self.filled: dict[str, str] = {}
        self.schema = ""
        self.shown: list[Property] = []
        self.imported: str | None = None
        self._class: str | None = None
        if not endpoint.bodies:
            return
        others = {str(one.python_name) for _, one in endpoint.iter_all_parameters()}
        model = endpoint.bodies[0].prop
        inside = fields(model) if isinstance(model, ModelProperty) and model.required else []
        names = {str(one.python_name) for one in inside}
        single = len(endpoint.bodies) == 1
        if not single or not names or names & others or not isinstance(model, ModelProperty):
            self.shown = [one.prop for one in endpoint.bodies]
            default = None if model.required else "UNSET"
            self.whole = Argument("body", union(self.shown), default, "What is sent.")
            return
        content = operation.request_body.content if operation.request_body else ()
        self.schema = document.follow(content[0].schema) if content and content[0].schema else ""
        self.shown = inside
        self._class = str(model.class_info.name)
        self.imported = f"from .models.{model.class_info.module_name} import {self._class}"
        if content[0].name == _FORM:
            by_parameter = {one.parameter: one.name for one in credentials}
            wires = [one.name.get_untrusted_value() for one in inside]
            self.filled = {wire: by_parameter[wire] for wire in wires if wire in by_parameter}
        self.fields = [one for one in inside if one.name.get_untrusted_value() not in self.filled]

    def passed_on(self, names: Mapping[str, str]) -> list[str]:
        """To what the generator writes, in code."""
        if self.whole:
            return ["body=body"]
        if self._class is None:
            return []
        return [f"body={code(self._class, *(passed_on(one, names) for one in self.shown))}"]
