"""What browsers and recorders write is judged quietly: only what concerns the API is a finding."""

import json
from typing import Any

import pytest
import yaml

from support.commands import GOOD, WARNED, Capture, Writer, har, har_entry, result_of

API = "https://api.example.test"
JSON = {"Content-Type": "application/json", "Server": "x"}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "servers": [{"url": f"{API}/v1"}],
    "paths": {
        "/notes": {
            "get": {
                "operationId": "listNotes",
                "responses": {
                    "200": {"description": "", "content": {"application/json": {"schema": {"type": "array"}}}}
                },
            }
        }
    },
}
NO_SERVERS = {name: value for name, value in DOCUMENT.items() if name != "servers"}


def exchange(url: str, status: int = 200, body: Any = "", method: str = "GET", **headers: str) -> str:
    """A line of a recording; ``headers`` are those of the request."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = {"method": method, "url": url, "headers": {"User-Agent": "x", **sent}}
    return json.dumps({"request": request, "status": status, "headers": JSON, "body": body}) + "\n"


def notes(host: str, path: str = "/v1/notes") -> str:
    return exchange(f"{host}{path}", body=[])


Report = dict[str, Any]


def report(
    file: Writer, capsys: Capture, content: str, *options: str, document: Any = None, name: str = "a.jsonl"
) -> tuple[int, Report, str]:
    """The exit code, the JSON report and the text report of a recording."""
    spec = file("notes.yaml", yaml.safe_dump(document or DOCUMENT))
    arguments = ("check", "--spec", spec, file(name, content), *options)
    code, out, _ = result_of(capsys, *arguments, "--format", "json")
    return code, json.loads(out), result_of(capsys, *arguments)[1]


def kinds(judged: Report) -> list[tuple[int, str, str]]:
    return [(finding["entry"], finding["check"], finding["severity"]) for finding in judged["findings"]]


# Hosts

ELSEWHERE = ("operation-known", "info")
HOSTS: dict[str, tuple[str, Any, tuple[str, ...], list[tuple[int, str, str]], dict[str, int]]] = {
    "the document's own": (
        notes(API) + notes(API, "/v1/no"),
        None,
        (),
        [(1, "operation-known", "error")],
        {},
    ),
    "its own with another port and scheme": (notes("http://api.example.test:8080"), None, (), [], {}),
    "one that is not the API's": (
        notes(API)
        + exchange("https://cdn.example/v1/notes", body={})
        + notes("https://t.example", "/collect"),
        None,
        (),
        [(1, *ELSEWHERE), (2, *ELSEWHERE)],
        {"cdn.example": 1, "t.example": 1},
    ),
    "the local one": (
        notes(API) + exchange("http://localhost:3000/v1/notes", body={}),
        None,
        (),
        [(1, "body-matches-schema", "error")],
        {},
    ),
    "a local one, whose path is not documented": (
        notes(API) + notes("http://127.0.0.1:3000", "/v1/assets"),
        None,
        (),
        [(1, "operation-known", "error")],
        {},
    ),
    "a local one beside the API": (
        notes("http://localhost:8000") + notes("http://localhost:3000", "/v1/assets"),
        None,
        (),
        [(1, *ELSEWHERE)],
        {"localhost:3000": 1},
    ),
    "a local one that serves the pages": (
        notes(API)
        + exchange("http://localhost:3000/", Accept="text/html,*/*")
        + exchange("http://localhost:3000/v1/texts", body={}),
        None,
        (),
        [(2, *ELSEWHERE)],
        {"localhost:3000": 1},
    ),
    "a local one beside that of the document": (
        notes("http://localhost:8000") + notes("http://localhost:3000", "/v1/assets"),
        {**DOCUMENT, "servers": [{"url": "http://localhost:8000/v1"}]},
        (),
        [(1, *ELSEWHERE)],
        {"localhost:3000": 1},
    ),
    "the one with most of the API's traffic": (
        notes(API) + 2 * notes("https://staging.example") + notes("https://staging.example", "/v1/no"),
        None,
        (),
        [(3, "operation-known", "error")],
        {},
    ),
    "one with as much traffic as the document's": (
        notes(API) + notes("https://staging.example"),
        None,
        (),
        [(1, *ELSEWHERE)],
        {"staging.example": 1},
    ),
    "one of several, in a document without servers": (
        2 * notes("https://a.example", "/notes") + notes("https://b.example", "/notes"),
        NO_SERVERS,
        (),
        [(2, *ELSEWHERE)],
        {"b.example": 1},
    ),
    "any, in a document without servers": (
        notes("https://a.example", "/notes") + notes("https://b.example", "/notes"),
        NO_SERVERS,
        (),
        [],
        {},
    ),
    "the one that is named": (
        notes("https://a.example") + 2 * notes("https://b.example") + notes("http://localhost"),
        None,
        ("--host", "A.example"),
        [(entry, *ELSEWHERE) for entry in (1, 2, 3)],
        {"b.example": 2, "localhost": 1},
    ),
    "those that are named": (
        notes("https://a.example:444") + notes("https://b.example"),
        None,
        ("--host", "a.example:444", "--host", "b.example"),
        [],
        {},
    ),
}


@pytest.mark.parametrize("case", HOSTS)
def test_only_traffic_of_the_api_is_checked(case: str, file: Writer, capsys: Capture) -> None:
    content, document, options, findings, others = HOSTS[case]
    code, judged, text = report(file, capsys, content, *options, document=document)
    assert kinds(judged) == findings
    assert judged["summary"]["other_hosts"] == others
    assert code == (1 if any(severity == "error" for _, _, severity in findings) else 0)
    for host in others:
        assert text.count(host) == 1


def test_other_hosts_are_one_line(file: Writer, capsys: Capture) -> None:
    others = [notes(f"https://{index % 4}.example", "/v1/x") for index in range(14)]
    _, judged, text = report(file, capsys, notes(API) + "".join(others))
    line = "14 exchanges of 4 other hosts were not checked: 0.example, 1.example, 2.example\nand 1 more"
    assert f"{line} (see --host).\n" in text
    assert text.endswith("All checks passed.\n")
    assert len(text.splitlines()) == 6
    assert sum(judged["summary"]["other_hosts"].values()) == 14
    assert (judged["exchanges"], judged["summary"]["unmatched"]) == (15, 14)


def test_other_hosts_alone_are_inconclusive(file: Writer, capsys: Capture) -> None:
    code, judged, _ = report(file, capsys, notes("https://cdn.example", "/v1/x"))
    assert (code, kinds(judged)) == (2, [(0, *ELSEWHERE)])


def test_any_host_fits_a_variable_of_a_server(file: Writer, capsys: Capture) -> None:
    servers = [{"url": "https://{region}.example.test/v1", "variables": {"region": {"default": "eu"}}}]
    content = notes("https://us.example.test") + notes("https://other.test", "/v1/x")
    _, judged, _ = report(file, capsys, content, document={**DOCUMENT, "servers": servers})
    assert judged["summary"]["other_hosts"] == {"other.test": 1}


# What browsers record besides

ENTRY = har_entry("[]")


def entry(url: str, status: Any = 200, *, method: str = "GET", response: Any = None, **more: Any) -> Any:
    """An entry of a HAR recording; ``more`` are members of it, ``headers`` those of its request."""
    headers = [{"name": name, "value": value} for name, value in more.pop("headers", {}).items()]
    request = {"method": method, "url": url, "headers": [{"name": "User-Agent", "value": "x"}, *headers]}
    return {
        "request": request,
        "response": {**ENTRY["response"], "status": status, **(response or {})},
        **more,
    }


PREFLIGHT = {"Access-Control-Request-Method": "POST"}
HTML = [{"name": "Content-Type", "value": "text/html; charset=utf-8"}]
BESIDES: list[tuple[str, Any]] = [
    ("preflight", entry(f"{API}/v1/notes", 204, method="OPTIONS", headers=PREFLIGHT)),
    ("preflight", entry(f"{API}/v1/other", 403, method="OPTIONS", headers=PREFLIGHT)),
    ("websocket", entry("wss://api.example.test/v1/socket", 101)),
    ("websocket", entry(f"{API}/v1/socket", 101)),
    ("websocket", entry(f"{API}/v1/socket", 400, _resourceType="websocket")),
    ("not-http", entry("data:text/plain,hello")),
    ("not-http", entry("blob:https://api.example.test/1b2c")),
    ("not-http", entry("chrome-extension://abc/v1/notes")),
    ("no-response", entry(f"{API}/v1/blocked", 0, response={"_error": "net::ERR_ABORTED"})),
    ("page", entry(f"{API}/v1/index.html", _resourceType="document")),
    ("page", entry(f"{API}/app.js", 304, _resourceType="script")),
    ("page", entry(f"{API}/v1/font", headers={"Sec-Fetch-Dest": "font"})),
    ("page", entry(f"{API}/", headers={"Accept": "text/html,application/xhtml+xml"})),
    ("page", entry(f"{API}/logo", headers={"accept": "image/avif,image/webp,*/*"})),
    ("page", entry(f"{API}/login", _resourceType="fetch", response={"headers": HTML})),
    ("page", entry(f"{API}/beacon", method="POST", _resourceType="ping")),
    ("synthetic", entry(f"{API}/v1/notes", 503, response={"_serviceWorkerResponseSource": "fallback-code"})),
    ("synthetic", entry(f"{API}/v1/notes", response={"_serviceWorkerResponseSource": "cache-storage"})),
    ("unreadable", {"request": {"method": "GET"}}),
    ("unreadable", entry(f"{API}/v1/notes", "none")),
]


@pytest.mark.parametrize(("reason", "recorded"), BESIDES)
def test_what_says_nothing_about_the_api_is_counted_and_not_judged(
    reason: str, recorded: Any, file: Writer, capsys: Capture
) -> None:
    content = har(entry(f"{API}/v1/notes"), recorded)
    code, judged, text = report(file, capsys, content, name="a.har")
    assert (code, kinds(judged), judged["summary"]["skipped"]) == (0, [], {reason: 1})
    assert "Not checked: 1 " in text
    assert "unmatched" not in text


JUDGED: list[tuple[Any, list[tuple[str, str]]]] = [
    (entry(f"{API}/v1/no", _resourceType="fetch"), [("operation-known", "error")]),
    (entry(f"{API}/v1/no", response={"headers": HTML}), [("operation-known", "error")]),
    (entry(f"{API}/v1/no", headers={"Sec-Fetch-Dest": "empty"}), [("operation-known", "error")]),
    (entry(f"{API}/v1/notes", method="OPTIONS"), []),
    (entry(f"{API}/v1/notes", method="PUT", _resourceType="document"), [("method-allowed", "error")]),
    (entry("wss://api.example.test/v1/notes", 101), [("status-documented", "error")]),
    (entry(f"{API}/v1/notes", 0), [("status-documented", "info")]),
    (entry(f"{API}/v1/notes", 304), []),
    (entry(f"{API}/v1/notes", _fromCache="disk", response={"bodySize": 0, "content": {"size": 0}}), []),
    (
        entry(
            f"{API}/v1/notes", response={"_serviceWorkerResponseSource": "network", "content": {"text": "{}"}}
        ),
        [("body-matches-schema", "error")],
    ),
    (
        entry(f"{API}/v1/notes", _resourceType="document", response={"content": {"text": "{}"}}),
        [("body-matches-schema", "error")],
    ),
]


@pytest.mark.parametrize(("recorded", "findings"), JUDGED)
def test_what_concerns_the_api_is_judged_however_it_was_recorded(
    recorded: Any, findings: list[tuple[str, str]], file: Writer, capsys: Capture
) -> None:
    _, judged, _ = report(file, capsys, har(entry(f"{API}/v1/notes"), recorded), name="a.har")
    assert kinds(judged) == [(1, *finding) for finding in findings]
    assert judged["summary"]["skipped"] == {}


def test_a_documented_preflight_is_judged(file: Writer, capsys: Capture) -> None:
    options = {"options": {"operationId": "o", "responses": {"200": {"description": ""}}}}
    document = {**DOCUMENT, "paths": {"/notes": options}}
    recorded = entry(f"{API}/v1/notes", 204, method="OPTIONS", headers=PREFLIGHT)
    _, judged, _ = report(file, capsys, har(recorded), document=document, name="a.har")
    assert kinds(judged) == [(0, "status-documented", "error")]


def test_an_entry_that_cannot_be_read_is_named(file: Writer, capsys: Capture) -> None:
    _, _, text = report(file, capsys, har(entry(f"{API}/v1/notes"), 7, {}), name="a.har")
    assert "Not checked: 2 entries that could not be read.\n" in text
    assert "The first that could not be read: a.har#1: the entry is an integer, not an\nobject.\n" in text


# Credentials


def test_a_recording_without_any_credentials_gets_one_note(file: Writer, capsys: Capture) -> None:
    code, out, _ = result_of(
        capsys, "check", file("a.jsonl", 3 * WARNED), "--fail-on", "warning", "--format", "json"
    )
    [finding] = json.loads(out)["findings"]
    assert (code, finding["entry"], finding["check"], finding["severity"]) == (
        0,
        0,
        "credentials-present",
        "info",
    )
    assert finding["message"] == (
        "no request carries credentials, which recorders often remove (required by 3 exchanges)"
    )
    assert json.loads(out)["summary"]["checks"] == {"credentials-present": 1}


def test_a_request_without_credentials_is_a_warning_where_others_carry_some(
    file: Writer, capsys: Capture
) -> None:
    code, out, _ = result_of(
        capsys, "check", file("a.jsonl", 2 * WARNED + GOOD), "--fail-on", "warning", "--format", "json"
    )
    found = [
        (finding["entry"], finding["check"], finding["severity"]) for finding in json.loads(out)["findings"]
    ]
    assert found == [(entry, "credentials-present", "warning") for entry in (0, 1)]
    assert code == 1


# Base paths


@pytest.mark.parametrize(
    ("url", "base_path", "severity"),
    [
        (f"{API}/api/v2/notes", "/api/v2", "warning"),
        (f"{API}/notes", "/", "warning"),
        (f"{API}/v1/v1/notes", "/v1/v1", "error"),
        (f"{API}/v1/api/notes?x=/notes", "/v1/api", "error"),
    ],
)
def test_the_base_path_that_would_fit_is_named(
    url: str, base_path: str, severity: str, file: Writer, capsys: Capture
) -> None:
    _, judged, _ = report(file, capsys, notes(API) + exchange(url, body=[]))
    [finding] = judged["findings"]
    assert finding["severity"] == severity
    assert finding["message"].endswith(f"(--base-path {base_path} would fit)")
    _, judged, _ = report(file, capsys, exchange(url, body=[]), "--base-path", base_path)
    assert judged["findings"] == []


@pytest.mark.parametrize("path", ["/v2/note", "/v1/notes/notes/x", "/api/notes/notes"])
def test_a_base_path_that_does_not_fit_or_is_not_the_only_one_is_not_named(
    path: str, file: Writer, capsys: Capture
) -> None:
    document = {**DOCUMENT, "paths": {**DOCUMENT["paths"], "/notes/notes": DOCUMENT["paths"]["/notes"]}}
    _, judged, _ = report(file, capsys, exchange(f"{API}{path}", body=[]), document=document)
    [finding] = judged["findings"]
    assert "--base-path" not in finding["message"]
