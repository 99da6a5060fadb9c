"""`import wirecheck`: the Python API, and the page that explains it."""

import json
import operator
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

import wirecheck
from support.paths import ROOT, SPECS

PAGE = (ROOT / "docs" / "python-api.md").read_text(encoding="utf-8")
PET = {"id": "7", "name": "Rex", "country": "NO"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a document and a recording in which one response is wrong."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.yaml").write_bytes((SPECS / "petshop.yaml").read_bytes())
    lines = [
        {
            "request": {"method": "GET", "url": "https://shop.test/pets/7"},
            "status": 200,
            "headers": {"Content-Type": "application/json"},
            "body": body,
        }
        for body in (PET, {"id": "7"})
    ]
    (tmp_path / "traffic.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return tmp_path


def program(number: int) -> dict[str, Any]:
    """The names that a program of the page leaves behind."""
    names: dict[str, Any] = {}
    exec(compile(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[number], "python-api.md", "exec"), names)
    return names


@pytest.mark.usefixtures("folder")
def test_the_page_judges_a_recording(capsys: pytest.CaptureFixture[str]) -> None:
    program(0)
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("traffic.jsonl#1: body-matches-schema: ")
    assert re.fullmatch(r"  defined at openapi\.yaml:\d+ #/components/schemas/\S+", second)


@pytest.mark.usefixtures("folder")
def test_the_page_judges_one_response_of_a_test() -> None:
    test = program(1)["test_a_pet_is_as_documented"]
    bodies: dict[str, Any] = {"body": PET}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=bodies["body"]))
    with httpx.Client(base_url="https://shop.test", transport=transport) as client:
        test(client)
        bodies["body"] = {"id": "7"}
        with pytest.raises(AssertionError, match="name"):
            test(client)


@pytest.mark.usefixtures("folder")
def test_the_page_judges_what_was_recorded_by_hand() -> None:
    names = program(2)
    assert [finding.check for finding in names["errors"]] == ["body-matches-schema"]
    assert names["errors"][0].source == "by hand"


def test_every_public_name_is_on_the_page() -> None:
    reference = PAGE.partition("## Reference")[2]
    assert {name for name in wirecheck.__all__ if not re.search(rf"\b{name}\b", reference)} == set()
    assert all(getattr(wirecheck, name) for name in wirecheck.__all__)
    with pytest.raises(AttributeError, match="parse"):
        operator.attrgetter("parse")(wirecheck)


def test_importing_it_loads_the_standard_library_alone() -> None:
    code = "import sys, wirecheck; print({'yaml', 'msgspec', 'click', 'httpx'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def document(**members: Any) -> dict[str, Any]:
    info = {"title": "Pets", "version": "1"}
    operation = {"operationId": "ping", "responses": {"204": {"description": "Nothing."}}}
    return {"openapi": "3.1.0", "info": info, "paths": {"/ping": {"get": operation}}, **members}


def test_a_parsed_document_is_loaded() -> None:
    spec = wirecheck.load(document())
    assert [operation.name for operation in spec.operations] == ["ping"]
    assert spec.document.line("/paths") == 7
    assert wirecheck.load(document(), base_path="/v2").prefixes == ("/v2",)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (document(openapi="4.0.0"), "openapi"),
        (document(info=object()), "JSON"),
    ],
)
def test_a_parsed_document_that_cannot_be_used_is_an_error(wrong: dict[str, Any], what: str) -> None:
    with pytest.raises(wirecheck.SpecError, match=what):
        wirecheck.load(wrong)


def test_a_parsed_document_has_no_other_files() -> None:
    spec = wirecheck.load(document(paths={"/a": {"$ref": "other.yaml"}, "/b": {"get": {}}}))
    [problem] = spec.document.problems
    assert (problem.pointer, problem.message) == ("/paths/~1a", "$ref other.yaml leads out of the document")
    assert [operation.name for operation in spec.operations] == ["GET /b"]


def test_a_response_of_requests_is_an_exchange() -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    request = SimpleNamespace(method="POST", url="https://shop.test/pets", headers=form, body="name=Rex")
    response = SimpleNamespace(
        request=request, status_code=200, headers={"Content-Type": "application/json"}, content=b"{}"
    )
    exchange = wirecheck.exchange(response, source="here")
    assert (exchange.source, exchange.method, exchange.url) == ("here", "POST", "https://shop.test/pets")
    assert exchange.request_headers == (("content-type", "application/x-www-form-urlencoded"),)
    assert (exchange.request_body, exchange.response_body) == (b"name=Rex", b"{}")


def test_every_value_of_a_repeated_header_is_kept() -> None:
    headers = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    transport = httpx.MockTransport(lambda _: httpx.Response(204, headers=headers))
    with httpx.Client(transport=transport) as client:
        exchange = wirecheck.exchange(client.get("https://shop.test/"))
    assert exchange.response_headers == (("set-cookie", "a=1"), ("set-cookie", "b=2"))
    assert (exchange.request_body, exchange.response_body) == (b"", b"")


def test_a_body_that_was_not_read_is_not_recorded() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(b"later")))
    with (
        httpx.Client(transport=transport) as client,
        client.stream("GET", "https://shop.test/") as response,
    ):
        assert wirecheck.exchange(response).response_body is None
