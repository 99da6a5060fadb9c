"""What Postman and newman write: runs with their exchanges, and collections with examples of responses.

The summary of a run: https://github.com/postmanlabs/newman#newmanruncallbackerror-error--summary-object.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

from wirecheck.model import Exchange, Headers, RecordingError
from wirecheck.recordings import loose
from wirecheck.recordings.coding import BODILESS, uncoded
from wirecheck.recordings.entries import exchanges
from wirecheck.recordings.outline import outline
from wirecheck.recordings.postman_collection import SavedExample, completed, enabled, examples, values
from wirecheck.recordings.window import Window

_OUTLINES: tuple[set[str], ...] = (
    {"info", "item"},
    {"collection.item[]"},
    {"collection", "run.executions"},
    {"results[].responseCode", "results[].url"},
)
_LEADING_VARIABLE = re.compile(r"^\{\{[^{}]{1,200}\}\}(?=/|$)")
_UNSAFE = re.compile(r"[^!$-;=?-~]+")
_FORM = "application/x-www-form-urlencoded"
_LANGUAGES = {
    "json": "application/json",
    "xml": "application/xml",
    "html": "text/html",
    "javascript": "application/javascript",
    "text": "text/plain",
}


def looks_like(start: bytes) -> bool:
    """Whether a file begins as a collection, a run of newman or a run of Postman does."""
    places = outline(start)
    return any(places >= wanted for wanted in _OUTLINES)


def read(name: str, file: BinaryIO) -> Iterator[Exchange]:
    """The exchanges of a run in their order, or the examples of a collection in the order of its folders."""
    return exchanges(name, _entries(Window(name, file), name), _exchange)


def _entries(window: Window, name: str) -> Iterator[Any]:
    """Examples, or objects with a ``request`` and a ``response``."""
    rest: dict[str, Any] = {}
    is_run = False
    for member in window.members("the file"):
        if member == "run":
            for inner in window.members("run"):
                if inner == "executions":
                    is_run = True
                    yield from loose.items(window, name, "run.executions")
                else:
                    window.skip()
        else:
            rest[member] = window.value()
    window.end()
    if is_run:
        return
    collection = rest if "item" in rest else rest.get("collection")
    if isinstance(rest.get("results"), list):
        yield from _results(rest)
    elif not isinstance(collection, dict) or "item" not in collection:
        raise RecordingError(name, "neither a run nor a collection of Postman")
    else:
        example = None
        for example in examples(collection):
            yield example
        if example is None:
            what = "the collection has no saved responses; newman writes a run with --reporters json"
            raise RecordingError(name, what)


def _results(run: dict[str, Any]) -> Iterator[Any]:
    """The requests of a run that Postman exported: without headers and bodies."""
    collection = run.get("collection")
    requests = collection.get("requests") if isinstance(collection, dict) else None
    methods = {loose.text(request.get("id")): request.get("method") for request in enabled(requests)}
    for result in run["results"]:
        if not isinstance(result, dict):
            yield result
            continue
        code = result.get("responseCode")
        method = methods.get(loose.text(result.get("id")))
        yield {
            "request": {"url": result.get("url"), "method": method, "body": {"mode": "not recorded"}},
            "response": {**(code if isinstance(code, dict) else {}), "responseTime": result.get("time")},
        }


def _exchange(source: str, entry: int, value: Any) -> Exchange:
    if isinstance(value, SavedExample):
        request, response = completed(source, value), value.response
    elif isinstance(value, dict):  # without a response where the server could not be reached
        request, response = value.get("request"), value.get("response") or {"code": "000"}
    else:
        raise RecordingError(source, "the entry is not an object")
    if isinstance(request, str):  # a request may be its URL alone
        request = {"method": "GET", "url": request}
    if not isinstance(request, dict) or not isinstance(response, dict):
        raise RecordingError(source, "request or response is not an object")
    status = loose.status(source, response.get("code"), "response.code")
    response_headers = loose.headers(response.get("header"))
    return Exchange(
        source=source,
        entry=entry,
        method=loose.required(source, request.get("method"), "request.method").upper(),
        url=loose.required(source, _url(request.get("url")), "request.url"),
        status=status,
        request_headers=_request_headers(request),
        request_body=_request_body(request.get("body")),
        response_headers=response_headers,
        response_body=uncoded(_response_body(response, status), response_headers),
        elapsed=_seconds(response.get("responseTime")),
    )


def _url(url: Any) -> str:
    """The URL of a request; a variable in place of the host that has no value is left out."""
    if isinstance(url, dict):
        content = _assembled(url) if url.get("host") else loose.text(url.get("raw"))
    else:
        content = loose.text(url)
    return _LEADING_VARIABLE.sub("", content)


def _assembled(url: dict[str, Any]) -> str:
    host = url["host"]
    origin = ".".join(map(loose.text, host)) if isinstance(host, list) else loose.text(host)
    if "://" not in origin and not origin.startswith("{{"):
        origin = f"{loose.text(url.get('protocol')) or 'http'}://{origin}"
    port = loose.text(url.get("port"))
    variables = values(url.get("variable"))
    path = url.get("path")
    segments = path if isinstance(path, list) else loose.text(path).lstrip("/").split("/")
    names = (loose.text(part.get("value") if isinstance(part, dict) else part) for part in segments)
    parts = (variables.get(name[1:], name) if name[:1] == ":" else name for name in names)
    query = "&".join(map(_pair, enabled(url.get("query"))))
    place = "/".join(map(_escaped, parts)) + (f"?{query}" if query else "")
    return f"{origin.rstrip('/')}{f':{port}' if port else ''}/{place}"


def _pair(member: dict[str, Any]) -> str:
    name, value = (_escaped(loose.text(member.get(part))) for part in ("key", "value"))
    return name if member.get("value") is None else f"{name}={value}"


def _escaped(text: str) -> str:
    """A part of a URL as Postman sends it, which escapes only what no URL may contain."""
    return _UNSAFE.sub(lambda match: quote(match[0], errors="surrogatepass"), text)


def _request_headers(request: dict[str, Any]) -> Headers:
    """The headers, with the type that Postman adds for a body."""
    fields, body = loose.headers(request.get("header")), request.get("body")
    if not fields or loose.content_type(fields) or not isinstance(body, dict):
        return fields
    match body:
        case {"mode": "urlencoded"}:
            return (*fields, ("content-type", _FORM))
        case {"mode": "raw", "options": {"raw": {"language": str() as language}}} if language in _LANGUAGES:
            return (*fields, ("content-type", _LANGUAGES[language]))
        case _:
            return fields


def _request_body(body: Any) -> bytes | None:
    """The body of a request; None where it is not known: of files and parts only the names are recorded."""
    match body:
        case {"disabled": True}:
            return b""
        case {"mode": "raw"}:
            return loose.text(body.get("raw")).encode("utf-8", "surrogatepass")
        case {"mode": "urlencoded", "urlencoded": members}:
            pairs = [
                (loose.text(member.get("key")), loose.text(member.get("value")))
                for member in enabled(members)
            ]
            return urlencode(pairs, encoding="utf-8", errors="surrogatepass").encode()
        case {"mode": str()}:
            return None
        case _:
            return b""


def _response_body(response: dict[str, Any], status: int) -> bytes | None:
    match response:
        case {"stream": {"data": [*data]}}:
            try:
                return bytes(data)
            except (TypeError, ValueError):
                return None
        case {"body": str() as text} | {"stream": str() as text}:
            return text.encode("utf-8", "surrogatepass")
        case _:
            return b"" if status in BODILESS else None


def _seconds(milliseconds: Any) -> float | None:
    is_number = isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool)
    return milliseconds / 1000 if is_number and 0 < milliseconds < 10**12 else None
