"""The meaning of the operations: lists and their pages, counts, relationships, places, searches."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from instagram_server import ids, rules, seed_data, words
from instagram_server.config import ERA_STARTS, Era
from support.in_process import ALL, ORIGIN, OTHER, Server, by_next_url, expected, may_see, metres, numbers

Json = dict[str, Any]
ADA, BELA = seed_data.ADA, seed_data.BELA
DAY = 86_400
NOW = int(ERA_STARTS[Era.NOVEMBER_2015].timestamp())
SNOW, TOWER = "1127838097061452801_1001", "1126388545599054851_1002"
NEW, UNTIL_2018 = seed_data.NEW_APP_TOKEN, Era.JUNE_2016

# Path, the parameter that takes the cursor, and the most that a page holds.
PAGED = {
    "/users/self/media/recent": ("max_id", 33),
    f"/users/{seed_data.DIARIST}/media/recent": ("max_id", 33),
    "/users/self/feed": ("max_id", 33),
    "/users/self/media/liked": ("max_like_id", 33),
    "/tags/snow/media/recent": ("max_tag_id", 33),
    "/tags/señor/media/recent": ("max_tag_id", 33),
    "/locations/301/media/recent": ("max_id", 33),
    f"/geographies/{seed_data.GEOGRAPHY}/media/recent": ("max_id", 33),
    "/users/self/follows": ("cursor", 50),
    "/users/self/followed-by": ("cursor", 50),
    f"/users/{BELA}/followed-by": ("cursor", 50),
}
WARNING = "next_max_id and min_id are deprecated for this endpoint; use min_tag_id and max_tag_id instead"


@pytest.fixture(scope="module")
def seeded() -> Iterator[Server]:
    """For tests that only read."""
    with Server() as server:
        yield server


@pytest.fixture
def fresh() -> Iterator[Server]:
    with Server() as server:
        yield server


def by_cursor(server: Server, path: str, count: int, parameter: str) -> Iterator[Json]:
    body = server.body(path, count=count)
    yield body
    while f"next_{parameter}" in body["pagination"]:
        more = {parameter: body["pagination"][f"next_{parameter}"]}
        body = server.body(path, count=count, **more)
        yield body


@pytest.mark.no_cover
@pytest.mark.parametrize("count", [3, 7, 20, 50])
@pytest.mark.parametrize("path", PAGED)
def test_pages_hold_every_item_once_and_in_order(seeded: Server, path: str, count: int) -> None:
    parameter, largest = PAGED[path]
    whole = expected(seeded.store, path)
    if len(whole) > 200:
        count += 10
    pages = list(by_next_url(seeded, path, count))
    assert numbers(pages) == whole
    assert len(set(whole)) == len(whole) > 7
    assert numbers(by_cursor(seeded, path, count, parameter)) == whole
    assert {len(page["data"]) for page in pages[:-1]} <= {min(count, largest)}
    for page in pages[:-1]:
        url = page["pagination"]["next_url"]
        assert url.startswith(f"{ORIGIN}/v1/")
        assert f"access_token={ALL}&count={count}&{parameter}=" in url
    last = pages[-1]["pagination"]
    if parameter == "max_tag_id":
        assert last.keys() == {"min_tag_id", "next_min_id", "deprecation_warning"}
        assert last["deprecation_warning"] == WARNING
    else:
        assert last == {}


@pytest.mark.parametrize("path", PAGED)
def test_an_exact_fit_leaves_no_empty_page(seeded: Server, path: str) -> None:
    parameter, largest = PAGED[path]
    whole = expected(seeded.store, path)
    before = seeded.body(path, count=1)
    rest = len(whole) - 1
    while rest > largest:
        step = min(largest, rest - 1)
        cursor = before["pagination"][f"next_{parameter}"]
        before = seeded.body(path, count=step, **{parameter: cursor})
        rest -= step
    cursor = before["pagination"][f"next_{parameter}"]
    last = seeded.body(path, count=rest, **{parameter: cursor})
    assert [item["id"] for item in last["data"]] == whole[-rest:]
    assert "next_url" not in last["pagination"]
    assert seeded.body(path, count=rest + 1, **{parameter: cursor})["data"] == last["data"]


@pytest.mark.parametrize("path", PAGED)
def test_a_page_has_as_many_items_as_requested_up_to_the_maximum(seeded: Server, path: str) -> None:
    largest = PAGED[path][1]
    there = len(expected(seeded.store, path))
    for count in (1, 20, largest, largest + 1, 10**9):
        assert len(seeded.data(path, count=count)) == min(count, largest, there)
    assert len(seeded.data(path)) == min(20 if largest == 33 else 50, there)
    for wrong in ("0", "-1", "", "many", "1.5"):
        rejection = (400, "APIInvalidParametersError", "Count must be larger than zero.")
        assert seeded.rejection("GET", path, count=wrong) == rejection


@pytest.mark.parametrize(
    "path", [path for path, (parameter, _) in PAGED.items() if parameter in ("max_id", "max_tag_id")]
)
def test_a_lower_bound_returns_newer_items_and_excludes_itself(seeded: Server, path: str) -> None:
    tags = PAGED[path][0] == "max_tag_id"
    whole = expected(seeded.store, path)
    for place in (0, 1, 5):
        cursor = whole[place]
        if tags:
            cursor = seeded.body(path, count=place + 1)["pagination"].get("next_max_tag_id", "0")
        newer = seeded.body(path, ALL, **{"min_tag_id" if tags else "min_id": cursor})
        assert [item["id"] for item in newer["data"]] == whole[:place]
        assert "next_url" not in newer["pagination"]


def test_the_next_url_repeats_bounds_and_parameters(seeded: Server) -> None:
    whole = expected(seeded.store, "/users/self/media/recent")
    bounds: dict[str, Any] = {
        "max_id": whole[3],
        "min_id": whole[20],
        "min_timestamp": 1,
        "extra": "ü &",
    }
    body = seeded.body("/users/self/media/recent", count=5, **bounds)
    result = numbers([body])
    while "next_url" in body["pagination"]:
        body = seeded.send("GET", body["pagination"]["next_url"]).json()
        result += numbers([body])
    assert result == whole[4:20]


def test_new_items_shift_no_page(fresh: Server) -> None:
    path = "/users/self/media/liked"
    whole = expected(fresh.store, path)
    result, body = [], fresh.body(path, count=4)
    liked = fresh.data(f"/users/{seed_data.DIARIST}/media/recent", count=33)
    for item in liked:
        result += numbers([body])
        fresh.data(f"/media/{item['id']}/likes", method="POST")
        if "next_url" not in body["pagination"]:
            break
        body = fresh.send("GET", body["pagination"]["next_url"]).json()
    assert result == whole[: len(result)]
    assert len(result) > 40 or result == whole


def test_an_empty_list_has_empty_pagination(seeded: Server) -> None:
    path = f"/users/{seed_data.NEWCOMER}"
    for more in ("/media/recent", "/follows", "/followed-by"):
        assert seeded.body(path + more) == {"pagination": {}, "meta": {"code": 200}, "data": []}
    empty = seeded.body("/tags/snow/media/recent", max_tag_id=1)
    assert empty["data"] == []
    assert empty["pagination"] == {"min_tag_id": "", "next_min_id": "", "deprecation_warning": WARNING}


def test_deprecated_keys_of_tags_repeat_the_new_ones(seeded: Server) -> None:
    pagination = seeded.body("/tags/snow/media/recent", count=2)["pagination"]
    assert pagination["next_max_id"] == pagination["next_max_tag_id"]
    assert pagination["next_min_id"] == pagination["min_tag_id"]


def test_time_windows_exclude_their_ends(seeded: Server) -> None:
    rows = seeded.store.rows("SELECT id, created FROM media WHERE owner = ? ORDER BY id DESC", ADA)
    early, late = rows[20]["created"], rows[4]["created"]
    window = {"min_timestamp": early, "max_timestamp": late, "count": 33}
    between = [f"{row['id']}_{ADA}" for row in rows if early < row["created"] < late]
    assert numbers([seeded.body("/users/self/media/recent", **window)]) == between
    assert len(between) == 15
    rows = seeded.store.rows("SELECT id, created, owner FROM media WHERE location = 301 ORDER BY id DESC")
    early, late = rows[9]["created"], rows[2]["created"]
    window = {"min_timestamp": early, "max_timestamp": late, "count": 33}
    between = [
        f"{row['id']}_{row['owner']}"
        for row in rows
        if early < row["created"] < late and may_see(seeded.store, ADA, row["owner"])
    ]
    assert numbers([seeded.body("/locations/301/media/recent", **window)]) == between


@pytest.mark.parametrize(
    ("window", "after", "before"),
    [
        ({}, NOW - 5 * DAY, NOW + 1),
        ({"min_timestamp": NOW - 7 * DAY, "max_timestamp": NOW}, NOW - 7 * DAY, NOW),
        ({"max_timestamp": NOW - 3 * DAY}, NOW - 8 * DAY, NOW - 3 * DAY),
        ({"min_timestamp": NOW - 20 * DAY}, NOW - 20 * DAY, NOW - 13 * DAY),
        ({"min_timestamp": NOW - DAY}, NOW - DAY, NOW + 1),
        ({"min_timestamp": NOW, "max_timestamp": NOW - DAY}, NOW, NOW - DAY),
    ],
)
@pytest.mark.parametrize("reach", [{}, {"distance": 1}, {"distance": 400}, {"distance": 5000}])
def test_media_are_found_by_place_and_time(
    seeded: Server, window: dict[str, Any], after: int, before: int, reach: dict[str, Any]
) -> None:
    latitude, longitude = 48.8584, 2.2945
    result = seeded.data("/media/search", lat=latitude, lng=longitude, **window, **reach)
    radius = reach.get("distance", 1000)
    sql = "SELECT * FROM media WHERE latitude IS NOT NULL AND created > ? AND created < ? ORDER BY id DESC"
    near = {
        f"{row['id']}_{row['owner']}": far
        for row in seeded.store.rows(sql, after, before)
        if (far := metres(latitude, longitude, row["latitude"], row["longitude"])) <= radius
        and may_see(seeded.store, ADA, row["owner"])
    }
    assert [item["id"] for item in result] == list(near)[:100]
    for item in result:
        assert item["distance"] == pytest.approx(near[item["id"]], abs=0.5)
        assert "data" not in item["likes"]


def test_locations_are_found_nearest_first_or_by_other_ids(seeded: Server) -> None:
    rows = seeded.store.rows("SELECT * FROM location")
    for radius in (None, 300, 5000):
        reach: dict[str, Any] = {} if radius is None else {"distance": radius}
        result = seeded.data("/locations/search", lat=48.8584, lng=2.2945, **reach)
        distances = {
            str(row["id"]): metres(48.8584, 2.2945, row["latitude"], row["longitude"]) for row in rows
        }
        near = sorted((far, number) for number, far in distances.items() if far <= (radius or 1000))
        assert [item["id"] for item in result] == [number for _, number in near][:20]
        assert all(item.keys() == {"id", "name", "latitude", "longitude"} for item in result)
    for name in ("facebook_places_id", "foursquare_id", "foursquare_v2_id"):
        row = next(row for row in rows if row[name])
        [item] = seeded.data("/locations/search", **{name: row[name]})
        assert item["id"] == str(row["id"])
        assert item == seeded.data(f"/locations/{row['id']}")
        assert seeded.data("/locations/search", **{name: "0"}) == []


def test_ids_contain_their_time_and_links_their_id(seeded: Server) -> None:
    media = [item for path in PAGED if "follow" not in path for item in seeded.data(path, count=33)]
    assert len(media) > 100
    for item in media:
        number, owner = map(int, item["id"].split("_"))
        assert str(owner) == item["user"]["id"]
        assert (number >> 23) + 1314220021721 - int(item["created_time"]) * 1000 in range(2000)
        code = item["link"].removeprefix("https://www.instagram.com/p/").removesuffix("/")
        bits = (f"{code:A>12}" if len(code) < 12 else code).encode()
        assert int.from_bytes(base64.urlsafe_b64decode(bits), "big") == number
        assert all(tag == tag.lower() for tag in item["tags"])
    for item in media[::40]:
        code = item["link"].split("/")[-2]
        by_id = seeded.data(f"/media/{item['id']}")
        assert by_id == item
        assert seeded.data(f"/media/shortcode/{code}") == by_id
        assert seeded.data(f"/media/{item['id'].split('_')[0]}") == by_id


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("D", 3),
        ("BUG", 5382),
        ("aK1yrGRi3l", 471425689728724453),
        ("khpQDEBQdR", 657988443280050001),
        ("BJz1HdfhvMh", 1329639924173304609),
        ("BypiMeuIOmX", 2065332295327345047),
        ("BWgrMATgBwB", 1558435412031052801),
    ],
)
def test_shortcodes_are_those_on_record(code: str, number: int) -> None:
    assert ids.shortcode(number) == code
    assert ids.from_shortcode(code) == number


@pytest.mark.parametrize("era", [Era.NOVEMBER_2015, UNTIL_2018])
def test_old_apps_get_some_comments_and_likes_and_new_ones_counts_only(era: Era) -> None:
    with Server(era) as server:
        old = server.data("/users/self/media/recent", count=33)
        new = server.data("/users/self/media/recent", NEW, count=33)
        for item, other in zip(old, new, strict=True):
            assert other["comments"].keys() == other["likes"].keys() == {"count"}
            if era is not Era.NOVEMBER_2015:
                assert item == other
                continue
            assert len(item["comments"]["data"]) == min(item["comments"]["count"], 8)
            assert len(item["likes"]["data"]) == min(item["likes"]["count"], 4)
            assert item["comments"]["data"] == server.data(f"/media/{item['id']}/comments")[-8:]
            newest = server.data(f"/media/{item['id']}/likes")[:4]
            assert sorted(map(str, newest)) == sorted(map(str, item["likes"]["data"]))
        for path in ("/media/popular", "/media/search?lat=48.8584&lng=2.2945"):
            if era is Era.NOVEMBER_2015:
                assert {str(item["likes"].keys()) for item in server.data(path)} == {"dict_keys(['count'])"}


def test_lists_of_comments_and_likes_end_at_150_and_120(seeded: Server) -> None:
    sql = "SELECT media, count(*) AS n FROM {} GROUP BY media ORDER BY n DESC LIMIT 1"
    for kind, table, most in (("comments", "comment", 150), ("likes", "liking", 120)):
        row = seeded.store.row(sql.format(table))
        assert row is not None
        assert row["n"] > most
        listed = seeded.data(f"/media/{row['media']}/{kind}")
        assert len(listed) == most
        assert seeded.data(f"/media/{row['media']}")[kind]["count"] == row["n"]
        column = "author" if table == "comment" else "user"
        newest = seeded.store.rows(
            f"SELECT {column} AS who FROM {table} WHERE media = ? ORDER BY id DESC LIMIT ?",
            *(row["media"], most),
        )
        who = [item["from"]["id"] for item in listed[::-1]] if kind == "comments" else []
        who = who or [item["id"] for item in listed]
        assert who == [str(item["who"]) for item in newest]


def test_liking_twice_is_liking_once(fresh: Server) -> None:
    path = f"/media/{SNOW}"
    fresh.data(f"{path}/likes", method="DELETE")
    fresh.data(f"{path}/likes", method="DELETE")
    assert fresh.data(path)["user_has_liked"] is False
    likes = fresh.data(f"{path}/likes")
    assert str(BELA) in [item["id"] for item in likes]
    fresh.data(f"{path}/likes", method="POST")
    assert [item["id"] for item in fresh.data(f"{path}/likes")] == [
        str(ADA),
        *(item["id"] for item in likes),
    ]
    assert fresh.data(f"{path}/likes", OTHER, "POST") is None
    assert fresh.data(f"{path}/likes")[0]["id"] == str(ADA)
    assert fresh.data(path)["likes"]["count"] == len(likes) + 1
    assert fresh.data(path)["user_has_liked"] is True
    assert fresh.data("/users/self/media/liked", count=1)[0]["id"] == SNOW
    fresh.data(f"{path}/likes", method="DELETE")
    assert fresh.data(f"{path}/likes") == likes


def test_a_comment_is_listed_and_counted_until_it_is_deleted(fresh: Server) -> None:
    path = f"/media/{TOWER}"
    before = fresh.data(path)["comments"]["count"]
    assert fresh.data(f"{path}/comments", method="POST", text="Great   photo! 東京 ☕") is None
    comment = fresh.data(f"{path}/comments")[-1]
    assert comment["text"] == "Great   photo! 東京 ☕"
    assert comment["from"]["id"] == str(ADA)
    assert int(comment["created_time"]) == NOW == ids.milliseconds(int(comment["id"])) // 1000
    assert fresh.data(path)["comments"]["count"] == before + 1
    gone = f"{path}/comments/{comment['id']}"
    assert fresh.data(gone, method="DELETE") is None
    assert comment not in fresh.data(f"{path}/comments")
    assert fresh.data(path)["comments"]["count"] == before
    assert fresh.rejection("DELETE", gone)[1] == "APINotFoundError"


def test_only_author_and_owner_may_delete_a_comment(fresh: Server) -> None:
    rows = fresh.store.rows("SELECT id, author FROM comment WHERE media = ?", SNOW.partition("_")[0])
    assert BELA in {row["author"] for row in rows}
    foreign = fresh.store.row(
        "SELECT c.id, m.id AS media FROM comment AS c JOIN media AS m ON m.id = c.media "
        "WHERE m.owner = ? AND author NOT IN (?, ?)",
        *(seed_data.DIARIST, ADA, BELA),
    )
    assert foreign is not None
    path = f"/media/{foreign['media']}/comments/{foreign['id']}"
    for token in (ALL, OTHER):
        assert fresh.rejection("DELETE", path, token)[:2] == (400, "APINotAllowedError")
    for token in (ALL, OTHER):  # ada owns the media object; bela is the author of the second comment
        fresh.data(f"/media/{SNOW}/comments", OTHER, "POST", text="one more")
        mine = fresh.data(f"/media/{SNOW}/comments")[-1]["id"]
        fresh.data(f"/media/{SNOW}/comments/{mine}", token, "DELETE")
        assert mine not in [item["id"] for item in fresh.data(f"/media/{SNOW}/comments")]
    elsewhere = f"/media/{TOWER}/comments/{rows[0]['id']}"
    assert fresh.rejection("DELETE", elsewhere)[1] == "APINotFoundError"


LONG, TAGGED, LINKED, LOUD = (
    *("APICommentTooLongError", "APICommentTooManyTagsError"),
    *("APICommentTooManyUrlsError", "APICommentAllCapsError"),
)


@pytest.mark.parametrize(
    ("text", "error_type"),
    [
        ("x" * 300, None),
        ("x" * 301, LONG),
        ("é" * 300, None),
        ("😀" * 301, LONG),
        ("#a #b #c #d", None),
        ("#a #b #c #d #e", TAGGED),
        ("#снег#雪#été#눈#ok", TAGGED),
        ("# # # # # a", None),
        ("see http://a.example and that is all", None),
        ("see http://a.example and HTTPS://b.example", LINKED),
        ("NICE SHOT", LOUD),
        ("ПРИВЕТ", LOUD),
        ("A", LOUD),
        ("NICE SHOt", None),
        ("123 !!!", None),
        ("雪", None),
        ("two\nlines", None),
    ],
)
def test_comments_must_satisfy_the_four_rules(seeded: Server, text: str, error_type: str | None) -> None:
    path = f"/media/{TOWER}/comments"
    before = seeded.data(path)
    if error_type is None:
        assert rules.rejection(text) is None
        return
    status, kind, message = seeded.rejection("POST", path, text=text)
    assert (status, kind) == (400, error_type)
    assert error_type != LONG or message == "Your comment is too long."
    assert seeded.data(path) == before


def test_a_tag_that_the_owner_adds_later_moves_the_media_up(fresh: Server) -> None:
    path = "/tags/snow/media/recent"
    oldest = expected(fresh.store, "/users/self/media/recent")[-1]
    fresh.data(f"/media/{TOWER}/comments", method="POST", text="not mine: #snow")
    assert TOWER not in numbers(by_next_url(fresh, path, 33))
    count = fresh.data("/tags/snow")["media_count"]
    had = "snow" in fresh.data(f"/media/{oldest}")["tags"]
    fresh.time += 60
    fresh.data(f"/media/{oldest}/comments", method="POST", text="mine: #Snow #quite-new")
    assert fresh.data(path)[0]["id"] == oldest
    assert fresh.data("/tags/snow")["media_count"] == count + (not had)
    assert fresh.data("/tags/quite")["media_count"] == 1
    assert {"snow", "quite"} <= set(fresh.data(f"/media/{oldest}")["tags"])
    comment = fresh.data(f"/media/{oldest}/comments")[-1]["id"]
    fresh.data(f"/media/{oldest}/comments/{comment}", method="DELETE")
    assert "quite" not in fresh.data(f"/media/{oldest}")["tags"]
    assert fresh.rejection("GET", "/tags/quite")[1] == "APINotFoundError"


@pytest.mark.parametrize("query", ["s", "S", "sno", "snow", "x", "été", "снег", words.BANNED_TAG, "zzz"])
def test_tags_are_found_by_prefix_the_exact_one_first(seeded: Server, query: str) -> None:
    result = seeded.data("/tags/search", q=query)
    names = [item["name"] for item in result]
    rows = seeded.store.rows("SELECT tag, count(*) AS n FROM tagging GROUP BY tag")
    counts = {row["tag"]: row["n"] for row in rows if row["tag"] != words.BANNED_TAG}
    assert set(names) == {tag for tag in counts if tag.startswith(query.lower())} or len(names) == 50
    assert {item["name"]: item["media_count"] for item in result} == {name: counts[name] for name in names}
    if query.lower() in counts:
        assert names[0] == query.lower()
        names = names[1:]
    assert [counts[name] for name in names] == sorted((counts[name] for name in names), reverse=True)


def test_a_search_for_tags_ends_at_50(seeded: Server) -> None:
    assert len(seeded.data("/tags/search", q="day")) == 50


def test_users_are_found_by_the_beginning_of_a_name(seeded: Server) -> None:
    assert seeded.data("/users/search", q="ADA")[0]["username"] == "ada"
    assert str(BELA) in [item["id"] for item in seeded.data("/users/search", q="ito")]
    for letter in "abem":
        result = seeded.data("/users/search", q=letter)
        for item in result:
            assert any(
                word.startswith(letter) for word in (item["username"], *item["full_name"].lower().split())
            )
        assert seeded.data("/users/search", q=letter, count=2) == result[:2]
        assert len(result) <= 50
        assert len({item["id"] for item in result}) == len(result) > 1
    assert seeded.data("/users/search", q="unused-name") == []


def test_popular_media_are_the_most_liked(seeded: Server) -> None:
    likes = [item["likes"]["count"] for item in seeded.data("/media/popular")]
    assert likes == sorted(likes, reverse=True)
    assert len(likes) == 20


def test_self_is_the_owner_of_the_token(seeded: Server) -> None:
    for token, user in ((ALL, ADA), (OTHER, BELA)):
        assert seeded.data("/users/self", token) == seeded.data(f"/users/{user}", token)
        assert seeded.data("/users/self", token)["id"] == str(user)
    counts = seeded.data("/users/self")["counts"]
    assert counts["media"] == len(expected(seeded.store, "/users/self/media/recent"))
    assert counts["follows"] == len(expected(seeded.store, "/users/self/follows"))
    assert counts["followed_by"] == len(expected(seeded.store, "/users/self/followed-by"))
