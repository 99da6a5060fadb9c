"""The judge of live traffic, without any traffic."""

import json
from contextlib import closing
from dataclasses import replace

import pytest

from support.faithful import faithful_exchanges
from support.judging import HOST, SPEC
from wirecheck.checks import Judge
from wirecheck.live import Monitor, WatchedApi, is_violating, problem, violations
from wirecheck.model import Exchange, Severity, Side

FAITHFUL = [
    each
    for each in faithful_exchanges(SPEC, HOST)
    if each.status < 400 and b"data" in (each.response_body or b"")
]


def broken(exchange: Exchange) -> Exchange:
    return replace(exchange, response_body=b'{"data": 1, "meta": {"code": 200}}')


def test_a_monitor_finds_what_the_judge_finds() -> None:
    judge = Judge(SPEC)
    exchanges = [*FAITHFUL[:20], *map(broken, FAITHFUL[:20])]
    violating = 0
    with closing(Monitor([WatchedApi(SPEC)])) as monitor:
        for entry, exchange in enumerate(exchanges):
            verdict = judge.judge(replace(exchange, source=f"live#{entry}", entry=entry))
            assert monitor.judge(replace(exchange, source="live")) == verdict
            violating += is_violating(verdict.findings)
        (report,) = monitor.reports()
        assert report.exchanges == monitor.judged == len(exchanges)
        assert monitor.violating == violating >= len(exchanges) // 3


def test_each_document_has_its_own_traffic() -> None:
    monitor = Monitor([WatchedApi(SPEC, host="other.example"), WatchedApi(SPEC, prefix="/v1")])
    assert monitor.judge(FAITHFUL[0]) is not None
    assert monitor.judge(replace(FAITHFUL[0], url="https://third.example/v2/users")) is None
    assert monitor.judge(replace(FAITHFUL[0], url="https://other.example:8080/v1/users")) is not None
    first, second = monitor.reports()
    assert (first.exchanges, second.exchanges) == (1, 1)
    monitor.close()


def test_a_request_is_judged_before_it_is_sent() -> None:
    monitor = Monitor([WatchedApi(SPEC)])
    right = replace(FAITHFUL[0], status=0, response_headers=(), response_body=None)
    assert not violations(monitor.request_findings(right), Side.REQUEST)
    wrong = replace(right, url=f"{HOST}/v1/media/nothing/of/that/kind")
    (finding,) = violations(monitor.request_findings(wrong), Side.REQUEST)
    assert finding.check == "operation-known"
    assert monitor.judged == 0
    status, body = problem(Side.REQUEST, [finding])
    assert (status, json.loads(body)["violations"]) == (400, 1)
    monitor.close()


def test_a_large_body_is_not_judged_but_counted() -> None:
    monitor = Monitor([WatchedApi(SPEC)], max_body=10)
    verdict = monitor.judge(broken(FAITHFUL[0]))
    assert verdict is not None
    assert not any(each.severity is Severity.ERROR for each in verdict.findings)
    assert monitor.unjudged == 1
    monitor.close()


def test_what_is_found_again_and_again_is_counted_but_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.reports.first_findings.MOST", 3)
    monkeypatch.setattr("wirecheck.reports.first_findings._KINDS", 2)
    monitor = Monitor([WatchedApi(SPEC)])
    wrong = broken(FAITHFUL[0])
    unknown = [replace(wrong, url=f"{HOST}/v1/{name}/of") for name in ("no", "such", "path", "as", "this")]
    for exchange in (wrong, wrong, wrong, *unknown):
        monitor.judge(exchange)
    assert "first of" not in " ".join(finding.message for finding in monitor.findings[:3])
    for _ in range(7):
        monitor.judge(wrong)
    (report,) = monitor.reports()
    messages = [finding.message for finding in report.findings]
    assert sum(report.severities.values()) == 10 + len(unknown)
    assert [message.partition(" (the first ")[2] for message in messages] == [
        "of 10 alike, of which 3 are listed)",
        "",
        "",
        "",  # of the second kind, which was met once
        "of 4 of further kinds, of which 3 are listed)",
        "",
        "",
    ]
    monitor.close()


def test_the_program_of_a_person_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.engine._MANY", 0)
    monkeypatch.setattr("os.fork", lambda: pytest.fail("a copy"))
    monitor = Monitor([WatchedApi(SPEC)])
    assert monitor.try_judge(broken(FAITHFUL[0])) is None
    assert (monitor.judged, monitor.unjudged, monitor.failed) == (1, 1, 0)


def test_coverage_counts_documented_responses() -> None:
    monitor = Monitor([WatchedApi(SPEC)])
    monitor.judge(FAITHFUL[0])
    assert monitor.coverage.operations == (1, len(SPEC.operations))
    met, documented = monitor.coverage.responses
    assert met == 1 < documented
    operation, statuses = next(monitor.coverage.missing())
    assert statuses
    assert operation in SPEC.operations
    other = Monitor([WatchedApi(SPEC)])
    other.coverage.merge(monitor.coverage.counted())
    assert other.coverage.counted() == monitor.coverage.counted()
    monitor.close()
    other.close()
