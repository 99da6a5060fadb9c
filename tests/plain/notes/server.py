"""The notes service. Wrong only by the mutants that it is given."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from plain.fields import InvalidError, Member, read_body, read_query
from plain.notes import bodies, seed
from plain.web import App, Handler, HttpError, Json, Request, Response, json_response, parse_json

PREFIX = ""


def make(mutants: frozenset[str] = frozenset(), clock: Callable[[], datetime] | None = None) -> App:
    """A notes service of its own, as it is at the start."""
    notes = _Notes(mutants, clock or (lambda: datetime.now(UTC)))
    return App(PREFIX, notes.routes(), notes.error)


class _Notes:
    def __init__(self, mutants: frozenset[str], clock: Callable[[], datetime]) -> None:
        self._mutants, self._clock, self._random = mutants, clock, Random(0)
        self._bodies = bodies.Bodies(mutants)
        self._notes, self._comments = seed.notes(), seed.comments()

    def _has(self, mutant: str) -> bool:
        return mutant in self._mutants

    def routes(self) -> dict[str, dict[str, Handler]]:
        return {
            "/notes": {"GET": self.list_notes},
            "/notes/{key}": {"GET": self.read_note, "PUT": self.put_note, "DELETE": self.delete_note},
            "/notes/{key}/comments": {"GET": self.list_comments, "POST": self.add_comment},
            "/comments/{id}": {
                "GET": self.read_comment,
                "PATCH": self.edit_comment,
                "DELETE": self.delete_comment,
            },
            "/stats": {"GET": self.read_stats},
        }

    def error(self, error: HttpError) -> Response:
        if error.status != 422:
            return json_response(error.status, {"detail": error.detail}, error.headers)
        details = [
            {"loc": [error.detail, name], "msg": message, "type": "value_error"}
            for name, message in error.errors.items()
        ]
        if self._has("error-without-place"):
            details = [{"msg": detail["msg"], "type": detail["type"]} for detail in details]
        return json_response(422, {"detail": details})

    # What several operations do.

    def _key(self, value: str) -> str:
        try:
            return str(self._bodies.key()(value))
        except InvalidError as error:
            raise HttpError(422, "path", {"key": str(error)}) from None

    def _note(self, value: str, deleted: bool = False) -> Json:
        """The note that a path names. Raises HttpError with 422, 404, or 410 unless it may be ``deleted``."""
        key = self._key(value)
        if key not in self._notes:
            raise HttpError(404, "There is no such note.")
        note = self._notes[key]
        if note["status"] == "deleted" and not deleted:
            raise HttpError(404 if self._has("gone-is-missing") else 410, "The note is deleted.")
        return note

    def _comment(self, value: str) -> Json:
        try:
            key = bodies.IDS(value).lower()
        except InvalidError as error:
            raise HttpError(422, "path", {"comment_id": str(error)}) from None
        if key not in self._comments:
            raise HttpError(404, "There is no such comment.")
        return self._comments[key]

    def _body(self, request: Request, members: dict[str, Member], partial: bool = False) -> dict[str, Json]:
        if request.media_type != "application/json":
            raise HttpError(422, "body", {"body": "Not application/json."})
        try:
            values, errors = read_body(members, parse_json(request.body), partial)
        except InvalidError as error:
            raise HttpError(422, "body", {"body": str(error)}) from None
        except ValueError:
            raise HttpError(422, "body", {"body": "Not JSON."}) from None
        if errors:
            raise HttpError(422, "body", errors)
        return values

    def _now(self) -> str:
        return self._clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def _shown(self, note: Json) -> Json:
        """As JSON shows it."""
        shown = dict(note)
        if self._has("updated-without-zone") and shown["updated_at"] != shown["created_at"]:
            shown["updated_at"] = shown["updated_at"].rstrip("Z")
        if self._has("priority-zero"):
            shown["priority"] = shown["priority"] or 0
        if self._has("tags-null"):
            shown["tags"] = shown["tags"] or None
        return shown

    # Notes.

    def list_notes(self, request: Request) -> Response:
        query, errors = self._bodies.query(request.query)
        if errors:
            raise HttpError(422, "query", errors)
        limit, offset = query["limit"], query["offset"]
        if self._has("large-offset-crashes") and offset >= 2**31:
            raise RuntimeError("integer out of range")
        rows = self._sorted(
            [note for note in self._notes.values() if self._is_listed(note, query)], query["sort"]
        )
        total = len(self._notes) if self._has("total-of-all") else len(rows)
        if self._has("last-note-lost"):
            rows = rows[:-1]
        if self._has("silent-cap"):
            limit = min(limit, 50)
        start = offset * limit if self._has("offset-in-pages") else offset
        if self._has("offset-ignored"):
            start = 0
        items = [self._shown(note) for note in rows[start : start + limit]]
        if self._has("archived"):
            items = [{**item, "status": "archived"} if item["status"] == "done" else item for item in items]
        return json_response(200, {"items": items, "total": total, "limit": query["limit"], "offset": offset})

    def _is_listed(self, note: Json, query: dict[str, Any]) -> bool:
        status = None if self._has("status-ignored") else query["status"]
        if status is None and note["status"] == "deleted" and not self._has("deleted-listed"):
            return False
        if status is not None and note["status"] != status:
            return False
        return self._has_text(note, query["q"]) and self._is_within(note, query)

    def _has_text(self, note: Json, q: str | None) -> bool:
        if q is None or self._has("q-ignored"):
            return True
        if self._has("q-is-a-pattern"):
            return re.search(q, note["text"], re.IGNORECASE) is not None
        if self._has("q-by-case"):
            return q in note["text"]
        return q.casefold() in note["text"].casefold()

    def _is_within(self, note: Json, query: dict[str, Any]) -> bool:
        lowest, highest = query["weight[min]"], query["weight[max]"]
        since, until, tags = query["since"], query["until"], query["tags"]
        if self._has("first-tag-only"):
            tags = tags[:1]
        too_late = until is not None and (
            note["day"] > until or (note["day"] == until and self._has("until-exclusive"))
        )
        too_early = since is not None and note["day"] < since and not self._has("since-ignored")
        too_heavy = highest is not None and note["weight"] > highest and not self._has("heaviest-ignored")
        too_light = lowest is not None and note["weight"] < lowest
        return set(tags) <= set(note["tags"]) and not (too_late or too_early or too_heavy or too_light)

    def _sorted(self, notes: list[Json], sort: str) -> list[Json]:
        name, descending = sort.removeprefix("-"), sort.startswith("-")
        if self._has("days-descend") and name == "day":
            descending = True
        if self._has("weight-unsorted") and name == "weight":
            return notes
        by_key = sorted(notes, key=lambda note: str(note["key"]))
        return sorted(by_key, key=lambda note: note[name], reverse=descending)

    def read_note(self, request: Request, value: str) -> Response:
        if request.method == "HEAD" and self._has("head-crashes"):
            raise RuntimeError("too little data for declared Content-Length")
        return json_response(200, self._shown(self._note(value, deleted=self._has("deleted-readable"))))

    def put_note(self, request: Request, value: str) -> Response:
        key = self._key(value)
        try:
            values = self._body(request, self._bodies.notes())
        except HttpError:
            if self._has("rejected-deletes"):
                self._notes.pop(key, None)
            raise
        self._crash(request, values)
        old = self._notes.get(key)
        existed = old is not None and old["status"] != "deleted"
        if self._has("text-truncated"):
            values["text"] = values["text"][:140]
        if self._has("text-normalized"):
            values["text"] = unicodedata.normalize("NFC", values["text"])
        if self._has("tags-sorted"):
            values["tags"] = sorted(values["tags"])
        if old is not None and existed and self._has("put-keeps-tags"):
            values["tags"] = values["tags"] or old["tags"]
        if old is not None and existed and self._has("put-forgets-weight"):
            values["weight"] = old["weight"]
        now = self._now()
        created = old["created_at"] if old is not None and existed and not self._has("created-moves") else now
        status = "done" if values["done"] else "open"
        note = {"key": key, **values, "status": status, "created_at": created, "updated_at": now}
        if not (existed and self._has("replacement-lost")):
            self._notes[key] = note
        as_new = not existed or self._has("replaced-as-new")
        return json_response(
            201 if as_new and not self._has("created-as-replaced") else 200, self._shown(note)
        )

    def _crash(self, request: Request, values: dict[str, Json]) -> None:
        if self._has("longest-text-crashes") and len(values["text"]) == 280:
            raise RuntimeError("Data too long for column 'text'")
        if self._has("null-priority-crashes") and parse_json(request.body).get("priority", 1) is None:
            raise RuntimeError("'>' not supported between instances of 'NoneType' and 'int'")
        if self._has("wide-text-crashes"):
            values["text"].encode("latin-1")
        if self._has("heaviest-crashes") and values["weight"] == 100:
            raise RuntimeError("numeric field overflow")
        if self._has("leap-day-crashes") and values["day"].endswith("02-29"):
            raise RuntimeError("day is out of range for month")

    def delete_note(self, request: Request, value: str) -> Response:
        note = self._note(value, deleted=self._has("deleted-again-200"))
        if not self._has("delete-not-stored"):
            note["status"] = "deleted"
            note["updated_at"] = self._now()
        self._comments = {key: row for key, row in self._comments.items() if row["key"] != note["key"]}
        return json_response(200, self._shown({**note, "status": "deleted"}))

    # Comments.

    def list_comments(self, request: Request, value: str) -> Response:
        query, errors = read_query(bodies.COMMENT_PAGES, request.query)
        if errors:
            raise HttpError(422, "query", errors)
        note = self._note(value)
        rows = [row for row in self._comments.values() if row["key"] == note["key"]]
        if self._has("comments-of-all"):
            rows = list(self._comments.values())
        limit, offset = query["limit"], query["offset"]
        shown = rows[offset : offset + limit - self._has("comments-one-less")]
        total = len(shown) if self._has("comments-total-of-page") else len(rows)
        return json_response(200, {"items": shown, "total": total})

    def add_comment(self, request: Request, value: str) -> Response:
        note = self._note(value)
        values = self._body(request, bodies.COMMENTS)
        number = UUID(int=self._random.getrandbits(128), version=4)
        shown = number.hex if self._has("id-without-hyphens") else str(number)
        comment = {"id": shown, "key": note["key"], **values, "created_at": self._now()}
        if not self._has("comment-lost"):
            self._comments[str(number)] = comment
        return json_response(201, comment)

    def read_comment(self, request: Request, value: str) -> Response:
        comment = self._comment(value)
        media_type = "text/plain; charset=utf-8" if self._has("comment-as-text") else "application/json"
        return json_response(200, comment, media_type=media_type)

    def edit_comment(self, request: Request, value: str) -> Response:
        comment = self._comment(value)
        values = self._body(request, bodies.COMMENTS, partial=True)
        if self._has("edit-clears-author"):
            values.setdefault("author", None)
        if self._has("edit-not-stored"):
            return json_response(200, {**comment, **values})
        comment.update(values)
        return json_response(200, comment)

    def delete_comment(self, request: Request, value: str) -> Response:
        try:
            comment = self._comment(value)
        except HttpError as error:
            if error.status == 404 and self._has("comment-deleted-again"):
                return Response(204)
            raise
        self._comments = {key: row for key, row in self._comments.items() if row is not comment}
        return json_response(200, comment) if self._has("comment-deleted-200") else Response(204)

    # Figures.

    def read_stats(self, request: Request) -> Response:
        notes = list(self._notes.values())
        statuses = Counter(note["status"] for note in notes)
        if self._has("stats-count-deleted"):
            statuses["open"] += statuses["deleted"]
        figures = {status: statuses[status] for status in ("open", "done", "deleted")}
        tags = Counter(tag for note in notes if note["status"] != "deleted" for tag in note["tags"])
        return json_response(200, {"notes": figures, "tags": dict(tags)})
