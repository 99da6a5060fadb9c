"""The examples and tables of docs/client.md, and the example of the README, are right."""

import ast
import asyncio
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from instagram_client import Instagram, _endpoints, exceptions
from instagram_server import seed_data
from instagram_server.app import create_app
from instagram_server.config import ERA_STARTS, Era, Settings
from support.in_process import ALL
from support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The reference server receives every request of httpx2; ada's token is in the environment."""
    now = ERA_STARTS[Era.NOVEMBER_2015].timestamp()
    app = create_app(Settings(clock=lambda: now))
    transport = httpx2.ASGITransport(app)

    async def asynchronous(_: object, request: httpx2.Request) -> httpx2.Response:
        response = await transport.handle_async_request(request)
        return httpx2.Response(response.status_code, headers=response.headers, content=await response.aread())

    with asyncio.Runner() as runner:

        def synchronous(_: object, request: httpx2.Request) -> httpx2.Response:
            return runner.run(asynchronous(_, request))

        monkeypatch.setattr(httpx2.HTTPTransport, "handle_request", synchronous)
        monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", asynchronous)
        monkeypatch.setenv("INSTAGRAM_ACCESS_TOKEN", ALL)
        yield
    app.state.platform.store.close()


def browse(address: str) -> str:
    """A person grants access; returns the address that their browser is redirected to."""
    with httpx2.Client() as browser:
        [seal] = re.findall(r'name="seal" value="([0-9a-f]{32})"', browser.get(address).text)
        parameters = dict(parse_qsl(urlsplit(address).query))
        choice = {"user": str(seed_data.ADA), "answer": "authorize", "seal": seal}
        return browser.post(address.partition("?")[0], data=parameters | choice).headers["location"]


def blocks(page: str) -> list[str]:
    found: list[str] = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return found


@pytest.mark.usefixtures("server")
def test_every_example_of_the_guide_prints_what_it_says(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = {"browse": browse}
    for code in blocks(GUIDE):
        exec(compile(code, "docs/client.md", "exec"), names)
        assert capsys.readouterr().out.splitlines() == re.findall(r"# -> (.*)$", code, re.MULTILINE)


@pytest.mark.usefixtures("server")
def test_the_example_of_the_readme_works(capsys: pytest.CaptureFixture[str]) -> None:
    [code] = blocks(README)
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    shown = capsys.readouterr().out.splitlines()
    with Instagram() as client:
        media = list(client.users.recent_media("self"))
        assert shown == [f"{each.link} {each.likes.count}" for each in media if each.likes]
        assert client.comments.list(media[-1].id).data[-1].text == "Lovely light"
    assert len(shown) == 92


def test_every_example_states_its_output() -> None:
    assert len(blocks(GUIDE)) > 15
    for code in blocks(GUIDE):
        assert ast.parse(code).body
        assert "print(" not in code or "# -> " in code, code


def test_the_examples_have_good_types(tmp_path: Path) -> None:
    guide, readme = tmp_path / "guide.py", tmp_path / "readme.py"
    guide.write_text(
        "\n".join(["def browse(address: str) -> str:", "    return address", *blocks(GUIDE)]),
        encoding="utf-8",
    )
    readme.write_text("\n".join(blocks(README)), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", str(guide), str(readme)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def rows(head: str) -> list[str]:
    """The rows of a table of the guide."""
    [table] = re.findall(rf"^{re.escape(head)}\n\|[-|]+\|\n((?:\|.*\n)+)", GUIDE, re.MULTILINE)
    return str(table).splitlines()


def test_the_guide_lists_every_method() -> None:
    expected = []
    for resource in (name for name, value in vars(Instagram).items() if isinstance(value, property)):
        kind = type(getattr(Instagram(access_token="T"), resource))
        for name, method in vars(kind).items():
            if name.startswith("_") or isinstance(method, property):
                continue
            shown = []
            for one in list(inspect.signature(method).parameters.values())[1:]:
                if one.kind is one.VAR_KEYWORD:  # the options of a call
                    continue
                argument = one.name + "=" * (one.kind is one.KEYWORD_ONLY)
                shown.append(argument if one.default is one.empty else f"[{argument}]")
            returns = re.sub(r"Page\[(\w+), \w+\]", r"Page[\1]", inspect.signature(method).return_annotation)
            what = (inspect.getdoc(method) or "").splitlines()[0]
            call = f"{resource}.{name}({', '.join(shown)})"
            expected.append(f"| `{call}` | `{returns}` | {what} |".replace(" | None`", r" \| None`"))
    assert rows("| call | returns | description |") == expected


def test_the_guide_lists_every_option() -> None:
    options = set(inspect.signature(Instagram).parameters)
    table = "\n".join(rows("| option | environment | description |"))
    assert set(re.findall(r"`([a-z_]+)`", table)) == options
    for name, variable in re.findall(r"^\| `([a-z_]+)` \| `([A-Z_]+)` \|", table, re.MULTILINE):
        assert _endpoints.SERVICE.variable(name) == variable


def test_the_guide_draws_the_errors_and_lists_the_error_types() -> None:
    assert (exceptions.__doc__ or "").partition("\n\n")[2].strip() in GUIDE
    assert rows("| `error_type` | class | `hint` |") == [
        f"| `{name}` | `{meaning.kind.__name__}` | {meaning.hint} |"
        for name, meaning in _endpoints.SERVICE.errors.by_type.items()
    ]


def test_the_guide_quotes_the_warning_of_a_deprecated_method() -> None:
    assert f"users.feed is deprecated. {_endpoints.USERS_FEED.deprecated}\n" in GUIDE


def test_links_within_the_guide_lead_to_headings() -> None:
    headings = {
        re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall("^## (.+)$", GUIDE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([a-z-]+)\)", GUIDE)) <= headings
