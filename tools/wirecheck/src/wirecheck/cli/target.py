"""The server that a command tests: the options that describe it, and what they give."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from wirecheck.cli import suggest
from wirecheck.cli.options import spec_option

_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _together(*options: _Decorator) -> _Decorator:
    """One decorator for many, in the order of the help."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


target_options = _together(
    spec_option,
    click.option(
        "--token",
        metavar="TOKEN",
        envvar="WIRECHECK_TOKEN",
        show_envvar=True,
        help="An access token that may do everything.",
    ),
    click.option(
        "--token-without",
        "lacking",
        multiple=True,
        metavar="SCOPE=TOKEN",
        envvar="WIRECHECK_TOKEN_WITHOUT",
        show_envvar=True,
        help="A token that lacks a scope, to see that it is wanted. May be repeated.",
    ),
    click.option(
        "--values",
        type=click.Path(path_type=Path),
        metavar="FILE",
        envvar="WIRECHECK_VALUES",
        show_envvar=True,
        help="Values that the server knows, as YAML.  [default: the examples of the document]",
    ),
    click.option("--read-only", is_flag=True, help="Send only GET, HEAD and OPTIONS."),
    click.option(
        "--rate",
        type=click.FloatRange(min=0, min_open=True),
        metavar="N",
        help="At most N requests a second.",
    ),
    click.option(
        "--yes-i-may-test",
        "allowed_host",
        metavar="HOST",
        envvar="WIRECHECK_YES_I_MAY_TEST",
        show_envvar=True,
        help="That the owner of a host which is not this machine agrees.",
    ),
)
search_options = _together(
    click.option(
        "--operation",
        "operations",
        multiple=True,
        metavar="ID",
        help="Only this operation. May be repeated.",
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="What chance begins with."),
    click.option(
        "--save",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Write there what repeats each failure: for `wirecheck replay`, and as a test.",
    ),
    click.argument("url", metavar="URL"),
)
listen_option = click.option(
    "--listen",
    default="127.0.0.1:0",
    metavar="HOST:PORT",
    help="An address of this machine that the server can call back.  [default: on 127.0.0.1]",
)


def target(kind: Callable[..., Any], operations: tuple[str, ...], given: dict[str, Any]) -> tuple[Any, Any]:
    """The document, and the options of a test of a server."""
    from wirecheck.spec import load

    spec = load(given.pop("spec_path"))
    known = {operation.name for operation in spec.operations}
    if unknown := set(operations) - known:
        raise suggest.unknown("operation", min(unknown), known)
    lacking = dict(_pair(one) for one in given.pop("lacking"))
    return spec, kind(lacking=lacking, **given)


def _pair(text: str) -> tuple[str, str]:
    scope, found, token = text.partition("=")
    if not found or not scope or not token:
        raise click.BadParameter("--token-without wants SCOPE=TOKEN")  # what was given may be a token
    return scope, token
