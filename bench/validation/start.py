"""What a command costs before it judges anything, and what a large document changes."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from bench.validation.corpus import Corpus, write_har
from bench.validation.processes import HERE, ROOT, SPEC, Usage, interleaved, python, run, wirecheck
from bench.validation.tables import Table

OPERATIONS = 1000
BARE = "python -c pass"
SMALL = ROOT / "examples" / "traffic.har"


def commands(folder: Path, rounds: int) -> Table:
    """Seconds from the start of a command to its end."""
    cache = {"XDG_CACHE_HOME": str(folder / "commands")}
    works: dict[str, Callable[[], Usage]] = {
        BARE: partial(run, python("-c", "pass")),
        "wirecheck --version": partial(run, wirecheck("--version"), cache),
        "wirecheck --help": partial(run, wirecheck("--help"), cache),
        "wirecheck check, 18 exchanges": partial(run, wirecheck("check", "--spec", SPEC, SMALL), cache),
    }
    most = {"wirecheck --version": "2.5", "wirecheck check, 18 exchanges": "6"}
    works["wirecheck check, 18 exchanges"]()  # which may store the document
    results, reasons = interleaved(works, rounds)
    rows = []
    for label, usages in results.items():
        pairs = list(zip(usages, results[BARE], strict=True))
        rows.append(
            [
                label,
                f"{median(usage.wall / bare.wall for usage, bare in pairs):.1f}",
                most.get(label, ""),
                f"{median(usage.wall for usage in usages) * 1e3:.0f}",
            ]
        )
    about = (
        "Times are multiples of that of a bare interpreter; the document is spec/openapi.yaml, in the cache."
    )
    notes = [f"{label}: {reason}" for label, reason in reasons.items()]
    return Table("Start", about, ["", "time", "target", "ms"], rows, notes)


def documents(folder: Path, seed: int, rounds: int) -> Table:
    """What a document of a thousand operations costs when it is loaded, and for each exchange."""
    large, recording = folder / "large.yaml", folder / "documents.har"
    write_document(large)
    entries = write_har(recording, Corpus("small", seed), megabytes=2)
    without, cache = {"WIRECHECK_CACHE": "off"}, {"XDG_CACHE_HOME": str(folder / "documents")}
    works: dict[str, Callable[[], float]] = {
        "libyaml": partial(_seconds, "libyaml", large),
        "load": partial(_seconds, "load", large, settings=without),
        "cached": partial(_seconds, "load", large, settings=cache),
        "few": partial(_seconds, "judge", SPEC, recording),
        "many": partial(_seconds, "judge", large, recording),
    }
    works["cached"]()  # which stores the document
    results, reasons = interleaved(works, rounds)
    if reasons:
        return Table("A document of 1,000 operations", next(iter(reasons.values())), [""], [])
    middle = {name: median(seconds) for name, seconds in results.items()}

    def ratio(name: str, other: str) -> str:
        return (
            f"{median(own / theirs for own, theirs in zip(results[name], results[other], strict=True)):.2f}"
        )

    def milliseconds(name: str) -> str:
        return f"{middle[name] * 1e3:.0f}"

    exchange = {name: f"{middle[name] / (entries - 10) * 1e3:.3f}" for name in ("few", "many")}
    rows = [
        ["parse it with libyaml", "1.00", "", milliseconds("libyaml")],
        ["load it, without the cache", ratio("load", "libyaml"), "1.5", milliseconds("load")],
        ["load it from the cache", ratio("cached", "libyaml"), "60 ms", milliseconds("cached")],
        ["judge an exchange, of 27 operations", "1.00", "", exchange["few"]],
        ["judge an exchange, of 1,000 operations", ratio("many", "few"), "1.0", exchange["many"]],
    ]
    about = (
        f"spec/openapi.yaml with more operations, 1,000 in all: {large.stat().st_size / 1e6:.1f} MB. Times"
        " are those of processors, without imports, as multiples of the first row of each kind."
    )
    return Table("A document of 1,000 operations", about, ["", "time", "target", "ms"], rows)


def write_document(path: Path) -> None:
    """Writes spec/openapi.yaml with more operations, each with its own schema, until there are 1,000."""
    document = yaml.load(SPEC.read_text(encoding="utf-8"), yaml.CSafeLoader)
    methods = ("get", "post", "put", "delete", "patch")
    count = sum(method in item for item in document["paths"].values() for method in methods)
    for number in range(count, OPERATIONS):
        document["paths"][f"/shelves/{number}/books/{{book_id}}"] = {"get": _operation(number)}
        document["components"]["schemas"][f"Book{number}"] = _schema(number)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(document, file, yaml.CSafeDumper, allow_unicode=True, sort_keys=False)


def _operation(number: int) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/Book{number}"}}}
    parameter = {
        "name": "book_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "maxLength": 40},
    }
    return {
        "operationId": f"getBook{number}",
        "summary": f"Get a book of shelf {number}.",
        "parameters": [parameter],
        "responses": {"200": {"description": "A book.", "content": content}},
    }


def _schema(number: int) -> dict[str, Any]:
    properties = {
        name: {"type": "string", "maxLength": number} for name in ("id", "title", "author", "language")
    }
    return {"type": "object", "required": ["id", "title"], "properties": properties}


def _seconds(task: str, *paths: Path, settings: Mapping[str, str] | None = None) -> float:
    return float(run(python(HERE / "loading.py", task, *paths), settings).output)
