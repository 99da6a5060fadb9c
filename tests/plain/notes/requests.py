"""Requests to the notes service."""

from plain.probes import Sender
from plain.web import Request

SEND = Sender("")
NOTE = {"text": "Buy milk", "day": "2024-05-30"}
COMMENT = "/comments/5f0c8a52-7d1e-4c3b-9a64-2f1d6e8b0001"
NEW_COMMENT = "/comments/e3e70682-c209-4cac-a29f-6fbed82c07cd"
"""The first comment that is created."""


def get(*targets: str) -> tuple[Request, ...]:
    return tuple(SEND.get(target) for target in targets)


def put(key: str = "new", **members: object) -> tuple[Request, ...]:
    """PUT of a note, changed in some members."""
    return (SEND.put(f"/notes/{key}", {**NOTE, **members}),)


WALK = (
    *get(
        "/notes",
        "/notes?limit=100&offset=30",
        "/notes?q=ZO%C3%8B",
        "/notes?q=%25&status=done",
        "/notes?q=(",
        "/notes?q=",
    ),
    *get("/notes?tags=home,work", "/notes?tags=", "/notes?since=2024-05-10&until=2024-05-10"),
    *get(
        "/notes?weight%5Bmin%5D=1.5&weight[max]=2",
        "/notes?sort=-weight",
        "/notes?sort=day",
        "/notes?sort=-key",
    ),
    *get(
        "/notes?limit=0", "/notes?q=" + "x" * 51, "/notes?since=x", "/notes?sort=x", f"/notes?offset={10**20}"
    ),
    *get("/notes/note-1", "/notes/note-10", "/notes/none", "/notes/NOTE", "/stats"),
    *put(text="\0 שלום e\u0301 " + "x" * 271, tags=["b", "a"], priority=None, weight=100),
    *put(text="x", day="0000-02-29", priority=5, weight=1e-7, done=True, tags=["a", "b", "c", "d", "e"]),
    *put(text="x" * 281, day="2023-02-29", priority=6, weight=0, tags=["A"]),
    *put(tags=["a", "a"]),
    SEND.put("/notes/new", b"[]", content_type="application/json"),
    SEND.put("/notes/new", b"\xff", content_type="application/json"),
    SEND.put("/notes/new", b"{}", content_type="text/plain"),
    SEND.delete("/notes/new"),
    SEND.delete("/notes/new"),
    SEND.delete("/notes/none"),
    SEND.delete("/notes/-_-"),
    *get("/notes/new", "/notes?status=deleted", "/stats"),
    *put(),
    *put("note-2", tags=["garden"]),
    *get("/notes/new", "/notes/note-1/comments?limit=3&offset=12", "/notes/note-1/comments?limit=51"),
    *get("/notes/note-10/comments", "/notes/none/comments"),
    SEND.post("/notes/new/comments", {"text": "x" * 100, "author": None}),
    SEND.post("/notes/new/comments", {"text": ""}),
    SEND.post("/notes/none/comments", {"text": "x"}),
    SEND.post("/notes/note-10/comments", {"text": "x"}),
    *get(NEW_COMMENT, COMMENT.upper().replace("COMMENTS", "comments"), "/comments/x"),
    SEND.patch(COMMENT, {"author": "é"}),
    SEND.patch(COMMENT, {}),
    SEND.patch(COMMENT, {"text": None}),
    SEND.delete(COMMENT),
    SEND.delete(COMMENT),
    SEND.patch(COMMENT, {}),
    SEND.delete("/comments/x"),
    *get(COMMENT),
)
"""Requests through all operations."""
