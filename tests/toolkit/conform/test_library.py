"""A whole API, the library of tests/support, correct and with each of its faults."""

from collections import Counter
from functools import lru_cache

import pytest

from support.conforming import counterexamples
from support.library_server import FAULTS, PREFIX, TOKEN, create_app
from support.paths import SPECS
from wirecheck.conform import Conformance, SessionOptions, State, open_session, requirements, run
from wirecheck.conform.asgi import InProcess
from wirecheck.lint import lint
from wirecheck.spec import Spec, load

FOUND = {
    "shouting": "lendBook: rules: enforces calm of note",
    "blank": "lendBook: rules: enforces not-blank of note",
    "wildcards": "listBooks: rules: enforces no-wildcard of title",
    "unsorted": "listBooks: responses: by-title",
    "never-lent": "listBooks: laws: as-by-itself",
    "any-subject": "listBooks: parameters: of-the-subjects",
    "title-case": "listBooks: parameters: titles-match",
    "the-day-itself": "listBooks: parameters: published-later",
    "day-forgotten": "listBooks: paging: published-later",
    "limit-off-by-one": "listLoans: parameters: limit-obeyed",
    "loan-lost": "listLoans: paging: pages of 1 return",
    "loan-twice": "listLoans: paging: an item is repeated",
    "endless": "listBooks: paging: an item is repeated",
    "open": "listBooks: access: there are no credentials, but the request is accepted",
    "any-key": "addBook: access: the credentials are unknown, but the request is accepted",
    "tokens-are-keys": "replaceBook: access: there are no credentials, but the request is accepted",
    "stays": "addBook: laws: alone-is-gone",
    "takes-another": "addBook: laws: alone-is-gone",
    "miscounted": "addBook: laws: is-counted",
    "forgets-title": "updateBook: laws: title-is-changed",
    "forgets-authors": "replaceBook: laws: is-replaced",
    "not-lent": "lendBook: laws: is-lent",
    "trims-notes": "lendBook: laws: is-as-wished",
    "lends-anyway": "lendBook: rules: the request is rejected, but it changes observable state",
    "renews-at-once": "renewLoan: laws: waits",
    "no-served-at": "getBook: responses: body-matches-schema",
    "page-of-errors": "getBook: parameters: media-type-documented",
    "crash": "getHours: responses: 500",
    "other-book": "getBook: responses: is-asked-for",
    "unnamed": "joinLibrary: laws: keeps-the-name",
    "headless": "getBook: methods: GET is accepted, but HEAD is not: 500",
    "put-for-post": "addBook: methods: PUT is not documented, but it is accepted: 201",
}
"""By fault, what shows it: the operation, the kind of the requirement, and words of the violation."""


@pytest.fixture(scope="module")
def library() -> Spec:
    return load(SPECS / "library.yaml")


@lru_cache
def report(library: Spec, fault: str | None = None, operation: str | None = None) -> Conformance:
    """A run with the library with a fault, of all operations or one."""
    options = SessionOptions(
        url=f"http://server.test{PREFIX}", token=TOKEN, values=SPECS / "library-values.yaml"
    )
    with InProcess(create_app(fault)) as http:
        chosen = [
            requirement for requirement in requirements(library) if operation in (None, requirement.operation)
        ]
        return run(open_session(library, options, http), chosen)


def test_the_document_has_no_problems(library: Spec) -> None:
    assert lint(library) == []


def test_a_correct_server_satisfies_everything(library: Spec) -> None:
    correct = report(library)
    assert counterexamples(correct) == []
    assert (correct.conclusive, correct.violated, correct.flaky) == (True, False, {})


def test_every_operation_is_tested(library: Spec) -> None:
    correct = report(library)
    succeeded = {name for name, status in correct.exercised if status.startswith("2")}
    assert succeeded == {operation.name for operation in library.operations}
    assert sorted(f"{name} {status}" for name, status in correct.documented - correct.exercised) == [
        "addBook 409",  # this library allows equal titles
        "getBook 503",  # this server has no maintenance
        "lendBook 503",
        "listBooks 429",
        "listBooks 503",
        "renewLoan 409",
    ]
    inconclusive = {
        outcome.requirement.name for outcome in correct.outcomes if outcome.state is State.INCONCLUSIVE
    }
    assert {name for name in inconclusive if ": statuses: " not in name} == {
        "listBooks: parameters: accepts page_token"
    }


def test_every_fault_is_expected_to_be_found() -> None:
    assert FOUND.keys() == FAULTS.keys()


@pytest.mark.parametrize("fault", FAULTS)
def test_the_fault_is_found(fault: str, library: Spec) -> None:
    operation, kind, words = FOUND[fault].split(": ", 2)
    found = counterexamples(report(library, fault, operation))
    assert [one for one in found if one.startswith(f"{operation}: {kind}: ") and words in one], found


def test_faults_are_found_by_requirements_of_all_kinds(library: Spec) -> None:
    kinds = Counter(line.split(": ")[1] for line in FOUND.values())
    assert kinds.keys() == {"responses", "parameters", "rules", "methods", "paging", "access", "laws"}
