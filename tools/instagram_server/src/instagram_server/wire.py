"""Requests as the API reads them, and responses as it writes them."""

import asyncio
import json
import re
from asyncio import CancelledError
from collections.abc import Iterable, Mapping
from email.parser import BytesHeaderParser
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from instagram_server.errors import ApiError

LARGEST_BODY = 1 << 16
"""Bytes of a request body; a larger one is rejected."""
BODY_SECONDS = 10.0
"""A body that takes longer to arrive is rejected."""
_READ_ON = 32 << 20  # bytes of a body that is too large, read before the server gives up
_MOST_FIELDS = 1000  # of a query or a form
_MOST_PARTS, _LARGEST_HEAD = 100, 4096  # of a body in parts, and bytes of the headers of each

_HOST = re.compile(r"[\w.-]{1,253}(:[0-9]{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:[0-9]{1,5})?", re.ASCII)
_CALLBACK = re.compile(r"[\w.$\[\]]{1,128}", re.ASCII)


def query(request: Request) -> dict[str, str]:
    """The decoded query; the last of several equal names wins."""
    return dict(_pairs(request.scope["query_string"]))


def own_address(request: Request) -> str:
    """The scheme and host at which the client reached the server."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        name, port = request.scope.get("server") or ("127.0.0.1", 80)
        host = f"{name}:{port}"
    return f"{request.scope['scheme']}://{host}"


async def parameters(request: Request) -> dict[str, str]:
    """The decoded query and form fields; form fields win, and the last of several equal names.

    Raises ApiError for a body that is too large, too slow or incomplete.
    """
    fields = query(request)
    if request.method in ("POST", "PUT", "DELETE"):
        fields.update(_fields(await _body(request), request.headers.get("content-type", "")))
    return fields


async def _body(request: Request) -> bytes:
    """The whole body. Reading goes on beyond the limit: clients read no response before they sent all."""
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= LARGEST_BODY:
                    body += chunk
                elif size > _READ_ON:
                    break
    except TimeoutError:
        raise ApiError(408, "APIInvalidParametersError", "The body of the request is too slow.") from None
    except (ClientDisconnect, CancelledError):  # uvicorn cancels unfinished requests when it ends
        raise ApiError(400, "APIInvalidParametersError", "The body of the request is cut off.") from None
    if size > LARGEST_BODY:
        raise ApiError(400, "APIInvalidParametersError", "The body of the request is too large.")
    return bytes(body)


def _pairs(text: bytes) -> list[tuple[str, str]]:
    if text.count(b"&") >= _MOST_FIELDS:
        raise ApiError(400, "APIInvalidParametersError", "The request has too many fields.")
    decoded = text.decode("ascii", "replace")
    return parse_qsl(decoded, keep_blank_values=True, encoding="utf-8", errors="replace")


def _fields(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """The fields of a form; a body of another media type has none."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return _multipart(body, content_type)
    return _pairs(body) if kind in ("application/x-www-form-urlencoded", "") else []


def _multipart(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """The fields of a multipart form, split here because the email parser recurses into nested parts."""
    parser = BytesHeaderParser()
    boundary = parser.parsebytes(f"Content-Type: {content_type}".encode("latin-1", "replace")).get_boundary()
    if not boundary:
        return []
    _, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1", "replace"), _MOST_PARTS + 1)
    if len(parts) > _MOST_PARTS:
        raise ApiError(400, "APIInvalidParametersError", "The body of the request has too many parts.")
    fields = []
    for part in parts:
        head, _, content = part.partition(b"\r\n\r\n")
        headers = parser.parsebytes(head.strip()[:_LARGEST_HEAD])
        name = headers.get_param("name", header="content-disposition")
        if isinstance(name, str):
            fields.append((name, content.decode("utf-8", "replace")))
    return fields


def respond(
    body: Any, status: int = 200, headers: Mapping[str, str] | None = None, callback: str | None = None
) -> Response:
    """A JSON response, or JavaScript for a callback (JSONP), whose status is always 200."""
    text = json.dumps(body, separators=(",", ":"))
    media_type = "application/json; charset=utf-8"
    if callback is not None and _CALLBACK.fullmatch(callback):
        text, status, media_type = f"/**/ {callback}({text})", 200, "application/javascript; charset=utf-8"
    all_headers = {
        "Cache-Control": "private, no-cache, no-store, must-revalidate",
        "Content-Language": "en",
        "Vary": "Accept-Language, Cookie",
        **(headers or {}),
    }
    return Response(text, status, all_headers, media_type)


def error(error: ApiError) -> Response:
    return respond(error.body, error.status)


def method_not_allowed(methods: Iterable[str], headers: Mapping[str, str] | None = None) -> Response:
    allowed = sorted({*methods, *(["HEAD"] if "GET" in methods else [])})
    return _page("Method Not Allowed", 405, {"Allow": ", ".join(allowed), **(headers or {})})


def page_not_found(headers: Mapping[str, str] | None = None) -> Response:
    """The response to an unknown route."""
    return _page("Page Not Found", 404, headers)


def _page(title: str, status: int, headers: Mapping[str, str] | None) -> Response:
    page = f"<!DOCTYPE html><title>{title}</title><h1>{title}</h1>"
    return Response(page, status, headers, "text/html")
