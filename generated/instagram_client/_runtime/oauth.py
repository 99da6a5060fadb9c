"""The part of OAuth 2 that users see: the address they are sent to, and the one they return to."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from .errors import AuthorizationError


def authorize_url(
    address: str,
    *,
    client_id: str,
    redirect_uri: str,
    response_type: str,
    scope: str | Iterable[str],
    state: str | None,
) -> str:
    """The address to send users to (RFC 6749, 4.1.1)."""
    query = {"client_id": client_id, "redirect_uri": redirect_uri, "response_type": response_type}
    if scopes := scope if isinstance(scope, str) else " ".join(scope):
        query["scope"] = scopes
    if state is not None:
        query["state"] = state
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def code_from_redirect(url: str, state: str | None) -> str:
    """The code in the address that a user returned to (RFC 6749, 4.1.2).

    Raises AuthorizationError if access was denied, or ``state`` is not the one in the address.
    """
    query = dict(parse_qsl(urlsplit(url).query))
    if "error" in query:
        raise AuthorizationError(
            query["error"], query.get("error_reason"), query.get("error_description")
        )
    if state is not None and not hmac.compare_digest(
        state.encode(), query.get("state", "").encode(errors="surrogatepass")
    ):
        raise AuthorizationError(
            "state_mismatch", description="the state is not the one that was sent"
        )
    if "code" not in query:
        raise AuthorizationError(
            "no_code", description="the address contains neither a code nor an error"
        )
    return query["code"]
