"""Pages to browse the seed data: complete, escaped, and linked to the API."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from instagram_server import drawing, seed_data
from support.in_process import Server

SNOW = 1127838097061452801
SNEAKY = '"><script>alert(1)</script>&amp;'
PAGES = [
    *("/browse/media", f"/browse/media/{SNOW}", "/browse/users", "/browse/users/1001", "/browse/users/1003"),
    *(
        "/browse/tags",
        "/browse/tags/snow",
        "/browse/tags/señor",
        "/browse/locations",
        "/browse/locations/301",
    ),
]


@pytest.fixture(scope="module")
def seeded() -> Iterator[Server]:
    """For tests that only read."""
    with Server() as server:
        yield server


@pytest.fixture
def fresh() -> Iterator[Server]:
    with Server() as server:
        yield server


def page(server: Server, path: str) -> str:
    response = server.send("GET", path)
    assert response.status_code == 200
    return response.text


def links(text: str, prefix: str) -> list[str]:
    """The distinct addresses that a page links to, in order."""
    addresses = (unescape(address) for address in re.findall(r'href="([^"]*)"', text))
    return list(dict.fromkeys(address for address in addresses if address.startswith(prefix)))


def test_the_pages_of_media_show_each_one_once_and_newest_first(seeded: Server) -> None:
    path, ids = "/browse/media", list[int]()
    while path:
        text = page(seeded, path)
        ids += [int(address.split("/")[-1]) for address in links(text, "/browse/media/")]
        [path] = links(text, "/browse/media?before=") or [""]
    assert len(ids) == seeded.store.value("SELECT count(*) FROM media")
    assert all(newer > older for newer, older in pairwise(ids))


def test_the_lists_show_all_users_tags_and_locations(seeded: Server) -> None:
    for kind, count in (
        ("users", "SELECT count(*) FROM user"),
        ("tags", "SELECT count(DISTINCT tag) FROM tagging"),
        ("locations", "SELECT count(*) FROM location"),
    ):
        addresses = links(page(seeded, f"/browse/{kind}"), f"/browse/{kind}/")
        assert len(addresses) == seeded.store.value(count)
        for address in addresses[::9]:
            page(seeded, address)


@pytest.mark.parametrize("path", PAGES)
def test_each_page_links_to_responses_of_the_api(seeded: Server, path: str) -> None:
    addresses = links(page(seeded, path), "/v1/")
    assert addresses
    for address in addresses[:60:7]:
        response = seeded.send("GET", address)
        error = response.json()["meta"].get("error_type")
        assert error in (None, "APINotAllowedError", "APIAgeGatedError", "APINotFoundError"), address


def test_a_media_object_is_shown_with_its_properties(seeded: Server) -> None:
    text = page(seeded, f"/browse/media/{SNOW}")
    for part in (f"{SNOW}_1001", "First #snow", "Clarendon", "Field of Mars", "Lovely light", "2015-11-28"):
        assert part in text
    assert {"/browse/users/1001", "/browse/users/1002", "/browse/tags/snow", "/browse/locations/301"} <= set(
        links(text, "/browse/")
    )
    kinds = seeded.store.rows("SELECT max(id) AS id, type FROM media GROUP BY type")
    assert {row["type"] for row in kinds} == {"image", "video", "carousel"}
    for row in kinds:
        assert f"{row['type'].capitalize()} by" in page(seeded, f"/browse/media/{row['id']}")


def test_private_users_are_marked(seeded: Server) -> None:
    text = page(seeded, "/browse/users")
    private = seeded.store.value("SELECT count(*) FROM user WHERE is_private")
    assert text.count(">private<") == private
    assert ">private<" in page(seeded, f"/browse/users/{seed_data.STRANGER}")
    assert ">age-gated<" in page(seeded, f"/browse/users/{seed_data.AGE_GATED}")


def test_no_text_of_a_user_becomes_markup(fresh: Server) -> None:
    store = fresh.store
    store.run("UPDATE user SET full_name = ?, bio = ?, username = ? WHERE id = 1001", *[SNEAKY] * 3)
    store.run("UPDATE media SET caption = ?, filter = ? WHERE owner = 1001", SNEAKY, SNEAKY)
    store.run("UPDATE comment SET text = ? WHERE media = ?", SNEAKY, SNOW)
    store.run("UPDATE location SET name = ? WHERE id = 301", SNEAKY)
    store.run("UPDATE tagging SET tag = ? WHERE media = ? AND tag = 'snow'", SNEAKY.replace("/", ""), SNOW)
    for path in [*PAGES, "/"]:
        text = page(fresh, path)
        assert "<script" not in text
        assert "alert(1)&lt;" in text or path in (
            "/browse/tags/snow",
            "/browse/tags/señor",
            "/browse/users/1003",
        )


@pytest.mark.parametrize("value", ["1", "x", "-1", "9" * 30, "%00", "%0a", "%ff", "%F0%9F%98%80", "..%2f"])
@pytest.mark.parametrize("kind", ["media", "users", "tags", "locations"])
def test_an_unknown_object_has_no_page(seeded: Server, kind: str, value: str) -> None:
    assert seeded.send("GET", f"/browse/{kind}/{value}").status_code == 404


@pytest.mark.parametrize("before", ["0", "x", "-1", "9" * 30, "%00", ""])
def test_any_position_in_a_list_gets_a_page(seeded: Server, before: str) -> None:
    page(seeded, f"/browse/media?before={before}")


@pytest.mark.parametrize("kind", ["image", "video", "carousel"])
def test_a_drawing_is_well_formed_and_the_same_for_the_same_id(kind: str) -> None:
    text = drawing.picture(SNOW, kind, 'a "label" <b>', height=335)
    assert text == drawing.picture(SNOW, kind, 'a "label" <b>', height=335)
    assert text != drawing.picture(SNOW + 1, kind, 'a "label" <b>', height=335)
    root = ElementTree.fromstring(text)
    assert root.get("aria-label") == 'a "label" <b>'
    assert root.get("viewBox") == "0 0 640 335"
    assert "style" not in text
    ElementTree.fromstring(drawing.avatar(1, "<b"))
