"""The options that several commands share."""

import gc
import os
import re
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from wirecheck.model import Severity

if TYPE_CHECKING:
    from wirecheck.spec import Document, Spec


_MANY = 500  # operations of a document
_SCOPE = r"(/[^=]*|(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?)="


class NamedDocument(Struct, frozen=True):
    """The document that a command line names: a file or a URL, and what may be read beside it.

    ``address`` is None where none is named: it is then that of WIRECHECK_SPEC or of the working folder.
    """

    address: str | None
    allow_refs: tuple[Path, ...]
    offline: bool

    def load(
        self,
        base_path: str | None = None,
        *,
        cached: bool = True,
        revise: "Callable[[Document], Document] | None" = None,
    ) -> "Spec":
        """``revise`` changes the document as it is written. Raises SpecError."""
        from wirecheck.spec import load, locate
        from wirecheck.spec.memory import without_collection

        with without_collection():
            spec = load(
                self.address or locate(),
                base_path,
                allow_refs=self.allow_refs,
                offline=self.offline,
                cached=cached,
                revise=revise,
            )
            if len(spec.operations) > _MANY:
                gc.freeze()  # it stays to the end: no collection has to look through it
        return spec


Command = Callable[..., Any]


def _documented(parameter: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """The parameter of a document and the options beside it; the command gets ``document``."""

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(
            *args: Any, address: str | None, allow_refs: tuple[Path, ...], offline: bool, **given: Any
        ) -> Any:
            return command(*args, document=NamedDocument(address, allow_refs, offline), **given)

        return parameter(_allow_refs_option(_offline_option(run)))

    return decorate


_allow_refs_option = click.option(
    "--allow-refs",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Let the document refer to files below DIR, not only below its own folder. Repeatable.",
)
_offline_option = click.option(
    "--offline", is_flag=True, help="Fetch nothing, not even a document that is a URL."
)
spec_option = _documented(
    click.option(
        "--spec",
        "address",
        metavar="FILE|URL",
        help="OpenAPI document (2.0 to 3.2), YAML or JSON.  [default: $WIRECHECK_SPEC, else openapi.yaml,"
        " openapi.yml or openapi.json in the working folder]",
    )
)


def specs_option(command: Command) -> Command:
    """Several documents, each with the traffic that it is about; the command gets ``documents``."""

    @wraps(command)
    def run(
        *args: Any, addresses: tuple[str, ...], allow_refs: tuple[Path, ...], offline: bool, **given: Any
    ) -> Any:
        named: list[tuple[str, str | None]] = [*map(_scoped, addresses)] or [("", None)]
        documents = [(scope, NamedDocument(address, allow_refs, offline)) for scope, address in named]
        return command(*args, documents=documents, **given)

    option = click.option(
        "--spec",
        "addresses",
        multiple=True,
        metavar="[HOST=|/PREFIX=]FILE|URL",
        help="OpenAPI document (2.0 to 3.2), YAML or JSON; with HOST= or /PREFIX= only for"
        " traffic with that host, or below that path. Repeatable.  [default: $WIRECHECK_SPEC, else"
        " openapi.yaml, openapi.yml or openapi.json in the working folder]",
    )
    return option(_allow_refs_option(_offline_option(run)))


def _scoped(value: str) -> tuple[str, str]:
    """A host or a prefix, empty for all traffic, and the address of a document."""
    scope = re.match(_SCOPE, value)
    if scope is None or Path(value).exists():
        return "", value
    return scope[1], value[scope.end() :]


spec_argument = _documented(
    click.argument("address", required=False, envvar="WIRECHECK_SPEC", metavar="[SPEC]")
)
also_option = click.option(
    "--also",
    multiple=True,
    metavar="NAME",
    envvar="WIRECHECK_ALSO",
    show_envvar=True,
    help="Mask the values of this name as well, in any case and spelling. Repeatable.",
)
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice([Severity.ERROR.value, Severity.WARNING.value, "never"]),
    default=Severity.ERROR.value,
    show_default=True,
    help="Least severe finding that makes the exit code 1.",
)
format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or JSON for programs.",
)
report_format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "jsonl", "html", "markdown", "junit", "sarif", "github", "ctrf"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs, an HTML page that shows what is wrong, or what CI reads.",
)
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the report to FILE instead of standard output. An existing file is replaced at the end.",
)


def _cores() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=_cores,
    metavar="N",
    help="Processes that share the work, with the same report whatever their number.  [default: the"
    " processors that are available]",
)
