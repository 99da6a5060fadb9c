"""How cases carry credentials, in which media type their bodies are sent, and addresses of servers."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence

from wirecheck.decode import FIELDS, FORM, essence, is_json
from wirecheck.decode.encoding import is_writable
from wirecheck.spec import MediaType, Operation, SecurityScheme, Spec, join, variable_pattern

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


def requires_credentials(operation: Operation) -> bool:
    """Whether none of the alternatives of an operation is to send no credentials."""
    return bool(operation.security) and () not in operation.security


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


def media_types(operation: Operation) -> list[MediaType]:
    """The documented media types that can be written, the preferred one (JSON) first, a text last."""
    content = operation.request_body.content if operation.request_body else ()
    kinds = {entry: essence(entry.name) for entry in content if is_writable(essence(entry.name))}
    return sorted(kinds, key=lambda entry: (not is_json(kinds[entry]), kinds[entry] not in FIELDS))


def body_type(operation: Operation, kind: str | None = None) -> MediaType:
    """The media type in which a body is sent: that of a kind, or the preferred one; else a form."""
    documented = media_types(operation)
    matching = [entry for entry in documented if kind is None or essence(entry.name) == kind]
    content = operation.request_body.content if operation.request_body else ()
    schema, pointer = (content[0].schema, content[0].pointer) if content else (None, "")
    return matching[0] if matching else MediaType(kind or FORM, pointer, schema)
