"""Errors of what relies on a valid document, as what is wrong with the document."""

from collections.abc import Iterator
from contextlib import contextmanager

from wirecheck.escapes import printable
from wirecheck.model import Severity, SpecError
from wirecheck.spec import Spec

_UNEXPECTED = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


@contextmanager
def document_errors(spec: Spec) -> Iterator[None]:
    """Within the context a document is taken for valid; what that leads to where it is not is a SpecError.

    The error names the first problem that `wirecheck lint` finds. Other errors pass unchanged.
    """
    try:
        yield
    except _UNEXPECTED as error:
        from wirecheck.lint import lint

        for line, problem in lint(spec):
            if problem.severity is Severity.ERROR:
                where = f"{problem.file}:{line}"
                raise SpecError(where, printable(f"#{problem.pointer}: {problem.message}")) from error
        if isinstance(error, RecursionError):
            raise SpecError(spec.document.name, "is nested too deeply") from None
        raise
