"""A request that violates a named rule is not accepted."""

import pytest

from support.judging import (
    DOCUMENT,
    JUDGE,
    MULTIPART,
    api,
    checks_of,
    comment,
    findings_of,
    messages_of,
    multipart,
    thing,
)
from wirecheck.model import Exchange

RULE = {
    "type": "string",
    "allOf": [
        {"x-rule": "short", "x-message": "It is short.", "maxLength": 3},
        {"x-rule": "calm", "x-message": "It is calm.", "not": {"pattern": "!"}},
    ],
}
COMMENTS_BY_RULE: list[tuple[Exchange, list[str]]] = [
    (comment(b"text=LOUD"), ["not-all-capitals"]),
    (comment(b"text=LOUD+http://a.b+https://c.d"), ["max-urls"]),
    (comment(b"text=" + b"a" * 301), ["max-length"]),
    (comment(b"text=" + b"A" * 301), ["max-length", "not-all-capitals"]),
    (comment(b"text=#a #b #c #d #e"), ["max-hashtags"]),
    (comment(b"", "text=LOUD"), ["not-all-capitals"]),
    (comment(None, "text=LOUD"), ["not-all-capitals"]),
    (comment(b"text=calm", "text=LOUD"), []),
    (
        comment(multipart({"text": "LOUD"}), request_headers=(("content-type", MULTIPART),)),
        ["not-all-capitals"],
    ),
    (comment(b"text=LOUD", status=400), []),
    (comment(b"text=calm"), []),
    (comment(None), []),
]


@pytest.mark.parametrize(("exchange", "rules"), COMMENTS_BY_RULE)
def test_a_violated_rule_is_found_where_the_request_was_accepted(
    exchange: Exchange, rules: list[str]
) -> None:
    findings = findings_of(JUDGE, exchange)
    assert {finding.check for finding in findings} <= {"rule-broken-but-accepted"}
    for finding, rule in zip(findings, rules, strict=True):
        spec_pointer = DOCUMENT.get(finding.spec_pointer.removeprefix("#"))
        assert spec_pointer["x-rule"] == rule
        assert f'"{rule}"' in finding.message
        assert finding.message.endswith(spec_pointer["x-message"])
        assert finding.pointer == "/text"


@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_violated_rule_of_a_parameter_is_found(status: int) -> None:
    judge = api({"parameters": [{"name": "p", "in": "query", "schema": RULE}]})
    [finding] = findings_of(judge, thing("p=a!", status=status))
    assert finding.check == "rule-broken-but-accepted"
    assert finding.message == 'the query parameter "p" violates the rule "calm" but was accepted: It is calm.'
    assert finding.pointer is None
    assert len(findings_of(judge, thing("p=abc!", status=status))) == 2


@pytest.mark.parametrize("status", [302, 400, 429])
def test_a_violated_rule_is_not_found_where_the_request_was_not_accepted(status: int) -> None:
    judge = api({"parameters": [{"name": "p", "in": "query", "schema": RULE}]})
    assert checks_of(judge, thing("p=abc!", status=status)) == []


def test_a_rule_without_a_message_has_that_of_its_schema() -> None:
    schema = {"type": "string", "allOf": [{"x-rule": "short", "maxLength": 3}]}
    judge = api({"parameters": [{"name": "p", "in": "query", "schema": schema}]})
    [message] = messages_of(judge, thing("p=abcd"))
    assert message.endswith('violates the rule "short" but was accepted: It has more than 3 characters (4).')
