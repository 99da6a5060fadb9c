"""Memory and speed of `wirecheck check` on a large HAR: python bench/large_recording.py [MEGABYTES]

Prints the peak of resident memory, and how much longer judging takes than two smaller tasks in the same
run: reading the exchanges of the recording, and json.loads of a tenth of it, times ten.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from wirecheck.recordings import read

ROOT = Path(__file__).parents[1]
MEGABYTE = 1 << 20


def write_har(path: Path, megabytes: int) -> int:
    """Write pages of twenty media; one page in twenty violates a schema. Returns the number of exchanges."""
    source = json.loads((ROOT / "examples" / "traffic.har").read_text(encoding="utf-8"))
    entry = source["log"]["entries"][1]
    page = json.loads(entry["response"]["content"]["text"])
    page["data"] = page["data"] * 20
    good = json.dumps(_with_text(entry, json.dumps(page)))
    page["data"][7] = page["data"][7] | {"created_time": 1448668800}
    bad = json.dumps(_with_text(entry, json.dumps(page)))
    entries = written = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"log": {"version": "1.2", "creator": {"name": "bench", "version": "1"}, "entries": [\n')
        while written < megabytes * MEGABYTE:
            written += file.write((",\n" if entries else "") + (bad if entries % 20 == 7 else good))
            entries += 1
        file.write("\n]}}\n")
    return entries


def _with_text(entry: dict[str, dict[str, dict[str, str]]], text: str) -> dict[str, object]:
    content = entry["response"]["content"] | {"text": text}
    return entry | {"response": entry["response"] | {"content": content}}


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def check(path: Path) -> int:
    command = [
        sys.executable,
        "-m",
        "wirecheck",
        "check",
        "--spec",
        str(ROOT / "spec" / "openapi.yaml"),
        str(path),
    ]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        path, part = Path(folder, "large.har"), Path(folder, "part.har")
        entries = write_har(path, megabytes)
        write_har(part, max(megabytes // 10, 1))
        judging = seconds(lambda: check(path))
        resident = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        reading = seconds(lambda: sum(1 for _ in read(path)))
        loading = seconds(lambda: json.loads(part.read_bytes())) * 10
    sys.stdout.write(
        f"{megabytes} MB, {entries} exchanges: {resident:.0f} MB resident at most, {judging:.1f} s\n"
        f"time of judging / time of reading the exchanges: {judging / reading:.2f}\n"
        f"time of judging / time of json.loads: {judging / loading:.2f}\n"
    )


if __name__ == "__main__":
    main()
