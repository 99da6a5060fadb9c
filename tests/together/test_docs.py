"""What the documents say is what the program does."""

import re
import shlex

import pytest

from support.paths import ROOT
from wirecheck.checks import CHECKS
from wirecheck.cli import commands, run
from wirecheck.lint.shapes import SHAPES

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_the_checks_with_their_promises() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", README, re.MULTILINE))
    assert rows == {check.id: check.text.splitlines()[0] for check in CHECKS.values()}


def test_the_readme_shows_every_command() -> None:
    for name in commands.commands:
        assert f"wirecheck {name}" in README


def test_every_target_of_make_is_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)) - {"help", "clean"}
    assert targets == {target for target in targets if re.search(rf"\b{target}\b", README)}
    assert targets >= {"run", "test", "generate", "check-generated", "lint", "check"}


def test_the_report_in_the_readme_is_what_comes_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    [shown] = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    [command] = re.findall(r"^\.venv/bin/wirecheck (check examples/.*)$", README, re.MULTILINE)
    assert run(shlex.split(command)) == 1
    assert shown in capsys.readouterr().out


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert re.search(r"^make test\b", README, re.MULTILINE)
    assert re.search(r"^make test$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_extension_that_is_read_is_documented() -> None:
    documented = (ROOT / "docs" / "extensions.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tools" / "wirecheck").rglob("*.py"))
    headers = {"x-unknown", "x-api-key", "x-rate-limit", "x-ratelimit", "x-schemathesis-testcaseid"}
    used = set(re.findall(r'"(x-[a-z-]+)"', code)) - headers - {"x-enum-varnames"}
    rules = {"x-rule", "x-message", "x-invalid-examples"}
    assert used == rules | SHAPES.keys()
    headings = re.findall("^## (.+)$", documented, re.MULTILINE)
    assert used == set(re.findall(r"`(x-[a-z-]+)`", " ".join(headings)))


def test_links_between_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert link.startswith("https://") or (page.parent / link).exists(), (page.name, link)
