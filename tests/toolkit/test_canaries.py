"""Canaries: a secret in any place, under any name, in any encoding is not shown by a finding."""

import pytest

from support.canaries import CANARY, canary, leaks, placements
from support.judging import api
from wirecheck.model import Exchange

JUDGE = api(
    {
        "responses": {
            "default": {
                "description": "Anything.",
                "content": {"application/json": {"schema": {"additionalProperties": {"type": "integer"}}}},
            }
        }
    }
)


def shown(exchange: Exchange) -> str:
    """Everything that the findings of an exchange show."""
    judge = JUDGE if exchange.method == "GET" else POST_JUDGE
    findings = judge.judge(exchange).findings
    return "\n".join(f"{finding.message}\n{finding.path}\n{finding.pointer}" for finding in findings)


POST_JUDGE = api(JUDGE.spec.document.get("/paths/~1things/get"), method="post")


@pytest.mark.parametrize(("name", "place", "encoding"), placements())
def test_a_canary_is_not_shown(name: str, place: str, encoding: str) -> None:
    exchange, echo = canary(name, place, encoding)
    text = shown(exchange)
    assert text
    assert not leaks(text, CANARY)
    assert not leaks(text, echo)
