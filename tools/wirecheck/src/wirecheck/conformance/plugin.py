"""The options of the suite: an entry point of pytest, for it reads no conftest of --pyargs in time."""

import argparse
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("wirecheck", "conformance of a server")
    group.addoption("--wirecheck-url", metavar="URL", help="where the document's server stands")
    group.addoption(
        "--wirecheck-app", metavar="MODULE:NAME", help="instead: an ASGI application, or what makes one"
    )
    group.addoption(
        "--wirecheck-spec",
        type=Path,
        metavar="FILE",
        help="OpenAPI document [WIRECHECK_SPEC, or openapi.yaml, .yml or .json here]",
    )
    group.addoption("--wirecheck-token", metavar="TOKEN", help="an access token that may do everything")
    group.addoption(
        "--wirecheck-token-without",
        type=_pair,
        action="append",
        default=[],
        metavar="SCOPE=TOKEN",
        help="a token that lacks a scope, to see that it is wanted",
    )
    group.addoption(
        "--wirecheck-values", type=Path, metavar="FILE", help="values that the server knows, as YAML"
    )
    group.addoption(
        "--wirecheck-operation", action="append", default=[], metavar="ID", help="test only this operation"
    )
    group.addoption("--wirecheck-seed", type=int, default=0, metavar="N", help="what chance begins with")
    group.addoption("--wirecheck-read-only", action="store_true", help="send only GET, HEAD and OPTIONS")
    group.addoption("--wirecheck-rate", type=_positive, metavar="N", help="at most N requests a second")
    group.addoption("--wirecheck-listen", default="127.0.0.1:0", metavar="HOST:PORT", help="for callbacks")
    group.addoption(
        "--wirecheck-yes-i-may-test", metavar="HOST", help="that the owner of another host agrees"
    )


def _pair(text: str) -> tuple[str, str]:
    scope, _, token = text.partition("=")
    if not scope or not token:
        raise argparse.ArgumentTypeError("wants SCOPE=TOKEN")
    return scope, token


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("is not above 0")
    return number
