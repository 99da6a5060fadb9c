"""The examples of the page on clients and servers run, and find what they are to find."""

import asyncio
import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import requests
from starlette.testclient import TestClient
from werkzeug.test import Client

from support.paths import ROOT, SPECS
from support.scripted import scripted_server
from wirecheck.live import PROBLEM, ViolationError
from wirecheck.model import Exchange

PAGE = (ROOT / "docs" / "live.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
WRONG = b'{"data": [], "id": "7"}'
OPENED: list[dict[str, Any]] = []
"""The names of programs, whose clients are to be closed."""


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    for names in OPENED:
        for client in names.values():
            if isinstance(client, httpx2.Client | requests.Session):
                client.close()
    OPENED.clear()


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server whose pets have no names; the document lies in the working folder."""
    (tmp_path / "openapi.yaml").write_bytes((SPECS / "petshop.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_PROXY", "*")
    pet = Exchange(
        source="script",
        entry=0,
        method="GET",
        url="/",
        status=200,
        response_headers=(("content-type", "application/json"),),
        response_body=WRONG,
    )
    with scripted_server([pet]) as origin:
        yield origin


def program(library: str, origin: str = "") -> dict[str, Any]:
    """The names that the program with a library leaves behind."""
    pytest.importorskip(library)
    text = next(each for each in PROGRAMS if re.search(rf"^(from|import) {library}\b", each, re.MULTILINE))
    names: dict[str, Any] = {"__name__": "program_of_the_page"}
    OPENED.append(names)
    exec(compile(text.replace("https://shop.test", origin), "live.md", "exec"), names)
    return names


def test_a_client_raises_what_the_page_shows(origin: str) -> None:
    with pytest.raises(ViolationError) as caught:
        program("httpx2", origin)
    [shown] = re.findall(r"^ViolationError: (.*)$", PAGE, re.MULTILINE)
    assert str(caught.value) == shown


def test_a_monitor_is_asked(origin: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ViolationError, match="name"):
        program("requests", origin)
    assert capsys.readouterr().out == 'body-matches-schema: the body lacks "name"\n'


def test_a_session_of_aiohttp_is_judged(origin: str) -> None:
    assert asyncio.run(program("aiohttp", origin)["pets"]()) == []


@pytest.mark.usefixtures("origin")
def test_fastapi_warns() -> None:
    names = program("fastapi")
    names["app"].get("/pets/7")(lambda: {"id": "7"})
    assert TestClient(names["app"]).get("/pets/7").headers["x-wirecheck-violations"] == "1"
    assert len(names["monitor"].findings) == 1


@pytest.mark.usefixtures("origin")
def test_flask_reports() -> None:
    app = program("flask")["app"]
    app.get("/pets/<pet>")(lambda pet: {"id": pet})
    assert app.test_client().get("/pets/7").json == {"id": "7"}
    assert len(app.wsgi_app.monitor.findings) == 1


@pytest.mark.usefixtures("origin")
def test_django_enforces() -> None:
    conf, http, urls = (pytest.importorskip(f"django.{name}") for name in ("conf", "http", "urls"))
    routes = types.ModuleType("routes")
    vars(routes)["urlpatterns"] = [urls.path("pets/<pet>", lambda _, pet: http.JsonResponse({"id": pet}))]
    if not conf.settings.configured:  # as another test may have done
        conf.settings.configure()
    conf.settings.ROOT_URLCONF, conf.settings.ALLOWED_HOSTS, conf.settings.MIDDLEWARE = routes, ["*"], []
    pytest.importorskip("django.urls").clear_url_caches()
    response = Client(program("django")["application"]).get("/pets/7")
    assert (response.status_code, response.content_type) == (500, PROBLEM)
