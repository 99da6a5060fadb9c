"""Commands that name what is malformed in a document where it keeps them from working."""

from pathlib import Path
from typing import Any

import click

from wirecheck.model import WirecheckError

_UNEXPECTED = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class DocumentCommand(click.Command):
    """A command with a document, that of the parameter ``spec_path``.

    Most commands rely on objects that have the form of OpenAPI, and do not look at what they do not need.
    Where that ends in an unexpected error, the first thing wrong with the document is the error.
    """

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, WirecheckError):
            raise
        except _UNEXPECTED as error:
            _require_valid(ctx.params["spec_path"])
            if isinstance(error, RecursionError):
                raise WirecheckError(str(ctx.params["spec_path"]), "is nested too deeply") from None
            raise


def _require_valid(path: Path) -> None:
    """Raises SpecError for the first part of a document that does not have the form of OpenAPI."""
    from wirecheck.lint import Ruleset, lint
    from wirecheck.lint.objects import object_flaws
    from wirecheck.model import Severity
    from wirecheck.spec import load
    from wirecheck.spec.document import read

    document = read(path)
    for flaw in object_flaws(document):
        raise document.error(flaw.pointer, flaw.message)
    for _, problem in lint(load(path), [Ruleset.CORE, Ruleset.EXTENSIONS]):
        if problem.severity is Severity.ERROR:
            raise document.error(problem.pointer, problem.message)
