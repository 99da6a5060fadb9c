"""The options that describe the server under test, and their values."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from wirecheck.cli import suggest
from wirecheck.cli.options import also_option, spec_option

_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _together(*options: _Decorator) -> _Decorator:
    """One decorator for several options, in the order of the help."""

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
        help="Access token with all permissions.",
    ),
    click.option(
        "--token-without",
        "tokens_without",
        multiple=True,
        metavar="SCOPE=TOKEN",
        envvar="WIRECHECK_TOKEN_WITHOUT",
        show_envvar=True,
        help="Access token that lacks SCOPE, to test that the scope is required. Repeatable.",
    ),
    click.option(
        "--values",
        type=click.Path(path_type=Path),
        metavar="FILE",
        envvar="WIRECHECK_VALUES",
        show_envvar=True,
        help="YAML file of values that the server knows.  [default: the examples of the document]",
    ),
    also_option,
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
        help="Confirm that you are authorised to test this non-local host.",
    ),
)
search_options = _together(
    click.option(
        "--operation",
        "operations",
        multiple=True,
        metavar="ID",
        help="Test only this operation. Repeatable.",
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="Random seed."),
    click.option(
        "--save",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Write a reproduction of each failure to DIR.",
    ),
    click.argument("url", metavar="URL"),
)
listen_option = click.option(
    "--listen",
    default="127.0.0.1:0",
    metavar="HOST:PORT",
    help="Local address for callbacks from the server.  [default: a free port of 127.0.0.1]",
)


def target(kind: Callable[..., Any], operations: tuple[str, ...], given: dict[str, Any]) -> tuple[Any, Any]:
    """The document, and the options for a session of a ``kind`` of options."""
    from wirecheck.spec import load

    spec = load(given.pop("spec_path"))
    names = {operation.name for operation in spec.operations}
    if unknown := set(operations) - names:
        raise suggest.unknown("operation", min(unknown), names)
    tokens_without = dict(map(_pair, given.pop("tokens_without")))
    return spec, kind(tokens_without=tokens_without, **given)


def _pair(text: str) -> tuple[str, str]:
    scope, separator, token = text.partition("=")
    if not separator or not scope or not token:
        raise click.BadParameter("--token-without must be SCOPE=TOKEN")  # the text may be a token: not shown
    return scope, token
