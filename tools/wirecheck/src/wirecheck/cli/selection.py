"""Which findings count: by options of the command line, and by the configuration."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from wirecheck.cli import suggest
from wirecheck.cli.options import Command
from wirecheck.model import Finding, Severity

if TYPE_CHECKING:
    from wirecheck.checks import Verdict
    from wirecheck.config import Config
    from wirecheck.spec import Spec


def selection_options(command: Command) -> Command:
    """The options --check, --skip and --exclude-operation."""
    options = (
        click.option(
            "--check",
            "checks",
            multiple=True,
            metavar="CHECK",
            callback=_known_checks,
            help="Make this check alone. Repeatable.  [default: all; `wirecheck explain` lists them]",
        ),
        click.option(
            "--skip",
            "skip",
            multiple=True,
            metavar="CHECK",
            callback=_known_checks,
            help="Do not report what this check finds. Repeatable.",
        ),
        click.option(
            "--exclude-operation",
            "exclude",
            multiple=True,
            metavar="ID",
            help="Do not report on the operation with this operationId. Repeatable.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _known_checks(_context: click.Context, _parameter: click.Parameter, ids: tuple[str, ...]) -> Any:
    if ids:
        from wirecheck.checks import CHECKS

        for each in ids:
            if each not in CHECKS:
                raise suggest.unknown("check", each, CHECKS)
    return ids


class Selection:
    """Leaves out findings, and counts the ``omitted``; what remains gets its configured severity.

    ``checks`` that the command line names are made whatever the configuration says of their severity.
    Raises BadParameter for an operation that none of the documents has.
    """

    def __init__(
        self,
        specs: Iterable["Spec"],
        config: "Config",
        checks: Iterable[str] = (),
        skip: Iterable[str] = (),
        exclude: Iterable[str] = (),
    ) -> None:
        self._config = config
        self.only = frozenset(checks) or None
        off = {check for check, level in config.severity.items() if level == "off"}
        self._skipped = frozenset({*skip, *(off - (self.only or frozenset()))})
        self._excluded = frozenset(exclude)
        self._severities = {
            check: Severity(level) for check, level in config.severity.items() if level != "off"
        }
        self._by = "--skip, --exclude-operation or the configuration"
        if not self._excluded and not frozenset(skip):
            self._by = "the configuration"
        self.omitted = 0
        names = [operation.name for spec in specs for operation in spec.operations]
        for name in self._excluded.difference(names):
            raise suggest.unknown("operation", name, names)

    def of(self, verdict: "Verdict") -> "Verdict":
        """The verdict with the findings that count."""
        if not verdict.findings:
            return verdict
        findings = self.counted(verdict.findings)
        self.omitted += len(verdict.findings) - len(findings)
        return replace(verdict, findings=findings)

    def counted(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings that count."""
        return tuple(
            self._weighed(finding) for finding in findings if self.includes(finding.check, finding.operation)
        )

    def left_out(self, checks: Iterable[str]) -> tuple[str, ...]:
        """Those of some checks of which nothing is reported, whatever the operation."""
        skipped = {skip.check for skip in self._config.skip if skip.operation is skip.requirement is None}
        out = self._skipped | skipped
        return tuple(check for check in checks if check in out or (self.only and check not in self.only))

    def includes(self, check: str, operation: str | None) -> bool:
        """Whether what a check finds in an operation is reported."""
        return (
            check not in self._skipped
            and operation not in self._excluded
            and (self.only is None or check in self.only)
            and not self._config.skips_finding(check, operation)
        )

    def _weighed(self, finding: Finding) -> Finding:
        severity = self._severities.get(finding.check, finding.severity)
        if severity is finding.severity or finding.severity is Severity.INFO:  # what was not judged stays so
            return finding
        return replace(finding, severity=severity)

    def mention(self) -> None:
        """Says how much was left out."""
        if self.only is not None:
            click.echo(f"wirecheck: no check was made but {', '.join(sorted(self.only))}", err=True)
        if self.omitted:
            findings = "1 finding is" if self.omitted == 1 else f"{self.omitted:,} findings are"
            click.echo(f"wirecheck: {findings} skipped by {self._by}", err=True)
