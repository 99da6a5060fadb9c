"""Likes of media."""

from typing import Any

from instagram_server import access, render
from instagram_server.call import Call

_LISTED = 120  # a list has the newest ones only


def list_likes(call: Call) -> list[dict[str, Any]]:
    media = access.readable_media(call, access.media_of_path(call))
    condition, values = access.in_sandbox(call, "user.id")
    newest = f"""SELECT user.* FROM liking JOIN user ON user.id = liking.user
        WHERE media = ? AND {condition} ORDER BY liking.id DESC LIMIT ?"""
    rows = call.platform.store.rows(newest, media["id"], *values, _LISTED)
    return [render.user_short(row) for row in rows]


def like_media(call: Call) -> None:
    media = access.media_of_path(call)
    sql = "INSERT OR IGNORE INTO liking (media, user) VALUES (?, ?)"
    call.platform.store.run(sql, media["id"], call.viewer)


def unlike_media(call: Call) -> None:
    media = access.media_of_path(call)
    call.platform.store.run("DELETE FROM liking WHERE media = ? AND user = ?", media["id"], call.viewer)
