"""The page that `wirecheck docs` renders: all of the document is on it, its texts in their places."""

import re
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

import wirecheck
from support.paths import SPECS
from wirecheck.cli import run
from wirecheck.reference import to_html, to_markdown
from wirecheck.reference.schemas import slug

LIBRARY = SPECS / "library.yaml"
HOSTILE = (
    "a | b <script>alert(1)</script> `code` \"q\" 'q' [x](javascript:alert(1)) ![](http://127.0.0.1:9/x.png)"
)


def page(spec: wirecheck.Spec) -> str:
    return "".join(to_markdown(spec))


@pytest.fixture(scope="module")
def library() -> wirecheck.Spec:
    return wirecheck.load(LIBRARY)


def document(**members: Any) -> dict[str, Any]:
    operation = {"operationId": "getThing", "responses": {"200": {"description": "Fine."}}, **members}
    info = {"title": "Things", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": {"/things": {"get": operation}}}


def test_every_operation_schema_and_status_is_on_the_page(library: wirecheck.Spec) -> None:
    text = page(library)
    for operation in library.operations:
        [section] = re.findall(
            rf"^### {operation.name}: {operation.method} [^\n]*\n(.*?)^###? ", text, re.MULTILINE | re.DOTALL
        )
        for parameter in operation.parameters:
            assert f"| `{parameter.name}` | {parameter.location}" in section
        for status in operation.statuses:
            assert f"| `{status}` |" in section
    for name in library.document.data["components"]["schemas"]:
        assert f"\n### {name} (schema)\n" in text


@pytest.mark.parametrize("name", ["library.yaml", "petshop.yaml"])
def test_every_link_leads_to_a_heading(name: str) -> None:
    text = page(wirecheck.load(SPECS / name))
    headings = [slug(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
    links = re.findall(r"\]\(#([^)]+)\)", text)
    assert links
    assert set(links) <= set(headings)
    linked = [heading for heading in headings if heading in links]
    assert len(linked) == len(set(linked))


def test_laws_show_their_sentence_and_expressions_also_where_they_are_shared() -> None:
    spec = document(**{"x-laws": {"own": {"$ref": "#/components/x-laws/shared"}}})
    spec["components"] = {"x-laws": {"shared": {"message": "All is well.", "rule": "1 == 1 || true"}}}
    text = page(wirecheck.load(spec))
    assert "- **own**: All is well.\n  - rule: `1 == 1 \\|\\| true`\n" in text


def test_rules_and_invariants_stand_beside_their_schema() -> None:
    spec = document()
    rule = {"x-rule": "short", "x-message": "At most two.", "maxLength": 2}
    invariant = {"message": "Not empty.", "rule": "self.a != ''"}
    spec["components"] = {
        "schemas": {
            "Word": {"type": "string", "allOf": [rule]},
            "Thing": {
                "type": "object",
                "required": ["a"],
                "properties": {"a": {"$ref": "#/components/schemas/Word"}},
                "x-invariants": {"filled": invariant},
            },
        }
    }
    text = page(wirecheck.load(spec))
    assert "Rules:\n\n- **short**: At most two.\n" in text
    assert "| `a` | required | [Word](#word-schema) |  |" in text
    assert "- **filled**: Not empty.\n  - rule: `self.a != ''`\n" in text
    assert "Used by [Thing](#thing-schema)." in text


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "minLength": 1, "maxLength": 9}, "string, 1 to 9 characters"),
        ({"type": "integer", "minimum": 1}, "integer, at least 1"),
        ({"type": ["number", "null"], "exclusiveMaximum": 5}, "number or null, at most 5 (exclusive)"),
        ({"type": "string", "format": "date-time"}, "string (date-time)"),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 3}, "array of string, at most 3 items"),
        ({"enum": ["a", "b"]}, "one of `a`, `b`"),
        ({"enum": list(range(20))}, "and 8 more"),
        ({"const": "x|y"}, "`x\\|y`"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"type": "string", "pattern": "^a`b$"}, "string, matches `` ^a`b$ ``"),
        ({"type": "integer", "default": 20, "multipleOf": 5}, "integer, a multiple of 5, default `20`"),
        (True, "anything"),
        ({}, "anything"),
        (False, "nothing"),
    ],
)
def test_a_schema_is_summarised(schema: Any, words: str) -> None:
    parameter = {"name": "n", "in": "query", "schema": schema}
    [row] = re.findall(
        r"^\| `n` \| query \| (.*) \|  \|$",
        page(wirecheck.load(document(parameters=[parameter]))),
        re.MULTILINE,
    )
    assert row.endswith(words)


@pytest.mark.parametrize(
    ("described", "words"),
    [
        ({"description": "Its own.", "schema": {"description": "The schema's."}}, "Its own."),
        ({"schema": {"description": "The schema's."}}, "The schema's."),
        ({"schema": {"type": "string"}}, ""),
    ],
)
def test_a_parameter_is_described_by_itself_or_by_its_schema(described: Any, words: str) -> None:
    parameter = {"name": "n", "in": "query", **described}
    [row] = re.findall(r"^\| `n` \|.*$", page(wirecheck.load(document(parameters=[parameter]))), re.MULTILINE)
    assert row.endswith(f"| {words} |")


def test_text_of_the_document_stays_in_its_place() -> None:
    spec = document(summary=HOSTILE, description=f"{HOSTILE}\n\n# {HOSTILE}\n\n<img src=x onerror=alert(1)>")
    spec["info"]["title"] = HOSTILE
    spec["paths"]["/things"]["get"]["parameters"] = [
        {"name": HOSTILE, "in": "query", "description": HOSTILE, "schema": {"enum": [HOSTILE]}}
    ]
    loaded = wirecheck.load(spec)
    shown = "".join(to_html(loaded))
    assert not re.search(r"<script|<img src=x|href=\"javascript:", shown)
    assert "default-src 'none'" in shown.replace("&#x27;", "'")
    tables = [token for token in MarkdownIt().enable("table").parse(page(loaded)) if token.type == "tr_open"]
    cells = [token for token in MarkdownIt().enable("table").parse(page(loaded)) if token.type == "td_open"]
    assert len(tables) == 6  # three tables of a head and a row each
    assert len(cells) == 3 + 4 + 3


def test_the_html_page_needs_nothing_else(library: wirecheck.Spec) -> None:
    shown = "".join(to_html(library))
    assert not re.search(r"<script|<link|src=|@import|url\(", shown)
    ids = re.findall(r'<h\d id="([^"]+)"', shown)
    assert set(re.findall(r'href="#([^"]+)"', shown)) <= set(ids)


def test_the_command_writes_html_or_markdown_by_the_name_of_the_file(tmp_path: Path) -> None:
    for name, start in (
        ("a.html", "<!DOCTYPE html>"),
        ("a.md", "# Town Library"),
        ("a.txt", "# Town Library"),
    ):
        assert run(["docs", str(LIBRARY), "--output", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_text("utf-8").startswith(start)
    assert run(["docs", str(LIBRARY), "--format", "html", "--output", str(tmp_path / "a.txt")]) == 0
    assert (tmp_path / "a.txt").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_the_page_goes_to_standard_output_unless_a_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["docs", str(LIBRARY)]) == 0
    assert capsys.readouterr().out.startswith("# Town Library\n")
    assert run(["docs", str(SPECS / "none.yaml")]) == 2
