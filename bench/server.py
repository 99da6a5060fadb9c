"""The speed of the reference server: python bench/server.py [SECONDS]

Three figures, the first two relative to another in the same run, so that they hold on any machine: requests
a second of `GET /v1/users/self` / those of a bare Starlette route on the same uvicorn (target: at least
0.5); time of a page of 20 media / time of json.dumps of its body (target: at most 6); seconds from the
start of the command to its first response (target: below 1.5).
"""

import asyncio
import json
import multiprocessing
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from instagram_server import Settings, create_app, seed_data
from instagram_server.api import Api
from instagram_server.cli import listen

COMMAND = [sys.executable, "-c", "from instagram_server.cli import main; main()", "--port", "0"]
CLIENTS, ROUNDS = 2, 5
QUERY = urlencode({"access_token": seed_data.tokens()["all"]})


def load(port: int, path: str, seconds: float) -> int:
    """Send requests one after the other on one connection; returns the number of responses."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        responses, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            connection.sendall(request)
            response = connection.recv(1 << 16)
            head, _, body = response.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            if not response.startswith(b"HTTP/1.1 200") or length is None:
                raise RuntimeError(response)
            missing = int(length[1]) - len(body)
            while missing > 0:
                missing -= len(connection.recv(missing))
            responses += 1
    return responses


async def bare(request: Request) -> Response:
    return JSONResponse({"ok": True})


def throughput(seconds: float) -> tuple[float, float]:
    """Requests a second of the API and of the bare route, alternating; the medians of all rounds."""
    app = create_app(Settings(rate_limit=None))
    app.router.routes.append(Route("/bare", bare))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, ws="none"))
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    api: list[float] = []
    plain: list[float] = []

    def measure() -> None:
        with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
            pool.starmap(load, [(port, "/bare", 0.2)] * CLIENTS)  # start all processes
            for _ in range(ROUNDS):
                for path, rates in ((f"/v1/users/self?{QUERY}", api), ("/bare", plain)):
                    rates.append(sum(pool.starmap(load, [(port, path, seconds)] * CLIENTS)) / seconds)
        server.should_exit = True

    thread = threading.Thread(target=measure)
    thread.start()
    server.run(sockets=[listening])
    thread.join()
    app.state.platform.store.close()
    return statistics.median(api), statistics.median(plain)


def best(work: Callable[[], object], times: int) -> float:
    """The shortest of many times, in seconds."""
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def page() -> tuple[float, float]:
    """Seconds for a page of 20 media, without network, and for json.dumps of its body."""
    app = create_app(Settings(rate_limit=None))
    api = Api(app.state.platform)
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/v1/users/self/media/recent",
        "raw_path": b"/v1/users/self/media/recent",
        "query_string": f"count=20&{QUERY}".encode(),
        "headers": [(b"host", b"127.0.0.1")],
        "server": ("127.0.0.1", 80),
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    with asyncio.Runner() as runner:

        def handle() -> bytes:
            return bytes(runner.run(api.respond(Request(scope, receive))).body)

        body = json.loads(handle())
        if len(body["data"]) != 20:
            raise RuntimeError(body)
        handling = best(handle, 1000)
    dumping = best(lambda: json.dumps(body, separators=(",", ":")), 1000)
    app.state.platform.store.close()
    return handling, dumping


def start() -> float:
    """Seconds from the start of the command to its first response."""
    begin = time.perf_counter()
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        address = re.search(rb"http://[^/]*:(\d+)/", process.stdout.readline())
        if address is None:
            raise RuntimeError("the command does not print its address")
        load(int(address[1]), f"/v1/users/self?{QUERY}", 1e-9)
        seconds = time.perf_counter() - begin
        process.terminate()
    return seconds


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    starts = [start() for _ in range(3)]
    handling, dumping = page()
    api, plain = throughput(seconds)
    sys.stdout.write(
        f"GET /v1/users/self: {api:.0f} a second, a bare route: {plain:.0f}; ratio {api / plain:.2f} "
        "(target: at least 0.5)\n"
        f"a page of 20 media: {handling * 1e3:.2f} ms, json.dumps of it: {dumping * 1e3:.2f} ms; "
        f"ratio {handling / dumping:.2f} (target: at most 6)\n"
        f"start to first response: {statistics.median(starts):.2f} s (target: below 1.5 s)\n"
    )


if __name__ == "__main__":
    main()
