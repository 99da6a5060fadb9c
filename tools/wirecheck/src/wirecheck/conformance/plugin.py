"""The pytest plugin: the options of the conformance suite, and of the judge of any other suite's traffic.

The former are here, as pytest loads the conftest of --pyargs too late. pytest loads this module wherever
wirecheck is installed. It imports nothing else of wirecheck before --wirecheck-spec is given, and adds no
options where parts of the toolkit are missing.
"""

import argparse
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

_SUITE = "wirecheck-suite"  # the name of the plugin that judges
REQUIRED = ("cel", "click", "httpx", "jsonschema_rs", "msgspec", "yaml", "wirecheck.conform")


def is_usable() -> bool:
    """Whether all that the suite imports is installed."""
    try:
        return all(find_spec(name) for name in REQUIRED)
    except ImportError:
        return False


def pytest_addoption(parser: pytest.Parser) -> None:
    if not is_usable():
        return
    _add_suite_options(parser)
    group = parser.getgroup("wirecheck", "wirecheck: conformance of a server")
    group.addoption("--wirecheck-url", metavar="URL", help="URL of the server to test")
    group.addoption(
        "--wirecheck-app",
        metavar="MODULE:NAME",
        help="test this ASGI application in process instead, or what the function of this name returns;"
        " the module is looked for in this folder, too",
    )
    group.addoption(
        "--wirecheck-token",
        default=os.environ.get("WIRECHECK_TOKEN"),
        metavar="TOKEN",
        help="access token with all permissions; ps shows it to other users: prefer WIRECHECK_TOKEN",
    )
    group.addoption(
        "--wirecheck-token-without",
        type=_scope_pair,
        action="append",
        default=[],
        metavar="SCOPE=TOKEN",
        help="access token that lacks a scope, to test that the scope is required; repeatable; ps shows it",
    )
    group.addoption(
        "--wirecheck-token-of",
        type=_user_pair,
        action="append",
        default=[],
        metavar="NAME=TOKEN",
        help="access token of another user, to test who has access to what; repeatable; ps shows it",
    )
    group.addoption(
        "--wirecheck-also",
        action="append",
        default=os.environ.get("WIRECHECK_ALSO", "").split(),
        metavar="NAME",
        help="mask the values of this name as well; repeatable [default: WIRECHECK_ALSO]",
    )
    group.addoption(
        "--wirecheck-values", type=Path, metavar="FILE", help="YAML file of values that the server knows"
    )
    group.addoption(
        "--wirecheck-operation",
        action="append",
        default=[],
        metavar="ID",
        help="test only this operation; repeatable",
    )
    group.addoption("--wirecheck-seed", type=int, default=0, metavar="N", help="random seed [default: 0]")
    group.addoption("--wirecheck-read-only", action="store_true", help="send only GET, HEAD and OPTIONS")
    group.addoption(
        "--wirecheck-write", action="store_true", help="permit writes on a host that is not local"
    )
    group.addoption(
        "--wirecheck-settle",
        type=_not_negative,
        default=0.0,
        metavar="SECONDS",
        help="how long the effect of a write may take to be seen by reads [default: 0]",
    )
    group.addoption("--wirecheck-rate", type=_positive, metavar="N", help="at most N requests a second")
    group.addoption(
        "--wirecheck-listen",
        default="127.0.0.1:0",
        metavar="HOST:PORT",
        help="local address for callbacks from the server [default: a free port of 127.0.0.1]",
    )
    group.addoption(
        "--wirecheck-yes-i-may-test",
        metavar="HOST",
        help="confirm that you are authorised to test this non-local host",
    )


def _add_suite_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("wirecheck-suite", "wirecheck: traffic of this test suite")
    spec = "the OpenAPI document that judges all HTTP traffic of this test suite"
    group.addoption(
        "--wirecheck-spec",
        type=Path,
        metavar="FILE",
        help=f"{spec}; with --wirecheck-url or --wirecheck-app that of the server [default then:"
        " WIRECHECK_SPEC, else the application's own, else openapi.yaml, .yml or .json in this folder]",
    )
    parser.addini("wirecheck_spec", f"{spec}, relative to this file, if --wirecheck-spec is not given")
    group.addoption(
        "--wirecheck-warn", action="store_true", help="warn of violations, instead of failing the tests"
    )
    group.addoption(
        "--wirecheck-strict",
        action="store_true",
        help="fail for undocumented paths and documented failures (5xx), too, which are only notes otherwise",
    )
    group.addoption(
        "--wirecheck-base-path",
        metavar="PATH",
        help="path below which the tests reach the API, in place of those of the document's servers",
    )
    group.addoption(
        "--wirecheck-fail-under",
        type=_percentage,
        metavar="PERCENT",
        help="fail if the tests met less than this part of the documented responses (default aside)",
    )
    group.addoption(
        "--wirecheck-report",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write a report as `wirecheck check --report` does; repeatable",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not is_usable():
        return
    if config.getoption("--wirecheck-url"):
        _require_one_worker(config)
    elif not config.getoption("--wirecheck-app") and (document := _document(config)):
        from wirecheck.testing.suite import suite_judge

        config.pluginmanager.register(suite_judge(config, document), _SUITE)


@pytest.fixture
def wirecheck(pytestconfig: pytest.Config) -> Any:
    """Judges a response by the document: `wirecheck(response)` fails the test, `findings` lists findings."""
    judge = pytestconfig.pluginmanager.get_plugin(_SUITE)
    if judge is None:
        pytest.fail("the fixture wirecheck needs --wirecheck-spec FILE or the setting wirecheck_spec", False)
    return judge.response_judge


def _document(config: pytest.Config) -> Path | None:
    """The document that judges the suite, if one is given."""
    option: Path | None = config.getoption("--wirecheck-spec")
    setting: str = config.getini("wirecheck_spec")
    if option or not setting:
        return option
    folder = config.inipath.parent if config.inipath else config.rootpath
    return Path(os.path.relpath(folder / setting))


def _require_one_worker(config: pytest.Config) -> None:
    """Requires that tests of one server stay in one worker of pytest-xdist."""
    if hasattr(config, "workerinput"):
        return
    workers = getattr(config.option, "numprocesses", None) or 0
    if workers > 1 and getattr(config.option, "dist", "no") != "loadfile":
        raise pytest.UsageError(
            "--wirecheck-url: the tests share one server: add --dist loadfile, which keeps them in one"
            " worker of pytest-xdist, or -n 0"
        )


def _scope_pair(text: str) -> tuple[str, str]:
    return _pair("SCOPE", text)


def _user_pair(text: str) -> tuple[str, str]:
    return _pair("NAME", text)


def _pair(key: str, text: str) -> tuple[str, str]:
    name, _, token = text.partition("=")
    if not name or not token:
        raise argparse.ArgumentTypeError(f"must be {key}=TOKEN")
    return name, token


def _not_negative(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be greater than 0")
    return number


def _percentage(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError("must be from 0 to 100")
    return number
