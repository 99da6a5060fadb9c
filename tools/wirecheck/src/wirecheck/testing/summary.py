"""What is shown of the traffic of a test suite: with a test that fails, and at the end."""

from collections.abc import Iterable, Iterator

from wirecheck.checks.request import operation_known
from wirecheck.escapes import printable
from wirecheck.model import Finding, Report, Severity
from wirecheck.reports.kinds import FindingKinds, findings
from wirecheck.testing.traffic import SuiteTraffic
from wirecheck.words import counted

_IN_TEST = 5  # kinds of findings that are shown with one test
_AT_END = 20
_NAMED = 3  # of paths or hosts
_MISSING = 5  # operations whose responses were not met


def violation_text(found: Iterable[Finding]) -> str:
    """What a test violates: its errors, each kind once."""
    errors = [each for each in found if each.severity is Severity.ERROR]
    kinds = FindingKinds(_IN_TEST)
    for each in errors:
        kinds.add(each)
    lines = []
    for kind in kinds.gravest():
        lines += [
            f"{kind.first.check}: {kind.first.message}{kind.times}",
            f"  defined at   {kind.definition}",
            f"  observed in  {kind.request}",
        ]
    if left_out := kinds.left_out():
        lines.append(f"and {counted(left_out, 'violation')} of further kinds")
    return "\n".join(map(printable, lines))


class Summary:
    """The end of a test run. ``fail_under`` is the coverage in percent below which the run fails."""

    def __init__(self, traffic: SuiteTraffic, report: Report, fail_under: float | None) -> None:
        self._coverage = traffic.coverage()
        self._fail_under = fail_under
        self._report = report
        self._unjudged = list(traffic.unjudged())
        self._kinds = FindingKinds(_AT_END)
        self._undocumented: list[Finding] = []
        for each in findings(report):
            if each.check == operation_known.id and each.severity is not Severity.ERROR:
                self._undocumented.append(each)
            else:
                self._kinds.add(each)
        self._base_path = traffic.base_path(self._undocumented)

    @property
    def is_failing(self) -> bool:
        """Whether less of the contract was met than is required."""
        return self._fail_under is not None and _percent(*self._coverage.responses) < self._fail_under

    def lines(self, *, is_verbose: bool) -> Iterator[str]:
        for line in (*self._finding_lines(), *self._coverage_lines(is_verbose), *self._other_lines()):
            yield printable(line)

    def _finding_lines(self) -> Iterator[str]:
        report = self._report
        contract = f"{report.title} ({report.spec})" if report.title else report.spec
        yield f"{counted(report.judged, 'exchange')} judged by {contract}"
        for kind in self._kinds.gravest():
            first = kind.first
            where = f"({first.method} {first.path})"
            yield f"{first.severity}: {first.check}: {first.message}{kind.times} {where}"
        if left_out := self._kinds.left_out():
            yield f"and {counted(left_out, 'finding')} of further kinds"

    def _coverage_lines(self, is_verbose: bool) -> Iterator[str]:
        operations, responses = self._coverage.operations, self._coverage.responses
        yield f"operations met: {_of(*operations)}; documented responses met: {_of(*responses)}"
        missing = list(self._coverage.missing())
        shown = missing if is_verbose else missing[:_MISSING]
        for operation, statuses in shown:
            yield f"  not met: {operation.method} {operation.template}: {', '.join(statuses)}"
        if len(shown) < len(missing):
            yield f"  and of {counted(len(missing) - len(shown), 'further operation')} (-v shows all)"
        if self.is_failing:
            yield f"FAILED: less than {self._fail_under:g} % of the documented responses were met"

    def _other_lines(self) -> Iterator[str]:
        hosts = self._report.other_hosts
        if hosts:
            yield f"not judged: {counted(sum(hosts.values()), 'exchange')} with {_some(list(hosts))}"
        for count, reason in self._unjudged:
            yield f"not judged: {counted(count, 'exchange')} {reason}"
        if self._undocumented:
            paths = list(dict.fromkeys(f"{each.method} {each.path}" for each in self._undocumented))
            number = counted(len(self._undocumented), "exchange")
            yield f"undocumented: {number} with paths that the document does not have: {_some(paths)}"
        if self._base_path:
            yield f"hint: --wirecheck-base-path {self._base_path} would fit"
        elif not self._report.judged:
            yield "Nothing was judged: no exchange with an operation of the document was seen."


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _of(met: int, all_: int) -> str:
    return f"{met:,} of {all_:,} ({_percent(met, all_):.0f} %)"


def _percent(met: int, all_: int) -> float:
    return 100 * met / all_ if all_ else 100.0
