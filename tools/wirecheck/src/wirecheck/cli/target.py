"""The options that describe the server under test, and their values."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wirecheck.cli import suggest
from wirecheck.cli.configuring import config_options
from wirecheck.cli.options import NamedDocument, also_option, spec_option
from wirecheck.model import TargetError

if TYPE_CHECKING:
    from wirecheck.conform.asgi import InProcess
    from wirecheck.spec import Spec

_LONGEST_TOKEN = 65_536  # characters

_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _together(*options: _Decorator) -> _Decorator:
    """One decorator for several options, in the order of the help."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


target_options = _together(
    config_options,
    spec_option,
    click.option(
        "--token",
        metavar="TOKEN",
        envvar="WIRECHECK_TOKEN",
        show_envvar=True,
        help="Access token with all permissions; - reads it from standard input. Other users of this machine"
        " can see a token on the command line (ps): prefer the variable or --token-file.",
    ),
    click.option(
        "--token-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        envvar="WIRECHECK_TOKEN_FILE",
        show_envvar=True,
        help="Read the access token from FILE.",
    ),
    click.option(
        "--token-without",
        "tokens_without",
        multiple=True,
        metavar="SCOPE=TOKEN",
        envvar="WIRECHECK_TOKEN_WITHOUT",
        show_envvar=True,
        help="Access token that lacks SCOPE, to test that the scope is required. Repeatable. Other users of"
        " this machine can see it on the command line (ps): prefer the variable or --token-without-file.",
    ),
    click.option(
        "--token-without-file",
        "files_without",
        multiple=True,
        metavar="SCOPE=FILE",
        envvar="WIRECHECK_TOKEN_WITHOUT_FILE",
        show_envvar=True,
        help="Read the access token that lacks SCOPE from FILE. Repeatable.",
    ),
    click.option(
        "--token-of",
        "tokens_of",
        multiple=True,
        metavar="NAME=TOKEN",
        envvar="WIRECHECK_TOKEN_OF",
        show_envvar=True,
        help="Access token of another user, NAME, to test that it has no access to what belongs to another."
        " Repeatable. Other users of this machine can see it on the command line (ps): prefer the variable or"
        " --token-of-file.",
    ),
    click.option(
        "--token-of-file",
        "files_of",
        multiple=True,
        metavar="NAME=FILE",
        envvar="WIRECHECK_TOKEN_OF_FILE",
        show_envvar=True,
        help="Read the access token of another user, NAME, from FILE. Repeatable.",
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
    click.option(
        "--write",
        is_flag=True,
        help="Permit writes on a host that is not local; without it such a host gets only reads.",
    ),
    click.option("--read-only", is_flag=True, help="Send only GET, HEAD and OPTIONS."),
    click.option(
        "--rate",
        type=click.FloatRange(min=0, min_open=True),
        metavar="N",
        help="At most N requests a second.",
    ),
    click.option(
        "--settle",
        type=click.FloatRange(min=0, max=600),
        default=0,
        metavar="SECONDS",
        help="Repeat a check of what a write did for up to SECONDS, for a server that shows it later.",
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
    click.argument("url", metavar="URL", required=False),
)
listen_option = click.option(
    "--listen",
    default="127.0.0.1:0",
    metavar="HOST:PORT",
    help="Local address for callbacks from the server.  [default: a free port of 127.0.0.1]",
)


def target(
    kind: Callable[..., Any],
    operations: tuple[str, ...],
    given: dict[str, Any],
    application: "InProcess | None" = None,
) -> "tuple[Spec, Any]":
    """The document, and the options for a session of a ``kind`` of options.

    An application in process has an address by itself, and a document where none is named.
    """
    config = given.pop("config")
    if given["read_only"] and given["write"] and is_on_command_line("write"):
        raise click.UsageError("--write permits what --read-only forbids: pass only one of them.")
    spec = _document(given.pop("document"), application)
    if application is not None:
        given["url"] = application.url(spec)
    elif given["url"] is None:
        raise click.UsageError("Missing argument 'URL'.")
    names = {operation.name for operation in spec.operations}
    if unknown := set(operations) - names:
        raise suggest.unknown("operation", min(unknown), names)
    if unknown := {skip.operation for skip in config.skip if skip.operation is not None} - names:
        raise suggest.unknown("operation (skip of the configuration)", min(unknown), names)
    if given["token_file"] is not None and not is_on_command_line("token"):
        given["token"] = os.environ.get("WIRECHECK_TOKEN")  # --token-file wins over the configuration
    given["skips"] = config.skips_finding
    tokens_without = _tokens(
        "--token-without", "SCOPE", given.pop("tokens_without"), given.pop("files_without")
    )
    tokens_of = _tokens("--token-of", "NAME", given.pop("tokens_of"), given.pop("files_of"))
    token = _token(given.pop("token"), given.pop("token_file"))
    return spec, kind(token=token, tokens_without=tokens_without, tokens_of=tokens_of, **given)


def is_on_command_line(name: str) -> bool:
    """Whether the value of a parameter was given on the command line."""
    source = click.get_current_context().get_parameter_source(name)
    return source is click.core.ParameterSource.COMMANDLINE


def _document(document: NamedDocument, application: "InProcess | None") -> "Spec":
    if application is None or document.address is not None or os.environ.get("WIRECHECK_SPEC"):
        return document.load()
    return application.document() or document.load()


def _token(token: str | None, file: Path | None) -> str | None:
    """The token of --token or --token-file. Messages never show it."""
    if token is not None and file is not None:
        raise TargetError(
            "--token-file", "pass a token (--token, WIRECHECK_TOKEN) or a file with it, not both"
        )
    if file is not None:
        return _one_line(str(file), _read(file))
    if token != "-":
        return token
    if sys.stdin.isatty():
        return str(click.prompt("Token", hide_input=True, err=True))
    return _one_line("standard input", sys.stdin.read(_LONGEST_TOKEN + 1))


def _read(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as stream:
            return stream.read(_LONGEST_TOKEN + 1)
    except OSError as error:
        raise TargetError(str(file), error.strerror or "cannot be read") from error
    except ValueError as error:
        raise TargetError(str(file), "is not UTF-8") from error


def _one_line(source: str, text: str) -> str:
    token = text.strip()
    if not token or not token.isprintable() or len(text) > _LONGEST_TOKEN:
        raise TargetError(source, "must contain a token on one line and nothing else")
    return token


def _tokens(option: str, key: str, tokens: tuple[str, ...], files: tuple[str, ...]) -> dict[str, str]:
    """The tokens of an option KEY=TOKEN and its variant with files, by key."""
    pairs = [_pair(option, f"{key}=TOKEN", text) for text in tokens]
    for text in files:
        name, file = _pair(f"{option}-file", f"{key}=FILE", text)
        pairs.append((name, _one_line(file, _read(Path(file)))))
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1 and files:
            relation = option.removeprefix("--token-")
            raise TargetError(f"{option}-file", f"there is more than one token {relation} {name!r}")
    return dict(pairs)


def _pair(option: str, form: str, text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name or not value:
        raise click.BadParameter(f"{option} must be {form}")  # the text may be a token: not shown
    return name, value
