"""Any number of jobs gives the same report, the same messages and the same exit code."""

import gzip
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from support.commands import BAD, FOREIGN, GOOD, UNKNOWN, Writer, har, har_entry, line, plain_environment

# Runs command lines with several numbers of jobs, whose tasks are tiny, and prints what came of each. Some
# exchanges are too slow, or kill the worker that judges them.
SCRIPT = """
import contextlib, io, json, os, signal, sys
from wirecheck.checks import Judge

from wirecheck.cli import jobs, run
from wirecheck.cli.jobs import Run, Sizes
from wirecheck.model import LimitError
from wirecheck.recordings import parts, tasks

jobs.SIZES = Sizes(small=0, least=1200, most=1200, result=2000)
parts.WINDOW, tasks._PER_FILE = 1, 100
PARENT = os.getpid()
merged = 0

def judge(self, exchange, whole=Judge.judge):
    if "slow" in exchange.url:
        raise LimitError(exchange.source, "not judged: it is slow")
    if "faulty" in exchange.url:
        raise KeyError(exchange.url)
    if "deadly" in exchange.url and os.getpid() != PARENT:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(self, exchange)

def merge(self, *arguments, whole=Run._merge):
    global merged
    merged += 1
    whole(self, *arguments)
    if merged == interrupted_after:
        os.kill(PARENT, signal.SIGINT)

def result(arguments):
    global merged
    merged = 0
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    streams = [stream.buffer.getvalue().decode() for stream in (out, err) if not stream.flush()]
    try:
        os.waitpid(-1, os.WNOHANG)
        raise AssertionError("a worker is left")
    except ChildProcessError:
        return code, *streams, merged

Judge.judge, Run._merge = judge, merge
interrupted_after, *lines = json.loads(sys.argv[1])
print(json.dumps([[result([*line, "--jobs", str(count)]) for count in (1, 2)] for line in lines]))
"""


def results(*lines: list[str], interrupted_after: int = -1) -> list[list[Any]]:
    """Exit code, output, messages and number of merged results: of each command line, by 1 and 2 jobs."""
    arguments = json.dumps([interrupted_after, *[["check", *line] for line in lines]])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT, arguments],
        capture_output=True,
        check=False,
        env=plain_environment(PYTHONHASHSEED="0"),
        timeout=120,
        text=True,
    )
    assert (done.returncode, done.stderr.replace("\n", "")) == (0, ""), done.stderr
    found: list[list[Any]] = json.loads(done.stdout)
    return found


def same(*lines: list[str], merged: int = 2) -> list[tuple[int, str, str]]:
    """What came of each command line, after it is the same for any number of jobs.

    At least so many results must have come from workers.
    """
    for line_, (alone, *shared) in zip(lines, found := results(*lines), strict=True):
        for result in shared:
            assert result[:3] == alone[:3], line_
            assert result[3] >= merged, f"workers judged too little of {line_}"
        assert alone[3] == 0
    return [(code, out, err) for (code, out, err, _), *_ in found]


def entry(
    url: str = "", body: str = '{"meta": {"code": 200}, "data": {"name": "snow", "notices": 2}}'
) -> Any:
    made = har_entry(body)
    made["request"]["url"] = url or made["request"]["url"]
    return made


WRONG = entry(body='{"meta": {"code": 200}, "data": {"name": "snow", "notices": "two"}}')
MIXED = [
    *[entry()] * 10,
    WRONG,
    entry("https://other.test/v1/topics/snow"),
    entry("https://board.test/v1/nope"),
    {"request": 1},
    *[entry("https://board.test/v1/topics/slow"), WRONG] * 3,
    entry("https://board.test/v1/topics/faulty"),
    *[{"request": 2}, entry("https://board.test/v2/v1/topics/snow")] * 5,
    *[WRONG] * 8,
]


def test_a_file_is_judged_in_parts(file: Writer, tmp_path: Path) -> None:
    name = file("a.har", har(*MIXED))
    lines = file("a.jsonl", (GOOD + BAD + FOREIGN + UNKNOWN + "{}\n" + line("/v1/topics/slow")) * 6)
    known = tmp_path / "known.toml"
    results([name, "--baseline", str(known), "--update-baseline"])
    (code, out, err), *_ = same(
        [name, "--format", "json"],
        [name, "--format", "html"],
        [lines, "-v", "--host", "board.test", "--skip", "operation-known"],
        [name, "--baseline", str(known)],
        [name, "--strict"],
        [lines, lines, name, "--from", "jsonl"],
    )
    report = json.loads(out)
    assert (code, report["exchanges"], err.count("it is slow")) == (1, len(MIXED) - 4, 3)
    assert "a.har#14: not judged: it is slow" in err
    assert "a.har#20: not judged: wirecheck failed: KeyError at <string>:" in err
    assert "faulty" not in err
    sources = [finding["source"] for finding in report["findings"] if finding["pointer"]]
    assert sources[-1].endswith(f"a.har#{len(MIXED) - 1}")


def test_a_guess_that_was_wrong_is_found_out(file: Writer) -> None:
    nested = {**WRONG, "comment": [{"request": 1}] * 60}
    cut = har(*[entry()] * 15, WRONG)[:-300]
    readable = [entry()] * 15
    names = [
        file("nested.har", har(*readable, nested, WRONG, *[nested] * 5, WRONG)),
        file("cut.har", cut),
        file("blank.jsonl", GOOD * 10 + "\n" + BAD * 10 + "{\n"),
        file("late.jsonl", "{}\n" * 400 + BAD * 10),
        file("late.har", har(*[{"request": 1}] * 100, WRONG)),
        file("never.jsonl", "{}\n" * 400),
        file("twice.har", har(*readable).replace('"entries"', '"entries": [], "entries"')),
        file("after.har", har(*readable)[:-1] + ', "entries": []}'),
        file("more.har", har(*readable) + "x"),
    ]
    found = same(*[[name] for name in names], merged=0)
    assert [code for code, _, _ in found] == [1, 0, 1, 1, 1, 2, 2, 0, 0]
    assert "line 22: broken JSON" in found[2][1]


def test_files_are_judged_in_batches(tmp_path: Path) -> None:
    attached = entry()
    attached["response"]["content"] = {"size": 3, "mimeType": "application/json", "_file": "n/50.har"}
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("x.har", har(*MIXED))
        archive.writestr("README", "no recording")
    files: dict[str, bytes] = {
        **{f"m/{number}.jsonl": (BAD * 2).encode() for number in range(10)},
        **{f"m/{number}.txt": b"no recording" for number in range(50)},
        "m/all.jsonl.gz": gzip.compress((GOOD + BAD).encode() * 20),
        "m/empty.har.txt": b"",
        "m/large.har": har(*MIXED).encode(),
        "m/z.zip": zipped.getvalue(),
        **{f"n/{number}.har": har(WRONG).encode() for number in range(52)},
        "u.har": har(attached).encode(),
    }
    for name, content in files.items():
        path = tmp_path / "f" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    folder = str(tmp_path / "f")
    named = [str(tmp_path / "f" / "m" / f"{number}.jsonl") for number in range(10)]
    whole, missing = same([folder, "--format", "json"], [*named, f"{folder}/nothing"])
    assert "wirecheck: 52 files are no recordings: f/m/0.txt" in whole[2]
    assert "f/n/50.har" not in whole[1], "it is the body of another one"
    assert missing[0] == 2


def test_what_a_worker_did_not_finish_is_done_without_it(file: Writer) -> None:
    deadly = entry("https://board.test/v1/topics/deadly")
    name = file("a.har", har(*[entry()] * 10, deadly, *[WRONG] * 5, deadly))
    few, many = file("b.jsonl", BAD * 9), file("c.jsonl", (GOOD * 9 + line("/v1/topics/deadly")) * 3)
    ((code, _, err), *_) = same([name], [few, many, few, name, few])
    assert (code, err) == (1, "")


def test_an_interruption_ends_with_what_was_merged(file: Writer) -> None:
    name = file("a.jsonl", BAD * 60)
    arguments = [sys.executable, "-c", SCRIPT, json.dumps([2, ["check", name, "--format", "json"]])]
    done = subprocess.run(
        arguments, capture_output=True, check=True, env=plain_environment(), timeout=60, text=True
    )
    assert done.stderr.count("interrupted: reporting what was checked so far") == 1
    [[alone, *shared]] = json.loads(done.stdout)
    findings = json.loads(alone[1])["findings"]
    for code, out, *_ in shared:
        report = json.loads(out)
        assert (code, report["summary"]["interrupted"]) == (2, True)
        assert 0 < report["exchanges"] < 60
        assert report["findings"] == findings[: len(report["findings"])]


@pytest.mark.parametrize("jobs", ["0", "x"])
def test_the_number_of_jobs_is_positive(file: Writer, jobs: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wirecheck", "check", file("a.jsonl", GOOD), "--jobs", jobs],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, b"--jobs" in done.stderr) == (2, True)
