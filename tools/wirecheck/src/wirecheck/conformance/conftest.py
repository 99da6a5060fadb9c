"""A test for each promise."""

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from wirecheck.conform import Requirement, Session, SessionOptions, open_session, requirements, transport
from wirecheck.conform.asgi import InProcess
from wirecheck.model import TargetError, WirecheckError
from wirecheck.redact import printable
from wirecheck.spec import Spec, load, locate

_TROUBLE = pytest.StashKey[str]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "promise" in metafunc.fixturenames:
        found = []
        try:
            found = _chosen(metafunc.config)
        except WirecheckError as error:
            metafunc.config.stash[_TROUBLE] = printable(str(error))
        metafunc.parametrize("promise", found, ids=lambda requirement: requirement.name)


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    if trouble := config.stash.get(_TROUBLE, ""):
        raise pytest.UsageError(trouble)


@pytest.fixture(scope="session")
def session(pytestconfig: pytest.Config) -> Iterator[Session]:
    """Where promises are tested: one for all tests, which share what was seen."""
    option: Any = pytestconfig.getoption
    try:
        spec, application = _spec(pytestconfig), option("--wirecheck-app")
        options = SessionOptions(
            url=option("--wirecheck-url") or "http://server.test" + spec.prefixes[0],
            token=option("--wirecheck-token"),
            lacking=dict(option("--wirecheck-token-without")),
            values=option("--wirecheck-values"),
            seed=option("--wirecheck-seed"),
            read_only=option("--wirecheck-read-only"),
            rate=option("--wirecheck-rate"),
            listen=option("--wirecheck-listen"),
            allowed_host=option("--wirecheck-yes-i-may-test"),
        )
        http = InProcess(_made(application)) if application else transport(options.url)
        opened = open_session(spec, options, http)
    except WirecheckError as error:
        pytest.exit(printable(str(error)), returncode=pytest.ExitCode.USAGE_ERROR)
    with http, opened as session:
        yield session
        session.tidy()


def _chosen(config: pytest.Config) -> list[Requirement]:
    if bool(config.getoption("--wirecheck-url")) == bool(config.getoption("--wirecheck-app")):
        raise TargetError(
            "wirecheck.conformance", "--wirecheck-url URL or --wirecheck-app MODULE:NAME says what is tested"
        )
    wanted = config.getoption("--wirecheck-operation")
    spec = _spec(config)
    if unknown := set(wanted) - {operation.name for operation in spec.operations}:
        raise TargetError("--wirecheck-operation", f"there is no operation {min(unknown)!r}")
    return [one for one in requirements(spec) if not wanted or one.operation in wanted]


def _spec(config: pytest.Config) -> Spec:
    return load(config.getoption("--wirecheck-spec") or locate())


def _made(path: str) -> object:
    """The application, or what makes it if it can be called without arguments."""
    module, _, name = path.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise TargetError("--wirecheck-app", f"{path} cannot be imported: {error}") from None
    try:
        inspect.signature(found).bind()
    except (TypeError, ValueError):
        return found
    return found()
