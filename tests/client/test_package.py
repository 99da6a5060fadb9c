"""The generated package: it is up to date and complete, and quick to import."""

import re
import subprocess
import sys

import pytest

from instagram_client import AsyncInstagram, Instagram
from support.paths import ROOT
from wirecheck.generate import drift
from wirecheck.migration import render
from wirecheck.spec import Spec


def run(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False, env=more or None
    )


def test_the_client_is_up_to_date() -> None:
    assert drift(ROOT / "spec" / "openapi.yaml", ROOT / "generated", "instagram_client") == []
    names = {"README.md", "api.md", "instagram_client", "pyproject.toml"}
    assert {path.name for path in (ROOT / "generated").iterdir()} - {".gitignore"} == names


@pytest.mark.parametrize("kind", [Instagram, AsyncInstagram])
def test_every_operation_has_a_method(spec: Spec, kind: type[Instagram | AsyncInstagram]) -> None:
    client = kind(access_token="T")
    for operation in spec.operations:
        value = spec.document.get(operation.pointer)
        resource, _, method = value.get("x-resource", "").partition(".")
        if resource:
            assert value["summary"].rstrip(".") in getattr(getattr(client, resource), method).__doc__


def test_importing_it_loads_httpx2_and_little_else() -> None:
    code = "import sys; import {}; print(*sys.modules)"
    ours, bare = (set(run("-c", code.format(name)).stdout.split()) for name in ("instagram_client", "httpx2"))
    assert "instagram_client._sync" in ours
    more = {name for name in ours - bare if name.partition(".")[0] != "instagram_client"}
    assert more <= {"hmac"}
    late = ("models", "api", "types", "client", "_async", "ids", "webhooks")
    assert not [name for name in ours if name.startswith(tuple(f"instagram_client.{each}" for each in late))]


@pytest.mark.no_cover
def test_the_tour_calls_every_operation_without_a_violation() -> None:
    done = run("examples/run.py")
    assert done.returncode == 0, done.stderr
    assert "29 exchanges checked against" in done.stdout
    assert "27 of 33 operations exercised.\nAll checks passed." in done.stdout
    assert done.stderr == ""


def test_the_migration_guide_is_up_to_date(spec: Spec) -> None:
    page = "".join(render(spec))
    assert (ROOT / "docs" / "migration.md").read_text(encoding="utf-8") == page
    for operation in spec.operations:
        [row] = re.findall(
            rf"^\| `{re.escape(f'{operation.method} {operation.template}')}` .*", page, re.MULTILINE
        )
        assert " - | **none**" not in row, "an operation was removed without a date"
