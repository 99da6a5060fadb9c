"""Requests in the terms of the document as they go over the wire."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx

from wirecheck.decode import FORMS, essence, is_json
from wirecheck.spec import MediaType, Operation, Parameter, SecurityScheme, Spec, join

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_TOKENS = {"oauth2", "openIdConnect"}  # schemes of which a token comes


def root(path: str, prefixes: Sequence[str]) -> str:
    """What a path has before that of the document's server; others of its servers stand below it, too."""
    for prefix in prefixes:
        pattern = re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(prefix))
        if found := re.search(f"{pattern}$", path):
            return path[: found.start()]
    return path


def servers(spec: Spec, operation: Operation) -> list[str]:
    """The URLs of the servers of an operation, as the document has them."""
    item = operation.pointer.rpartition("/")[0]
    for pointer in (operation.pointer, item, ""):
        if found := spec.document.get(pointer).get("servers"):
            return [one["url"] for one in found]
    return []


def beneath(address: str, server: str) -> str | None:
    """What an address has below that of a server, which may have variables; None if it is elsewhere."""
    _, _, written = server.rstrip("/").partition("://")
    pattern = re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(written))
    found = re.match(rf"https?://{pattern}(?=[/?#]|$)", address, re.IGNORECASE)
    return address[found.end() :] if found else None


def carried(
    spec: Spec, operation: Operation, given: Mapping[str, str]
) -> Iterator[tuple[SecurityScheme, str]]:
    """What a request carries: the first alternative that is complete, else what there is of the first."""
    alternatives = carrying(operation)
    complete = [one for one in alternatives if all(scheme.name in given for scheme in one)]
    for scheme in (complete or alternatives or [[]])[0]:
        if scheme.name in given:
            yield scheme, given[scheme.name]


def carrying(operation: Operation) -> list[list[SecurityScheme]]:
    """The schemes by which credentials travel, in each alternative.

    A scheme of OAuth beside another one only names scopes: the token travels by the other.
    """
    return [
        [
            one
            for one in together
            if one.kind not in _TOKENS or all(other.kind in _TOKENS for other in together)
        ]
        for together in operation.security
    ]


def token_schemes(spec: Spec) -> list[str]:
    """Where the access token goes: schemes beside one of OAuth, or that by themselves, or the first."""
    beside, alone, first = [], [], []
    for operation in spec.operations:
        for together in operation.security:
            carriers = [one.name for one in together if one.kind not in _TOKENS]
            oauth = [one.name for one in together if one.kind in _TOKENS]
            beside += carriers if oauth else []
            alone += oauth if not carriers else []
            first += carriers[:1] if len(carriers) == 1 else []
    return list(dict.fromkeys(beside or alone or first[:1]))


def authorization(scheme: SecurityScheme, secret: str) -> str:
    if scheme.scheme == "basic":
        return f"Basic {base64.b64encode(secret.encode()).decode()}"
    return f"Bearer {secret}"


def goes_in_form(spec: Spec, scheme: SecurityScheme, method: str, content_type: str | None) -> bool:
    value = spec.document.get(spec.document.follow(join("/components/securitySchemes", scheme.name)))
    return (
        value.get("x-in-form") is True and method in {"POST", "PUT", "PATCH"} and content_type in (None, FORM)
    )


def texts(parameter: Parameter | None, value: Any) -> Iterator[str]:
    """A value as it stands on the wire: one text, or several under the same name."""
    if not isinstance(value, list):
        yield _text(value)
    elif parameter is None or parameter.explode:
        yield from map(_text, value)
    else:
        yield {"spaceDelimited": " ", "pipeDelimited": "|"}.get(parameter.style, ",").join(map(_text, value))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def media_types(operation: Operation) -> list[MediaType]:
    """Documented media types in which a body can be written here, the usual one first."""
    content = operation.request_body.content if operation.request_body else ()
    known = (one for one in content if is_json(essence(one.name)) or essence(one.name) in FORMS)
    return sorted(known, key=lambda one: not is_json(essence(one.name)))


def encoded(operation: Operation, body: Any, media_type: str | None = None) -> tuple[bytes, str | None]:
    """A body as it stands on the wire, and its media type, which is the usual one if none is given."""
    if body is None:
        return b"", None
    documented = [essence(one.name) for one in media_types(operation)]
    chosen = media_type or next(iter(documented), FORM)
    if is_json(chosen) or not isinstance(body, dict):
        return json.dumps(body).encode(), chosen if is_json(chosen) else "application/json"
    if chosen == MULTIPART:
        return _multipart(fields(body))
    return urlencode(fields(body)).encode(), FORM


def fields(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields of a form by name, as texts."""
    return [(name, text) for name, value in body.items() for text in texts(None, value)]


def _multipart(pairs: Sequence[tuple[str, str]]) -> tuple[bytes, str]:
    """The boundary is made of the fields, so that equal requests have equal bytes."""
    content_type = f"{MULTIPART}; boundary={hashlib.sha256(repr(pairs).encode()).hexdigest()[:32]}"
    parts = [(name, (None, text.encode())) for name, text in pairs]
    form = httpx.Request("POST", "http://form", files=parts, headers={"Content-Type": content_type})
    return form.read(), content_type
