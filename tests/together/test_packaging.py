"""The GitHub Action, the hooks for pre-commit, and the container image, as far as they need no network."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from email.message import Message
from email.parser import HeaderParser
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from packaging.requirements import Requirement

from support.paths import EXAMPLES, ROOT
from support.serving import callback
from wirecheck.cli import commands

pytestmark = pytest.mark.no_cover

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = {
    hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}
INPUTS = ACTION["inputs"].keys()
INSTALL, RUN = ACTION["runs"]["steps"]


class Step(NamedTuple):
    """What a step of the action left behind."""

    code: int
    log: str
    outputs: str
    summary: str


def run_step(step: Mapping[str, Any], folder: Path, cwd: Path, **variables: str) -> Step:
    """Runs the script of a step as the runner does."""
    files = {name: folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.write_bytes(b"")
    script = folder / "script.sh"
    script.write_text(step["run"], encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WIRECHECK_")}
    named = {name: str(path) for name, path in files.items()}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=cwd,
        env={**inherited, **named, "RUNNER_TEMP": str(folder), "GITHUB_ACTION_PATH": str(ROOT), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    outputs, summary = (path.read_text(encoding="utf-8") for path in files.values())
    return Step(done.returncode, done.stdout, outputs, summary)


def act(folder: Path, cwd: Path, /, **inputs: str) -> Step:
    """Runs the action by the wirecheck at hand; names of inputs have underscores for hyphens."""
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert given.keys() <= INPUTS
    values = {name: given.get(name, entry["default"]) for name, entry in ACTION["inputs"].items()}
    wirecheck = Path(sys.executable).with_name("wirecheck")
    expressions = {f"${{{{ inputs.{name} }}}}": value for name, value in values.items()}
    expressions["${{ steps.install.outputs.wirecheck }}"] = str(wirecheck)
    step = run_step(
        RUN, folder, cwd, **{name: expressions[expression] for name, expression in RUN["env"].items()}
    )
    assert step.outputs == f"exit-code={step.code}\n"
    return step


# The action


def test_no_script_of_the_action_has_an_expression() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]


def test_every_input_of_the_action_is_handed_over() -> None:
    texts = [*RUN["env"].values(), RUN["working-directory"]]
    assert {name for text in texts for name in re.findall(r"inputs\.([\w-]+)", text)} == INPUTS


DOCUMENT = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        "200":
          description: All things.
          content: {application/json: {schema: {type: array, items: {type: string}}}}
"""


@pytest.fixture
def things(tmp_path: Path) -> Path:
    """The checkout of a workflow, with a document."""
    folder = tmp_path / "my things"
    (folder / ".git").mkdir(parents=True)
    (folder / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    return folder


def test_the_action_lints_the_document_by_default(tmp_path: Path, things: Path) -> None:
    (things / "openapi.yaml").write_text(DOCUMENT.replace("description: All", "descripton: All"))
    step = act(tmp_path, things)
    assert step.code == 1
    assert step.log.startswith("error valid-openapi\n")
    assert "\n::error file=openapi.yaml,line=8,title=valid-openapi::" in step.log
    assert step.summary.startswith("## wirecheck lint\n\n    error valid-openapi\n")


def test_the_action_checks_recordings(tmp_path: Path) -> None:
    site = EXAMPLES / "site"
    step = act(tmp_path, site, command="check", spec="openapi.yaml", recordings="\n  traffic.har\n")
    assert step.code == 1
    assert "9 of 24 exchanges checked" in step.log
    [annotation] = [line for line in step.log.splitlines() if line.startswith("::")]
    assert "title=body-matches-schema in getNote" in annotation
    assert "body-matches-schema" in step.summary
    skipped = "--skip\nbody-matches-schema\n"
    assert act(tmp_path, site, command="check", recordings="traffic.har", args=skipped).code == 0


def test_the_action_tests_a_server(tmp_path: Path, things: Path) -> None:
    def respond(_: str, __: str, headers: dict[str, str], ___: bytes) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Type": "application/json"}, b"[1]"

    with callback(respond) as url:
        step = act(tmp_path, things, command="conform", url=url, token="k7Qm2xW9vT4bN8pR3z")
    assert step.code == 1
    assert "violated  listThings" in step.log
    assert "listThings" in step.summary
    assert "k7Qm2xW9vT4bN8pR3z" not in step.log + step.summary


@pytest.mark.parametrize(
    "inputs",
    [
        {"spec": "missing.yaml"},
        {"command": "check", "recordings": "missing.har"},
        {"command": "conform"},
    ],
    ids=str,
)
def test_the_action_never_passes_unusable_input(inputs: dict[str, str], tmp_path: Path, things: Path) -> None:
    assert act(tmp_path, things, **inputs).code == 2


HOSTILE = "$(touch run) `touch run` \"; touch run; ' ; touch run"


@pytest.mark.parametrize("command", ["lint", "check", "conform", HOSTILE])
def test_no_input_of_the_action_is_run(command: str, tmp_path: Path, things: Path) -> None:
    others = {name.replace("-", "_") for name in INPUTS} - {"command", "working_directory"}
    assert act(tmp_path, things, command=command, **dict.fromkeys(others, HOSTILE)).code == 2
    assert [path for path in tmp_path.rglob("run") if path.is_file()] == []


def test_the_action_says_which_python_it_needs(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python3"
    python.parent.mkdir()
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    step = run_step(INSTALL, tmp_path, tmp_path, PATH=f"{python.parent}{os.pathsep}{os.environ['PATH']}")
    assert step.code == 2
    assert step.log.startswith("::error title=wirecheck::Python 3.11 or newer is required")


@pytest.mark.parametrize("page", ["use-the-github-action.md", "use-pre-commit.md"])
def test_the_how_tos_name_what_there_is(page: str) -> None:
    text = (ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    used = [entry for block in blocks for entry in entries(yaml.safe_load(block))]
    assert used
    for entry in used:
        if "uses" in entry:
            assert entry.get("with", {}).keys() <= INPUTS
        else:
            assert entry["id"] in HOOKS
    rows = {*re.findall(r"^\| `([\w-]+)`", text, re.MULTILINE)}
    assert rows == (INPUTS if page == "use-the-github-action.md" else HOOKS.keys())


def entries(value: Any) -> Iterator[dict[str, Any]]:
    """The steps that use the action, and the hooks, of an example."""
    if isinstance(value, dict):
        step = str(value.get("uses", ""))
        if step.startswith("OWNER/") or ("id" in value and not step):
            yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from entries(each)


# The lock of the toolkit


def pins(lock: Path) -> dict[str, list[str]]:
    """The hashes of each version, which is NAME==VERSION."""
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    return {entry.split()[0]: [*re.findall(r"--hash=(\S+)", entry)] for entry in entries}


def required(requirement: Requirement, names: set[str]) -> None:
    """Adds the names of all that is installed here for the sake of a requirement."""
    environments = [{"extra": extra} for extra in ("", *requirement.extras)]
    found = distribution(requirement.name)
    for each in map(Requirement, found.requires or []):
        name = re.sub(r"[-_.]+", "-", each.name).lower()
        if name not in names and (not each.marker or any(map(each.marker.evaluate, environments))):
            names.add(name)
            required(each, names)


def test_the_lock_of_the_toolkit_is_complete_and_a_part_of_the_other() -> None:
    lock = pins(ROOT / "tools" / "wirecheck" / "requirements.lock")
    all_ = pins(ROOT / "requirements.lock")
    assert {version: all_[version] for version in lock} == lock, "make lock"
    assert all(lock.values())
    names = {"hatchling"}
    extras = distribution("wirecheck").metadata.get_all("Provides-Extra", [])
    required(Requirement(f"wirecheck[{','.join(extras)}]"), names)
    required(Requirement("hatchling"), names)
    assert names <= {version.partition("==")[0] for version in lock}, "make lock"


# The hooks for pre-commit


def test_the_hooks_run_commands() -> None:
    for hook in HOOKS.values():
        program, command, *_ = hook["entry"].split()
        assert program == "wirecheck"
        assert command in commands.commands


@pytest.mark.parametrize(
    ("name", "hooks"),
    [
        ("openapi.yaml", {"wirecheck-lint", "wirecheck-generate"}),
        ("api/openapi.json", {"wirecheck-lint", "wirecheck-generate"}),
        ("tests/shop.har", {"wirecheck-check"}),
        ("tests/shop.har.gz", {"wirecheck-check"}),
        ("my-openapi.yaml", set()),
        ("README.md", set()),
    ],
)
def test_the_hooks_run_for_documents_and_recordings(name: str, hooks: set[str]) -> None:
    assert {id_ for id_, hook in HOOKS.items() if re.search(hook["files"], name)} == hooks


def test_what_pre_commit_installs_brings_the_toolkit(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert {name.partition("/")[0].rpartition(".")[2] for name in archive.namelist()} == {"dist-info"}
        [path] = [name for name in archive.namelist() if name.endswith("/METADATA")]
        metadata: Message = HeaderParser().parsestr(archive.read(path).decode())
    [requirement] = map(Requirement, metadata.get_all("Requires-Dist", []))
    assert (requirement.name, requirement.extras) == ("wirecheck", {"generate", "recordings"})
    assert requirement.url == (ROOT / "tools" / "wirecheck").as_uri()


# The container image


def test_the_image_is_made_of_what_is_let_through() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*"
    sources = re.findall(r"^COPY (?!--from)(\S+) \S+$", dockerfile, re.MULTILINE)
    assert sources
    for source in sources:
        assert (ROOT / source).exists()
        assert any(line[0] == "!" and source.startswith(line[1:]) for line in ignored)


def test_the_image_is_pinned_and_not_run_by_root() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len({*bases}) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", bases[0])
    [user] = re.findall(r"^USER (\d+):", dockerfile, re.MULTILINE)
    assert int(user) > 0
