"""An exchange without its secrets: each has a pseudonym instead, and what cannot be searched is left out."""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from wirecheck.masking.names import Names
from wirecheck.masking.shapes import is_words
from wirecheck.model import Exchange, Headers
from wirecheck.redact.in_place import in_header, in_text
from wirecheck.redact.pseudonyms import Pseudonyms, SecretKeys, key
from wirecheck.redact.rewriting import Remains, TextRewriter, decoded, encoded

_AUTHORITY = re.compile(r"((?:[A-Za-z][A-Za-z0-9+.-]*+:)?//)((?:[^/?#]*@)?)([^/?#]*)")
_BASIC = re.compile(r"(basic[ \t]+)([A-Za-z0-9+/_-]+)(=*[ \t]*)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CREDENTIALS = ("authorization", "proxy-authorization")
_FORM = "application/x-www-form-urlencoded"


def without_secrets(
    exchange: Exchange, names: Names, secrets: Iterable[str], pseudonyms: Pseudonyms
) -> Exchange | None:
    """The exchange with pseudonyms in the place of the secrets found in it, and without binary bodies.

    None where a secret would remain.
    """
    basic = set(_basic(exchange))
    host = authority[3].lower() if (authority := _AUTHORITY.match(exchange.url)) else ""
    secrets = [secret for secret in secrets if secret not in basic and key(secret) not in host]
    secrets = list(_not_encoded(secrets))
    try:
        messages = _Messages(names, TextRewriter(pseudonyms, secrets))
        redacted = replace(
            exchange,
            url=messages.url(exchange.url),
            request_headers=messages.headers(exchange.request_headers),
            request_body=messages.body(exchange.request_body, exchange.request_headers),
            response_headers=messages.headers(exchange.response_headers),
            response_body=messages.body(exchange.response_body, exchange.response_headers),
        )
    except Remains:
        return None
    for secret in secrets:
        if not is_words(secret):
            pseudonyms.remember(key(secret))
    return None if any(secret in text for text in _texts(redacted) for secret in basic) else redacted


class _Messages:
    """Rewrites the parts of messages."""

    def __init__(self, names: Names, rewriter: TextRewriter) -> None:
        self._names = names
        self._rewriter = rewriter

    def url(self, url: str) -> str:
        """The URL; its host stays."""
        authority = _AUTHORITY.match(url)
        scheme, userinfo, host = authority.groups() if authority else ("", "", "")
        rest = url[len(scheme) + len(userinfo) + len(host) :]
        return f"{scheme}{self._userinfo(userinfo)}{host}{self._text(rest, is_form=True)}"

    def _userinfo(self, userinfo: str) -> str:
        """A password, or a token in the place of a user."""
        user, colon, password = userinfo.removesuffix("@").partition(":")
        start = len(user) + 1 if colon and password else 0
        end = len(userinfo.removesuffix("@"))
        return self._rewriter.text(userinfo, [(start, end)] if end else (), is_form=True)

    def headers(self, headers: Headers) -> Headers:
        return tuple((name, self._header(name, value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        if name in _CREDENTIALS and (credentials := _credentials(value)):
            scheme, before, after, pair = credentials
            return f"{scheme}{encoded(before, self._userinfo(pair))}{after}"
        return self._rewriter.text(value, in_header(name, value, self._names))

    def body(self, body: bytes | None, headers: Headers) -> bytes | None:
        """The body; None for a binary one, in which no secret can be found."""
        if not body:
            return body
        text = body.decode("utf-8", "surrogateescape")
        if _CONTROL.search(text):
            return None
        is_form = any(name == "content-type" and _FORM in value.lower() for name, value in headers)
        return self._text(text, is_form=is_form).encode("utf-8", "surrogateescape")

    def _text(self, text: str, *, is_form: bool) -> str:
        return self._rewriter.text(text, in_text(text, self._names), is_form=is_form)


def _credentials(value: str) -> tuple[str, str, str, str] | None:
    """Basic credentials (RFC 7617): what is before base64, that, what follows, and ``user:password``."""
    match = _BASIC.fullmatch(value)
    pair = decoded(match[2]) if match else None
    return (match[1], match[2], match[3], pair) if match and pair and ":" in pair else None


def _basic(exchange: Exchange) -> Iterator[str]:
    """Basic credentials in base64: secrets, of which only the password is replaced."""
    for name, value in (*exchange.request_headers, *exchange.response_headers):
        if name in _CREDENTIALS and (credentials := _credentials(value)):
            _, before, after, _ = credentials
            yield before
            yield f"{before}{after.strip()}"


def _not_encoded(secrets: list[str]) -> Iterator[str]:
    """The secrets, but not those in base64 that encode another one, which is replaced within them."""
    keys = SecretKeys()
    for secret in secrets:
        keys.add(key(secret))
    for secret in secrets:
        text = decoded(secret)
        if text is None or next(keys.hits(text.lower()), None) is None:
            yield secret


def _texts(exchange: Exchange) -> Iterator[str]:
    yield exchange.url
    for headers in (exchange.request_headers, exchange.response_headers):
        yield from (value for _, value in headers)
    for body in (exchange.request_body, exchange.response_body):
        yield (body or b"").decode("utf-8", "replace")
