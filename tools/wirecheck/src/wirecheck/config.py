"""The configuration of a project: wirecheck.toml, or the table tool.wirecheck of pyproject.toml."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from wirecheck.model import WirecheckError

FILES = ("wirecheck.toml", "pyproject.toml")
"""Where a configuration is looked for in the working folder, in the order of preference."""
_OWN_TABLE = r"\btool[\"'\s]*(?:\.[\"'\s]*wirecheck|[\]={])"
_VARIABLE = "[A-Z_][A-Z0-9_]*"
_Variable = Annotated[
    str,
    Meta(pattern=f"^{_VARIABLE}$", description="The name of an environment variable that holds it."),
]


class ConfigError(WirecheckError):
    """A configuration cannot be read or used."""


class Skip(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is not tested or not reported, why, and until when; what it does not name, it covers."""

    reason: Annotated[str, Meta(min_length=1, description="Why it is skipped.")]
    until: Annotated[date, Meta(description="The last day on which it is skipped.")]
    check: Annotated[str | None, Meta(description="The id of a check or of a lint rule.")] = None
    operation: Annotated[str | None, Meta(description="An operationId.")] = None
    requirement: Annotated[
        str | None, Meta(description="A column of the report of conform, or column: requirement.")
    ] = None

    @property
    def text(self) -> str:
        """What is skipped, for people."""
        return ", ".join(
            f"{name} {value}"
            for name, value in (
                ("check", self.check),
                ("operation", self.operation),
                ("requirement", self.requirement),
            )
            if value is not None
        )


Level = Literal["error", "warning", "info", "off"]


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Defaults of the options of the command line, which wins over them, and what is skipped."""

    url: Annotated[str | None, Meta(description="Where the API is mounted on the server under test.")] = None
    spec: Annotated[str | None, Meta(description="The OpenAPI document: a file or a URL.")] = None
    token: _Variable | None = None
    tokens_of: Annotated[
        dict[str, _Variable], Meta(description="Tokens of other users, by a name for each.")
    ] = {}
    tokens_without: Annotated[
        dict[str, _Variable], Meta(description="Tokens that lack a scope, by the scope.")
    ] = {}
    values: Annotated[str | None, Meta(description="The file of values that the server knows.")] = None
    write: Annotated[bool, Meta(description="Permit writes on a host that is not local.")] = False
    settle: Annotated[
        float, Meta(ge=0, le=600, description="Seconds that the effect of a write may take.")
    ] = 0
    rate: Annotated[float, Meta(gt=0, description="At most so many requests a second.")] | None = None
    baseline: Annotated[
        str | None, Meta(description="The file of known findings, which check does not report.")
    ] = None
    severity: Annotated[
        dict[str, Level],
        Meta(description="The severity of what a check finds, by the id of the check; off: not reported."),
    ] = {}
    skip: Annotated[list[Skip], Meta(description="What is not tested or not reported.")] = []

    def skips_requirement(self, operation: str, kind: str, what: str) -> bool:
        """Whether a requirement of conform is not tested."""
        return any(
            skip.check is None
            and skip.operation in (None, operation)
            and skip.requirement in (None, kind, f"{kind}: {what}")
            for skip in self.skip
        )

    def skips_operation(self, name: str) -> bool:
        """Whether nothing is tested or reported of an operation."""
        return any(skip.operation == name and skip.check is skip.requirement is None for skip in self.skip)

    def skips_finding(self, check: str, operation: str | None) -> bool:
        """Whether what a check or a lint rule found is not reported."""
        return any(
            skip.requirement is None and skip.check in (None, check) and skip.operation in (None, operation)
            for skip in self.skip
        )


class ConfigFile(msgspec.Struct, frozen=True):
    """A configuration and its file; no file, and an empty configuration, where there is none."""

    path: Path | None = None
    config: Config = Config()

    def beside(self, name: str) -> str:
        """A file that the configuration names, relative to its own folder; a URL as it is."""
        if self.path is None or name.startswith(("http://", "https://")):
            return name
        return str(self.path.parent / name)

    def secret(self, key: str, variable: str) -> str:
        """The token in an environment variable. Raises ConfigError, which does not show the name."""
        value = os.environ.get(variable, "")
        if not value:
            raise ConfigError(f"{self.path}", f"{key}: the environment variable that it names is not set")
        return value


def read(path: Path | None, today: date) -> ConfigFile:
    """The configuration of a file, or of the working folder for None.

    Raises ConfigError for a file that cannot be used, and for what is skipped and has expired.
    """
    if path is None:
        path = next((Path(name) for name in FILES if _is_configured(Path(name))), None)
        if path is None:
            return ConfigFile()
    table = _table(path)
    where = str(path)
    for problem in (*_unknown(table), *_literal_tokens(table), *_unexplained(table)):
        raise ConfigError(where, problem)
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(where, shortened(str(error))) from None
    for number, skip in enumerate(config.skip, 1):
        if not skip.text:
            raise ConfigError(where, f"skip {number} names no check, operation or requirement")
        if skip.until < today:
            raise ConfigError(
                where, f"skip {number} ({skip.text}) has expired on {skip.until}: {skip.reason}"
            )
    return ConfigFile(path, config)


def _is_configured(path: Path) -> bool:
    if path.name != "pyproject.toml" or not path.is_file():
        return path.is_file()
    return _may_have_own_table(path) and bool(_table(path))


def _may_have_own_table(path: Path) -> bool:
    """Whether a file of TOML seems to name the table tool.wirecheck; to parse one takes longer to begin."""
    try:
        return re.search(_OWN_TABLE, path.read_text("utf-8", "replace")) is not None
    except OSError:
        return True


def table_of(path: Path) -> dict[str, Any]:
    """What a file of TOML contains; raises ConfigError."""
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        is_toml = isinstance(error, tomllib.TOMLDecodeError)
        raise ConfigError(str(path), f"is not TOML: {error}" if is_toml else "is not TOML") from None


def _table(path: Path) -> dict[str, Any]:
    whole = table_of(path)
    if path.name != "pyproject.toml":
        return whole
    table = whole.get("tool", {}).get("wirecheck", {})
    return table if isinstance(table, dict) else {}


def unknown_keys(table: Iterable[str], names: Sequence[str]) -> Iterator[str]:
    """What to say about keys of a table that mean nothing."""
    import difflib

    for key in table:
        if key not in names:
            close = difflib.get_close_matches(key, names, n=1)
            hint = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(names)}."
            yield f"there is no key {key!r}. {hint}"


def _unknown(table: Mapping[str, Any]) -> Iterator[str]:
    yield from unknown_keys(table, Config.__struct_fields__)
    for number, skip in enumerate(_skips(table), 1):
        for problem in unknown_keys(skip, Skip.__struct_fields__):
            yield f"skip {number}: {problem}"


def _literal_tokens(table: Mapping[str, Any]) -> Iterator[str]:
    """Keys whose value is not the name of a variable. Messages never show it: it may be a token."""
    values = {"token": table.get("token")}
    for key in ("tokens_of", "tokens_without"):
        of_key = table.get(key)
        values |= (
            {f"{key}.{name}": value for name, value in of_key.items()} if isinstance(of_key, dict) else {}
        )
    for key, value in values.items():
        if isinstance(value, str) and not re.fullmatch(_VARIABLE, value):
            yield (
                f"{key} must be the name of an environment variable in capitals, such as API_TOKEN, and never"
                " a token"
            )


def _unexplained(table: Mapping[str, Any]) -> Iterator[str]:
    for number, skip in enumerate(_skips(table), 1):
        if not str(skip.get("reason", "")).strip():
            yield f"skip {number} has no reason"
        if "until" not in skip:
            yield f"skip {number} has no expiry date, such as until = 2030-01-31"


def _skips(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    skips = table.get("skip")
    return [skip for skip in skips if isinstance(skip, dict)] if isinstance(skips, list) else []


def shortened(problem: str) -> str:
    """A message of msgspec, which shows types and places, never values, without its notation of paths."""
    what, _, place = problem.partition(" - at `$")
    return f"{place.rstrip('`').lstrip('.')}: {what[0].lower()}{what[1:]}" if place else what
