"""A tour of the API: the client calls every operation, and every exchange is recorded.

python examples/tour.py BASE_URL TOKEN RECORDING.jsonl
"""

import json
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

import httpx2

from instagram_client import Instagram, InstagramError

MEDIA, FRIEND = "1127838097061452801_1001", "1002"


class Recorder(httpx2.BaseTransport):
    """Sends requests, and writes each with its response as a line of JSON (docs/recordings.md)."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._transport = httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._transport.handle_request(request)
        body = response.read()
        sent = {"method": request.method, "url": str(request.url), "headers": request.headers.multi_items()}
        line = {
            "request": sent | {"body": request.read().decode()},
            "status": response.status_code,
            "headers": response.headers.multi_items(),
            "body": body.decode(),
        }
        self._file.write(json.dumps(line) + "\n")
        return httpx2.Response(response.status_code, headers=response.headers, content=body)

    def close(self) -> None:
        self._transport.close()


STEPS: list[Callable[[Instagram], object]] = [
    lambda client: client.users.get("self"),
    lambda client: client.users.get("1"),  # does not exist
    lambda client: client.users.search(q="bela"),
    lambda client: client.users.recent_media("self", count=5).next_page(),
    lambda client: client.users.liked_media(count=5),
    lambda client: client.users.feed(count=5),
    lambda client: client.media.get(MEDIA),
    lambda client: client.media.get_by_shortcode("-m4sYTgBwB"),
    lambda client: client.media.search(lat=48.8584, lng=2.2945, distance=5000),
    lambda client: client.media.popular(),
    lambda client: client.comments.create(MEDIA, text="Lovely light"),
    lambda client: client.comments.create(MEDIA, text="LOVELY LIGHT"),  # violates a rule, so nothing is sent
    lambda client: client.comments.delete(MEDIA, client.comments.list(MEDIA).data[-1].id),
    lambda client: client.likes.create(MEDIA),
    lambda client: client.likes.list(MEDIA),
    lambda client: client.likes.delete(MEDIA),
    lambda client: client.tags.search(q="snow"),
    lambda client: client.tags.get("snow"),
    lambda client: client.tags.recent_media("snow", count=5),
    lambda client: client.locations.search(lat=48.8584, lng=2.2945),
    lambda client: client.locations.get("301"),
    lambda client: client.locations.recent_media("301"),
    lambda client: client.geographies.recent_media("501", count=5),
    lambda client: client.relationships.get(FRIEND),
    lambda client: client.relationships.update(FRIEND, action="follow"),
    lambda client: client.relationships.follows("self"),
    lambda client: client.relationships.followed_by("self"),
    lambda client: client.relationships.requested_by(),
]


def tour(client: Instagram) -> None:
    """Call each of the 27 operations. An error does not end the tour; the recording contains it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # three were removed for new apps
        for step in STEPS:
            with suppress(InstagramError):
                step(client)


def record(base_url: str, token: str, recording: Path) -> None:
    """Record a tour. The recorder is below the client, where requests carry the token."""
    with (
        recording.open("w", encoding="utf-8") as file,
        Instagram(access_token=token, base_url=base_url, transport=Recorder(file)) as client,
    ):
        tour(client)


if __name__ == "__main__":
    record(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
