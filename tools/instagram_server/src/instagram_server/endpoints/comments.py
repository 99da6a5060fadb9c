"""Comments on media."""

from typing import Any

from instagram_server import access, errors, ids, render, rules
from instagram_server.call import Call

_LISTED = 150  # a list has the newest ones only


def list_comments(call: Call) -> list[dict[str, Any]]:
    media = access.readable_media(call, access.media_of_path(call))
    condition, values = access.in_sandbox(call, "author")
    newest = f"SELECT * FROM comment WHERE media = ? AND {condition} ORDER BY id DESC LIMIT ?"
    rows = call.platform.store.rows(newest, media["id"], *values, _LISTED)
    return render.comments(call.platform.store, rows[::-1])


def create_comment(call: Call) -> None:
    text = call.text("text", longest=1 << 20)
    media = access.media_of_path(call)
    if rejection := rules.rejection(text):
        raise rejection
    platform = call.platform
    number = platform.new_id()
    with platform.store.transaction():
        platform.store.insert("comment", [(number, media["id"], call.viewer, platform.now(), text)])
        if call.viewer == media["owner"]:
            _attach(call, media["id"], number, rules.hashtags(text))


def delete_comment(call: Call) -> None:
    media = access.media_of_path(call)
    number = ids.number(call.values["comment_id"])
    store = call.platform.store
    comment = number is not None and store.row(
        "SELECT * FROM comment WHERE id = ? AND media = ?", number, media["id"]
    )
    if not comment:
        raise errors.unknown("comment id")
    if call.viewer not in (comment["author"], media["owner"]):
        raise errors.not_yours()
    with store.transaction():
        store.run("DELETE FROM comment WHERE id = ?", number)
        store.run("DELETE FROM tagging WHERE comment = ?", number)


def _attach(call: Call, media: int, comment: int, tags: list[str]) -> None:
    """Attach the tags of an owner's comment, which moves the media object to the top of their lists."""
    store, moment = call.platform.store, call.platform.microseconds()
    for tag in tags:
        newest = store.value("SELECT max(tagged) FROM tagging WHERE tag = ?", tag) or 0
        tagged = max(moment, newest + 1)
        moved = store.run("UPDATE tagging SET tagged = ? WHERE media = ? AND tag = ?", tagged, media, tag)
        if not moved:
            store.insert("tagging", [(tag, tagged, media, comment)])
