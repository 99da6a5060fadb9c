"""Clients of other people's documents do what those say, and their harness finds what is wrong."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import smoke.oracle
from smoke.calls import Harness
from smoke.documents import targets
from smoke.imports import imports_of_wirecheck
from smoke.oracle import Oracle
from smoke.package import arguments, paired
from smoke.report import described_kinds, kinds, table
from smoke.run import Options, Result, run
from smoke.values import Values
from smoke.wire import Wire
from support.generating import body, described, fields, key, operation, parameters
from support.paths import SHARED, SPECS
from wirecheck.checks import Judge
from wirecheck.spec import parsed

OWN = ("petshop", "noticeboard")
DOCUMENTS = SHARED / "documents"
with_others = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="other people's documents are not at hand")
PLACE = {**fields("name", "note"), "required": ["name"]}
PLACES = described(
    operation(
        response=PLACE,
        path="/places/{name}",
        method="put",
        parameters=[*parameters("name", where="path"), *parameters("near", "limit")],
        requestBody=body(PLACE),
    ),
    operation(path="/other", response={"type": "array", "items": {"type": "integer"}}),
    securitySchemes={"token": key("token")},
    security=[{"token": []}],
)


def result_of(path: Path, **options: Any) -> Result:
    [target] = targets(path)
    return run(target, Options(**options))


def described_results(results: list[Result]) -> str:
    return f"{table(results)}\n{described_kinds(results, 20)}"


@pytest.mark.no_cover
@pytest.mark.parametrize("name", OWN)
def test_clients_of_own_documents_are_right(name: str) -> None:
    result = result_of(SPECS / f"{name}.yaml")
    assert result.is_right, described_results([result])
    assert result.count("right") >= 2 * (result.operations or 0) > 0
    assert result.count("harness") == 0


@pytest.mark.no_cover
@pytest.mark.parametrize("name", [*OWN, "library", "depot"])
def test_a_right_client_of_own_documents_is_found_right(name: str) -> None:
    result = result_of(SPECS / f"{name}.yaml", oracle=True)
    assert {call["outcome"] for call in result.calls} == {"right"}, described_results([result])


@pytest.mark.no_cover
@pytest.mark.slow
@with_others
@pytest.mark.parametrize("folder", ["public", "small"])
def test_a_right_client_of_other_documents_is_found_right(folder: str) -> None:
    results = [run(target, Options(oracle=True, allow_refs=True)) for target in targets(DOCUMENTS / folder)]
    assert sum(result.count("wrong") for result in results) == 0, described_results(results)
    assert sum(result.count("harness") for result in results) < 20, described_results(results)


@pytest.mark.no_cover
@pytest.mark.slow
@with_others
@pytest.mark.parametrize("folder", ["public", "small"])
def test_what_is_generated_of_other_documents_imports_and_has_its_types(folder: str, tmp_path: Path) -> None:
    results = [
        run(target, Options(allow_refs=True, cache=tmp_path)) for target in targets(DOCUMENTS / folder)
    ]
    generated = [result for result in results if result.generated]
    assert generated
    for result in generated:
        assert not result.missing, result.document
        assert not result.import_error, result.document
        assert not result.import_warnings, result.document
        assert not result.wirecheck_imports, result.document
        assert result.type_errors == [], result.document


# What is wrong is found


def outcomes(index: int) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """What calls of an operation of PLACES are found to be, by variant, and their problems."""
    spec = parsed(PLACES)
    oracle, values = Oracle(spec), Values(spec)
    wire = Wire(values, Judge(spec), oracle.secrets)
    harness = Harness(oracle, values, wire, paired(oracle.endpoints, spec.operations), "https://places.test")
    found = {name: harness.run(spec.operations[index], name) for name in ("required", "all", "async")}
    return {name: outcome for name, outcome in found.items() if outcome is not None}


def changed(**fields: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda request: {**request, **fields}


def edited(old: str, new: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda request: {**request, "url": request["url"].replace(old, new)}


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str, str]] = {
    "a lost parameter": (edited("near=", "far="), "bytes", "passed but not sent: query parameter near"),
    "another value": (
        edited("limit=w", "limit=x"),
        "bytes",
        "arrives as another value: query parameter limit",
    ),
    "an undocumented parameter": (edited("?", "?x=1&"), "bytes", "undocumented in the query: x"),
    "another path": (edited("/places", "/place"), "judge operation-known", "the document has no path"),
    "another operation": (
        lambda request: {**request, "method": "GET", "url": "https://places.test/other?token=t"},
        "request",
        "belongs to another operation",
    ),
    "another method": (changed(method="POST"), "judge method-allowed", "POST is not documented"),
    "no credentials": (edited("token=", "t="), "judge credentials-present", "token"),
    "a body that lacks a member": (changed(content=b'{"note": "x"}'), "bytes", "/name is lost"),
    "a body of another type": (changed(content=b'{"name": 1}'), "judge request-body-matches", "not a string"),
    "no body": (changed(content=b""), "judge request-body-matches", "the request body is missing"),
}


def test_a_right_client_is_right() -> None:
    assert {outcome for outcome, _ in outcomes(0).values()} == {"right"}
    assert outcomes(0).keys() == {"required", "all", "async"}
    assert outcomes(1).keys() == {"required", "async"}  # nothing of it is optional


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_request_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change, kind, reason = FAULTS[fault]
    right = smoke.oracle._request
    monkeypatch.setattr(smoke.oracle, "_request", lambda *arguments: change(right(*arguments)))
    for variant in ("all", "async"):
        outcome, problems = outcomes(0)[variant]
        assert outcome == "wrong"
        assert any(found == kind and reason in said for found, said in problems), problems


def test_what_nobody_passed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = smoke.oracle._request
    change = edited("?", "?limit=5&")
    monkeypatch.setattr(smoke.oracle, "_request", lambda *arguments: change(right(*arguments)))
    assert ("bytes", "sent though not passed: query parameter limit (form)") in outcomes(0)["required"][1]


def test_a_result_that_lacks_something_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke.oracle, "_value", lambda response: {"name": response.json()["name"]})
    assert outcomes(0)["required"] == ("wrong", [("result", "differs from the response: /note is lost")])


def test_an_exception_costs_its_call_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(response: Any) -> Any:
        raise KeyError("name")

    monkeypatch.setattr(smoke.oracle, "_value", fail)
    for outcome, [(kind, reason)] in outcomes(0).values():
        assert (outcome, kind) == ("wrong", "raises")
        assert reason.startswith("KeyError: 'name'")


def test_members_of_a_body_are_passed_by_the_arguments_of_the_package() -> None:
    def add(*, name_: str, near: str) -> None:
        """A method with an argument for a member whose own name is taken."""

    [of_body, other] = parsed(PLACES).operations
    near = next(parameter for parameter in of_body.parameters if parameter.name == "near")
    bodies = [SimpleNamespace(media_type="application/json", fields={"name_": "name", "gone": "note"})]
    described = [SimpleNamespace(argument="near", name="near", place="query")]
    endpoint = SimpleNamespace(parameters=described, bodies=bodies)
    passed = arguments(add, endpoint, {near: "x"}, "application/json", {"name": "y", "note": "z"})
    assert passed.named == {"near": "x", "name_": "y"}
    assert passed.missing == ("member note of the body",)
    assert paired([SimpleNamespace(id=other.name)], [of_body, other]).keys() == {other.pointer}


def test_imports_of_wirecheck_are_found(tmp_path: Path) -> None:
    (tmp_path / "_runtime").mkdir()
    (tmp_path / "_runtime" / "a.py").write_text("import wirecheck\n")
    (tmp_path / "right.py").write_text(
        "from . import wirecheck\nfrom .wirecheck import a\nimport wirechecker\n"
    )
    (tmp_path / "wrong.py").write_text(
        "def f():\n    from wirecheck.spec import load\n\nimport os, wirecheck.api\n"
    )
    (tmp_path / "broken.py").write_text("def\n")
    found = imports_of_wirecheck(tmp_path)
    assert found[0].startswith("broken.py is not valid Python")
    assert found[1:] == ["wrong.py:2 imports wirecheck", "wrong.py:4 imports wirecheck"]


def test_kinds_are_counted_over_documents() -> None:
    def result(name: str, *reasons: str) -> Result:
        calls = [
            {"operation": "o", "variant": "all", "outcome": "wrong", "problems": [("raises", reason)]}
            for reason in reasons
        ]
        return Result(name, operations=1, generated=True, calls=calls)

    results = [result("one", "KeyError: 'a'", "ValueError: x"), result("two", "KeyError: 'b'")]
    [(shape, first), (_, second)] = kinds(results)
    assert shape == ("call", "raises", "KeyError: …")
    assert (len(first), len(second)) == (2, 1)
    assert [failure.document for failure in first] == ["one", "two"]
    assert "2 in  2 documents  call raises: KeyError: …" in described_kinds(results, 5)
