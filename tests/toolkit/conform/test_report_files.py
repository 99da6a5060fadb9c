"""The reports of a conformance run as JUnit XML and as Markdown, and the causes of what is inconclusive."""

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from support.conforming import session, spec_of, text_of
from support.junit import require_valid
from wirecheck.conform import (
    Conformance,
    Outcome,
    Requirement,
    State,
    requirements,
    run,
    to_junit,
    to_markdown,
)
from wirecheck.conform.causes import causes
from wirecheck.conform.outcome import Counterexample


def satisfied(operation: str = "getBook") -> Outcome:
    return outcome(operation, State.SATISFIED)


def inconclusive(reason: str, operation: str = "getBook") -> Outcome:
    return replace(outcome(operation, State.INCONCLUSIVE), reason=reason)


def violated(
    message: str, operation: str = "getBook", request: str = "curl -X GET http://a.test/1"
) -> Outcome:
    counterexample = Counterexample(message, "#/paths/~1books/get", request, 500)
    return replace(outcome(operation, State.VIOLATED), counterexamples=(counterexample,))


def outcome(operation: str, state: State) -> Outcome:
    def test(_: object) -> None:
        """Is not called."""

    return Outcome(Requirement(operation, "access", "rejects strangers", test, "RFC 9110, 15.5.2"), state)


def report_of(*outcomes: Outcome, not_undone: Sequence[str] = ()) -> Conformance:
    documented = frozenset({("getBook", "200"), ("getBook", "404")})
    return Conformance(
        spec="api.yaml",
        outcomes=outcomes,
        documented=documented,
        exercised=frozenset({("getBook", "200")}),
        requests=7,
        flaky={},
        not_undone=not_undone,
    )


def junit(*outcomes: Outcome) -> ElementTree.Element:
    return valid("".join(to_junit(report_of(*outcomes))))


def valid(text: str) -> ElementTree.Element:
    require_valid(text)
    return ElementTree.fromstring(text)


ODD = 'a <b> & "c" ]]> \x00 \x1b[31m \ud800 \ufffe é 中 `x` *y* | z'


def test_junit_has_a_suite_for_each_operation_and_a_test_for_each_requirement() -> None:
    root = junit(
        satisfied(), inconclusive("no request is known"), violated("It fails."), satisfied("listBooks")
    )
    suites = {suite.get("name"): suite for suite in root}
    assert suites.keys() == {"getBook", "listBooks"}
    counts = [suites["getBook"].get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counts == ["3", "1", "0", "1"]
    cases = suites["getBook"].findall("testcase")
    assert {(case.get("classname"), case.get("name")) for case in cases} == {
        ("getBook", "access: rejects strangers")
    }
    [failure] = suites["getBook"].iter("failure")
    assert failure.get("message") == "It fails."
    assert failure.text == (
        "required by RFC 9110, 15.5.2\nIt fails.\n  defined at #/paths/~1books/get\n"
        "  curl -X GET http://a.test/1 -> 500"
    )
    [skipped] = suites["getBook"].iter("skipped")
    assert skipped.get("message") == "no request is known"


def test_junit_of_odd_texts_can_be_read() -> None:
    root = junit(violated(ODD, ODD, ODD), inconclusive(ODD))
    assert 'a <b> & "c" ]]>' in (next(root.iter("failure")).get("message") or "")


def test_junit_of_a_real_run_is_valid_and_counts_its_seconds() -> None:
    spec = spec_of()
    report = run(session(spec), requirements(spec))
    root = valid("".join(to_junit(report)))
    assert len(list(root.iter("testcase"))) == len(report.outcomes)


def test_junit_of_nothing_is_valid() -> None:
    assert list(junit()) == []


def test_markdown_says_what_is_violated_inconclusive_and_left() -> None:
    outcomes = [
        satisfied(),
        inconclusive("no value of book_id is known: give an example"),
        violated("It fails."),
    ]
    text = "".join(to_markdown(report_of(*outcomes, not_undone=["curl -X DELETE http://a.test/1"])))
    assert (
        text
        == """## Conformance with api.yaml

| requirements | number |
|---|---|
| satisfied | 1 (33 %) |
| violated | 1 (33 %) |
| inconclusive | 1 (33 %) |

7 requests; 1 of 2 documented responses were exercised.

### Violated

- **getBook: access: rejects strangers** (required by RFC 9110, 15.5.2)
  - It fails.\\
    defined at `#/paths/~1books/get`\\
    `curl -X GET http://a.test/1` → 500

### Inconclusive

| cause | requirements | of |
|---|---|---|
| no value of book\\_id is known (add an example to the document, or give --values) | 1 | getBook |

### Not undone

- `curl -X DELETE http://a.test/1`
"""
    )


def test_nothing_in_a_text_is_markup() -> None:
    text = "".join(to_markdown(report_of(violated("<img src=x> [a](b) *c*", request="echo `id` ``x"))))
    html = MarkdownIt().render(text)
    assert "<img" not in html
    assert "<a " not in html
    assert "<em>" not in html
    assert "<code>echo `id` ``x</code>" in html


def test_inconclusive_requirements_are_grouped_by_their_cause() -> None:
    found = causes(
        [
            inconclusive("no recipe for this status (add one to --values)"),
            inconclusive("no value of book_id is known: give an example, or --values"),
            inconclusive("no value of shelf is known: give an example, or --values", "getShelf"),
            inconclusive("no value of shelf is known: give an example, or --values", "getShelf"),
            satisfied(),
        ]
    )
    assert [(cause.requirements, cause.operations) for cause in found] == [
        (3, ("getBook", "getShelf")),
        (1, ("getBook",)),
    ]
    assert [cause.text for cause in found] == [
        "no value of book_id, shelf is known (add an example to the document, or give --values)",
        "no recipe for this status (add one to --values)",
    ]


@pytest.mark.parametrize(
    "reason",
    [
        "no value of {} is known: give an example, or --values",
        "something that {} does not know",
        "no body is known: give an example",
        "rate limited (429); the server requests a wait of 3 minutes",
        "rejected",
        "{}",
    ],
)
def test_a_cause_is_one_line_of_whole_words(reason: str) -> None:
    [cause] = causes([inconclusive(reason)])
    assert "\n" not in cause.text
    assert cause.text


def test_the_summary_has_the_shares() -> None:
    outcomes = [satisfied()] * 199 + [inconclusive("rejected")]
    [*_, last] = text_of(report_of(*outcomes)).splitlines()
    assert last == "199 requirements satisfied (99 %), 1 inconclusive (0 %)."


def test_markdown_says_what_was_flaky_and_why_it_stopped() -> None:
    report = replace(
        report_of(violated("No.")),
        stopped="the time *is* up",
        flaky={"getBook": (2, 9), "listBooks": (1, 4)},
    )
    text = "".join(to_markdown(report))
    assert "\nNot everything was tested: the time \\*is\\* up.\n" in text
    assert (
        "### Flaky\n\n- getBook: 2 of 9 requests failed, and succeeded when retried\n- listBooks: 1 of 4"
        in text
    )


def test_markdown_shows_the_first_counterexamples() -> None:
    [counterexample] = violated("No.").counterexamples
    many = replace(violated("No."), counterexamples=(replace(counterexample, status=None),) * 8)
    text = "".join(to_markdown(report_of(many)))
    assert text.count("No.") == 5
    assert "  - and 3 more\n" in text
    assert "→" not in text
