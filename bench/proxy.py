"""The speed and the memory of the proxy: PYTHONPATH=tests python bench/proxy.py [SECONDS] [EXCHANGES]

Three figures, each from one run on loopback, with small exchanges that satisfy a document without laws:
milliseconds that the proxy adds at the median (target: below 1.5); requests a second of the proxy / those of
a proxy of the same libraries that only passes on (target for report: at least 0.6), in turns; MB by which
the memory of the process grows between the first and the last tenth of EXCHANGES (target: below 10).

The seconds of requests are those of the processor that a proxy took, so that the clients, the upstream and
whatever else the machine does need not be faster than the proxies.
"""

import asyncio
import multiprocessing
import os
import resource
import socket
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import h11

from support.paths import SPECS
from support.proxying import response
from wirecheck.live import Mode, Monitor, WatchedApi
from wirecheck.live.session import ProxyOptions, ProxySession
from wirecheck.live.wire import Peer
from wirecheck.redact import Redactor
from wirecheck.spec import load

CLIENTS, ROUNDS = 8, 5
SPEC = load(SPECS / "notes.yaml")
GET = b"GET /v1/notes/1 HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer 0123456789abcdef\r\n\r\n"
BODY = b'{"id": 1, "title": "Snow", "tags": ["a", "b"], "kind": "todo", "due": "2015-11-17T12:00:00Z"}'
RESPONSE = response(BODY)
PROCESSES = multiprocessing.get_context("spawn")


class Fixed(asyncio.Protocol):
    """An upstream that sends the same response for each request."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(RESPONSE * data.count(b"\r\n\r\n"))


def serve_fixed(ports: Any) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Fixed, "127.0.0.1", 0)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def serve_passing(ports: Any, upstream: int) -> None:
    """A proxy that only passes on: each client has a connection to the upstream."""

    async def pass_on(client: Peer) -> None:
        loop = asyncio.get_running_loop()
        _, peer = await loop.create_connection(lambda: Peer(h11.CLIENT, 60), "127.0.0.1", upstream)
        while isinstance(request := await client.receive(), h11.Request):
            while not isinstance(end := await client.receive(), h11.EndOfMessage):
                pass
            headers = request.headers.raw_items()
            await peer.send(h11.Request(method=request.method, target=request.target, headers=headers), end)
            head = await peer.receive()
            assert isinstance(head, h11.Response)
            events: list[Any] = [h11.Response(status_code=head.status_code, headers=head.headers.raw_items())]
            while not isinstance(events[-1], h11.EndOfMessage):
                events.append(await peer.receive())
            await client.send(*events)
            client.http.start_next_cycle()
            peer.http.start_next_cycle()

    async def serve() -> None:
        loop, tasks = asyncio.get_running_loop(), set()

        def accept(client: Peer) -> None:
            tasks.add(loop.create_task(pass_on(client)))

        server = await loop.create_server(lambda: Peer(h11.SERVER, 60, accept), "127.0.0.1", 0)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def serve_proxy(ports: Any, upstream: int, mode: Mode) -> None:
    options = ProxyOptions(upstream=f"http://127.0.0.1:{upstream}", mode=mode)
    session = ProxySession(Monitor([WatchedApi(SPEC)]), options, redactor=Redactor(), stream=StringIO())
    ports.put(int(session.address.rpartition(":")[2]))
    session.judge()


@contextmanager
def started(serve: Callable[..., None], *arguments: Any) -> Iterator[tuple[int, int]]:
    """The port and the process id of a server in a process of its own."""
    ports = PROCESSES.SimpleQueue()
    process = PROCESSES.Process(target=serve, args=(ports, *arguments))
    process.start()
    try:
        yield ports.get(), process.pid or 0
    finally:
        process.kill()
        process.join()


def exchanges(port: int, seconds: float, most: int = 10**9) -> list[float]:
    """Sends requests one after the other on one connection; the seconds that each exchange took."""
    times: list[float] = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end = time.perf_counter() + seconds
        while (begin := time.perf_counter()) < end and len(times) < most:
            connection.sendall(GET)
            received = b""
            while not received.endswith(BODY):
                received += connection.recv(1 << 16)
            times.append(time.perf_counter() - begin)
    return times


def count(port: int, seconds: float) -> int:
    return len(exchanges(port, seconds))


def resident(pid: int) -> float:
    """MB of memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def processor(pid: int) -> float:
    """Seconds of the processor that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    total = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    with (
        started(serve_fixed) as (upstream, _),
        started(serve_passing, upstream) as passing,
        started(serve_proxy, upstream, Mode.REPORT) as report,
        started(serve_proxy, upstream, Mode.ENFORCE) as enforce,
        PROCESSES.Pool(CLIENTS) as pool,
    ):
        proxies = {"passing": passing, "report": report, "enforce": enforce}
        times: dict[str, list[float]] = {name: [] for name in ("upstream", *proxies)}
        rates: dict[str, list[float]] = {name: [] for name in proxies}
        for _ in range(ROUNDS):
            times["upstream"] += exchanges(upstream, seconds)
            for name, (port, _) in proxies.items():
                times[name] += exchanges(port, seconds)
            for name, (port, pid) in proxies.items():
                before = processor(pid)
                made = sum(pool.starmap(count, [(port, seconds)] * CLIENTS))
                rates[name].append(made / (processor(pid) - before))
        sizes = []
        for _ in range(10):
            exchanges(report[0], 3600, total // 10)
            sizes.append(resident(report[1]))
    median = {name: statistics.median(each) * 1e3 for name, each in times.items()}
    rate = {name: statistics.median(each) for name, each in rates.items()}
    for name in ("report", "enforce"):
        sys.stdout.write(
            f"{name}: {median[name] - median['upstream']:.2f} ms added at the median (target: below 1.5; "
            f"by a proxy that only passes on: {median['passing'] - median['upstream']:.2f})\n"
            f"{name}: {rate[name]:.0f} requests a second of the processor, a proxy that only passes on: "
            f"{rate['passing']:.0f}; ratio {rate[name] / rate['passing']:.2f} (target for report: 0.6)\n"
        )
    sys.stdout.write(
        f"memory: {sizes[0]:.1f} MB after {total // 10:,} exchanges, {sizes[-1]:.1f} MB after {total:,} "
        "(target: no more than 10 MB larger)\n"
    )


if __name__ == "__main__":
    main()
