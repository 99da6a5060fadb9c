"""Judges the traffic of a test suite while pytest runs it."""

import gc
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest

from wirecheck import config as configuration
from wirecheck.api import exchange as exchange_of
from wirecheck.cli.reporting import Destination, destination
from wirecheck.escapes import printable
from wirecheck.live import is_violating
from wirecheck.model import Finding, OutputError, WirecheckError
from wirecheck.redact import encodable
from wirecheck.spec import load
from wirecheck.testing.instruments import Instruments
from wirecheck.testing.summary import Summary, violation_text
from wirecheck.testing.traffic import SuiteTraffic

_OUTPUT = "wirecheck"  # the key of what a worker of pytest-xdist sends
_TEXT = pytest.StashKey[str]()
"""What the exchanges of the current phase of a test violate, unless it failed for that."""


class WirecheckWarning(pytest.PytestWarning):
    """An exchange violates the document, and --wirecheck-warn is given."""


class ResponseJudge:
    """Judges single responses, as the fixture ``wirecheck``."""

    def __init__(self, traffic: SuiteTraffic, instruments: Instruments) -> None:
        self._traffic = traffic
        self._instruments = instruments

    def __call__(self, response: Any) -> None:
        """Fails the test where the exchange of a response violates the document."""
        self.judge(response)

    def judge(self, response: Any) -> None:
        """Fails the test where the exchange of a response violates the document."""
        __tracebackhide__ = True
        findings = self.findings(response)
        if is_violating(findings):
            pytest.fail(violation_text(findings))

    def findings(self, response: Any) -> list[Finding]:
        """All findings of the exchange of a response, warnings and notes included.

        ``response`` is one of a library that is watched, or has the attributes of one of httpx or requests.
        Raises LimitError where it cannot be judged.
        """
        captured = self._instruments.of(response)
        return list(self._traffic.judge(captured.exchange() if captured else exchange_of(response)))


class SuiteJudge:
    """A plugin that judges the exchanges of each phase of a test when that ends.

    Only then: what a test patches, such as the clock or files, is not there for the judge, nor does the
    judge take time that the test measures. A test that violates the document fails in that phase; one that
    failed before has the findings as a section of its report.

    What is loaded by then stays until the end, and garbage collections during the tests pass over it: the
    toolkit would make each of them a fifth longer.
    """

    def __init__(self, config: pytest.Config, document: Path, destinations: list[Destination]) -> None:
        option: Any = config.getoption
        skips = configuration.read(None, datetime.now(UTC).date()).config.skips_finding
        spec = load(document, option("--wirecheck-base-path"))
        self._config = config
        self._destinations = destinations
        self._warns: bool = option("--wirecheck-warn")
        self._fail_under: float | None = option("--wirecheck-fail-under")
        self._instruments = Instruments()
        self._traffic = SuiteTraffic(spec, is_strict=option("--wirecheck-strict"), skips=skips)
        self._summary: Summary | None = None
        self.response_judge = ResponseJudge(self._traffic, self._instruments)
        for each in destinations:
            each.require_writable()
        self._instruments.install()
        gc.freeze()

    def pytest_unconfigure(self) -> None:
        gc.unfreeze()
        self._instruments.remove()

    def pytest_collection_finish(self) -> None:
        self._findings("collection")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        return (yield from self._phase(item))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        return (yield from self._phase(item))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        return (yield from self._phase(item))

    def _phase(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Fails what passed, or else leaves the text to the report, as it does for skipped tests."""
        __tracebackhide__ = True
        try:
            result = yield
        except BaseException:
            if text := self._violations(item):
                item.stash[_TEXT] = text
            raise
        if text := self._violations(item):
            if self._warns:
                item.warn(WirecheckWarning(text))
            else:
                item.stash[_TEXT] = text
                pytest.fail(text, pytrace=False)
        return result

    def _violations(self, item: pytest.Item) -> str:
        findings = self._findings(item.nodeid)
        return violation_text(findings) if is_violating(findings) else ""

    def _findings(self, source: str) -> list[Finding]:
        """Judges what was captured since the last time; ``source`` is the test that made it."""
        captured, findings = self._instruments.captured, list[Finding]()
        if captured:
            source = encodable(source)
        while captured:
            findings += self._traffic.add(captured.popleft().finish(source))
        return findings

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        text = item.stash.get(_TEXT, "")
        if text:
            del item.stash[_TEXT]
            if report.failed and text not in report.longreprtext:
                report.sections.append(("wirecheck", text))
        return report

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Takes what a worker of pytest-xdist sent; one that crashed sent nothing."""
        if dumped := getattr(node, "workeroutput", {}).get(_OUTPUT):
            self._traffic.merge(dumped)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self._findings("the end of the session")
        self._traffic.add_unreadable(self._instruments.unreadable)
        if hasattr(self._config, "workerinput"):
            self._config.workeroutput[_OUTPUT] = self._traffic.dump()  # type: ignore[attr-defined]  # of xdist
            return
        if self._config.option.collectonly:
            return
        with closing(self._traffic.collector()) as collector:
            report = self._traffic.report(collector)
            self._summary = Summary(self._traffic, report, self._fail_under)
            for each in self._destinations:
                try:
                    each.write(report, verbose=False)
                except OutputError as error:
                    raise pytest.UsageError(printable(str(error))) from None
        if session.exitstatus == pytest.ExitCode.OK and self._summary.is_failing:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._summary is not None:
            terminalreporter.section("wirecheck")
            for line in self._summary.lines(is_verbose=self._config.get_verbosity() > 0):
                terminalreporter.write_line(line)


def suite_judge(config: pytest.Config, document: Path) -> SuiteJudge:
    """The plugin of a document; raises UsageError where an option or the document cannot be used."""
    try:
        destinations = [destination(value) for value in config.getoption("--wirecheck-report")]
        return SuiteJudge(config, document, destinations)
    except (WirecheckError, click.BadParameter) as error:
        raise pytest.UsageError(printable(str(error))) from None
