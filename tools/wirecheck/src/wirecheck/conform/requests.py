"""Cases of values that are known: of the document, of the user, and of the server itself."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from wirecheck.boundaries import BoundaryValue, boundaries
from wirecheck.conform.case import READS, Case, InconclusiveError
from wirecheck.conform.encoding import media_types
from wirecheck.conform.hazards import hazard
from wirecheck.conform.ledger import at_path
from wirecheck.conform.places import shapes_response
from wirecheck.conform.single_use import Fetcher
from wirecheck.conform.things import Things
from wirecheck.conform.values import Values
from wirecheck.engine import Engine
from wirecheck.model import Exchange
from wirecheck.spec import Operation, Parameter, Spec

_GUESSES = 3  # values of a parameter
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
        things: Things,
        *,
        seed: int = 0,
        fetcher: Fetcher | None = None,
    ) -> None:
        self._spec, self.values, self.things = spec, values, things
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
                for value in self.values.of(operation, parameter)[1:]:
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
        if operation.method in READS:
            base = self._bases.get(operation.name)
            if base is None or self.things.is_about_gone(base):
                base = self._bases[operation.name] = self._read(operation)
            return base
        if not self.values.vouch_for_write(operation) and (reason := hazard(operation)):
            raise InconclusiveError(f"{reason}: give --values of {operation.name}")
        if not self.things.is_derived(operation):
            return self._given(operation)
        try:
            case = self.things.case(operation, self.things.path_values(operation))
        except InconclusiveError:
            if operation.method == "DELETE" or any(map(self.things.can_create, self.things.chain(operation))):
                raise
            return self._given(operation)
        return replace(case, body=next(self.things.bodies(operation), None))

    def _given(self, operation: Operation) -> Case:
        """A write of values that the document or the user gives, else of guesses."""
        try:
            return self._known(operation)
        except InconclusiveError:
            if operation.method == "DELETE" or self.things.says_itself(operation):
                raise
        return replace(self.things.case(operation, {}), body=next(self.things.bodies(operation), None))

    def _known(self, operation: Operation) -> Case:
        """A case of values that the document or the user gives."""
        base = Case(operation=operation, body=next(iter(self.bodies(operation)), None))
        for parameter in operation.parameters:
            if parameter.required:
                value = self.known_values(operation, parameter)[0]
                base = base.having(parameter.location, parameter.name, value)
        is_example = any(parameter.location == "path" for parameter in operation.parameters)
        is_made = base.body is not None and not self.values.body(operation)
        return replace(base, is_guess=is_made or (is_example and not self.values.vouch_for(operation)))

    def _read(self, operation: Operation) -> Case:
        """The first case that succeeds: of what is given, of what is there, of guesses."""
        reason: InconclusiveError | None = None
        bases: list[Case] = []
        for make in (self._known, self._there):
            try:
                base = make(operation)
            except InconclusiveError as error:
                reason = reason or error
                continue
            bases.append(base)
            if operation.method != "GET" or self._succeeds(base):
                return base
            if (fuller := self._fuller(base)) is not None:
                return fuller
        if not bases:
            raise reason or InconclusiveError("no request is known")
        return bases[0]

    def _there(self, operation: Operation) -> Case:
        """A case of things that are there, and of guesses."""
        return self.things.case(operation, self.things.path_values(operation))

    def _fuller(self, base: Case) -> Case | None:
        """A case that succeeds with values of optional parameters."""
        for parameter in base.operation.parameters:
            if not parameter.required and (values := self.values.of(base.operation, parameter)):
                base = base.having(parameter.location, parameter.name, values[0])
                if self._succeeds(base):
                    return base
        return None

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
        if not values and parameter.location == "path":
            there = at_path(Case(operation=operation), self.things.path_values(operation)).parameters
            values = [there[key]] if (key := (parameter.location, parameter.name)) in there else []
        if not values:
            raise InconclusiveError(f"no value of {parameter.name} is known: give an example, or --values")
        return values

    def guesses(self, parameter: Parameter) -> list[Any]:
        """Values of a parameter that its schema allows; the server may have reasons to reject them."""
        if shapes_response(parameter):
            return []
        samples = self.things.samples
        return (
            list(islice(samples.values(parameter.schema, parameter.name), _GUESSES))
            if parameter.schema
            else []
        )

    def bodies(self, operation: Operation) -> list[Any]:
        """The known bodies, else one made from the schema.

        Raises InconclusiveError if a required one is unknown, or none can be written.
        """
        content = operation.request_body.content if operation.request_body else ()
        bodies = self.values.body(operation)
        if content and not media_types(operation):
            listed = " or ".join(media_type.name for media_type in content)
            raise InconclusiveError(f"bodies of the media type {listed} cannot be written")
        if not bodies and content and not self.things.says_itself(operation):
            bodies = [body for body in self.things.bodies(operation) if body is not None]
        if not bodies and operation.request_body and operation.request_body.required:
            raise InconclusiveError("no body is known: give an example")
        return bodies
