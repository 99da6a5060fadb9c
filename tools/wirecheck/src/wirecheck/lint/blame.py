"""Errors of what relies on a valid document, as what is wrong with the document."""

from collections.abc import Iterator
from contextlib import contextmanager

from wirecheck.lint import lint
from wirecheck.model import Severity
from wirecheck.redact import printable
from wirecheck.spec import Spec


@contextmanager
def document_errors(spec: Spec) -> Iterator[None]:
    """Within the context a document is taken for valid; what that leads to where it is not is a SpecError.

    The error names the first problem that `wirecheck lint` finds. Other errors pass unchanged.
    """
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        problems = (problem for _, problem in lint(spec) if problem.severity is Severity.ERROR)
        for problem in problems:
            raise spec.document.error(problem.pointer, printable(problem.message)) from error
        raise
