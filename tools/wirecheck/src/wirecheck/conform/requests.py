"""Cases of values that are known: of the document, of the user, and of the server itself."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wirecheck.boundaries import BoundaryValue, boundaries
from wirecheck.conform.case import Case, InconclusiveError
from wirecheck.conform.encoding import media_types
from wirecheck.conform.single_use import Fetcher
from wirecheck.conform.values import Values
from wirecheck.engine import Engine
from wirecheck.model import Exchange
from wirecheck.spec import Operation, Parameter, Spec

_UNSHUFFLED = 20  # boundary values of a rule that come first whatever the seed


class Requests:
    """Makes cases of known values.

    ``send`` sends a case without judging its response. ``fetcher`` obtains values that can be used once.
    """

    def __init__(
        self,
        spec: Spec,
        values: Values,
        send: Callable[[Case], Exchange],
        *,
        seed: int = 0,
        fetcher: Fetcher | None = None,
    ) -> None:
        self._spec, self.values = spec, values
        self._send, self._seed, self._fetcher = send, seed, fetcher
        self._engine = Engine(spec.document)
        self._boundaries: dict[str, Sequence[BoundaryValue]] = {}
        self._bases: dict[str, Case] = {}

    def cases(self, operation: Operation) -> Iterator[Case]:
        """Cases of known values: the base, and one for each further value of a required parameter.

        Raises InconclusiveError if a required value is not known.
        """
        base = self.base(operation)
        yield base
        for parameter in operation.parameters:
            if parameter.required:
                for value in self.known_values(operation, parameter)[1:]:
                    yield base.having(parameter.location, parameter.name, value)

    def with_page_size(self, case: Case, size: int) -> Case:
        """The case for pages of a size, or the nearest size allowed by the document (x-pagination, limit)."""
        document = self._spec.document
        limit = document.get(case.operation.pointer).get("x-pagination", {}).get("limit")
        for parameter in case.operation.parameters:
            if parameter.name == limit:
                schema = document.get(document.follow(parameter.schema)) if parameter.schema else {}
                least, most = schema.get("minimum", size), schema.get("maximum", size)
                return case.having("query", limit, min(max(size, least), most))
        return case

    def with_smallest_page(self, case: Case) -> Case:
        """The case for the smallest page, where the items do not matter."""
        return self.with_page_size(case, 1)

    def base(self, operation: Operation) -> Case:
        """A case of known values: the required ones, and optional ones if a GET fails without them.

        Raises InconclusiveError if a required value is not known.
        """
        if operation.name not in self._bases:
            self._bases[operation.name] = self._new_base(operation)
        return self._bases[operation.name]

    def _new_base(self, operation: Operation) -> Case:
        base = Case(operation=operation, body=next(iter(self.bodies(operation)), None))
        for parameter in operation.parameters:
            if parameter.required:
                value = self.known_values(operation, parameter)[0]
                base = base.having(parameter.location, parameter.name, value)
        if operation.method != "GET" or self._succeeds(base):
            return base
        fuller = base
        for parameter in operation.parameters:
            if not parameter.required and (values := self.values.of(operation, parameter)):
                fuller = fuller.having(parameter.location, parameter.name, values[0])
                if self._succeeds(fuller):
                    return fuller
        return base

    def _succeeds(self, case: Case) -> bool:
        return self._send(self.fresh(case, case)).status < 400

    def fresh(self, case: Case, known: Case | None = None) -> Case:
        """The case with fresh values where it has the single-use values of the known one."""
        if self._fetcher is None or case.operation.name not in self._fetcher.recipes:
            return case
        return self._fetcher.refreshed(case, known or self.base(case.operation))

    def require_prerequisites(self, operation: Operation) -> None:
        """Raises InconclusiveError if an operation needs values that are not provided (x-needs)."""
        needs = self._spec.document.get(operation.pointer).get("x-needs")
        provided = {*self.values.operations, *(self._fetcher.recipes if self._fetcher else ())}
        if needs and operation.name not in provided:
            raise InconclusiveError(f"it needs --values: {str(needs).rstrip('.')}")

    def case_for(self, name: str, values: Mapping[str, Any]) -> Case:
        """A case of an operation with values by name, completed by known values.

        Raises InconclusiveError if a required value is missing.
        """
        operation = next(operation for operation in self._spec.operations if operation.name == name)
        case = Case(operation=operation)
        for parameter in operation.parameters:
            if parameter.name in values:
                case = case.having(parameter.location, parameter.name, values[parameter.name])
            elif parameter.required:
                value = self.known_values(operation, parameter)[0]
                case = case.having(parameter.location, parameter.name, value)
        bodies = self.bodies(operation)
        if bodies and isinstance(bodies[0], dict):
            fields = {key: values[key] for key in bodies[0] if key in values}
            return replace(case, body=bodies[0] | fields)
        return replace(case, body=bodies[0]) if bodies else case

    def boundaries(self, schema: str, rule: str, *, inside: bool) -> Sequence[BoundaryValue]:
        """Values just inside or just outside of a rule: the most revealing first, the rest by seed."""
        if schema not in self._boundaries:
            self._boundaries[schema] = boundaries(self._spec, self._engine, schema)
        violated = None if inside else rule
        values = [value for value in self._boundaries[schema] if (value.rule, value.near) == (violated, rule)]
        further = values[_UNSHUFFLED:]
        random.Random(self._seed).shuffle(further)
        return values[:_UNSHUFFLED] + further

    def is_valid(self, schema: str, value: Any) -> bool:
        """Whether a value satisfies the schema at a pointer."""
        return self._engine.is_valid(schema, value)

    def known_values(self, operation: Operation, parameter: Parameter) -> list[Any]:
        """The known values of a parameter. Raises InconclusiveError if there are none."""
        values = self.values.of(operation, parameter)
        if not values:
            raise InconclusiveError(f"no value of {parameter.name} is known: give an example, or --values")
        return values

    def bodies(self, operation: Operation) -> list[Any]:
        """The known bodies. Raises InconclusiveError if a required one is unknown, or none can be written."""
        bodies = self.values.body(operation)
        content = operation.request_body.content if operation.request_body else ()
        if bodies and content and not media_types(operation):
            listed = " or ".join(media_type.name for media_type in content)
            raise InconclusiveError(f"bodies of the media type {listed} cannot be written")
        if not bodies and operation.request_body and operation.request_body.required:
            raise InconclusiveError("no body is known: give an example")
        return bodies
