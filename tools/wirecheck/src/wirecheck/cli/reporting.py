"""The option --report of `wirecheck check`: reports beside the one on standard output."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from wirecheck.cli.output import require_writable, require_writable_folder, write, write_folder

if TYPE_CHECKING:
    from wirecheck.model import Report

_BY_ENDING = {
    ".sarif.json": "sarif",
    ".txt": "text",
    ".json": "json",
    ".jsonl": "jsonl",
    ".html": "html",
    ".md": "markdown",
    ".xml": "junit",
    ".sarif": "sarif",
}


class Destination(Struct, frozen=True):
    """A format and the file or folder that the report is written to, None for standard output."""

    format_: str
    path: Path | None

    @property
    def is_folder(self) -> bool:
        from wirecheck.reports import FOLDERS

        return self.format_ in FOLDERS

    def require_writable(self) -> None:
        """Raises OutputError where nothing can be written there."""
        if self.path is not None:
            (require_writable_folder if self.is_folder else require_writable)(self.path)

    def write(self, report: "Report", *, verbose: bool) -> None:
        """Writes the report, of texts the ``verbose`` one. Raises OutputError where it cannot be written."""
        from wirecheck.reports import FOLDERS, FORMATS

        if self.is_folder and self.path is not None:
            write_folder(FOLDERS[self.format_](report), self.path)
        elif self.format_ == "text":
            from wirecheck.reports.text import to_text

            write(to_text(report, verbose=verbose), "text", self.path)
        else:
            write(FORMATS[self.format_](report), self.format_, self.path)


def _destinations(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[Destination, ...]:
    return tuple(map(destination, values))


def destination(value: str) -> Destination:
    """The destination that FORMAT=FILE or FILE names; raises BadParameter."""
    from wirecheck.reports import FOLDERS, FORMATS

    names = sorted([*FORMATS, *FOLDERS])
    listed = f"Formats: {', '.join(names)}."
    format_, has_format, file = value.partition("=")
    if not has_format:
        file = value
        format_ = next((name for ending, name in _BY_ENDING.items() if value.endswith(ending)), "")
        if not format_:
            raise click.BadParameter(f"its ending does not say the format: write FORMAT={value}. {listed}")
    if format_ not in names:
        import difflib

        close = difflib.get_close_matches(format_, names, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise click.BadParameter(f"there is no report format {format_!r}.{hint} {listed}")
    if not file:
        raise click.BadParameter(f"{format_}= names no file.")
    if file == "-" and format_ in FOLDERS:
        raise click.BadParameter(f"{format_} is a folder of files, which standard output cannot be.")
    return Destination(format_, None if file == "-" else Path(file))


report_option = click.option(
    "--report",
    "reports",
    multiple=True,
    callback=_destinations,
    metavar="FORMAT=FILE",
    help="Also write the report to FILE (- is standard output, in place of --format): text, json, jsonl,"
    " html, markdown, junit, sarif, github, ctrf, or allure, where FILE is a folder. Repeatable.  [default of"
    " FORMAT: by the ending .txt, .json, .jsonl, .html, .md, .xml or .sarif]",
)


def destinations(
    reports: Sequence[Destination], format_: str, output: Path | None, inputs: Iterable[Path]
) -> Sequence[Destination]:
    """Where the report goes: to the files of --report, and as --format to --output or standard output.

    Standard output may also be one of --report. Raises OutputError or UsageError for what cannot be written,
    or is one of the ``inputs`` of the command, before any work is done for it.
    """
    if output is not None or all(report.path is not None for report in reports):
        reports = [*reports, Destination(format_, output)]
    for report in reports:
        report.require_writable()
    read = {os.path.realpath(path) for path in inputs if path.is_file()}
    written = set[str]()
    for path in (report.path for report in reports if report.path is not None):
        if (real := os.path.realpath(path)) in read:
            raise click.UsageError(f"a report to {path} would replace what is read: name another file.")
        if real in written:
            raise click.UsageError(f"several reports go to {path}: give each a file of its own.")
        written.add(real)
    return reports
