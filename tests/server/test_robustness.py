"""The server under load, killed, misused and fed with noise: no data is lost, no response is a 5xx."""

import asyncio
import http.client
import json
import os
import queue
import random
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.types import Message

from instagram_server import Settings, create_app, seed_data
from instagram_server.cli import run
from support.requests import CASES, MEDIA, OTHERS_MEDIA

COMMAND = [sys.executable, "-c", "from instagram_server.cli import main; main()"]
TOKENS = seed_data.tokens()
ALL = TOKENS["all"]
OPTIONS = (
    *("--help", "--version", "--host", "--port", "--allowed-host", "--database", "--era", "--rate-limit"),
    *("--redirect-uri", "--callbacks-anywhere", "--log", "--no-log"),
)
SECONDS = 30.0
"""After this long without a response, something hangs."""


class Server:
    """The command as a process of its own, on a free port; as a context it ends with a kill."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._stderr = (folder / "stderr").open("w+b")
        self.process = subprocess.Popen(
            [*COMMAND, "--port", "0", "--rate-limit", "off", *options],
            stdout=subprocess.PIPE,
            stderr=self._stderr,
        )
        self.output = self._greeting()
        address = re.search(r"http://([^/\s]+):(\d+)/", self.output)
        assert address, self.output
        self.host, self.port = address[1], int(address[2])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait(SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._stderr.close()

    def _greeting(self) -> str:
        """The output of the command until it is ready: the last line has the last token."""
        assert self.process.stdout is not None
        text, deadline = b"", time.monotonic() + SECONDS
        while TOKENS["revoked"].encode() not in text:
            ready, _, _ = select.select([self.process.stdout], [], [], deadline - time.monotonic())
            chunk = os.read(self.process.stdout.fileno(), 1 << 16) if ready else b""
            assert chunk, f"no greeting: {text!r} {self.errors()}"
            text += chunk
        return text.decode()

    def errors(self) -> str:
        self._stderr.seek(0)
        return self._stderr.read().decode()

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(SECONDS)

    def client(self) -> "Client":
        return Client(http.client.HTTPConnection(self.host, self.port, timeout=SECONDS))

    def get(self, path: str, token: str = ALL, **query: str) -> Any:
        with self.client() as client:
            status, body = client.send("GET", path, token, query)
        assert status == 200, body
        return body

    def whole(self, path: str) -> list[dict[str, Any]]:
        """The data of all pages of a list."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            body = self.get(path, **cursor)
            items += body["data"]
            if not body["pagination"]:
                return items
            cursor = {"cursor": body["pagination"]["next_cursor"]}

    def raw(self, *chunks: bytes) -> bytes:
        """The response to bytes on a new connection, empty if the server just closes it."""
        with socket.create_connection((self.host, self.port), SECONDS) as connection:
            response = b""
            with suppress(OSError):  # it may have closed already
                for chunk in chunks:
                    connection.sendall(chunk)
                connection.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while chunk := connection.recv(1 << 16):
                    response += chunk
            return response


class Client:
    """A persistent connection."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def send(
        self, method: str, path: str, token: str, fields: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        encoded = urlencode({"access_token": token, **(fields or {})})
        target = f"/v1{path}" if method == "POST" else f"/v1{path}?{encoded}"
        self._connection.request(method, target, encoded if method == "POST" else None)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())


def with_tokens(path: Path, users: Sequence[int]) -> dict[int, str]:
    """A token for each of some users, in a new database."""
    app = create_app(Settings(database=path))
    tokens = {user: f"{user}.test" for user in users}
    rows = [
        (token, seed_data.DEMO_CLIENT.id, user, " ".join(seed_data.SCOPES), 0)
        for user, token in tokens.items()
    ]
    app.state.platform.store.insert("token", rows)
    app.state.platform.store.close()
    return tokens


def is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def test_responses_on_a_persistent_connection_do_not_wait_for_acknowledgements(tmp_path: Path) -> None:
    with Server(tmp_path) as server, server.client() as client:
        begun = time.monotonic()
        for _ in range(50):
            assert client.send("GET", "/users/self", ALL)[0] == 200
        assert time.monotonic() - begun < 50 * 0.03  # a delayed one takes 40 ms


def test_counts_equal_lists_after_32_clients_wrote_at_once(tmp_path: Path) -> None:
    database = tmp_path / "state.db"
    tokens = with_tokens(database, range(1030, 1062))
    together = threading.Barrier(len(tokens))

    def work(user: int) -> None:
        with server.client() as client:
            steps: list[tuple[str, str, dict[str, str]]] = [
                ("POST", f"/media/{MEDIA}/likes", {}),
                ("POST", f"/media/{OTHERS_MEDIA}/likes", {}),
            ]
            steps += [("DELETE", f"/media/{OTHERS_MEDIA}/likes", {})] if user % 2 else []
            for number in range(3):
                steps.append(("POST", f"/media/{MEDIA}/comments", {"text": f"{number} from {user}"}))
            for action in ("unfollow", "follow", "follow"):
                steps.append(("POST", "/users/1001/relationship", {"action": action}))
            random.Random(user).shuffle(steps)
            steps.append(("POST", "/users/1001/relationship", {"action": "follow"}))
            together.wait(SECONDS)
            for method, path, form in steps:
                status, body = client.send(method, path, tokens[user], form)
                assert status == 200, body

    with Server(tmp_path, "--database", str(database)) as server:
        before = server.get("/users/1001")["data"]["counts"]["followed_by"]
        followers_before = {user["id"] for user in server.whole("/users/1001/followed-by")}
        with ThreadPoolExecutor(len(tokens)) as pool:
            list(pool.map(work, tokens))
        for path in (MEDIA, OTHERS_MEDIA):
            media = server.get(f"/media/{path}")["data"]
            likes = [user["id"] for user in server.get(f"/media/{path}/likes")["data"]]
            assert media["likes"]["count"] == len(likes) == len(set(likes))
            comments = server.get(f"/media/{path}/comments")["data"]
            assert media["comments"]["count"] == len(comments)
            if path == MEDIA:
                assert {str(user) for user in tokens} < set(likes)
                assert len({comment["id"] for comment in comments}) == 1 + 3 * len(tokens)
        followers = [user["id"] for user in server.whole("/users/1001/followed-by")]
        assert len(followers) == len(set(followers))
        assert set(followers) == followers_before | {str(user) for user in tokens}
        counts = server.get("/users/1001")["data"]["counts"]
        assert before == len(followers_before)
        assert counts["followed_by"] == len(followers)
        assert counts["follows"] == len(server.whole("/users/1001/follows"))
        for user in tokens:
            follows = server.whole(f"/users/{user}/follows") if user % 4 != 3 else None
            if follows is not None:
                counts = server.get(f"/users/{user}")["data"]["counts"]
                assert counts["follows"] == len(follows)
        assert server.stop(signal.SIGTERM) == 0
        assert server.errors() == ""
    assert is_sound(database)


@pytest.mark.no_cover
def test_acknowledged_writes_survive_a_kill(tmp_path: Path) -> None:
    database = tmp_path / "state.db"
    tokens = with_tokens(database, range(1030, 1034))
    chance = random.Random(1)
    acknowledged: queue.Queue[tuple[int, str]] = queue.Queue()
    liked: set[tuple[int, str]] = set()
    comments: set[tuple[int, str]] = set()

    def work(server: Server, user: int, part: int, media: Sequence[str]) -> None:
        with server.client() as client, suppress(OSError, http.client.HTTPException):
            for number in range(100_000):
                text = f"{part}.{number} of {user}"
                status, body = client.send("POST", f"/media/{MEDIA}/comments", tokens[user], {"text": text})
                assert status == 200, body
                acknowledged.put((user, text))
                if media:
                    likes = f"/media/{media[number % len(media)]}/likes"
                    status, body = client.send("POST", likes, tokens[user])
                    assert status == 200, body
                    liked.add((user, media[number % len(media)]))

    for part in range(4):
        with Server(tmp_path, "--database", str(database)) as server:
            listed = {(int(comment["from"]["id"]), comment["text"]) for comment in _comments(server)}
            assert listed <= comments | {(1002, "Lovely light")} or part == 0
            media = [item["id"] for item in server.get("/users/1002/media/recent")["data"]]
            media = media[part * 5 : part * 5 + 5]
            with ThreadPoolExecutor(len(tokens)) as pool:
                workers = [pool.submit(work, server, user, part, media) for user in tokens]
                for _ in range(chance.randrange(20, 200)):
                    comments.add(acknowledged.get(timeout=SECONDS))
                assert server.stop(signal.SIGKILL) == -signal.SIGKILL
                for worker in workers:
                    worker.result(SECONDS)
            while not acknowledged.empty():
                comments.add(acknowledged.get())
        assert is_sound(database)
        with closing(sqlite3.connect(database)) as connection:
            stored = set(connection.execute("SELECT author, text FROM comment"))
            assert comments <= stored
            likings = connection.execute("SELECT user, media || '_1002' FROM liking")
            assert liked <= set(likings)
        comments |= {
            comment for comment in stored if comment[0] in tokens
        }  # written, but killed before the response
    assert len(liked) > 10


def _comments(server: Server) -> list[dict[str, Any]]:
    comments: list[dict[str, Any]] = server.get(f"/media/{MEDIA}/comments")["data"]
    return comments


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    database = tmp_path / "state.db"
    with Server(tmp_path, "--database", str(database)) as server, server.client() as client:
        assert client.send("POST", f"/media/{OTHERS_MEDIA}/likes", ALL)[0] == 200
        assert server.stop(number) == 0
        assert server.errors() == ""
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("state")] == ["state.db"]
    assert is_sound(database)
    with Server(tmp_path, "--database", str(database)) as server:
        assert server.get(f"/media/{OTHERS_MEDIA}")["data"]["user_has_liked"] is True


@pytest.mark.no_cover
def test_an_unfinished_request_does_not_keep_the_server_from_ending(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        with socket.create_connection((server.host, server.port), SECONDS) as connection:
            head = b"POST /v1/media/1/likes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
            connection.sendall(head + b"Expect: 100-continue\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 100")  # it waits for the body now
            assert server.stop(signal.SIGTERM) == 0
        assert "Traceback" not in server.errors()


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False
    )


def error_line(*arguments: str) -> str:
    """The only line on stderr of a command that fails."""
    done = command("--port", "0", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    return line


@pytest.mark.parametrize("what", ["directory", "not a database", "another database", "no such folder"])
def test_a_database_that_cannot_be_used_is_rejected_in_one_line(tmp_path: Path, what: str) -> None:
    path = tmp_path / "state.db"
    match what:
        case "directory":
            path.mkdir()
        case "not a database":
            path.write_text("This is not a database, but a text that is long enough to be one.\n" * 50)
        case "another database":
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("CREATE TABLE media (id INTEGER)")
        case _:
            path = tmp_path / "none" / "state.db"
    before = path.read_bytes() if path.is_file() else None
    assert str(path) in error_line("--database", str(path))
    assert before == (path.read_bytes() if path.is_file() else None)


@pytest.mark.parametrize("seeded", [False, True])
def test_a_database_that_cannot_be_written_is_rejected_in_one_line(tmp_path: Path, seeded: bool) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everything")
    path = tmp_path / "state.db"
    with_tokens(path, []) if seeded else path.touch()
    path.chmod(0o400)
    assert str(path) in error_line("--database", str(path))


def test_a_database_that_another_server_writes_is_rejected_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with Server(tmp_path, "--database", str(path)) as server:
        assert "locked" in error_line("--database", str(path))
        server.get("/users/self")


def test_a_port_in_use_is_rejected_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "in use" in error_line("--port", str(taken.getsockname()[1]))


@pytest.mark.parametrize("host", ["256.256.256.256", "x" * 80, "192.0.2.1", ""])
def test_an_address_that_cannot_be_bound_is_rejected_in_one_line(host: str) -> None:
    if host:
        assert error_line("--host", host)


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            ("--port", "70000"),
            ("--port", "x"),
            ("--era", "2015"),
            ("--rate-limit", "0"),
            ("--rate-limit", "x"),
        ),
        *(
            ("--redirect-uri", uri)
            for uri in ("", "/back", "http:", "http://a.test/#x", "a b:c", "a:\x1b[31m")
        ),
    ],
)
def test_an_option_that_cannot_be_used_is_a_usage_error(
    arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(arguments)
    assert stopped.value.code == 2
    assert arguments[0] in capsys.readouterr().err.splitlines()[-1]


def test_the_command_prints_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tokens"]) == 0
    names = {"all", "basic", "other", "revoked", *(f"without-{scope}" for scope in seed_data.SCOPES)}
    printed = json.loads(capsys.readouterr().out)
    assert {name: printed[name] for name in names} == TOKENS
    assert printed == TOKENS | {
        "client_id": seed_data.DEMO_CLIENT.id,
        "client_secret": seed_data.DEMO_CLIENT.secret,
        "redirect_uris": [seed_data.DEMO_CLIENT.redirect_uri],
    }
    assert len(seed_data.SCOPES) == 6


def test_the_command_prints_the_redirect_uris_of_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    uris = ["http://localhost:5000/back?a=1", "my.app:/back"]
    options = [option for uri in uris for option in ("--redirect-uri", uri)]
    assert run([*options, "--port", "0", "tokens"]) == 0
    assert json.loads(capsys.readouterr().out)["redirect_uris"] == [*uris, seed_data.DEMO_CLIENT.redirect_uri]
    assert run([*options, "--host", "::1", "--port", "81", "tokens"]) == 0
    printed = json.loads(capsys.readouterr().out)
    own = "http://[::1]:81/demo/callback"
    assert printed["redirect_uris"] == [own, *uris, seed_data.DEMO_CLIENT.redirect_uri]


def test_the_command_prints_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"instagram-server {version('instagram-server')}\n"


def test_the_help_mentions_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(["--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert [option for option in (*OPTIONS, "tokens") if option not in text] == []
    assert max(map(len, text.splitlines())) <= 80


def test_it_prints_address_and_credentials_and_binds_this_machine_only(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        assert server.host == "127.0.0.1"
        assert [name for name, token in TOKENS.items() if f"{name} " not in server.output] == []
        credentials = [*TOKENS.values(), seed_data.DEMO_CLIENT.id, seed_data.DEMO_CLIENT.secret]
        credentials.append(f"http://127.0.0.1:{server.port}/demo/callback")
        assert [text for text in credentials if text not in server.output] == []
        with pytest.raises(ConnectionError), socket.create_connection(("127.0.0.2", server.port), SECONDS):
            pass


def test_it_accepts_further_redirect_uris(tmp_path: Path) -> None:
    uri = "http://localhost:5000/back"
    with Server(tmp_path, "--redirect-uri", uri) as server:
        assert f"  redirect_uri            {uri}\n" in server.output
        for redirect_uri, status in (
            (uri, 200),
            (f"http://127.0.0.1:{server.port}/demo/callback", 200),
            ("a:b", 400),
        ):
            query = {
                "client_id": seed_data.DEMO_CLIENT.id,
                "redirect_uri": redirect_uri,
                "response_type": "code",
            }
            target = f"/oauth/authorize/?{urlencode(query)}"
            head = server.raw(
                f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
            )
            assert head.startswith(f"HTTP/1.1 {status} ".encode())


def test_the_example_values_fit_a_server_on_any_port(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        assert f"  redirect_uri            {seed_data.DEMO_CLIENT.redirect_uri}\n" in server.output


def test_a_tls_proxy_on_this_machine_states_the_scheme(tmp_path: Path) -> None:
    target = f"/v1/users/self/media/recent?count=1&access_token={ALL}"
    head = "Host: api.instagram.com\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n"
    with Server(tmp_path) as server:
        response = server.raw(f"GET {target} HTTP/1.1\r\n{head}\r\n".encode())
    assert b'"next_url":"https://api.instagram.com/v1/users/self/media/recent?' in response


@pytest.mark.parametrize(("option", "lines"), [("--log", 3), ("--no-log", 0)])
def test_it_logs_requests_without_secrets(tmp_path: Path, option: str, lines: int) -> None:
    with Server(tmp_path, option) as server:
        server.get("/users/self", count="3")
        server.raw(
            f"GET /v1/users/self?access_token=%31{ALL[1:]} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        )
        server.raw(f"GET /v1/%0a{ALL} HTTP/1.1\r\nHost: localhost\r\nCookie: {ALL}\r\n\r\n".encode())
        assert server.stop(signal.SIGTERM) == 0
        log = server.errors()
    assert ALL not in log
    assert len(log.splitlines()) == lines
    if lines:
        assert log.startswith("GET /v1/users/self?access_token=[redacted]&count=3 200 ")


# Bad input, in process: handwritten scopes, which no HTTP library sanitises.


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it reaches the application; unless ``whole``, its body is incomplete."""

    method: str
    path: bytes
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ((b"host", b"127.0.0.1"),)
    chunks: tuple[bytes, ...] = ()
    whole: bool = True
    version: str = "1.1"


class Response(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass
class InProcess:
    """A server in this process."""

    app: Starlette = field(default_factory=lambda: create_app(Settings(rate_limit=None, write_limit=None)))
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def send(self, sent: Sent) -> Response:
        return self.runner.run(self._send(sent))

    async def _send(self, sent: Sent) -> Response:
        messages: list[Message] = [
            {"type": "http.request", "body": chunk, "more_body": True} for chunk in sent.chunks
        ]
        end: Message = {"type": "http.request", "body": b"", "more_body": False}
        messages.append(end if sent.whole else {"type": "http.disconnect"})
        messages_sent: list[Message] = []

        async def receive() -> Message:
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            messages_sent.append(message)

        # As uvicorn decodes a path, and beyond: it lets no byte above 0x7e through.
        path = re.sub(rb"%([0-9a-fA-F]{2})", lambda match: bytes([int(match[1], 16)]), sent.path)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": sent.version,
            "method": sent.method,
            "scheme": "http",
            "path": path.decode("utf-8", "replace"),
            "raw_path": sent.path,
            "root_path": "",
            "query_string": sent.query,
            "headers": sent.headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        await self.app(scope, receive, send)
        body = b"".join(message.get("body", b"") for message in messages_sent[1:])
        return Response(messages_sent[0]["status"], list(messages_sent[0]["headers"]), body)

    def check(self) -> None:
        """The store is sound, and the server responds."""
        query = urlencode({"access_token": ALL}).encode()
        assert self.send(Sent("GET", b"/v1/users/self", query)).status == 200
        store = self.app.state.platform.store
        assert store.value("PRAGMA integrity_check") == "ok"
        with store.transaction():  # none is left open
            pass


@pytest.fixture(scope="module")
def here() -> Iterator[InProcess]:
    server = InProcess()
    yield server
    server.check()
    server.runner.close()
    server.app.state.platform.store.close()


def judge(response: Response) -> None:
    """No 5xx, headers that can be sent, and JSON if the headers say so."""
    assert 200 <= response.status < 500, response
    for _, value in response.headers:
        assert b"\n" not in value
        assert b"\r" not in value
    if dict(response.headers).get(b"content-type", b"").startswith(b"application/json") and response.body:
        json.loads(response.body)


FORM = (b"content-type", b"application/x-www-form-urlencoded")
HOST = (b"host", b"127.0.0.1")


def accepted(operation: str) -> Sent:
    """The request of the contract's table that the server accepts."""
    method, path, form = CASES[operation][0]
    path, _, query = path.partition("?")
    fields = urlencode({"access_token": ALL, **form})
    if method == "POST":
        return Sent(method, f"/v1{path}".encode(), query.encode(), (HOST, FORM), (fields.encode(),))
    return Sent(method, f"/v1{path}".encode(), f"{query}&{fields}".strip("&").encode())


OTHER_PATHS = (
    *(
        "/",
        "/docs",
        "/openapi.yaml",
        "/browse/media",
        "/browse/users/1001",
        "/browse/tags/snow",
        "/static/docs.js",
        "/static/none",
        "/oauth/authorize",
        "/oauth/authorize/",
    ),
    *("/oauth/access_token", "/oembed", "/publicapi/oembed/", "/p/-m4sYTgBwB/media", "/v1", "/v1/"),
    *("/v1/subscriptions", "/v1/subscriptions/", "/demo/media", "/demo/callback"),
)
CREDENTIALS = {
    "client_id": seed_data.DEMO_CLIENT.id,
    "client_secret": seed_data.DEMO_CLIENT.secret,
    "redirect_uri": seed_data.DEMO_CLIENT.redirect_uri,
}
NAMES = (
    *("access_token", "count", "max_id", "min_id", "min_timestamp", "max_timestamp", "cursor", "max_like_id"),
    *("max_tag_id", "min_tag_id", "lat", "lng", "distance", "facebook_places_id", "foursquare_id", "q"),
    *("foursquare_v2_id", "text", "action", "sig", "callback", "_method", "object", "object_id", "aspect"),
    *("callback_url", "radius", "id", "verify_token", "caption", "location_id", "response_type", "scope"),
    *("state", "answer", "user", "code", "grant_type", "seal", "url", "maxwidth", "hidecaption", "size"),
    *CREDENTIALS,
)
NASTY = (
    *(
        b"",
        b"\0",
        b"%00",
        b"%",
        b"%g",
        b"%ff",
        b"\xff",
        b"%ed%a0%80",
        b"\xed\xa0\x80",
        b"%u0041",
        b"..",
        b"/",
    ),
    *(b"-1", b"0", b"1e999", b"nan", b"inf", b"-0", b"1_1", b"0x1", b"%d9%a1", b"9223372036854775807", b"+"),
    *(b"9223372036854775808", b"-9223372036854775809", b"9" * 400, b"1." + b"0" * 400, b"_", b"a_b", b"1_"),
    *(
        b"90.0000001",
        b"-90",
        b"180",
        b"self",
        b"follow",
        b"block",
        b"DELETE",
        b"true",
        b"media",
        b"geography",
    ),
    *(b"%0d%0aX: y", b"\r\n", b"'; DROP TABLE user; --", b"%F0%9F%98%80", b"a" * 3000, b"#a" * 9, b"#\0"),
    *(b"http://[", b"http://x:99999/", b"http://\xff/", b"tag", b"code", b"token", b"user", b"https://a.b:c"),
    *(
        b"https://www.instagram.com/p/-m4sYTgBwB/",
        b"\xe2\x80\xa8",
        b"%c4%b0",
        b"%ef%bc%91",
        b"[",
        b"-----------",
    ),
)
values = st.sampled_from(NASTY) | st.binary(max_size=12) | st.integers().map(lambda n: str(n).encode())
encoded = values.map(lambda value: quote_from_bytes(value).encode())
names = st.sampled_from(NAMES).map(str.encode) | values
MULTIPART = b"multipart/form-data; boundary=x"
PARTS = (
    *(
        b"--x",
        b"--x--",
        b"\r\n",
        b"\n",
        b'Content-Disposition: form-data; name="text"',
        b"Content-Disposition: ",
    ),
    *(
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: x-uuencode",
        b"begin 666 \xff\n#86)C\n",
    ),
    *(
        b"Content-Type: multipart/mixed; boundary=x",
        b"Content-Type: message/rfc822",
        b"\xff\xfe=?x?q?",
        b"=\n\0",
    ),
    *(
        b"Content-Disposition: form-data; name*=utf-8''%ff",
        b"Content-Disposition: x; name=\xff",
        b"Content-Type: ",
    ),
    b"Content-Transfer-Encoding: quoted-printable",
)


def into_path(sent: Sent, draw: st.DrawFn) -> Sent:
    segments = sent.path.split(b"/")
    place = draw(st.integers(1, len(segments) - 1))
    segments[place : place + draw(st.integers(0, 1))] = [draw(values | encoded)]
    return replace(sent, path=b"/" + b"/".join(segments[1:]))


def into_query(sent: Sent, draw: st.DrawFn) -> Sent:
    pairs = sent.query.split(b"&")
    place = draw(st.integers(0, len(pairs)))
    added = draw(names) + draw(st.sampled_from([b"=", b"", b"==", b";"])) + draw(values | encoded)
    pairs[place : place + draw(st.integers(0, 1))] = [added]
    return replace(sent, query=b"&".join(pairs))


def into_body(sent: Sent, draw: st.DrawFn) -> Sent:
    added = b"&" + draw(names) + b"=" + draw(values | encoded)
    return replace(sent, chunks=(*sent.chunks, added, draw(st.just(b"") | st.binary())))


def into_multipart(sent: Sent, draw: st.DrawFn) -> Sent:
    head = b'--x\r\nContent-Disposition: form-data; name="access_token"\r\n\r\n' + ALL.encode() + b"\r\n"
    joint = draw(st.sampled_from([b"\r\n", b"\n", b""]))
    body = joint.join(draw(st.lists(st.sampled_from(PARTS) | values, max_size=12)))
    kind = MULTIPART if draw(st.booleans()) else b"multipart/form-data" + draw(values)
    return replace(sent, headers=(HOST, (b"content-type", kind)), chunks=(head, body))


def into_headers(sent: Sent, draw: st.DrawFn) -> Sent:
    common = [
        b"host",
        b"content-type",
        b"content-length",
        b"cookie",
        b"range",
        b"if-modified-since",
        b"accept",
    ]
    name = draw(st.sampled_from([*common, b"x-forwarded-for", b"transfer-encoding", b"expect", b"upgrade"]))
    more = (name, draw(values | st.sampled_from([b"bytes=0-", b"bytes=9-1,2-", b"consent=\xff", b"a:b:c"])))
    return replace(sent, headers=(*sent.headers, more) if draw(st.booleans()) else (more, *sent.headers))


def into_method(sent: Sent, draw: st.DrawFn) -> Sent:
    usual = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW", "get"]
    return replace(sent, method=draw(st.sampled_from(usual)))


def into_frame(sent: Sent, draw: st.DrawFn) -> Sent:
    return replace(sent, whole=False, version=draw(st.sampled_from(["1.0", "1.1", "2"])))


BREAKS = (into_path, into_query, into_query, into_body, into_multipart, into_headers, into_method, into_frame)


@st.composite
def broken(draw: st.DrawFn, whole: Sent) -> Sent:
    """A valid request after a few changes."""
    for change in draw(st.lists(st.sampled_from(BREAKS), min_size=1, max_size=4)):
        whole = change(whole, draw)
    return whole


@pytest.mark.no_cover
@pytest.mark.parametrize("operation", CASES)
def test_a_request_that_is_a_little_broken_never_gets_a_5xx(here: InProcess, operation: str) -> None:
    @settings(max_examples=60)
    @given(sent=broken(accepted(operation)))
    def check(sent: Sent) -> None:
        judge(here.send(sent))

    check()


@pytest.mark.no_cover
@pytest.mark.parametrize("place", OTHER_PATHS)
def test_other_paths_never_return_a_5xx(here: InProcess, place: str) -> None:
    query = urlencode({**CREDENTIALS, "response_type": "code", "access_token": ALL}).encode()
    whole = [Sent(method, place.encode(), query) for method in ("GET", "POST")]

    @settings(max_examples=40)
    @given(sent=st.sampled_from(whole).flatmap(broken))
    def check(sent: Sent) -> None:
        judge(here.send(sent))

    check()


@settings(max_examples=100)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE"]) | st.text(max_size=5),
    path=st.binary(),
    query=st.binary(),
    headers=st.lists(st.tuples(st.binary().map(bytes.lower), st.binary()), max_size=4).map(tuple),
    chunks=st.lists(st.binary(), max_size=3).map(tuple),
    whole=st.booleans(),
)
def test_noise_never_gets_a_5xx(
    here: InProcess,
    method: str,
    path: bytes,
    query: bytes,
    headers: tuple[tuple[bytes, bytes], ...],
    chunks: tuple[bytes, ...],
    whole: bool,
) -> None:
    judge(here.send(Sent(method, b"/v1/" + path, query, headers, chunks, whole)))
    judge(here.send(Sent(method, b"/" + path, query, headers, chunks, whole)))


LARGE = {
    "10 MB": [b"text=" + b"a" * 1_000_000] * 10,
    "many fields": [b"&".join(b"a%d=b" % number for number in range(60_000))],
    "nothing but separators": [b"&" * 1_000_000],
    "broken escapes": [b"text=" + b"%" * 1_000_000],
    "spaces": [b"text=" + b"+" * 1_000_000],
    "hashtags": [b"text=" + b"%23" * 300_000],
}
LARGE_PARTS = {
    "many parts": [b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 18_000],
    "empty parts": [b"--x\r\n" * 200_000],
    "many headers": [b"--x\r\n" + b"a: b\r\n" * 170_000],
    "one long header": [b"--x\r\nContent-Disposition: " + b"; a=b" * 190_000 + b"\r\n\r\n"],
    "many quotes": [b"--x\r\nContent-Disposition: " + b';"' * 400_000 + b"\r\n\r\n"],
    "parts within parts": [
        b"--x\r\n"
        + b"".join(b"Content-Type: multipart/a; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(17_000))
    ],
    "messages within messages": [b"--x\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 30_000],
}


@pytest.mark.parametrize("what", LARGE | LARGE_PARTS)
def test_a_large_body_is_rejected_quickly(here: InProcess, what: str) -> None:
    chunks = (LARGE | LARGE_PARTS)[what]
    kind = MULTIPART if what in LARGE_PARTS else FORM[1]
    headers = (HOST, (b"content-type", kind))
    token = urlencode({"access_token": ALL}).encode()
    begun = time.process_time()
    path = f"/v1/media/{MEDIA}/comments".encode()
    response = here.send(Sent("POST", path, token, headers, tuple(chunks)))
    assert response.status == 400
    assert time.process_time() - begun < 2.0


@pytest.mark.parametrize(
    "query",
    ["count=0", "count=1e9", "count=%00", "max_id=-1", "min_id=9999999999999999999", "min_timestamp=x"],
)
def test_a_parameter_that_is_not_a_number_is_rejected(here: InProcess, query: str) -> None:
    whole = f"access_token={ALL}&{query}".encode()
    assert here.send(Sent("GET", b"/v1/users/self/media/recent", whole)).status == 400


@pytest.mark.parametrize(
    "number", [b"1\0", b"%31%00", b"9" * 5000, b"\xd9\xa1", b"-1", b"%2e%2e", b"0x1", b"1e3"]
)
def test_a_path_that_names_no_object_is_rejected(here: InProcess, number: bytes) -> None:
    token = f"access_token={ALL}".encode()
    for template in (
        b"/v1/users/%s",
        b"/v1/media/%s",
        b"/v1/media/%s/likes",
        b"/v1/locations/%s",
        b"/v1/tags/%s",
    ):
        assert here.send(Sent("GET", template.replace(b"%s", number), token)).status in (400, 404)


def test_an_incomplete_body_changes_nothing(here: InProcess) -> None:
    token = f"access_token={ALL}&action=unfollow".encode()
    sent = Sent("POST", b"/v1/users/1002/relationship", b"", (HOST, FORM), (token,), whole=False)
    count = "SELECT count(*) FROM following"
    before = here.app.state.platform.store.value(count)
    assert here.send(sent).status == 400
    assert here.app.state.platform.store.value(count) == before


# Bad input, over a socket.


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    database = folder / "state.db"
    with Server(folder, "--database", str(database)) as server:
        yield server
        assert server.get("/users/self")["data"]["id"] == "1001"
        assert server.stop(signal.SIGTERM) == 0
        assert "Traceback" not in server.errors()
    assert is_sound(database)


SELF = f"/v1/users/self?access_token={ALL}".encode()
COMMENTS = f"/v1/media/{MEDIA}/comments?access_token={ALL}".encode()
HEAD = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
POST = b"POST " + COMMENTS + HEAD
RAW: dict[str, tuple[bytes, ...]] = {
    "an unknown method": (b"BREW " + SELF + HEAD + b"\r\n",),
    "no method": (SELF + HEAD + b"\r\n",),
    "bytes in the path": (b"GET /v1/users/\xff\x00" + HEAD + b"\r\n",),
    "NUL, encoded": (b"GET /v1/users/%00" + SELF[14:] + HEAD + b"\r\n",),
    "NUL in a static path": (b"GET /static/%00" + HEAD + b"\r\n",),
    "broken escapes": (b"GET /v1/users/%g%" + SELF[14:] + HEAD + b"\r\n",),
    "a long path": (b"GET /v1/users/" + b"1" * 60_000 + HEAD + b"\r\n",),
    "a longer path": (b"GET /v1/users/" + b"1" * 600_000 + HEAD + b"\r\n",),
    "thousands of parameters": (b"GET /v1/tags/search?" + b"a=b&" * 15_000 + HEAD + b"\r\n",),
    "a huge header": (b"GET " + SELF + HEAD + b"X: " + b"y" * 1_000_000 + b"\r\n\r\n",),
    "thousands of headers": (b"GET /v1/users/1" + HEAD + b"X: y\r\n" * 100_000 + b"\r\n",),
    "bytes in a header": (b"GET /v1/users/1" + HEAD + b"Content-Type: \x00\xff\r\n\r\n",),
    "no host": (b"GET " + SELF + b" HTTP/1.1\r\n\r\n",),
    "two hosts": (b"GET " + SELF + HEAD + b"Host: 127.0.0.1\r\n\r\n",),
    "an invalid length": (POST + b"Content-Length: x\r\n\r\n",),
    "a negative length": (POST + b"Content-Length: -1\r\n\r\n",),
    "two lengths": (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",),
    "an incomplete body": (POST + b"Content-Length: 99\r\n\r\ntext=a",),
    "incomplete chunks": (POST + b"Transfer-Encoding: chunked\r\n\r\n6\r\ntext=a\r\n",),
    "invalid chunks": (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\ntext=a\r\n0\r\n\r\n",),
    "an unknown encoding": (POST + b"Transfer-Encoding: gzip\r\n\r\ntext=a",),
    "10 MB": (POST + b"Content-Length: 10000000\r\n\r\ntext=", *[b"a" * 100_000] * 100),
    "10 MB in chunks": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n",
        *[b"186a0\r\n" + b"a" * 100_000 + b"\r\n"] * 100,
    ),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),),
    "a star": (b"OPTIONS *" + HEAD + b"\r\n",),
    "a tunnel": (b"CONNECT x:443" + HEAD + b"\r\n",),
    "a path elsewhere": (b"GET http://x/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",),
    "nothing": (b"",),
}


@pytest.mark.parametrize("what", RAW)
def test_bad_bytes_on_a_socket_are_rejected_or_the_connection_is_closed(running: Server, what: str) -> None:
    response = running.raw(*RAW[what])
    assert response == b"" or re.match(rb"HTTP/1\.1 4\d\d ", response), response[:200]


def test_http_1_0_gets_a_response(running: Server) -> None:
    response = running.raw(b"GET " + SELF + b" HTTP/1.0\r\n\r\n")
    assert re.match(rb"HTTP/1\.[01] 200 ", response)
    assert b"connection: close" in response.lower()


@settings(max_examples=50)
@given(
    noise=st.binary(),
    before=st.sampled_from([b"", b"GET " + SELF, POST, POST + b"Content-Length: 9\r\n\r\n"]),
)
def test_noise_on_a_socket_never_gets_a_5xx(running: Server, noise: bytes, before: bytes) -> None:
    response = running.raw(before + noise + b"\r\n\r\n")
    assert response == b"" or re.match(rb"HTTP/1\.1 [1234]\d\d ", response), response[:200]
