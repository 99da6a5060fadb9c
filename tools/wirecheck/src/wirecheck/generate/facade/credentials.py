"""The credentials of a client, and the address where users grant access."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wirecheck.generate.facade.code import code, literal
from wirecheck.generate.facade.text import safe, sentence
from wirecheck.generate.names import argument_names
from wirecheck.spec import Document, Operation, SecurityScheme, Spec, join

_OPTIONS = {
    *("base_url", "timeout", "max_retries", "default_headers", "default_query", "strict", "http_client"),
    *("transport", "options", "checked_retries", "timeout_of_httpx2"),
}
"""The other arguments of a client, and what it uses where they are."""
_SCHEMES = "/components/securitySchemes"


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential that is an argument of the client."""

    name: str
    key: str  # of its security scheme
    parameter: str
    scheme: str  # in code
    text: str  # on one line, not escaped


def credentials(spec: Spec) -> Sequence[Credential]:
    """In the order of the document."""
    schemes, scope_holders = _schemes(spec.document), _scope_holders(spec.operations)
    names = argument_names(schemes, _OPTIONS)
    candidates = [
        _credential(names, key, scheme) for key, scheme in schemes.items() if key not in scope_holders
    ]
    return [credential for credential in candidates if credential]


def alternatives(operation: Operation, known: Sequence[Credential]) -> Sequence[tuple[str, ...]]:
    """The sets of credentials of which an operation requires one; empty if the document names none."""
    names = {credential.key: credential.name for credential in known}

    def usable(schemes: Sequence[SecurityScheme]) -> tuple[str, ...]:
        return tuple(names[scheme.name] for scheme in schemes if scheme.name in names)

    # An alternative of which nothing is left is not the same as one that requires nothing.
    return tuple(
        dict.fromkeys(usable(schemes) for schemes in operation.security if usable(schemes) or not schemes)
    )


def authorization(document: Document, known: Sequence[Credential]) -> Mapping[str, Any] | None:
    """The method that builds the address where users grant access (x-resource on an OAuth scheme)."""
    for scheme in _schemes(document).values():
        if scheme.get("type") != "oauth2" or "x-resource" not in scheme:
            continue
        resource, method = scheme["x-resource"].split(".")
        flows = scheme["flows"]
        flow = flows.get("authorizationCode") or flows.get("implicit") or {}
        if "authorizationUrl" in flow:
            client_ids = (credential.name for credential in known if credential.parameter == "client_id")
            return {
                "resource": resource,
                "method": method,
                "address": flow["authorizationUrl"],
                "scopes": [(safe(name), safe(text)) for name, text in flow.get("scopes", {}).items()],
                "client_id": next(client_ids, None),
            }
    return None


def digest(algorithm: str) -> str:
    """The hash of an algorithm of x-signature."""
    return algorithm.removeprefix("hmac-")


def _schemes(document: Document) -> Mapping[str, Mapping[str, Any]]:
    names = document.data.get("components", {}).get("securitySchemes", {})
    return {name: document.get(document.follow(join(_SCHEMES, name))) for name in names}


def _scope_holders(operations: Sequence[Operation]) -> set[str]:
    """OAuth schemes that only name scopes: the token travels by another scheme of the same alternative."""
    return {
        scheme.name
        for operation in operations
        for schemes in operation.security
        for scheme in schemes
        if scheme.kind in {"oauth2", "openIdConnect"}
        and any(other.kind in {"apiKey", "http"} for other in schemes)
    }


def _credential(names: Mapping[str, str], key: str, scheme: Mapping[str, Any]) -> Credential | None:
    text = sentence(scheme.get("description", ""))
    kind = scheme.get("type")
    if kind == "apiKey":
        parameter, place, prefix = scheme["name"], scheme["in"], None
    elif kind == "http" and scheme.get("scheme", "").lower() == "basic":
        parameter, place, prefix = "Authorization", "header", "Basic "
        text = f"Name and password, separated by a colon. {text}".strip()
    elif kind in {"http", "oauth2", "openIdConnect"}:
        parameter, place = "Authorization", "header"
        prefix = f"{scheme.get('scheme', 'bearer').capitalize()} "
    else:
        return None
    scheme_code = code(
        "Scheme",
        place=repr(place),
        parameter=repr(parameter),
        prefix=literal(prefix),
        in_form=literal(scheme.get("x-in-form") is True),
        signature=_signature(names, scheme.get("x-signature")),
    )
    return Credential(names[key], key, parameter, scheme_code, text)


def _signature(names: Mapping[str, str], signature: Mapping[str, Any] | None) -> str | None:
    if not signature:
        return None
    return code(
        "Signature",
        parameter=repr(signature["parameter"]),
        algorithm=repr(digest(signature["algorithm"])),
        key=repr(names.get(signature["key"], signature["key"])),
        separator=repr(signature["separator"]),
    )
