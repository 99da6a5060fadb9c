"""Speed and memory on a large document: python bench/large_document.py [MEGABYTES]

The document is generated from a seed. Each figure is a ratio of processor times in the same run, so that it
holds on any machine: a command in a process of its own / json.load of the document, of ten times the mean.
The peak of resident memory is printed beside it.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SEED = 14
MEGABYTE = 1 << 20
MOST_OF_LINT, MOST_OF_CHECK, MOST_FROM_CACHE = 90, 45, 15  # times as long as json.loads
MOST_MEMORY = 400 * MEGABYTE  # for 13 MB
TIMES = 10

NAMES = ("id", "name", "created_at", "owner", "parent", "size", "state", "tags", "description", "links")


def write_document(path: Path, megabytes: int) -> None:
    """Writes groups of an operation and five schemas that refer to each other, until it is large enough."""
    chance = random.Random(SEED)
    groups = [_group(chance, number) for number in range(20)]
    size = len(json.dumps(groups, indent=2)) // len(groups)
    groups += [_group(chance, number) for number in range(20, megabytes * MEGABYTE // size)]
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for item, described in groups:
        paths |= item
        schemas |= described
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Large", "version": "1"},
        "servers": [{"url": "https://large.test/v1"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _group(chance: random.Random, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [f"Item{number}x{index}" for index in range(5)]
    schemas = {name: _schema(chance, names) for name in names}
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{names[0]}"}}}
    operation = {
        "operationId": f"replaceItem{number}",
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
        "requestBody": {"content": content},
        "responses": {"200": {"description": "The item.", "content": content}},
    }
    return {f"/items{number}/{{id}}": {"put": operation}}, schemas


def _schema(chance: random.Random, names: list[str]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name in NAMES:
        kind = chance.choice(["string", "integer", "reference", "list", "nullable"])
        match kind:
            case "reference":
                properties[name] = {"$ref": f"#/components/schemas/{chance.choice(names)}"}
            case "list":
                properties[name] = {"type": "array", "items": {"type": "string", "maxLength": 40}}
            case "integer":
                properties[name] = {"type": "integer", "format": "int64", "example": chance.randrange(1000)}
            case _:
                properties[name] = {"type": "string", "example": "a text", "nullable": kind == "nullable"}
        if "$ref" not in properties[name]:
            properties[name]["description"] = "What it is, in a sentence that is as long as usual."
            properties[name]["readOnly"] = chance.random() < 0.1
    return {"type": "object", "required": chance.sample(NAMES, 3), "properties": properties}


def write_recording(path: Path) -> None:
    exchange = {
        "request": {"method": "PUT", "url": "https://large.test/v1/items7/1"},
        "status": 200,
        "headers": {"content-type": "application/json"},
        "body": {},
    }
    path.write_text(json.dumps(exchange) + "\n", encoding="utf-8")


def measure(arguments: list[str], caches: Path | None) -> tuple[float, int]:
    """The processor time of a command in Python in seconds, and its peak of resident memory in bytes."""
    setting = {"WIRECHECK_CACHE": "off"} if caches is None else {"XDG_CACHE_HOME": str(caches)}
    environment = {name: value for name, value in os.environ.items() if name != "WIRECHECK_CACHE"} | setting
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(arguments)}: exit code {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 13
    with tempfile.TemporaryDirectory() as folder:
        path, recording = Path(folder, "large.json"), Path(folder, "one.jsonl")
        caches = Path(folder, "caches")
        write_document(path, megabytes)
        write_recording(recording)
        sys.stdout.write(f"{path.stat().st_size / MEGABYTE:.0f} MiB\n")
        parse = f"import json\nfor _ in range({TIMES}): json.load(open({str(path)!r}, 'rb'))"
        unit = measure(["-c", parse], None)[0] / TIMES
        check = ["-m", "wirecheck", "check", "--spec", str(path), str(recording)]
        measure(check, caches)  # which stores the document
        for label, arguments, stored, most in (
            ("lint", ["-m", "wirecheck", "lint", str(path)], None, MOST_OF_LINT),
            ("check", check, None, MOST_OF_CHECK),
            ("check from the cache", check, caches, MOST_FROM_CACHE),
        ):
            seconds, memory = measure(arguments, stored)
            ratio = seconds / unit
            excess = "" if ratio <= most and memory <= MOST_MEMORY else "  TOO MUCH"
            figures = f"{ratio:.0f} times json.load (at most {most}), {memory / MEGABYTE:.0f} MiB"
            sys.stdout.write(f"{label}: {figures}{excess}\n")


if __name__ == "__main__":
    main()
