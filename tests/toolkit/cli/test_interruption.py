"""Ctrl-C ends `check` with a report on what was checked until then; a second one ends it at once."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from support.commands import BAD, GOOD, Writer, plain_environment

# Says "at" with a place and waits for a signal there: at the end of a recording, and within a report.
SCRIPT = """
import os, signal, sys
from wirecheck import reports
from wirecheck.__main__ import main
from wirecheck.recordings import jsonl

def wait(place):
    print("at", place, file=sys.stderr, flush=True)
    signal.pause()

def read(*arguments, whole=jsonl.read):
    yield from whole(*arguments)
    wait("recording")

def report(of, whole=reports.FORMATS["json"]):
    pieces = whole(of)
    yield next(pieces)
    if "slowly" in os.environ:
        wait("report")
    yield from pieces

jsonl.read = read
reports.FORMATS["json"] = report
main()
"""


def started(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, "check", "--format", "json", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=plain_environment(**environment),
    )


def interrupt(process: "subprocess.Popen[str]", place: str) -> None:
    """Presses Ctrl-C once the process is at a place."""
    assert process.stderr is not None
    while line := process.stderr.readline():
        if line == f"at {place}\n":
            process.send_signal(signal.SIGINT)
            return
    raise AssertionError(f"the process ended before it was at the {place}")


def test_what_was_checked_is_reported(file: Writer, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    for arguments in ((), ("--output", str(report))):
        with started(file("a.jsonl", GOOD + BAD), file("b.jsonl", BAD), *arguments) as process:
            interrupt(process, "recording")
            out, err = process.communicate(timeout=60)
        judged = json.loads(report.read_text("utf-8") if arguments else out)
        assert (judged["exchanges"], judged["summary"]["interrupted"]) == (2, True)
        assert [finding["source"].rpartition("/")[2] for finding in judged["findings"]] == ["a.jsonl#1"]
        assert process.returncode == 2, "although a violation was found"
        assert err.startswith("\nwirecheck: interrupted: reporting what was checked so far; press Ctrl-C")
        assert err.count("\n") == 2


def test_a_second_interruption_ends_at_once_and_leaves_nothing_half_written(
    file: Writer, tmp_path: Path
) -> None:
    report = Path(file("report.json", "before"))
    with started(file("a.jsonl", BAD), "--output", str(report), slowly="1") as process:
        interrupt(process, "recording")
        interrupt(process, "report")
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.strip() == "wirecheck: interrupted"
    assert report.read_text("utf-8") == "before"
    assert {path.name for path in tmp_path.iterdir()} == {"a.jsonl", "report.json"}


def test_an_interrupted_run_does_not_update_a_baseline(file: Writer, tmp_path: Path) -> None:
    baseline = tmp_path / "known.toml"
    with started(file("a.jsonl", BAD), "--baseline", str(baseline), "--update-baseline") as process:
        interrupt(process, "recording")
        _, err = process.communicate(timeout=60)
    assert (process.returncode, baseline.exists()) == (2, False)
    assert err.endswith("known.toml is not updated, as the run was interrupted\n")


def test_the_exchange_that_is_being_judged_is_judged_to_its_end(file: Writer) -> None:
    judging = """
import os, signal
from wirecheck.checks import Judge
from wirecheck.__main__ import main

def judge(self, exchange, whole=Judge.judge):
    os.kill(os.getpid(), signal.SIGINT)
    return whole(self, exchange)

Judge.judge = judge
main()
"""
    command = [sys.executable, "-c", judging, "check", file("a.jsonl", BAD * 3)]
    done = subprocess.run(
        command, capture_output=True, check=False, env=plain_environment(), timeout=60, text=True
    )
    assert done.returncode == 2
    assert (
        "\nInterrupted: this is about what was checked until then.\n1 exchange checked against" in done.stdout
    )
    assert "body-matches-schema\n" in done.stdout
