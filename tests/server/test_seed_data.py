"""The seed data are the same every time, consistent, and contain the examples of the contract."""

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from instagram_server import ids, rules, seed_data, words
from instagram_server.config import ERA_STARTS, Era
from instagram_server.store import Store
from support.paths import CONTRACT

HERE = Path(__file__).parent
TABLES = (
    *("user", "location", "media", "person", "tagging", "banned_tag", "comment", "liking", "following"),
    *("block", "client", "sandbox_user", "token", "code", "subscription"),
)
ERAS = {era: int(beginning.timestamp()) for era, beginning in ERA_STARTS.items()}
DIGEST = "from test_seed_data import ERAS, digest, seeded; print(digest(seeded(min(ERAS.values()))))"


def seeded(now: int) -> Store:
    store = Store()
    seed_data.seed(store, now)
    return store


def content(store: Store, table: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in store.rows(f"SELECT * FROM {table}")]


def digest(store: Store) -> str:
    return sha256(repr([content(store, table) for table in TABLES]).encode()).hexdigest()


@pytest.fixture(scope="module", params=[Era.NOVEMBER_2015, Era.JUNE_2020])
def now(request: pytest.FixtureRequest) -> int:
    return ERAS[request.param]


@pytest.fixture(scope="module")
def store(now: int) -> Store:
    return seeded(now)


@pytest.fixture(scope="module")
def contract() -> Any:
    return yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))


def media_examples(value: Any) -> Iterator[dict[str, Any]]:
    """Every media object within the examples of the contract."""
    if isinstance(value, list):
        for item in value:
            yield from media_examples(item)
    elif isinstance(value, dict):
        if {"id", "user", "caption", "images"} <= value.keys() and isinstance(value["id"], str):
            yield value
        for item in value.values():
            yield from media_examples(item)


def test_they_are_the_same_every_time() -> None:
    first = digest(seeded(min(ERAS.values())))
    seed_data._tables.cache_clear()
    assert digest(seeded(min(ERAS.values()))) == first


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_they_do_not_depend_on_how_strings_are_hashed(hash_seed: str) -> None:
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)]),
    }
    command = [sys.executable, "-c", DIGEST]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == digest(seeded(min(ERAS.values())))


def test_seed_data_of_different_eras_differ_in_time_only() -> None:
    early, late = seeded(min(ERAS.values())), seeded(max(ERAS.values()))
    for table in ("user", "location", "following", "block", "client", "token", "subscription"):
        assert content(early, table) == content(late, table)
    for table in ("media", "comment", "liking", "tagging"):
        count = f"SELECT count(*) FROM {table}"
        assert early.value(count) == late.value(count)


def test_they_are_generated_quickly() -> None:
    """Half a second is the requirement; a busy machine may take three times as long."""
    started = time.process_time()
    seeded(min(ERAS.values()))
    assert time.process_time() - started < 1.5


def test_they_are_large_enough(store: Store) -> None:
    least = {"user": 60, "media": 2000, "location": 40, "comment": 3000, "liking": 10_000, "person": 500}
    for table, number in least.items():
        assert store.value(f"SELECT count(*) FROM {table}") >= number
    kinds = {row["type"]: row["n"] for row in store.rows("SELECT type, count(*) n FROM media GROUP BY type")}
    assert kinds.keys() == {"image", "video", "carousel"}
    assert kinds["image"] > sum(kinds.values()) * 0.7
    assert store.value("SELECT count(*) FROM user WHERE is_private") * 4 == store.value(
        "SELECT count(*) FROM user"
    )
    for flag, user in (("is_age_gated", seed_data.AGE_GATED), ("is_business", seed_data.BUSINESS)):
        assert [row["id"] for row in store.rows(f"SELECT id FROM user WHERE {flag}")] == [user]


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("media", "owner", "user"),
        ("media", "location", "location"),
        ("person", "media", "media"),
        ("person", "user", "user"),
        ("tagging", "media", "media"),
        ("tagging", "comment", "comment"),
        ("comment", "media", "media"),
        ("comment", "author", "user"),
        ("liking", "media", "media"),
        ("liking", "user", "user"),
        ("following", "source", "user"),
        ("following", "target", "user"),
        ("block", "source", "user"),
        ("block", "target", "user"),
        ("sandbox_user", "client", "client"),
        ("sandbox_user", "user", "user"),
        ("token", "client", "client"),
        ("token", "user", "user"),
        ("subscription", "client", "client"),
    ],
)
def test_referenced_rows_exist(store: Store, table: str, column: str, target: str) -> None:
    missing = f"{column} IS NOT NULL AND {column} NOT IN (SELECT id FROM {target})"
    assert content(store, f"{table} WHERE {missing}") == []


@pytest.mark.parametrize("table", ["media", "comment"])
def test_ids_contain_the_time_of_creation(store: Store, now: int, table: str) -> None:
    for row in store.rows(f"SELECT id, created FROM {table}"):
        assert ids.milliseconds(row["id"]) // 1000 == row["created"] < now
        assert row["id"] <= ids.LARGEST


def test_ids_of_media_and_comments_are_distinct(store: Store) -> None:
    assert store.value("SELECT count(*) FROM media JOIN comment ON media.id = comment.id") == 0


def test_a_comment_is_later_than_its_media(store: Store) -> None:
    assert (
        store.value("SELECT count(*) FROM comment c JOIN media m ON m.id = c.media WHERE c.id <= m.id") == 0
    )


def test_comments_satisfy_the_rules(store: Store) -> None:
    texts = {row["text"] for row in store.rows("SELECT text FROM comment")}
    assert [text for text in texts if rules.rejection(text)] == []
    assert max(map(len, texts)) == rules.MAX_CHARACTERS
    assert texts >= {*words.COMMENTS, *words.AFTERTHOUGHTS}


def test_captions_and_profiles_are_within_their_limits(store: Store) -> None:
    captions = [row["caption"] for row in store.rows("SELECT caption FROM media")]
    assert None in captions
    assert max(len(caption or "") for caption in captions) == 2200
    assert max(row["n"] for row in store.rows("SELECT count(*) n FROM tagging GROUP BY media")) == 30
    for user in store.rows("SELECT * FROM user"):
        assert re.fullmatch(r"[a-z0-9._]{1,30}", user["username"])
        assert len(user["bio"]) <= 150
        assert user["profile_picture"] == f"https://cdn.example.com/{user['username']}.jpg"
        assert user["website"] == "" or user["website"].startswith("https://")


def test_media_have_a_plausible_shape_and_place(store: Store) -> None:
    for row in store.rows("SELECT * FROM media"):
        assert 335 <= row["height"] <= 800
        assert (row["carousel"] is not None) == (row["type"] == "carousel")
        if row["carousel"] is not None:
            items = json.loads(row["carousel"])
            assert 2 <= len(items) <= 10
            assert items[0] == "image"
            assert set(items) <= {"image", "video"}
        assert (row["latitude"] is None) == (row["longitude"] is None)
        if row["latitude"] is not None:
            assert -90 <= row["latitude"] <= 90
            assert -180 <= row["longitude"] <= 180
    elsewhere = "location l ON l.id = m.location WHERE (l.latitude, l.longitude) <> (m.latitude, m.longitude)"
    assert store.value(f"SELECT count(*) FROM media m JOIN {elsewhere}") == 0
    for place in ("location IS NOT NULL", "location IS NULL AND latitude IS NOT NULL", "latitude IS NULL"):
        assert store.value(f"SELECT count(*) FROM media WHERE {place}") > 300
    assert store.value("SELECT count(*) FROM person WHERE NOT (x BETWEEN 0 AND 1 AND y BETWEEN 0 AND 1)") == 0
    on_videos = "SELECT count(*) FROM person p JOIN media m ON m.id = p.media WHERE m.type = 'video'"
    assert store.value(on_videos) == 0


def test_tags_are_those_of_captions_and_of_owners_comments(store: Store) -> None:
    sources: dict[tuple[int, str], tuple[int | None, int]] = {}
    owners = {row["id"]: row["owner"] for row in store.rows("SELECT id, owner FROM media")}
    for row in store.rows("SELECT id, caption FROM media WHERE caption IS NOT NULL"):
        for tag in rules.hashtags(row["caption"]):
            sources[row["id"], tag] = None, row["id"]
    for row in store.rows("SELECT * FROM comment ORDER BY id"):
        for tag in rules.hashtags(row["text"]) if row["author"] == owners[row["media"]] else ():
            sources.setdefault((row["media"], tag), (row["id"], row["id"]))
    result = store.rows("SELECT * FROM tagging")
    assert {(row["media"], row["tag"]): row["comment"] for row in result} == {
        key: comment for key, (comment, _) in sources.items()
    }
    for row in result:
        _, source = sources[row["media"], row["tag"]]
        assert 0 <= row["tagged"] - ids.milliseconds(source) * 1000 < 1000
        assert row["tag"] == row["tag"].lower()
        assert re.search(r"[\s.,!?#]", row["tag"]) is None
    assert any(row["comment"] for row in result)
    scripts = {"snow", "снег", "χιόνι", "雪", "눈", "ثلج", "שלג", "बर्फ", "หิมะ", "❄️", "señor"}
    assert {row["tag"] for row in result} >= scripts


def test_limits_of_lists_are_exceeded(store: Store) -> None:
    """What the API cuts off must be there: comments (150), likes (120), tags (50), locations (20)."""
    busiest = "SELECT max(n) FROM (SELECT count(*) n FROM {} GROUP BY media)"
    assert store.value(busiest.format("comment")) > 150
    assert store.value(busiest.format("liking")) > 120
    assert store.value("SELECT count(DISTINCT tag) FROM tagging WHERE tag LIKE 'day%'") > 50
    near = "latitude BETWEEN 48.82 AND 48.90 AND longitude BETWEEN 2.23 AND 2.35"
    assert store.value(f"SELECT count(*) FROM location WHERE {near}") > 20
    assert store.value("SELECT count(*) FROM tagging WHERE tag = 'snow'") > 100
    assert store.value("SELECT count(*) FROM media WHERE location = 301") > 66


def test_the_last_five_days_have_media_near_the_examples(store: Store, now: int) -> None:
    recent = f"FROM media WHERE created > {now - 5 * 86400}"
    assert store.value(f"SELECT count(*) {recent}") > 500
    near = "latitude BETWEEN 48.8497 AND 48.8671 AND longitude BETWEEN 2.281 AND 2.308"
    assert store.value(f"SELECT count(*) {recent} AND {near}") > 40


def test_the_banned_tag_has_media(store: Store) -> None:
    assert content(store, "banned_tag") == [(words.BANNED_TAG,)]
    assert store.value("SELECT count(*) FROM tagging WHERE tag = ?", words.BANNED_TAG) > 10


def test_locations_have_ids_of_other_services(store: Store) -> None:
    for column in ("facebook_places_id", "foursquare_id", "foursquare_v2_id"):
        other_ids = [
            row[0] for row in store.rows(f"SELECT {column} FROM location WHERE {column} IS NOT NULL")
        ]
        assert 20 < len(other_ids) == len(set(other_ids)) < store.value("SELECT count(*) FROM location")


def test_users_interact_only_with_media_they_may_see(store: Store) -> None:
    """Likes, comments and persons in photos of private users are of followers, of blocked ones none."""
    follows = {
        (row["source"], row["target"])
        for row in store.rows("SELECT source, target FROM following WHERE status = 'follows'")
    }
    blocked = set(content(store, "block"))
    private = {row["id"] for row in store.rows("SELECT id FROM user WHERE is_private")}
    for table, column in (("liking", "user"), ("comment", "author"), ("person", "user")):
        join = f"SELECT DISTINCT t.{column}, m.owner FROM {table} t JOIN media m ON m.id = t.media"
        for user, owner in map(tuple, store.rows(join)):
            assert user == owner or owner not in private or (user, owner) in follows
            assert not {(user, owner), (owner, user)} & blocked
    pairs = {(row["source"], row["target"]) for row in store.rows("SELECT source, target FROM following")}
    assert not pairs & (blocked | {(target, source) for source, target in blocked})
    assert all(source != target for source, target in pairs)


def test_ada_has_something_on_every_list(store: Store) -> None:
    def number(sql: str) -> int:
        return int(store.value(f"SELECT count(*) FROM {sql}", seed_data.ADA))

    assert number("media WHERE owner = ?") >= 60
    assert number("liking WHERE user = ?") >= 60
    assert number("following WHERE source = ? AND status = 'follows'") > 50
    assert number("following WHERE target = ? AND status = 'follows'") > 50
    feed = "media WHERE owner IN (SELECT target FROM following WHERE source = ? AND status = 'follows')"
    assert number(feed) > 500
    private = "liking l JOIN media m ON m.id = l.media JOIN user u ON u.id = m.owner WHERE l.user = ?"
    assert number(f"{private} AND u.is_private") > 0
    liked = [row["media"] for row in store.rows("SELECT media FROM liking WHERE user = 1001 ORDER BY id")]
    assert liked != sorted(liked)


def test_ada_has_every_kind_of_relationship(store: Store) -> None:
    status = {(row["source"], row["target"]): row["status"] for row in store.rows("SELECT * FROM following")}
    private = {row["id"]: bool(row["is_private"]) for row in store.rows("SELECT id, is_private FROM user")}
    blocks = content(store, "block")
    outgoing = {seed_data.FRIEND: "follows", seed_data.STRANGER: None, seed_data.RESERVED: "requested"}
    for user, expected in outgoing.items():
        assert private[user]
        assert status.get((seed_data.ADA, user)) == expected
    assert not private[seed_data.ADA]
    assert not private[seed_data.BELA]
    assert status[seed_data.ADA, seed_data.BELA] == "follows"
    assert (seed_data.BELA, seed_data.ADA) not in status
    assert (seed_data.ADA, seed_data.BLOCKED) in blocks
    assert (seed_data.BLOCKER, seed_data.ADA) in blocks
    asking = {
        source
        for (source, target), state in status.items()
        if target == seed_data.ADA and state == "requested"
    }
    assert asking == set(seed_data.ADMIRERS)
    assert [state for (_, target), state in status.items() if target == seed_data.RESERVED].count(
        "requested"
    ) > 1
    assert all(
        state == "follows" or private[target] or target == seed_data.ADA
        for (_, target), state in status.items()
    )


def test_the_newcomer_has_nothing(store: Store) -> None:
    columns = {"media": "owner", "liking": "user", "comment": "author", "person": "user"}
    for table, column in (*columns.items(), ("following", "source"), ("following", "target")):
        assert content(store, f"{table} WHERE {column} = {seed_data.NEWCOMER}") == []


def test_clients_are_of_every_kind(store: Store) -> None:
    assert content(store, "client") == sorted(seed_data.CLIENTS)
    demo = seed_data.DEMO_CLIENT
    assert demo == (
        "1677ed07ddd54db0a70f14f9b1435579",
        "6dc1787668c64c939929c17683d7cb74",
        "Demo",
        "http://127.0.0.1:8080/demo/callback",
        False,  # signed
        True,  # implicit
        True,  # approved
        False,  # sandbox
        True,  # legacy
    )
    kinds = [(c.legacy, c.approved, c.implicit, c.sandbox, c.signed) for c in seed_data.CLIENTS[1:]]
    assert kinds == [
        (False, True, False, False, False),
        (False, False, False, True, False),
        (False, True, False, False, True),
        (False, False, False, False, False),
    ]
    for client in seed_data.CLIENTS:
        assert re.fullmatch("[0-9a-f]{32}", client.id)
        assert re.fullmatch("[0-9a-f]{32}", client.secret)
        assert re.search("ig|insta|gram", client.name, re.IGNORECASE) is None
    assert len({client.id[:7] for client in seed_data.CLIENTS}) == len(seed_data.CLIENTS)
    guests = [row["user"] for row in store.rows("SELECT user FROM sandbox_user")]
    assert guests == sorted(seed_data.SANDBOX_USERS)
    assert len(guests) <= 10


def test_tokens_have_the_scopes_of_their_names(store: Store, contract: Any) -> None:
    flow = contract["components"]["securitySchemes"]["oauth"]["flows"]["authorizationCode"]
    every = set(flow["scopes"])
    assert set(seed_data.SCOPES) == every
    tokens = seed_data.tokens()
    assert list(tokens) == [
        *("all", "basic", "without-public_content", "without-follower_list", "without-comments"),
        *("without-relationships", "without-likes", "without-basic", "other", "revoked"),
    ]
    for name, token in tokens.items():
        row = store.row("SELECT * FROM token WHERE token = ?", token)
        assert row is not None
        expected = {"basic"} if name == "basic" else every - {name.removeprefix("without-")}
        assert set(row["scopes"].split()) == expected
        assert row["user"] == (seed_data.BELA if name == "other" else seed_data.ADA)
        assert row["client"] == seed_data.DEMO_CLIENT.id
        assert bool(row["revoked"]) == (name == "revoked")
        assert re.fullmatch(rf"{row['user']}\.1677ed0\.[0-9a-f]{{32}}", token)
    others = {
        seed_data.NEW_APP_TOKEN: seed_data.NEW_CLIENT,
        seed_data.SANDBOX_TOKEN: seed_data.SANDBOX_CLIENT,
        seed_data.SIGNED_TOKEN: seed_data.SIGNED_CLIENT,
        seed_data.UNAPPROVED_TOKEN: seed_data.UNAPPROVED_CLIENT,
    }
    for token, client in others.items():
        row = store.row("SELECT * FROM token WHERE token = ?", token)
        assert row is not None
        assert (row["client"], row["user"], row["revoked"]) == (client.id, seed_data.ADA, 0)
        assert set(row["scopes"].split()) == every
    assert store.value("SELECT count(*) FROM token") == len(tokens) + len(others)


def test_media_of_the_contract_equal_its_examples(store: Store, contract: Any) -> None:
    examples = {item["id"]: item for item in media_examples(contract["components"]["responses"])}
    assert len(examples) == 3
    for name, example in examples.items():
        number, owner = map(int, name.split("_"))
        row = store.row("SELECT * FROM media WHERE id = ?", number)
        assert row is not None
        assert row["owner"] == owner == int(example["user"]["id"])
        assert (row["type"], row["filter"]) == (example["type"], example["filter"])
        assert str(row["created"]) == example["created_time"]
        assert row["caption"] == (example["caption"] and example["caption"]["text"])
        assert row["height"] == example["images"]["standard_resolution"]["height"]
        assert ids.shortcode(number) in example["link"]
        place = example["location"] or {}
        shown = (place.get("id"), place.get("latitude"), place.get("longitude"))
        assert (row["location"], row["latitude"], row["longitude"]) == shown
        assert [item[0] for item in content(store, f"tagging WHERE media = {number}")] == example["tags"]
        persons = [(user, x, y) for _, user, x, y in content(store, f"person WHERE media = {number}")]
        assert persons == [
            (int(item["user"]["id"]), item["position"]["x"], item["position"]["y"])
            for item in example["users_in_photo"]
        ]
        likers = [user for _, _, user in content(store, f"liking WHERE media = {number}")]
        assert len(likers) == example["likes"]["count"]
        assert [str(user) for user in likers] == [
            item["id"] for item in example["likes"].get("data", [{"id": str(user)} for user in likers])
        ]
        assert (seed_data.ADA in likers) == example["user_has_liked"]
        comments = content(store, f"comment WHERE media = {number}")
        assert len(comments) == example["comments"]["count"]
        for comment, (key, _, author, created, text) in zip(
            example["comments"].get("data", []), comments, strict=True
        ):
            assert (comment["id"], comment["from"]["id"]) == (str(key), str(author))
            assert (comment["created_time"], comment["text"]) == (str(created), text)


def test_users_and_places_of_the_contract_equal_its_examples(store: Store, contract: Any) -> None:
    responses = contract["components"]["responses"]

    def example(name: str) -> Any:
        return responses[name]["content"]["application/json"]["example"]["data"]

    for shown in (example("User"), *example("UserList")):
        row = store.row("SELECT * FROM user WHERE id = ?", int(shown["id"]))
        assert row is not None
        for key in shown.keys() - {"id", "counts"}:
            assert row[key] == shown[key]
    place = store.row("SELECT * FROM location WHERE id = ?", int(example("Location")["id"]))
    assert place is not None
    for key in ("name", "latitude", "longitude"):
        assert place[key] == example("Location")[key]
    for parameter in contract["paths"]["/locations/search"]["get"]["parameters"]:
        if "name" in parameter:
            assert place[parameter["name"]] == parameter["example"]
    counts = Counter(row["tag"] for row in store.rows("SELECT tag FROM tagging"))
    names = [item["name"] for item in example("TagList")]
    assert sorted(names, key=lambda name: -counts[name]) == names
    assert all(counts[name] for name in names)


def test_parameters_of_the_contract_lead_somewhere(store: Store, contract: Any) -> None:
    examples = {
        key: item["example"] if "example" in item else next(iter(item["examples"].values()))["value"]
        for key, item in contract["components"]["parameters"].items()
    }
    ways = {
        "media_id": ("SELECT 1 FROM media WHERE id || '_' || owner = ?", examples["media_id"]),
        "shortcode": ("SELECT 1 FROM media WHERE id = ?", ids.from_shortcode(examples["shortcode"])),
        "comment_id": ("SELECT 1 FROM comment WHERE id = ?", int(examples["comment_id"])),
        "location_id": ("SELECT 1 FROM location WHERE id = ?", int(examples["location_id"])),
        "other_user_id": ("SELECT 1 FROM user WHERE id = ?", int(examples["other_user_id"])),
        "tag_name": ("SELECT 1 FROM tagging WHERE tag = ?", examples["tag_name"]),
        "geo_id": ("SELECT 1 FROM subscription WHERE object_id = ?", examples["geo_id"]),
    }
    for key, (sql, value) in ways.items():
        assert store.row(sql, value) is not None, key


def test_the_demo_client_has_two_subscriptions(store: Store, contract: Any) -> None:
    shown = contract["components"]["responses"]["Subscription"]["content"]["application/json"]["example"]
    user, geography = store.rows("SELECT * FROM subscription ORDER BY id")
    assert {key: user[key] for key in ("object", "object_id", "aspect", "callback_url")} == {
        key: shown["data"][key] for key in ("object", "object_id", "aspect", "callback_url")
    }
    assert str(user["id"]) == shown["data"]["id"]
    assert user["client"] == geography["client"] == seed_data.DEMO_CLIENT.id
    assert (geography["object"], geography["object_id"]) == ("geography", seed_data.GEOGRAPHY)
    assert (geography["latitude"], geography["longitude"], geography["radius"]) == (48.8584, 2.2945, 5000)
