"""Documents made to cost time or memory, or to end in a traceback: one clear line, or a usual result."""

import ast
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.commands import Capture, assert_one_line_of_error, result_of
from support.conforming import document, loaded
from wirecheck.checks.findings import shape
from wirecheck.conform.encoding import below_server, root
from wirecheck.decode import parts
from wirecheck.generate.facade.text import summary
from wirecheck.model import SpecError
from wirecheck.reference.markdown import to_markdown
from wirecheck.spec import join
from wirecheck.spec.router import Router
from wirecheck.spec.text import parse
from wirecheck.spec.yaml_text import MAX_ALIASED

ANYTHING = {"200": {"description": "Anything."}}


def cpu(function: Callable[[int], object], size: int) -> float:
    """The least CPU time of three calls, in seconds; less than 20 ms counts as 20 ms."""
    times = [0.0] * 3
    for index in range(3):
        began = time.process_time()
        function(size)
        times[index] = time.process_time() - began
    return max(min(times), 0.02)


def assert_linear(function: Callable[[int], object], size: int) -> None:
    """Asserts that twice the size takes at most 2.5 times as long, once in five tries on a busy machine."""
    ratios = list[float]()
    while not ratios or (ratios[-1] > 2.5 and len(ratios) < 5):
        ratios.append(cpu(function, 2 * size) / cpu(function, size))
    assert ratios[-1] <= 2.5, ratios


def router(*templates: str) -> Router[str]:
    made: Router[str] = Router()
    for template in templates:
        made.add(template, template)
    return made


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("/{a}{b}{c}{d}{e}{f}{g}{h}x", "a"),
        ("/{name}-{version}-{arch}.{ext}", "-"),
        ("/{name}-{version}-{arch}.{ext}", "-."),
        ("/{name}aa{version}aa{arch}aab", "a"),
        ("/{name}%{version}%25%{arch}y", "%25"),
        ("/{a}/{b}-{c}/{d}", "-/"),
    ],
)
def test_routing_is_linear_in_the_path(template: str, text: str) -> None:
    matching = router(template)
    assert_linear(lambda size: matching.find("/" + text * size), 20_000)


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("/{a}-{b}", "/x-y-z", ["x", "y-z"]),
        ("/{a}{b}", "/xyz", ["x", "yz"]),
        ("/{a}.{b}.json", "/a.b.c.json", ["a", "b.c"]),
        ("/v{a}-{b}x", "/v--x", None),
        ("/v{a}-{b}x", "/v---x", ["-", "-"]),
        ("/{a}-{b}", "/x%2Dy", ["x", "y"]),
        ("/{a}aab", "/aaaab", ["aa"]),
        ("/{a}--{b}", "/---", None),
        ("/{a}--{b}", "/----", ["-", "-"]),
    ],
)
def test_parameters_of_one_segment(template: str, path: str, values: list[str] | None) -> None:
    route = router(template).find(path)
    assert (list(route.values.values()) if route else None) == values


@pytest.mark.no_cover
@pytest.mark.parametrize("text", ["a", "1", "a1", "/", "1/", "é"])
def test_the_shape_of_a_path_is_linear(text: str) -> None:
    assert_linear(lambda size: shape(text * size), 50_000)


def test_the_shape_of_a_path_has_no_numbers() -> None:
    assert shape("/users/7/x3y/self/") == "/users/*/*/self/"


@pytest.mark.no_cover
def test_server_variables_are_matched_in_linear_time() -> None:
    url = "https://{a}{b}{c}-{d}-{e}.test/{f}{g}"
    assert_linear(lambda size: below_server("https://" + "a-" * size, url), 20_000)
    assert_linear(lambda size: loaded_with(url).covers("/" + "a" * size + "!/"), 20_000)
    assert root("/x/v1/y", ["/{a}/y"]) == "/x"
    assert (
        below_server("https://eu-1.api.test/v2/things?a=b", "https://{region}-{n}.api.test/{v}")
        == "/things?a=b"
    )
    assert below_server("https://eu.api.test/v2", "https://{region}-{n}.api.test/{v}") is None


def loaded_with(url: str) -> Any:
    names = re.findall(r"\{(\w+)\}", url)
    servers = [{"url": url, "variables": {name: {"default": "a"} for name in names}}]
    return loaded(json.dumps(document({}, servers=servers)))


def aliases(levels: int, width: int = 9) -> str:
    lines = ["openapi: 3.1.0", "info: {title: A, version: '1'}", "paths: {}", "x-0: &a0 [1]"]
    lines += [f"x-{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.no_cover
def test_aliases_are_counted_while_they_are_read() -> None:
    assert parse(aliases(5), "a.yaml").data["x-1"] == [[1]] * 9
    began = time.process_time()
    with pytest.raises(
        SpecError, match=re.escape(f"a.yaml:9: its aliases expand to more than {MAX_ALIASED:,}")
    ):
        parse(aliases(40), "a.yaml")
    assert time.process_time() - began < 5


def chain(length: int, link: Callable[[dict[str, str]], Any]) -> Any:
    """A document with schemas each of which refers to the next one."""
    schemas = {f"S{n}": link({"$ref": f"#/components/schemas/S{n + 1}"}) for n in range(length)}
    schemas[f"S{length}"] = {"type": "object"}
    response = {
        "description": "A.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}},
    }
    return document({"/a": {"get": {"responses": {"200": response}}}}, components={"schemas": schemas})


@pytest.mark.no_cover
def test_a_long_chain_of_references_is_a_problem() -> None:
    assert loaded(json.dumps(chain(90, dict))).document.problems == ()
    began = time.process_time()
    problems = loaded(json.dumps(chain(5000, dict))).document.problems
    assert problems[0].pointer.endswith("/content/application~1json/schema")
    assert problems[0].message.endswith("S0: more than 100 $refs lead from one to the next")
    assert len(problems) < 5000
    assert time.process_time() - began < 12


@pytest.mark.no_cover
def test_the_page_of_many_schemas_takes_linear_time() -> None:
    def page(size: int) -> None:
        data = chain(size, lambda ref: {"type": "object", "properties": {"next": ref}})
        assert "Used by" in "".join(to_markdown(loaded(json.dumps(data))))

    assert_linear(page, 400)


def test_a_schema_of_very_many_parts_is_an_error() -> None:
    made = loaded(json.dumps(chain(1500, lambda ref: {"allOf": [ref]}))).document
    assert len(parts(made, "/components/schemas/S1000")) == 1001
    with pytest.raises(
        SpecError, match="#/components/schemas/S0: this schema is composed of more than 2,000 parts"
    ):
        parts(made, "/components/schemas/S0")


@pytest.mark.parametrize(
    "path",
    ["/" + "{" * 3000, "/a" * 200, "/" + "".join(f"{{p{n}}}" for n in range(900))],
    ids=["long", "deep", "many"],
)
def test_a_path_has_a_limit(path: str) -> None:
    spec = loaded(json.dumps(document({path: {"get": {}}, "/a": {"get": {}}})))
    [problem] = spec.document.problems
    assert problem.pointer == join("/paths", path)
    assert problem.message == "a path is longer than 2000 characters or 100 segments"
    assert [operation.template for operation in spec.operations] == ["/a"]


SCHEMES: dict[str, Any] = {
    "an apiKey without name and in": {"type": "apiKey"},
    "an apiKey with a number as its name": {"type": "apiKey", "name": 3, "in": "header"},
    "OAuth without flows": {"type": "oauth2", "x-resource": "users.authorize"},
    "OAuth with flows in a list": {"type": "oauth2", "flows": [1], "x-resource": "users.authorize"},
    "an unfinished signature": {
        "type": "apiKey",
        "name": "a",
        "in": "query",
        "x-signature": {"parameter": "sig"},
    },
    "a scheme without a type": {},
}


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES.keys())
def test_generating_with_a_broken_scheme_ends_with_one_line(
    capsys: Capture, tmp_path: Path, scheme: Any
) -> None:
    path = tmp_path / "openapi.json"
    get = {"responses": ANYTHING, "security": [{"key": []}]}
    path.write_text(
        json.dumps(document({"/a": {"get": get}}, components={"securitySchemes": {"key": scheme}}))
    )
    command = ["generate", "--spec", str(path), "--output", str(tmp_path / "client"), "--package", "things"]
    code, out, err = result_of(capsys, *command)
    if code:
        assert str(path) in assert_one_line_of_error(code, out, err)


def test_generating_with_a_rule_without_its_message_ends_with_one_line(
    capsys: Capture, tmp_path: Path
) -> None:
    path = tmp_path / "openapi.json"
    schema = {"type": "string", "allOf": [{"minLength": 1, "x-rule": "not-empty"}]}
    text = {"name": "text", "in": "query", "schema": schema}
    get = {"responses": ANYTHING, "parameters": [text]}
    path.write_text(json.dumps(document({"/a": {"get": get}})))
    command = ["generate", "--spec", str(path), "--output", str(tmp_path / "client"), "--package", "things"]
    code, out, err = result_of(capsys, *command)
    if code:
        assert "x-message" in assert_one_line_of_error(code, out, err)


@pytest.mark.parametrize(
    "text",
    [
        "credentials: {key: SECRET-4711\n",
        "credentials:\n  key: SECRET-4711\n key: a: b",
        "- SECRET-4711: [\n",
        "credentials: [SECRET-4711]",
        "credentials: {key: 4711, SECRET-4711: {}}",
        "a: !!python/object SECRET-4711",
        "a: *SECRET-4711",
        "credentials: &SECRET-4711 [*SECRET-4711]",
        "\x00SECRET-4711",
        "a: 2001-99-99 # SECRET-4711",
        "[" * 5000 + "SECRET-4711",
    ],
)
def test_a_broken_values_file_shows_nothing_of_itself(capsys: Capture, tmp_path: Path, text: str) -> None:
    spec, values = tmp_path / "openapi.json", tmp_path / "values.yaml"
    spec.write_text(json.dumps(document({"/a": {"get": {"responses": ANYTHING}}})))
    values.write_text(text)
    result = result_of(capsys, "conform", "http://127.0.0.1:1", "--spec", str(spec), "--values", str(values))
    error = assert_one_line_of_error(*result)
    assert str(values) in error
    assert "SECRET-4711" not in error


@pytest.mark.parametrize("end", ['"', '""', '"""', '""""', "\\", '\\"', '\\\\"', '\\"""', '"\\""'])
def test_any_end_of_a_text_fits_into_a_docstring(end: str) -> None:
    text = summary({"summary": f"Ends in {end}"})
    assert ast.get_docstring(ast.parse(f'"""{text}"""')) == f"Ends in {end}"


LAWS = {
    "a nested repetition": "find(response.body.text, '(a+)+$') == ''",
    "a repeated choice": "find(response.body.text, '(a|a)*b') == ''",
    "many options": f"find(response.body.text, '{'a?' * 30}{'a' * 30}') == ''",
    "a pattern of the body": "find(response.body.text, response.body.pattern) == ''",
    "four macros": "response.body.items.all(a, response.body.items.all(b, response.body.items.all(c,"
    " response.body.items.exists(d, d == a + b + c + 1000))))",
    "filters": "response.body.items.filter(a, response.body.items.filter(b, response.body.items.filter(c,"
    " response.body.items.exists(d, a + b + c + d < 0)).size() > 0).size() > 0).size() == 0",
}


@pytest.mark.parametrize("rule", LAWS.values(), ids=LAWS.keys())
def test_a_law_has_a_budget(capsys: Capture, tmp_path: Path, rule: str) -> None:
    body = {"text": "a" * 40 + "!", "pattern": "(a*)*$", "items": list(range(100))}
    result = checked(capsys, tmp_path, rule, body)
    assert "the law l of getThing cannot be evaluated" in (error := assert_one_line_of_error(*result))
    assert "more steps than an evaluation may" in error


@pytest.mark.parametrize("rule", [f"response.body.a{' ' * 90_000}== 1", f"response.body.{'a' * 90_000} == 1"])
def test_a_law_has_a_length(capsys: Capture, tmp_path: Path, rule: str) -> None:
    error = assert_one_line_of_error(*checked(capsys, tmp_path, rule, {}))
    assert "longer than 2,000 characters" in error


USUAL = {
    "a group": "find(response.body.text, '^([0-9]+)[.]') == '17'",
    "a class": "find(response.body.text, '[(a+)+]b') == ''",
    "an escape": "find(response.body.text, '\\\\(a+\\\\)') == ''",
    "two macros": "response.body.items.all(a, response.body.items.exists(b, a == b))",
    "macros side by side": "response.body.items.all(a, a >= 0) && response.body.items.exists(a, a == 1)",
    "a linear pattern": "!response.body.text.matches('(a+)+$')",
}


@pytest.mark.parametrize("rule", USUAL.values(), ids=USUAL.keys())
def test_a_usual_law_is_within_the_budget(capsys: Capture, tmp_path: Path, rule: str) -> None:
    body = {"text": "17." + "a" * 2000 + "!", "items": list(range(1500))}
    code, out, err = checked(capsys, tmp_path, rule, body)
    assert code == 0, out + err


def checked(capsys: Capture, folder: Path, rule: str, body: Any) -> tuple[int, str, str]:
    """The result of checking one response against one law."""
    responses = {"200": {"description": "A.", "content": {"application/json": {}}}}
    operation = {
        "operationId": "getThing",
        "responses": responses,
        "x-laws": {"l": {"message": "m", "rule": rule}},
    }
    (folder / "openapi.json").write_text(json.dumps(document({"/a": {"get": operation}})))
    line = {"request": {"method": "GET", "url": "https://things.test/v1/a"}, "status": 200}
    line |= {"headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
    (folder / "a.jsonl").write_text(json.dumps(line) + "\n")
    return result_of(capsys, "check", "--spec", str(folder / "openapi.json"), str(folder / "a.jsonl"))


@pytest.mark.parametrize("command", ["docs", "migration", "check", "conform"])
@pytest.mark.parametrize("broken", ["scopes", "required", "info"])
def test_what_relies_on_a_valid_document_names_what_is_wrong_with_it(
    command: str, broken: str, capsys: Capture, tmp_path: Path
) -> None:
    required = [{"a": 1}] if broken == "required" else []
    schema = {"type": "object", "required": required, "properties": {"a": {}}}
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"responses": {"200": {"description": "A.", **body}}, "requestBody": body}
    whole = document({"/a": {"get": operation}}, security=[{"bearer": []}])
    if broken == "scopes":
        whole["security"] = [{"bearer": 8}]
    if broken == "info":
        whole["info"] = "Things"
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(whole))
    line = {"request": {"method": "GET", "url": "https://things.test/v1/a"}, "status": 200, "body": {}}
    (tmp_path / "a.jsonl").write_text(json.dumps(line) + "\n")
    arguments = {
        "docs": [str(path), "--output", str(tmp_path / "out")],
        "migration": ["--spec", str(path), "--output", str(tmp_path / "out")],
        "check": ["--spec", str(path), str(tmp_path / "a.jsonl")],
        "conform": ["--spec", str(path), "http://127.0.0.1:9/v1"],
    }
    code, _, err = result_of(capsys, command, *arguments[command])
    assert code in (0, 1, 2)
    assert "Traceback" not in err
    if command == "docs":
        assert code == 0, err  # the page shows what can be read
