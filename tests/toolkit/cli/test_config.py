"""The configuration of a project: wirecheck.toml, or [tool.wirecheck] of pyproject.toml."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from support.commands import Capture, result_of
from support.conforming import TOKEN, document
from support.paths import ROOT
from support.serving import callback
from wirecheck.config import Config, ConfigError, ConfigFile, read

SCHEMA = ROOT / "docs" / "wirecheck-config.schema.json"
TODAY = date(2026, 1, 15)
SKIP = 'reason = "known, issue 7"\nuntil = 2999-12-31\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the document of two operations."""
    monkeypatch.delenv("WIRECHECK_SPEC", raising=False)
    monkeypatch.chdir(tmp_path)
    fine = {"description": "Fine.", "content": {"application/json": {"schema": True}}}
    get = {"responses": {"200": fine, "401": {"description": "No token."}}, "security": [{"bearer": []}]}
    paths = {"/things": {"get": get}, "/others": {"get": {**get, "operationId": "getOther"}}}
    (tmp_path / "api.json").write_text(json.dumps(document(paths)))
    return tmp_path


def respond(
    method: str, path: str, headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """Requires a token, and violates the media type of /others."""
    if headers.get("Authorization") != f"Bearer {TOKEN}":
        return 401, {}, b""
    return 200, {"Content-Type": "application/json" if "others" not in path else "text/plain"}, b"{}"


def configured(text: str, name: str = "wirecheck.toml") -> ConfigFile:
    Path(name).write_text(text)
    return read(None, TODAY)


def test_without_a_file_there_is_no_configuration() -> None:
    assert read(None, TODAY) == ConfigFile()
    assert configured("[project]\nname = 'x'\n", "pyproject.toml") == ConfigFile()


WHOLE = f"""
url = "http://127.0.0.1:8000"
spec = "api.json"
token = "API_TOKEN"
values = "values.yaml"
write = true
settle = 2.5
rate = 10

[tokens_of]
ada = "ADA_TOKEN"

[tokens_without]
basic = "OTHER_TOKEN"

[[skip]]
operation = "getOther"
check = "media-type-documented"
{SKIP}
"""


def test_all_keys_are_read() -> None:
    config = configured(WHOLE).config
    assert (config.url, config.spec, config.token, config.values) == (
        "http://127.0.0.1:8000",
        "api.json",
        "API_TOKEN",
        "values.yaml",
    )
    assert (config.write, config.settle, config.rate) == (True, 2.5, 10)
    assert (config.tokens_of, config.tokens_without) == ({"ada": "ADA_TOKEN"}, {"basic": "OTHER_TOKEN"})
    [skip] = config.skip
    assert (skip.operation, skip.until) == ("getOther", date(2999, 12, 31))


OWN_TABLES = (
    '[tool.wirecheck]\nspec = "a.json"',
    '[ "tool" .\t\'wirecheck\' ]\nspec = "a.json"',
    '[tool]\nwirecheck = {spec = "a.json"}',
    '["tool"]\nwirecheck.spec = "a.json"',
    'tool.wirecheck.spec = "a.json"',
    'tool = {wirecheck = {spec = "a.json"}}',
    '[tool . "wirecheck"]\nspec = "a.json"',
)


@pytest.mark.parametrize("table", OWN_TABLES)
def test_it_may_stand_in_pyproject_toml_and_wirecheck_toml_wins(table: str) -> None:
    text = f'[project]\nname = "x"\ndependencies = ["wirecheck"]\n[tool.other]\nx = 1\n{table}\n'
    assert configured(table if table.startswith("tool") else text, "pyproject.toml").config.spec == "a.json"
    assert configured('spec = "b.json"\n').config.spec == "b.json"


def test_files_are_beside_the_configuration(folder: Path) -> None:
    (folder / "sub").mkdir()
    path = folder / "sub" / "own.toml"
    path.write_text('spec = "api.json"\n')
    file = read(path, TODAY)
    assert file.beside("api.json") == str(folder / "sub" / "api.json")
    assert file.beside("https://a.test/api.json") == "https://a.test/api.json"


SECRET = "S3cret-token-0123456789"
UNUSABLE = {
    'sepc = "a"': "there is no key 'sepc'. Did you mean spec?",
    "colour = 1": "There are: url, spec,",
    'spec = ["a"]': "spec: expected `str",
    "rate = 0": "rate: expected `float` > 0.0",
    "settle = -1": "settle: expected `float` >= 0",
    "spec = ": "is not TOML: ",
    f'token = "{SECRET}"': "token must be the name of an environment variable in capitals",
    f'[tokens_of]\nada = "{SECRET}"': "tokens_of.ada must be the name of an environment variable",
    f'[tokens_without]\nbasic = "{SECRET}"': "tokens_without.basic must be the name of an",
    '[[skip]]\noperation = "a"\nuntil = 2999-01-01': "skip 1 has no reason",
    '[[skip]]\noperation = "a"\nreason = " "\nuntil = 2999-01-01': "skip 1 has no reason",
    '[[skip]]\noperation = "a"\nreason = "known"': "skip 1 has no expiry date, such as until = 2030-01-31",
    f"[[skip]]\n{SKIP}": "skip 1 names no check, operation or requirement",
    f'[[skip]]\nchekc = "a"\n{SKIP}': "skip 1: there is no key 'chekc'. Did you mean check?",
    '[[skip]]\noperation = "getOther"\nreason = "issue 7"\nuntil = 2025-12-31': (
        "skip 1 (operation getOther) has expired on 2025-12-31: issue 7"
    ),
    '[[skip]]\noperation = "a"\nreason = "x"\nuntil = "soon"': "skip[0].until: invalid RFC3339",
}


@pytest.mark.parametrize("text", UNUSABLE)
def test_what_cannot_be_used_is_one_line_without_a_secret(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(text)
    message = str(caught.value)
    assert message.startswith("wirecheck.toml: ")
    assert UNUSABLE[text] in message
    assert "\n" not in message
    assert SECRET not in message


def test_it_is_skipped_up_to_its_last_day() -> None:
    text = '[[skip]]\noperation = "a"\nreason = "x"\nuntil = 2026-01-15'
    assert configured(text).config.skip
    with pytest.raises(ConfigError, match="has expired"):
        read(None, date(2026, 1, 16))


def test_the_schema_is_that_of_the_reader() -> None:
    schema = msgspec.json.schema(Config)
    expected = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of wirecheck",
        **schema,
    }
    assert json.loads(SCHEMA.read_text("utf-8")) == expected, (
        f"write it anew: {json.dumps(expected, indent=1)}"
    )


VALUES: list[Any] = [
    {},
    {"spec": "a.json", "write": True, "rate": 1, "settle": 0},
    {"token": "API_TOKEN", "tokens_of": {"ada": "ADA"}, "tokens_without": {}},
    {"skip": [{"check": "a", "reason": "x", "until": "2999-01-01"}]},
    {"spec": 1},
    {"sepc": "a.json"},
    {"rate": 0},
    {"settle": 601},
    {"token": SECRET},
    {"tokens_of": {"ada": SECRET}},
    {"skip": [{"check": "a", "until": "2999-01-01"}]},
    {"skip": [{"check": "a", "reason": "", "until": "2999-01-01"}]},
    {"skip": [{"check": "a", "reason": "x"}]},
    {"skip": [{"chekc": "a", "reason": "x", "until": "2999-01-01"}]},
]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_schema_and_reader_accept_the_same(value: Any) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    try:
        msgspec.convert(value, Config)
        accepted = True
    except msgspec.ValidationError:
        accepted = False
    assert validator.is_valid(value) is accepted


# Commands.


@pytest.mark.usefixtures("no_waits")
def test_conform_takes_its_defaults_from_the_configuration(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", TOKEN)
    with callback(respond) as origin:
        skip = f'[[skip]]\noperation = "getOther"\ncheck = "media-type-documented"\n{SKIP}'
        Path("wirecheck.toml").write_text(
            f'url = "{origin}/v1"\nspec = "api.json"\ntoken = "API_TOKEN"\n{skip}'
        )
        code, out, err = result_of(capsys, "conform")
        assert (code, err) == (0, ""), out
        assert TOKEN not in out
        code, out, err = result_of(capsys, "conform", "--token", "x")
        assert (code, "no valid token" in err) == (2, True), "the command line wins"
        given = ["conform", f"{origin}/v1", "--spec", "api.json", "--token", TOKEN]
        code, out, err = result_of(capsys, *given, "--no-config")
        assert code == 1
        assert "media-type-documented" in out
        token = Path("token")
        token.write_text(TOKEN)
        assert result_of(capsys, "conform", "--token-file", str(token))[0] == 0


def test_requirements_and_operations_may_be_skipped(capsys: Capture) -> None:
    skips = f'[[skip]]\noperation = "getOther"\n{SKIP}[[skip]]\nrequirement = "access"\n{SKIP}'
    Path("wirecheck.toml").write_text(f'spec = "api.json"\n{skips}')
    code, out, err = result_of(capsys, "conform", "--plan")
    assert code == 0
    assert "getThing" in out
    assert "getOther" not in out
    assert "access" not in out
    assert "requirements are skipped by the configuration" in err


@pytest.mark.parametrize(
    ("skip", "message"),
    [
        (
            'operation = "getOhter"',
            "there is no operation (skip of the configuration) 'getOhter'. Did you mean getOther",
        ),
        ('check = "media-type-documente"', "Did you mean media-type-documented"),
    ],
)
def test_what_is_skipped_must_exist(skip: str, message: str, capsys: Capture) -> None:
    Path("wirecheck.toml").write_text(f'spec = "api.json"\n[[skip]]\n{skip}\n{SKIP}')
    code, out, err = result_of(capsys, "conform", "http://127.0.0.1:9/v1")
    assert (code, out) == (2, "")
    assert message in err


def test_a_token_that_is_not_set_is_an_error_without_its_name(capsys: Capture) -> None:
    Path("wirecheck.toml").write_text('spec = "api.json"\ntoken = "NO_SUCH_TOKEN"\n')
    code, out, err = result_of(capsys, "conform", "http://127.0.0.1:9/v1")
    assert (code, out) == (2, "")
    assert err == "wirecheck: wirecheck.toml: token: the environment variable that it names is not set\n"


def test_both_ways_to_configure_exclude_each_other(capsys: Capture) -> None:
    code, _, err = result_of(capsys, "lint", "--no-config", "--config", "own.toml", "api.json")
    assert code == 2
    assert "--config names what --no-config forbids" in err


def test_read_only_wins_over_writes_of_the_configuration(capsys: Capture) -> None:
    Path("wirecheck.toml").write_text('spec = "api.json"\nwrite = true\n')
    assert result_of(capsys, "conform", "--plan", "--read-only")[0] == 0
    code, _, err = result_of(capsys, "conform", "--plan", "--read-only", "--write")
    assert (code, "pass only one of them" in err) == (2, True)


def test_check_and_lint_skip_what_the_configuration_names(capsys: Capture) -> None:
    request = {
        "method": "GET",
        "url": "https://things.test/v1/things",
        "headers": {"Authorization": "Bearer x"},
    }
    exchange = {"request": request, "status": 200, "headers": {"Content-Type": "text/plain"}, "body": "{}"}
    Path("traffic.jsonl").write_text(json.dumps(exchange) + "\n")
    Path("wirecheck.toml").write_text('spec = "api.json"\n')
    assert result_of(capsys, "check", "traffic.jsonl")[0] == 1
    skip = f'[[skip]]\ncheck = "media-type-documented"\noperation = "getThing"\n{SKIP}'
    Path("wirecheck.toml").write_text(f'spec = "api.json"\n{skip}')
    code, out, err = result_of(capsys, "check", "traffic.jsonl")
    assert (code, err) == (0, "wirecheck: 1 finding is skipped by the configuration\n"), out
    document = json.loads(Path("api.json").read_text())
    del document["info"]["version"]
    Path("api.json").write_text(json.dumps(document))
    assert result_of(capsys, "lint")[0] == 1
    Path("wirecheck.toml").write_text(f'spec = "api.json"\n[[skip]]\ncheck = "valid-openapi"\n{SKIP}')
    code, out, err = result_of(capsys, "lint")
    assert (code, "skipped by the configuration" in err) == (0, True), out


def test_the_example_of_the_documentation_is_a_configuration() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    config = configured(page.partition("```toml\n")[2].partition("```")[0]).config
    assert config.tokens_of == {"ada": "ADA_TOKEN"}
    assert [skip.operation for skip in config.skip] == ["exportBooks"]
