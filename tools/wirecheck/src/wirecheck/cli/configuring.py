"""The configuration of a project as defaults of the options of a command."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from wirecheck.cli import suggest
from wirecheck.cli.options import Command

_NO_CONFIG = "wirecheck.no_config"


def config_options(command: Command) -> Command:
    """The options --config and --no-config; the command gets the ``config``, and its values as defaults."""
    without = click.option(
        "--no-config",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_remember,
        help="Read no configuration.",
    )
    with_file = click.option(
        "--config",
        "config",
        type=click.Path(path_type=Path),
        is_eager=True,
        callback=_configure,
        metavar="FILE",
        help="Configuration, which the command line overrides.  [default: wirecheck.toml, else"
        " [tool.wirecheck] of pyproject.toml, in the working folder]",
    )
    return without(with_file(command))


def _remember(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.meta[_NO_CONFIG] = value


def _configure(context: click.Context, _: click.Parameter, path: Path | None) -> Any:
    """Makes the values of a configuration the defaults of the command, and returns it."""
    from wirecheck.config import Config, read

    if context.meta.get(_NO_CONFIG):
        if path is not None:
            raise click.UsageError("--config names what --no-config forbids: pass only one of them.")
        return Config()
    file = read(path, datetime.now(UTC).date())
    config = file.config
    _require_known_checks(file)
    defaults: dict[str, Any] = {
        name: getattr(config, name)
        for name, default in zip(Config.__struct_fields__, Config.__struct_defaults__, strict=True)
        if name in ("url", "write", "settle", "rate") and getattr(config, name) != default
    }
    if config.values:
        defaults["values"] = file.beside(config.values)
    if config.baseline:
        defaults["baseline"] = file.beside(config.baseline)
    if config.spec and not os.environ.get("WIRECHECK_SPEC"):
        defaults["address"] = file.beside(config.spec)
        defaults["addresses"] = [defaults["address"]]
    if variable := config.token:
        defaults["token"] = lambda: file.secret("token", variable)
    for key in ("tokens_of", "tokens_without"):
        if variables := getattr(config, key):
            defaults[key] = lambda key=key, variables=variables: [
                f"{name}={file.secret(f'{key}.{name}', variable)}" for name, variable in variables.items()
            ]
    context.default_map = defaults
    return config


def _require_known_checks(file: Any) -> None:
    checks = {skip.check for skip in file.config.skip if skip.check is not None}
    if file.config.severity:
        from wirecheck.checks import CHECKS

        if missing := file.config.severity.keys() - CHECKS.keys():
            raise suggest.unknown(f"check (severity of {file.path}):", min(missing), CHECKS)
    if not checks:
        return
    from wirecheck.explain import pages

    if missing := checks - pages().keys():
        raise suggest.unknown(f"check or lint rule of {file.path}:", min(missing), pages())
