"""Who asks, whether the request is signed, and what may be seen (facts: sections 8, 9, 12)."""

import hashlib
import hmac
import sqlite3
from collections.abc import Mapping
from typing import Any

from instagram_server import errors, ids
from instagram_server.call import Call, Token
from instagram_server.platform import Platform

_SANDBOX_MEDIA = 20  # the newest of each user are all that exist for an app in sandbox mode


def authenticate(platform: Platform, parameters: Mapping[str, str]) -> Token:
    """The token of a request; raises ApiError when it is missing, unknown or revoked."""
    text = parameters.get("access_token")
    if not text:
        raise _without_token(platform, parameters.get("client_id"))
    row = platform.store.row("SELECT * FROM token WHERE token = ? AND NOT revoked", text)
    client = row and platform.store.row("SELECT * FROM client WHERE id = ?", row["client"])
    if row is None or client is None:
        raise errors.invalid_token()
    return Token(text, row["user"], frozenset(row["scopes"].split()), client)


def _without_token(platform: Platform, client: str | None) -> errors.ApiError:
    """Before 2015-11-17 a client_id was enough to read."""
    if client is None:
        return errors.missing_token()
    known = platform.store.row("SELECT 1 FROM client WHERE id = ?", client)
    return errors.invalid_token() if known else errors.invalid_client()


def check_signature(secret: str, path: str, parameters: Mapping[str, str]) -> None:
    """Raises ApiError unless ``sig`` signs the path, with or without a suffix, and the parameters."""
    given = parameters.get("sig")
    if given is None:
        raise errors.signature("Missing required parameter 'sig'")
    bare = path.rstrip("/")
    candidates = {bare, bare.removesuffix(".json")}
    if not any(hmac.compare_digest(given.encode(), sign(secret, one, parameters)) for one in candidates):
        raise errors.signature("Signature does not match")


def sign(secret: str, path: str, parameters: Mapping[str, str]) -> bytes:
    """The signature in lower-case hex; the path is without the version and a slash at its end."""
    signed = "".join(f"|{name}={parameters[name]}" for name in sorted(parameters) if name != "sig")
    return hmac.new(secret.encode(), f"{path}{signed}".encode(), hashlib.sha256).hexdigest().encode()


def visible(call: Call) -> tuple[str, list[Any]]:
    """A condition on media (as m) and its owner (as u) that holds for what the asker may see."""
    condition = """(m.owner = ? OR (NOT u.is_age_gated
        AND (NOT u.is_private OR EXISTS (SELECT 1 FROM following
             WHERE source = ? AND target = m.owner AND status = 'follows'))
        AND NOT EXISTS (SELECT 1 FROM block WHERE source = m.owner AND target = ?)))"""
    values: list[Any] = [call.viewer] * 3
    if call.token.client["sandbox"]:
        condition += """ AND m.owner IN (SELECT user FROM sandbox_user WHERE client = ?)
            AND m.id IN (SELECT id FROM media WHERE owner = m.owner ORDER BY id DESC LIMIT ?)"""
        values += [call.token.client["id"], _SANDBOX_MEDIA]
    return condition, values


def user(call: Call, name: str = "user_id") -> sqlite3.Row:
    """The user that the path names, if it exists for the asker; `self` is the asker."""
    text = call.values[name]
    number = call.viewer if text == "self" else ids.number(text)
    found = None if number is None else call.platform.store.row("SELECT * FROM user WHERE id = ?", number)
    if found is None or not exists_for(call, found["id"]):
        raise errors.unknown_user()
    return found


def open_user(call: Call, name: str = "user_id") -> sqlite3.Row:
    """The user that the path names, if the asker may look at what it shares."""
    found = user(call, name)
    if found["id"] != call.viewer:
        call.require("public_content")
        look(call, found)
    else:
        call.require("basic")
    return found


def media(call: Call, number: int | None, owner: int | None = None) -> sqlite3.Row:
    """A media object that the asker may see; ``owner`` must be its owner's id where it is given."""
    row = None if number is None else call.platform.store.row("SELECT * FROM media WHERE id = ?", number)
    if row is None or (owner is not None and owner != row["owner"]):
        raise errors.unknown_media()
    if row["owner"] != call.viewer:
        holder = call.platform.store.row("SELECT * FROM user WHERE id = ?", row["owner"])
        if holder is None or not exists_for(call, holder["id"]):
            raise errors.unknown_media()
        look(call, holder)
    if call.token.client["sandbox"]:
        newest = "SELECT id FROM media WHERE owner = ? ORDER BY id DESC LIMIT ?"
        if not any(
            one["id"] == number for one in call.platform.store.rows(newest, row["owner"], _SANDBOX_MEDIA)
        ):
            raise errors.unknown_media()
    return row


def media_of_path(call: Call) -> sqlite3.Row:
    """The media object whose id the path names, with or without its owner's."""
    number, underscore, owner = call.values["media_id"].partition("_")
    if underscore and ids.number(owner) is None:
        raise errors.unknown_media()
    return media(call, ids.number(number), ids.number(owner) if underscore else None)


def readable_media(call: Call, row: sqlite3.Row) -> sqlite3.Row:
    """The same, once the scope is known to suffice: `basic` for one's own, else `public_content`."""
    call.require("basic" if row["owner"] == call.viewer else "public_content")
    return row


def exists_for(call: Call, number: int) -> bool:
    """Whether a user is there for the asker: not for whom it blocked, nor outside of a sandbox."""
    store, client = call.platform.store, call.token.client
    if number != call.viewer and store.row(
        "SELECT 1 FROM block WHERE source = ? AND target = ?", number, call.viewer
    ):
        return False
    if not client["sandbox"]:
        return True
    member = "SELECT 1 FROM sandbox_user WHERE client = ? AND user = ?"
    return store.row(member, client["id"], number) is not None


def in_sandbox(call: Call, column: str) -> tuple[str, list[Any]]:
    """A condition on a column of user ids that holds for whom the app's mode lets exist."""
    if not call.token.client["sandbox"]:
        return "1", []
    return f"{column} IN (SELECT user FROM sandbox_user WHERE client = ?)", [call.token.client["id"]]


def look(call: Call, holder: sqlite3.Row) -> None:
    """Raises ApiError where what another user shares is not for the asker."""
    if holder["is_age_gated"]:
        raise errors.age_gated()
    if holder["is_private"] and not follows(call, call.viewer, holder["id"]):
        raise errors.hidden()


def follows(call: Call, source: int, target: int) -> bool:
    sql = "SELECT 1 FROM following WHERE source = ? AND target = ? AND status = 'follows'"
    return call.platform.store.row(sql, source, target) is not None
