"""Webhook payloads: their signatures are verified, then they are parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ._runtime.models import decode
from ._runtime.webhooks import verified

if TYPE_CHECKING:
    from .models import (
        Change,
    )


def media_changed(body: bytes, signature: str | None, *, client_secret: str) -> list[Change]:
    """What the server sends to the callback of a subscription (addition).

    Several changes may come in one request. They carry no media: fetch them with the token
    of `object_id`. Respond at once with 200 and work later.

    Args:
        body: The payload, byte for byte as it was received.
        signature: The header X-Hub-Signature.
        client_secret: The key that the server signs with.

    Raises WebhookSignatureError if the signature is missing or wrong.
    """
    payload = verified(body, signature, client_secret, algorithm="sha1", prefix="")
    return cast("list[Change]", decode("list[Change]", payload))
