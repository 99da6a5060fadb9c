"""How cases are written on the wire: parameters, bodies, credentials, and addresses of servers."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx

from wirecheck.decode import FIELDS, essence, is_json
from wirecheck.spec import MediaType, Operation, Parameter, SecurityScheme, Spec, join, variable_pattern

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_TOKEN_KINDS = {"oauth2", "openIdConnect"}  # schemes that issue an access token


def root(path: str, prefixes: Sequence[str]) -> str:
    """What precedes the document's server path in ``path``; its other servers are mounted there, too."""
    for prefix in prefixes:
        if match := re.search(f"{variable_pattern(prefix)}$", path):
            return path[: match.start()]
    return path


def servers(spec: Spec, operation: Operation) -> list[str]:
    """The server URLs of an operation, as written in the document."""
    path_item = operation.pointer.rpartition("/")[0]
    for pointer in (operation.pointer, path_item, ""):
        if entries := spec.document.get(pointer).get("servers"):
            return [server["url"] for server in entries]
    return []


def default_path(spec: Spec) -> str:
    """The path of the document's first server, with the default values of its variables."""
    server, *_ = spec.document.get("").get("servers") or [{}]
    variables = server.get("variables", {})
    return re.sub(r"\{(.*?)\}", lambda match: str(variables[match[1]]["default"]), spec.prefixes[0])


def below_server(address: str, server: str) -> str | None:
    """The part of an address below that of a server, which may have variables; None if it is elsewhere."""
    _, _, pattern = server.rstrip("/").partition("://")
    match = re.match(rf"https?://{variable_pattern(pattern)}(?=[/?#]|$)", address, re.IGNORECASE)
    return address[match.end() :] if match else None


def carried(
    spec: Spec, operation: Operation, credentials: Mapping[str, str]
) -> Iterator[tuple[SecurityScheme, str]]:
    """The credentials that a request carries, by scheme.

    They are those of the first alternative that is complete, else what is available of the first one.
    """
    alternatives = carrying(operation)
    complete = [schemes for schemes in alternatives if all(scheme.name in credentials for scheme in schemes)]
    for scheme in (complete or alternatives or [[]])[0]:
        if scheme.name in credentials:
            yield scheme, credentials[scheme.name]


def carrying(operation: Operation) -> list[list[SecurityScheme]]:
    """The schemes by which credentials travel, in each alternative.

    An OAuth scheme beside another scheme only names scopes: the token travels by the other one.
    """
    return [_carriers(alternative) for alternative in operation.security]


def _carriers(alternative: Sequence[SecurityScheme]) -> list[SecurityScheme]:
    others = [scheme for scheme in alternative if scheme.kind not in _TOKEN_KINDS]
    return others or list(alternative)


def token_schemes(spec: Spec) -> list[str]:
    """The schemes that take the access token.

    They are the schemes beside an OAuth scheme, else OAuth schemes by themselves, else the first
    scheme of the document.
    """
    beside, alone, first = [], [], []
    for operation in spec.operations:
        for alternative in operation.security:
            others = [scheme.name for scheme in alternative if scheme.kind not in _TOKEN_KINDS]
            oauth = [scheme.name for scheme in alternative if scheme.kind in _TOKEN_KINDS]
            beside += others if oauth else []
            alone += oauth if not others else []
            first += others[:1] if len(others) == 1 else []
    return list(dict.fromkeys(beside or alone or first[:1]))


def authorization(scheme: SecurityScheme, secret: str) -> str:
    """The value of the Authorization header."""
    if scheme.scheme == "basic":
        return f"Basic {base64.b64encode(secret.encode()).decode()}"
    return f"Bearer {secret}"


def goes_in_form(spec: Spec, scheme: SecurityScheme, method: str, content_type: str | None) -> bool:
    """Whether a query credential is sent as a field of the form instead (x-in-form)."""
    definition = spec.document.get(spec.document.follow(join("/components/securitySchemes", scheme.name)))
    has_form = method in {"POST", "PUT", "PATCH"} and content_type in (None, FORM)
    return has_form and definition.get("x-in-form") is True


def texts(parameter: Parameter | None, value: Any) -> Iterator[str]:
    """A value as written on the wire: one text, or several under the same name."""
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
    """The documented media types that can be written, the preferred one (JSON) first."""
    content = operation.request_body.content if operation.request_body else ()
    writable = (entry for entry in content if is_json(essence(entry.name)) or essence(entry.name) in FIELDS)
    return sorted(writable, key=lambda entry: not is_json(essence(entry.name)))


def encoded(operation: Operation, body: Any, media_type: str | None = None) -> tuple[bytes, str | None]:
    """A body as written on the wire, and its media type: the preferred one where none is given."""
    if body is None:
        return b"", None
    documented = [essence(entry.name) for entry in media_types(operation)]
    chosen = media_type or next(iter(documented), FORM)
    if is_json(chosen) or not isinstance(body, dict):
        return json.dumps(body).encode(), chosen if is_json(chosen) else "application/json"
    if chosen == MULTIPART:
        return _multipart(form_fields(body))
    return urlencode(form_fields(body)).encode(), FORM


def form_fields(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields of a form by name, as texts."""
    return [(name, text) for name, value in body.items() for text in texts(None, value)]


def _multipart(pairs: Sequence[tuple[str, str]]) -> tuple[bytes, str]:
    """The boundary is derived from the fields, so that equal requests have equal bytes."""
    content_type = f"{MULTIPART}; boundary={hashlib.sha256(repr(pairs).encode()).hexdigest()[:32]}"
    parts = [(name, (None, text.encode())) for name, text in pairs]
    form = httpx.Request("POST", "http://form", files=parts, headers={"Content-Type": content_type})
    return form.read(), content_type
