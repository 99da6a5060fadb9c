"""What `make run` shows: the client on a tour of the reference server, recorded and judged.

Then the recording that ships with the project, which contains violations.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import tour
from instagram_server import world

ROOT = Path(__file__).parents[1]


def record(recording: Path) -> None:
    """Record a tour of a server that is started for it."""
    command = [sys.executable, "-c", "from instagram_server.cli import main; main()", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        greeting = server.stdout.readline()
        [address] = re.findall(r"http://[^/]+", greeting)
        sys.stdout.write(greeting)
        try:
            tour.record(f"{address}/v1", world.tokens()["all"], recording)
        finally:
            server.terminate()


def check(recording: Path, fail_on: str) -> int:
    """Judge a recording; returns the exit code of wirecheck."""
    options = ["--spec", "spec/openapi.yaml", "--fail-on", fail_on]
    command = [sys.executable, "-m", "wirecheck", "check", *options, str(recording)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder, "tour.jsonl")
        record(recording)
        sys.stdout.write("\nThe generated client called all 27 operations. wirecheck on the recording:\n\n")
        sys.stdout.flush()
        if code := check(recording, "warning"):
            return code
    sys.stdout.write("\nA recording with violations, examples/traffic.har:\n\n")
    sys.stdout.flush()
    return check(ROOT / "examples" / "traffic.har", "never")


if __name__ == "__main__":
    sys.exit(main())
