"""Whether a webhook payload comes from the server (x-signature of a webhook)."""

from __future__ import annotations

import hmac
import json
from typing import Any

from .errors import WebhookSignatureError


def verified(
    body: bytes, signature: str | None, secret: str, *, algorithm: str, prefix: str
) -> Any:
    """The JSON of a payload whose signature is right; signatures are compared in constant time.

    Raises WebhookSignatureError; ValueError when a signed body is not JSON.
    """
    expected = prefix + hmac.new(secret.encode(), body, algorithm).hexdigest()
    if signature is None:
        raise WebhookSignatureError("the payload is not signed")
    if not hmac.compare_digest(expected.encode(), signature.strip().encode(errors="surrogatepass")):
        raise WebhookSignatureError("the signature does not match this payload and secret")
    return json.loads(body)
