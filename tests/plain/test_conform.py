"""conform on the plain servers: nothing is found on the right ones, mutants are, by the document alone."""

from collections.abc import Collection
from functools import cache

import pytest

from plain import KINDS
from plain.catalogue import MUTANTS, SERVERS, Server
from wirecheck.conform import Conformance, SessionOptions, State, open_session, requirements, run
from wirecheck.conform.asgi import InProcess
from wirecheck.spec import Spec, load

SURVIVORS = {
    "name-trimmed": "frameworks trim texts",
    "text-normalized": "frameworks normalize texts",
    "text-coerced": "frameworks take numbers for texts",
    "tags-sorted": "a list of tags may be a set",
    "deleted-again-200": "what was there once may be deleted again (RFC 9110, 9.2.2)",
    "stats-count-deleted": "only a description says what is counted",
    "job-without-end": "nothing says how long a job may take",
    "supplier-unchecked": "many servers do not check references",
    "missing-for-405": "a 405 is not required (RFC 9110, 15.5.6)",
    "accept-ignored": "a server may disregard Accept (RFC 9110, 12.4.1)",
}
"""Mutants that no requirement finds, and why: what is wrong is what right servers do as well."""

OF_KINDS = {
    "state": ("state", "lists", "http"),
    "paging": ("lists",),
    "http": ("http", "methods"),
    "access": ("access",),
}
"""Kinds of mutants, each with the kinds of requirements that find them by themselves."""
BY_OTHERS = {
    "text-truncated": ("body",),
    "payload-optional": ("body",),
    "retired": ("http",),
    "key-capitals": ("parameters",),
}
"""Mutants that other requirements find than those of their kind."""
SAMPLE = [
    next(name for name, (_, mutant) in MUTANTS.items() if mutant.kind == kind)
    for kind in KINDS
    if kind not in OF_KINDS
]


pytestmark = pytest.mark.usefixtures("no_waits")


@cache
def spec_of(name: str) -> Spec:
    return load(SERVERS[name].document)


def name_of(server: Server) -> str:
    return next(name for name, other in SERVERS.items() if other is server)


def report_of(server: Server, http: InProcess, kinds: Collection[str] = ()) -> Conformance:
    """A run of the requirements of some kinds, of all without."""
    spec = spec_of(name_of(server))
    chosen = [requirement for requirement in requirements(spec) if not kinds or requirement.kind in kinds]
    options = SessionOptions(
        url=f"http://server.test{server.prefix}",
        token=server.token or None,
        tokens_without=server.without,
        tokens_of=server.others,
    )
    with open_session(spec, options, http) as session:
        return run(session, chosen)


def violated(report: Conformance) -> list[str]:
    return [
        f"{outcome.requirement.name}: {outcome.counterexamples[0].message}"
        for outcome in report.outcomes
        if outcome.state is State.VIOLATED
    ]


@pytest.mark.parametrize("name", SERVERS)
def test_nothing_is_found_on_a_right_server_and_nothing_is_left(name: str) -> None:
    server = SERVERS[name]
    with InProcess(server.make(frozenset())) as http:
        for _ in range(2 if name == "notes" else 1):
            report = report_of(server, http)
            assert violated(report) == []
            assert report.conclusive
            assert all("no operation deletes" in line for line in report.not_undone)


@pytest.mark.parametrize("name", ["fleet", "notes"])
def test_nothing_is_satisfied_without_a_request(name: str) -> None:
    """Statuses count as exercised by the requests of other requirements."""
    server, spec = SERVERS[name], spec_of(name)
    options = SessionOptions(url=f"http://server.test{server.prefix}", token=server.token or None)
    chosen = [requirement for requirement in requirements(spec) if requirement.kind != "statuses"]
    with InProcess(server.make(frozenset())) as http, open_session(spec, options, http) as session:
        for requirement in chosen:
            before = session.target.sent.total()
            outcome = session.run(requirement)
            assert outcome.state is not State.SATISFIED or session.target.sent.total() > before, requirement


@pytest.mark.no_cover
@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_of_mutants_is_found(name: str) -> None:
    server, _ = MUTANTS[name]
    with InProcess(server.make(frozenset({name}))) as http:
        assert violated(report_of(server, http))


OF_THEIR_KIND = [
    name
    for name, (_, mutant) in MUTANTS.items()
    if name not in BY_OTHERS and mutant.kind in OF_KINDS and name not in SURVIVORS
]


@pytest.mark.parametrize(
    "name",
    [
        *BY_OTHERS,
        *OF_THEIR_KIND[::4],
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in OF_THEIR_KIND
            if name not in OF_THEIR_KIND[::4]
        ),
    ],
)
def test_a_mutant_is_found_by_the_requirements_of_its_kind(name: str) -> None:
    server, mutant = MUTANTS[name]
    with InProcess(server.make(frozenset({name}))) as http:
        assert violated(report_of(server, http, BY_OTHERS.get(name) or OF_KINDS[mutant.kind]))


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in MUTANTS if name not in SAMPLE])
def test_every_mutant_is_found_but_those_that_behave_as_right_servers_do(name: str) -> None:
    server, _ = MUTANTS[name]
    with InProcess(server.make(frozenset({name}))) as http:
        assert bool(violated(report_of(server, http))) is (name not in SURVIVORS)
