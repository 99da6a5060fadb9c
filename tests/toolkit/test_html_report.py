"""The report as an HTML page: what it shows, that nothing gets out of its data, and how it is used."""

import difflib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from support.browsing import CHROMIUM, Page, page
from support.paths import SPECS
from support.reports import FINDING
from wirecheck.checks import Judge
from wirecheck.model import DocumentProblem, Evidence, Finding, MarkedLines, Report, Severity
from wirecheck.recordings import read
from wirecheck.reports.collect import Collector
from wirecheck.reports.html import to_html
from wirecheck.spec import load

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = '</script><img src=x onerror="document.title=1"><!--'
EVIDENCE = Evidence(
    curl="curl -X GET https://board.test/v1/topics/snow",
    body=MarkedLines(lines=("{", '  "name": 1', "}"), marked=(1, 2)),
    body_note="JSON, 11 bytes",
    request_headers=(("accept", "*/*"),),
    response_headers=(("content-type", "application/json"),),
    elapsed=0.012,
    document=MarkedLines(lines=("name:", "  type: string"), marked=(1, 2), first=332),
)


@dataclass(frozen=True)
class Store:
    """Evidence that all findings have."""

    evidence: Evidence

    def of(self, finding: Finding) -> Evidence:
        return self.evidence


def report(*findings: Finding, evidence: Evidence = EVIDENCE, **changes: Any) -> Report:
    fields: dict[str, Any] = {
        "spec": "openapi.yaml",
        "title": "Notice Board",
        "version": "2.1.0",
        "exchanges": max(1, len(findings)),
        "unmatched": 0,
        "partial": 0,
        "problems": (),
        "operations": {"getTopic": max(1, len(findings)), "getFeed": 0},
        "severities": dict.fromkeys(Severity, 0),
        "checks": {},
        "findings": findings,
        "recordings": ("recorded.har",),
        "evidence": Store(evidence),
    }
    return Report(**{**fields, **changes})


def page_of(shown: Report) -> str:
    return "".join(to_html(shown))


class Parts(HTMLParser):
    """The tags of a page, each with the names of its attributes, and its blocks of data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.data: dict[str, Any] = {}
        self._block = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attributes)))
        values = dict(attributes)
        self._block = (values.get("id") or "") if values.get("type") == "application/json" else ""

    def handle_endtag(self, tag: str) -> None:
        self._block = ""

    def handle_data(self, data: str) -> None:
        if self._block:
            self.data[self._block] = json.loads(data)
        else:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


# What the page has


def board_page() -> str:
    """The page of the recordings in the golden folder, without its style and its script."""
    board = load(Path("noticeboard.yaml"))
    judge, collector = Judge(board), Collector(board)
    collector.collect_evidence(judge.redactor)
    for recording in ("morning.jsonl", "evening.jsonl"):
        for exchange in read(GOLDEN / recording):
            collector.add(judge.judge(exchange), exchange)
    text = page_of(collector.report())
    collector.close()
    text = re.sub(r"(?s)<style>.*?</style>", "<style>…</style>", text)
    text = re.sub(r"(?s)<script>.*?</script>", "<script>…</script>", text)
    return re.sub(r"(?<=sha256-)[^']*", "…", text)


def test_the_page_is_the_golden_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SPECS)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1448668800")
    text, expected = board_page(), (GOLDEN / "check.html").read_text(encoding="utf-8")
    difference = difflib.unified_diff(
        expected.splitlines(True), text.splitlines(True), "golden/check.html", "now"
    )
    assert text == expected, "\n" + "".join(difference)


def test_the_page_fetches_nothing_and_runs_only_its_own_script() -> None:
    text = page_of(report(FINDING))
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    addresses = re.findall(r'\b(?:src|href|action)="([^"]*)"', text)
    assert all(address.startswith(("#", "data:image/svg+xml,")) for address in addresses)
    assert Parts(text).tags.count(("script", ())) == 1
    assert not [
        tag for tag, names in Parts(text).tags if "style" in names or any(n[:2] == "on" for n in names)
    ]


@pytest.mark.parametrize(
    ("shown", "heading", "sentence"),
    [
        (report(FINDING), "Traffic and document disagree", "1 error, of 1 kind, in 1 exchange."),
        (
            report(structs.replace(FINDING, severity=Severity.WARNING)),
            "No errors",
            "1 warning, of 1 kind, in 1 exchange.",
        ),
        (
            report(),
            "All checks passed",
            "What was recorded is as it is documented. 1 operation was never exercised.",
        ),
        (report(unmatched=1), "Nothing was checked", "Nothing could be found, as nothing was checked."),
        (report(partial=1), "No errors in what could be checked", "1 exchange was not fully checked"),
    ],
)
def test_the_verdict_is_in_the_page_itself(shown: Report, heading: str, sentence: str) -> None:
    text = page_of(shown)
    assert f"<h1>{heading}</h1>" in text
    assert sentence in text


def test_what_was_not_checked_is_listed_with_its_reason() -> None:
    others = {f"host{number}.test": 2 for number in range(30)}
    text = page_of(
        report(exchanges=64, unmatched=64, other_hosts=others, skipped={"preflight": 3, "page": 0})
    )
    assert "<code>host0.test</code>" in text
    assert "and 10 more (see --host)" in text
    assert "preflights</p><p>Browsers ask" in text
    assert "parts of pages" not in text
    assert "exchanges that belong to no operation" in text


def test_every_kind_has_its_findings_and_a_limit_is_said() -> None:
    many = [structs.replace(FINDING, source=f"a.har#{number}") for number in range(1500)]
    parts = Parts(page_of(report(*many, structs.replace(FINDING, fingerprint="f" * 16))))
    counts = [kind["count"] for kind in parts.data["kinds"]["kinds"]]
    assert counts == [1500, 1]
    assert [row[0] for row in parts.data["rows"]] == [0] * 1000 + [1]


def test_findings_of_a_check_are_explained() -> None:
    explained = Parts(page_of(report(FINDING))).data["kinds"]["checks"]["body-matches-schema"]
    assert any("Clients with types" in paragraph for paragraph in explained)


# Nothing gets out


def hostile(text: str) -> Report:
    """A report that has a text in every place that recordings or documents fill."""
    excerpt = MarkedLines(lines=(text,), marked=(0, 1), first=1)
    evidence = structs.replace(
        EVIDENCE, curl=text, body=excerpt, body_note=text, request_headers=((text, text),), document=excerpt
    )
    finding = structs.replace(
        FINDING, source=text, operation=text, path=text, query=text, pointer=text, spec_file=text,
        spec_pointer=text, message=text, method=text,
    )  # fmt: skip
    changes: dict[str, Any] = {"spec": text, "title": text, "version": text, "recordings": (text,)}
    hosts, skipped = {text: 1}, {"unreadable": 1}
    operations = {text: 1, f"{text}2": 0}
    return report(
        finding, evidence=evidence, operations=operations, other_hosts=hosts, skipped=skipped,
        unreadable=text, exchanges=3, unmatched=2, **changes,
    )  # fmt: skip


FRAGMENTS = [
    "</script>",
    "<script>",
    "<!--",
    "-->",
    "]]>",
    "&lt;",
    "'",
    '"',
    "\u2028",
    "\u202e",
    "\\",
    "</title>",
]
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), min_size=1, max_size=6).map("".join)


@settings(max_examples=50)
@given(text=TEXTS)
def test_no_text_gets_out_of_its_place(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    parts, harmless = Parts(page_of(hostile(f"x{text}x"))), Parts(page_of(hostile("x")))
    assert parts.tags == harmless.tags
    assert parts.data.keys() == {"kinds", "rows"}
    [row] = parts.data["rows"]
    assert row[-1]["curl"] == f"x{text}x"
    assert not [char for piece in parts.texts for char in piece if char in "\u202e\u2028"]


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    with page() as opened:
        opened.resize(1280, 900)
        opened.prefer("light")
        yield opened


@pytest.fixture
def opened(browser: Page, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens the page of a report; nothing may go wrong in it, nor be blocked by its policy."""

    def open_(shown: Report, fragment: str = "") -> Page:
        path = tmp_path / "report.html"
        path.write_text(page_of(shown), encoding="utf-8")
        browser.open(path, fragment)
        return browser

    yield open_
    assert browser.errors() == []


SOME = [
    structs.replace(
        FINDING,
        source=f"a.har#{number}",
        severity=list(Severity)[number % 2],
        fingerprint=f"{number:016x}",
        message=f"message {number}",
    )
    for number in range(6)
]
MESSAGES = "[...document.querySelectorAll('#list .message')].map(each => each.textContent)"
SHOWN = "document.getElementById('shown').textContent"
DETAIL = "document.querySelector('.detail')?.textContent"


def test_findings_are_filtered_and_the_address_says_how(opened: Callable[..., Page]) -> None:
    shown = opened(report(*SOME))
    assert shown.value(SHOWN) == "6 findings of 6 kinds"
    shown.value("document.querySelector('.chip.warning').click()")
    assert shown.value(MESSAGES) == ["message 1", "message 3", "message 5"]
    assert shown.value("location.hash") == "#severity=warning"
    shared = opened(report(*SOME), "#severity=error&q=A.HAR%234")
    assert shared.value(MESSAGES) == ["message 4"]
    shared.value("document.getElementById('reset').click()")
    assert shared.value(SHOWN) == "6 findings of 6 kinds"


def test_the_keyboard_is_enough(opened: Callable[..., Page]) -> None:
    shown = opened(report(*SOME))
    for key in ("j", "j", "k", "j", "Enter"):
        shown.press(key)
    detail = shown.value(DETAIL)
    assert "curl -X GET" in detail
    assert "a.har#2" in detail
    assert shown.value("document.activeElement.getAttribute('aria-expanded')") == "true"
    assert shown.value("document.querySelector('.detail mark').textContent") == '  "name": 1\n'
    assert shown.value("document.querySelectorAll('.detail mark')[1].dataset.n") == "333"
    shown.press("Escape")
    assert shown.value(DETAIL) is None
    for key in "/5":
        shown.press(key)
    is_filtered = f"{SHOWN} === '1 finding of 1 kind'"
    shown.value(
        f"new Promise(done => {{ const wait = () => {is_filtered} ? done() : setTimeout(wait); wait() }})"
    )
    assert shown.value("document.activeElement.id") == "q"
    shown.press("Enter")
    assert shown.value("document.activeElement.className") == "kind"


def test_dark_mode_follows_the_system_and_can_be_toggled(opened: Callable[..., Page]) -> None:
    shown = opened(report(FINDING))
    ground = "getComputedStyle(document.body).backgroundColor"
    light = shown.value(ground)
    shown.prefer("dark")
    assert shown.value(ground) != light
    shown.value("document.getElementById('theme').click()")
    assert shown.value(ground) == light
    shown.value("localStorage.clear()")
    shown.prefer("light")


def test_a_phone_needs_no_scrolling_to_the_side(opened: Callable[..., Page]) -> None:
    shown = opened(hostile("unbreakable" * 40))
    shown.resize(360, 740)
    shown.value("document.querySelector('button.kind').click()")
    for view in ("findings", "operations", "unchecked"):
        shown.value(f"document.getElementById('tab-{view}').click()")
        assert shown.value("document.documentElement.scrollWidth") == 360
    shown.resize(1280, 900)


def test_hostile_texts_are_shown_and_do_nothing(opened: Callable[..., Page]) -> None:
    shown = opened(hostile(HOSTILE))
    shown.value("document.querySelector('button.kind').click()")
    assert shown.value("document.querySelectorAll('img, main script').length") == 0
    assert shown.value("document.title").startswith(HOSTILE)
    assert HOSTILE in shown.value(DETAIL)


@pytest.mark.no_cover
def test_ten_thousand_findings_are_shown_in_portions(opened: Callable[..., Page]) -> None:
    many = [structs.replace(FINDING, fingerprint=f"{number:016x}") for number in range(10_000)]
    shown = opened(report(*many))
    assert shown.value("document.querySelectorAll('#list > li').length") <= 100
    assert shown.value(SHOWN) == "10,000 findings of 10,000 kinds"
    for _ in range(2):
        shown.value("document.getElementById('more').click()")
    assert shown.value("document.querySelectorAll('#list > li').length") > 100


def test_the_page_says_what_was_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = (
        DocumentProblem(file="a<b.yaml", line=7, pointer="#/paths", message="odd <i>", exchanges=3),
        DocumentProblem(file="a<b.yaml", line=9, pointer="#/info", message="odd", exchanges=0),
    )
    note = structs.replace(FINDING, check="status-documented", severity=Severity.INFO, status=0)
    text = page_of(report(note, problems=problems, partial=3))
    assert '<span class="number">3</span><div><p>exchanges not fully checked: odd &lt;i&gt;</p>' in text
    assert "<code>a&lt;b.yaml:7 #/paths</code>" in text
    assert "<p>1 error of the document made no difference</p>" in text
    assert f"<p>{FINDING.message[:1].upper()}{FINDING.message[1:]}</p>" in text


def test_the_page_counts_the_kinds_that_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.reports.html.kinds._KINDS", 2)
    findings = [
        structs.replace(FINDING, message=f"m{number}", fingerprint=f"{number:016x}") for number in range(5)
    ]
    assert "findings of further kinds are left out here" in page_of(report(*findings))
    assert "findings of further kinds" not in page_of(report(*findings[:2]))


def test_the_page_says_that_everything_is_right() -> None:
    right = page_of(report(operations={"getTopic": 1}))
    assert "Every operation was exercised, and responded as documented." in right
    assert "1 operation was never exercised." in page_of(report())
