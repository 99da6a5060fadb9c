"""Doors of OpenAPI documents: what each command does with the document of a stranger."""

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import cache
from typing import Any

import httpx
import yaml
from msgspec.structs import replace

from fuzz_inputs.common import DEPOT, UNUSABLE, URL, Json, corpus, file, mutants, vocabulary
from fuzz_inputs.harness import Door
from fuzz_inputs.mutator import Mutator
from hostile.documents import Writer
from hostile.payloads import hostile
from support.paths import SPECS
from wirecheck import conform, fuzz, generate
from wirecheck.blame import document_errors
from wirecheck.checks import Judge
from wirecheck.conform import SessionOptions
from wirecheck.fuzz.proxy import as_toml, configuration
from wirecheck.fuzz.view import view
from wirecheck.lint import RULES, Ruleset, lint, to_json, to_text
from wirecheck.migration import render
from wirecheck.model import Exchange
from wirecheck.reference import FORMATS
from wirecheck.reports import FORMATS as REPORTS
from wirecheck.reports.collect import Collector
from wirecheck.spec import Spec, load
from wirecheck.spec.text import parse

_HEAD = "openapi: 3.1.0\ninfo: {title: Things, version: '1'}\n"
_EXCHANGES = [
    Exchange(
        source="a.har#0",
        entry=0,
        method=method,
        url=f"https://things.test{path}?limit=2&a=%7B%7D",
        status=status,
        request_headers=(("content-type", "application/json"), ("host", "things.test")),
        request_body=b'{"name": "a", "id": 1, "items": [1, 2]}',
        response_headers=(("content-type", "application/json"), ("server", "nginx")),
        response_body=body,
    )
    for method, path, status in (("GET", "/things", 200), ("POST", "/things/1", 201), ("GET", "/a/b", 404))
    for body in (b'{"id": 1, "name": "a", "items": [{"id": 2}]}', b'["a", null, 1.5, {"a": {}}]')
]


def _load(content: bytes) -> Spec:
    """As `load` does for the content of a file."""
    return load(file(content, "api.yaml"))


def _documents(content: bytes) -> Iterator[str]:
    """What `check`, `docs`, `migration` and the preparation of `fuzz` do with a document."""
    spec = _load(content)
    with document_errors(spec):
        yield from _pages(spec)
    with document_errors(spec):
        yield from _verdicts(spec)


def _pages(spec: Spec) -> Iterator[str]:
    for render_page in FORMATS.values():
        yield from render_page(spec)
    yield from render(spec)


def _verdicts(spec: Spec) -> Iterator[str]:
    judging = Judge(spec)
    with closing(Collector(spec)) as collector:
        for exchange in (*_EXCHANGES, *_matching(spec)):
            collector.add(judging.judge(exchange))
        for report_format in REPORTS.values():
            yield "".join(report_format(collector.report()))


def _matching(spec: Spec) -> Iterator[Exchange]:
    """An exchange of each operation."""
    for operation in spec.operations[:8]:
        prefix = (operation.servers or spec.prefixes)[0]
        status = operation.statuses[0] if operation.statuses else ""
        yield replace(
            _EXCHANGES[0],
            method=operation.method,
            url=f"https://things.test{prefix}{operation.template}".replace("{", "").replace("}", ""),
            status=int(status) if re.fullmatch("[0-9]{3}", status) else 200,
        )


def _tested(content: bytes) -> Iterator[str]:
    """What `conform` and `fuzz` do with a document, against a server that always responds the same."""
    spec = _load(content)
    options = SessionOptions(url=URL, token="a-token-0123456789", max_time=5)
    with (
        document_errors(spec),
        httpx.MockTransport(lambda _: httpx.Response(200, json={"id": 1, "name": "a", "items": []})) as http,
    ):
        session = fuzz.open_session(spec, options, http)
        json.dumps(view(session))
        tomllib.loads(as_toml(configuration(session)))
        with conform.open_session(spec, options, http) as tested:
            report = conform.run(tested, conform.requirements(spec))
    for report_format in conform.FORMATS.values():
        yield from report_format(report)


def _linted(content: bytes) -> Iterator[str]:
    """What `lint` does."""
    spec = _load(content)
    problems = lint(spec, list(Ruleset))
    yield from to_text("api.yaml", problems)
    yield from to_json("api.yaml", problems)


def _generated(content: bytes) -> Iterator[str]:
    """What `generate` does, without formatting the code."""
    spec = _load(content)
    for module in generate.unformatted(spec, "client").values():
        yield module.decode()


@cache
def _values() -> list[Json]:
    """Documents: the examples of the lint rules, those of the tests, and one with a little of everything."""
    small = [_HEAD + text for rule in RULES.values() for text in (rule.good, rule.bad)]
    large = [path.read_text() for path in (DEPOT, SPECS / "petshop.yaml")]
    usable: list[Json] = []
    for text in (*small, *large):
        with suppress(*UNUSABLE):
            usable.append(parse(text, "api.yaml").data)
    return usable


def _texts(door: str) -> list[bytes]:
    found = corpus("documents") + (corpus(door) if door != "documents" else [])
    return [
        *found,
        *(text.encode() for rule in RULES.values() for text in (_HEAD + rule.good, _HEAD + rule.bad)),
    ]


def _written(mutator: Mutator, value: Json) -> bytes:
    """A document as JSON, or as YAML in one of its styles."""
    if mutator.chance(0.75):
        return mutator.json(value)
    try:
        text = yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=mutator.chance(0.5), sort_keys=False)
    except (yaml.YAMLError, UnicodeError, ValueError):
        return mutator.json(value)
    return text.encode("utf-8", "surrogatepass")


def _hostile(mutator: Mutator) -> bytes:
    """A document whose texts look like code, templates and paths, with a mutation."""
    value = Writer(mutator.random, hostile(mutator.random)).document()
    return mutator.json(mutator.leaf(value) if mutator.chance(0.5) else mutator.value(value))


def doors() -> Iterator[Door]:
    small = [value for value in _values() if len(json.dumps(value)) < 4000]
    words: dict[str, Any] = dict(vocabulary(_values()))
    for name, run, batch, share, values in (
        ("documents", _documents, 500, 4.0, [*small, *small, *_values()]),
        ("documents-lint", _linted, 150, 2.0, [*small, *small, *_values()]),
        ("documents-conform", _tested, 100, 1.0, small),
        ("documents-generate", _generated, 50, 1.0, small),
    ):
        mutant = mutants(values, _texts("documents"), _written)
        yield Door(name, mutant, run, UNUSABLE, words, batch, share)
    yield Door("documents-hostile", _hostile, _generated, UNUSABLE, words, 50, 0.5)
