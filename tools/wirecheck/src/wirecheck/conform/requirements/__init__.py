"""What can be tested of a document: a list that is the same at every run."""

from collections.abc import Iterator

from wirecheck.conform.requirements import (
    access,
    agreement,
    bodies,
    bounds,
    callbacks,
    limits,
    methods,
    paging,
    parameters,
    scopes,
    statuses,
    writes,
)
from wirecheck.conform.session import Requirement
from wirecheck.spec import Spec

# Laws come first: a server that allows few writes shall spend them on what is written.
_SUBJECTS = (
    writes,
    parameters,
    bodies,
    agreement,
    methods,
    paging,
    bounds,
    access,
    scopes,
    callbacks,
    limits,
    statuses,
)


def requirements(spec: Spec) -> Iterator[Requirement]:
    """Everything that is tested, operation by operation; what is best known in the end comes last."""
    found = [
        Requirement(operation.name, kind, what, test)
        for operation in spec.operations
        for subject in _SUBJECTS
        for kind, what, test in subject.tests(spec, operation)
    ]
    yield from sorted(
        found, key=lambda requirement: (requirement.kind == "statuses", "further values" in requirement.what)
    )
