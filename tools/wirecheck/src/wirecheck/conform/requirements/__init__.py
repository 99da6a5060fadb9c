"""The requirements of a document, in an order that is the same in every run."""

from collections.abc import Iterator

from wirecheck.conform.outcome import Requirement
from wirecheck.conform.requirements import (
    access,
    body,
    bounds,
    callbacks,
    conditional,
    consistency,
    http,
    idempotency,
    isolation,
    laws,
    lists,
    methods,
    nesting,
    ownership,
    paging,
    parameters,
    rate_limits,
    scopes,
    state,
    statuses,
)
from wirecheck.conform.things import derived_resources
from wirecheck.spec import Operation, Spec

# Laws come first: a server that limits writes should spend them on what the document says about writes.
_MODULES = (
    laws,
    parameters,
    body,
    consistency,
    methods,
    paging,
    bounds,
    access,
    scopes,
    callbacks,
    rate_limits,
    statuses,
)

_OF_RESOURCES = (
    *state.REQUIREMENTS,
    *isolation.REQUIREMENTS,
    *nesting.REQUIREMENTS,
    *ownership.REQUIREMENTS,
    *http.REQUIREMENTS,
    *conditional.REQUIREMENTS,
    *idempotency.REQUIREMENTS,
    *lists.OF_RESOURCES,
)
_OF_OPERATIONS = (
    *access.OF_OPERATIONS,
    *isolation.OF_OPERATIONS,
    *nesting.OF_OPERATIONS,
    *lists.REQUIREMENTS,
    *http.OF_OPERATIONS,
)


def requirements(spec: Spec) -> Iterator[Requirement]:
    """All requirements, by operation; those that profit from earlier observations come last."""
    unordered = [
        Requirement(operation.name, kind, what, test)
        for operation in spec.operations
        for module in _MODULES
        for kind, what, test in module.tests(spec, operation)
    ]
    derived = derived_resources(spec)
    unordered += [found for derives in _OF_RESOURCES for found in derives.requirements(derived)]
    unordered += [found for derives in _OF_OPERATIONS for found in derives.requirements(spec)]
    failing = {operation.name for operation in spec.operations if not _may_succeed(operation)}
    yield from sorted(
        (each for each in unordered if each.kind == "statuses" or each.operation not in failing),
        key=lambda requirement: (requirement.kind == "statuses", "further values" in requirement.what),
    )


def _may_succeed(operation: Operation) -> bool:
    """Whether a success is documented; where none is, a rejection is the right response."""
    statuses = operation.statuses
    return not statuses or any(status == "default" or status[:1] in "123" for status in statuses)
