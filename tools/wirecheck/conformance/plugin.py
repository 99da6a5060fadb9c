"""The options of the suite: an entry point of pytest, for it reads no conftest of --pyargs in time."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("wirecheck", "conformance of a server")
    group.addoption("--url", metavar="URL", help="where the document's server stands")
    group.addoption("--app", metavar="MODULE:NAME", help="instead: a function that makes an ASGI application")
    group.addoption("--spec", type=Path, metavar="FILE", help="OpenAPI 3.1 document [the bundled one]")
    group.addoption("--token", metavar="TOKEN", help="an access token that may do everything")
    group.addoption("--token-without", action="append", default=[], metavar="SCOPE=TOKEN")
    group.addoption("--values", type=Path, metavar="FILE", help="values that the server knows, as YAML")
    group.addoption("--operation", action="append", default=[], metavar="ID", help="test only this operation")
    group.addoption("--seed", type=int, default=0, metavar="N")
    group.addoption("--read-only", action="store_true", help="send only GET, HEAD and OPTIONS")
    group.addoption("--rate", type=float, metavar="N", help="at most N requests a second")
    group.addoption("--yes-i-may-test", metavar="HOST", help="that the owner of another host agrees")
