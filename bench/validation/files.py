"""Whole recordings: wirecheck check against json.load, and its memory by the number of entries."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from bench.validation import peers
from bench.validation.corpus import Corpus, Kind, write_har
from bench.validation.processes import (
    HERE,
    SPEC,
    UnmeasuredError,
    Usage,
    interleaved,
    medians,
    python,
    run,
    wirecheck,
)
from bench.validation.tables import Table

BASELINES = HERE / "baselines.py"
JSON = "json.load + json.loads of each body"
HALF = ", every second one violated"
CHECK = "wirecheck check"
NO_LAWS = f"{CHECK} --no-laws"
TWO_JOBS = ", two jobs"
MOST_MEMORY = 64e6  # bytes of a process

# Times as long as JSON.
MOST: dict[Kind, dict[str, float]] = {
    "pages": {
        NO_LAWS: 0.4,
        CHECK: 0.9,
        f"{CHECK}{HALF}": 1.5,
    },
    "small": {NO_LAWS: 0.8, CHECK: 1.6},
}
ABOUT = {"pages": "Pages of media of 44 KB", "small": "Small bodies of 1.5 KB"}


def speed(folder: Path, kind: Kind, seed: int, megabytes: float, rounds: int) -> Table:
    """How long recordings take, in which one exchange of 20 violates the schema, and one of two."""
    path, half, sample = folder / f"{kind}.har", folder / f"{kind}-half.har", folder / f"{kind}-sample.har"
    entries = write_har(path, Corpus(kind, seed, every=20), megabytes=megabytes)
    write_har(half, Corpus(kind, seed, every=2), megabytes=megabytes)
    write_har(sample, Corpus(kind, seed, every=20), megabytes=min(megabytes, 2))
    check = ("check", "--spec", SPEC, "--jobs")
    works: dict[str, Callable[[], Usage]] = {
        "a plain read": partial(run, python(BASELINES, "read", path)),
        "orjson.loads of the file and of each body": partial(_with_peer, "orjson", path),
        JSON: partial(run, python(BASELINES, "json", path)),
        f"{JSON}{HALF}": partial(run, python(BASELINES, "json", half)),
        NO_LAWS: partial(run, wirecheck(*check, "1", "--no-laws", path)),
        f"{NO_LAWS}{TWO_JOBS}": partial(run, wirecheck(*check, "2", "--no-laws", path)),
        CHECK: partial(run, wirecheck(*check, "1", path)),
        f"{CHECK}{TWO_JOBS}": partial(run, wirecheck(*check, "2", path)),
        f"{CHECK}{HALF}": partial(run, wirecheck(*check, "1", half)),
        f"{CHECK}{HALF}{TWO_JOBS}": partial(run, wirecheck(*check, "2", half)),
        "json.load + openapi-core (estimated)": partial(_by_openapi_core, path),
        "Redocly drift (estimated)": partial(_by_drift, sample, path.stat().st_size / sample.stat().st_size),
    }
    results, reasons = interleaved(works, rounds)
    rows = []
    for label, usages in results.items():
        unit = results[f"{JSON}{HALF}" if HALF in label else JSON]
        most = MOST[kind].get(label.removesuffix(TWO_JOBS))
        rows.append(_row(label, usages, unit, most, path.stat().st_size))
    rows += [[label, *"–––––"] for label in reasons]
    notes = [f"{label}: {reason}" for label, reason in reasons.items()]
    ratios = [
        median(alone.wall / two.wall for alone, two in zip(results[work], results[both], strict=True))
        for work in works
        if (both := f"{work}{TWO_JOBS}") in results and work in results
    ]
    if ratios:
        times = f"{min(ratios):.2f} to {max(ratios):.2f} times"
        notes.append(f"Two jobs are {times} as fast as one (target: at least 1.8).")
    notes.append(
        "openapi-core validates the responses of the first 40 entries, from which the others are estimated."
    )
    notes.append(
        f"Redocly drift judges the first {sample.stat().st_size / 1e6:.0f} MB, from which its time is"
        " estimated, its start included. It also reports each valid exchange, for the token in its query."
    )
    about = (
        f"{ABOUT[kind]}, with 12 headers of the request and 13 of the response: {entries:,} exchanges in"
        f" {path.stat().st_size / 1e6:.0f} MB of HAR. One of 20 violates its schema. Each row is a process,"
        " its start included; times are multiples of that of json.load and of json.loads of each body."
    )
    return Table(
        f"A recording of {'pages' if kind == 'pages' else 'small bodies'}",
        about,
        ["", "time", "target", "processor", "MB/s", "MB"],
        rows,
        notes,
    )


def memory(folder: Path, seed: int, counts: Sequence[int]) -> Table:
    """The peak of memory for recordings of some numbers of entries."""
    rows = []
    notes = []
    for count in counts:
        path = folder / "entries.har"
        write_har(path, Corpus("small", seed, every=20), entries=count)
        size = path.stat().st_size
        try:
            usage = run(wirecheck("check", "--spec", SPEC, "--jobs", "1", path))
        except UnmeasuredError as error:
            notes.append(f"{count:,}: {error}")
            continue
        finally:
            path.unlink()
        rows.append([f"{count:,} entries", f"{size / 1e6:,.0f}", f"{usage.memory / 1e6:.0f}", "64"])
    about = "The peak of resident memory of one process of `wirecheck check`, by the number of exchanges."
    return Table("Memory", about, ["", "MB of HAR", "MB resident", "target"], rows, notes)


def _row(
    label: str, usages: Sequence[Usage], unit: Sequence[Usage], most: float | None, size: int
) -> list[str]:
    pairs = list(zip(usages, unit, strict=True))
    middle = medians(usages)
    return [
        label,
        f"{median(usage.wall / one.wall for usage, one in pairs):.2f}",
        f"{most:.1f}" if most else "",
        f"{median(usage.processor / one.processor for usage, one in pairs):.2f}",
        f"{size / 1e6 / middle.wall:,.1f}",
        f"{middle.memory / 1e6:,.0f}",
    ]


def _with_peer(name: str, path: Path) -> Usage:
    return run([peers.python(), str(BASELINES), name, str(path), str(SPEC)])


def _by_openapi_core(path: Path) -> Usage:
    usage = _with_peer("openapi-core", path)
    others = float(usage.output)
    return usage._replace(wall=usage.wall + others, processor=usage.processor + others)


def _by_drift(sample: Path, times: float) -> Usage:
    program, modules = peers.node()
    cli = modules / "@redocly" / "cli" / "bin" / "cli.js"
    report = sample.with_suffix(".json")
    options = ["--api", str(SPEC), "--format", "json", "--output", str(report)]
    offline = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    usage = run([program, str(cli), "drift", str(sample), *options], offline)
    return usage._replace(wall=usage.wall * times, processor=usage.processor * times)
