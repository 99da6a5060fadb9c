"""The options for a baseline, and what a run makes of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from wirecheck.cli.options import Command
from wirecheck.cli.output import require_writable, write
from wirecheck.model import Finding, Report, Severity

if TYPE_CHECKING:
    from wirecheck.cli.selection import Selection


def baseline_options(command: Command) -> Command:
    """The options --baseline and --update-baseline."""
    update = click.option(
        "--update-baseline",
        is_flag=True,
        help="Add what is found to the file of --baseline, which is created if there is none, and remove"
        " what is resolved.",
    )
    file = click.option(
        "--baseline",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Known findings, which are counted, but neither reported nor violations.",
    )
    return file(update(command))


class KnownFindings:
    """The baseline of a run, if it has one.

    Raises ConfigError for a file that cannot be used, OutputError for one that cannot be written, and
    UsageError where one is to be updated that is not named.
    """

    def __init__(self, path: Path | None, *, update: bool) -> None:
        from wirecheck.baseline import Baseline, read
        from wirecheck.config import ConfigError

        if update and path is None:
            raise click.UsageError("--update-baseline needs the FILE of --baseline.")
        self._path, self._is_updated = path, update
        self._today = datetime.now(UTC).date()
        self._baseline = Baseline({})
        if path is not None and update:
            require_writable(path)
        if path is not None and (path.exists() or not update):
            if not path.exists():
                raise ConfigError(str(path), "there is no such file; --update-baseline creates it")
            self._baseline = read(path)
        self.fingerprints = self._baseline.known(self._today)

    def compared(self, report: Report, selection: "Selection", *, is_complete: bool) -> Report:
        """The report with what of the baseline is resolved, if the run was complete, and has expired."""
        is_complete = is_complete and not report.interrupted
        resolved = self._baseline.resolved(
            report, lambda known: is_complete and selection.includes(known.check, known.operation)
        )
        return replace(report, resolved=resolved, expired=self._baseline.expired(self._today))

    def update(self, report: Report) -> Mapping[Severity, int]:
        """Writes the baseline anew if it is to be; returns the severities of what it does not cover then.

        What has expired is not covered: it needs another date, or to be resolved.
        """
        if self._path is None or not self._is_updated:
            return report.severities
        if report.interrupted:
            click.echo(f"wirecheck: {self._path} is not updated, as the run was interrupted", err=True)
            return report.severities
        from wirecheck.reports.collect import is_note

        def findings() -> Iterator[Finding]:
            return (finding for finding in report.findings if not is_note(finding))

        updated = self._baseline.updated(findings(), report.resolved)
        added = len(updated.findings) - len(self._baseline.findings) + len(report.resolved)
        write(updated.lines(), "toml", self._path)
        removed = f", {len(report.resolved):,} removed" if report.resolved else ""
        click.echo(f"wirecheck: {self._path}: {added:,} added{removed}", err=True)
        covered = updated.known(self._today)
        return Counter(finding.severity for finding in findings() if finding.fingerprint not in covered)
