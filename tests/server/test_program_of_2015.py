"""A program of 2015 runs against the server, with only its addresses changed."""

import http.client
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from instagram_server import seed_data
from support.paths import EXAMPLES

PROGRAM = EXAMPLES / "program_of_2015.py"
SERVER = "from instagram_server.cli import main; main()"
REDIRECT_URI = "http://localhost:5000/callback"
DEMO, SIGNED = seed_data.DEMO_CLIENT, seed_data.SIGNED_CLIENT
SECONDS = 60


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server that knows the redirect URI of the program."""
    command = [sys.executable, "-c", SERVER, "--port", "0", "--redirect-uri", REDIRECT_URI]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        [address] = re.findall(r"http://[^/]+", process.stdout.readline())
        yield address
        process.terminate()


@pytest.fixture(autouse=True)
def _without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def program() -> ModuleType:
    """The program, loaded anew, as it keeps its addresses in a class."""
    spec = importlib.util.spec_from_file_location("program_of_2015", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def authorize(url: str) -> str:
    """The code that a user brings back, who opens the page and authorizes the app."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=SECONDS)
    connection.request("GET", f"{parts.path}?{parts.query}")
    page = connection.getresponse()
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.read().decode()))
    fields |= {"user": str(seed_data.ADA), "answer": "authorize"}
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", parts.path, urlencode(fields), headers)
    location = connection.getresponse().headers["Location"]
    connection.close()
    assert location.startswith(f"{REDIRECT_URI}?")
    return parse_qs(urlsplit(location).query)["code"][0]


def test_the_program_runs_with_the_address_of_the_server(server: str) -> None:
    command = [sys.executable, str(PROGRAM), DEMO.id, DEMO.secret, REDIRECT_URI, server]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        opened, url = process.stdout.readline().split()
        assert opened == "Open"
        assert url.startswith(f"{server}/oauth/authorize?client_id={DEMO.id}&")
        output, _ = process.communicate(f"{authorize(url)}\n", SECONDS)
    assert process.returncode == 0
    assert "ada has posted 92 media.\n" in output
    assert re.search(r"^The newest one is liked by ada\b", output, re.MULTILINE)


def test_the_program_was_written_for_the_original(program: ModuleType) -> None:
    api = program.InstagramAPI
    assert (api.protocol, api.host, api.base_path) == ("https", "api.instagram.com", "/v1")
    assert api.authorize_url == "https://api.instagram.com/oauth/authorize"
    assert api.access_token_url == "https://api.instagram.com/oauth/access_token"


def test_the_program_signs_its_requests(program: ModuleType, server: str) -> None:
    program.use_server(server)
    api = program.InstagramAPI(SIGNED.id, SIGNED.secret, REDIRECT_URI, seed_data.SIGNED_TOKEN)
    pages = list(api.pages("/users/self/media/recent", count=33))
    assert [len(page) for page in pages] == [33, 33, 26]
    api.post("/media/1126388545599054851_1002/likes")
    api.client_secret = "no"
    with pytest.raises(program.InstagramAPIError) as error:
        api.get("/users/self")
    assert error.value.args == (
        *(403, "OAuthForbiddenException"),
        "Invalid signed-request: Signature does not match",
    )


def test_the_program_reports_errors_of_both_kinds(program: ModuleType, server: str) -> None:
    program.use_server(server)
    api = program.InstagramAPI(DEMO.id, DEMO.secret, REDIRECT_URI, "no")
    with pytest.raises(program.InstagramAPIError, match="The access_token provided is invalid"):
        api.get("/users/self")
    with pytest.raises(program.InstagramAPIError, match="No matching code found"):
        api.exchange_code_for_access_token("no")
