"""Fuzzing: what it finds on servers with a fault, and that what it saves fails again elsewhere."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import uvicorn

from instagram_server import seed_data as world
from instagram_server.app import create_app
from instagram_server.config import Settings
from support.paths import SPECS
from wirecheck import fuzz
from wirecheck.cli import run
from wirecheck.conform import State
from wirecheck.conform.asgi import InProcess
from wirecheck.fuzz.shrink import shrunk
from wirecheck.fuzz.wire import Step
from wirecheck.model import TargetError
from wirecheck.spec import Spec, load

pytest.importorskip("schemathesis")

TOKEN = world.tokens()["all"]
URL = "http://server.test/v1"
Message = MutableMapping[str, Any]
App = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]


def right() -> App:
    return create_app(Settings(rate_limit=None, write_limit=None))


class Faulty:
    """A server with a fault: ``answer`` sees method, path, body and what the right server answers."""

    def __init__(self) -> None:
        self._app = right()

    async def forward(self, scope: Message, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        said: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            said.append(message)

        await self._app(scope, receive, send)
        content = b"".join(one.get("body", b"") for one in said[1:])
        headers = [(name, value) for name, value in said[0]["headers"] if name != b"content-length"]
        return said[0]["status"], headers, content

    async def answer(self, scope: Message, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        return await self.forward(scope, body)

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        status, headers, content = await self.answer(scope, body)
        length = (b"content-length", str(len(content)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": content})


class FailsOnLongWords(Faulty):
    """Searching for a word of more than twelve letters is a server's fault."""

    async def answer(self, scope: Message, body: bytes) -> Any:
        words = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True).get("q", [""])
        if scope["path"] == "/v1/users/search" and len(words[0]) > 12:
            return 500, [(b"content-type", b"text/plain")], b"oops"
        return await self.forward(scope, body)


class LosesCommentsOnLiked(Faulty):
    """A comment on what the owner of the token liked a moment ago is taken, and not stored."""

    def __init__(self) -> None:
        super().__init__()
        self._liked: set[str] = set()

    async def answer(self, scope: Message, body: bytes) -> Any:
        found = re.fullmatch(r"/v1/media/([^/]+)/(likes|comments)", scope["path"])
        place, method = found.groups() if found else ("", ""), scope["method"]
        loses = place[1] == "comments" and method == "POST" and place[0] in self._liked
        if loses:
            path = f"/v1/media/{place[0]}/likes"  # which changes nothing any more
            scope = {**scope, "path": path, "raw_path": path.encode()}
        status, headers, content = await self.forward(scope, body)
        if place[1] == "likes" and status == 200:
            self._liked |= {place[0]} if method == "POST" else set()
            self._liked -= {place[0]} if method == "DELETE" else set()
        return status, headers, content


class Forgets(Faulty):
    """A third of the answers lack who took the picture; nobody knows which."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    async def answer(self, scope: Message, body: bytes) -> Any:
        status, headers, content = await self.forward(scope, body)
        self._count += 1
        if scope["path"] == "/v1/users/self" and self._count == 3:
            return 200, headers, b'{"meta": {"code": 200}, "data": {}}'
        return status, headers, content


def fuzzed(spec: Spec, app: App, **more: Any) -> fuzz.Fuzzed:
    chosen: dict[str, Any] = {"url": URL, "token": TOKEN, "seed": 1, "time": 10.0}
    options = fuzz.FuzzOptions(**chosen | more)
    with InProcess(app) as http:
        return fuzz.fuzz(spec, options, http)


@contextmanager
def served(app: Callable[[], App]) -> Iterator[str]:
    """The address of a server on the loopback interface."""
    server = uvicorn.Server(
        uvicorn.Config(app, factory=True, port=0, log_level="error", ws="none", lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join()


def outcome_elsewhere(test: Path, url: str) -> int:
    """The exit code of pytest in another process."""
    environment = {**os.environ, "WIRECHECK_URL": url, "WIRECHECK_TOKEN": TOKEN}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, str(test)]
    return subprocess.run(
        command, env=environment, check=False, capture_output=True, cwd=test.parent
    ).returncode


@pytest.mark.slow
def test_the_right_server_breaks_nothing(spec: Spec) -> None:
    found = fuzzed(spec, right(), seed=7, time=6.0)
    assert (found.state, found.failures, found.unsure) == (State.SATISFIED, (), ())
    assert found.sequences > 0
    assert found.answered[2] > 20
    assert found.answered[4] > 0


@pytest.mark.slow
def test_a_crash_is_found_made_small_and_saved(spec: Spec, tmp_path: Path) -> None:
    found = fuzzed(spec, FailsOnLongWords(), save=tmp_path, operations=frozenset({"searchUsers"}))
    assert found.state is State.VIOLATED
    one = next(one for one in found.failures if one.failure.check == "no-server-fault")
    (step,) = one.failure.steps
    assert len(parse_qs(step.target.partition("?")[2])["q"][0]) == 13
    assert step.body == b""
    assert one.curl.startswith(f"curl -X GET '{URL}/users/search?")
    assert one.saved == tmp_path / f"{one.failure.id}.json"
    assert {one.failure.operation for one in found.failures} == {"searchUsers"}
    written = "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    shown = "".join(fuzz.to_text(found))
    assert one.curl in shown
    for text in (written, repr(found), shown):
        assert TOKEN not in text


@pytest.mark.slow
def test_what_only_a_sequence_shows_is_found_and_fails_again_elsewhere(spec: Spec, tmp_path: Path) -> None:
    chosen = frozenset({"likeMedia", "createComment"})
    found = fuzzed(spec, LosesCommentsOnLiked(), save=tmp_path, time=6.0, operations=chosen)
    assert found.state is State.VIOLATED
    one = next(one for one in found.failures if one.failure.operation == "createComment")
    assert [step.method for step in one.failure.steps] in (["POST"] * 2, ["POST"] * 3)
    assert one.failure.steps[-1].target.partition("?")[0].endswith("/comments")
    assert "client.comments.create(" in one.python
    assert one.saved is not None
    test = one.saved.with_name(f"test_{one.failure.id}.py")
    with served(LosesCommentsOnLiked) as url:
        assert outcome_elsewhere(test, url) == 1
    with served(right) as url:
        assert outcome_elsewhere(test, url) == 0


class Nameless(Faulty):
    """Nobody has a name."""

    async def answer(self, scope: Message, body: bytes) -> Any:
        status, headers, content = await self.forward(scope, body)
        return status, headers, content.replace(b'"username"', b'"nickname"')


@pytest.mark.slow
def test_what_conform_saves_fails_again_elsewhere_too(tmp_path: Path) -> None:
    folder = tmp_path / "failures"
    with served(Nameless) as url:
        assert run(["conform", url, "--token", TOKEN, "--operation", "getUser", "--save", str(folder)]) == 1
    tests = sorted(folder.glob("test_*.py"))
    assert len(tests) == len(list(folder.glob("*.json"))) > 1
    with served(Nameless) as url:
        assert outcome_elsewhere(tests[0], url) == 1
    with served(right) as url:
        assert outcome_elsewhere(tests[0], url) == 0


@pytest.mark.slow
def test_a_second_is_enough_to_tell_whether_anybody_is_let_in(spec: Spec) -> None:
    found = fuzzed(spec, right(), time=0.1)
    assert found.state is State.SATISFIED


@pytest.mark.slow
def test_what_does_not_stay_is_told_apart(spec: Spec) -> None:
    found = fuzzed(spec, Forgets(), time=4.0)
    assert found.failures == ()
    assert all(one.came == 0 for one in found.unsure)


@pytest.mark.slow
def test_read_only_never_writes(spec: Spec) -> None:
    methods = set()

    class Watched(Faulty):
        async def answer(self, scope: Message, body: bytes) -> Any:
            methods.add(scope["method"])
            return await self.forward(scope, body)

    found = fuzzed(spec, Watched(), read_only=True, time=15.0)
    assert methods <= {"GET", "HEAD"}
    assert found.answered[2] > 10


@pytest.mark.slow
def test_a_server_that_takes_nothing_tells_nothing(spec: Spec) -> None:
    found = fuzzed(spec, right(), token="nobody.knows.this.token", time=4.0, read_only=True)
    assert (found.state, found.failures) == (State.INCONCLUSIVE, ())


@pytest.mark.slow
def test_a_server_that_does_not_answer_is_no_pass(spec: Spec) -> None:
    with httpx.HTTPTransport() as http, pytest.raises(TargetError, match="no answer"):
        fuzz.fuzz(spec, fuzz.FuzzOptions(url="http://127.0.0.1:9/v1", token=TOKEN, time=10.0), http)


@pytest.mark.slow
def test_requests_of_schemathesis_carry_the_token(spec: Spec) -> None:
    found = fuzzed(spec, right(), operations=frozenset({"getUser"}), time=3.0, read_only=True)
    assert found.let_in > 10
    assert found.state is State.SATISFIED


class Transport(httpx.BaseTransport):
    """The right server behind a wire that ``fails`` for some requests."""

    def __init__(self, fails: Callable[[httpx.Request], httpx.Response | None]) -> None:
        self._server, self._fails = InProcess(right()), fails

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._fails(request) or self._server.handle_request(request)

    def close(self) -> None:
        self._server.close()


def fuzzed_by(spec: Spec, transport: Transport, **more: Any) -> fuzz.Fuzzed:
    options = fuzz.FuzzOptions(url=URL, token=TOKEN, seed=1, time=4.0, **more)
    with transport as http:
        return fuzz.fuzz(spec, options, http)


@pytest.mark.slow
def test_a_request_that_is_never_answered_is_a_failure(spec: Spec, tmp_path: Path) -> None:
    def fails(request: httpx.Request) -> httpx.Response | None:
        if request.url.path == "/v1/users/search" and b"snow" in request.url.query:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return None

    values = tmp_path / "values.yaml"
    values.write_text("parameters: {q: [snow]}", "utf-8")
    found = fuzzed_by(spec, Transport(fails), values=values, operations=frozenset({"searchUsers"}))
    assert found.state is State.VIOLATED
    (one,) = found.failures
    assert one.failure.message.startswith("no readable answer: RemoteProtocolError")
    assert (one.failure.operation, one.failure.status) == ("searchUsers", None)
    assert len(one.failure.steps) == 1


@pytest.mark.slow
def test_a_body_that_cannot_be_decoded_is_a_failure(spec: Spec) -> None:
    def fails(request: httpx.Request) -> httpx.Response | None:
        if request.url.path == "/v1/tags/snow":
            headers = {"content-type": "application/json", "content-encoding": "gzip"}
            return httpx.Response(200, headers=headers, stream=httpx.ByteStream(b"no gzip"))
        return None

    found = fuzzed_by(spec, Transport(fails), operations=frozenset({"getTag"}))
    assert [one.failure.operation for one in found.failures] == ["getTag"]
    assert found.failures[0].failure.message.startswith("no readable answer: DecodingError")


@pytest.mark.slow
def test_a_server_that_is_gone_in_the_middle_is_no_pass(spec: Spec) -> None:
    sent = 0

    def fails(request: httpx.Request) -> httpx.Response | None:
        nonlocal sent
        sent += 1
        if sent > 40:
            raise httpx.ConnectError("Connection refused")
        return None

    found = fuzzed_by(spec, Transport(fails))
    assert (found.state, found.failures) == (State.INCONCLUSIVE, ())
    assert "no answer: ConnectError" in found.gone
    assert "could not go on: " in "".join(fuzz.to_text(found))


@pytest.mark.slow
@pytest.mark.parametrize("when", [20, 200])
def test_who_interrupts_is_told_what_was_found_and_leaves_nothing_behind(spec: Spec, when: int) -> None:
    app = FailsOnLongWords()
    asked = 0

    def progress() -> None:
        nonlocal asked
        asked += 1
        if asked == when:
            raise KeyboardInterrupt

    def state() -> bytes:
        with httpx.Client(transport=InProcess(app)) as http:
            places = ("media/1127838097061452801_1001", "media/1126388545599054851_1002", "users/self")
            asked = (http.get(f"{URL}/{place}", params={"access_token": TOKEN}) for place in places)
            return b"".join(answer.content for answer in asked)

    before = state()
    options = fuzz.FuzzOptions(url=URL, token=TOKEN, seed=1, time=20.0)
    with InProcess(app) as http:
        found = fuzz.fuzz(spec, options, http, progress)
    assert found.interrupted
    assert state() == before


@pytest.mark.slow
def test_the_second_api_is_fuzzed_without_a_line_for_it() -> None:
    library = load(SPECS / "library.yaml")

    async def refuses(scope: Message, receive: Any, send: Any) -> None:
        body = json.dumps({"fault": {"kind": "key", "text": "Who are you?"}}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 599, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    with InProcess(refuses) as http:
        options = fuzz.FuzzOptions(url="http://server.test/api/v7", token="a-key", time=4.0, read_only=True)
        found = fuzz.fuzz(library, options, http)
    assert {one.failure.check for one in found.failures} >= {"status-documented"}


def test_shrinking_keeps_what_undoes_a_step_beside_it() -> None:
    steps = (Step("GET", "/a"), Step("POST", "/b"), Step("GET", "/c"), Step(undoes=1), Step("GET", "/d"))

    def fails(some: tuple[Step, ...]) -> bool:
        return any(one.undoes is not None and some[one.undoes].method == "POST" for one in some)

    assert shrunk(steps, fails) == (Step("POST", "/b"), Step(undoes=0))


def test_shrinking_shortens_texts_and_leaves_placeholders() -> None:
    step = Step("GET", "/a?q=xxxxxxxxxxx&count=5&access_token=wirecheck~access_token~", (("x-odd", "1"),))

    def fails(some: tuple[Step, ...]) -> bool:
        return "xxx" in some[0].target and "access_token~" in some[0].target

    assert shrunk((step,), fails) == (Step("GET", "/a?q=xxx&access_token=wirecheck~access_token~"),)
