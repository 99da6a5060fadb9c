"""What a process imports: to start takes longer than to judge a few exchanges."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import Writer, har, har_entry, plain_environment

pytestmark = pytest.mark.no_cover  # which imports more

HEAVY = {"asyncio", "jsonschema_rs", "msgspec", "xml", "yaml"}
READERS = ("access_log", "burp", "mitmproxy", "nock", "postman", "vcr", "warc")
REPORTS = ("allure", "ctrf", "github", "html", "json", "junit", "markdown", "sarif")
RARE = {
    *(f"wirecheck.recordings.{name}" for name in READERS),
    *(f"wirecheck.reports.{name}" for name in REPORTS),
    *(f"wirecheck.redact.{name}" for name in ("in_place", "pseudonyms", "redaction", "rewriting")),
    *("wirecheck.decode.xml", "wirecheck.explain", "wirecheck.generate", "wirecheck.lint"),
    *("wirecheck.reports.evidence", "wirecheck.typed", "wirecheck.unusable"),
    *("cel", "httpx", "logging", "multiprocessing", "rich", "tomllib", "traceback", "xml", "yaml", "zipfile"),
}


def imported(*arguments: str, folder: Path | None = None, **environment: str) -> set[str]:
    """The modules that a successful run of the command in a folder imports."""
    code = """if True:
        import atexit, sys
        atexit.register(lambda: print(*sys.modules, file=sys.stderr))
        from wirecheck.__main__ import main
        main()"""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        check=True,
        cwd=folder,
        env=plain_environment(**environment),
        timeout=60,
        text=True,
    )
    return set(done.stderr.split())


def ours(modules: set[str]) -> set[str]:
    return {module for module in modules if module.partition(".")[0] == "wirecheck"}


def test_the_version_needs_nothing() -> None:
    modules = imported("--version")
    assert ours(modules) == {"wirecheck", "wirecheck.__main__"}
    assert not modules & {*HEAVY, "click", "dataclasses", "re", "typing"}


def test_the_help_needs_only_the_table_of_commands() -> None:
    modules = imported("--help")
    assert ours(modules) == {"wirecheck", "wirecheck.__main__", "wirecheck.cli", "wirecheck.cli.exits"}
    assert not modules & HEAVY


def test_a_check_needs_no_other_format_and_of_a_known_document_no_parser(
    file: Writer, tmp_path: Path
) -> None:
    name = file("a.har", har(har_entry('{"meta": {"code": 200}, "data": {"name": "snow", "notices": 2}}')))
    file("pyproject.toml", '[project]\nname = "x"\ndependencies = ["wirecheck"]\n[tool.x]\ny = 1\n')

    def checked() -> set[str]:
        return imported("check", name, folder=tmp_path, XDG_CACHE_HOME=str(tmp_path), WIRECHECK_CACHE="")

    assert "yaml" in checked()
    modules = checked()
    assert modules & RARE == set()
    assert {"wirecheck.recordings.har", "wirecheck.reports.text"} <= modules
