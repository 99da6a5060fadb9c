"""Whatever is on the wire can be judged, and what satisfies the document has no finding."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from support.damage import NOISE, damaged_exchanges
from support.faithful import faithful_exchanges
from support.judging import HOST, JUDGE, SPEC, findings_of
from wirecheck.checks import Judge
from wirecheck.model import Exchange, Finding

FAITHFUL = list(faithful_exchanges(SPEC, HOST))


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


def judged_twice(exchange: Exchange) -> list[Finding]:
    findings = findings_of(JUDGE, exchange)
    assert findings_of(JUDGE, exchange) == findings, "what is found does not depend on what was judged before"
    for finding in findings:
        json.dumps(structs.asdict(finding), ensure_ascii=False).encode()
        assert finding.message
    return findings


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(damaged_exchanges(FAITHFUL))
def test_a_damaged_exchange_can_be_judged(exchange: Exchange) -> None:
    judged_twice(exchange)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(NOISE)
def test_noise_can_be_judged(exchange: Exchange) -> None:
    judged_twice(exchange)


@pytest.mark.no_cover
@settings(max_examples=100)
@given(st.lists(st.one_of(damaged_exchanges(FAITHFUL), NOISE), min_size=2, max_size=4))
def test_the_order_of_exchanges_does_not_matter(exchanges: list[Exchange]) -> None:
    forth, back = Judge(SPEC), Judge(SPEC)
    there = [forth.judge(exchange) for exchange in exchanges]
    assert [back.judge(exchange) for exchange in reversed(exchanges)] == there[::-1]
