"""A place of a document that cannot be used costs itself: what needs it is reported, all else is judged."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.commands import Capture, result_of
from support.foreign import URLENCODED, exchange
from support.paths import SPECS
from wirecheck.checks import Judge
from wirecheck.lint import Ruleset, lint
from wirecheck.model import Exchange, Severity, SpecError
from wirecheck.reference.markdown import to_markdown
from wirecheck.spec import Spec, join
from wirecheck.spec.document import tokens
from wirecheck.spec.text import parse, read

ITEM = '{"id": 1, "name": "ab", "of": {"id": 2}}'
ITEMS: list[tuple[str, Exchange]] = [
    ("listItems", exchange("GET", "/v1/items?key=k&p=1&q=a,b&limit=3", body=f"[{ITEM}]")),
    ("listItems", exchange("GET", "/v1/items?key=k", status=400, body='{"error": "x"}')),
    ("addItem", exchange("POST", "/v1/items?key=k", sent=ITEM, status=201, body=ITEM)),
    ("getItem", exchange("GET", "/v1/items/7", body=ITEM, headers={"authorization": "Bearer abcdef"})),
]
# The documents, and exchanges that are right.
DOCUMENTS: dict[str, list[tuple[str, Exchange]]] = {
    "depot.yaml": [*ITEMS, ("other", exchange("GET", "/v1/other", body='[1, "a"]'))],
    "depot-2.0.yaml": [
        *ITEMS,
        ("other", exchange("GET", "/v1/other", body="[1, 2]")),
        ("form", exchange("POST", "/v1/form", sent="a=1&b=x", sent_as=URLENCODED, status=204)),
    ],
}
DELETED = object()
WRONG: list[Any] = [DELETED, None, 5, "x", [], {}, [None], {"$ref": "#/nowhere"}, True]


def pointers(value: Any, pointer: str = "") -> Iterator[str]:
    members = (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else [])
    )
    for key, item in members:
        yield join(pointer, key)
        yield from pointers(item, join(pointer, key))


def changed(document: Any, pointer: str, new: Any) -> str:
    document = copy.deepcopy(document)
    *path, last = tokens(pointer)
    owner = document
    for token in path:
        owner = owner[int(token) if isinstance(owner, list) else token]
    key = int(last) if isinstance(owner, list) else last
    if new is DELETED:
        del owner[key]
    else:
        owner[key] = new
    return json.dumps(document, indent=1)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_exchanges_are_right(name: str) -> None:
    judge = Judge(Spec(read(SPECS / name)))
    for operation, each in DOCUMENTS[name]:
        verdict = judge.judge(each)
        assert (verdict.operation, verdict.findings, verdict.unusable) == (operation, (), frozenset())


@pytest.mark.parametrize(
    "shift",
    [0, *(pytest.param(shift, marks=pytest.mark.slow) for shift in (1, 2))],
)
@pytest.mark.parametrize("name", [pytest.param("depot.yaml", marks=pytest.mark.no_cover), "depot-2.0.yaml"])
def test_what_is_wrong_is_reported_and_makes_no_right_exchange_wrong(name: str, shift: int) -> None:
    document, rejected = read(SPECS / name).data, set[str]()
    for number, pointer in enumerate(pointers(document)):
        new = WRONG[(number * 4 + shift * 3) % len(WRONG)]
        try:
            spec = Spec(parse(changed(document, pointer, new), "api.json"))
        except SpecError:
            rejected.add(pointer)
            continue
        judge = Judge(spec)
        for _, each in DOCUMENTS[name]:
            verdict = judge.judge(each)
            errors = [finding for finding in verdict.findings if finding.severity is Severity.ERROR]
            assert new is DELETED or not errors or not spec.document.problems, (pointer, new, errors)
        reported = {(problem.file, problem.pointer) for _, problem in lint(spec, list(Ruleset))}
        for problem in spec.document.problems:
            origin = spec.document.where(problem)
            assert (origin.file, origin.pointer) in reported, (pointer, new, problem)
        assert "".join(to_markdown(spec))
    assert rejected <= {"/openapi", "/swagger"}


# A change of depot.yaml -> the operations whose exchanges cannot be fully judged.
PARTIAL: dict[str, tuple[str, Any, set[str]]] = {
    "a schema": ("/components/schemas/Item", None, {"listItems", "addItem", "getItem"}),
    "a schema within": ("/components/schemas/Item/properties/at", 5, {"listItems", "addItem", "getItem"}),
    "a keyword": ("/components/schemas/Item/properties/at/type", "date", {"listItems", "addItem", "getItem"}),
    "a response": ("/paths/~1items/post/responses/201", None, {"addItem"}),
    "all responses": ("/paths/~1items/post/responses", None, {"addItem"}),
    "a reference": ("/paths/~1items~1{id}/get/responses/200/$ref", "#/no", {"getItem"}),
    "a parameter": ("/paths/~1items~1{id}/get/parameters/0", None, {"getItem"}),
    "parameters of a path": ("/paths/~1items/parameters", 5, {"listItems", "addItem"}),
    "a component that one uses": ("/components/parameters/limit", None, {"listItems"}),
    "a path": ("/paths/~1items", None, {"listItems", "addItem"}),
    "an operation": ("/paths/~1other/get", None, {"other"}),
    "a body": ("/paths/~1items/post/requestBody", None, {"addItem"}),
    "a security scheme": ("/paths/~1other/get/security", [{"no": []}], {"other"}),
    "all paths": ("/paths", None, {"listItems", "addItem", "getItem", "other"}),
    "the servers": ("/servers", None, {"listItems", "addItem", "getItem", "other"}),
    "a webhook": ("/webhooks/gone", None, set()),
    "a callback": ("/paths/~1items/post/callbacks", None, set()),
    "the info": ("/info", None, set()),
}


@pytest.mark.parametrize("case", PARTIAL)
def test_only_exchanges_that_need_it_are_partial(case: str) -> None:
    pointer, new, operations = PARTIAL[case]
    spec = Spec(parse(changed(read(SPECS / "depot.yaml").data, pointer, new), "api.json"))
    judge = Judge(spec)
    partial = {operation for operation, each in DOCUMENTS["depot.yaml"] if judge.judge(each).unusable}
    assert partial == operations


def recorded(*exchanges: Exchange) -> str:
    lines = []
    for each in exchanges:
        request = {"method": each.method, "url": each.url, "headers": dict(each.request_headers)}
        body = (each.response_body or b"").decode()
        line = {
            "request": request,
            "status": each.status,
            "headers": dict(each.response_headers),
            "body": body,
        }
        lines.append(json.dumps(line) + "\n")
    return "".join(lines)


def test_what_could_not_be_judged_is_counted_and_is_no_pass(tmp_path: Path, capsys: Capture) -> None:
    document = changed(read(SPECS / "depot.yaml").data, "/components/schemas/Item", {"$ref": "#/no"})
    spec, both, other = (str(tmp_path / name) for name in ("api.json", "both.jsonl", "other.jsonl"))
    Path(spec).write_text(document)
    right = [each for operation, each in DOCUMENTS["depot.yaml"] if operation in ("getItem", "other")]
    Path(both).write_text(recorded(*right))
    Path(other).write_text(recorded(right[-1]))
    line = 1 + next(
        n for n, text in enumerate(document.splitlines()) if '"Item": {' in text and text.startswith('   "')
    )
    code, out, err = result_of(capsys, "check", "--spec", spec, both)
    text = " ".join(out.split())
    assert (code, err) == (2, "")
    assert "1 exchange was not fully checked, as the document has errors:" in text
    assert f"{spec}:{line} #/components/schemas/Item: $ref #/no cannot be resolved (1 exchange)" in text
    assert "All checks passed" not in text
    assert result_of(capsys, "check", "--spec", spec, "--allow-partial", both)[0] == 0
    code, out, _ = result_of(capsys, "check", "--spec", spec, other)
    assert code == 0
    assert "The document has 1 error that made no difference" in " ".join(out.split())
    code, out, _ = result_of(capsys, "check", "--spec", spec, "--format", "json", both)
    summary = json.loads(out)["summary"]
    assert (code, summary["partial"]) == (2, 1)
    assert [(each["line"], each["pointer"], each["exchanges"]) for each in summary["problems"]] == [
        (line, "#/components/schemas/Item", 1)
    ]
