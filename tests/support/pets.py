"""A small API and exchanges with it, as they stand on the wire: what recordings of each format should say."""

import gzip
import json
import zlib
from typing import Any, NamedTuple

from wirecheck.model import Exchange

Fields = tuple[tuple[str, str], ...]


class Wire(NamedTuple):
    """A request and its response; bodies as they were transferred, but for chunks."""

    method: str
    target: str
    status: int
    request_headers: Fields = ()
    request_body: bytes = b""
    response_headers: Fields = ()
    response_body: bytes = b""
    is_chunked: bool = False
    plain_request: bytes | None = None
    plain_response: bytes | None = None
    """The bodies without content coding, where they have one."""


JSON = ("Content-Type", "application/json")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
TOKEN = "pets-0123456789abcdef"
AUTHORIZATION = ("Authorization", f"Bearer {TOKEN}")
ACCEPT = ("Accept", "*/*")
PNG = bytes(range(256)) + b"\r\n\r\n\x00\xff"


def _pet(**members: Any) -> bytes:
    return json.dumps({"id": 1, "name": "Rex", **members}).encode()


def _get(target: str, status: int, body: bytes = b"", *headers: tuple[str, str], **more: Any) -> Wire:
    fields = (JSON, *headers) if body and "Content-Type" not in dict(headers) else headers
    sent = (AUTHORIZATION, ACCEPT, *more.pop("sent", ()))
    return Wire("GET", target, status, sent, b"", fields, body, **more)


def _send(
    method: str, target: str, status: int, sent: bytes, body: bytes = b"", *headers: tuple[str, str]
) -> Wire:
    fields = (JSON,) if body else ()
    return Wire(method, target, status, (AUTHORIZATION, *(headers or (JSON,))), sent, fields, body)


_LONG = json.dumps([{"id": n, "name": f"pet {n}"} for n in range(40)]).encode()
_MULTIPART = (
    b'--xYz\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n'
    b"\r\n" + PNG + b"\r\n--xYz--\r\n"
)

WIRES: tuple[Wire, ...] = (
    _get("/v1/pets", 200, b"[]"),
    _get("/v1/pets?limit=2&tag=cat&tag=dog", 200, b"[" + _pet() + b"]"),
    _get("/v1/pets?limit=many", 200, b"[]"),
    _get("/v1/pets?limit=1000", 422, b'{"error": "limit"}'),
    _get("/v1/pets?tag=a%26b%20c&limit=1", 200, b"[]"),
    _get("/v1/pets?tag=", 200, b"[]"),
    _get("/v1/pets/1", 200, _pet()),
    _get("/v1/pets/1", 200, _pet(name=7)),
    _get("/v1/pets/1", 200, _pet(age=-1)),
    _get("/v1/pets/1", 200, b'{"id": 1}'),
    _get("/v1/pets/1", 200, '{"id": 1, "name": "Žofie 🐈"}'.encode()),
    _get("/v1/pets/1", 200, b'{"id": 1, "name": "\xff"}'),
    _get("/v1/pets/1", 200, b'{"id": 1, "name"'),
    _get("/v1/pets/1", 200, b"", JSON),
    _get("/v1/pets/%C5%BDofie", 404, b'{"error": "unknown"}'),
    _get("/v1/pets/one", 200, _pet()),
    _get("/v1/pets", 200, gzip.compress(_LONG, mtime=0), ("Content-Encoding", "gzip"), plain_response=_LONG),
    _get(
        "/v1/pets/1",
        200,
        zlib.compress(_pet(name=None)),
        ("Content-Encoding", "deflate"),
        plain_response=_pet(name=None),
    ),
    _get("/v1/pets", 200, _LONG, is_chunked=True),
    _get(
        "/v1/pets",
        200,
        gzip.compress(b"[1]", mtime=0),
        ("Content-Encoding", "gzip"),
        is_chunked=True,
        plain_response=b"[1]",
    ),
    _get("/v1/pets/1", 500, b"<h1>Oops</h1>", ("Content-Type", "text/html")),
    _get("/v1/pets/1", 304, b"", ("ETag", '"1"'), sent=(("If-None-Match", '"1"'),)),
    _get("/v1/pets/1", 418, b'{"error": "teapot"}'),
    _get("/v1/pets", 200, b"[]", ("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2"), ("X-Total", "many")),
    _get("/v1/pets", 200, b"[]", ("X-Total", "0"), sent=(("Cookie", "session=s3ss10n; theme=dark"),)),
    _get("/v1/pets/1/photo", 200, PNG, ("Content-Type", "image/png")),
    _get("/v1/old", 301, b"", ("Location", "/v1/pets")),
    _get("/v1/nothing", 404, b"gone", ("Content-Type", "text/plain")),
    _get("/v1/pets", 200, b"[]", sent=(("X-Repeated", "one"), ("X-Repeated", "two"))),
    Wire("GET", "/v1/pets", 200, (ACCEPT,), b"", (JSON,), b"[]"),
    Wire("HEAD", "/v1/pets/1", 200, (AUTHORIZATION,), b"", (JSON,)),
    Wire("OPTIONS", "/v1/pets", 204, (ACCEPT,), b"", (("Allow", "GET, POST"),)),
    _send("POST", "/v1/pets", 201, b'{"name": "Rex"}', _pet()),
    _send("POST", "/v1/pets", 201, b'{"name": 7}', _pet()),
    _send("POST", "/v1/pets", 201, b"", _pet()),
    _send("POST", "/v1/pets", 422, b'{"name": ""}', b'{"error": "name"}'),
    Wire(
        "POST",
        "/v1/pets",
        201,
        (AUTHORIZATION, JSON, ("Content-Encoding", "gzip")),
        gzip.compress(b'{"name": null}', mtime=0),
        (JSON,),
        _pet(),
        plain_request=b'{"name": null}',
    ),
    _send("POST", "/v1/login", 200, b"user=r%C3%A9x&password=s3cr3t+pass", b'{"token": "t0"}', FORM),
    _send("POST", "/v1/login", 200, b"user=rex", b"{}", FORM),
    _send("PUT", "/v1/pets/1/photo", 204, PNG, b"", ("Content-Type", "image/png")),
    _send(
        "PUT", "/v1/pets/1/photo", 200, _MULTIPART, b"", ("Content-Type", "multipart/form-data; boundary=xYz")
    ),
    _send("DELETE", "/v1/pets/1", 204, b"", b"", ACCEPT),
    _send("PATCH", "/v1/pets/1", 200, '{"name": "Žofie"}'.encode(), _pet()),
)


def exchange(wire: Wire, host: str = "http://pets.test") -> Exchange:
    """The exchange as every recording with headers and bodies should have it."""
    return Exchange(
        source="",
        entry=0,
        method=wire.method,
        url=host + wire.target,
        status=wire.status,
        request_headers=_lower(wire.request_headers),
        request_body=wire.request_body if wire.plain_request is None else wire.plain_request,
        response_headers=_lower(wire.response_headers),
        response_body=wire.response_body if wire.plain_response is None else wire.plain_response,
    )


def _lower(fields: Fields) -> Fields:
    return tuple((name.lower(), value) for name, value in fields)


def _content(media_type: str, **schema: Any) -> dict[str, Any]:
    return {"content": {media_type: {"schema": schema}}}


def _responses(**by_status: Any) -> dict[str, Any]:
    return {
        status.lstrip("_"): {"description": "", **(content or {})} for status, content in by_status.items()
    }


_REF = {"$ref": "#/components/schemas/Pet"}
_ERROR = _content("application/json", type="object", required=["error"])
_BODY: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "minLength": 1}},
}
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "http://pets.test/v1"}],
    "security": [{"token": []}],
    "paths": {
        "/pets": {
            "get": {
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
                    {
                        "name": "tag",
                        "in": "query",
                        "schema": {"type": "array", "items": {"type": "string", "minLength": 1}},
                    },
                    {"name": "theme", "in": "cookie", "schema": {"enum": ["light"]}},
                ],
                "responses": _responses(
                    _200={
                        "headers": {"X-Total": {"schema": {"type": "integer"}}},
                        **_content("application/json", type="array", items=_REF),
                    },
                    _422=_ERROR,
                ),
            },
            "post": {
                "requestBody": {"required": True, **_content("application/json", **_BODY)},
                "responses": _responses(_201=_content("application/json", **_REF), _422=_ERROR),
            },
        },
        "/pets/{id}": {
            "parameters": [_ID],
            "get": {"responses": _responses(_200=_content("application/json", **_REF), _404=_ERROR)},
            "delete": {"responses": _responses(_204=None)},
        },
        "/pets/{id}/photo": {
            "parameters": [_ID],
            "get": {"responses": _responses(_200={"content": {"image/png": {}}})},
            "put": {
                "requestBody": {"content": {"image/png": {}}},
                "responses": _responses(_204=None),
            },
        },
        "/login": {
            "post": {
                "requestBody": _content(
                    "application/x-www-form-urlencoded",
                    type="object",
                    required=["user", "password"],
                    properties={"user": {"type": "string"}, "password": {"type": "string", "minLength": 20}},
                ),
                "responses": _responses(_200=_content("application/json", type="object", required=["token"])),
            }
        },
        "/old": {"get": {"responses": _responses(_302=None)}},
    },
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Pet": {
                "type": "object",
                "required": ["id", "name"],
                "properties": {
                    "id": {"type": "integer"},
                    "name": {"type": "string"},
                    "age": {"type": "integer", "minimum": 0},
                },
            }
        },
    },
}
