"""A test for each promise."""

import importlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from wirecheck.conform import Lab, Options, laboratory, promises
from wirecheck.conform.asgi import InProcess
from wirecheck.model import WirecheckError
from wirecheck.spec import Spec, bundled, load


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "promise" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--operation")
        found = [one for one in promises(_spec(metafunc.config)) if not chosen or one.operation in chosen]
        metafunc.parametrize("promise", found, ids=lambda promise: promise.name)


@pytest.fixture(scope="session")
def lab(pytestconfig: pytest.Config) -> Iterator[Lab]:
    """Where promises are tested: one for all tests, which share what was seen."""
    option: Any = pytestconfig.getoption
    application = option("--app")
    if not option("--url") and not application:
        raise pytest.UsageError("--url URL or --app MODULE:NAME says what is tested")
    options = Options(
        url=option("--url") or "http://server.test" + _spec(pytestconfig).prefixes[0],
        token=option("--token"),
        lacking=dict(one.partition("=")[::2] for one in option("--token-without")),
        values=option("--values"),
        seed=option("--seed"),
        read_only=option("--read-only"),
        rate=option("--rate"),
        allowed_host=option("--yes-i-may-test"),
    )
    transport = InProcess(_made(application)) if application else None
    with httpx.Client(timeout=30, transport=transport) as http:
        try:
            yield laboratory(_spec(pytestconfig), options, http)
        except WirecheckError as error:
            raise pytest.UsageError(str(error)) from None


def _spec(config: pytest.Config) -> Spec:
    try:
        return load(config.getoption("--spec") or bundled())
    except WirecheckError as error:
        raise pytest.UsageError(str(error)) from None


def _made(path: str) -> object:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)()
