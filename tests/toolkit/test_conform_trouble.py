"""Conformance runs where something goes wrong: answers are lost, servers die, people interrupt or mistype."""

import base64
import json
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from support.conforming import (
    ANYTHING,
    MANY,
    TOKEN,
    Answers,
    Time,
    broken,
    case_of,
    document,
    fine,
    form,
    loaded,
    parameter,
    plain,
    report_of,
    session,
    spec_of,
    suite,
    target,
    untold,
)
from support.serving import callback
from wirecheck.checks import Judge, Verdict
from wirecheck.checks.subject import Subject
from wirecheck.cli import run as command
from wirecheck.conform import (
    INTERRUPTED,
    Requirement,
    SessionOptions,
    open_session,
    requirements,
    to_json,
    to_text,
    transport,
)
from wirecheck.conform import run as conform
from wirecheck.conform.asgi import InProcess
from wirecheck.conform.case import Case, NoResponseError, UnsentError
from wirecheck.model import TargetError

Capture = pytest.CaptureFixture[str]

NOTES = loaded(
    json.dumps(
        document(
            {
                "/notes": {
                    "get": {"operationId": "listNotes"},
                    "post": {
                        "operationId": "addNote",
                        "requestBody": form("t", example={"t": "x"}),
                        "x-laws": {
                            "kept": {
                                "message": "A note is kept.",
                                "then": "listNotes",
                                "rule": "size(then.body) == size(before.body) + 1",
                            }
                        },
                        "x-undo": {
                            "operation": "deleteNote",
                            "then": "listNotes",
                            "with": {"id": "then.body.filter(n, !before.body.exists(b, b.id == n.id))[0].id"},
                        },
                    },
                },
                "/notes/{id}": {
                    "delete": {
                        "operationId": "deleteNote",
                        "parameters": [parameter("id", {"type": "integer"}, "path")],
                        "responses": {
                            **ANYTHING,
                            "404": {"description": "No."},
                            "429": {"description": "No."},
                        },
                    }
                },
            }
        )
    )
)
DOES = "addNote: laws: does what it says, and is undone"


class Notes:
    """A server that keeps notes; ``lose`` decides by the number of a write whether its answer is lost."""

    def __init__(self, lose: Callable[[str, int], bool], *, done: bool) -> None:
        self.lose, self.done = lose, done
        self.notes: list[dict[str, Any]] = [{"id": 1, "t": "old"}]
        self.writes = 0
        self._next = 2

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=self.notes)
        self.writes += 1
        lost = self.lose(request.method, self.writes)
        answer = None if lost and not self.done else self._written(request)
        if lost or answer is None:
            raise httpx.ReadError("reset", request=request)
        return answer

    def _written(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            fields = dict(parse_qsl(request.content.decode()))
            self.notes.append({"id": self._next, **fields})
            self._next += 1
            return httpx.Response(200, json=self.notes[-1])
        kept = [one for one in self.notes if str(one["id"]) != request.url.path.rpartition("/")[2]]
        if kept == self.notes:
            return httpx.Response(404)
        self.notes = kept
        return httpx.Response(200, json={})


# Lost answers to writes


@pytest.mark.parametrize("done", [True, False])
def test_a_lost_answer_to_a_write_is_flaky_and_the_write_is_not_done_twice(done: bool) -> None:
    server = Notes(lambda method, number: number == 1, done=done)
    report = report_of(NOTES, server, Time())
    assert broken(report) == {}
    assert DOES not in untold(report)
    assert report.flaky["addNote"][0] == 1
    assert [one["t"] for one in server.notes] == ["old"], "all is as it was"


@pytest.mark.parametrize("done", [True, False])
def test_a_server_that_always_drops_a_write_is_broken_and_left_as_it_was(done: bool) -> None:
    server = Notes(lambda method, number: method == "POST", done=done)
    report = report_of(NOTES, server, Time())
    assert broken(report)[DOES].startswith("no readable answer: ReadError")
    assert [one["t"] for one in server.notes] == ["old"]
    assert (report.broken, report.stopped, list(report.left)) == (True, "", [])


def test_what_was_done_and_cannot_be_taken_back_is_not_done_again() -> None:
    server = Notes(lambda method, number: method == "DELETE" and number < 4, done=True)
    report = report_of(NOTES, server, Time())
    assert untold(report)[DOES] == "an answer was lost, and nothing tells what was done"
    assert [one["t"] for one in server.notes] == ["old"]
    assert list(report.left) == [], "it is there no more"


def test_what_could_not_be_undone_is_told() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429) if request.method == "DELETE" else server(request)

    server = Notes(lambda method, number: False, done=True)
    report = report_of(NOTES, answer, Time())
    assert untold(report)[DOES].startswith("too much was asked of the server (429)")
    left = [one["id"] for one in server.notes][1:]
    assert left
    assert sorted(report.left) == [f"curl -X DELETE http://server.test/v1/notes/{n}" for n in left]
    assert "not undone      curl -X DELETE http://server.test/v1/notes/2\n" in plain(report)


@pytest.mark.parametrize(
    ("how", "posts"), [("addNote: {t: spam, repeat: 9}", 6), ("'*': {repeat: 9}", 1)], ids=["write", "reads"]
)
def test_a_status_is_provoked_by_reads_where_they_do_and_what_is_written_for_it_is_undone(
    how: str, posts: int, tmp_path: Path
) -> None:
    values = tmp_path / "values.yaml"
    values.write_text(f"statuses: {{'429': {{{how}}}}}")
    server, sent = Notes(lambda method, number: False, done=True), list[str]()
    counted = "POST" if posts > 1 else "GET"

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        refused = sent.count(counted) > 5 and request.method in (counted, "POST")
        return httpx.Response(429) if refused else server(request)

    whole = json.loads(json.dumps(NOTES.document.data))
    for method in ("get", "post"):
        whole["paths"]["/notes"][method].setdefault("responses", dict(ANYTHING))["429"] = {"description": "-"}
    spec = loaded(json.dumps(whole))
    chosen = [one for one in requirements(spec) if one.name == "addNote: statuses: answers 429 as documented"]
    report = conform(session(spec, answer, values=values), chosen)
    assert [one.state for one in report.outcomes] == ["kept"]
    assert [one["t"] for one in server.notes] == ["old"]
    assert sent.count("POST") == posts


@pytest.mark.parametrize(("remaining", "asked"), [("9", 10), ("10", 1), ("0", 5)])
def test_no_budget_is_spent_that_is_larger_than_what_may_be_or_that_is_spent_already(
    remaining: str, asked: int, tmp_path: Path
) -> None:
    values = tmp_path / "values.yaml"
    values.write_text("statuses: {'429': {'*': {repeat: 9}}}")
    spec = spec_of(responses={**ANYTHING, "429": {"description": "-"}})
    sent = list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        return httpx.Response(200, json={}, headers={"X-RateLimit-Remaining": remaining})

    chosen = [one for one in requirements(spec) if one.what == "answers 429 as documented"]
    [outcome] = conform(session(spec, answer, values=values), chosen).outcomes
    assert outcome.state == "unknown"
    assert outcome.reason.startswith("it could not be provoked")
    assert ("10 requests remain" in outcome.reason) is (asked == 1)
    assert len(sent) - 2 == asked  # beside those that find out which request is answered


def test_in_the_end_it_is_tried_again_to_undo_what_is_left() -> None:
    server, refusals = Notes(lambda method, number: False, done=True), iter([True])

    def answer(request: httpx.Request) -> httpx.Response:
        refused = request.method == "DELETE" and next(refusals, False)
        return httpx.Response(429) if refused else server(request)

    chosen = [one for one in requirements(NOTES) if one.name == DOES]
    report = conform(session(NOTES, answer), chosen)
    assert [one["t"] for one in server.notes] == ["old"]
    assert list(report.left) == []


# Answers that cannot be read


def _endless() -> Iterator[bytes]:
    while True:
        yield b" " * (1 << 20)


UNREADABLE: dict[str, tuple[Answers, str]] = {
    "encoded in name only": (
        lambda request: httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=b"{}"),
        "DecodingError",
    ),
    "endless": (lambda request: httpx.Response(200, content=_endless()), "longer than 32 MiB"),
}
TWO = loaded(
    json.dumps(
        document({"/things": {"get": {}, "post": {}}, "/others": {"get": {"operationId": "getOther"}}})
    )
)


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_answer_that_cannot_be_read_breaks_its_promise_and_no_other(case: str) -> None:
    odd, what = UNREADABLE[case]
    report = report_of(TWO, lambda one: fine(one) if one.url.path.endswith("others") else odd(one), Time())
    found = broken(report)
    assert found["getThing: answers: answers requests of known values"].startswith("no readable answer: ")
    assert what in found["getThing: answers: answers requests of known values"]
    assert what in found["postThing: laws: does what it says, and is undone"]
    assert not any("getOther" in name for name in found)
    assert TOKEN not in "".join(to_json(report))


def test_a_body_that_comes_by_drops_is_not_waited_for() -> None:
    time = Time()

    def drops() -> Iterator[bytes]:
        while True:
            time.now += 25
            yield b" "

    spec = TWO
    aim = target(spec, lambda request: httpx.Response(200, content=drops()), time)
    aim.answered = True
    with pytest.raises(NoResponseError, match="the body took longer than 60 s"):
        aim.send(case_of(spec))


def test_an_operation_that_never_answers_is_asked_no_more() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("others"):
            return fine(request)
        raise httpx.ReadTimeout("slow", request=request)

    aim = target(TWO, answer)
    aim.send(case_of(TWO).__class__(operation=next(one for one in TWO.operations if one.name == "getOther")))
    with pytest.raises(NoResponseError):
        aim.send(case_of(TWO))
    sent = aim.sent["getThing"]
    assert sent <= 3, "to wait in vain takes time"
    with pytest.raises(UnsentError, match="asked no more"):
        aim.send(case_of(TWO))
    assert aim.sent["getThing"] == sent


def test_cookies_are_not_sent_back() -> None:
    cookies: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        cookies.append(request.headers.get("Cookie"))
        return httpx.Response(200, headers={"Set-Cookie": "session=1; Path=/"}, json={})

    aim = target(MANY, answer)
    for _ in range(3):
        aim.send(case_of(MANY))
    assert cookies == [None, None, None]


def test_what_http_has_no_place_for_is_not_sent() -> None:
    spec = spec_of(parameters=[parameter("q", {"type": "string", "maxLength": 100_000}, example="a")])
    report = report_of(spec, lambda request: httpx.Response(422 if len(request.url.query) > 9 else 200))
    assert untold(report)["getThing: parameters: holds the limits of q"].startswith("it cannot be sent: ")
    aim = target(spec_of(parameters=[parameter("X-Q", True, "header")]))
    request = aim.request(case_of(aim.spec, **{"X-Q": "ä"}))
    assert dict(request.headers.raw)[b"X-Q"] == "ä".encode()


# Servers that are not there


def test_a_server_that_dies_leaves_what_was_found() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if len(asked) > 4:
            raise httpx.ConnectError("refused", request=request)
        return fine(request)

    report = report_of(MANY, answer, Time())
    assert report.outcomes
    assert report.stopped.endswith("no answer: ConnectError: refused")
    assert not report.told
    assert "Not all was tested: GET " in plain(report)
    assert json.loads("".join(to_json(report)))["stopped"] == report.stopped


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_where_nobody_ever_answered_nothing_is_told(error: type[httpx.TransportError]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("no", request=request)

    document_ = document({f"/{n}": {"get": {"operationId": f"get{n}"}} for n in range(9)})
    with pytest.raises(TargetError, match=f"answer: {error.__name__}"):
        report_of(loaded(json.dumps(document_)), answer, Time())


def test_nobody_is_waited_for_at_first() -> None:
    time = Time()

    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("no", request=request)

    aim = target(MANY, answer, time)
    with pytest.raises(TargetError):
        aim.send(case_of(MANY))
    assert (aim.sent.total(), time.waits) == (1, [])


# Who is not let in


@pytest.mark.parametrize(("status", "why"), [(401, "no valid token: "), (400, "no valid token: ")])
def test_without_a_valid_token_nothing_is_broken(status: int, why: str) -> None:
    refused = {"400": {"description": "No."}}
    secured = {"security": [{"bearer": []}], "responses": {**ANYTHING, **refused}}
    spec = loaded(
        json.dumps(document({"/a": {"get": secured, "post": secured}, "/b": {"get": {"operationId": "b"}}}))
    )

    def answer(request: httpx.Request) -> httpx.Response:
        return fine(request) if request.url.path.endswith("/b") else httpx.Response(status)

    report = report_of(spec, answer, credentials={"bearer": TOKEN})
    assert broken(report) == {}
    assert {why for name, why in untold(report).items() if not name.startswith("b: ")} == {report.closed}
    assert report.closed.startswith(why)
    assert not report.told
    assert {one.requirement.operation for one in report.outcomes if one.state == "kept"} == {"b"}


def test_at_another_url_nothing_is_broken() -> None:
    report = report_of(TWO, lambda request: httpx.Response(404))
    assert broken(report) == {}
    assert report.closed == "the server refuses all requests (404): is that its URL?"


def test_one_operation_that_refuses_all_is_broken() -> None:
    report = report_of(TWO, lambda one: fine(one) if "others" in one.url.path else httpx.Response(404))
    assert "getThing: answers: answers requests of known values" in broken(report)
    assert (report.closed, report.told) == ("", True)


@pytest.mark.parametrize(
    ("header", "told"),
    [({"Retry-After": "3540"}, "; it asks to wait 59 minutes"), ({"Retry-After": "soon"}, ""), ({}, "")],
)
def test_a_long_wait_is_told(header: dict[str, str], told: str) -> None:
    spec = spec_of(responses={**ANYTHING, "429": {"description": "Slower."}})
    report = report_of(spec, lambda request: httpx.Response(429, headers=header))
    why = untold(report)["getThing: answers: answers requests of known values"]
    assert why == f"too much was asked of the server (429){told}"


# Addresses

FORBIDDEN = [
    "http://example.com/v1",
    "http://93.184.216.34/",
    "http://[2606:2800:220:1::1]/",
    "http://127.0.0.1.example.com/",
    "127.0.0.1:8080/v1",
    "ftp://127.0.0.1/",
    "http://",
    "http:///v1",
    "http://127.0.0.1:99999/",
    "http://[::1/",
    f"http://me:{TOKEN}@127.0.0.1/v1",
    f"http://{TOKEN}@127.0.0.1/v1",
    f"http://127.0.0.1/v1?access_token={TOKEN}",
    f"http://127.0.0.1/v1#{TOKEN}",
    "http://127.0.0.1\n/v1",
]
HERE = [
    "http://127.0.0.1:8080/v1",
    "http://127.8.7.6",
    "http://LOCALHOST./v1",
    "http://api.localhost",
    "http://[::1]:1/",
    "http://[::ffff:127.0.0.1]/",
    "https://my-machine/",
]


@pytest.fixture
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked for addresses; my-machine stands in this machine's own list."""
    real = socket.getaddrinfo

    def known(host: str, *more: Any, **named: Any) -> Any:
        if host == "my-machine":
            host = "127.0.0.1"
        elif any(letter.isalpha() for letter in host.replace("ffff", "")) and ":" not in host:
            raise socket.gaierror(8, "unknown")
        return real(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", known)


def _opened(url: str, allowed: str | None = None) -> None:
    with httpx.MockTransport(fine) as http:
        open_session(spec_of(), SessionOptions(url=url, allowed_host=allowed), http)


@pytest.mark.usefixtures("no_names")
@pytest.mark.parametrize("url", FORBIDDEN)
def test_what_is_no_address_of_this_machine_is_refused_without_telling_secrets(
    url: str, capsys: Capture
) -> None:
    with pytest.raises(TargetError) as raised:
        _opened(url)
    assert TOKEN not in str(raised.value)
    assert command(["conform", url]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("wirecheck: ")
    assert TOKEN not in err


@pytest.mark.usefixtures("no_names")
@pytest.mark.parametrize("url", HERE)
def test_this_machine_has_many_names(url: str) -> None:
    _opened(url)


@pytest.mark.usefixtures("no_names")
@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://EXAMPLE.com/v1", "example.com"),
        ("https://example.com/v1", "Example.COM"),
        ("http://[2606:2800:220:1::1]/", "2606:2800:220:1::1"),
        ("http://[2606:2800:220:1::1]/", "[2606:2800:220:1::1]"),
    ],
)
def test_a_host_is_allowed_however_it_is_written(url: str, host: str) -> None:
    _opened(url, host)


@pytest.mark.usefixtures("no_names")
def test_what_is_meant_for_this_machine_goes_to_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:3128")
    with callback(lambda *_: (200, {}, b"{}")) as origin, transport(f"{origin}/v1") as http:
        assert http.handle_request(httpx.Request("GET", origin)).status_code == 200


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_what_is_meant_for_others_goes_to_the_proxy(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def proxy(method: str, path: str, *_: Any) -> tuple[int, dict[str, str], bytes]:
        asked.append(path)
        return 200, {}, b"{}"

    with callback(proxy) as origin:
        monkeypatch.setenv("http_proxy", scheme + origin.removeprefix("http://"))
        monkeypatch.setenv("no_proxy", "spared.test")
        with transport("http://server.test/v1") as http:
            assert http.handle_request(httpx.Request("GET", "http://server.test/v1/x")).status_code == 200
        with transport("http://spared.test/v1") as http, pytest.raises(httpx.ConnectError):
            http.handle_request(httpx.Request("GET", "http://spared.test/v1/x"))
    assert asked == ["http://server.test/v1/x"]


def test_an_answer_is_judged_while_the_next_one_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    awaited, judged, asked = Event(), Event(), list[str]()

    def answer(method: str, path: str, *_: Any) -> tuple[int, dict[str, str], bytes]:
        asked.append(path)
        if len(asked) == 2:
            awaited.set()
            judged.wait(5)
        return 200, {"Content-Type": "application/json"}, b"{}"

    def verdict(self: Judge, subject: Subject) -> Verdict:
        if not judged.is_set():
            assert awaited.wait(5)
            judged.set()
        return Verdict(None, ())

    monkeypatch.setattr(Judge, "verdict", verdict)
    with (
        callback(answer) as origin,
        transport(origin) as http,
        open_session(TWO, SessionOptions(url=origin), http) as session,
    ):
        for operation in TWO.operations:
            session.send(Case(operation=operation))
    assert judged.is_set()
    assert len(asked) == len(TWO.operations)


# The command


def _things(folder: Path, **operation: Any) -> str:
    path = folder / "things.json"
    described = {"security": [{"bearer": []}], **operation}
    responses = {**ANYTHING, "401": {"description": "Who?"}}
    path.write_text(json.dumps(document({"/things": {"get": {"responses": responses, **described}}})))
    return str(path)


def told(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    code = command(["conform", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def _secured(*_: Any) -> Callable[..., tuple[int, dict[str, str], bytes]]:
    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {}, b""
        return 200, {"Content-Type": "application/json"}, b"{}"

    return answer


MISTYPED: dict[str, tuple[list[str], str]] = {
    "an unknown scope": (["--token-without", f"nothing={TOKEN}"], "there is no scope 'nothing'"),
    "no scope": (["--token-without", TOKEN], "SCOPE=TOKEN"),
    "a report in no folder": (["--report", "/no/such/folder/report.json"], "there is no such folder"),
    "a report that is a folder": (["--report", "/"], "it is a folder"),
    "no document": (["--spec", "/no/such/file"], "/no/such/file: cannot be read"),
}


@pytest.mark.parametrize("case", MISTYPED)
def test_what_is_mistyped_is_told_before_anything_is_asked(
    case: str, tmp_path: Path, capsys: Capture
) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("it was asked")

    arguments, what = MISTYPED[case]
    with callback(never) as origin:
        given = ["--spec", _things(tmp_path), *arguments]
        code, out, err = told(capsys, f"{origin}/v1", "--token", TOKEN, *given)
    assert (code, out) == (2, "")
    assert what in err
    assert TOKEN not in err
    assert "Traceback" not in err


def test_a_document_without_operations_tests_nothing(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "empty.json"
    path.write_text(json.dumps(document({})))
    code, _, err = told(capsys, "http://127.0.0.1:9/v1", "--spec", str(path))
    assert (code, err) == (2, "wirecheck: could not tell: the document has nothing to test\n")


def test_documents_need_neither_servers_nor_security(tmp_path: Path, capsys: Capture) -> None:
    whole = document({"/things": {"get": {}}})
    del whole["servers"], whole["components"]
    path = tmp_path / "plain.json"
    path.write_text(json.dumps(whole))
    with callback(lambda *_: (200, {"Content-Type": "application/json"}, b"{}")) as origin:
        code, out, err = told(capsys, origin, "--spec", str(path))
    assert (code, err) == (0, ""), out


def test_an_interruption_ends_with_the_promise_and_reports(tmp_path: Path, capsys: Capture) -> None:
    before = signal.getsignal(signal.SIGINT)
    asked = 0

    def answer(*_: Any) -> tuple[int, dict[str, str], bytes]:
        nonlocal asked
        asked += 1
        if asked == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return 200, {"Content-Type": "application/json"}, b"{}"

    output = tmp_path / "report.json"
    with callback(answer) as origin:
        spec = _things(tmp_path, parameters=[parameter("n", {"type": "integer"}, example=1)])
        code, out, err = told(capsys, f"{origin}/v1", "--spec", spec, "--report", str(output))
    assert code == 130
    assert err.endswith("wirecheck: interrupted\n")
    assert "Not all was tested: interrupted." in out
    assert json.loads(output.read_text())["stopped"] == INTERRUPTED
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_interruption_keeps_what_was_found_too() -> None:
    def interrupted(_: Any) -> None:
        raise KeyboardInterrupt

    place = session(TWO)
    chosen = list(requirements(TWO))[:3]
    report = conform(place, [*chosen, Requirement("getThing", "laws", "is patient", interrupted)])
    assert (len(report.outcomes), report.stopped) == (3, INTERRUPTED)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_report_fits_the_terminal(columns: int) -> None:
    names = ["get", "aNameThatIsMuchLongerThanAnyThatOneWouldLikeToReadInATableButPeopleHaveSuchNames"]
    paths = {
        f"/{number}": {"get": {"operationId": name, "security": [{"bearer": ["some"]}]}}
        for number, name in enumerate(names)
    }
    report = report_of(loaded(json.dumps(document(paths))), fine, credentials={"bearer": TOKEN})
    lines = plain(report, columns).splitlines()
    table = lines[: lines.index("")]
    assert max(map(len, table)) <= columns
    told = [line for line in lines if line.startswith(("could not tell", " " * 16))]
    assert told
    assert all(len(line) <= columns or len(line.split()) == 1 for line in told)


# Secrets

SECRET = "Planted/Secret+0123456789abcdef=="
LACKING = "lacking-0123456789abcdef"
PROVOKING = "provoking-0123456789abcdef"
ECHOES: dict[str, Callable[[str], str]] = {
    "plainly": str,
    "percent-encoded": lambda secret: quote(secret, safe=""),
    "in JSON": json.dumps,
    "in base64": lambda secret: base64.b64encode(f"user:{secret}".encode()).decode(),
    "in base64 for URLs": lambda secret: base64.urlsafe_b64encode(f"it is {secret}!".encode()).decode(),
}


@pytest.mark.parametrize("scheme", ["inForm", "inQuery", "inHeader", "inCookie", "bearer", "basic"])
@pytest.mark.parametrize("case", ECHOES)
def test_no_secret_is_told_however_the_server_repeats_it(case: str, scheme: str, tmp_path: Path) -> None:
    values = tmp_path / "values.yaml"
    values.write_text(
        f"credentials: {{other: '{SECRET[::-1]}'}}\nstatuses: {{'403': {{'*': {{token: {PROVOKING}}}}}}}"
    )
    secured = {"security": [{scheme: []}], "requestBody": form("a", example={"a": "x"})}
    kept = {name: one for name, one in secured.items() if name != "requestBody"}
    paths = {
        "/a": {"get": kept, "post": secured},
        "/b": {"get": {**kept, "operationId": "b", "responses": {"200": {"description": "Fine."}}}},
    }
    secrets = [SECRET, SECRET[::-1], LACKING, PROVOKING]
    said = " ".join(ECHOES[case](secret) for secret in secrets)

    def answer(request: httpx.Request) -> httpx.Response:
        headers = {"X-Echo": said, "Content-Type": f"text/{said.partition(' ')[0]}"}
        if request.url.path.endswith("/b"):
            return httpx.Response(200, headers={"Location": f"/x?{said}"}, json={"id": said})
        return httpx.Response(418, headers=headers, text=said)

    spec = loaded(json.dumps(document(paths)))
    credentials = {scheme: SECRET, "other": SECRET[::-1]}
    report = report_of(
        spec,
        answer,
        credentials=credentials,
        values=values,
        lacking={"s": LACKING},
        secrets=[LACKING, PROVOKING],
    )
    assert report.broken
    shown = "".join((*to_text(report), *to_json(report))) + repr(report)
    for secret in secrets:
        for spelled in ECHOES.values():
            assert spelled(secret).strip('"') not in shown


# In process, and as tests of pytest


def test_an_application_that_hangs_is_not_waited_for() -> None:
    async def hang(request: Request) -> JSONResponse:
        import asyncio

        await asyncio.sleep(60)
        return JSONResponse({})

    app = Starlette(routes=[Route("/", hang)])
    with httpx.Client(transport=InProcess(app), timeout=0.05) as http, pytest.raises(httpx.ReadTimeout):
        http.get("http://server.test/")


@pytest.mark.parametrize("amid", [False, True])
def test_an_application_that_fails_is_not_taken_for_one_that_answers(amid: bool) -> None:
    async def fail(scope: Any, receive: Any, send: Any) -> None:
        if amid:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"[", "more_body": True})
        raise RuntimeError("oops")

    with httpx.Client(transport=InProcess(fail)) as http:
        if not amid:
            assert http.get("http://server.test/").status_code == 500
            return
        with pytest.raises(httpx.RemoteProtocolError, match="amid its answer"):
            http.get("http://server.test/")


def test_an_application_learns_that_nobody_listens_any_longer() -> None:
    heard = []

    async def listen(scope: Any, receive: Any, send: Any) -> None:
        heard.append(await receive())
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"twelve bytes"})
        heard.append(await receive())

    with httpx.Client(transport=InProcess(listen)) as http:
        answer = http.request("HEAD", "http://server.test/", content=b"asked")
    assert [one["type"] for one in heard] == ["http.request", "http.disconnect"]
    assert heard[0]["body"] == b"asked"
    assert (answer.status_code, answer.content) == (200, b"")


async def _nothing(request: Request) -> JSONResponse:
    return JSONResponse({}, 401 if "Authorization" not in request.headers else 200)


an_app = Starlette(routes=[Route("/v1/things", _nothing)])

USAGE: dict[str, tuple[list[str], int, str]] = {
    "nothing to test": ([], 4, "ERROR: wirecheck.conformance: --url URL or --app MODULE:NAME"),
    "both": (["--url", "http://127.0.0.1:9/v1", "--app", "a:b"], 4, "--url URL or --app MODULE:NAME"),
    "no document": (["--app", "a:b", "--spec", "/no/file"], 4, "ERROR: /no/file: cannot be read"),
    "no application": (["--app", "test_conform_trouble:nope"], 4, "cannot be imported"),
    "half a token": (["--app", "a:b", "--token-without", SECRET.strip("=")], 4, "wants SCOPE=TOKEN"),
    "nobody there": (["--url", "http://127.0.0.1:9/v1"], 2, "could not tell: no answer: ConnectError"),
    "no valid token": (
        ["--app", "instagram_server.app:create_app", "--token", SECRET],
        2,
        "could not tell: no valid token: the server refuses all requests (400)",
    ),
}


@pytest.mark.parametrize("case", USAGE)
def test_the_suite_tells_bad_usage_once(case: str, tmp_path: Path) -> None:
    arguments, code, what = USAGE[case]
    done = suite(*arguments, folder=tmp_path)
    shown = done.stdout + done.stderr
    assert done.returncode == code, shown
    assert shown.count(what) == 1
    for unwanted in ("Traceback", "FAILED", "INTERNALERROR", SECRET.strip("=")):
        assert unwanted not in shown


def test_an_application_need_not_be_made(tmp_path: Path) -> None:
    more = ["--spec", _things(tmp_path), "--token", TOKEN, "--operation", "getThing"]
    done = suite("--app", "test_conform_trouble:an_app", *more, "-l", folder=tmp_path)
    assert "refuses unknown credentials" in done.stdout
    assert done.returncode == 1
    assert "def test_promise" not in done.stdout, "what is broken is told, not how it was found"
    assert TOKEN not in done.stdout + done.stderr
