"""What --wirecheck-spec costs a suite of small tests: python bench/plugin.py [ROUNDS]

The suite has 300 tests of an API of FastAPI, each of one or two requests; nearly all that it does is to call
the application. The figure is the processor time of the tests with the option / without it, without other
plugins, the median of pairs of runs that alternate (target: at most 1.05). The processor time that comes once
for a run, to load the toolkit and the document, to summarize and to end, is shown beside it.
"""

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

MOST = 1.05
APP = """
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI(title="Shop")


class Missing(BaseModel):
    detail: str


class Item(BaseModel):
    id: int
    name: str
    tags: list[str] = []
    price: float


ITEMS = [Item(id=number, name=f"item {number}", tags=["a", "b"], price=number / 2) for number in range(100)]


@app.get("/items", response_model=list[Item])
def items(limit: int = 20):
    return ITEMS[:limit]


@app.get("/items/{id}", response_model=Item, responses={404: {"model": Missing}})
def item(id: int):
    if id >= len(ITEMS):
        raise HTTPException(404)
    return ITEMS[id]


@app.post("/items", response_model=Item, status_code=201)
def create(item: Item):
    return item
"""
TESTS = """
import time
import pytest
from fastapi.testclient import TestClient
from app import app

client = TestClient(app)


@pytest.fixture(scope="session", autouse=True)
def seconds():
    started = time.process_time()
    yield
    print(f"SECONDS {time.process_time() - started}")


@pytest.mark.parametrize("id", range(100))
def test_item(id):
    response = client.get(f"/items/{id}")
    assert response.json()["id"] == id


@pytest.mark.parametrize("limit", range(100))
def test_items(limit):
    assert len(client.get("/items", params={"limit": limit}).json()) == limit
    assert client.get("/items/1000").status_code == 404


@pytest.mark.parametrize("id", range(100))
def test_create(id):
    item = {"id": id, "name": "new", "price": 1.5}
    assert client.post("/items", json=item).json() == {**item, "tags": []}
    assert client.post("/items", json={}).status_code == 422
"""


def measured(folder: Path, *arguments: str) -> tuple[float, float]:
    """Seconds of the processor for the tests, and for the whole process."""
    options = ["-q", "-s", "-p", "no:cacheprovider", "-p", "wirecheck.conformance.plugin"]
    command = [sys.executable, "-m", "pytest", *options, *arguments]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=alone, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = re.search(r"SECONDS ([0-9.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1]), whole


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "app.py").write_text(APP)
        (folder / "test_app.py").write_text(TESTS)
        code = "import json; from app import app; print(json.dumps(app.openapi()))"
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join([name, os.environ.get("PYTHONPATH", "")])}
        dumped = subprocess.run(
            [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
        )
        (folder / "openapi.json").write_text(json.dumps(json.loads(dumped.stdout)))
        measured(folder, "--wirecheck-spec", "openapi.json")
        pairs = [
            (measured(folder), measured(folder, "--wirecheck-spec", "openapi.json")) for _ in range(rounds)
        ]
    ratio = statistics.median(judged[0] / plain[0] for plain, judged in pairs)
    plain, judged = (statistics.median(times[side][0] for times in pairs) for side in (0, 1))
    start = statistics.median(judged[1] - judged[0] - plain[1] + plain[0] for plain, judged in pairs)
    sys.stdout.write(
        f"300 tests: {plain:.2f} s, {judged:.2f} s judged: {ratio:.3f} (target: at most {MOST})\n"
    )
    sys.stdout.write(
        f"once for a run: {start:.2f} s to load the toolkit and the document, to summarize and to end\n"
    )
    sys.exit(ratio > MOST)


if __name__ == "__main__":
    main()
