"""What can be tested of a document: a list that is the same at every run."""

from collections.abc import Iterator

from wirecheck.conform.lab import Promise
from wirecheck.conform.promises import (
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


def promises(spec: Spec) -> Iterator[Promise]:
    """Everything that is tested, operation by operation; what is best known in the end comes last."""
    found = [
        Promise(operation.name, kind, what, test)
        for operation in spec.operations
        for subject in _SUBJECTS
        for kind, what, test in subject.tests(spec, operation)
    ]
    yield from sorted(
        found, key=lambda promise: (promise.kind == "statuses", "further values" in promise.what)
    )
