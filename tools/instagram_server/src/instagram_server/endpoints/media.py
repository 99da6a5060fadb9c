"""Media objects, and lists of them that belong to a user."""

import sqlite3
from typing import Any

from instagram_server import access, errors, ids, render
from instagram_server.call import Call, Page

_POPULAR = 20
_LIST = "SELECT m.* FROM media AS m JOIN user AS u ON u.id = m.owner"


def get_media(call: Call) -> dict[str, Any]:
    return _rendered(call, access.media_of_path(call))


def get_media_by_shortcode(call: Call) -> dict[str, Any]:
    return _rendered(call, access.media(call, ids.from_shortcode(call.values["shortcode"])))


def list_popular_media(call: Call) -> list[dict[str, Any]]:
    condition, values = access.visible(call)
    most_liked = f"""{_LIST} JOIN (SELECT media, count(*) AS likes FROM liking GROUP BY media) AS l
        ON l.media = m.id WHERE {condition} ORDER BY likes DESC, m.id LIMIT ?"""
    rows = call.platform.store.rows(most_liked, *values, _POPULAR)
    return render.media(call, rows, likes_data=False)


def get_feed(call: Call) -> Page:
    followed = "m.owner IN (SELECT target FROM following WHERE source = ? AND status = 'follows')"
    return newest_first(call, followed, [call.viewer], times=False)


def list_user_recent_media(call: Call) -> Page:
    owner = access.open_user(call)
    return newest_first(call, "m.owner = ?", [owner["id"]])


def list_liked_media(call: Call) -> Page:
    count, before = call.count(), call.plain_cursor("max_like_id")
    condition, values = access.visible(call)
    if before is not None:
        condition += " AND l.id < ?"
        values.append(before)
    liked = f"""SELECT m.*, l.id AS cursor FROM liking AS l JOIN media AS m ON m.id = l.media
        JOIN user AS u ON u.id = m.owner WHERE l.user = ? AND {condition} ORDER BY l.id DESC LIMIT ?"""
    rows = call.platform.store.rows(liked, call.viewer, *values, count + 1)
    following = str(rows[count - 1]["cursor"]) if len(rows) > count else None
    return call.page(render.media(call, rows[:count]), "max_like_id", following)


def newest_first(
    call: Call, condition: str, values: list[Any], times: bool = True, by_place_or_tag: bool = False
) -> Page:
    """A page of media that match a condition, between the cursors of the call (exclusive)."""
    count = call.count()
    visible, viewers = access.visible(call)
    conditions, all_values = [condition, visible], [*values, *viewers]
    bounds = [("m.id > ?", call.cursor("min_id")), ("m.id < ?", call.cursor("max_id"))]
    if times:
        bounds.append(("m.created > ?", call.integer("min_timestamp")))
        bounds.append(("m.created < ?", call.integer("max_timestamp")))
    for bound, value in bounds:
        if value is not None:
            conditions.append(bound)
            all_values.append(value)
    sql = f"{_LIST} WHERE {' AND '.join(conditions)} ORDER BY m.id DESC LIMIT ?"
    rows = call.platform.store.rows(sql, *all_values, count + 1)
    following = f"{rows[count - 1]['id']}_{rows[count - 1]['owner']}" if len(rows) > count else None
    data = render.media(call, rows[:count], by_place_or_tag=by_place_or_tag)
    return call.page(data, "max_id", following)


def _rendered(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    access.readable_media(call, row)
    [media] = render.media(call, [row])
    return media


def search_window(call: Call) -> tuple[int, int]:
    """The time window of a search by place, in UNIX seconds: the last 5 days, 7 days at most."""
    now, day = call.platform.now(), 86_400
    after, before = call.integer("min_timestamp"), call.integer("max_timestamp")
    if before is None:
        before = now + 1 if after is None else min(after + 7 * day, now + 1)
    if after is None:
        after = max(before - 5 * day, 0)
    if before - after > 7 * day:
        raise errors.parameter("The time span must not exceed 7 days.")
    return after, before
