"""Mutants of responses' shape, of validation, and crashes."""

from plain import Mutant
from plain.notes.requests import COMMENT, SEND, get, put

SCHEMAS = "#/components/schemas"
LIST, ITEM = "#/paths/~1notes/get", "#/paths/~1notes~1{key}"
COMMENTS, ONE = "#/paths/~1notes~1{key}~1comments", "#/paths/~1comments~1{comment_id}"

SHAPE = {
    "updated-without-zone": Mutant(
        "shape",
        "updated_at of notes that were replaced has no zone",
        f"{SCHEMAS}/Note/properties/updated_at; RFC 3339, 5.6",
        (*put(), *put(), *get("/notes/new")),
    ),
    "priority-zero": Mutant(
        "shape",
        "a note without a priority has the priority 0",
        f"{SCHEMAS}/Note/properties/priority",
        get("/notes/note-6"),
    ),
    "tags-null": Mutant(
        "shape",
        "tags are null where there are none",
        f"{SCHEMAS}/Note/properties/tags/type",
        put(),
    ),
    "archived": Mutant(
        "shape",
        "in lists, notes that are done have the undocumented status archived",
        f"{SCHEMAS}/NoteStatus",
        get("/notes"),
    ),
    "created-as-replaced": Mutant(
        "shape",
        "creating a note returns 200 for 201",
        f"{ITEM}/put/responses/201: created",
        put(),
    ),
    "replaced-as-new": Mutant(
        "shape",
        "replacing a note returns 201 for 200",
        f"{ITEM}/put/responses/200: replaced",
        put("note-1"),
    ),
    "id-without-hyphens": Mutant(
        "shape",
        "the id of a new comment has no hyphens",
        f"{SCHEMAS}/Comment/properties/id/format",
        (SEND.post("/notes/note-1/comments", {"text": "x"}),),
    ),
    "error-without-place": Mutant(
        "shape",
        "validation errors have no loc",
        f"{SCHEMAS}/ValidationError/required",
        get("/notes?limit=0"),
    ),
    "comment-deleted-200": Mutant(
        "shape",
        "deleting a comment returns 200 with the comment for 204",
        f"{ONE}/delete/responses",
        (SEND.delete(COMMENT),),
    ),
}

VALIDATION = {
    "text-over": Mutant(
        "validation",
        "a text of 281 characters is accepted",
        f"{SCHEMAS}/NoteIn/properties/text/maxLength",
        put(text="x" * 281),
    ),
    "text-coerced": Mutant(
        "validation",
        "numbers and booleans are accepted as text",
        f"{SCHEMAS}/NoteIn/properties/text/type",
        put(text=5),
    ),
    "key-capitals": Mutant(
        "validation",
        "keys may have capitals",
        f"{ITEM}/put/parameters/0/schema/pattern",
        put("KEY"),
    ),
    "day-by-pattern": Mutant(
        "validation",
        "a day that the calendar lacks is accepted",
        f"{SCHEMAS}/NoteIn/properties/day/format; RFC 3339, 5.7",
        put(day="2024-02-30"),
    ),
    "day-optional": Mutant(
        "validation",
        "a note without its day is accepted",
        f"{SCHEMAS}/NoteIn/required",
        (SEND.put("/notes/new", {"text": "x"}),),
    ),
    "tags-over": Mutant(
        "validation",
        "six tags are accepted",
        f"{SCHEMAS}/NoteIn/properties/tags/maxItems",
        put(tags=list("abcdef")),
    ),
    "tags-twice": Mutant(
        "validation",
        "the same tag twice is accepted",
        f"{SCHEMAS}/NoteIn/properties/tags/uniqueItems",
        put(tags=["a", "a"]),
    ),
    "weight-zero": Mutant(
        "validation",
        "a weight of 0 is accepted",
        f"{SCHEMAS}/NoteIn/properties/weight/exclusiveMinimum",
        put(weight=0),
    ),
    "priority-over": Mutant(
        "validation",
        "a priority of 6 is accepted",
        f"{SCHEMAS}/NoteIn/properties/priority",
        put(priority=6),
    ),
    "limit-zero": Mutant(
        "validation",
        "a limit of 0 is accepted",
        f"{LIST}/parameters/7/schema/minimum",
        get("/notes?limit=0"),
    ),
}

CRASH = {
    "longest-text-crashes": Mutant(
        "crash",
        "a text of 280 characters crashes the server",
        f"{SCHEMAS}/NoteIn/properties/text/maxLength",
        put(text="x" * 280),
    ),
    "null-priority-crashes": Mutant(
        "crash",
        "a priority of null crashes the server",
        f"{SCHEMAS}/NoteIn/properties/priority",
        put(priority=None),
    ),
    "wide-text-crashes": Mutant(
        "crash",
        "a text beyond Latin-1 crashes the server",
        f"{SCHEMAS}/NoteIn/properties/text: any string",
        put(text="水"),
    ),
    "heaviest-crashes": Mutant(
        "crash",
        "a weight of 100 crashes the server",
        f"{SCHEMAS}/NoteIn/properties/weight/maximum",
        put(weight=100),
    ),
    "leap-day-crashes": Mutant(
        "crash",
        "29 February crashes the server",
        f"{SCHEMAS}/NoteIn/properties/day/format; RFC 3339, 5.7",
        put(day="2024-02-29"),
    ),
    "q-is-a-pattern": Mutant(
        "crash",
        "q is used as a regular expression: a parenthesis crashes the server",
        f"{LIST}/parameters/0: any string",
        get("/notes?q=("),
    ),
    "large-offset-crashes": Mutant(
        "crash",
        "an offset beyond 32 bits crashes the server",
        f"{LIST}/parameters/8: any integer from 0",
        get("/notes?offset=3000000000"),
    ),
}
