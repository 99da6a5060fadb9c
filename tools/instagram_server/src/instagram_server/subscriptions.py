"""The endpoint of subscriptions, and a helper that posts media (docs/sources.md, section 13)."""

import hmac
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from instagram_server import access, errors, ids, notifications, rules, wire
from instagram_server.call import degrees
from instagram_server.config import Era
from instagram_server.errors import ApiError
from instagram_server.platform import Platform

OBJECTS = ("user", "tag", "location", "geography")
_LARGEST_RADIUS = 5000  # metres
_LONGEST_NAME, _LONGEST_VERIFY_TOKEN, _LONGEST_CAPTION = 100, 256, 2200


Handler = Callable[[Platform, sqlite3.Row, Mapping[str, str]], Awaitable[Any]]
"""Returns the data of a response, from the authenticated app and the parameters."""


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that counts requests by app, because there is no token."""

    async def endpoint(request: Request) -> Response:
        platform: Platform = request.app.state.platform
        headers = platform.budget.untouched()
        try:
            parameters = await wire.parameters(request)
            client = _client(platform, parameters)
            platform.budget.spend(client["id"], platform.now(), bool(client["sandbox"]), headers)
            if platform.settings.era >= Era.APRIL_2018:
                raise errors.retired()
            data = await handler(platform, client, parameters)
        except ApiError as error:
            return wire.respond(error.body, error.status, headers)
        callback = parameters.get("callback") if request.method == "GET" else None
        return wire.respond({"meta": {"code": 200}, "data": data}, 200, headers, callback)

    return endpoint


async def list_subscriptions(platform: Platform, client: sqlite3.Row, parameters: Mapping[str, str]) -> Any:
    rows = platform.store.rows("SELECT * FROM subscription WHERE client = ? ORDER BY id", client["id"])
    return [_subscription(row) for row in rows]


async def create_subscription(platform: Platform, client: sqlite3.Row, parameters: Mapping[str, str]) -> Any:
    """Subscribe, after the callback has returned the challenge."""
    if parameters.get("_method", "").upper() == "DELETE":  # for browsers, which send GET and POST only
        return await delete_subscriptions(platform, client, parameters)
    kind = parameters.get("object", "")
    if kind not in OBJECTS:
        raise errors.subscription(f"object must be one of {', '.join(OBJECTS)}.")  # our wording, as below
    if parameters.get("aspect") != "media":
        raise errors.subscription("aspect must be media.")
    if kind != "user" and (not client["legacy"] or platform.settings.era >= Era.JUNE_2016):
        raise errors.retired()
    url = parameters.get("callback_url", "")
    if not url:
        raise errors.subscription("Missing callback_url parameter.")
    topic = _topic(platform, kind, parameters)
    token = parameters.get("verify_token", "")
    if len(token) > _LONGEST_VERIFY_TOKEN:
        raise errors.subscription("verify_token is too long.")
    if error := await notifications.challenge(platform, url, platform.secret(), token):
        raise errors.subscription(error)
    return _subscription(_insert(platform, client["id"], kind, url, topic))


async def delete_subscriptions(platform: Platform, client: sqlite3.Row, parameters: Mapping[str, str]) -> Any:
    kind, text = parameters.get("object"), parameters.get("id")
    if text is not None:
        number = ids.number(text)
        sql = "DELETE FROM subscription WHERE client = ? AND id = ?"
        if number is None or not platform.store.run(sql, client["id"], number):
            raise errors.unknown("subscription id")
    elif kind == "all":
        platform.store.run("DELETE FROM subscription WHERE client = ?", client["id"])
    elif kind in OBJECTS:
        platform.store.run("DELETE FROM subscription WHERE client = ? AND object = ?", client["id"], kind)
    else:
        raise errors.subscription(f"Give an id, or an object: all, {', '.join(OBJECTS)}.")


def _client(platform: Platform, parameters: Mapping[str, str]) -> sqlite3.Row:
    """The authenticated app; raises ApiError unless id, secret and signature are valid."""
    number, secret = parameters.get("client_id"), parameters.get("client_secret")
    if not number:
        message = "Missing client_id or access_token URL parameter."
        raise ApiError(400, "OAuthParameterException", message)
    if not secret:
        raise errors.missing_client_secret()
    client = platform.store.row("SELECT * FROM client WHERE id = ?", number)
    if client is None or not hmac.compare_digest(secret.encode(), client["secret"].encode()):
        raise errors.subscription('Invalid "client_id" and/or "client_secret."')
    if client["signed"]:
        access.check_signature(client["secret"], "/subscriptions", parameters)
    return client


def _topic(platform: Platform, kind: str, parameters: Mapping[str, str]) -> tuple[Any, ...]:
    """The object_id, latitude, longitude and radius of a subscription."""
    name = parameters.get("object_id", "")
    latitude, longitude = degrees(parameters, "lat", 90), degrees(parameters, "lng", 180)
    radius = ids.number(parameters.get("radius", "0"))
    if len(name) > _LONGEST_NAME:
        raise errors.subscription("object_id is too long.")
    if radius is None or radius > _LARGEST_RADIUS:
        raise errors.subscription(f"radius must be at most {_LARGEST_RADIUS}.")
    match kind:
        case "tag":
            if not name:
                raise errors.subscription("object_id must be the name of a tag.")
            return name.lower(), None, None, None
        case "location":
            _location(platform, name)
            return name, None, None, None
        case "geography":
            if latitude is None or longitude is None or "radius" not in parameters:
                raise errors.subscription("lat, lng and radius are needed.")
            return None, latitude, longitude, radius
    return None, None, None, None


def _insert(platform: Platform, client: str, kind: str, url: str, topic: tuple[Any, ...]) -> sqlite3.Row:
    store = platform.store
    with store.transaction():
        store.insert("subscription", [(None, client, kind, topic[0], "media", url, *topic[1:])])
        number = store.value("SELECT last_insert_rowid()")
        if kind == "geography":
            store.run("UPDATE subscription SET object_id = ? WHERE id = ?", str(number), number)
        row = store.row("SELECT * FROM subscription WHERE id = ?", number)
    assert row is not None
    return row


def _location(platform: Platform, text: str) -> sqlite3.Row:
    number = ids.number(text)
    row = number is not None and platform.store.row("SELECT * FROM location WHERE id = ?", number)
    if not row:
        raise errors.unknown("location id")
    return row


def _subscription(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "object": row["object"],
        "object_id": row["object_id"],
        "aspect": row["aspect"],
        "callback_url": row["callback_url"],
        "type": "subscription",
        "id": str(row["id"]),
    }


async def post_media(request: Request) -> Response:
    """Post a new image as the token's owner, so that subscriptions have something to report.

    The API had no uploads; this is not part of it.
    """
    platform: Platform = request.app.state.platform
    parameters = await wire.parameters(request)
    token = access.authenticate(platform, parameters)
    caption = parameters.get("caption") or None
    if len(caption or "") > _LONGEST_CAPTION:
        raise errors.parameter("caption is too long.")
    latitude, longitude = degrees(parameters, "lat", 90), degrees(parameters, "lng", 180)
    if (latitude is None) != (longitude is None):
        raise errors.parameter("lat and lng must be given together.")
    location = None
    if "location_id" in parameters:
        place = _location(platform, parameters["location_id"])
        location, latitude, longitude = place["id"], place["latitude"], place["longitude"]
    platform.budget.spend_post(parameters["access_token"], platform.now())
    store, number = platform.store, platform.new_id()
    created = ids.milliseconds(number) // 1000
    media = (
        number,
        token.user,
        "image",
        created,
        caption,
        "Normal",
        640,
        None,
        location,
        latitude,
        longitude,
    )
    with store.transaction():
        store.insert("media", [media])
        for tag in rules.hashtags(caption or ""):
            newest = store.value("SELECT max(tagged) FROM tagging WHERE tag = ?", tag) or 0
            store.insert("tagging", [(tag, max(platform.microseconds(), newest + 1), number, None)])
    notifications.changed(platform, number)
    return wire.respond({"id": f"{number}_{token.user}"})


_PATHS = tuple(f"/v1/subscriptions{end}" for end in ("", "/", ".json"))
routes = [
    *(Route(path, _endpoint(list_subscriptions), methods=["GET"]) for path in _PATHS),
    *(Route(path, _endpoint(create_subscription), methods=["POST"]) for path in _PATHS),
    *(Route(path, _endpoint(delete_subscriptions), methods=["DELETE"]) for path in _PATHS),
    *(Route(path, wire.method_not_allowed(["GET", "POST", "DELETE"])) for path in _PATHS),
    Route("/demo/media", post_media, methods=["POST"]),
]
