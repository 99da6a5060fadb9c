"""The credentials of a client, and the address where users grant access."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wirecheck.generate.facade.code import code, literal
from wirecheck.generate.facade.text import safe, sentence
from wirecheck.generate.names import argument_names
from wirecheck.spec import Document, Operation, SecurityScheme, Spec, join
from wirecheck.words import words

_OPTIONS = {
    *("base_url", "timeout", "max_retries", "default_headers", "default_query", "strict", "http_client"),
    *("transport", "options", "checked_retries", "timeout_of_httpx2"),
}
"""The other arguments of a client, and what it uses where they are."""
_SCHEMES = "/components/securitySchemes"
_OAUTH = ("oauth2", "openIdConnect")
_BARE = {
    *("access", "api", "auth", "authentication", "authorization", "bearer", "client", "code", "connect"),
    *("credentials", "flow", "header", "http", "id", "jwt", "oauth", "oauth2", "oidc", "open", "openid"),
    *("password", "scheme", "security", "token"),
}
"""Words in the names of schemes that say how a token travels, not what it is for."""
_BARE_OF_KEYS = {"api", "apikey", "auth", "authentication", "authorization", "header", "key", "query"}


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
    names = _names({key: scheme for key, scheme in schemes.items() if key not in scope_holders})
    candidates = [_credential(names, key, scheme) for key, scheme in schemes.items() if key in names]
    return [credential for credential in candidates if credential]


def _names(schemes: Mapping[str, Mapping[str, Any]]) -> Mapping[str, str]:
    """The argument for each scheme: its name, or what it is, where the name says no more than that."""
    usual = {key: name for key, scheme in schemes.items() if (name := _usual(key, scheme))}
    counts = Counter((*usual.values(), *(key for key in schemes if key not in usual)))
    better = {key: name for key, name in usual.items() if counts[name] == 1}
    distinct = argument_names((better.get(key, key) for key in schemes), _OPTIONS)
    return {key: distinct[better.get(key, key)] for key in schemes}


def _usual(name: str, scheme: Mapping[str, Any]) -> str | None:
    """What a credential is usually called, where the name of its scheme says how it travels."""
    said, kind = set(words(name)), scheme.get("type")
    if kind == "apiKey":
        return "api_key" if said <= _BARE_OF_KEYS else None
    is_bearer = kind == "http" and str(scheme.get("scheme")).lower() == "bearer"
    if not said <= _BARE or not (is_bearer or kind in _OAUTH):
        return None
    return "access_token" if kind in _OAUTH else "token"


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
        text = text or f"The API key, which is sent as {parameter}."
    elif kind == "http" and scheme.get("scheme", "").lower() == "basic":
        parameter, place, prefix = "Authorization", "header", "Basic "
        text = f"Name and password, separated by a colon. {text}".strip()
    elif kind in {"http", *_OAUTH}:
        parameter, place = "Authorization", "header"
        text = text or ("An access token of OAuth 2.0." if kind in _OAUTH else "The token.")
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
