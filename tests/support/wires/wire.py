"""An exchange as it stands on the wire."""

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

from wirecheck.model import Exchange

Fields = tuple[tuple[str, str], ...]

HOST = "notes.test"
TOKEN = "notes.0123456789abcdef0123456789abcdef"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

_COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
}


class Wire(NamedTuple):
    """A request and its response, with bodies that have no content coding and no chunks yet."""

    method: str
    target: str
    status: int
    request_headers: Fields = ()
    request_body: bytes = b""
    response_headers: Fields = ()
    response_body: bytes = b""
    is_chunked: bool = False

    @property
    def request_content(self) -> bytes:
        """The body of the request in the content coding that its headers name."""
        return _coded(self.request_headers, self.request_body)

    @property
    def response_content(self) -> bytes:
        """The body of the response in the content coding that its headers name."""
        return _coded(self.response_headers, self.response_body)

    def has_line(self, method: str, target: str) -> bool:
        """Whether the request has this method and this target, in which some clients encode brackets."""
        return (method, _encoded(target)) == (self.method, _encoded(self.target))

    def exchange(self, origin: str = f"http://{HOST}") -> Exchange:
        """The exchange as every recording with headers and bodies should have it."""
        return Exchange(
            source="",
            entry=0,
            method=self.method,
            url=origin + self.target,
            status=self.status,
            request_headers=_lower(self.request_headers),
            request_body=self.request_body,
            response_headers=_lower(self.response_headers),
            response_body=self.response_body,
        )


def wire(
    method: str,
    path: str,
    status: int,
    reply: Any = None,
    reply_as: str | None = "",
    *response_headers: tuple[str, str],
    body: Any = None,
    body_as: str | None = "",
    headers: Fields = (),
    token: str | None = TOKEN,
    is_chunked: bool = False,
) -> Wire:
    """An exchange below ``/v1``; what is not bytes is a JSON body, and None an empty one.

    A body is of the media type JSON where no other one is named, and of none where that is None.
    """
    authorization = (("Authorization", f"Bearer {token}"),) if token else ()
    return Wire(
        method,
        f"/v1{path}",
        status,
        (("Accept", "*/*"), *authorization, *_type(body, body_as), *headers),
        _bytes(body),
        (("Server", "notes"), *_type(reply, reply_as), *response_headers),
        _bytes(reply),
        is_chunked,
    )


def chunked(body: bytes) -> bytes:
    """A body in chunks of at most 1000 bytes."""
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _type(body: Any, media_type: str | None) -> Fields:
    named = JSON if media_type == "" and body is not None else media_type
    return (("Content-Type", named),) if named else ()


def _bytes(body: Any) -> bytes:
    if body is None or isinstance(body, bytes):
        return body or b""
    return json.dumps(body, ensure_ascii=False).encode()


def _encoded(target: str) -> str:
    return target.replace("[", "%5B").replace("]", "%5D")


def _coded(headers: Fields, body: bytes) -> bytes:
    coding = dict(_lower(headers)).get("content-encoding", "")
    return _COMPRESSORS[coding](body) if body and coding else body


def _lower(fields: Fields) -> Fields:
    return tuple((name.lower(), value) for name, value in fields)
