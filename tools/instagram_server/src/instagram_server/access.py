"""Tokens, signatures, and the visibility of users and media (docs/sources.md, sections 8, 9, 12)."""

import hashlib
import hmac
import sqlite3
from collections.abc import Mapping
from typing import Any

from instagram_server import errors, ids
from instagram_server.call import Call, Token
from instagram_server.platform import Platform

_SANDBOX_MEDIA = 20  # an app in sandbox mode sees only the newest of each user


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
    """The error for a request without a token; before 2015-11-17 a client_id was enough to read."""
    if client is None:
        return errors.missing_token()
    exists = platform.store.row("SELECT 1 FROM client WHERE id = ?", client)
    return errors.invalid_token() if exists else errors.invalid_client()


def check_signature(secret: str, path: str, parameters: Mapping[str, str]) -> None:
    """Raises ApiError unless ``sig`` signs the path, with or without a suffix, and the parameters."""
    signature = parameters.get("sig")
    if signature is None:
        raise errors.signature("Missing required parameter 'sig'")
    bare = path.rstrip("/")
    candidates = {bare, bare.removesuffix(".json")}
    signed = (sign(secret, candidate, parameters) for candidate in candidates)
    if not any(hmac.compare_digest(signature.encode(), expected) for expected in signed):
        raise errors.signature("Signature does not match")


def sign(secret: str, path: str, parameters: Mapping[str, str]) -> bytes:
    """The signature in lower-case hex; the path has no version and no trailing slash."""
    signed = "".join(f"|{name}={parameters[name]}" for name in sorted(parameters) if name != "sig")
    return hmac.new(secret.encode(), f"{path}{signed}".encode(), hashlib.sha256).hexdigest().encode()


def visible(call: Call) -> tuple[str, list[Any]]:
    """An SQL condition on media (as m) and owners (as u), true for what the viewer may see."""
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
    """The user in the path, if it exists for the viewer; `self` is the viewer."""
    text = call.values[name]
    number = call.viewer if text == "self" else ids.number(text)
    row = None if number is None else call.platform.store.row("SELECT * FROM user WHERE id = ?", number)
    if row is None or not exists_for(call, row["id"]):
        raise errors.unknown_user()
    return row


def open_user(call: Call, name: str = "user_id") -> sqlite3.Row:
    """The user in the path, if the viewer may see its posts."""
    row = user(call, name)
    if row["id"] != call.viewer:
        call.require("public_content")
        look(call, row)
    else:
        call.require("basic")
    return row


def media(call: Call, number: int | None, owner: int | None = None) -> sqlite3.Row:
    """A media object that the viewer may see; ``owner``, unless None, must be its owner."""
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
        if number not in {
            row["id"] for row in call.platform.store.rows(newest, row["owner"], _SANDBOX_MEDIA)
        }:
            raise errors.unknown_media()
    return row


def media_of_path(call: Call) -> sqlite3.Row:
    """The media object in the path, whose id may include the owner's id."""
    number, underscore, owner = call.values["media_id"].partition("_")
    if underscore and ids.number(owner) is None:
        raise errors.unknown_media()
    return media(call, ids.number(number), ids.number(owner) if underscore else None)


def readable_media(call: Call, row: sqlite3.Row) -> sqlite3.Row:
    """The same row, if the scope suffices: `basic` for the viewer's own media, else `public_content`."""
    call.require("basic" if row["owner"] == call.viewer else "public_content")
    return row


def exists_for(call: Call, number: int) -> bool:
    """Whether a user exists for the viewer, that is, neither blocks it nor is outside of the sandbox."""
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
    """An SQL condition on a column of user ids, true for the users that exist for the app."""
    if not call.token.client["sandbox"]:
        return "1", []
    return f"{column} IN (SELECT user FROM sandbox_user WHERE client = ?)", [call.token.client["id"]]


def look(call: Call, holder: sqlite3.Row) -> None:
    """Raises ApiError unless the viewer may see the posts of another user."""
    if holder["is_age_gated"]:
        raise errors.age_gated()
    if holder["is_private"] and not follows(call, call.viewer, holder["id"]):
        raise errors.hidden()


def follows(call: Call, source: int, target: int) -> bool:
    sql = "SELECT 1 FROM following WHERE source = ? AND target = ? AND status = 'follows'"
    return call.platform.store.row(sql, source, target) is not None
