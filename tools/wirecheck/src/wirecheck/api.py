"""The Python API, which ``import wirecheck`` offers."""

from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from wirecheck import recordings, spec
from wirecheck.checks import Judge, Verdict
from wirecheck.model import Exchange, Headers
from wirecheck.spec import Spec

__all__ = ["Judge", "Spec", "Verdict", "exchange", "load", "read"]


def load(document: str | PathLike[str] | Mapping[str, Any], *, base_path: str | None = None) -> Spec:
    """Loads an OpenAPI document from a file, or takes one that is parsed already, such as ``app.openapi()``.

    ``base_path`` replaces the paths of the document's ``servers``. The lines of findings are those of the
    file; of a parsed document, those of its JSON with an indent of 1. Raises SpecError when the document
    cannot be used.
    """
    if isinstance(document, Mapping):
        return spec.parsed(document, base_path)
    return spec.load(Path(document), base_path)


def read(recording: str | PathLike[str]) -> Iterator[Exchange]:
    """The exchanges of a recording in its own order, read one at a time; those of a folder, file by file.

    An entry that cannot be read has an ``error``. Raises RecordingError where nothing can be read.
    """
    return recordings.read(Path(recording))


def exchange(response: Any, source: str = "response") -> Exchange:
    """The exchange of a response of httpx, of requests, or of a test client built on either.

    ``source`` is what findings call it. A body that was streamed and not read counts as not recorded.
    """
    request = response.request
    return Exchange(
        source=source,
        entry=0,
        method=request.method,
        url=str(request.url),
        status=response.status_code,
        request_headers=_headers(request.headers),
        request_body=_body(request, "body" if hasattr(request, "body") else "content"),
        response_headers=_headers(response.headers),
        response_body=_body(response, "content"),
        elapsed=None,
    )


def _headers(headers: Any) -> Headers:
    """Names in lower case; of httpx, with every value of a repeated header."""
    pairs = headers.multi_items() if hasattr(headers, "multi_items") else headers.items()
    return tuple((str(name).lower(), str(value)) for name, value in pairs)


def _body(message: Any, attribute: str) -> bytes | None:
    try:
        body = getattr(message, attribute)
    except RuntimeError:  # httpx: streamed, and not read
        return None
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else None
