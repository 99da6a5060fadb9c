"""Credentials that no output of the client may contain."""

from typing import Any
from urllib.parse import parse_qsl

import httpx
import httpx2

TOKEN = "7001.5ecre7a.feedc0de11112222333344445555feed"
SECRET = "badc0ffee0ddf00d0123456789abcdef"
CREDENTIALS = {"access_token": TOKEN, "client_id": "c11e47", "client_secret": SECRET}


def exchange_code(client: Any) -> Any:
    return client.oauth.exchange_code(redirect_uri="https://app.test/", code="0c0de0")


def signatures(request: httpx.Request | httpx2.Request) -> list[str]:
    """The signatures in the query and the form of a request."""
    fields = [*request.url.params.multi_items(), *parse_qsl(request.content.decode())]
    return [value for name, value in fields if name == "sig"]
