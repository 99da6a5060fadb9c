"""Tags, and media by tag."""

from typing import Any

from instagram_server import access, errors, render
from instagram_server.call import Call, Page

_MATCHES = 50
_WARNING = "next_max_id and min_id are deprecated for this endpoint; use min_tag_id and max_tag_id instead"


def search_tags(call: Call) -> list[dict[str, Any]]:
    """The exact tag first, then by the number of their media."""
    query = call.text("q").lower()
    sql = """SELECT tag AS name, count(*) AS media_count FROM tagging
        WHERE substr(tag, 1, ?) = ? AND tag NOT IN (SELECT name FROM banned_tag)
        GROUP BY tag ORDER BY tag <> ?, media_count DESC, tag LIMIT ?"""
    rows = call.platform.store.rows(sql, len(query), query, query, _MATCHES)
    return [dict(row) for row in rows]


def get_tag(call: Call) -> dict[str, Any]:
    name = _name(call)
    count = call.platform.store.value("SELECT count(*) FROM tagging WHERE tag = ?", name)
    return {"media_count": count, "name": name}


def list_tag_recent_media(call: Call) -> Page:
    name, count = _name(call), call.count()
    condition, values = access.visible(call)
    for bound, cursor in (("<", call.plain_cursor("max_tag_id")), (">", call.plain_cursor("min_tag_id"))):
        if cursor is not None:
            condition += f" AND t.tagged {bound} ?"
            values.append(cursor)
    sql = f"""SELECT m.*, t.tagged FROM tagging AS t JOIN media AS m ON m.id = t.media
        JOIN user AS u ON u.id = m.owner WHERE t.tag = ? AND {condition} ORDER BY t.tagged DESC LIMIT ?"""
    rows = call.platform.store.rows(sql, name, *values, count + 1)
    following = str(rows[count - 1]["tagged"]) if len(rows) > count else None
    page = call.page(render.media(call, rows[:count], by_place_or_tag=True), "max_tag_id", following)
    newest = str(rows[0]["tagged"]) if rows else ""
    if following is not None:
        page.pagination["next_max_id"] = following
    page.pagination.update(min_tag_id=newest, next_min_id=newest, deprecation_warning=_WARNING)
    return page


def _name(call: Call) -> str:
    """The tag in the path; raises ApiError if it does not exist or is banned."""
    name, store = call.values["tag_name"].lower(), call.platform.store
    if store.row("SELECT 1 FROM banned_tag WHERE name = ?", name):
        raise errors.banned_tag()
    if not store.row("SELECT 1 FROM tagging WHERE tag = ? LIMIT 1", name):
        raise errors.unknown("tag")
    return name
