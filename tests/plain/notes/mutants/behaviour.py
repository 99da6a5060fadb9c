"""Mutants of state, of lists, and of HTTP."""

from plain import Mutant
from plain.notes.requests import COMMENT, NEW_COMMENT, SEND, get, put

SCHEMAS = "#/components/schemas"
LIST, ITEM = "#/paths/~1notes/get", "#/paths/~1notes~1{key}"
COMMENTS, ONE = "#/paths/~1notes~1{key}~1comments", "#/paths/~1comments~1{comment_id}"

STATE = {
    "replacement-lost": Mutant(
        "state",
        "PUT of a note that exists stores nothing",
        f"{ITEM}/put: replaces it",
        (*put("note-1"), *get("/notes/note-1")),
    ),
    "put-keeps-tags": Mutant(
        "state",
        "PUT without tags keeps those of before",
        f"{ITEM}/put: replaces it; {SCHEMAS}/NoteIn/properties/tags/default",
        put("note-1"),
    ),
    "put-forgets-weight": Mutant(
        "state",
        "PUT does not change the weight of a note that exists",
        f"{ITEM}/put: replaces it",
        put("note-1", weight=77),
    ),
    "text-truncated": Mutant(
        "state",
        "texts are cut off after 140 characters",
        f"{SCHEMAS}/NoteIn/properties/text/maxLength",
        put(text="x" * 141),
    ),
    "text-normalized": Mutant(
        "state",
        "combining characters of a text are composed",
        f"{SCHEMAS}/NoteIn/properties/text: any string",
        put(text="e\u0301"),
    ),
    "tags-sorted": Mutant(
        "state",
        "tags are stored in another order",
        f"{SCHEMAS}/NoteIn/properties/tags; RFC 8259, 1: an array is ordered",
        put(tags=["b", "a"]),
    ),
    "created-moves": Mutant(
        "state",
        "created_at changes when a note is replaced",
        f"{SCHEMAS}/Note/properties/created_at: when the note was created",
        put("note-1"),
    ),
    "rejected-deletes": Mutant(
        "state",
        "a PUT that is rejected removes the note",
        f"{ITEM}/put/responses/422; RFC 9110, 15.5",
        (SEND.put("/notes/note-1", {}), *get("/notes/note-1")),
    ),
    "delete-not-stored": Mutant(
        "state",
        "DELETE responds with a deleted note, but leaves it as it is",
        f"{ITEM}/delete: marks the note as deleted",
        (SEND.delete("/notes/note-1"), *get("/notes/note-1")),
    ),
    "deleted-readable": Mutant(
        "state",
        "a deleted note can be read",
        f"{ITEM}/delete: can no longer be read",
        get("/notes/note-10"),
    ),
    "gone-is-missing": Mutant(
        "state",
        "a deleted note is a 404 for 410",
        f"{ITEM}/get/responses/410: the note is deleted",
        get("/notes/note-10"),
    ),
    "deleted-again-200": Mutant(
        "state",
        "deleting a note again returns 200",
        f"{ITEM}/delete/responses/410: the note is deleted",
        (SEND.delete("/notes/note-1"), SEND.delete("/notes/note-1")),
    ),
    "deleted-listed": Mutant(
        "state",
        "deleted notes stay in the list",
        f"{LIST}/parameters/1: without it, deleted notes are left out",
        get("/notes?limit=100"),
    ),
    "comment-lost": Mutant(
        "state",
        "a new comment is not stored",
        f"{COMMENTS}/post/responses/201",
        (SEND.post("/notes/note-1/comments", {"text": "x"}), *get(NEW_COMMENT)),
    ),
    "comments-of-all": Mutant(
        "state",
        "a note lists the comments of all notes",
        f"{COMMENTS}/get: the comments of the note",
        get("/notes/note-2/comments"),
    ),
    "edit-clears-author": Mutant(
        "state",
        "PATCH of a comment without its author removes the author",
        f"{ONE}/patch: and nothing else",
        (SEND.patch(COMMENT, {"text": "x"}),),
    ),
    "edit-not-stored": Mutant(
        "state",
        "PATCH of a comment responds with the change, but does not store it",
        f"{ONE}/patch: changes what is sent",
        (SEND.patch(COMMENT, {"text": "x"}), *get(COMMENT)),
    ),
    "comment-deleted-again": Mutant(
        "state",
        "deleting a comment again returns 204",
        f"{ONE}/delete/responses/404: there is no such comment",
        (SEND.delete(COMMENT), SEND.delete(COMMENT)),
    ),
    "stats-count-deleted": Mutant(
        "state",
        "deleted notes are counted as open, too",
        f"{SCHEMAS}/Stats/properties/notes: how many notes have each status",
        get("/stats"),
    ),
}

PAGING = {
    "total-of-all": Mutant(
        "paging",
        "total counts all notes whatever the filters say",
        f"{SCHEMAS}/NotePage/properties/total: how many notes match",
        get("/notes?status=done"),
    ),
    "last-note-lost": Mutant(
        "paging",
        "the last note of the whole list is on no page",
        f"{SCHEMAS}/NotePage/properties/total: how many notes match",
        get("/notes?limit=100"),
    ),
    "silent-cap": Mutant(
        "paging",
        "a page has at most 50 notes whatever limit says",
        f"{LIST}/parameters/7/schema/maximum: 100",
        get("/notes?limit=100"),
    ),
    "default-smaller": Mutant(
        "paging",
        "without a limit there are 10 notes",
        f"{LIST}/parameters/7/schema/default: 20",
        get("/notes"),
    ),
    "offset-ignored": Mutant(
        "paging",
        "offset is ignored",
        f"{LIST}/parameters/8: how many notes are left out before",
        get("/notes?offset=5"),
    ),
    "offset-in-pages": Mutant(
        "paging",
        "offset counts pages",
        f"{LIST}/parameters/8: how many notes are left out before",
        get("/notes?offset=2&limit=5"),
    ),
    "status-ignored": Mutant(
        "paging",
        "the filter status is ignored",
        f"{LIST}/parameters/1: only notes with this status",
        get("/notes?status=done"),
    ),
    "q-ignored": Mutant(
        "paging",
        "q is ignored",
        f"{LIST}/parameters/0: only notes whose text contains this",
        get("/notes?q=bread"),
    ),
    "q-by-case": Mutant(
        "paging",
        "q distinguishes capitals",
        f"{LIST}/parameters/0: in any case",
        get("/notes?q=BREAD"),
    ),
    "first-tag-only": Mutant(
        "paging",
        "of several tags only the first one filters",
        f"{LIST}/parameters/2: all of these tags",
        get("/notes?tags=home,garden"),
    ),
    "since-ignored": Mutant(
        "paging",
        "since is ignored",
        f"{LIST}/parameters/3: of this day or later",
        get("/notes?since=2024-05-20"),
    ),
    "until-exclusive": Mutant(
        "paging",
        "until leaves out the day itself",
        f"{LIST}/parameters/4: of this day or earlier",
        get("/notes?until=2024-05-02"),
    ),
    "heaviest-ignored": Mutant(
        "paging",
        "weight[max] is ignored",
        f"{LIST}/parameters/5: within these limits",
        get("/notes?weight[max]=1"),
    ),
    "days-descend": Mutant(
        "paging",
        "sorting by day always descends",
        f"{LIST}/parameters/6: descending with a minus",
        get("/notes?sort=day"),
    ),
    "weight-unsorted": Mutant(
        "paging",
        "sorting by weight is ignored",
        f"{LIST}/parameters/6: by what notes are sorted",
        get("/notes?sort=weight"),
    ),
    "comments-one-less": Mutant(
        "paging",
        "a page has one comment less than limit, and the next one does not have it",
        f"{COMMENTS}/get/parameters/1",
        get("/notes/note-1/comments?limit=5"),
    ),
    "comments-total-of-page": Mutant(
        "paging",
        "total of comments is that of the page",
        f"{SCHEMAS}/CommentPage/properties/total: how many comments the note has",
        get("/notes/note-1/comments"),
    ),
}

HTTP = {
    "head-crashes": Mutant(
        "http",
        "HEAD of a note crashes the server",
        "RFC 9110, 9.1 and 9.3.2",
        (SEND("HEAD", "/notes/note-1"),),
    ),
    "comment-as-text": Mutant(
        "http",
        "GET of a comment has the Content-Type text/plain",
        f"{ONE}/get/responses/200/content",
        get(COMMENT),
    ),
}
