"""Exchanges that are written as HTTP is, for examples that people read."""

import re
from textwrap import dedent

from wirecheck.model import Exchange, Headers


def exchange(text: str) -> Exchange:
    """Reads a request and its response: a first line, headers, and perhaps a body after a blank line."""
    request, status, response = re.split(
        r"^HTTP/1\.1 (\d{3}).*\n", dedent(text), maxsplit=1, flags=re.MULTILINE
    )
    first, _, rest = request.partition("\n")
    method, target, _ = first.split(" ")
    request_headers, request_body = _message(rest)
    response_headers, response_body = _message(response)
    return Exchange(
        source="example",
        entry=0,
        method=method,
        url=f"https://api.example.test{target}",
        status=int(status),
        request_headers=request_headers,
        request_body=request_body,
        response_headers=response_headers,
        response_body=response_body,
    )


def _message(text: str) -> tuple[Headers, bytes]:
    head, _, body = f"{text}\n".partition("\n\n") if not text.startswith("\n") else ("", "", text[1:])
    pairs = (line.partition(": ") for line in head.splitlines())
    return tuple((name.lower(), value) for name, _, value in pairs), body.strip().encode()
