"""Doors of files and options beside documents and recordings: values, saved failures, tokens, addresses."""

import socket
from collections.abc import Iterator
from functools import cache, wraps
from typing import Any
from unittest.mock import patch

import click
import httpx
import yaml

from fuzz_inputs.common import UNUSABLE, URL, Json, corpus, depot, file, mutants, vocabulary
from fuzz_inputs.harness import CANARY, Door, Run
from fuzz_inputs.mutator import Mutator
from fuzz_inputs.traffic import CRATE
from wirecheck import conform
from wirecheck.cli import target as options
from wirecheck.conform import SessionOptions, hosts
from wirecheck.conform.case import InconclusiveError
from wirecheck.model import TargetError
from wirecheck.redact import printable
from wirecheck.replay import replay

VALUES: list[Json] = [
    {
        "parameters": {"crate": [7, 8], "limit": 2, "name": "plan"},
        "operations": {"addCrate": {"label": "b-2", "weight": 1}, "getFile": {"name": "plan", "version": 3}},
        "credentials": {"key": "a-key-0123456789", "basic": "ada:secret", "session": "5ecre7a0123456789"},
        "statuses": {
            "404": {"getCrate": {"crate": 999}, "*": {"token": "no"}},
            "429": {"listCrates": {"repeat": 3}},
        },
        "irreversible": {"addUser": [{"name": "Bela", "password": "Tr0ub4dor-x9"}]},
        "single_use": {
            "addCrate": {
                "label": [{"url": "/form?a={b}", "form": {"a": "{b}"}, "find": {"label": "id=(\\w+)"}}]
            }
        },
        "revoked": ["a-token-that-was-revoked"],
    },
    {"operations": {"listCrates": {"limit": [1, 50], "ids": [1, 2], "where": {"a": "b"}, "kind": ["wood"]}}},
    {"credentials": {"bearer": "a-token-0123456789", "key": "b"}},
]
_FAILURE = {
    "id": "5f2a8e0c9d1b3a47",
    "check": "status-documented",
    "operation": "getCrate",
    "message": "418 is not documented",
    "spec_pointer": "#/paths/~1crates~1%7Bcrate%7D/get",
    "status": 418,
}
SAVED: list[Json] = [
    {
        "wirecheck": 2,
        "api": "Depot",
        "seed": 1,
        "failure": _FAILURE,
        "steps": [
            {
                "method": "POST",
                "target": "/v3/crates?access_token=wirecheck~key~",
                "headers": [
                    ["content-type", "application/json"],
                    ["authorization", "Bearer wirecheck~bearer~"],
                ],
                "text": '{"label": "wirecheck~key~", "weight": 1}',
            },
            {"method": "GET", "target": "/v3/crates/7?access_token=wirecheck~key~"},
            {"undoes": 0},
            {"method": "DELETE", "target": "/v3/crates/7", "base64": "AAEC/w=="},
        ],
    },
    {
        "wirecheck": 2,
        "api": "Depot",
        "seed": 3,
        "failure": _FAILURE | {"check": "parameters"},
        "requirement": "getCrate: parameters: accepts known values",
        "inconclusive": "the operation is retired",
    },
]


def _http() -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(200, json=CRATE))


def _offline(run: Run) -> Run:
    """Looks up no names of hosts while something runs: nothing leaves this machine."""
    resolve = socket.getaddrinfo

    def numeric(host: Any, port: Any, *_: Any, **__: Any) -> Any:
        return resolve(host, port, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM)

    @wraps(run)
    def offline(content: bytes) -> Iterator[str]:
        with patch("socket.getaddrinfo", numeric):
            yield from run(content)

    return offline


@_offline
def _values(content: bytes) -> Iterator[str]:
    """What `conform --values` does with a file, before most requests are sent."""
    path = file(content, "values.yaml")
    with (
        _http() as http,
        conform.open_session(depot(), SessionOptions(url=URL, values=path), http) as session,
    ):
        for operation in depot().operations:
            try:
                cases = list(session.requests.cases(operation))[:3]
                for case in cases:
                    yield session.command(case)
                    session.send(case)
            except InconclusiveError as error:
                yield str(error)
            for status in operation.statuses:
                session.requests.values.recipe(operation, status)
        session.judge_pending()


@cache
def _requirements() -> list[str]:
    return [requirement.name for requirement in conform.requirements(depot())]


@_offline
def _saved(content: bytes) -> Iterator[str]:
    """What `replay` does with a file."""
    with _http() as http:
        replayed = replay(
            file(content, "saved.json"), depot(), SessionOptions(url=URL, token="b-0123456789"), http
        )
    yield printable(replayed.message)


@_offline
def _options(content: bytes) -> Iterator[str]:
    """What commands do with the texts of options: addresses, tokens and their files, scopes."""
    text = content.decode("utf-8", "replace")
    for read_option in (_token, _scope, _address):
        try:
            yield from read_option(content, text)
        except (TargetError, click.ClickException) as error:
            yield str(error) if isinstance(error, TargetError) else error.format_message()


def _token(content: bytes, text: str) -> Iterator[str]:
    token = options._token(None, file(content, "token"))
    assert token
    assert token.isprintable()
    yield ""


def _scope(content: bytes, text: str) -> Iterator[str]:
    options._pair("--token-without", "SCOPE=TOKEN", text)
    yield ""


def _address(content: bytes, text: str) -> Iterator[str]:
    hosts.require_allowed(text, None)
    hosts.can_call_back(text, text)
    yield ""


_OPTIONS = (
    b"http://127.0.0.1:8080/v1", b"https://main.depot.test/v3", b"http://[::1]:80/a", b"http://localhost.:1/%2e%2e",
    b"a-token-0123456789", b"scope=token-0123456789", b"/v3/{a}", b"http://2130706433/", b"http://127.0.0.1%2f@b/",
)  # fmt: skip


def _option(mutator: Mutator) -> bytes:
    content = mutator.random.choice(_OPTIONS)
    return (
        mutator.within(content.decode()).encode("utf-8", "surrogatepass")
        if mutator.chance(0.6)
        else mutator.content(content)
    )


def _as_yaml(mutator: Mutator, value: Json) -> bytes:
    if mutator.chance(0.5):
        return mutator.json(value)
    try:
        return yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True).encode("utf-8", "surrogatepass")
    except (yaml.YAMLError, ValueError):
        return mutator.json(value)


def _with_secret(mutator: Mutator, value: Json) -> bytes:
    """A values file whose credentials are a secret, in an entry of its own; a few bytes may be wrong."""
    if isinstance(value, dict) and mutator.chance(0.5):
        value = {**value, "credentials": {"key": CANARY}, "revoked": [CANARY]}
    return _as_yaml(mutator, value)


def doors() -> Iterator[Door]:
    requirements = [SAVED[1] | {"requirement": name} for name in _requirements()]
    values = mutants(VALUES, corpus("values"), _with_secret)
    yield Door("values", values, _values, UNUSABLE, vocabulary(VALUES), 500, 1.0)
    names = vocabulary(SAVED)
    yield Door(
        "saved",
        mutants([SAVED[0]] * len(requirements) + requirements, corpus("saved")),
        _saved,
        UNUSABLE,
        names,
        500,
        2.0,
    )
    yield Door("options", _option, _options, UNUSABLE, {}, 15_000, 14.0)
