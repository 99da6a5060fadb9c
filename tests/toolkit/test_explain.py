"""Every check and every lint rule explains itself, with examples that are what they say."""

import pytest

from support.http_text import exchange
from support.linting import complete, load_text
from wirecheck.checks import CHECKS, Judge
from wirecheck.cli import run
from wirecheck.explain import EXAMPLES, Page, pages
from wirecheck.lint import RULES

PAGES = pages()
Capture = pytest.CaptureFixture[str]


def explained(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    code = run(["explain", *arguments])
    return code, *capsys.readouterr()


def test_every_check_and_every_rule_has_a_page() -> None:
    assert list(PAGES) == [*CHECKS, *RULES]
    assert EXAMPLES.keys() == CHECKS.keys()


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.id)
def test_a_page_says_what_and_why_with_a_bad_and_a_good_example(page: Page) -> None:
    assert page.summary.endswith(".")
    for text in (page.why, page.bad, page.good):
        assert text.strip()
    assert page.bad != page.good
    assert page.why.endswith(".")


@pytest.mark.parametrize("page", [PAGES[check] for check in CHECKS], ids=lambda page: page.id)
def test_the_examples_of_a_check_are_what_they_say(page: Page) -> None:
    assert page.document is not None
    judge = Judge(load_text(complete(page.document)))
    assert [finding.check for finding in judge.judge(exchange(page.bad)).findings] == [page.id]
    assert judge.judge(exchange(page.good)).findings == ()


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.id)
def test_a_page_is_printed_for_80_columns(page: Page, capsys: Capture) -> None:
    code, out, err = explained(capsys, page.id)
    assert (code, err) == (0, "")
    assert out.startswith(f"{page.id} (")
    for title in ("Why", "Reported by"):
        assert f"\n\n{title}\n  " in out
    for example in (page.bad, page.good):
        assert all(f"  {line}".rstrip() in out.splitlines() for line in example.splitlines())
    assert max(map(len, out.splitlines())) <= 80
    flat = " ".join(out.split())
    for text in (page.text, page.why, page.reported_by):
        assert " ".join(text.split()) in flat


def test_the_list_has_all_ids_in_groups(capsys: Capture) -> None:
    code, out, err = explained(capsys)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    groups = [block.splitlines()[0] for block in out.split("\n\n")[:-1]]
    assert groups == [
        "Checks of traffic",
        "Lint rules: core",
        "Lint rules: extensions",
        "Lint rules: client",
    ]
    listed = [line.split()[0] for line in out.splitlines() if line.startswith("  ") and line[2] != " "]
    assert listed == list(PAGES)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("status-documentd", "Did you mean status-documented"),
        ("pattern-protable", "Did you mean pattern-portable?"),
        ("rule-kept", "law-kept"),
    ],
)
def test_an_unknown_id_is_an_error_that_suggests_one(name: str, hint: str, capsys: Capture) -> None:
    code, out, err = explained(capsys, name)
    assert (code, out) == (2, "")
    assert f"there is no check or lint rule {name!r}" in err
    assert hint in err


def test_an_id_that_is_like_none_is_an_error_that_lists_all(capsys: Capture) -> None:
    code, _, err = explained(capsys, "zzz")
    assert code == 2
    assert all(page in err for page in PAGES)
