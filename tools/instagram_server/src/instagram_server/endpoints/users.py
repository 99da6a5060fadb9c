"""Users, and their relationships."""

from collections.abc import Callable
from typing import Any

from instagram_server import access, errors, ids, render
from instagram_server.call import Call, Page

_PAGE, _MATCHES = 50, 50
_OUTGOING = "SELECT status FROM following WHERE source = ? AND target = ?"


def get_user(call: Call) -> dict[str, Any]:
    store, number = call.platform.store, ids.number(call.values["user_id"])
    if number is not None and store.row("SELECT 1 FROM closed_account WHERE id = ?", number):
        raise errors.closed_account()
    row = access.open_user(call)
    user = {
        "id": str(row["id"]),
        "username": row["username"],
        "profile_picture": row["profile_picture"],
        "full_name": row["full_name"],
        "bio": row["bio"],
        "website": row["website"],
        "counts": dict(store.rows(_COUNTS, row["id"], row["id"], row["id"])[0]),
    }
    if call.era >= "2018-04":
        user["is_business"] = bool(row["is_business"])
    return user


_COUNTS = """SELECT (SELECT count(*) FROM media WHERE owner = ?) AS media,
    (SELECT count(*) FROM following WHERE source = ? AND status = 'follows') AS follows,
    (SELECT count(*) FROM following WHERE target = ? AND status = 'follows') AS followed_by"""


def search_users(call: Call) -> list[dict[str, Any]]:
    """Users whose username or name has a word that starts with the query; the exact username first."""
    query, count = call.text("q").lower(), call.count(_MATCHES, _MATCHES)
    users = call.platform.store.rows("SELECT * FROM user ORDER BY id")
    matches = [row for row in users if _starts(row["username"], row["full_name"], query)]
    matches = [row for row in matches if access.exists_for(call, row["id"])]
    matches.sort(key=lambda row: (row["username"] != query, not row["username"].startswith(query)))
    return [render.user_short(row) for row in matches[:count]]


def list_follows(call: Call) -> Page:
    return _relations(call, "source", "target")


def list_followed_by(call: Call) -> Page:
    return _relations(call, "target", "source")


def list_requested_by(call: Call) -> list[dict[str, Any]]:
    condition, values = access.in_sandbox(call, "source")
    sql = f"""SELECT user.* FROM following JOIN user ON user.id = source
        WHERE target = ? AND status = 'requested' AND {condition} ORDER BY following.id DESC"""
    return [render.user_short(row) for row in call.platform.store.rows(sql, call.viewer, *values)]


def get_relationship(call: Call) -> dict[str, Any]:
    target, store = access.user(call), call.platform.store
    incoming = store.value(_OUTGOING, target["id"], call.viewer)
    if store.row("SELECT 1 FROM block WHERE source = ? AND target = ?", call.viewer, target["id"]):
        status = "blocked_by_you"
    else:
        status = {"follows": "followed_by", "requested": "requested_by"}.get(incoming, "none")
    return {
        "outgoing_status": store.value(_OUTGOING, call.viewer, target["id"]) or "none",
        "target_user_is_private": bool(target["is_private"]),
        "incoming_status": status,
    }


def update_relationship(call: Call) -> dict[str, Any]:
    action = _ACTIONS.get(call.parameters.get("action", ""))
    if action is None:
        raise errors.parameter("please supply action=approve,ignore,follow,block,unblock,unfollow")
    target, store = access.user(call), call.platform.store
    if target["id"] == call.viewer:
        raise errors.parameter("you cannot change the relationship to yourself")
    with store.transaction():
        action(call, target["id"], bool(target["is_private"]))
    return {"outgoing_status": store.value(_OUTGOING, call.viewer, target["id"]) or "none"}


def _follow(call: Call, target: int, is_private: bool) -> None:
    status = "requested" if is_private else "follows"
    sql = "INSERT OR IGNORE INTO following (source, target, status) VALUES (?, ?, ?)"
    _unblock(call, target, is_private)
    call.platform.store.run(sql, call.viewer, target, status)


def _unfollow(call: Call, target: int, is_private: bool) -> None:
    sql = "DELETE FROM following WHERE source = ? AND target = ?"
    call.platform.store.run(sql, call.viewer, target)


def _block(call: Call, target: int, is_private: bool) -> None:
    """Block a user, which also ends following and requests in both directions."""
    sql = "DELETE FROM following WHERE source IN (?, ?) AND target IN (?, ?)"
    pair = (call.viewer, target)
    call.platform.store.run(sql, *pair, *pair)
    call.platform.store.run("INSERT OR IGNORE INTO block VALUES (?, ?)", *pair)


def _unblock(call: Call, target: int, is_private: bool) -> None:
    call.platform.store.run("DELETE FROM block WHERE source = ? AND target = ?", call.viewer, target)


def _approve(call: Call, target: int, is_private: bool) -> None:
    sql = "UPDATE following SET status = 'follows' WHERE source = ? AND target = ?"
    call.platform.store.run(sql, target, call.viewer)


def _ignore(call: Call, target: int, is_private: bool) -> None:
    sql = "DELETE FROM following WHERE source = ? AND target = ? AND status = 'requested'"
    call.platform.store.run(sql, target, call.viewer)


_ACTIONS: dict[str, Callable[[Call, int, bool], None]] = {
    "follow": _follow,
    "unfollow": _unfollow,
    "block": _block,
    "unblock": _unblock,
    "approve": _approve,
    "ignore": _ignore,
}


def _relations(call: Call, of: str, to: str) -> Page:
    """A page of the users who follow the user in the path, or whom that user follows."""
    user = access.user(call)
    if user["id"] != call.viewer:
        access.look(call, user)
    count, before = call.count(_PAGE, _PAGE), call.plain_cursor("cursor")
    condition, values = access.in_sandbox(call, to)
    if before is not None:
        condition += " AND following.id < ?"
        values.append(before)
    sql = f"""SELECT user.*, following.id AS cursor FROM following JOIN user ON user.id = {to}
        WHERE {of} = ? AND status = 'follows' AND {condition} ORDER BY following.id DESC LIMIT ?"""
    rows = call.platform.store.rows(sql, user["id"], *values, count + 1)
    following = str(rows[count - 1]["cursor"]) if len(rows) > count else None
    return call.page([render.user_short(row) for row in rows[:count]], "cursor", following)


def _starts(username: str, full_name: str, query: str) -> bool:
    return any(word.startswith(query) for word in (username, full_name.lower(), *full_name.lower().split()))
