"""The pages for people, on their own and in a browser."""

import asyncio
import base64
import hashlib
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
import uvicorn
import yaml
from starlette.applications import Starlette

from instagram_server import layout, seed_data
from instagram_server.app import create_app
from instagram_server.cli import listen
from instagram_server.config import Era, Settings
from support.paths import CONTRACT
from support.serving import client_of, served, shared_app

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
PAGES = [
    *("/", "/docs", "/demo/callback?code=1", "/browse/media", "/browse/media/1127838097061452801"),
    *("/browse/users", "/browse/users/1001", "/browse/tags", "/browse/tags/snow"),
    *("/browse/locations", "/browse/locations/301"),
]


@pytest.fixture(scope="module")
def app() -> Iterator[Starlette]:
    with shared_app() as app:
        yield app


def get(app: Starlette, path: str, host: str = "server.test") -> httpx.Response:
    async def scenario() -> httpx.Response:
        async with client_of(app) as client:
            return await client.get(path, headers={"host": host})

    return asyncio.run(scenario())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_other_hosts(app: Starlette, path: str) -> None:
    page = get(app, path)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for address in re.findall(r'(?:src|href|action)="([^"]*)"', page.text):
        assert re.match(r"/(?!/)|data:", address), address
    assert "url(" not in page.text
    assert "@import" not in page.text


def test_the_policy_allows_the_style_sheet(app: Starlette) -> None:
    page = get(app, "/")
    [style] = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]


def test_the_start_page_shows_the_settings_and_all_tokens(app: Starlette) -> None:
    page = unescape(get(app, "/").text)
    assert "2015-11" in page
    assert "5000 requests" in page
    for token in seed_data.tokens().values():
        assert f"curl 'http://server.test/v1/users/self?access_token={token}'" in page
    assert "which is not where you see this page" in page
    assert "which is not" not in get(app, "/", "127.0.0.1:8080").text


def test_the_start_page_follows_the_settings() -> None:
    async def scenario() -> str:
        async with served(Settings(era=Era.JUNE_2016, rate_limit=None)) as (client, platform):
            platform.store.run("DELETE FROM token WHERE token = ?", seed_data.tokens()["basic"])
            return (await client.get("/")).text

    page = asyncio.run(scenario())
    assert "2016-06" in page
    assert "none is rejected" in page
    assert "no longer in the database" in page


def test_the_start_page_leads_from_a_request_to_the_tokens(app: Starlette) -> None:
    page = unescape(get(app, "/", "127.0.0.1:8080").text)
    order = [
        "curl 'http://127.0.0.1:8080/v1/users/self/media/recent?count=3&access_token=",
        seed_data.DEMO_CLIENT.id,
        seed_data.DEMO_CLIENT.secret,
        "http://127.0.0.1:8080/demo/callback",
        "/browse/media/",
        "Every scope but one",
    ]
    places = [page.index(text) for text in order]
    assert places == sorted(places)
    first = urlsplit(re.findall(r'href="(/v1/users/self/media/recent[^"]*)"', page)[0])
    assert len(get(app, f"{first.path}?{first.query}").json()["data"]) == 3
    folded = "".join(re.findall(r"<details>.*?</details>", page, re.DOTALL))
    tokens = [name for name, token in seed_data.tokens().items() if token not in folded]
    assert tokens == []
    assert "<details open" not in page


def test_the_start_page_says_that_all_endpoints_are_retired_when_they_are() -> None:
    async def scenario() -> list[str]:
        pages = []
        for era in Era:
            async with served(Settings(era=era)) as (client, _):
                pages.append((await client.get("/")).text)
        return pages

    retired = ["all endpoints are retired" in page for page in asyncio.run(scenario())]
    assert retired == [era is Era.JUNE_2020 for era in Era]


@pytest.mark.parametrize("host", ['"><script>', "a b", "[::1", "x:99999999", "ü"])
@pytest.mark.parametrize("path", ["/", "/openapi.yaml"])
def test_any_host_header_gets_a_page(app: Starlette, path: str, host: str) -> None:
    async def scenario() -> httpx.Response:
        async with client_of(app) as client:
            return await client.get(path, headers=[(b"host", host.encode("latin-1"))])

    response = asyncio.run(scenario())
    assert response.status_code == 200
    assert '"><script>' not in response.text


def test_the_contract_names_this_server(app: Starlette) -> None:
    response = get(app, "/openapi.yaml", "127.0.0.1:1234")
    assert response.headers["content-type"].startswith("application/yaml")
    document = yaml.safe_load(response.text)
    original = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    here = "http://127.0.0.1:1234"
    assert document["servers"] == [{"url": f"{here}/v1", "description": "This server."}]
    assert document["paths"]["/oembed"]["servers"] == [{"url": here}]
    flow = document["components"]["securitySchemes"]["oauth"]["flows"]["authorizationCode"]
    assert flow["tokenUrl"] == f"{here}/oauth/access_token"
    assert flow["authorizationUrl"] == f"{here}/oauth/authorize/"
    assert document["info"] == original["info"]
    assert document["components"]["schemas"] == original["components"]["schemas"]


@pytest.mark.parametrize(
    "name", ["swagger-ui-bundle.js", "swagger-ui.css", "docs.js", "docs.css", "LICENSE", "NOTICE"]
)
def test_the_files_of_the_contract_page_are_served(app: Starlette, name: str) -> None:
    response = get(app, f"/static/{name}")
    assert response.status_code == 200
    assert response.content == (layout.STATIC / name).read_bytes()


@pytest.mark.parametrize(
    "path",
    ["..%2fstore.py", "%2e%2e/store.py", "..%5cstore.py", "%2fetc%2fpasswd", "%00", "%ff", "", "x" * 5000],
)
def test_no_other_file_is_served(app: Starlette, path: str) -> None:
    assert get(app, f"/static/{path}").status_code == 404


def _port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a server on the loopback interface, which is that of the demo app, too."""
    listening = listen(
        "127.0.0.1", 0
    )  # clients that connect before the server runs wait, and are not rejected
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    started: list[Starlette] = []

    def serve() -> None:
        app = create_app()  # its store belongs to this thread
        update = "UPDATE client SET redirect_uri = ?"
        app.state.platform.store.run(update, f"{address}/demo/callback")
        started.append(app)
        server.config.app = app
        server.run(sockets=[listening])
        app.state.platform.store.close()

    server = uvicorn.Server(uvicorn.Config(Starlette(), log_level="error", access_log=False, ws="none"))
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


class Browser:
    """A Chromium, driven by WebDriver (https://www.w3.org/TR/webdriver2/)."""

    def __init__(self, driver: str, profile: Path) -> None:
        flags = (
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            f"--user-data-dir={profile}",
        )
        options = {"binary": CHROMIUM, "args": flags}
        capabilities = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self._client = httpx.Client(base_url=driver, timeout=60, trust_env=False)
        self._session = ""
        session = self._post("/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._session = f"/session/{session['sessionId']}"

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        response = self._client.post(self._session + path, json=body)
        assert response.status_code == 200, response.text
        return response.json()["value"]

    def open(self, url: str) -> None:
        self._post("/url", {"url": url})

    def click(self, selector: str) -> None:
        self.wait(f"return document.querySelector({selector!r}) !== null")
        element = self._post("/element", {"using": "css selector", "value": selector})
        self._post(f"/element/{next(iter(element.values()))}/click", {})

    def wait(self, script: str) -> Any:
        """The value of a script, as soon as it is true."""
        deadline = time.monotonic() + 30
        while not (value := self._post("/execute/sync", {"script": script, "args": []})):
            assert time.monotonic() < deadline, script
        return value

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self._post("/se/log", {"type": "browser"})]

    def close(self) -> None:
        self._client.delete(self._session)
        self._client.close()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("needs chromium and chromedriver")
    port = _port()
    with subprocess.Popen([DRIVER, f"--port={port}"], stdout=subprocess.DEVNULL) as driver:
        try:
            url = f"http://127.0.0.1:{port}"
            _await_driver(url)
            browser = Browser(url, tmp_path / "profile")
            yield browser
            browser.close()
        finally:
            driver.terminate()


def _await_driver(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/status", trust_env=False).json()["value"]["ready"]:
                return
        except httpx.TransportError:
            pass
    raise AssertionError("chromedriver did not start")


LANDED = "return location.pathname === '/demo/callback' && location.href"


def test_a_user_authorizes_or_cancels(browser: Browser, address: str) -> None:
    parameters = {
        "client_id": seed_data.DEMO_CLIENT.id,
        "redirect_uri": f"{address}/demo/callback",
        "state": "s",
    }
    code = f"{address}/oauth/authorize/?{urlencode(parameters | {'response_type': 'code', 'scope': 'likes'})}"
    browser.open(code)
    browser.click("button[value=authorize]")
    query = parse_qs(urlsplit(browser.wait(LANDED)).query)
    assert re.fullmatch("[0-9a-f]{32}", query["code"][0])
    assert query["state"] == ["s"]
    browser.open(code)
    browser.click("button[value=cancel]")
    assert parse_qs(urlsplit(browser.wait(LANDED)).query)["error"] == ["access_denied"]
    browser.open(code.replace("response_type=code", "response_type=token"))
    browser.click("button[value=authorize]")
    landed = urlsplit(browser.wait(LANDED))
    assert not landed.query
    assert landed.fragment.startswith(f"access_token={seed_data.ADA}.")
    assert browser.complaints() == []


def test_a_user_tries_the_contract(browser: Browser, address: str) -> None:
    browser.open(f"{address}/docs")
    browser.click("#operations-users-getUser .opblock-summary-control")
    browser.click("#operations-users-getUser .execute")
    cells = "document.querySelectorAll('.is-open .live-responses-table td.response-col_status')"
    status = browser.wait(f"return [...{cells}].map(cell => cell.innerText.trim()).join(' ')")
    assert "200" in status.split()
    assert browser.complaints() == []
