"""What satisfies the contract has no finding, and whatever else is on the wire can be judged by it."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import structs

from support.damage import damaged_exchanges
from support.faithful import faithful_exchanges
from support.judging import findings_of
from support.paths import CONTRACT
from wirecheck.checks import Judge
from wirecheck.model import Exchange
from wirecheck.spec import load, walk

SPEC = load(CONTRACT)
HOST = "https://api.instagram.com"
FAITHFUL = list(faithful_exchanges(SPEC, HOST))
JUDGE = Judge(SPEC)


def test_every_documented_response_has_a_faithful_exchange() -> None:
    documented = {
        (operation.name, response.status) for operation in SPEC.operations for response in operation.responses
    }
    assert {tuple(exchange.source.removesuffix(".har#0").split("-")) for exchange in FAITHFUL} == documented
    assert len(FAITHFUL) > len(documented)


def test_a_faithful_exchange_has_no_finding() -> None:
    judge = Judge(SPEC, with_laws=False)  # every response is combined with every request
    assert [finding for exchange in FAITHFUL for finding in judge.judge(exchange).findings] == []


def test_a_faithful_exchange_belongs_to_its_operation() -> None:
    for exchange in FAITHFUL:
        assert JUDGE.judge(exchange).operation == exchange.source.partition("-")[0]


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(damaged_exchanges(FAITHFUL))
def test_a_damaged_exchange_can_be_judged(exchange: Exchange) -> None:
    findings = findings_of(JUDGE, exchange)
    assert findings_of(JUDGE, exchange) == findings
    for finding in findings:
        json.dumps(structs.asdict(finding), ensure_ascii=False).encode()


@pytest.mark.parametrize("path", ["/tags/snow", "/tags/snow/", "/tags/snow.json", "/tags/SNOW.json"])
def test_the_contract_tolerates_a_slash_and_the_suffix_json(path: str) -> None:
    match = SPEC.match("GET", f"/v1{path}")
    assert match is not None
    assert match.operation is not None
    assert match.operation.name == "getTag"
    assert match.values["tag_name"].lower() == "snow"


def test_every_operation_is_found_by_its_own_path() -> None:
    assert len(SPEC.operations) > 27
    for operation in SPEC.operations:
        for prefix in operation.servers or SPEC.prefixes:
            match = SPEC.match(operation.method, prefix + re.sub(r"\{\w+\}", "7", operation.template))
            assert match is not None
            assert match.operation == operation


def test_the_walk_visits_every_reference() -> None:
    nodes = list(walk(SPEC.document))
    assert len({node.pointer for node in nodes}) == len(nodes)
    text = json.dumps(SPEC.document.data)
    references = text.count('"$ref"') - text.count('"$ref": "#/components/x-laws/')
    assert sum(node.ref is not None for node in nodes) == references
