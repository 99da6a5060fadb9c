"""The judge of live traffic, without any traffic."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import TypeVar

import pytest
from msgspec.structs import replace

from support.faithful import faithful_exchanges
from support.judging import HOST, SPEC
from support.reports import FINDING
from wirecheck.checks import Judge
from wirecheck.live import Mode, Monitor, ViolationError, WatchedApi, is_violating, problem, violations
from wirecheck.live.inspection import Inspection
from wirecheck.live.tally import LatestFindings, Overview, ProxyTally
from wirecheck.live.view import block
from wirecheck.model import Exchange, Finding, LimitError, Severity, Side, SpecError

T = TypeVar("T")

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


def test_nothing_is_found_in_what_no_document_is_about() -> None:
    monitor = Monitor([WatchedApi(SPEC, host="other.example")])
    assert monitor.judge_of(FAITHFUL[0].url) is None
    assert not monitor.accept(FAITHFUL[0])
    assert monitor.request_findings(broken(FAITHFUL[0])) == ()
    assert monitor.judged == 0
    monitor.raise_for_violations()


def test_a_request_that_takes_too_long_has_no_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    def expire(*_: object) -> None:
        raise LimitError("the judge", "takes too long")

    monkeypatch.setattr(Judge, "request_findings", expire)
    assert Monitor([WatchedApi(SPEC)]).request_findings(FAITHFUL[0]) == ()


def test_evidence_is_shown_without_secrets_once_it_is_collected() -> None:
    with closing(Monitor([WatchedApi(SPEC)])) as monitor:
        monitor.collect_evidence()
        monitor.judge(broken(FAITHFUL[0]))
        (report,) = monitor.reports()
        assert report.evidence is not None
        evidence = [report.evidence.of(finding) for finding in report.findings]
        assert any(each is not None and 'access_token=\'"$ACCESS_TOKEN"' in each.curl for each in evidence)
        with pytest.raises(ViolationError):
            monitor.raise_for_violations()


# Beside the path of a proxy


def inspected(monitor: Monitor, work: Callable[[Inspection], Awaitable[T]]) -> tuple[T, list[str]]:
    """What work returns while exchanges are inspected, and what a person is warned of."""
    warnings: list[str] = []
    inspection = Inspection(monitor, warn=warnings.append)
    thread = threading.Thread(target=inspection.run)
    thread.start()
    try:
        return asyncio.run(_awaited(work(inspection))), warnings
    finally:
        inspection.stop()
        thread.join()


async def _awaited(work: Awaitable[T]) -> T:
    return await work


@pytest.mark.parametrize(
    ("error", "warning"),
    [
        (RuntimeError("Bearer s3cr3t"), "an exchange could not be judged: RuntimeError"),
        (SpecError("api.yaml:7", "is no schema"), "api.yaml:7: is no schema"),
    ],
)
def test_traffic_goes_on_whatever_happens_to_the_judge(
    error: Exception, warning: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    for name in ("accept", "accepts_request", "judge", "request_findings"):
        monkeypatch.setattr(Monitor, name, fail)
    monitor = Monitor([WatchedApi(SPEC)])
    for work in (lambda each: each.verdict(FAITHFUL[0]), lambda each: each.request(FAITHFUL[0])):
        assert inspected(monitor, work) == ([], [warning])
    assert monitor.unjudged == 2


def test_a_failure_of_what_is_recorded_reaches_who_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(Inspection, "_record", fail)
    monkeypatch.setattr(Monitor, "accept", lambda *_: False)
    with pytest.raises(RuntimeError, match="broken"):
        inspected(Monitor([WatchedApi(SPEC)]), lambda each: each.verdict(FAITHFUL[0]))


def test_too_many_bytes_that_wait_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.live.inspection._MOST_BYTES", 0)
    monkeypatch.setattr(Monitor, "accept", lambda *_: False)
    monitor = Monitor([WatchedApi(SPEC)])

    async def judged(inspection: Inspection) -> int:
        await inspection.beside(FAITHFUL[0])
        return monitor.judged

    assert inspected(monitor, judged) == (1, [])


# What views show


def finding(number: int, severity: Severity = Severity.ERROR) -> Finding:
    return replace(FINDING, fingerprint=f"{number:016x}", severity=severity)


def test_the_latest_kinds_of_findings_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.live.tally._MOST_KINDS", 3)
    seen = LatestFindings()
    first = [finding(1), finding(2), finding(9, Severity.INFO), finding(1)]
    assert seen.add(first) == [finding(1), finding(2)]
    assert [(each.finding, each.count) for each in seen.latest(9)] == [(finding(1), 2), (finding(2), 1)]
    assert seen.add([finding(3), finding(4)]) == [finding(3), finding(4)]
    assert [each.finding for each in seen.latest(9)] == [finding(4), finding(3), finding(1)]
    assert [each.finding for each in seen.latest(1)] == [finding(4)]


def test_the_rate_is_that_of_the_last_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    tally = ProxyTally()
    overview = Overview(Monitor([WatchedApi(SPEC)]), tally, Mode.REPORT, "127.0.0.1:1", "http://a.example")
    rates = []
    for seconds, exchanges in [(0, 0), (4, 40), (4, 40), (4, 200), (60, 200)]:
        now += seconds
        tally.exchanges = exchanges
        rates.append(overview.state(1)["rate"])
    assert rates == [0.0, 10.0, 5.0, 20.0, 0.0]


def test_the_block_says_what_failed() -> None:
    tally = ProxyTally(failures=Counter({"no connection to the upstream": 1200}))
    overview = Overview(Monitor([WatchedApi(SPEC)]), tally, Mode.REPORT, "127.0.0.1:1", "http://a.example")
    assert "no connection to the upstream (1,200)" in "\n".join(block(overview.state(1), 80))
