"""The catalogue audits itself: each mutant is a fault, and the right servers satisfy their documents."""

from collections import Counter
from collections.abc import Iterator

import pytest
import yaml

import wirecheck
from plain import KINDS
from plain.catalogue import MUTANTS, SERVERS, Server
from plain.probes import clock, responses, transcript
from wirecheck.cli import run

pytestmark = pytest.mark.no_cover


def test_there_are_enough_mutants_of_every_kind() -> None:
    kinds = Counter(mutant.kind for _, mutant in MUTANTS.values())
    assert kinds.keys() == set(KINDS)
    assert min(kinds.values()) >= 15
    assert sum(kinds.values()) >= 200


def test_the_names_of_mutants_are_unique() -> None:
    assert sum(len(server.mutants) for server in SERVERS.values()) == len(MUTANTS)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_responds_otherwise_than_the_right_server(name: str) -> None:
    server, mutant = MUTANTS[name]
    right = transcript(server.make(clock=clock()), mutant.probe)
    assert [status for status, _, _ in right if status >= 500] == []
    assert transcript(server.make(frozenset({name}), clock()), mutant.probe) != right


@pytest.mark.parametrize("name", SERVERS)
def test_a_document_has_no_lint_error(name: str) -> None:
    assert run(["lint", str(SERVERS[name].document)]) == 0


REJECTIONS = {400, 401, 403, 404, 406, 415}
"""Statuses that one function of a server decides on for all operations."""


def statuses(server: Server) -> Iterator[tuple[str, int]]:
    """The documented statuses of each operation."""
    document = yaml.safe_load(server.document.read_text(encoding="utf-8"))
    for item in document["paths"].values():
        for operation in (value for value in item.values() if "operationId" in value):
            yield from ((operation["operationId"], int(status)) for status in operation["responses"])


@pytest.mark.parametrize("name", SERVERS)
def test_a_right_server_satisfies_its_document(name: str) -> None:
    server = SERVERS[name]
    judge = wirecheck.Judge(wirecheck.load(server.document))
    exercised = Counter[tuple[str | None, int]]()
    for response in responses(server.make(clock=clock()), server.walk):
        verdict = judge.judge(wirecheck.exchange(response))
        of_response = [finding for finding in verdict.findings if finding.side != "client"]
        assert of_response == [], f"{response.request.method} {response.request.url}"
        assert response.status_code < 500
        exercised[verdict.operation, response.status_code] += 1
    documented = set(statuses(server))
    missing = documented - exercised.keys()
    assert {status for _, status in missing} <= REJECTIONS
    assert {status for _, status in documented - missing} == {status for _, status in documented}
