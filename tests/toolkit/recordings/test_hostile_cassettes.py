"""Broken and malicious files of test suites: an error with its place, without the content, soon."""

import io
import json
import re
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pytest
import yaml

from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import cassette_yaml, nock, postman, vcr

SECRET = "s3cr3t-t0ken"
READERS: dict[str, Callable[[str, BinaryIO], Iterator[Exchange]]] = {
    "vcr": vcr.read,
    "nock": nock.read,
    "postman": postman.read,
}
DEEP = 50_000

GOOD = f"""\
- request: {{method: GET, uri: 'https://api.test/a?token={SECRET}'}}
  response: {{status: {{code: 200}}, body: {{string: '{SECRET}'}}}}
"""
ENTRY = {"scope": "https://api.test", "method": "GET", "path": f"/a?token={SECRET}", "status": 200}
REQUEST = {"method": "GET", "url": f"https://api.test/a?token={SECRET}"}


def interactions(*more: str) -> str:
    return "interactions:\n" + GOOD + "".join(more)


def interaction(request: str = "", response: str = "") -> str:
    asked = f"method: GET, uri: 'https://api.test/{SECRET}'"
    return f"- request: {{{asked}{request}}}\n  response: {{status: 200{response}}}\n"


def executions(*entries: Any) -> str:
    return json.dumps({"collection": {"item": []}, "run": {"executions": entries}})


def collection(*items: Any, **more: Any) -> str:
    return json.dumps({"info": {"name": SECRET}, "item": items, **more})


def bomb(levels: int, value: str = "lol", width: int = 10) -> str:
    """Each level of aliases repeats the one before ten times."""
    aliases = (", ".join([f"*x{level}"] * width) for level in range(levels - 1))
    lines = (f"x{level}: &x{level} [{text}]\n" for level, text in enumerate(aliases, 1))
    return f"x0: &x0 [{value}]\n" + "".join(lines)


def read(kind: str, content: str | bytes) -> list[Exchange]:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return list(READERS[kind]("a.x", io.BytesIO(data)))


def failure(kind: str, content: str | bytes) -> str:
    """The error where nothing can be read, or else that of the last entry."""
    try:
        last = read(kind, content)[-1]
    except RecordingError as error:
        return str(error)
    return f"{last.source}: {last.error}"


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        # YAML
        ("vcr", b"", "a.x: the file is empty"),
        ("vcr", b" \n\n", "a.x: the file is empty"),
        ("vcr", b"\xef\xbb\xbf", "a.x: neither http_interactions nor interactions is there"),
        ("vcr", "version: 1\n", "a.x: neither http_interactions nor interactions is there"),
        ("vcr", f"{SECRET}\n", "a.x: neither http_interactions nor interactions is there"),
        ("vcr", "interactions: many\n", "a.x: neither http_interactions nor interactions is there"),
        ("vcr", "{a: b}: []\n", "a.x: broken JSON at byte 1"),
        ("vcr", "? {a: b}\n: []\n", "a.x: neither http_interactions nor interactions is there"),
        ("vcr", "interactions: {a: b}\n", "a.x: neither http_interactions nor interactions is there"),
        ("vcr", interactions("- request: {method: GET, uri:"), "a.x#1: line 5: broken YAML: "),
        (
            "vcr",
            interactions(f"- request: '{SECRET}"),
            "a.x#1: line 4: broken YAML: found unexpected end of stream",
        ),
        (
            "vcr",
            interactions("\t- request: a\n"),
            "a.x#0: line 4: broken YAML: found character that cannot start any token",
        ),
        (
            "vcr",
            interactions("- request: {body: @a}\n"),
            "a.x#1: line 4: broken YAML: found character that cannot start any token",
        ),
        (
            "vcr",
            interactions(f"- request: !a!{SECRET} x\n"),
            "a.x#1: line 4: broken YAML: found undefined tag handle",
        ),
        ("vcr", b"interactions:\n- request: \xff\xfe\n", "a.x: broken YAML at byte 25: "),
        (
            "vcr",
            b"interactions:\n- request: a\0b\n",
            "a.x: broken YAML at byte 26: control characters are not allowed",
        ),
        ("vcr", "interactions:\n- request: \ud800\n", "a.x: broken YAML at byte 25: "),
        ("vcr", "interactions:\n- a\n- 1\n", "a.x#0: the interaction is not an object"),
        ("vcr", "interactions:\n-\n", "a.x#0: the interaction is missing"),
        ("vcr", "interactions:\n- {request: [], response: {}}\n", "a.x#0: request is not an object"),
        ("vcr", "interactions:\n- {response: {}}\n", "a.x#0: request is missing"),
        ("vcr", "interactions:\n- request: &a {b: *a}\n", "a.x#0: an alias stands outside of the value"),
        ("vcr", "interactions:\n- request: {b: *unknown}\n", "a.x#0: an alias stands outside of the value"),
        ("vcr", bomb(12) + "interactions:\n- request: *x11\n", "a.x#0: more than 268,435,456 characters"),
        (
            "vcr",
            "interactions:\n- request: {a: " + "[" * 300 + "]" * 300 + "}\n",
            "a.x#0: nested more than 200 levels deep",
        ),
        ("vcr", "interactions:\n- " + "[" * DEEP, "a.x#0: nested more than 1,000 levels deep"),
        ("vcr", "interactions:\n" + "- " * DEEP, "a.x#0: nested more than 1,000 levels deep"),
        ("vcr", "{" * DEEP, "a.x: broken JSON"),
        ("vcr", "- " * DEEP, "a.x#0: nested more than 1,000 levels deep"),
        ("vcr", "a: " + "[" * DEEP, "a.x: nested more than 1,000 levels deep"),
        # JSON
        ("vcr", "{", "a.x: cut off"),
        ("vcr", "{}", "a.x: neither http_interactions nor interactions is there"),
        ("vcr", '{"http_interactions": {}}', "a.x: http_interactions is an object, not an array"),
        ("vcr", '{"http_interactions": [{"request": ' + f'"{SECRET}', "a.x#0: cut off"),
        ("vcr", '{"http_interactions": [NaN]}', "a.x#0: NaN"),
        ("vcr", '{"http_interactions": [' + "[" * DEEP, "a.x#0: nested too deeply"),
        ("vcr", '{"http_interactions": [1, 2]}', "a.x#0: the interaction is not an object"),
        ("vcr", '{"http_interactions": []} {}', "a.x: broken JSON at byte 26"),
        ("vcr", b'{"http_interactions": ["\xff"]}', "a.x: invalid UTF-8 at byte 24"),
        ("vcr", '[{"request": {}, "response": {}}]', "a.x#0: request.method is missing"),
        ("nock", "", "a.x: cut off"),
        ("nock", "{}", "a.x: the fixture is an object, not an array"),
        ("nock", json.dumps([ENTRY])[:-3], "a.x#0: cut off"),
        ("nock", json.dumps([1, [], None]), "a.x#0: the entry is not an object"),
        ("nock", json.dumps([ENTRY | {"status": True}]), "a.x#0: status is no status code"),
        ("nock", json.dumps([ENTRY | {"status": 2000}]), "a.x#0: status is no status code"),
        ("nock", '[{"response": ' + "[" * DEEP, "a.x#0: nested too deeply"),
        ("postman", "", "a.x: cut off"),
        ("postman", "[]", "a.x: the file is an array, not an object"),
        ("postman", "{}", "a.x: neither a run nor a collection of Postman"),
        ("postman", '{"run": []}', "a.x: run is an array, not an object"),
        ("postman", '{"run": {"executions": 1}}', "a.x: run.executions is a number, not an array"),
        ("postman", executions({"request": REQUEST})[:-3], "a.x#0: cut off"),
        ("postman", executions(1), "a.x#0: the entry is not an object"),
        (
            "postman",
            executions({"request": 1, "response": {"code": 200}}),
            "a.x#0: request or response is not an object",
        ),
        (
            "postman",
            executions({"request": REQUEST, "response": {"code": SECRET}}),
            "a.x#0: response.code is no status code",
        ),
        (
            "postman",
            collection(1, {"item": 2}, {"response": 3}),
            "a.x: the collection has no saved responses",
        ),
        (
            "postman",
            collection({"request": REQUEST, "response": [1]}),
            "a.x#0: request or response is not an object",
        ),
        (
            "postman",
            collection({"request": {"method": "GET"}, "response": [{"code": 200}]}),
            "a.x#0: request.url is missing",
        ),
        (
            "postman",
            collection(
                {"request": {"method": "GET", "url": "{{a}}"}, "response": [{"code": 200}]},
                variable=[{"key": "a", "value": "{{b}}" * 1000}, {"key": "b", "value": "{{a}}" * 1000}],
            ),
            "a.x#0: variables add more than 1,048,576 characters",
        ),
        ("postman", '{"info": {}, "item": ' + "[" * DEEP, "a.x: nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_place(
    kind: str, content: str | bytes, message: str
) -> None:
    error = failure(kind, content)
    assert error.startswith(message)
    assert SECRET not in error


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("- 1\n", "the interaction is not an object"),
        (
            "- {request: {method: GET, uri: a}, response: {status: {code: soon}}}\n",
            "response.status is no status code",
        ),
        ("- {request: {method: GET}, response: {status: 200}}\n", "request.uri is missing"),
        ("- request: {a: *b}\n", "an alias stands outside of the value that it names, or names nothing"),
        ("- " + "[" * 300 + "]" * 300 + "\n", "nested more than 200 levels deep"),
        ("- &a [*a]\n", "an alias stands outside of the value that it names, or names nothing"),
        (bomb(12).replace("x0:", "- x0:", 1).replace("\n", "\n  ")[:-2], "more than 268,435,456 characters"),
    ],
)
def test_a_bad_interaction_costs_itself(content: str, error: str) -> None:
    before, bad, after = read("vcr", interactions(content, GOOD))
    assert bad.error.startswith(error)
    assert (bad.source, bad.entry) == ("a.x#1", 1)
    assert before.status == after.status == 200
    assert not before.error + after.error


@pytest.mark.parametrize(
    "odd",
    [
        ", headers: 1, body: 2",
        ", headers: [1, [], [1], {a: b}], body: [{}]",
        ", headers: {a: {b: c}}, body: {string: {a: b}}",
        ", headers: {a: [[b]]}, body: {string: [a], encoding: {}}",
        ", headers: {? {a: b} : c, ? [d] : e}, body: {base64_string: {}}",
        ", headers: !!python/object/apply:os.system ['touch /tmp/owned'], body: !!python/name:os.system ''",
        ", headers: !ruby/object:Gem::Installer {i: x}, body: !ruby/regexp /a/",
        ", headers: {<<: 1, << : [1, {a: b}]}, body: {<<: {string: a}}",
        ", body: {state: []}",
        ", body: {state: {}}",
        ", body: {args: 1}",
        ", body: {args: [[1, {}]]}",
        ", body: {string: a, encoding: idna}",
        ", body: {string: a, encoding: 'utf-16-nothing'}",
        ", body: {file: [], string: a}",
        ", parsed_body: {? [a] : b, c: !!binary '!', d: 1e999, e: 00, f: .nan}",
        ", duration: 9h9h9h, body: !!set {a}",
        ", duration: 1.1.1s, body: !!timestamp 2026-11-29",
        ", duration: {}, body: !!int x",
    ],
)
def test_wrong_types_are_not_known(odd: str) -> None:
    (first, second) = read("vcr", interactions(interaction(odd, odd)))
    assert not first.error + second.error
    assert isinstance(second.response_body, bytes | None)
    assert all(isinstance(part, str) for header in second.response_headers for part in header)


@pytest.mark.parametrize(
    "value",
    [None, True, 1, 1.5, "", "a", [], [1], [[]], ["a", "b"], {}, {"a": 1}, {"key": []}, [{"key": {}}]],
)
def test_any_member_may_have_any_type(value: Any) -> None:
    names = ["method", "header", "body", "url", "auth", "code", "stream", "responseTime", "variable"]
    saved = {"code": 200, "body": "", "header": []}
    for name in names:
        for inner in (value, {"mode": value, "raw": value, "host": value, "path": value, "query": value}):
            request = REQUEST | {name: inner}
            for content in (
                collection({"request": request, "response": [saved | {name: inner}]}, **{name: inner}),
                collection({"request": REQUEST, "response": [saved]}),
                executions({"request": request, "response": saved | {name: inner}}, {"request": REQUEST}),
            ):
                judged = survive("postman", content)
                assert all(SECRET not in exchange.error for exchange in judged)
    for name in (
        "scope",
        "method",
        "path",
        "body",
        "status",
        "response",
        "rawHeaders",
        "headers",
        "reqheaders",
    ):
        survive("nock", json.dumps([ENTRY | {name: value}, ENTRY]))
        survive(
            "vcr",
            json.dumps([{"request": {"method": "GET", "uri": "/a", name: value}, "response": {name: value}}]),
        )


def survive(kind: str, content: str) -> list[Exchange]:
    """The exchanges; none where all are bad."""
    try:
        return read(kind, content)
    except RecordingError as caught:
        error = str(caught)
    assert SECRET not in error
    return []


def test_a_deep_json_body_costs_its_entry() -> None:
    deep: list[Any] = []
    for _ in range(700):
        deep = [deep]
    exchanges = read("nock", json.dumps([ENTRY | {"response": deep}, ENTRY]))
    assert [exchange.error for exchange in exchanges] in (["", ""], ["nested too deeply", ""])
    request = {"method": "GET", "uri": "/a"}
    cassette = [{"request": request, "response": {"status": 200, "parsed_body": body}} for body in (deep, 1)]
    errors = [exchange.error for exchange in read("vcr", json.dumps(cassette))]
    assert errors in (["", ""], ["nested too deeply", ""])


def test_the_memory_for_aliases_is_bounded() -> None:
    content = bomb(9, "x" * 1000) + interactions(interaction(response=", parsed_body: *x8"))
    tracemalloc.start()
    try:
        _, bad = read("vcr", content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert bad.error.startswith("more than")
    assert peak < 5_000_000


def test_one_interaction_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cassette_yaml, "LONGEST", 100_000)
    small = interaction(response=", body: " + "x" * 1_000)
    assert len(read("vcr", interactions(small * 300))) == 301
    scalars = interaction(response=", body: [" + "1, " * 5_000 + "]")
    assert [e.error[:9] for e in read("vcr", interactions(scalars, small))] == ["", "more than", ""]
    long = interactions(interaction(response=", body: " + "x" * 200_000))
    assert failure("vcr", long) == "a.x#1: an interaction of more than 100,000 bytes is not read"
    anchors = "".join(interaction(response=f", body: &a{number} " + "x" * 1_000) for number in range(200))
    assert failure("vcr", interactions(anchors)).endswith(
        "anchors of more than 100,000 characters are not read"
    )


def test_the_parser_in_python_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML was installed without its library in C."""
    content = interactions(interaction(response=", headers: {a: [b, 1]}, body: {string: !!binary AP8=}"))
    expected = read("vcr", content)
    monkeypatch.setattr(cassette_yaml, "_LOADER", yaml.SafeLoader)
    assert read("vcr", content) == expected
    for broken in ("- request: {method: GET, uri:", f"- request: '{SECRET}", "- request: {body: @a}\n"):
        error = failure("vcr", interactions(broken))
        assert re.match(r"a\.x#1: line \d: broken YAML: ", error)
        assert SECRET not in error
    assert failure("vcr", b"interactions:\n- request: \xff\xfe\n").startswith("a.x: broken YAML at byte")
