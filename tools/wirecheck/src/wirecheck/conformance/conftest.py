"""Fixtures of the conformance suite: the session, and one test for each requirement."""

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from wirecheck.conform import Requirement, Session, SessionOptions, open_session, requirements, transport
from wirecheck.conform.asgi import InProcess
from wirecheck.conform.encoding import default_path
from wirecheck.model import TargetError, WirecheckError
from wirecheck.redact import printable
from wirecheck.spec import Spec, load, locate

_ERROR = pytest.StashKey[str]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "requirement" in metafunc.fixturenames:
        chosen: list[Requirement] = []
        try:
            chosen = _chosen(metafunc.config)
        except WirecheckError as error:
            metafunc.config.stash[_ERROR] = printable(str(error))
        metafunc.parametrize("requirement", chosen, ids=lambda requirement: requirement.name)


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    if error := config.stash.get(_ERROR, ""):
        raise pytest.UsageError(error)


@pytest.fixture(scope="session")
def session(pytestconfig: pytest.Config) -> Iterator[Session]:
    """One session for all tests, which share its observations."""
    option: Any = pytestconfig.getoption
    try:
        spec, application = _spec(pytestconfig), option("--wirecheck-app")
        options = SessionOptions(
            url=option("--wirecheck-url") or f"http://server.test{default_path(spec)}",
            token=option("--wirecheck-token"),
            tokens_without=dict(option("--wirecheck-token-without")),
            tokens_of=dict(option("--wirecheck-token-of")),
            values=option("--wirecheck-values"),
            also=tuple(option("--wirecheck-also")),
            seed=option("--wirecheck-seed"),
            read_only=option("--wirecheck-read-only"),
            rate=option("--wirecheck-rate"),
            listen=option("--wirecheck-listen"),
            allowed_host=option("--wirecheck-yes-i-may-test"),
        )
        http = InProcess(_application(application)) if application else transport(options.url)
        opened = open_session(spec, options, http)
    except WirecheckError as error:
        pytest.exit(printable(str(error)), returncode=pytest.ExitCode.USAGE_ERROR)
    with http, opened as session:
        yield session
        session.undo_remaining()


def _chosen(config: pytest.Config) -> list[Requirement]:
    if bool(config.getoption("--wirecheck-url")) == bool(config.getoption("--wirecheck-app")):
        raise TargetError(
            "wirecheck.conformance", "give either --wirecheck-url URL or --wirecheck-app MODULE:NAME"
        )
    names = config.getoption("--wirecheck-operation")
    spec = _spec(config)
    if unknown := set(names) - {operation.name for operation in spec.operations}:
        raise TargetError("--wirecheck-operation", f"there is no operation {min(unknown)!r}")
    return [requirement for requirement in requirements(spec) if not names or requirement.operation in names]


def _spec(config: pytest.Config) -> Spec:
    return load(config.getoption("--wirecheck-spec") or locate())


def _application(path: str) -> object:
    """The object at MODULE:NAME, or what it returns if it can be called without arguments."""
    module, _, name = path.partition(":")
    try:
        value = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise TargetError("--wirecheck-app", f"{path} cannot be imported: {error}") from None
    try:
        inspect.signature(value).bind()
    except (TypeError, ValueError):
        return value
    return value()
