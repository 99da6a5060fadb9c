"""A document that the user names as a URL is fetched, with what is below its directory; nothing else is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from support.commands import GOOD, Capture, assert_one_line_of_error, result_of
from support.serving import callback
from wirecheck.model import SpecError
from wirecheck.spec import load

HEAD = "openapi: 3.1.0\ninfo: {title: Web, version: '1'}\npaths:\n"
FINE = "{get: {responses: {'200': {description: Fine.}}}}"


@dataclass
class Site:
    """A server with pages by path: a text, or the status and the address of a redirect."""

    pages: dict[str, str | tuple[int, str]]
    url: str = ""
    hits: list[str] = field(default_factory=list)


@contextmanager
def site(pages: dict[str, str | tuple[int, str]]) -> Iterator[Site]:
    served = Site(pages)

    def respond(_: str, path: str, __: dict[str, str], ___: bytes) -> tuple[int, dict[str, str], bytes]:
        served.hits.append(path)
        page = served.pages.get(path)
        if isinstance(page, tuple):
            return page[0], {"Location": page[1]}, b""
        return (200, {}, page.encode()) if page is not None else (404, {}, b"")

    with callback(respond) as url:
        served.url = url
        yield served


def test_references_are_fetched_below_the_directory_of_the_url() -> None:
    pages: dict[str, str | tuple[int, str]] = {
        "/v1/api.yaml?token=secret": f"{HEAD}  /a: {{$ref: paths/a.yaml}}\n"
        "  /b: {$ref: './paths/../b.yaml#/x'}\n",
        "/v1/paths/a.yaml": "get: {responses: {'200': {$ref: '../responses.yaml#/Fine'}}}\n",
        "/v1/b.yaml": f"x: {FINE}\n",
        "/v1/responses.yaml": "Fine:\n  description: 1\n  content: 5\n",
    }
    with site(pages) as server:
        document = load(f"{server.url}/v1/api.yaml?token=secret").document
        files = ("api.yaml?token=secret", "b.yaml", "paths/a.yaml", "responses.yaml")
        assert sorted(server.hits) == [f"/v1/{file}" for file in files]
    assert document.name == f"{server.url}/v1/api.yaml"
    [problem] = document.problems
    origin = document.origin(problem.pointer)
    assert (origin.file, origin.pointer) == (f"{server.url}/v1/responses.yaml", "/Fine/content")


@pytest.mark.parametrize(
    "reference",
    [
        "../secret.yaml",
        "/secret.yaml",
        "/v1x/secret.yaml",
        "%2e%2e/secret.yaml",
        "..%2fsecret.yaml",
        "x/%2e%2e/%2e%2e/secret.yaml",
        "ELSEWHERE/v1/secret.yaml",
        "//127.0.0.1:1/v1/secret.yaml",
        "file:///etc/hostname",
        "http://[",
    ],
)
def test_nothing_else_is_fetched(reference: str) -> None:
    secret = f"{HEAD}  /a: {FINE}\n"
    everything: dict[str, str | tuple[int, str]] = dict.fromkeys(
        ("/secret.yaml", "/v1/secret.yaml", "/v1x/secret.yaml", "/v1/../secret.yaml"), secret
    )
    with site(everything) as elsewhere, site(everything) as server:
        reference = reference.replace("ELSEWHERE", elsewhere.url)
        server.pages["/v1/api.yaml"] = f"{HEAD}  /a: {{$ref: '{reference}'}}\n  /b: {FINE}\n"
        spec = load(f"{server.url}/v1/api.yaml")
        assert server.hits == ["/v1/api.yaml"]
        assert elsewhere.hits == []
    [problem] = spec.document.problems
    assert problem.pointer == "/paths/~1a"
    assert [operation.template for operation in spec.operations] == ["/b"]


def test_a_redirect_stays_on_its_host() -> None:
    with site({}) as elsewhere, site({}) as server:
        server.pages |= {
            "/api.yaml": (302, "/v2/api.yaml"),
            "/v2/api.yaml": f"{HEAD}  /a: {FINE}\n",
            "/out.yaml": (302, f"{elsewhere.url}/api.yaml"),
            "/round.yaml": (302, "/round.yaml"),
        }
        assert [operation.template for operation in load(f"{server.url}/api.yaml").operations] == ["/a"]
        with pytest.raises(SpecError, match="redirects to another host"):
            load(f"{server.url}/out.yaml")
        with pytest.raises(SpecError, match="redirects more than 5 times"):
            load(f"{server.url}/round.yaml")
        assert elsewhere.hits == []


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (None, "the server responds with 404"),
        ("a: [", "api.yaml:2: is neither YAML nor JSON"),
        ("a: 1", "is not an OpenAPI document"),
    ],
)
def test_a_url_that_is_not_a_document_is_rejected(page: str | None, message: str) -> None:
    with site({} if page is None else {"/api.yaml": page}) as server:
        with pytest.raises(SpecError) as caught:
            load(f"{server.url}/api.yaml")
        assert str(caught.value).startswith(f"{server.url}/api.yaml")
        assert message in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/api.yaml", "http://[::bad/api.yaml", "https:///api.yaml"]
)
def test_a_url_that_cannot_be_fetched_is_rejected(url: str) -> None:
    with pytest.raises(SpecError) as caught:
        load(url)
    assert "\n" not in str(caught.value)


def test_a_secret_in_a_url_is_not_shown() -> None:
    with site({}) as server:
        url = server.url.replace("://", "://user:secret@") + "/api.yaml?token=secret"
        for offline in (False, True):
            with pytest.raises(SpecError) as caught:
                load(url, offline=offline)
            assert "secret" not in str(caught.value)
            assert f"{server.url}/api.yaml" in str(caught.value)


def test_offline_nothing_is_fetched(tmp_path: Path, capsys: Capture) -> None:
    recording = str(tmp_path / "a.jsonl")
    Path(recording).write_text(GOOD)
    with site({"/api.yaml": f"{HEAD}  /a: {FINE}\n"}) as server:
        url = f"{server.url}/api.yaml"
        for command in (["lint", url], ["docs", url], ["check", "--spec", url, recording]):
            error = assert_one_line_of_error(*result_of(capsys, *command, "--offline"))
            assert error == f"wirecheck: {url}: is not fetched: --offline\n"
        assert server.hits == []
        assert result_of(capsys, "lint", url)[0] in (0, 1)
        assert server.hits == ["/api.yaml"]
