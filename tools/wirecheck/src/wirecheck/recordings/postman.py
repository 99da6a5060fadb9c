"""What Postman and newman write: runs with their exchanges, and collections with examples of responses.

The formats: https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html for collections, and
https://github.com/postmanlabs/newman#newmanruncallbackerror-error--summary-object for runs of newman.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

from wirecheck.model import Exchange, Headers, RecordingError
from wirecheck.recordings import loose
from wirecheck.recordings.coding import uncoded
from wirecheck.recordings.outline import outline
from wirecheck.recordings.window import Window

MAX_DEPTH = 100
MAX_EXPANDED = 2**20
"""Characters that variables may add to a text."""

_BODILESS = frozenset({204, 304})
_VARIABLE = re.compile(r"\{\{([^{}]{1,200})\}\}")
_LEADING_VARIABLE = re.compile(r"^\{\{[^{}]{1,200}\}\}(?=/|$)")
_UNSAFE = re.compile(r"[^!$-;=?-~]+")
_ROUNDS = 5  # of variables whose values contain variables
_LANGUAGES = {
    "json": "application/json",
    "xml": "application/xml",
    "html": "text/html",
    "javascript": "application/javascript",
    "text": "text/plain",
}

_Substitute = Callable[[str], str]


def looks_like(start: bytes) -> bool:
    """Whether a file begins as a collection, a run of newman or a run of Postman does."""
    places = outline(start)
    collection = places >= {"info", "item"} or places >= {"collection.info", "collection.item"}
    newman = places >= {"collection", "run.executions"} or places >= {"collection.item", "collection.event"}
    return collection or newman or places >= {"results[].responseCode", "results[].url"}


def read(name: str, file: BinaryIO) -> Iterator[Exchange]:
    """The exchanges of a run in their order, or the examples of a collection in the order of its folders."""
    yield from loose.exchanges(name, _entries(Window(name, file), name), _exchange)


def _entries(window: Window, name: str) -> Iterator[Any]:
    """Objects with a ``request``, a ``response``, and the ``variables`` to replace in them."""
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
    elif isinstance(collection, dict) and "item" in collection:
        yield from _examples(name, collection)
    else:
        raise RecordingError(name, "neither a run nor a collection of Postman")


def _results(run: dict[str, Any]) -> Iterator[Any]:
    """The requests of a run that Postman exported: without headers and bodies."""
    collection = run.get("collection")
    requests = collection.get("requests") if isinstance(collection, dict) else None
    methods = {
        loose.text(request.get("id")): request.get("method")
        for request in (requests if isinstance(requests, list) else [])
        if isinstance(request, dict)
    }
    for result in run["results"]:
        if not isinstance(result, dict):
            yield result
            continue
        code = result.get("responseCode")
        request = {"url": result.get("url"), "method": methods.get(loose.text(result.get("id")))}
        response = {**(code if isinstance(code, dict) else {}), "responseTime": result.get("time")}
        yield {"request": request | {"body": {"mode": "not recorded"}}, "response": response}


def _examples(name: str, collection: dict[str, Any]) -> Iterator[Any]:
    is_empty = True
    for entry in _saved(collection.get("item"), collection, {}, 0):
        is_empty = False
        yield entry
    if is_empty:
        what = "the collection has no saved responses; newman writes a run with --reporters json"
        raise RecordingError(name, what)


def _saved(items: Any, owner: dict[str, Any], outer: dict[str, str], depth: int) -> Iterator[Any]:
    """The responses that are saved with the requests of a folder and the folders in it."""
    variables = outer | _values(owner.get("variable"))
    for item in items if isinstance(items, list) and depth < MAX_DEPTH else []:
        if not isinstance(item, dict):
            continue
        yield from _saved(item.get("item"), item, variables, depth + 1)
        responses = item.get("response")
        for response in responses if isinstance(responses, list) else []:
            if isinstance(response, dict):
                request = response.get("originalRequest") or item.get("request")
                yield {"request": request, "response": response, "variables": variables}
            else:
                yield response


def _values(variables: Any) -> dict[str, str]:
    """The values of variables by their names; one without a value is left out."""
    members = variables if isinstance(variables, list) else []
    return {
        loose.text(member.get("key", member.get("id"))): loose.text(member["value"])
        for member in members
        if isinstance(member, dict) and member.get("disabled") is not True and loose.text(member.get("value"))
    }


def _exchange(source: str, entry: int, value: Any) -> Exchange:
    if not isinstance(value, dict):
        value = loose.an_object(source, value, "the entry")
    request, response = value.get("request"), value.get("response") or {"code": "000"}
    if isinstance(request, str):  # a request may be its URL alone
        request = {"method": "GET", "url": request}
    if not isinstance(request, dict) or not isinstance(response, dict):
        raise RecordingError(source, "request or response is not an object")
    variables = value.get("variables")
    substitute = _substitution(source, variables) if variables is not None else str
    status = loose.status(source, response.get("code"), "response.code")
    request_headers = _request_headers(request, substitute)
    response_headers = loose.headers(response.get("header"))
    return Exchange(
        source=source,
        entry=entry,
        method=loose.required(source, request.get("method"), "request.method").upper(),
        url=loose.required(source, _url(request.get("url"), substitute), "request.url"),
        status=status,
        request_headers=request_headers,
        request_body=_request_body(request.get("body"), substitute, is_template=variables is not None),
        response_headers=response_headers,
        response_body=uncoded(_response_body(response, status), response_headers),
        elapsed=_seconds(response.get("responseTime")),
    )


def _substitution(source: str, variables: dict[str, str]) -> _Substitute:
    """A function that replaces variables by their values; those without a value stay."""
    added = 0

    def value(match: re.Match[str]) -> str:
        nonlocal added
        content = variables.get(match[1].strip(), match[0])
        added += len(content)
        if added > MAX_EXPANDED:
            raise RecordingError(source, f"variables add more than {MAX_EXPANDED:,} characters")
        return content

    def substitute(text: str) -> str:
        for _ in range(_ROUNDS):
            replaced = _VARIABLE.sub(value, text)
            if replaced == text:
                break
            text = replaced
        return text

    return substitute


def _url(url: Any, substitute: _Substitute) -> str:
    """The URL of a request; a variable for the host that has no value is left out."""
    if isinstance(url, dict):
        text = _assembled(url, substitute) if url.get("host") else substitute(loose.text(url.get("raw")))
    else:
        text = substitute(loose.text(url))
    return _LEADING_VARIABLE.sub("", text)


def _assembled(url: dict[str, Any], substitute: _Substitute) -> str:
    host = substitute(_joined(url["host"], "."))
    protocol = loose.text(url.get("protocol")) or "http"
    if "://" not in host and not host.startswith("{{"):
        host = f"{protocol}://{host}"
    if port := loose.text(url.get("port")):
        host = f"{host}:{substitute(port)}"
    values = {name: _escaped(substitute(value)) for name, value in _values(url.get("variable")).items()}
    path = url.get("path")
    segments = path if isinstance(path, list) else loose.text(path).lstrip("/").split("/")
    names = (loose.text(part.get("value") if isinstance(part, dict) else part) for part in segments)
    texts = (values.get(name[1:], name) if name[:1] == ":" else _escaped(substitute(name)) for name in names)
    query = "&".join(_pair(member, substitute) for member in _enabled(url.get("query")))
    return f"{host.rstrip('/')}/{'/'.join(texts)}" + (f"?{query}" if query else "")


def _joined(parts: Any, separator: str) -> str:
    return separator.join(map(loose.text, parts)) if isinstance(parts, list) else loose.text(parts)


def _pair(member: dict[str, Any], substitute: _Substitute) -> str:
    name, value = (_escaped(substitute(loose.text(member.get(part)))) for part in ("key", "value"))
    return name if member.get("value") is None else f"{name}={value}"


def _escaped(text: str) -> str:
    """A part of a URL as Postman sends it, which escapes only what no URL may contain."""
    return _UNSAFE.sub(lambda match: quote(match[0], errors="surrogatepass"), text)


def _enabled(members: Any) -> list[dict[str, Any]]:
    candidates = members if isinstance(members, list) else []
    return [
        member for member in candidates if isinstance(member, dict) and member.get("disabled") is not True
    ]


def _request_headers(request: dict[str, Any], substitute: _Substitute) -> Headers:
    """The headers, with the type that Postman adds for a body."""
    fields = tuple((name, substitute(value)) for name, value in loose.headers(request.get("header")))
    body = request.get("body")
    if not fields or loose.content_type(fields) or not isinstance(body, dict):
        return fields
    if body.get("mode") == "urlencoded":
        return (*fields, ("content-type", "application/x-www-form-urlencoded"))
    options = body.get("options")
    raw = options.get("raw") if isinstance(options, dict) else None
    language = _LANGUAGES.get(loose.text(raw.get("language"))) if isinstance(raw, dict) else None
    return (*fields, ("content-type", language)) if language else fields


def _request_body(body: Any, substitute: _Substitute, *, is_template: bool) -> bytes | None:
    """The body of a request, None where it is not known: files, parts, or variables without a value."""
    if not isinstance(body, dict) or body.get("disabled") is True or not body.get("mode"):
        return b""
    mode = body["mode"]
    if mode == "raw":
        text = substitute(loose.text(body.get("raw")))
        return None if is_template and _VARIABLE.search(text) else text.encode("utf-8", "surrogatepass")
    if mode == "urlencoded":
        pairs = [
            (substitute(loose.text(member.get("key"))), substitute(loose.text(member.get("value"))))
            for member in _enabled(body.get("urlencoded"))
        ]
        return urlencode(pairs, encoding="utf-8", errors="surrogatepass").encode()
    return None


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
            return b"" if status in _BODILESS else None


def _seconds(milliseconds: Any) -> float | None:
    is_number = isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool)
    return milliseconds / 1000 if is_number and 0 < milliseconds < 10**12 else None
