"""Rows of the store as objects of the API, many at a time (docs/sources.md, section 3)."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from instagram_server import ids
from instagram_server.call import Call
from instagram_server.config import Era
from instagram_server.store import Store

Json = dict[str, Any]

_CDN = "https://cdn.example.com"
_EMBEDDED_COMMENTS, _EMBEDDED_LIKES = 8, 4


def user_short(row: sqlite3.Row) -> Json:
    return {
        "username": row["username"],
        "profile_picture": row["profile_picture"],
        "id": str(row["id"]),
        "full_name": row["full_name"],
    }


def users_short(store: Store, numbers: Iterable[int]) -> dict[int, Json]:
    """The short form of users, by id."""
    distinct = sorted(set(numbers))
    rows = store.rows(f"SELECT * FROM user WHERE id IN ({_marks(distinct)})", *distinct)
    return {row["id"]: user_short(row) for row in rows}


def comments(store: Store, rows: Sequence[sqlite3.Row]) -> list[Json]:
    authors = users_short(store, (row["author"] for row in rows))
    return [
        {
            "created_time": str(row["created"]),
            "text": row["text"],
            "from": authors[row["author"]],
            "id": str(row["id"]),
        }
        for row in rows
    ]


def location(row: sqlite3.Row) -> Json:
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "latitude": row["latitude"],
        "longitude": row["longitude"],
    }


def media(
    call: Call, rows: Sequence[sqlite3.Row], likes_data: bool = True, by_place_or_tag: bool = False
) -> list[Json]:
    """Media objects as the viewer sees them.

    Lists by popularity and place have no ``likes.data``. From 2018-04-04 on, users in results by
    place or tag have nothing but a username.
    """
    details = _Details(call, [row["id"] for row in rows], likes_data)
    details.load_users(rows)
    stripped = by_place_or_tag and call.era >= Era.APRIL_2018
    return [_media(call, row, details, stripped) for row in rows]


class _Details:
    """Comments, likes, tags, people and users of several media, fetched in one query each."""

    def __init__(self, call: Call, numbers: list[int], likes_data: bool) -> None:
        self._store = call.platform.store
        self._numbers = numbers
        self._marks = _marks(numbers)
        self.comment_counts = self._counts("comment")
        self.like_counts = self._counts("liking")
        self.liked = {
            row["media"] for row in self._rows("SELECT media FROM liking", "AND user = ?", call.viewer)
        }
        self.tags = self._grouped(self._rows("SELECT media, tag FROM tagging"))
        self.people = self._grouped(self._rows("SELECT * FROM person"))
        self.comments: dict[int, list[sqlite3.Row]] | None = None
        self.likes: dict[int, list[sqlite3.Row]] | None = None
        if call.sees_embedded:
            self.comments = self._newest("comment", _EMBEDDED_COMMENTS)
            self.likes = self._newest("liking", _EMBEDDED_LIKES) if likes_data else None

    def load_users(self, rows: Sequence[sqlite3.Row]) -> None:
        numbers = {row["owner"] for row in rows}
        numbers.update(person["user"] for group in self.people.values() for person in group)
        numbers.update(comment["author"] for group in (self.comments or {}).values() for comment in group)
        numbers.update(like["user"] for group in (self.likes or {}).values() for like in group)
        self.users = users_short(self._store, numbers)
        places = {row["location"] for row in rows if row["location"] is not None}
        names = self._store.rows(f"SELECT id, name FROM location WHERE id IN ({_marks(places)})", *places)
        self.places = {row["id"]: row["name"] for row in names}

    def _rows(self, select: str, more: str = "", *values: Any) -> list[sqlite3.Row]:
        return self._store.rows(f"{select} WHERE media IN ({self._marks}) {more}", *self._numbers, *values)

    def _counts(self, table: str) -> dict[int, int]:
        rows = self._rows(f"SELECT media, count(*) AS n FROM {table}", "GROUP BY media")
        return {row["media"]: row["n"] for row in rows}

    def _newest(self, table: str, most: int) -> dict[int, list[sqlite3.Row]]:
        ranked = (
            f"SELECT *, row_number() OVER (PARTITION BY media ORDER BY id DESC) AS rank FROM {table} "
            f"WHERE media IN ({self._marks})"
        )
        rows = self._store.rows(f"SELECT * FROM ({ranked}) WHERE rank <= ? ORDER BY id", *self._numbers, most)
        return self._grouped(rows)

    @staticmethod
    def _grouped(rows: list[sqlite3.Row]) -> dict[int, list[sqlite3.Row]]:
        groups: defaultdict[int, list[sqlite3.Row]] = defaultdict(list)
        for row in rows:
            groups[row["media"]].append(row)
        return groups


def _media(call: Call, row: sqlite3.Row, details: _Details, stripped: bool) -> Json:
    number = row["id"]
    kind = row["type"]
    if kind == "carousel" and call.era < Era.APRIL_2018:
        kind = "image"

    def short(user: int) -> Json:
        return {"username": details.users[user]["username"]} if stripped else details.users[user]

    people = [
        {"position": {"x": person["x"], "y": person["y"]}, "user": short(person["user"])}
        for person in details.people.get(number, ())
    ]
    media: Json = {
        "attribution": None,
        "tags": [tagging["tag"] for tagging in details.tags.get(number, ())],
        "type": kind,
        "location": _place(row, details),
        "comments": {"count": details.comment_counts.get(number, 0)},
        "filter": row["filter"],
        "created_time": str(row["created"]),
        "link": f"https://www.instagram.com/p/{ids.shortcode(number)}/",
        "likes": {"count": details.like_counts.get(number, 0)},
        "images": images(number, row["height"]),
        "users_in_photo": people,
        "caption": None,
        "user_has_liked": number in details.liked,
        "id": f"{number}_{row['owner']}",
        "user": short(row["owner"]),
    }
    if details.comments is not None:
        media["comments"]["data"] = [
            {
                "created_time": str(comment["created"]),
                "text": comment["text"],
                "from": short(comment["author"]),
                "id": str(comment["id"]),
            }
            for comment in details.comments.get(number, ())
        ]
    if details.likes is not None:
        media["likes"]["data"] = [short(like["user"]) for like in details.likes.get(number, ())]
    if row["caption"] is not None:
        media["caption"] = {
            "created_time": str(row["created"]),
            "text": row["caption"],
            "from": short(row["owner"]),
            "id": str(number),
        }
    if kind == "video":
        media["videos"] = _videos(number, row["height"])
    if kind == "carousel":
        media["carousel_media"] = [
            _carousel_item(number, index, item, row["height"], people if index == 0 else [])
            for index, item in enumerate(json.loads(row["carousel"]))
        ]
    return media


def _place(row: sqlite3.Row, details: _Details) -> Json | None:
    if row["latitude"] is None:
        return None
    place: Json = {"latitude": row["latitude"], "longitude": row["longitude"]}
    if row["location"] is not None:
        place |= {"id": row["location"], "name": details.places[row["location"]]}
    return place


def images(number: int, height: int, item: str = "") -> Json:
    """The renditions of an image, or of the cover of a video; ``item`` numbers those of a carousel."""
    stem = f"{_CDN}/{number}{item}"
    return {
        "low_resolution": {"url": f"{stem}-m.jpg", "width": 320, "height": height // 2},
        "thumbnail": {"url": f"{stem}-t.jpg", "width": 150, "height": 150},
        "standard_resolution": {"url": f"{stem}-l.jpg", "width": 640, "height": height},
    }


def _videos(number: int, height: int, item: str = "") -> Json:
    stem, small = f"{_CDN}/{number}{item}", {"width": 480, "height": height * 3 // 4}
    return {
        "low_bandwidth": {"url": f"{stem}-b.mp4", **small},
        "low_resolution": {"url": f"{stem}-m.mp4", **small},
        "standard_resolution": {"url": f"{stem}-l.mp4", "width": 640, "height": height},
    }


def _carousel_item(number: int, index: int, kind: str, height: int, people: list[Json]) -> Json:
    if kind == "video":
        return {"type": kind, "users_in_photo": [], "videos": _videos(number, height, f"-{index}")}
    return {"type": kind, "users_in_photo": people, "images": images(number, height, f"-{index}")}


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("?" for _ in values)
