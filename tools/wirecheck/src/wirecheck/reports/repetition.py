"""The request of an exchange as a command that repeats it, with variables in place of its secrets."""

import re
from typing import Any

from wirecheck.curl import curl, placeholder, to_set
from wirecheck.decode import FORM, UndecodableError, essence, header_values, json_value, query_pairs
from wirecheck.model import Exchange, LimitError
from wirecheck.redact import MASK, Masked, encodable
from wirecheck.reports.bodies import shown_text

_LARGEST = 4096  # bytes of a body that is a part of the command
_LONGEST = 2000  # characters of a URL, or of a header
_MASKED = re.compile(
    rf"""(?:([\w.-]{{1,60}})(?:\]|%5D)?(?:=|%3D|["']\s*:\s*["']?))?{re.escape(MASK)}""",
    re.ASCII | re.IGNORECASE,
)
_LEFT_OUT = re.compile(r":|sec-|(?:content-encoding|priority|te|upgrade-insecure-requests)$")


def command(exchange: Exchange, masked: Masked) -> str:
    """Lines for bash: what to set, and the request by curl. A body that is large or binary is in a file."""
    url, _, query = exchange.url.partition("#")[0].partition("?")
    if query:
        url = f"{url}?{_pairs(query, masked)}"
    url = _with_variables(_shortened(masked.text(url)))
    headers = [
        (name.encode("latin-1", "replace"), _header(name, value).encode())
        for name, value in masked.headers(exchange.request_headers)
        if not _LEFT_OUT.match(name)
    ]
    body = exchange.request_body or b""
    text = _body(exchange, masked) if len(body) <= _LARGEST else None
    line = curl(encodable(exchange.method), encodable(url), headers, (text or "").encode("utf-8", "replace"))
    if text is None:
        line = f"{line} --data-binary @body  # a file of {len(body):,} bytes"
    return "\n".join([*to_set([line]), line])


def _header(name: str, value: str) -> str:
    value = encodable(_shortened(value))
    if name in ("authorization", "proxy-authorization"):
        return value.replace(MASK, placeholder("credentials" if value.startswith("Basic ") else "token"))
    return _with_variables(value, "cookie_" if name == "cookie" else "", name)


def _body(exchange: Exchange, masked: Masked) -> str | None:
    """The body of the request; as it was, where it has no secrets. None where it is no text."""
    body = exchange.request_body or b""
    text = shown_text(body, masked)
    if text is None:
        return None
    if FORM in map(essence, header_values(exchange.request_headers, "content-type")):
        text = masked.text(_pairs(body.decode(), masked))
    elif text.lstrip()[:1] in ("{", "["):
        try:
            written = masked.text(_json(json_value(body), (), masked))
        except (UndecodableError, LimitError):
            written = ""
        except RecursionError:
            return None
        text = written if MASK in written else text
    return _with_variables(text) if MASK in text else body.decode()


def _pairs(text: str, masked: Masked) -> str:
    """A query or a form whose secret values are masked."""
    parts = [part for part in text.split("&") if part]
    shown = []
    for part, (name, value) in zip(parts, query_pairs("&".join(parts)), strict=True):
        is_shown = not masked.is_secret(value, ("query", name)) and masked.text(value) == value
        shown.append(part if is_shown else f"{part.partition('=')[0]}={MASK}")
    return "&".join(shown)


def _json(value: Any, path: tuple[str | int, ...], masked: Masked) -> str:
    if isinstance(value, dict):
        members = (f"{masked.json(key)}: {_json(each, (*path, key), masked)}" for key, each in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_json(item, (*path, index), masked) for index, item in enumerate(value))}]"
    if masked.is_secret(value, path):
        return f'"{MASK}"' if isinstance(value, str) else MASK
    return masked.json(value)


def _with_variables(text: str, prefix: str = "", name: str = "") -> str:
    """A text with a variable for each mask, called as what is before the mask, or by ``name``."""

    def variable(match: re.Match[str]) -> str:
        called = match[1] or name or "secret"
        called = f"{prefix}{called}" if not called[0].isdigit() else f"secret_{called}"
        return f"{match[0].removesuffix(MASK)}{placeholder(called)}"

    return _MASKED.sub(variable, text)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
