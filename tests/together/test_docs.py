"""What the documents say is what the program does."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from instagram_client._runtime.errors import REQUEST_IDS
from support.console import PAGES as CONSOLES
from support.console import commands, rerun_page
from support.paths import ROOT
from support.service import PAGE as SERVICE
from support.service import rerun_service
from support.tutorial import PAGE as TUTORIAL
from support.tutorial import rerun_tutorial
from wirecheck.checks import CHECKS, Judge
from wirecheck.cli import commands as wirecheck
from wirecheck.config import Config, Skip
from wirecheck.lint.shapes import SHAPES
from wirecheck.recordings import FORMATS, read
from wirecheck.recordings.writing import WRITERS
from wirecheck.spec import load

DOCS = ROOT / "docs"
PORCH = [ROOT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CHANGELOG", "CONTRIBUTING", "SECURITY")]
DISTRIBUTIONS = [
    ROOT / folder / "README.md" for folder in ("generated", "tools/instagram_server", "tools/wirecheck")
]
PAGES = [*PORCH, *DISTRIBUTIONS, *sorted(DOCS.rglob("*.md"))]
README, COMMANDS = ROOT / "README.md", DOCS / "commands"
COLUMNS = 100
"""As wide as a console block may be."""


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", text(page), re.MULTILINE | re.DOTALL)
    return found


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


# What the README lists.


def test_the_readme_lists_the_checks() -> None:
    [table] = re.findall(r"^\| check \| .*\n\|[-|]+\|\n((?:\|.*\n)+)", text(README), re.MULTILINE)
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", table, re.MULTILINE))
    assert rows == {check.id: check.text.splitlines()[0] for check in CHECKS.values()}


def test_the_readme_lists_every_command() -> None:
    [table] = re.findall(r"^\| command \| .*\n\|[-|]+\|\n((?:\|.*\n)+)", text(README), re.MULTILINE)
    assert set(re.findall(r"^\| `wirecheck ([a-z]+)`", table, re.MULTILINE)) == wirecheck.commands.keys()


def test_the_readme_names_every_target_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)) - {"help", "clean"}
    assert targets >= {"run", "test", "generate", "check-generated", "lint", "check"}
    assert targets <= set(re.findall(r"`(?:make )?([a-z-]+)`", text(README)))


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert any(re.search(r"^make test\b", block, re.MULTILINE) for block in blocks(README, "sh"))
    assert re.search(r"^make test$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)


# What consoles show.


@pytest.mark.no_cover
@pytest.mark.parametrize("page", CONSOLES, ids=name)
def test_a_console_shows_what_comes_out(page: Path) -> None:
    assert rerun_page(text(page)) == text(page), f"python -m support.console {name(page)} writes it anew"


@pytest.mark.parametrize(
    "page", sorted({*PORCH, *CONSOLES, TUTORIAL, *(DOCS / "how-to").glob("*.md")}), ids=name
)
def test_no_line_of_a_console_is_too_long(page: Path) -> None:
    lines = "".join([*blocks(page, "console"), *blocks(page, "sh")]).splitlines()
    assert [line for line in lines if len(line) > COLUMNS] == []


@pytest.mark.no_cover
@pytest.mark.skipif(shutil.which("curl") is None, reason="the tutorial records with curl")
def test_the_tutorial_goes_as_it_says(tmp_path: Path) -> None:
    assert rerun_tutorial(text(TUTORIAL), tmp_path) == text(TUTORIAL), (
        "python -m support.tutorial writes it anew"
    )


@pytest.mark.no_cover
def test_the_service_is_tested_as_its_page_says(tmp_path: Path) -> None:
    assert rerun_service(text(SERVICE), tmp_path) == text(SERVICE), "python -m support.service writes it anew"


# What the reference lists.


def toolkit_code() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tools" / "wirecheck").rglob("*.py"))


def rows_below(heading: str, page: str) -> set[str]:
    """What the first column of the tables of a section names, as far as its first blank."""
    [section] = re.findall(
        rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", text(COMMANDS / page), re.MULTILINE | re.DOTALL
    )
    return set(re.findall(r"^\| `([\w-]+)", section, re.MULTILINE))


def test_the_help_of_every_command_is_shown() -> None:
    for command in wirecheck.commands:
        assert commands(text(COMMANDS / f"{command}.md")) == [f"wirecheck {command} --help"]
    assert commands(text(COMMANDS / "README.md")) == ["wirecheck --help"]


def test_every_environment_variable_is_listed() -> None:
    assert rows_below("Environment variables", "README.md") == set(
        re.findall(r"\bWIRECHECK_[A-Z_]+", toolkit_code())
    )


def test_every_option_of_the_plugin_for_pytest_is_listed() -> None:
    command = [sys.executable, "-m", "pytest", "--help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = rows_below("The conformance suite", "pytest.md")
    listed |= rows_below("The traffic of any test suite", "pytest.md")
    assert listed == set(re.findall(r"^ +(--wirecheck-[a-z-]+)", shown, re.MULTILINE))


def test_every_option_of_the_server_is_listed() -> None:
    command = [str(Path(sys.executable).with_name("instagram-server")), "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert rows_below("instagram-server", "instagram-server.md") == set(
        re.findall(r"^ +(--[a-z-]+)", shown, re.MULTILINE)
    )


def test_every_format_of_recordings_is_listed_with_a_page_that_says_how_to_record_it() -> None:
    rows = re.findall(
        r"^\| `([a-z][a-z-]*)` \| [^|]+ \|([^|]*)\| ([^|]+) \|$", text(DOCS / "recordings.md"), re.MULTILINE
    )
    endings = {format_: tuple(re.findall("`(.+?)`", listed)) for format_, listed, _ in rows}
    assert endings == {format_: read.endings for format_, read in FORMATS.items()}
    for format_, _, pages in rows:
        for page in re.findall(r"\]\((how-to/[a-z-]+\.md)", pages) or pytest.fail(format_):
            assert format_.replace("-", " ") in text(DOCS / page).lower(), (format_, page)


def test_every_format_that_is_written_is_listed() -> None:
    rows = re.findall(
        r"^\| `([a-z]+)` \| (.+) \| .+ \|$", text(DOCS / "how-to" / "convert-recordings.md"), re.MULTILINE
    )
    listed = {format_: tuple(re.findall("`(.+?)`", endings)) for format_, endings in rows}
    assert listed == {format_: writer.endings for format_, writer in WRITERS.items()}


def test_every_key_of_the_configuration_is_shown() -> None:
    page = DOCS / "configuration.md"
    [example] = blocks(page, "toml")
    assert tomllib.loads(example).keys() == set(Config.__struct_fields__)
    for key in Skip.__struct_fields__:
        assert f"`{key}`" in prose(page), key


def test_every_extension_that_is_read_is_documented() -> None:
    headers = {"x-unknown", "x-api-key", "x-rate-limit", "x-ratelimit", "x-schemathesis-testcaseid"}
    headers |= {"x-should-retry", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", *REQUEST_IDS}
    foreign = {"x-enum-varnames", "x-nullable", "x-stainless-pagination-property"}
    used = set(re.findall(r'"(x-[a-z-]+)"', toolkit_code())) - headers - foreign
    rules = {"x-rule", "x-message", "x-invalid-examples"}
    assert used == rules | SHAPES.keys()
    headings = re.findall("^## (.+)$", text(DOCS / "extensions.md"), re.MULTILINE)
    assert used == set(re.findall(r"`(x-[a-z-]+)`", " ".join(headings)))


# Links and citations.


def prose(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", text(page), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    """Where the links of a page lead within the repository."""
    found: list[str] = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    return [link for link in found if not link.startswith("https://")]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        parts = urlsplit(link)
        target = page.parent / parts.path if parts.path else page
        assert target.exists(), link
        assert not parts.fragment or parts.fragment in anchors(target), link


def test_every_page_is_in_the_index() -> None:
    index = DOCS / "README.md"
    listed = {(DOCS / urlsplit(link).path).resolve() for link in links(index)}
    assert {path for path in DOCS.rglob("*") if path.is_file()} - {index} <= listed


def test_citations_of_sources_lead_to_their_sections() -> None:
    sections = set(re.findall(r"^#+ ([\d.]+?)\.? ", text(DOCS / "sources.md"), re.MULTILINE))
    cited = set()
    for folder in (ROOT / "tools", ROOT / "tests" / "server"):
        for path in folder.rglob("*.py"):
            for numbers in re.findall(
                r"docs/sources\.md, sections? ([\d., and]+)", path.read_text(encoding="utf-8")
            ):
                cited |= set(re.findall(r"\d+(?:\.\d+)?", numbers))
    assert len(cited) > 10
    assert cited <= sections


@pytest.mark.parametrize("page", [PORCH[1], PORCH[3]], ids=name)
def test_paths_that_are_named_exist(page: Path) -> None:
    toolkit = ROOT / "tools" / "wirecheck" / "src" / "wirecheck"
    for path in re.findall(r"`([\w./]+/[\w./]*)`", text(page)):
        assert (ROOT / path).exists() or (toolkit / path).exists(), path


def test_the_floors_are_those_that_are_checked() -> None:
    workspace = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {contract["id"]: contract for contract in workspace["tool"]["importlinter"]["contracts"]}
    assert "".join(f"{layer}\n" for layer in contracts["floors"]["layers"]) in blocks(PORCH[1], "text")


# Examples.


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_examples_can_be_read(page: Path) -> None:
    for block in blocks(page, "python"):
        compile(block, name(page), "exec")
    for block in blocks(page, "yaml"):
        yaml.safe_load(block)
    for block in blocks(page, "json"):
        json.loads(block)


VISITS = ROOT / "examples" / "notes" / "recordings"
"""One visit, as several programs recorded it."""
IN_PART = {"caddy.log", "nginx.log", "wget.warc.gz"}  # without bodies, or without POST
BY_HAND = {"notes.postman_collection.json"}


def defects(recording: Path) -> set[str]:
    judge = Judge(load(VISITS.parent / "openapi.yaml"))
    return {finding.fingerprint for exchange in read(recording) for finding in judge.judge(exchange).findings}


@pytest.mark.parametrize("recorded", sorted({path.name for path in VISITS.iterdir()} - BY_HAND))
def test_recordings_of_one_visit_show_the_same_defects(recorded: str) -> None:
    found, all_ = defects(VISITS / recorded), defects(VISITS / "mitmproxy.flow")
    assert found
    assert found < all_ if recorded in IN_PART else found == all_
