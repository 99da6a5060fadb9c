"""The authorization of an app by a user: consent, code, token (docs/sources.md, sections 7 and 8)."""

import hmac
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from instagram_server import consent, errors, ids, wire
from instagram_server.config import Era
from instagram_server.platform import Platform

CODE_SECONDS = 600
"""A code is valid for this long (RFC 6749, section 4.1.2, recommends at most ten minutes)."""

_COOKIE = "consent"
_CARRIED: tuple[str, ...] = ("client_id", "redirect_uri", "response_type", "scope", "state")
_WITHDRAWN = {Era.JUNE_2020: {"basic", "public_content"}}  # scopes that can no longer be requested


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """The request of an app for access; ``flow`` is code or token."""

    client: sqlite3.Row
    redirect_uri: str
    flow: str
    scopes: tuple[str, ...]
    state: str | None


def read(platform: Platform, parameters: Mapping[str, str]) -> AuthorizationRequest:
    """The validated request of an app; raises ApiError for the first error in it."""
    number, flow, redirect = (parameters.get(name) for name in ("client_id", "response_type", "redirect_uri"))
    if not number or not flow or not redirect:
        message = "You must include a valid client_id, response_type, and redirect_uri parameters"
        raise errors.oauth(message)
    if flow not in ("code", "token"):
        raise errors.oauth('Only response type "code" and "token" is allowed')
    client = platform.store.row("SELECT * FROM client WHERE id = ?", number)
    if client is None:
        raise errors.oauth("Invalid Client ID")
    if redirect not in platform.redirect_uris(number):
        raise errors.oauth("Redirect URI does not match registered redirect URI")
    scopes = _requested_scopes(platform.settings.era, parameters.get("scope", ""))
    if flow == "token" and not client["implicit"]:
        raise errors.oauth_forbidden("Implicit authentication is disabled")
    return AuthorizationRequest(client, redirect, flow, scopes, parameters.get("state"))


def _requested_scopes(era: Era, scope: str) -> tuple[str, ...]:
    """The requested scopes and `basic`; raises ApiError for scopes that do not exist."""
    names = dict.fromkeys(["basic", *filter(None, re.split(r"[ +]+", scope))])
    invalid = [name for name in names if name not in consent.SCOPES or name in _WITHDRAWN.get(era, ())]
    if invalid:
        raise errors.oauth(f"Invalid scope field(s): {','.join(invalid)}")
    return _in_order(names)


def _in_order(scopes: Iterable[str]) -> tuple[str, ...]:
    return tuple(scope for scope in consent.SCOPES if scope in set(scopes))


async def authorize(request: Request) -> Response:
    """The consent page. Its cookie proves later that the form was sent from this page."""
    platform: Platform = request.app.state.platform
    parameters = await wire.parameters(request)
    authorization = read(platform, parameters)
    cookie = request.cookies.get(_COOKIE, "")
    seal = cookie if re.fullmatch("[0-9a-f]{32}", cookie) else platform.secret()
    fields: dict[str, str] = {name: parameters[name] for name in _CARRIED if name in parameters}
    page = consent.page(
        authorization.client["name"],
        authorization.redirect_uri,
        authorization.scopes,
        {**fields, "seal": seal},
        consent.users(platform.store),
    )
    page.set_cookie(_COOKIE, seal, path="/oauth", httponly=True, samesite="strict")
    return page


async def decide(request: Request) -> Response:
    """The redirect after the user's choice; nothing from the first step is trusted."""
    platform: Platform = request.app.state.platform
    parameters = await wire.parameters(request)
    authorization = read(platform, parameters)
    seal, cookie = parameters.get("seal", ""), request.cookies.get(_COOKIE, "")
    if not seal or not hmac.compare_digest(seal.encode(), cookie.encode()):
        raise errors.oauth("This form has expired. Open the page of the app again.")  # our wording
    if parameters.get("answer") != "authorize":
        return _redirect(
            authorization,
            error="access_denied",
            error_reason="user_denied",
            error_description="The user denied your request",
        )
    user = ids.number(parameters.get("user", ""))
    store, client = platform.store, authorization.client["id"]
    if user is None or store.row("SELECT 1 FROM user WHERE id = ?", user) is None:
        raise errors.oauth("There is no such user.")  # our wording
    member = "SELECT 1 FROM sandbox_user WHERE client = ? AND user = ?"
    if authorization.client["sandbox"] and store.row(member, client, user) is None:
        raise errors.oauth_forbidden("You are not a sandbox user of this client")
    if authorization.flow == "token":
        return _redirect(authorization, "#", access_token=grant(platform, client, user, authorization.scopes))
    code = platform.secret()
    scopes = " ".join(authorization.scopes)
    store.run("DELETE FROM code WHERE created <= ?", platform.now() - CODE_SECONDS)
    store.insert("code", [(code, client, user, scopes, authorization.redirect_uri, 0, platform.now())])
    return _redirect(authorization, code=code)


def _redirect(authorization: AuthorizationRequest, mark: str = "?", **fields: str) -> Response:
    if authorization.state is not None:
        fields["state"] = authorization.state
    joint = "&" if mark == "?" and "?" in authorization.redirect_uri else mark
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(f"{authorization.redirect_uri}{joint}{urlencode(fields)}", 302, headers)


def grant(platform: Platform, client: str, user: int, scopes: Iterable[str]) -> str:
    """The token of a user and an app, which keeps the scopes that it had before."""
    store = platform.store
    with store.transaction():
        # Only the seed data give a user several tokens for one app.
        widest = (
            "SELECT * FROM token WHERE client = ? AND user = ? AND NOT revoked ORDER BY length(scopes) DESC"
        )
        row = store.row(widest, client, user)
        if row is None:
            token = platform.new_token(user, client)
            store.insert("token", [(token, client, user, " ".join(_in_order(scopes)), 0)])
            return token
        all_scopes = " ".join(_in_order([*row["scopes"].split(), *scopes]))
        store.run("UPDATE token SET scopes = ? WHERE token = ?", all_scopes, row["token"])
    return str(row["token"])


async def exchange(request: Request) -> Response:
    """Exchanges a code for a token, once and in time. A rejected request leaves the code valid."""
    platform: Platform = request.app.state.platform
    parameters = await wire.parameters(request)
    store = platform.store
    number = parameters.get("client_id")
    if not number:
        raise errors.oauth("You must provide a client_id")
    client = store.row("SELECT * FROM client WHERE id = ?", number)
    if client is None:
        raise errors.oauth("Invalid Client ID")
    if not hmac.compare_digest(parameters.get("client_secret", "").encode(), client["secret"].encode()):
        raise errors.oauth("Invalid Client Secret")
    if parameters.get("grant_type") != "authorization_code":
        raise errors.oauth("The grant_type must be authorization_code.")  # our wording
    valid = "SELECT * FROM code WHERE code = ? AND client = ? AND NOT used AND created > ?"
    code = store.row(valid, parameters.get("code", ""), number, platform.now() - CODE_SECONDS)
    if code is None:
        late = platform.settings.era >= Era.APRIL_2018  # the message changed in December 2016
        raise errors.oauth(
            "Matching code was not found or was already used." if late else "No matching code found."
        )
    if parameters.get("redirect_uri") != code["redirect_uri"]:
        raise errors.oauth("Redirect URI doesn't match original redirect URI")
    store.run("UPDATE code SET used = 1 WHERE code = ?", code["code"])
    token = grant(platform, number, code["user"], code["scopes"].split())
    return wire.respond({"access_token": token, "user": _owner(platform, code["user"])})


def _owner(platform: Platform, number: int) -> dict[str, object]:
    row = platform.store.row("SELECT * FROM user WHERE id = ?", number)
    if row is None:
        raise errors.oauth("No matching code found.")
    names = ("username", "full_name", "profile_picture", "bio", "website")
    owner: dict[str, object] = {"id": str(number), **{name: row[name] for name in names}}
    if platform.settings.era >= Era.APRIL_2018:
        owner["is_business"] = bool(row["is_business"])
    return owner


routes = [
    *(Route(f"/oauth/authorize{end}", authorize, methods=["GET"]) for end in ("", "/")),
    *(Route(f"/oauth/authorize{end}", decide, methods=["POST"]) for end in ("", "/")),
    *(Route(f"/oauth/access_token{end}", exchange, methods=["POST"]) for end in ("", "/")),
    Route("/demo/callback", consent.callback, methods=["GET"]),
]
