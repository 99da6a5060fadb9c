"""The cost of the client: python bench/client.py [ROUNDS]

Each figure is a ratio to httpx2 in the same run, so that it holds on any machine: seconds of
`import instagram_client` / those of `import httpx2`, each in a new process (target: at most 1.25), and the
same with the asynchronous client; then the time of one call of the client / that of one bare request of
httpx2, both without network.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median

import httpx2

from instagram_client import Instagram

IMPORTS = ["import httpx2", "import instagram_client", "from instagram_client import AsyncInstagram"]
# Without click httpx2 leaves out its command line, as where nothing but the client is installed.
TIMED = """
import sys, time
sys.modules["click"] = None
begin = time.perf_counter()
{}
print(time.perf_counter() - begin)
"""


def imports(rounds: int) -> list[float]:
    """The median time of each import, in seconds. They take turns; all have their bytecode cached."""
    times: list[list[float]] = [[] for _ in IMPORTS]
    with tempfile.TemporaryDirectory() as folder:
        settings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        settings["PYTHONPYCACHEPREFIX"] = folder
        for _ in range(rounds):
            for statement, of_import in zip(IMPORTS, times, strict=True):
                command = [sys.executable, "-c", TIMED.format(statement)]
                done = subprocess.run(command, env=settings, capture_output=True, check=True)
                of_import.append(float(done.stdout))
    return [median(of_import) for of_import in times]


def best(work: Callable[[], object], times: int) -> float:
    """The shortest of many times, in seconds."""
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def call() -> tuple[float, float]:
    """Seconds for `likes.delete`, and for the same request by httpx2 alone with its JSON read."""
    body = json.dumps({"meta": {"code": 200}, "data": None}).encode()
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=body))
    with (
        Instagram(access_token="T", base_url="https://instagram.test/v1", transport=transport) as client,
        httpx2.Client(base_url="https://instagram.test/v1", transport=transport) as http,
    ):
        ours = best(lambda: client.likes.delete("1_2"), 2000)
        bare = best(lambda: http.delete("/media/1_2/likes", params={"access_token": "T"}).json(), 2000)
    return ours, bare


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    httpx2_alone, synchronous, asynchronous = imports(rounds)
    ours, bare = call()
    sys.stdout.write(
        f"import instagram_client: {synchronous * 1e3:.0f} ms, import httpx2: {httpx2_alone * 1e3:.0f} ms; "
        f"ratio {synchronous / httpx2_alone:.2f} (target: at most 1.25)\n"
        f"from instagram_client import AsyncInstagram: {asynchronous * 1e3:.0f} ms; "
        f"ratio {asynchronous / httpx2_alone:.2f}\n"
        f"a call: {ours * 1e6:.0f} µs, by httpx2 alone: {bare * 1e6:.0f} µs; ratio {ours / bare:.2f}\n"
    )


if __name__ == "__main__":
    main()
