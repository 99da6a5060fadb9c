"""Pages to browse the seed data, each object with a link to its response of the API.

They show everything, including private media; the API shows what the owner of a token may see.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from instagram_server import drawing, ids, layout, seed_data, wire
from instagram_server.platform import Platform
from instagram_server.store import Store

_PAGE = 48  # media on a page
_LISTED = 50  # comments and likes on the page of a media object
_CAPTION = 90  # characters of a caption below a small picture

_MEDIA = """SELECT m.*, u.username, u.is_private,
    (SELECT count(*) FROM liking WHERE media = m.id) AS likes,
    (SELECT count(*) FROM comment WHERE media = m.id) AS comments
    FROM media AS m JOIN user AS u ON u.id = m.owner"""
_USERS = """SELECT u.*,
    (SELECT count(*) FROM media WHERE owner = u.id) AS media,
    (SELECT count(*) FROM following WHERE source = u.id AND status = 'follows') AS follows,
    (SELECT count(*) FROM following WHERE target = u.id AND status = 'follows') AS followed_by
    FROM user AS u"""
_LOCATIONS = "SELECT l.*, (SELECT count(*) FROM media WHERE location = l.id) AS media FROM location AS l"


async def media(request: Request) -> Response:
    """All media, newest first."""
    intro = "<p>Newest first. A picture is a drawing that stands in for the photo or video.</p>"
    return _media_page(request, "Media", intro, "1", [])


async def medium(request: Request) -> Response:
    """One media object, with its comments and likes."""
    store, number = _store(request), ids.number(request.path_params["media_id"])
    row = None if number is None else store.row(f"{_MEDIA} WHERE m.id = ?", number)
    if row is None:
        return wire.page_not_found()
    text = row["caption"] or "Without a caption"
    image = drawing.picture(row["id"], row["type"], f"{row['type']}: {text}", height=row["height"])
    path, shortcode = f"/media/{row['id']}_{row['owner']}", ids.shortcode(row["id"])
    body = f"""<h1>{row["type"].capitalize()} by {_user_link(row)}</h1>
<div class="medium">
<figure>{image}
<figcaption dir="auto">{escape(text)}</figcaption></figure>
<div>
{layout.definitions(_facts(store, row))}
<h2>API responses</h2>
<ul>
<li>{api_link(path, "this media object")}</li>
<li>{api_link(f"/media/shortcode/{shortcode}", "the same by its shortcode")}</li>
<li>{api_link(f"{path}/comments", "its comments")}</li>
<li>{api_link(f"{path}/likes", "its likes")}</li>
</ul>
</div>
</div>
{_comments(store, row)}
{_likes(store, row)}"""
    return layout.site(f"Media {row['id']}", body)


def _facts(store: Store, row: sqlite3.Row) -> list[tuple[str, str]]:
    """Names and HTML of the properties of a media object."""
    facts = [
        ("id", f"<code>{row['id']}_{row['owner']}</code>"),
        ("created", escape(_date(row["created"]))),
        ("filter", escape(row["filter"])),
    ]
    if place := store.row("SELECT id, name FROM location WHERE id = ?", row["location"]):
        facts.append(("location", f'<a href="/browse/locations/{place["id"]}">{escape(place["name"])}</a>'))
    if row["latitude"] is not None:
        facts.append(("coordinates", f"{row['latitude']}, {row['longitude']}"))
    tags = store.rows("SELECT tag FROM tagging WHERE media = ? ORDER BY tagged", row["id"])
    if tags:
        facts.append(("tags", " ".join(_tag_link(tag["tag"]) for tag in tags)))
    people = store.rows(
        "SELECT u.id AS owner, u.username FROM person AS p JOIN user AS u ON u.id = p.user WHERE p.media = ?",
        row["id"],
    )
    if people:
        facts.append(("people", ", ".join(map(_user_link, people))))
    return facts


def _comments(store: Store, row: sqlite3.Row) -> str:
    newest = """SELECT c.*, u.id AS owner, u.username FROM comment AS c JOIN user AS u ON u.id = c.author
        WHERE c.media = ? ORDER BY c.id DESC LIMIT ?"""
    items = "\n".join(
        f'<li><b>{_user_link(comment)}</b> <span dir="auto">{escape(comment["text"])}</span> '
        f'<span class="soft">{escape(_date(comment["created"]))}</span></li>'
        for comment in store.rows(newest, row["id"], _LISTED)
    )
    heading = f"<h2>{_counted(row['comments'], 'comment')}</h2>"
    return f'{heading}\n<ul class="comments">\n{items}\n</ul>' if items else heading


def _likes(store: Store, row: sqlite3.Row) -> str:
    newest = """SELECT u.id AS owner, u.username FROM liking AS l JOIN user AS u ON u.id = l.user
        WHERE l.media = ? ORDER BY l.id DESC LIMIT ?"""
    users = store.rows(newest, row["id"], _LISTED)
    rest = f" and {row['likes'] - len(users)} more" if row["likes"] > len(users) else ""
    return f"<h2>{_counted(row['likes'], 'like')}</h2>\n<p>{', '.join(map(_user_link, users))}{rest}</p>"


async def users(request: Request) -> Response:
    rows = _store(request).rows(f"{_USERS} ORDER BY u.id")
    items = "\n".join(
        f"<li>{drawing.avatar(row['id'], row['username'])}<div>"
        f'<a href="/browse/users/{row["id"]}"><b>{escape(row["username"])}</b></a> {_badges(row)}'
        f'<div dir="auto">{escape(row["full_name"])}</div>'
        f'<div class="soft">{_counts(row)} · {api_link("/users/" + str(row["id"]))}</div></div></li>'
        for row in rows
    )
    return layout.site("Users", f'<h1>{len(rows)} users</h1>\n<ul class="people">\n{items}\n</ul>')


async def user(request: Request) -> Response:
    number = ids.number(request.path_params["user_id"])
    row = None if number is None else _store(request).row(f"{_USERS} WHERE u.id = ?", number)
    if row is None:
        return wire.page_not_found()
    path = f"/users/{row['id']}"
    intro = f"""<p>{_badges(row)} <span dir="auto">{escape(row["full_name"])}</span></p>
<p dir="auto">{escape(row["bio"])}</p>
<p class="soft">{_counts(row)} · id <code>{row["id"]}</code></p>
<p>API responses: {api_link(path, "user")} · {api_link(f"{path}/media/recent", "recent media")}
· {api_link(f"{path}/relationship", "relationship")}</p>"""
    return _media_page(request, row["username"], intro, "m.owner = ?", [row["id"]])


async def tags(request: Request) -> Response:
    store = _store(request)
    rows = store.rows(
        "SELECT tag, count(*) AS media FROM tagging GROUP BY tag ORDER BY media DESC, length(tag), tag"
    )
    banned = {row["name"] for row in store.rows("SELECT name FROM banned_tag")}
    items = "\n".join(
        f'<li>{_tag_link(row["tag"])} <span class="soft">{row["media"]}'
        f"{' · banned' if row['tag'] in banned else ''} · {api_link('/tags/' + row['tag'])}</span></li>"
        for row in rows
    )
    return layout.site("Tags", f'<h1>{len(rows)} tags</h1>\n<ul class="columns">\n{items}\n</ul>')


async def tag(request: Request) -> Response:
    name = request.path_params["name"]
    if not _store(request).row("SELECT 1 FROM tagging WHERE tag = ? LIMIT 1", name):
        return wire.page_not_found()
    path = f"/tags/{name}"
    intro = f"""<p>API responses: {api_link(path, "tag")}
· {api_link(f"{path}/media/recent", "recent media")}</p>"""
    condition = "m.id IN (SELECT media FROM tagging WHERE tag = ?)"
    return _media_page(request, f"#{name}", intro, condition, [name])


async def locations(request: Request) -> Response:
    rows = _store(request).rows(f"{_LOCATIONS} ORDER BY l.id")
    items = "\n".join(
        f'<li><a href="/browse/locations/{row["id"]}" dir="auto">{escape(row["name"])}</a> '
        f'<span class="soft">{row["media"]} · {api_link("/locations/" + str(row["id"]))}</span></li>'
        for row in rows
    )
    return layout.site("Locations", f'<h1>{len(rows)} locations</h1>\n<ul class="columns">\n{items}\n</ul>')


async def location(request: Request) -> Response:
    number = ids.number(request.path_params["location_id"])
    row = None if number is None else _store(request).row(f"{_LOCATIONS} WHERE l.id = ?", number)
    if row is None:
        return wire.page_not_found()
    path = f"/locations/{row['id']}"
    intro = f"""<p class="soft">{row["latitude"]}, {row["longitude"]} · id <code>{row["id"]}</code></p>
<p>API responses: {api_link(path, "location")} · {api_link(f"{path}/media/recent", "recent media")}</p>"""
    return _media_page(request, row["name"], intro, "m.location = ?", [row["id"]])


def _media_page(request: Request, title: str, intro: str, condition: str, values: Sequence[Any]) -> Response:
    """A page of the media that match an SQL condition; ``before`` in the query is an id to continue from."""
    before = ids.number(wire.query(request).get("before", "")) or ids.LARGEST
    rows = newest_media(_store(request), f"{condition} AND m.id < ?", [*values, before], _PAGE + 1)
    older = ""
    if len(rows) > _PAGE:
        query = urlencode({"before": rows[_PAGE - 1]["id"]})
        older = f'<p><a href="{escape(quote(request.scope["path"]))}?{query}">Older media</a></p>'
    return layout.site(title, f'<h1 dir="auto">{escape(title)}</h1>\n{intro}\n{grid(rows[:_PAGE])}\n{older}')


def newest_media(store: Store, condition: str, values: Sequence[Any], most: int) -> list[sqlite3.Row]:
    """Media with their owners' names and with counts, newest first."""
    return store.rows(f"{_MEDIA} WHERE {condition} ORDER BY m.id DESC LIMIT ?", *values, most)


def grid(rows: Iterable[sqlite3.Row]) -> str:
    """Small pictures with captions, of rows as newest_media returns them."""
    return '<ul class="grid">\n' + "\n".join(map(_card, rows)) + "\n</ul>"


def _card(row: sqlite3.Row) -> str:
    caption = row["caption"] or ""
    path = f"/media/{row['id']}_{row['owner']}"
    short = caption if len(caption) <= _CAPTION else f"{caption[:_CAPTION]}…"
    image = drawing.picture(row["id"], row["type"], f"{row['type']}: {short or 'without a caption'}")
    return (
        f'<li><a href="/browse/media/{row["id"]}">{image}</a>'
        f'<div class="caption" dir="auto">{escape(short)}</div>'
        f'<div class="soft">{_user_link(row)} · {_counted(row["likes"], "like")} · '
        f"{api_link(path)}</div></li>"
    )


def api_link(path: str, text: str = "API") -> str:
    """A link to a response of the API, with the token of ada."""
    query = urlencode({"access_token": seed_data.tokens()["all"]})
    return f'<a class="api" href="/v1{escape(quote(path))}?{query}">{escape(text)}</a>'


def _user_link(row: sqlite3.Row) -> str:
    return f'<a href="/browse/users/{row["owner"]}">{escape(row["username"])}</a>'


def _tag_link(name: str) -> str:
    return f'<a href="/browse/tags/{escape(quote(name))}" dir="auto">#{escape(name)}</a>'


def _badges(row: sqlite3.Row) -> str:
    flags = {"is_private": "private", "is_age_gated": "age-gated", "is_business": "business"}
    return " ".join(f'<span class="badge">{text}</span>' for name, text in flags.items() if row[name])


def _counts(row: sqlite3.Row) -> str:
    media, follows = f"{row['media']}\u00a0media", f"follows\u00a0{row['follows']}"
    return f"{media} · {_counted(row['followed_by'], 'follower')} · {follows}"


def _counted(number: int, noun: str) -> str:
    return f"{number}\u00a0{noun}{'' if number == 1 else 's'}"


def _date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _store(request: Request) -> Store:
    platform: Platform = request.app.state.platform
    return platform.store


routes = [
    Route("/browse/media", media, methods=["GET"]),
    Route("/browse/media/{media_id}", medium, methods=["GET"]),
    Route("/browse/users", users, methods=["GET"]),
    Route("/browse/users/{user_id}", user, methods=["GET"]),
    Route("/browse/tags", tags, methods=["GET"]),
    Route("/browse/tags/{name}", tag, methods=["GET"]),
    Route("/browse/locations", locations, methods=["GET"]),
    Route("/browse/locations/{location_id}", location, methods=["GET"]),
]
