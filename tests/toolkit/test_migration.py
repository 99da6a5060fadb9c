"""The deprecation and migration guide: every operation is in it, and no text ends its cell."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from wirecheck.cli import run
from wirecheck.migration import render
from wirecheck.model import SpecError
from wirecheck.spec import Document, Spec, load
from wirecheck.spec.document import Place

HEAD = "openapi: 3.1.0\ninfo: {title: Things, version: '1'}\n"
RESPONSES = "responses: {'200': {description: Fine.}}"
THINGS = f"""{HEAD}tags: [{{name: old}}]
paths:
  /things:
    get:
      operationId: listThings
      tags: [old, more]
      x-resource: things.list
      x-lifecycle:
        - {{date: '2015-11-17', what: "Not\\n for a|b."}}
        - {{date: '2018-04-04', what: Gone.}}
      x-migration: {{replacement: GET /new, note: 'For `a|b`.'}}
      {RESPONSES}
    delete:
      tags: [old]
      x-migration: {{replacement: null}}
      {RESPONSES}
    post: {{{RESPONSES}}}
webhooks:
  thingMade:
    post: {{tags: [old], x-resource: webhooks.made, {RESPONSES}}}
"""
PAGE = """# Things: deprecation and migration guide

When each operation was removed, and what replaces it today. Written by `wirecheck migration`.

## old

| operation | in the client | removed | replacement today | note |
|---|---|---|---|---|
| `GET /things` | `things.list` | 2015-11-17: Not for a\\|b.<br>2018-04-04: Gone. | GET /new | For `a\\|b`. |
| `DELETE /things` | - | - | **none** | - |
| `webhook thingMade, POST` | `webhooks.made` | - | - | - |

## other operations

| operation | in the client | removed | replacement today | note |
|---|---|---|---|---|
| `POST /things` | - | - | - | - |
"""


@pytest.fixture
def things(tmp_path: Path) -> Path:
    path = tmp_path / "api.yaml"
    path.write_text(THINGS, encoding="utf-8")
    return path


def test_the_page_has_every_operation_in_a_table_for_its_tag(things: Path) -> None:
    assert "".join(render(load(things))) == PAGE


def test_no_text_ends_its_cell() -> None:
    texts = st.text(st.characters(codec="utf-8"), min_size=1)

    @given(texts, texts, texts)
    def tried(title: str, what: str, tag: str) -> None:
        history = {
            "x-lifecycle": [{"date": "2018-04-04", "what": what}],
            "x-migration": {"replacement": what, "note": what},
        }
        operation = {"tags": [tag], "responses": {}, **history}
        data = {"openapi": "3.1.0", "info": {"title": title}, "paths": {"/things": {"get": operation}}}
        page = "".join(render(Spec(Document("api.yaml", data, Place(1)))))
        assert page.count("\n") == 9 == len(page.splitlines())
        assert len(re.findall(r"(?<!\\)\|", page.splitlines()[-1])) == 6

    tried()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("openapi: 3.1.0\npaths: {}\n", "#/info: a title is required here"),
        ("openapi: 3.1.0\ninfo: []\npaths: {}\n", "#/info: a title is required here"),
        (THINGS.replace("replacement: null", "note: x"), 'x-migration lacks "replacement"'),
        (THINGS.replace("2018-04-04", "2014-04-04"), "x-lifecycle is not in the order of date"),
    ],
)
def test_an_unusable_document_is_rejected(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=re.escape(says)):
        "".join(render(load(path)))


# The command


def test_the_command_writes_the_page_and_reports_drift(
    things: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["migration", "--spec", str(things)]) == 0
    assert capsys.readouterr().out == PAGE
    output = tmp_path / "migration.md"
    writing = ["migration", "--spec", str(things), "--output", str(output)]
    assert run([*writing, "--check"]) == 1
    assert capsys.readouterr().out == f"{output}: is missing\n"
    assert run(writing) == 0
    assert output.read_text(encoding="utf-8") == PAGE
    assert run([*writing, "--check"]) == 0
    output.write_text(f"{PAGE}\n", encoding="utf-8")
    assert run([*writing, "--check"]) == 1
    assert capsys.readouterr().out == f"{output}: differs\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--check"], "--check requires --output FILE"),
        (["--spec", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["--output", "."], ".: cannot be written"),
        (["--output", ".", "--check"], ".: cannot be read"),
    ],
)
def test_unusable_input_is_reported_on_one_line(
    arguments: list[str], says: str, things: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["migration", "--spec", str(things), *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err.splitlines()[-1]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a]( javascript:alert(1))",
        "[a](<javascript:alert(1)>)",
        "[a](&#106;avascript:alert(1))",
        "\\\\[a\\](javascript:alert(1))",
        "![a](data:text/html;base64,AAAA)",
        "<javascript:alert(1)>",
        "\x1b[31mred",
    ],
)
def test_no_text_of_the_document_becomes_html_or_a_dangerous_link(text: str, tmp_path: Path) -> None:
    path = tmp_path / "things.yaml"
    migration = {"replacement": text, "note": text}
    lifecycle = [{"date": "2015-11-17", "what": text}]
    get = {"tags": [text], "x-migration": migration, "x-lifecycle": lifecycle, "responses": {}}
    data = {"openapi": "3.1.0", "info": {"title": text, "version": "1"}, "paths": {f"/{text}`": {"get": get}}}
    path.write_text(json.dumps(data))
    page = "".join(render(load(path)))
    assert "\x1b" not in page
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(page)
    assert not re.search("<(?!/?(h1|h2|p|table|thead|tbody|tr|th|td|code|br|em|strong)\\b)", rendered)


def test_links_of_the_document_stay(tmp_path: Path) -> None:
    path = tmp_path / "things.yaml"
    path.write_text(THINGS.replace("For `a|b`.", "See [there](https://there.test/a)."))
    assert "See [there](https://there.test/a)." in "".join(render(load(path)))
