"""A tour of the API: the generated client calls every operation, and every exchange is recorded.

python examples/tour.py BASE_URL TOKEN RECORDING.jsonl
"""

import json
import sys
from pathlib import Path
from typing import IO

import httpx

from instagram_client import AuthenticatedClient
from instagram_client.api.comments import create_comment, delete_comment, list_comments
from instagram_client.api.geographies import list_geography_recent_media
from instagram_client.api.likes import like_media, list_likes, unlike_media
from instagram_client.api.locations import get_location, list_location_recent_media, search_locations
from instagram_client.api.media import get_media, get_media_by_shortcode, list_popular_media, search_media
from instagram_client.api.relationships import (
    get_relationship,
    list_followed_by,
    list_follows,
    list_requested_by,
    update_relationship,
)
from instagram_client.api.tags import get_tag, list_tag_recent_media, search_tags
from instagram_client.api.users import (
    get_feed,
    get_user,
    list_liked_media,
    list_user_recent_media,
    search_users,
)
from instagram_client.models import CommentForm, CommentListEnvelope, RelationshipForm

MEDIA, FRIEND = "1127838097061452801_1001", "1002"


class Recorder(httpx.BaseTransport):
    """Sends requests, and writes each with its answer as a line of JSON (docs/recordings.md)."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._transport = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
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
        return httpx.Response(response.status_code, headers=response.headers, content=body)


def tour(client: AuthenticatedClient) -> None:
    """Calls each of the 27 operations at least once."""
    get_user.sync_detailed("self", client=client)
    search_users.sync_detailed(client=client, q="bela")
    list_user_recent_media.sync_detailed("self", client=client, count=5)
    get_feed.sync_detailed(client=client, count=5)
    list_liked_media.sync_detailed(client=client, count=5)

    get_media.sync_detailed(MEDIA, client=client)
    get_media_by_shortcode.sync_detailed("-m4sYTgBwB", client=client)
    list_popular_media.sync_detailed(client=client)
    search_media.sync_detailed(client=client, lat=48.8584, lng=2.2945, distance=5000)

    create_comment.sync_detailed(MEDIA, client=client, body=CommentForm(text="Lovely light"))
    create_comment.sync_detailed(MEDIA, client=client, body=CommentForm(text="LOVELY LIGHT"))
    listed = list_comments.sync(MEDIA, client=client)
    if isinstance(listed, CommentListEnvelope):
        delete_comment.sync_detailed(MEDIA, listed.data[-1].id, client=client)
    like_media.sync_detailed(MEDIA, client=client)
    list_likes.sync_detailed(MEDIA, client=client)
    unlike_media.sync_detailed(MEDIA, client=client)

    search_tags.sync_detailed(client=client, q="snow")
    get_tag.sync_detailed("snow", client=client)
    list_tag_recent_media.sync_detailed("snow", client=client, count=5)
    search_locations.sync_detailed(client=client, lat=48.8584, lng=2.2945)
    get_location.sync_detailed("301", client=client)
    list_location_recent_media.sync_detailed("301", client=client)
    list_geography_recent_media.sync_detailed("501", client=client, count=5)

    get_relationship.sync_detailed(FRIEND, client=client)
    update_relationship.sync_detailed(FRIEND, client=client, body=RelationshipForm(action="follow"))
    list_follows.sync_detailed("self", client=client)
    list_followed_by.sync_detailed("self", client=client)
    list_requested_by.sync_detailed(client=client)
    get_user.sync_detailed("1", client=client)


def main() -> None:
    base_url, token, recording = sys.argv[1:]
    with Path(recording).open("w", encoding="utf-8") as file:
        arguments = {"transport": Recorder(file), "params": {"access_token": token}}
        tour(AuthenticatedClient(base_url=base_url, token=token, httpx_args=arguments))


if __name__ == "__main__":
    main()
