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

from instagram_server import world
from instagram_server.app import create_app
from instagram_server.config import Settings
from wirecheck import fuzz
from wirecheck.conform import State
from wirecheck.conform.asgi import InProcess
from wirecheck.fuzz.shrink import shrunk
from wirecheck.fuzz.wire import Step
from wirecheck.model import RecordingError, TargetError
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

    async def ask(self, scope: Message, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
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
        return await self.ask(scope, body)

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
        return await self.ask(scope, body)


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
        status, headers, content = await self.ask(scope, body)
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
        status, headers, content = await self.ask(scope, body)
        self._count += 1
        if scope["path"] == "/v1/users/self" and self._count == 3:
            return 200, headers, b'{"meta": {"code": 200}, "data": {}}'
        return status, headers, content


def fuzzed(spec: Spec, app: App, **more: Any) -> fuzz.Fuzzed:
    chosen: dict[str, Any] = {"url": URL, "token": TOKEN, "seed": 1, "time": 10.0}
    options = fuzz.Options(**chosen | more)
    with httpx.Client(transport=InProcess(app)) as http:
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
    assert (found.state, found.failures, found.flaky) == (State.KEPT, (), ())
    assert found.sequences > 0
    assert found.answered[2] > 20
    assert found.answered[4] > 0


@pytest.mark.slow
def test_a_crash_is_found_made_small_and_saved(spec: Spec, tmp_path: Path) -> None:
    found = fuzzed(spec, FailsOnLongWords(), save=tmp_path, operations=frozenset({"searchUsers"}))
    assert found.state is State.BROKEN
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
    assert found.state is State.BROKEN
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


@pytest.mark.slow
def test_what_does_not_stay_is_told_apart(spec: Spec) -> None:
    found = fuzzed(spec, Forgets(), time=4.0)
    assert found.failures == ()
    assert all(one.came == 0 for one in found.flaky)


@pytest.mark.slow
def test_read_only_never_writes(spec: Spec) -> None:
    methods = set()

    class Watched(Faulty):
        async def answer(self, scope: Message, body: bytes) -> Any:
            methods.add(scope["method"])
            return await self.ask(scope, body)

    found = fuzzed(spec, Watched(), read_only=True, time=15.0)
    assert methods <= {"GET", "HEAD"}
    assert found.answered[2] > 10


@pytest.mark.slow
def test_a_server_that_takes_nothing_tells_nothing(spec: Spec) -> None:
    found = fuzzed(spec, right(), token="nobody.knows.this.token", time=4.0, read_only=True)
    assert (found.state, found.failures) == (State.UNKNOWN, ())


@pytest.mark.slow
def test_a_server_that_does_not_answer_is_no_pass(spec: Spec) -> None:
    with httpx.Client() as http, pytest.raises(TargetError, match="no answer"):
        fuzz.fuzz(spec, fuzz.Options(url="http://127.0.0.1:9/v1", token=TOKEN, time=10.0), http)


@pytest.mark.slow
def test_the_second_api_is_fuzzed_without_a_line_for_it() -> None:
    library = load(Path(__file__).parent / "specs" / "library.yaml")

    async def refuses(scope: Message, receive: Any, send: Any) -> None:
        body = json.dumps({"fault": {"kind": "key", "text": "Who are you?"}}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 599, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    with httpx.Client(transport=InProcess(refuses)) as http:
        options = fuzz.Options(url="http://server.test/api/v7", token="a-key", time=4.0, read_only=True)
        found = fuzz.fuzz(library, options, http)
    assert {one.failure.check for one in found.failures} >= {"status-documented"}


def saved(tmp_path: Path, **more: Any) -> Path:
    broken = {
        "id": "0123456789abcdef",
        "check": "no-server-fault",
        "operation": "getUser",
        "message": "no-server-fault: the server failed with status 500",
        "promise": "#/paths",
        "status": 500,
    }
    content = {"wirecheck": 1, "api": "Instagram REST API", "seed": 0, "broken": broken, "steps": []} | more
    path = tmp_path / "saved.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


@pytest.mark.parametrize(
    ("more", "error"),
    [({"wirecheck": 2}, RecordingError), ({"api": "Another"}, TargetError), ({"x": 1}, RecordingError)],
)
def test_what_cannot_be_replayed_is_no_pass(
    tmp_path: Path, more: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        fuzz.replay(saved(tmp_path, **more), url=URL, token=TOKEN)


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
