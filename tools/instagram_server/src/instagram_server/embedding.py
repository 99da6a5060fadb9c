"""Posts embedded in other pages, without a token (docs/sources.md, section 14)."""

import re
import sqlite3
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from instagram_server import ids, render, wire
from instagram_server.platform import Platform

_SITE = "https://www.instagram.com"
_LINK = re.compile(
    r"https?://(?:www\.)?(?:instagram\.com|instagr\.am)/p/([A-Za-z0-9_-]{1,64})/?(?:[?#][!-~]{0,2000})?"
)
_SIZES = {"t": "thumbnail", "m": "low_resolution", "l": "standard_resolution"}
_WIDTH, _SMALLEST_WIDTH = 658, 320  # pixels
_BOOLEANS = {"true": True, "false": False}


async def embed(request: Request) -> Response:
    """The oEmbed description of a public post."""
    platform: Platform = request.app.state.platform
    query = await wire.parameters(request)
    link = _LINK.fullmatch(query.get("url", ""))
    if link is None:
        return _plain("No URL Match", 400)
    width = ids.number(query.get("maxwidth", str(_WIDTH)))
    options = [_BOOLEANS.get(query.get(name, "false")) for name in ("hidecaption", "omitscript")]
    if width is None or width < _SMALLEST_WIDTH or None in options:
        return _plain("Invalid parameter", 400)  # our wording
    row = _public_media(platform, link[1])
    if row is None:
        return _plain("No Media Match", 404)
    hide_caption, omit_script = options
    description = _describe(row, min(width, _WIDTH), bool(hide_caption), bool(omit_script))
    return wire.respond(description, callback=query.get("callback"))


async def image(request: Request) -> Response:
    """A redirect to the image of a public post."""
    size = request.query_params.get("size", "m")
    row = _public_media(request.app.state.platform, request.path_params["shortcode"])
    if row is None or size not in _SIZES:
        return _plain("No Media Match", 404)
    return RedirectResponse(render.images(row["id"], row["height"])[_SIZES[size]]["url"], 302)


def _public_media(platform: Platform, code: str) -> sqlite3.Row | None:
    number = ids.from_shortcode(code)
    if number is None:
        return None
    public = """SELECT m.*, u.username, u.full_name FROM media AS m JOIN user AS u ON u.id = m.owner
        WHERE m.id = ? AND NOT u.is_private AND NOT u.is_age_gated"""
    return platform.store.row(public, number)


def _describe(row: sqlite3.Row, width: int, hide_caption: bool, omit_script: bool) -> dict[str, Any]:
    number, caption = row["id"], row["caption"] or ""
    cover = render.images(number, row["height"])["standard_resolution"]
    return {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Instagram",
        "provider_url": _SITE,
        "title": caption,
        "author_id": row["owner"],
        "author_name": row["username"],
        "author_url": f"{_SITE}/{row['username']}",
        "media_id": f"{number}_{row['owner']}",
        "html": _html(row, "" if hide_caption else caption, width, omit_script),
        "width": width,
        "height": None,
        "thumbnail_url": cover["url"],
        "thumbnail_width": cover["width"],
        "thumbnail_height": cover["height"],
    }


def _html(row: sqlite3.Row, caption: str, width: int, omit_script: bool) -> str:
    link = f"{_SITE}/p/{ids.shortcode(row['id'])}/"
    text = caption or f"A post shared by {row['full_name'] or row['username']} (@{row['username']})"
    captioned = " data-instgrm-captioned" if caption else ""
    quote = (
        f'<blockquote class="instagram-media"{captioned} data-instgrm-version="6" '
        f'style="max-width:{width}px; width:100%;"><p><a href="{link}" target="_blank">{escape(text)}</a></p>'
        "</blockquote>"
    )
    script = '<script async defer src="//platform.instagram.com/en_US/embeds.js"></script>'
    return quote if omit_script else f"{quote}\n{script}"


def _plain(text: str, status: int) -> Response:
    return Response(text, status, media_type="text/html")


routes = [
    Route("/oembed", embed, methods=["GET"]),
    Route("/oembed/", embed, methods=["GET"]),
    Route("/publicapi/oembed", embed, methods=["GET"]),
    Route("/publicapi/oembed/", embed, methods=["GET"]),
    Route("/p/{shortcode}/media", image, methods=["GET"]),
    Route("/p/{shortcode}/media/", image, methods=["GET"]),
]
