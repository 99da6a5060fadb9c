"""Requests to callbacks of subscriptions: challenges, and signed notices (docs/sources.md, section 13)."""

import asyncio
import hashlib
import hmac
import http.client
import ipaddress
import json
import re
import socket
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from weakref import WeakKeyDictionary

from instagram_server.config import Era
from instagram_server.endpoints.places import distance
from instagram_server.platform import Platform

SECONDS = 5.0
"""The timeout of a callback."""

_USER_AGENT = "Python-urllib/2.7"
_LARGEST_RESPONSE = 1 << 10  # bytes of a response that are read
_URL = re.compile(r"https?://[!-~]{1,2040}")
_SAFE = "/%:=&?~+!$,;'()*@[]"  # characters of a request target that are not encoded


@dataclass(frozen=True, slots=True)
class _Destination:
    client: str
    callback_url: str


class _Outbox:
    """Changes to send, by destination: while one request is in flight, more changes gather."""

    def __init__(self) -> None:
        self.waiting: defaultdict[_Destination, list[dict[str, Any]]] = defaultdict(list)
        self.tasks: set[asyncio.Task[None]] = set()
        self.busy: set[_Destination] = set()


_outboxes: WeakKeyDictionary[Platform, _Outbox] = WeakKeyDictionary()


def sign(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature."""
    return hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


def encode(changes: list[dict[str, Any]]) -> bytes:
    return json.dumps(changes, separators=(",", ":")).encode()


def changed(platform: Platform, media: int) -> None:
    """Notify subscribers of a new media object, in the background, with one attempt each.

    Needs a running event loop.
    """
    outbox = _outboxes.setdefault(platform, _Outbox())
    for subscription, change in _changes(platform, media):
        destination = _Destination(subscription["client"], subscription["callback_url"])
        outbox.waiting[destination].append(change)
        if destination not in outbox.busy:
            outbox.busy.add(destination)
            task = asyncio.get_running_loop().create_task(_deliver(platform, outbox, destination))
            outbox.tasks.add(task)
            task.add_done_callback(outbox.tasks.discard)


async def settled(platform: Platform) -> None:
    """Wait until every notification is delivered or dropped."""
    outbox = _outboxes.get(platform)
    while outbox is not None and outbox.tasks:
        await asyncio.wait(outbox.tasks)


async def _deliver(platform: Platform, outbox: _Outbox, destination: _Destination) -> None:
    try:
        while changes := outbox.waiting.pop(destination, []):
            secret = platform.store.value("SELECT secret FROM client WHERE id = ?", destination.client)
            body = encode(changes)
            headers = {"Content-Type": "application/json", "X-Hub-Signature": sign(secret, body)}
            await call(platform, "POST", destination.callback_url, body, headers)
    finally:
        outbox.busy.discard(destination)


def _changes(platform: Platform, number: int) -> Iterator[tuple[sqlite3.Row, dict[str, Any]]]:
    """The subscriptions that match a media object, each with its change."""
    store, era = platform.store, platform.settings.era
    media = store.row(
        "SELECT m.*, u.is_private FROM media AS m JOIN user AS u ON u.id = m.owner WHERE m.id = ?", number
    )
    if media is None or era >= Era.APRIL_2018:
        return
    tags = {row["tag"] for row in store.rows("SELECT tag FROM tagging WHERE media = ?", number)}
    candidates = """SELECT s.*,
        EXISTS (SELECT 1 FROM token AS t WHERE t.client = s.client AND t.user = ? AND NOT t.revoked)
            AS authorized
        FROM subscription AS s JOIN client AS c ON c.id = s.client
        WHERE NOT c.sandbox
           OR EXISTS (SELECT 1 FROM sandbox_user WHERE client = c.id AND user = ?)
        ORDER BY s.id"""
    for row in store.rows(candidates, media["owner"], media["owner"]):
        of_user = row["object"] == "user"
        public = era is Era.NOVEMBER_2015 and not media["is_private"]
        if not (row["authorized"] if of_user else public and _matches(row, media, tags)):
            continue
        yield (
            row,
            {
                "changed_aspect": "media",
                "object": row["object"],
                "object_id": str(media["owner"]) if of_user else row["object_id"],
                "time": platform.now(),
                "subscription_id": 0 if of_user else row["id"],  # recordings have 0 for users
                "data": {"media_id": f"{number}_{media['owner']}"} if of_user else {},
            },
        )


def _matches(subscription: sqlite3.Row, media: sqlite3.Row, tags: set[str]) -> bool:
    match subscription["object"]:
        case "tag":
            return str(subscription["object_id"]) in tags
        case "location":
            return bool(subscription["object_id"] == str(media["location"]))
        case _:
            if media["latitude"] is None:
                return False
            centre = (subscription["latitude"], subscription["longitude"])
            metres = distance(*centre, media["latitude"], media["longitude"])
            return bool(metres <= subscription["radius"])


async def challenge(platform: Platform, url: str, expected: str, verify_token: str) -> str | None:
    """The reason why a callback fails verification, or None; its body must be ``expected``."""
    hub = {"hub.mode": "subscribe", "hub.challenge": expected, "hub.verify_token": verify_token}
    bare = url.partition("#")[0]
    response = await call(platform, "GET", f"{bare}{'&' if '?' in bare else '?'}{urlencode(hub)}")
    if response is None:
        return f'Unable to reach callback URL["{url}"].'
    status, body = response
    if status != 200:
        return "Invalid response"
    return None if body == expected.encode() else "Challenge verification failed."


async def call(
    platform: Platform, method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes] | None:
    """The status and first bytes of a callback's response; None if it cannot or must not be reached.

    Redirects are not followed, proxies are not used.
    """
    if not _URL.fullmatch(url):
        return None
    sockets: list[socket.socket] = []
    try:
        parts = urlsplit(url)
        host, secure = parts.hostname, parts.scheme == "https"
        if not host or not (platform.settings.anywhere or _is_loopback(host)):
            return None
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(host, parts.port or (443 if secure else 80), timeout=SECONDS)
        target = quote(f"{parts.path or '/'}?{parts.query}".removesuffix("?"), safe=_SAFE)
        sent = {"User-Agent": _USER_AGENT, **(headers or {})}
        async with asyncio.timeout(SECONDS):
            return await asyncio.to_thread(_exchange, connection, sockets, method, target, body, sent)
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        for connected in sockets:  # ends a thread that still reads from a slow callback
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)


def _exchange(
    connection: http.client.HTTPConnection,
    sockets: list[socket.socket],
    method: str,
    target: str,
    body: bytes,
    headers: dict[str, str],
) -> tuple[int, bytes]:
    try:
        connection.connect()
        sockets.append(connection.sock)
        connection.request(method, target, body or None, headers)
        response = connection.getresponse()
        return response.status, response.read(_LARGEST_RESPONSE)
    finally:
        connection.close()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
