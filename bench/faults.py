"""What finds the planted faults.

PYTHONPATH=tests python bench/faults.py [NAME|KIND ...] [--seconds N] [--conform-only]

Every fault of tests/faults.py, on a server of its own, is looked for by `wirecheck conform` and by
`schemathesis run`. What is known already, in .faults.json, is not tried again; docs/faults.md is made
of it. A fault counts as found by Schemathesis when it reports a failure, by check and operation, that
it does not report on the server without a fault.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from faults import FAULTS, Fault
from instagram_server import Settings, create_app
from instagram_server.cli import listen
from test_faults import LACKING, TOKENS, VALUES
from wirecheck.conform import Options, laboratory, promises, run
from wirecheck.conform.asgi import InProcess
from wirecheck.spec import bundled, load

ROOT = Path(__file__).parents[1]
STATE, PAGE, BASELINE = ROOT / ".faults.json", ROOT / "docs" / "faults.md", "none"
Found = dict[str, dict[str, Any]]
"""By name of the fault, by tool: whether it was found, the seconds, and by Schemathesis what was told."""

CONFIGURATION = f"""\
[auth.openapi.access_token]
api_key = "{TOKENS["all"]}"
[auth.openapi.oauth]
bearer = "{TOKENS["all"]}"
"""


def app_of(fault: Fault | None) -> Any:
    app = create_app(Settings(rate_limit=None, write_limit=None))
    return fault.wrap(app) if fault else app


def conform(fault: Fault | None) -> bool:
    """Whether a complete run finds something broken."""
    spec = load(bundled())
    options = Options(url="http://server.test/v1", token=TOKENS["all"], lacking=LACKING, values=VALUES)
    with httpx.Client(transport=InProcess(app_of(fault))) as http:
        return run(laboratory(spec, options, http), promises(spec)).broken


@contextmanager
def served(fault: Fault | None) -> Iterator[str]:
    """The address of a server on the loopback interface, made in the thread that it runs in."""
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(partial(app_of, fault), factory=True, log_level="critical", lifespan="off")
    )
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def schemathesis(fault: Fault | None, seconds: int) -> list[str]:
    """The failures that it reports, as operation and check."""
    with served(fault) as address, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "schemathesis.toml").write_text(CONFIGURATION, encoding="utf-8")
        report = home / "events.ndjson"
        command = [
            *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"),
            *("--config-file", "schemathesis.toml", "run", str(bundled()), "--url", f"{address}/v1"),
            *("--seed", "1", "--max-examples", "10", "--generation-database", "none", "--no-shrink"),
            *("--continue-on-failure", "--report-ndjson-path", str(report), "--no-color"),
        ]
        process = subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()
        lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    return sorted({told for line in lines for told in _failures(line)})


def _failures(line: str) -> Iterator[str]:
    """Of one event; the last one may be cut off."""
    try:
        event = json.loads(line)
    except ValueError:
        return
    pending: list[tuple[str, Any]] = [("", event)]
    while pending:
        label, value = pending.pop()
        if isinstance(value, dict):
            label = value["label"] if isinstance(value.get("label"), str) else label
            if value.get("status") == "failure" and isinstance(value.get("name"), str):
                yield f"{label}: {value['name']}"
            pending += [(label, one) for one in value.values()]
        elif isinstance(value, list):
            pending += [(label, one) for one in value]


def table(found: Found) -> Iterator[str]:
    """docs/faults.md."""
    yield "# What finds the planted faults\n\n"
    yield "Made by `make faults` of tests/faults.py: each fault alone, on a server of its own. Seconds are\n"
    yield "those of a complete run; Schemathesis, with token and 10 examples for each operation, is stopped\n"
    yield "when its time is up.\n\n"
    yield "| kind | faults | conform | Schemathesis |\n|---|---|---|---|\n"
    tried = {name: found[name] for name in FAULTS if name in found}
    for kind in dict.fromkeys(fault.kind for fault in FAULTS.values()):
        of_kind = [one for name, one in tried.items() if FAULTS[name].kind == kind]
        yield _sums(kind, of_kind)
    yield _sums("all", list(tried.values())) + "\n"
    yield "| fault | kind | what is wrong | conform | Schemathesis |\n|---|---|---|---|---|\n"
    for name, one in tried.items():
        cells = " | ".join(_cell(one.get(tool)) for tool in ("conform", "schemathesis"))
        yield f"| {name} | {FAULTS[name].kind} | {FAULTS[name].text} | {cells} |\n"


def _sums(what: str, rows: list[dict[str, Any]]) -> str:
    return f"| {what} | {len(rows)} | {_share(rows, 'conform')} | {_share(rows, 'schemathesis')} |\n"


def _share(rows: list[dict[str, Any]], tool: str) -> str:
    tried = [row[tool]["found"] for row in rows if tool in row]
    return f"{sum(tried)} of {len(tried)}" if tried else ""


def _cell(one: dict[str, Any] | None) -> str:
    return "" if one is None else f"{'found' if one['found'] else '**no**'}, {one['seconds']:.0f} s"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="names or kinds of faults")
    parser.add_argument("--seconds", type=int, default=20, help="that Schemathesis has for a fault")
    parser.add_argument("--conform-only", action="store_true")
    given = parser.parse_args()
    found: Found = json.loads(STATE.read_text(encoding="utf-8")) if STATE.exists() else {}
    if not given.conform_only and BASELINE not in found:
        found[BASELINE] = {"told": schemathesis(None, 3 * given.seconds)}
    for name, fault in FAULTS.items():
        if given.only and not {name, fault.kind} & set(given.only):
            continue
        known = found.setdefault(name, {})
        if "conform" not in known:
            began = time.perf_counter()
            known["conform"] = {"found": conform(fault), "seconds": time.perf_counter() - began}
        if "schemathesis" not in known and not given.conform_only:
            began = time.perf_counter()
            told = sorted(set(schemathesis(fault, given.seconds)) - set(found[BASELINE]["told"]))
            known["schemathesis"] = {
                "found": bool(told),
                "seconds": time.perf_counter() - began,
                "told": told,
            }
        STATE.write_text(json.dumps(found, indent=1), encoding="utf-8")
        cells = f"{_cell(known['conform'])} {_cell(known.get('schemathesis'))}".strip()
        sys.stdout.write(f"{name} {cells}\n")
        sys.stdout.flush()
    PAGE.write_text("".join(table(found)), encoding="utf-8")
    return int(not all(one["conform"]["found"] for name, one in found.items() if name in FAULTS))


if __name__ == "__main__":
    sys.exit(main())
