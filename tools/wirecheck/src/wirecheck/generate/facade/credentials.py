"""What a client is made with, and where people are sent to grant access."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wirecheck.generate.facade.code import code, identifier, literal
from wirecheck.generate.facade.text import safe, sentence
from wirecheck.spec import Document, Operation, Spec, join

_OPTIONS = {"base_url", "timeout", "max_retries", "strict", "http_client", "transport"}
_SCHEMES = "/components/securitySchemes"


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential that the client is made with."""

    name: str
    parameter: str
    scheme: str  # in code
    text: str  # safe in a docstring


def credentials(spec: Spec) -> Sequence[Credential]:
    """In the order of the document."""
    scope_holders = _scope_holders(spec.operations)
    found = [
        _credential(spec.document, name, scheme)
        for name, scheme in _schemes(spec.document).items()
        if name not in scope_holders
    ]
    return [credential for credential in found if credential]


def security(operation: Operation, known: Sequence[Credential]) -> str | None:
    """The alternatives of an operation, in code."""
    names = {credential.name for credential in known}
    alternatives = [
        tuple(name for one in together if (name := identifier(one.name)) in names)
        for together in operation.security
    ]
    kept = [
        one for one, together in zip(alternatives, operation.security, strict=True) if one or not together
    ]
    return repr(tuple(dict.fromkeys(kept))) if kept else None


def authorization(document: Document, known: Sequence[Credential]) -> Mapping[str, Any] | None:
    """The method that tells where people grant access (x-resource on a scheme of OAuth)."""
    for scheme in _schemes(document).values():
        if scheme.get("type") != "oauth2" or "x-resource" not in scheme:
            continue
        resource, method = scheme["x-resource"].split(".")
        flows = scheme["flows"]
        flow = flows.get("authorizationCode") or flows.get("implicit") or {}
        if "authorizationUrl" in flow:
            return {
                "resource": resource,
                "method": method,
                "address": flow["authorizationUrl"],
                "scopes": [(safe(one), safe(text)) for one, text in flow.get("scopes", {}).items()],
                "client_id": next((one.name for one in known if one.parameter == "client_id"), None),
            }
    return None


def digest(algorithm: str) -> str:
    """The hash of an algorithm of x-signature."""
    return algorithm.removeprefix("hmac-")


def _schemes(document: Document) -> Mapping[str, Mapping[str, Any]]:
    names = document.data.get("components", {}).get("securitySchemes", {})
    return {name: document.get(document.follow(join(_SCHEMES, name))) for name in names}


def _scope_holders(operations: Sequence[Operation]) -> set[str]:
    """Schemes of OAuth that only name scopes: the token travels by another scheme beside them."""
    return {
        scheme.name
        for operation in operations
        for together in operation.security
        for scheme in together
        if scheme.kind in {"oauth2", "openIdConnect"}
        and any(other.kind in {"apiKey", "http"} for other in together)
    }


def _credential(document: Document, name: str, scheme: Mapping[str, Any]) -> Credential | None:
    argument = identifier(name)
    if argument in _OPTIONS:
        message = f"{argument} is an option of every client: choose another name"
        raise document.error(join(_SCHEMES, name), message)
    text = sentence(scheme.get("description", ""))
    kind = scheme.get("type")
    if kind == "apiKey":
        parameter, place, prefix = scheme["name"], scheme["in"], None
    elif kind == "http" and scheme.get("scheme", "").lower() == "basic":
        parameter, place, prefix = "Authorization", "header", "Basic "
        text = f"Name and password with a colon between them. {text}".strip()
    elif kind in {"http", "oauth2", "openIdConnect"}:
        parameter, place = "Authorization", "header"
        prefix = f"{scheme.get('scheme', 'bearer').capitalize()} "
    else:
        return None
    signature = scheme.get("x-signature")
    made = code(
        "Scheme",
        place=repr(place),
        parameter=repr(parameter),
        prefix=literal(prefix),
        in_form=literal(scheme.get("x-in-form") is True),
        signature=signature
        and code(
            "Signature",
            parameter=repr(signature["parameter"]),
            algorithm=repr(digest(signature["algorithm"])),
            key=repr(identifier(signature["key"])),
            separator=repr(signature["separator"]),
        ),
    )
    return Credential(argument, parameter, made, safe(text))
