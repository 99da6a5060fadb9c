"""`--also NAME` adds to the names whose values are masked, in every command that shows values."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.commands import BAD, Capture, Writer, result_of
from support.conforming import TOKEN, document, loaded
from support.serving import callback
from wirecheck import fuzz
from wirecheck.conform import Transport
from wirecheck.fuzz import FuzzOptions

DOOR = "left wing 12"
PROVOKING, LIMITED = "provoking-0123456789abcdef", "limited-0123456789abcdef"


def test_values_below_an_added_name_are_masked(file: Writer, capsys: Capture) -> None:
    recording = file("a.jsonl", BAD.replace('\\"two\\"', '\\"two of them\\"'))
    assert 'is "two of them"' in result_of(capsys, "check", recording)[1]
    code, out, err = result_of(capsys, "check", recording, "--also", "door-number", "--also", "Notices")
    assert (code, err) == (1, "")
    assert "is [redacted], a string, not an integer" in " ".join(out.split())


def test_names_may_come_from_the_environment(
    file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = file("a.jsonl", BAD.replace('\\"two\\"', '\\"two of them\\"'))
    monkeypatch.setenv("WIRECHECK_ALSO", "door-number notices")
    assert "two of them" not in result_of(capsys, "check", recording)[1]


@pytest.fixture
def things(tmp_path: Path) -> str:
    """A document whose door is a number, and requires a scope."""
    schema = {"type": "object", "properties": {"door": {"type": "integer"}}}
    content = {"application/json": {"schema": schema}}
    get = {"responses": {"200": {"description": "Fine.", "content": content}}, "security": [{"oauth": ["s"]}]}
    flow = {"authorizationUrl": "https://a.test/", "tokenUrl": "https://a.test/", "scopes": {"s": "x"}}
    schemes = {"oauth": {"type": "oauth2", "flows": {"authorizationCode": flow}}}
    path = tmp_path / "things.json"
    described = document({"/things": {"get": get}}) | {"components": {"securitySchemes": schemes}}
    path.write_text(json.dumps(described))
    return str(path)


@pytest.fixture
def url() -> Iterator[str]:
    """A server whose door is a text."""
    body = json.dumps({"door": DOOR}).encode()
    with callback(lambda *_: (200, {"Content-Type": "application/json"}, body)) as origin:
        yield f"{origin}/v1"


@pytest.mark.usefixtures("no_waits")
def test_conform_and_replay_mask_the_values_of_an_added_name(
    things: str, url: str, tmp_path: Path, capsys: Capture
) -> None:
    plain = ["conform", url, "--spec", things, "--token", TOKEN, "--save", str(tmp_path / "plain")]
    assert DOOR in result_of(capsys, *plain)[1]
    saved = tmp_path / "saved"
    options = ["--spec", things, "--also", "Door", "--token", TOKEN]
    code, out, err = result_of(capsys, "conform", url, *options, "--save", str(saved))
    assert code == 1
    assert "[redacted]" in out
    files = [path for path in saved.iterdir() if path.is_file()]
    assert files
    assert DOOR not in out + err + "".join(path.read_text() for path in files)
    path = next(path for path in files if path.suffix == ".json")
    code, out, err = result_of(capsys, "replay", str(path), "--url", url, *options)
    assert code == 1
    assert "[redacted]" in out
    assert DOOR not in out + err


def test_fuzz_masks_the_values_of_an_added_name_and_all_secrets_of_its_options(
    things: str, url: str, tmp_path: Path
) -> None:
    values = tmp_path / "values.yaml"
    values.write_text(f"statuses: {{'403': {{'*': {{token: {PROVOKING}}}}}}}")
    spec = loaded(Path(things).read_text())
    options = FuzzOptions(
        url=url, also=("door",), values=values, tokens_without={"s": LIMITED}, seed=1, time=1
    )
    with Transport(url) as http:
        session = fuzz.open_session(spec, options, http)
        shown = session.target.masked(f"?door={DOOR[:4]} {PROVOKING} {LIMITED[::-1]}")
    assert shown == "?door=[redacted] [redacted] [redacted]"
