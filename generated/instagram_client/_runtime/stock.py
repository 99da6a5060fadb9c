"""A message from what a function of the generator returns, until messages are built without it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import httpx2

from .endpoints import Endpoint, Message
from .unset import UNSET


def message(endpoint: Endpoint, arguments: Mapping[str, Any]) -> Message:
    """The message for arguments of ``build_request``."""
    headers = [
        (name, value) for name, value in arguments.get("headers", {}).items() if value is not UNSET
    ]
    if cookies := arguments.get("cookies"):
        headers.append(("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items())))
    form = _form(arguments.get("data"), endpoint.form_fields)
    request = httpx2.Request(
        arguments["method"],
        "http://localhost/",
        headers=headers,
        content=form.encode() if form else arguments.get("content"),
        files=arguments.get("files"),
        json=arguments.get("json"),
    )
    sent = [
        (name, request.headers[name])
        for name in ("Content-Type",)
        if name in request.headers and request.read()
    ]
    others = [(name, str(value)) for name, value in headers if name.lower() != "content-type"]
    return Message(
        arguments["method"],
        arguments["url"],
        tuple(_query(arguments.get("params", {}))),
        (*others, *sent),
        request.read() or None,
    )


def _form(data: Mapping[str, Any] | None, filled: Collection[str]) -> str:
    fields = {name: value for name, value in (data or {}).items() if name not in filled}
    return urlencode({name: _text(value) for name, value in fields.items()}, doseq=True)


def _query(parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in parameters.items():
        for item in value if isinstance(value, list | tuple) else [value]:
            yield quote(name, safe=""), quote(_text(item), safe="")


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value if isinstance(value, list) else str(value)
