"""A second API, unlike the first in all it can be, is tested by its own laws, with no line of Python."""

from collections import Counter
from functools import lru_cache

import pytest

from support.library_server import FAULTS, PREFIX, TOKEN, create_app
from support.paths import SPECS
from wirecheck.conform import Conformance, SessionOptions, State, open_session, requirements, run
from wirecheck.conform.asgi import InProcess
from wirecheck.lint import lint
from wirecheck.spec import Spec, load

FOUND = {
    "shouting": "lendBook: rules: holds calm of note",
    "blank": "lendBook: rules: holds not-blank of note",
    "wildcards": "listBooks: rules: holds no-wildcard of title",
    "unsorted": "listBooks: answers: by-title",
    "never-lent": "listBooks: laws: as-by-itself",
    "any-subject": "listBooks: parameters: of-the-subjects",
    "title-case": "listBooks: parameters: titles-match",
    "the-day-itself": "listBooks: parameters: published-later",
    "day-forgotten": "listBooks: paging: published-later",
    "limit-off-by-one": "listLoans: parameters: limit-obeyed",
    "loan-lost": "listLoans: paging: pages of 1 give",
    "loan-twice": "listLoans: paging: an item comes twice",
    "endless": "listBooks: paging: an item comes twice",
    "open": "listBooks: access: there are no credentials, but it is accepted",
    "any-key": "addBook: access: the credentials are unknown, but it is accepted",
    "tokens-are-keys": "replaceBook: access: there are no credentials, but it is accepted",
    "stays": "addBook: laws: alone-is-gone",
    "takes-another": "addBook: laws: alone-is-gone",
    "miscounted": "addBook: laws: is-counted",
    "forgets-title": "updateBook: laws: title-is-changed",
    "forgets-authors": "replaceBook: laws: is-replaced",
    "not-lent": "lendBook: laws: is-lent",
    "trims-notes": "lendBook: laws: is-as-wished",
    "lends-anyway": "lendBook: rules: it is refused, but changes what can be read",
    "renews-at-once": "renewLoan: laws: waits",
    "no-served-at": "getBook: answers: body-matches-schema",
    "page-of-errors": "getBook: parameters: media-type-documented",
    "crash": "getHours: answers: 500",
    "other-book": "getBook: answers: is-asked-for",
    "unnamed": "joinLibrary: laws: keeps-the-name",
    "headless": "getBook: methods: GET is answered, but HEAD is not: 500",
    "put-for-post": "addBook: methods: the path lacks PUT, but it is accepted: 201",
}
"""By fault, what tells of it: the operation, the kind of promise or its name, and words of the breach."""


@pytest.fixture(scope="module")
def library() -> Spec:
    return load(SPECS / "library.yaml")


@lru_cache
def report(library: Spec, fault: str | None = None, operation: str | None = None) -> Conformance:
    """A run against the server with a fault, or only what is promised of one operation."""
    options = SessionOptions(
        url=f"http://server.test{PREFIX}", token=TOKEN, values=SPECS / "library-values.yaml"
    )
    with InProcess(create_app(fault)) as http:
        chosen = [one for one in requirements(library) if operation in (None, one.operation)]
        return run(open_session(library, options, http), chosen)


def counterexamples(report: Conformance) -> list[str]:
    return [
        f"{one.requirement.name}: {counterexample.message}"
        for one in report.outcomes
        for counterexample in one.counterexamples
    ]


def test_the_document_is_without_fault(library: Spec) -> None:
    assert lint(library) == []


def test_nothing_is_found_where_nothing_is_wrong(library: Spec) -> None:
    right = report(library)
    assert counterexamples(right) == []
    assert (right.told, right.broken, right.flaky) == (True, False, {})


def test_every_operation_is_tested(library: Spec) -> None:
    right = report(library)
    succeeded = {name for name, status in right.observed if status.startswith("2")}
    assert succeeded == {one.name for one in library.operations}
    assert sorted(f"{name} {status}" for name, status in right.documented - right.observed) == [
        "addBook 409",  # titles may be the same, here
        "getBook 503",  # these computers never rest
        "lendBook 503",
        "listBooks 429",
        "listBooks 503",
        "renewLoan 409",
    ]
    untold = {one.requirement.name for one in right.outcomes if one.state is State.INCONCLUSIVE}
    assert {name for name in untold if ": statuses: " not in name} == {
        "listBooks: parameters: takes page_token"
    }


def test_every_fault_is_expected_to_be_found() -> None:
    assert FOUND.keys() == FAULTS.keys()


@pytest.mark.parametrize("fault", FAULTS)
def test_the_fault_is_found(fault: str, library: Spec) -> None:
    operation, kind, words = FOUND[fault].split(": ", 2)
    found = counterexamples(report(library, fault, operation))
    assert [one for one in found if one.startswith(f"{operation}: {kind}: ") and words in one], found


def test_faults_are_found_by_all_sorts_of_promises(library: Spec) -> None:
    kinds = Counter(line.split(": ")[1] for line in FOUND.values())
    assert kinds.keys() == {"answers", "parameters", "rules", "methods", "paging", "access", "laws"}
