"""oEmbed descriptions, and the way to an image."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from instagram_server import ids, seed_data
from support.serving import client_of, shared_app

SNOW = 1127838097061452801
LINK = f"https://www.instagram.com/p/{ids.shortcode(SNOW)}/"
CDN = "https://cdn.example.com"


@pytest.fixture(scope="module")
def app() -> Iterator[Starlette]:
    with shared_app() as app:
        yield app


def get(app: Starlette, path: str, **query: str) -> httpx.Response:
    async def scenario() -> httpx.Response:
        async with client_of(app) as client:
            return await client.get(path, params=query or None)

    return asyncio.run(scenario())


def code_of(app: Starlette, owner: int) -> str:
    number = app.state.platform.store.value("SELECT max(id) FROM media WHERE owner = ?", owner)
    return ids.shortcode(number)


def plain(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"].startswith("text/html")
    return response.status_code, response.text


@pytest.mark.parametrize("path", ["/oembed", "/oembed/", "/publicapi/oembed", "/publicapi/oembed/"])
def test_a_post_is_described(app: Starlette, path: str) -> None:
    response = get(app, path, url=LINK)
    assert response.status_code == 200
    body = response.json()
    html = body.pop("html")
    assert html.startswith("<blockquote")
    assert "First #snow" in html
    assert html.endswith("</script>")
    assert body == {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Instagram",
        "provider_url": "https://www.instagram.com",
        "title": "First #snow",
        "author_id": seed_data.ADA,
        "author_name": "ada",
        "author_url": "https://www.instagram.com/ada",
        "media_id": f"{SNOW}_{seed_data.ADA}",
        "width": 658,
        "height": None,
        "thumbnail_url": f"{CDN}/{SNOW}-l.jpg",
        "thumbnail_width": 640,
        "thumbnail_height": 640,
    }


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        LINK.rstrip("/"),
        LINK.replace("https://www.", "http://"),
        LINK.replace("www.instagram.com", "instagr.am"),
        f"{LINK}?taken-by=ada",
        f"{LINK}#x",
    ],
)
def test_a_link_has_several_forms(app: Starlette, link: str) -> None:
    assert get(app, "/oembed", url=link).status_code == 200


def test_a_description_can_be_shortened(app: Starlette) -> None:
    body = get(app, "/oembed", url=LINK, hidecaption="true", omitscript="true", maxwidth="320").json()
    assert body["width"] == 320
    assert "#snow" not in body["html"]
    assert "<script" not in body["html"]


def test_a_caption_is_escaped() -> None:
    with shared_app() as app:
        app.state.platform.store.run("UPDATE media SET caption = '<b>' WHERE id = ?", SNOW)
        html = get(app, "/oembed", url=LINK).json()["html"]
        assert "&lt;b&gt;" in html
        assert "<b>" not in html


def test_a_description_comes_as_javascript_too(app: Starlette) -> None:
    response = get(app, "/oembed", url=LINK, callback="show")
    assert response.text.startswith("/**/ show({")
    assert response.headers["content-type"].startswith("application/javascript")


@pytest.mark.parametrize(
    "link",
    [
        "",
        "x",
        "https://example.com/p/BUG/",
        f"x{LINK}",
        f"{LINK}x",
        "https://www.instagram.com/ada/",
        f"{LINK}? ",
    ],
)
def test_other_links_are_rejected(app: Starlette, link: str) -> None:
    assert plain(get(app, "/oembed", url=link)) == (400, "No URL Match")


@pytest.mark.parametrize(
    "other", [{"maxwidth": "319"}, {"maxwidth": "x"}, {"hidecaption": "maybe"}, {"omitscript": "1"}]
)
def test_options_are_checked(app: Starlette, other: dict[str, str]) -> None:
    assert plain(get(app, "/oembed", url=LINK, **other)) == (400, "Invalid parameter")


@pytest.mark.parametrize("owner", [seed_data.FRIEND, seed_data.AGE_GATED])
def test_a_private_post_is_not_found(app: Starlette, owner: int) -> None:
    code = code_of(app, owner)
    missing = (404, "No Media Match")
    assert plain(get(app, "/oembed", url=f"https://www.instagram.com/p/{code}/")) == missing
    assert plain(get(app, f"/p/{code}/media/")) == missing


@pytest.mark.parametrize("code", ["BUG", "___________", "A" * 60])
def test_an_unknown_post_is_not_found(app: Starlette, code: str) -> None:
    missing = (404, "No Media Match")
    assert plain(get(app, "/oembed", url=f"https://www.instagram.com/p/{code}/")) == missing
    assert plain(get(app, f"/p/{code}/media/")) == missing


@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize(
    ("query", "size"), [({}, "m"), ({"size": "t"}, "t"), ({"size": "m"}, "m"), ({"size": "l"}, "l")]
)
def test_an_image_is_found(app: Starlette, end: str, query: dict[str, str], size: str) -> None:
    response = get(app, f"/p/{ids.shortcode(SNOW)}/media{end}", **query)
    assert response.status_code == 302
    assert response.headers["location"] == f"{CDN}/{SNOW}-{size}.jpg"
    assert get(app, f"/p/{ids.shortcode(SNOW)}/media{end}", size="x").status_code == 404


@given(code=st.text(), query=st.binary())
def test_any_request_gets_a_response(app: Starlette, code: str, query: bytes) -> None:
    path = (
        httpx.URL("http://x").join(f"/p/{''.join(f'%{byte:02x}' for byte in code.encode())}/media/").raw_path
    )
    for url in (path.decode(), "/oembed?" + "".join(f"%{byte:02x}" for byte in query)):
        assert 300 <= get(app, url).status_code < 500
