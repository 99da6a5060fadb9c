"""The evidence of findings: excerpts of bodies and documents, and commands, without any secret."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from support.commands import BAD, Capture, result_of
from support.judging import FORM, HOST, JSON, MULTIPART, TOKEN, api, multipart, thing, topic, topic_with
from support.paths import SPECS
from support.serving import callback
from wirecheck.checks import Judge
from wirecheck.model import Evidence, Exchange, Finding, MarkedLines, Severity, Side
from wirecheck.redact import MASK, Redactor
from wirecheck.reports.bodies import body_excerpt
from wirecheck.reports.collect import Collector
from wirecheck.reports.document_lines import DocumentLines
from wirecheck.reports.html import to_html
from wirecheck.reports.repetition import command
from wirecheck.reports.text import to_text
from wirecheck.spec import load
from wirecheck.spec.document import join

REDACTOR = Redactor()
CANARY = "k7Qm2xW9/vT4+bN8pR3z"
XML = (("content-type", "application/xml"),)


def excerpt_of(body: Any, pointer: str | None = None, content_type: str = "application/json") -> MarkedLines:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    masked = REDACTOR.masked(thing(response_body=raw))
    excerpt, _ = body_excerpt(raw, content_type, pointer, masked)
    assert excerpt is not None
    return excerpt


def marked(excerpt: MarkedLines) -> list[str]:
    return [line.strip() for line in excerpt.lines[slice(*excerpt.marked)]]


# Excerpts of bodies


def test_the_offending_value_is_marked_within_what_it_is_in() -> None:
    excerpt = excerpt_of(
        {"meta": {"code": 200}, "data": [{"id": 1}, {"id": "two", "tags": []}]}, "/data/1/id"
    )
    assert excerpt.lines == (
        "{",
        '  "meta": {"code": 200},',
        '  "data": [',
        '    {"id": 1},',
        "    {",
        '      "id": "two",',
        '      "tags": []',
        "    }",
        "  ]",
        "}",
    )
    assert marked(excerpt) == ['"id": "two",']


def test_of_many_items_those_beside_are_shown() -> None:
    lines = excerpt_of(list(range(1000)), "/500").lines
    assert lines == (
        "[",
        "  … 496 more",
        *(f"  {number}," for number in range(496, 505)),
        "  … 495 more",
        "]",
    )


def test_an_object_that_lacks_a_member_is_marked_as_a_whole() -> None:
    assert marked(excerpt_of({"data": {"id": 1, "more": {"a": []}}}, "/data")) == [
        '"data": {', '"id": 1,', '"more": {', '"a": []', "}", "}",
    ]  # fmt: skip


def test_what_a_masked_pointer_leads_to_is_found() -> None:
    body = {"sessions": {"k7Qm2xW9vT4bN8pR3z": {"uses": "many"}}}
    assert marked(excerpt_of(body, f"/sessions/{MASK}/uses")) == ['"uses": "many"']


def test_a_pointer_into_the_depth_says_where_its_excerpt_is() -> None:
    body: Any = "here"
    for depth in range(500):
        body = {f"level{depth}": body}
    pointer = join("", *(f"level{depth}" for depth in reversed(range(500))))
    excerpt = excerpt_of(body, pointer)
    assert marked(excerpt) == ['"level0": "here"']
    assert excerpt.lines[0].startswith("… /level17/")
    assert len(excerpt.lines) < 20


def test_the_fields_of_a_form_are_decoded() -> None:
    excerpt = excerpt_of(b"text=LOVELY+LIGHT&tag=a&tag=%C3%A9", "/text", "application/x-www-form-urlencoded")
    assert marked(excerpt) == ['"text": "LOVELY LIGHT",']
    assert excerpt.lines[2] == '  "tag": ["a", "é"]'
    excerpt = excerpt_of(b"tag=a&tag=b&tag=c", None, "application/x-www-form-urlencoded")
    assert "".join(line.strip() for line in excerpt.lines) == '{"tag": ["a","b","c"]}'


def test_a_pointer_that_leads_too_far_marks_the_last_value_on_its_way() -> None:
    body = {"a": [{"b": 1}], "c": 2}
    assert marked(excerpt_of(body, "/c/d/e")) == ['"c": 2']
    whole = ['"a": [', "{", '"b": 1', "}", "],"]
    assert marked(excerpt_of(body, "/a/7")) == marked(excerpt_of(body, "/a/x")) == whole


def test_a_large_body_is_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.reports.bodies._LARGEST", 20)
    assert excerpt_of([1], "/0").lines == ("[", "  1", "]")
    assert excerpt_of([1] * 9, "/0").lines == (json.dumps([1] * 9),)


@pytest.mark.parametrize(
    ("body", "content_type", "note"),
    [
        (None, "", "not recorded"),
        (b"", "application/json", "empty"),
        (b"\x89PNG\0", "image/png", "binary, 5 bytes"),
        ("é".encode("latin-1"), "text/plain", "binary, 1 byte"),
        (b"a\0b", "text/plain", "binary, 3 bytes"),
    ],
)
def test_a_body_that_cannot_be_shown_is_named(body: bytes | None, content_type: str, note: str) -> None:
    assert body_excerpt(body, content_type, None, REDACTOR.masked(thing())) == (None, note)


def test_a_text_is_shown_from_its_beginning() -> None:
    excerpt = excerpt_of(b"<html>\r\n<h1>Bad gateway</h1>\n" + b"<p>\n" * 100, None, "text/html")
    assert excerpt.lines[:3] == ("<html>", "<h1>Bad gateway</h1>", "<p>")
    assert (len(excerpt.lines), excerpt.lines[-1]) == (40, "…")
    assert excerpt_of("…".encode() * 100_000, None, "text/plain").lines[0].endswith("…")


VALUES = st.recursive(
    st.none() | st.integers(-(2**60), 2**60) | st.text(max_size=9) | st.just("w " * 200),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=20,
)


def places(value: Any, pointer: str = "") -> list[str]:
    """The pointers to a value and to all within it."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [pointer, *(place for key, member in members for place in places(member, join(pointer, key)))]


@settings(max_examples=40)
@given(value=st.lists(VALUES) | st.dictionaries(st.text(max_size=9), VALUES), data=st.data())
def test_an_excerpt_is_small_and_has_its_marked_line(value: Any, data: st.DataObject) -> None:
    excerpt = excerpt_of(value, data.draw(st.sampled_from(places(value))))
    start, end = excerpt.marked
    assert 0 <= start < end <= len(excerpt.lines) <= 150
    assert all(len(line) <= 240 and line.isprintable() for line in excerpt.lines)


# Secrets


def evidence_of(exchange: Exchange, judge: Judge, side: Side = Side.REQUEST) -> Evidence:
    """The evidence of some finding that an exchange may have."""
    finding = Finding(
        source=exchange.source, entry=0, check="x", severity=Severity.ERROR, side=side, operation=None,
        method="GET", path="/", status=200, pointer="", spec_file="", spec_pointer="#", line=1, message="",
        fingerprint="0",
    )  # fmt: skip
    collector = Collector(judge.spec)
    collector.collect_evidence(judge.redactor)
    verdict = structs.replace(judge.judge(exchange), findings=(finding,), skipped=None)
    collector.add(verdict, exchange)
    store = collector.report().evidence
    evidence = store.of(finding) if store else None
    collector.close()
    assert evidence is not None
    return evidence


def posted(body: bytes, content_type: str = "application/json") -> dict[str, Any]:
    return {"method": "POST", "request_body": body, "request_headers": (("content-type", content_type),)}


PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "query": lambda secret: {"url": f"{HOST}/things?a=1&api_key={quote(secret, safe='')}"},
    "fragment": lambda secret: {"url": f"{HOST}/things#access_token={quote(secret, safe='')}"},
    "user": lambda secret: {"url": f"https://ada:{quote(secret, safe='')}@things.example/things"},
    "authorization": lambda secret: {"request_headers": (("authorization", f"Bearer {secret}"),)},
    "odd authorization": lambda secret: {"request_headers": (("authorization", secret),)},
    "header": lambda secret: {"request_headers": (("x-api-key", secret),)},
    "response header": lambda secret: {"response_headers": (("x-auth-token", secret),)},
    "cookie": lambda secret: {"request_headers": (("cookie", f"theme=dark; anything={secret}"),)},
    "bare cookie": lambda secret: {"request_headers": (("cookie", secret),)},
    "set-cookie": lambda secret: {"response_headers": (("set-cookie", f"any={secret}; Path=/; HttpOnly"),)},
    "joined set-cookie": lambda secret: {"response_headers": (("set-cookie", f"a=1; Path=/, sid={secret}"),)},
    "JSON": lambda secret: posted(json.dumps({"user": [{"password": secret}]}).encode()),
    "JSON below a name": lambda secret: posted(json.dumps({"password": {"old": [secret]}}).encode()),
    "JSON in JSON": lambda secret: posted(json.dumps({"body": json.dumps({"password": secret})}).encode()),
    "JSON that is cut": lambda secret: posted(json.dumps({"password": secret, "b": 1})[:-3].encode()),
    "JSON without a type": lambda secret: posted(json.dumps({"password": secret}).encode(), ""),
    "form": lambda secret: posted(f"a=1&password={quote_plus(secret)}".encode(), FORM[0][1]),
    "multipart": lambda secret: posted(multipart({"a": "1", "password": secret}), MULTIPART),
    "multipart without a type": lambda secret: posted(
        multipart({"a": "1", "password": secret}), "text/plain"
    ),
    "XML": lambda secret: posted(f"<a><password>{secret}</password></a>".encode(), "application/xml"),
}


@pytest.mark.parametrize("secret", [CANARY, "hunter-2", "kiwi/7"])
@pytest.mark.parametrize("place", PLACES)
def test_no_evidence_has_a_secret(place: str, secret: str) -> None:
    judge = api({"responses": {"default": {"description": "Anything."}}})
    exchange = thing(**PLACES[place](secret))
    evidence = evidence_of(exchange, judge)
    shown = repr(evidence)
    for spelling in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]):
        assert spelling not in shown
    assert MASK in shown or '"$' in shown or "fragment" in place


def test_numbers_and_keys_are_masked() -> None:
    body = json.dumps(
        {"pin_code_secret": 73915, "tokens": {"k7Qm2xW9vT4bN8pR3z": 1}, "otp": [481516]}
    ).encode()
    evidence = evidence_of(thing(**posted(body)), api({}))
    shown = repr(evidence)
    assert not [secret for secret in ("73915", "481516", "k7Qm2xW9") if secret in shown]


def test_a_secret_on_several_lines_leaves_no_excerpt_that_has_it() -> None:
    key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END PRIVATE KEY-----"
    evidence = evidence_of(thing(**posted(key.encode(), "text/plain")), api({}))
    assert "MIIEvQ" not in repr(evidence)


# Commands


def arguments_of(line: str, **variables: str) -> list[str]:
    """What bash passes to curl."""
    script = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{line}"
    run = subprocess.run(["bash", "-c", script], env=variables, capture_output=True, check=True, timeout=10)
    return run.stdout.decode().split("\0")[:-1]


def test_with_its_variables_set_a_command_repeats_the_request() -> None:
    exchange = topic(
        method="POST",
        request_headers=(
            ("host", "board.test"), ("authorization", "Bearer abc.def"), ("x-session-token", "s3cr3t!!"),
            ("cookie", "sid=12345; lang=en"), *JSON, ("sec-fetch-dest", "empty"),
        ),
        request_body=b'{"text":  "it\'s", "password": "hunter2"}',
    )  # fmt: skip
    line = command(exchange, REDACTOR.masked(exchange))
    names = "ACCESS_TOKEN, TOKEN, X_SESSION_TOKEN, COOKIE_SID, COOKIE_LANG, PASSWORD"
    assert line.splitlines()[0] == f"# set {names}"
    values = [TOKEN, "abc.def", "s3cr3t!!", "12345", "en", "hunter2"]
    assert arguments_of(line, **dict(zip(names.split(", "), values, strict=True))) == [
        *(
            "-X",
            "POST",
            exchange.url,
            "-H",
            "authorization: Bearer abc.def",
            "-H",
            "x-session-token: s3cr3t!!",
        ),
        *("-H", "cookie: sid=12345; lang=en", "-H", "content-type: application/json"),
        *("--data-binary", '{"text": "it\'s", "password": "hunter2"}'),
    ]


@given(body=st.text(max_size=40), query=st.text(max_size=20))
def test_a_command_without_secrets_is_the_request_as_it_was(body: str, query: str) -> None:
    raw = f"text={quote_plus(body)}".encode()
    url = f"{HOST}/things?q={quote_plus(query)}"
    exchange = thing(url=url, **posted(raw, FORM[0][1]))
    line = command(exchange, REDACTOR.masked(exchange))
    if '"$' not in line:
        arguments = arguments_of(line)
        assert arguments[2] == url
        assert arguments[-1] == raw.decode()


@pytest.mark.parametrize("body", [b"\x89PNG\0", b'"' + b"x" * 5000 + b'"', b'"\xe9"'])
def test_a_body_that_is_large_or_binary_is_that_of_a_file(body: bytes) -> None:
    exchange = thing(**posted(body, "image/png"))
    line = command(exchange, REDACTOR.masked(exchange))
    assert line.endswith(f" --data-binary @body  # a file of {len(body):,} bytes")


BODIES = st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
HOSTILE_BODIES = [
    b'{"a": ' * 3000,
    b'{"a": ' * 900 + b"1" + b"}" * 900,
    b"[1e999]",
    b"[" + b"9" * 5000 + b"]",
    b"a=%ff%00&=&&b",
    b"name=" * 9000,
    b"--xYz\r\n" * 4000,
    b"<a>" * 9000,
    b'{"a": "\\ud800"}',
    b"\xef\xbb\xbf{}",
]
NAMES = st.text(max_size=9) | st.sampled_from(["authorization", "cookie", "set-cookie", "content-type"])


@given(
    body=BODIES | st.sampled_from(HOSTILE_BODIES),
    content_type=st.sampled_from(["application/json", FORM[0][1], MULTIPART, "text/plain", "", ";"]),
    headers=st.lists(st.tuples(NAMES, st.text(max_size=20)), max_size=3),
    url=st.text(st.characters(codec=None), max_size=20),
    pointer=st.none() | st.text(max_size=5) | st.just("/a/a/a"),
)
def test_any_exchange_can_be_shown(
    body: bytes, content_type: str, headers: list[tuple[str, str]], url: str, pointer: str | None
) -> None:
    sent = (("content-type", content_type), *headers)
    exchange = thing(url=f"{HOST}/{url}", method=f"P{url}", request_headers=sent, request_body=body)
    masked = REDACTOR.masked(exchange)
    assert command(exchange, masked).count("\n") <= 1
    body_excerpt(body, content_type, pointer, masked)


# The lines of the document


def test_the_lines_are_those_of_the_file_that_says_it(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "thing.yaml").write_text("type: object\nproperties:\n  id: {type: integer}\n")
    schema = {"$ref": "schemas/thing.yaml"}
    content = {"application/json": {"schema": schema}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things": {"get": {"responses": {"200": {"description": "All.", "content": content}}}}},
    }
    (tmp_path / "api.json").write_text(json.dumps(document))
    judge = Judge(load(tmp_path / "api.json"))
    [finding] = judge.judge(thing(response_headers=JSON, response_body=b'{"id": "x"}')).findings
    excerpt = DocumentLines(judge.spec, judge.redactor).around(finding.spec_file, finding.line)
    assert excerpt is not None
    assert (excerpt.first, marked(excerpt)) == (1, ["id: {type: integer}"])


def test_a_document_from_a_url_is_not_fetched_again() -> None:
    text = (SPECS / "noticeboard.yaml").read_bytes()
    requests: list[str] = []

    def respond(_: str, path: str, __: dict[str, str], ___: bytes) -> tuple[int, dict[str, str], bytes]:
        requests.append(path)
        return 200, {}, text

    with callback(respond) as url:
        spec = load(f"{url}/api.yaml?key=secret")
        excerpt = DocumentLines(spec, Redactor.of(spec)).around(spec.document.name, 1)
    assert excerpt is not None
    assert excerpt.lines[0] == text.decode().split("\n")[0]
    assert len(requests) == 1


def test_secrets_in_examples_are_masked(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text("""openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /login:
    post:
      parameters:
        - {name: api_key, in: query, schema: {type: string}, example: kiwi-banana-77}
      requestBody:
        content:
          application/json:
            schema:
              properties:
                password:
                  type: string
                  example: correct-horse-9
            example:
              password: hunter2
              name: ada
      responses: {default: {description: "sk_live_0123456789abcdef"}}
""")
    spec = load(path)
    lines = DocumentLines(spec, Redactor.of(spec))
    shown = [lines.around(str(path), line) for line in range(1, 20)]
    text = "\n".join(line for excerpt in shown if excerpt for line in excerpt.lines)
    assert not [each for each in ("kiwi-banana", "correct-horse", "hunter2", "sk_live_0") if each in text]
    assert "name: ada" in text
    assert f"password: {MASK}" in text


def test_a_document_that_is_gone_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    shutil.copy(SPECS / "noticeboard.yaml", path)
    spec = load(path)
    path.unlink()
    assert DocumentLines(spec, REDACTOR).around(str(path), 1) is None


# Reports


def test_the_first_findings_of_a_kind_have_evidence() -> None:
    judge = api({})
    collector = Collector(judge.spec)
    collector.collect_evidence(judge.redactor)
    exchanges = [thing(url="https://things.example/unknown", source=f"a.har#{number}") for number in range(5)]
    for exchange in exchanges:
        collector.add(judge.judge(exchange), exchange)
    report = collector.report()
    assert report.recordings == ("a.har",)
    assert report.evidence is not None
    assert [report.evidence.of(finding) is not None for finding in report.findings] == [True] * 3 + [
        False
    ] * 2
    collector.close()


def test_what_one_collector_took_another_one_continues() -> None:
    judge = api({})
    parts, whole = Collector(judge.spec), Collector(judge.spec)
    for collector in (parts, whole):
        collector.collect_evidence(judge.redactor)
    assert not parts.has(1)
    for shift in (0, 3):
        for number in range(3):
            exchange = thing(url="https://things.example/unknown", source=f"a.har#{number}", entry=number)
            parts.add(judge.judge(exchange), exchange)
        assert parts.has(1)
        assert not parts.has(10**6)
        whole.merge(parts.take(), shift)
        assert not parts.has(1)
    report = whole.report()
    found = list(report.findings)
    assert [(finding.source, finding.entry) for finding in found] == [
        (f"a.har#{number}", number) for number in range(6)
    ]
    assert report.evidence is not None
    assert [report.evidence.of(finding) is not None for finding in found] == [True] * 3 + [False] * 3
    assert list(parts.report().findings) == []
    for collector in (parts, whole):
        collector.close()


def test_evidence_is_in_the_verbose_text_alone(tmp_path: Path, capsys: Capture) -> None:
    recording, spec = tmp_path / "a.jsonl", str(SPECS / "noticeboard.yaml")
    recording.write_text(BAD)
    _, brief, _ = result_of(capsys, "check", "--spec", spec, str(recording))
    code, text, _ = result_of(capsys, "check", "-v", "--spec", spec, str(recording))
    assert code == 1
    assert [line for line in text.splitlines() if line not in brief.splitlines()] == [
        "    # set ACCESS_TOKEN",
        "    curl -X GET 'https://board.test/v1/topics/snow?access_token='\"$ACCESS_TOKEN\"",
        '        "meta": {"code": 200},',
        '        "data": {',
        '          "name": "snow",',
        '    >     "notices": "two"',
        "        }",
        "      }",
    ]


def test_no_report_shows_a_token() -> None:
    judge = Judge(load(SPECS / "noticeboard.yaml"))
    collector = Collector(judge.spec)
    collector.collect_evidence(judge.redactor)
    exchange = topic_with(json.dumps({"meta": {}, "data": {"notices": TOKEN, "echo": TOKEN}}).encode())
    collector.add(judge.judge(exchange), exchange)
    report = collector.report()
    for text in ("".join(to_html(report)), "".join(to_text(report, verbose=True))):
        assert TOKEN.partition(".")[2] not in text
    collector.close()
