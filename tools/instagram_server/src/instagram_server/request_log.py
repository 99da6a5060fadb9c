"""One line for each request, without secrets."""

import re
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, unquote, unquote_plus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

REDACTED = "[redacted]"
LONGEST_LINE = 2000
"""Characters of a line; the rest of a longer request target is cut off."""

_SECRET = (
    "(?:token|secret|password|(?<![a-z])(?:code|seal|sig|signature|authorization|cookie|challenge)(?![a-z]))"
)
_SECRET_NAME = re.compile(f"(?i){_SECRET}")
_ASSIGNMENT = re.compile(rf"(?i)({_SECRET}[\]\"']{{0,3}}\s{{0,3}}[=:]\s{{0,3}})[^&]+")
# Tokens, codes, secrets and signatures have 32 hex digits or more; tokens begin with user and app.
_CREDENTIAL = re.compile(r"(?i)(?:[0-9]+\.[0-9a-f]*\.)?[0-9a-f]{32,}")
_MOST_DECODINGS = 10


class RequestLog:
    """An ASGI application around another one; ``write`` gets a line for each HTTP request.

    A line has the method, the path, the decoded query, the status and the milliseconds until the
    response was sent. Headers and bodies are never read. Values of parameters that carry secrets,
    and whatever looks like a credential, are redacted, however often they are percent-encoded.
    """

    def __init__(self, app: ASGIApp, write: Callable[[str], object]) -> None:
        self._app = app
        self._write = write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # what uvicorn sends where the application sends nothing

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = time.perf_counter()
        try:
            await self._app(scope, receive, send_and_note)
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            path = scope.get("raw_path") or scope["path"].encode()
            target = describe(path, scope["query_string"])
            self._write(f"{_printable(scope['method'])} {target} {status} {milliseconds:.1f} ms\n")


def describe(path: bytes, query: bytes) -> str:
    """The target of a request for people: decoded, redacted, without control characters."""
    target = _redact(path.decode("latin-1"), unquote)
    fields = "&".join(_fields(query.decode("latin-1")))
    text = _printable(f"{target}?{fields}" if fields else target)
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"


def _fields(query: str) -> Iterator[str]:
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace"):
        is_secret = value and _SECRET_NAME.search(_decoded(name, unquote_plus) or "token")
        shown = REDACTED if is_secret else _redact(value, unquote_plus)
        yield f"{_redact(name, unquote_plus)}={shown}"


def _redact(text: str, decode: Callable[[str], str]) -> str:
    """The text decoded once, or where it has a secret at any depth, decoded to there and redacted."""
    decoded = _decoded(text, decode)
    if decoded is None:
        return REDACTED
    redacted = _CREDENTIAL.sub(REDACTED, _ASSIGNMENT.sub(rf"\1{REDACTED}", decoded))
    return decode(text) if redacted == decoded else redacted


def _decoded(text: str, decode: Callable[[str], str]) -> str | None:
    """The text without any percent-encoding, None if it was encoded too often to tell."""
    for _ in range(_MOST_DECODINGS):
        decoded = decode(text)
        if decoded == text:
            return text
        text = decoded
    return None


def _printable(text: str) -> str:
    """Control characters and those that turn the direction of text are written as escapes."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
