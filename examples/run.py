"""What `make run` shows: the client on a tour of the reference server, recorded and judged.

Then the recording that ships with the project, in which some promises are broken.
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
    """Records a tour of a server that is started for it."""
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
    command = [
        "-m",
        "wirecheck",
        "check",
        "--spec",
        "spec/openapi.yaml",
        "--fail-on",
        fail_on,
        str(recording),
    ]
    return subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder, "tour.jsonl")
        record(recording)
        sys.stdout.write(
            "\nThe generated client called all 27 operations. The verdict on what was recorded:\n\n"
        )
        sys.stdout.flush()
        if code := check(recording, "warning"):
            return code
    sys.stdout.write("\nAnd a recording with broken promises in it, examples/traffic.har:\n\n")
    sys.stdout.flush()
    return check(ROOT / "examples" / "traffic.har", "never")


if __name__ == "__main__":
    sys.exit(main())
