"""A file that is just the body of a response is judged against an operation, and nothing else is."""

import io
import sys
from pathlib import Path

import pytest

from support.commands import Capture, result_of
from support.recording_files import har, written
from wirecheck import Judge
from wirecheck.checks import Verdict
from wirecheck.model import RecordingError
from wirecheck.recordings import Bodies, Recordings, bodies
from wirecheck.spec import Spec, load

DOCUMENT = """
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.test/v1'}]
security: [{key: []}]
paths:
  /pets/{petId}:
    parameters:
    - {name: petId, in: path, required: true, schema: {type: integer}}
    - {name: limit, in: query, required: true, schema: {type: integer}}
    - {name: X-Trace, in: header, required: true, schema: {type: integer}}
    get:
      operationId: getPet
      responses:
        '200':
          description: The pet.
          headers: {X-Rate: {required: true, schema: {type: integer}}}
          content:
            text/plain: {schema: {type: integer}}
            application/json: {schema: {$ref: '#/components/schemas/Pet'}}
        '404':
          description: There is none.
          content: {application/problem+json: {schema: {type: object, required: [title]}}}
    put:
      operationId: pets.put.json
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      x-laws: {same: {message: It is the one, rule: response.body.id == request.path.petId + 5}}
      responses:
        2XX: {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
    delete:
      responses:
        '201': {description: Gone., content: {application/json: {schema: {type: 'null'}}}}
  /pets/mine:
    get: {operationId: getMine, responses: {'200': {description: Mine.}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas: {Pet: {type: object, required: [id], properties: {id: {type: integer}}}}
"""
PET, NO_PET = b'{"id": 1}', b'{"id": "one"}'


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    return load(written(tmp_path, {"openapi.yaml": DOCUMENT.encode()}) / "openapi.yaml")


def verdicts(spec: Spec, path: Path, operation: str = "", status: int | None = None) -> list[Verdict]:
    chosen = next((each for each in spec.operations if each.name == operation), None)
    judge = Judge(spec)
    return [
        judge.judge(exchange) for exchange in Recordings([path], bodies=Bodies(spec, chosen, status)).read()
    ]


def kinds(judged: list[Verdict]) -> list[tuple[str | None, list[str]]]:
    return [(verdict.operation, [finding.check for finding in verdict.findings]) for verdict in judged]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("getPet.json", PET, ("getPet", [])),
        ("getPet.json", NO_PET, ("getPet", ["body-matches-schema"])),
        ("getPet.200.json", NO_PET, ("getPet", ["body-matches-schema"])),
        ("getPet-404.json", b'{"title": "No"}', ("getPet", [])),
        ("getPet.404.json", PET, ("getPet", ["body-matches-schema"])),
        ("getPet.500.json", PET, ("getPet", ["no-server-fault"])),
        ("getPet.418.json", PET, ("getPet", ["status-documented"])),
        ("getPet.JSON", b'{"id": 1', ("getPet", ["body-is-json"])),
        ("pets.put.json.json", PET, ("pets.put.json", [])),
        ("pets.put.json-200.json", NO_PET, ("pets.put.json", ["body-matches-schema"])),
        ("getMine.json", PET, ("getMine", ["media-type-documented"])),
    ],
)
def test_a_body_belongs_to_the_operation_of_its_name(
    tmp_path: Path, spec: Spec, name: str, content: bytes, expected: tuple[str, list[str]]
) -> None:
    folder = written(tmp_path / "bodies", {name: content})
    assert kinds(verdicts(spec, folder / name)) == [expected]
    assert kinds(verdicts(spec, folder)) == [expected]


def test_a_body_belongs_to_the_operation_that_is_named(tmp_path: Path, spec: Spec) -> None:
    path = written(tmp_path, {"any": NO_PET}) / "any"
    assert kinds(verdicts(spec, path, "getPet")) == [("getPet", ["body-matches-schema"])]
    assert kinds(verdicts(spec, path, "getPet", 404)) == [("getPet", ["body-matches-schema"])]
    (verdict,) = verdicts(spec, path, "DELETE /pets/{petId}")
    assert [(finding.status, finding.method, finding.path) for finding in verdict.findings] == [
        (201, "DELETE", "/pets/{petId}")
    ]


def test_the_first_success_that_is_documented_is_the_default(tmp_path: Path, spec: Spec) -> None:
    path = written(tmp_path, {"getPet.json": PET}) / "getPet.json"
    (exchange,) = Recordings([path], bodies=Bodies(spec)).read()
    assert (exchange.status, exchange.operation, exchange.request_body) == (200, "getPet", None)
    assert exchange.response_headers == (("content-type", "application/json"),)


def test_another_format_wins_over_the_name(tmp_path: Path, spec: Spec) -> None:
    path = written(tmp_path, {"getPet.json": har()}) / "getPet.json"
    (exchange,) = Recordings([path], bodies=Bodies(spec)).read()
    assert exchange.operation == ""


def test_a_body_is_limited(tmp_path: Path, spec: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LONGEST", 5)
    path = written(tmp_path, {"getPet.json": PET}) / "getPet.json"
    with pytest.raises(RecordingError, match=r"getPet\.json: a body of more than 5 bytes is not read"):
        verdicts(spec, path)


@pytest.mark.usefixtures("spec")
def test_the_command_judges_bodies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "bodies", {"getPet.json": PET, "getPet.404.json": PET, "x.json": PET, "b.json": PET})
    code, out, err = result_of(capsys, "check", "bodies")
    assert (code, err) == (1, "wirecheck: 2 files are no recordings: bodies/b.json, bodies/x.json\n")
    assert "observed in  bodies/getPet.404.json#0: GET /pets/{petId} -> 404" in out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(NO_PET)))
    assert result_of(capsys, "check", "--operation", "getPet", "-")[0] == 1
    assert result_of(capsys, "check", "--operation", "getPet", "bodies/x.json")[0] == 0
    for arguments, message in {
        ("--operation", "getPte", "bodies/x.json"): "there is no operation 'getPte'. Did you mean getPet",
        ("--from", "hra", "bodies/x.json"): "there is no format 'hra'. Did you mean har",
        ("bodies/x.json",): "if it is the body of a response, name its --operation",
        ("--status", "99", "bodies/x.json"): "99 is not in the range",
    }.items():
        code, out, err = result_of(capsys, "check", *arguments)
        assert (code, out) == (2, "")
        assert message in err
