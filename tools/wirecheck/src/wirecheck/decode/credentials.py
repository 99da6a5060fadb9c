"""What a request has of the security schemes of its operation."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from wirecheck.decode.media_types import header_values
from wirecheck.decode.sent import cookies, recorded
from wirecheck.encode.styles import Pairs
from wirecheck.model import Exchange
from wirecheck.spec import Document, SecurityScheme, join

OAUTH = frozenset({"oauth2", "openIdConnect"})
"""The kinds of schemes whose token may also stand in the query or in a form (RFC 6750, 2.2 and 2.3)."""


class SentCredential(Struct, frozen=True):
    """What a request has of a security scheme.

    ``is_present`` is also true where the credential may stand in a part that was not recorded.
    """

    scheme: SecurityScheme
    texts: tuple[str, ...]
    is_present: bool


class CredentialReader:
    """Finds credentials in the headers, the query and, by ``fields``, the form of one request."""

    def __init__(
        self, document: Document, exchange: Exchange, query: Pairs, fields: Callable[[], Pairs]
    ) -> None:
        self._document, self._exchange, self._query, self._fields = document, exchange, query, fields
        self._headers = exchange.request_headers

    def read(self, scheme: SecurityScheme) -> SentCredential:
        """What the request has of a scheme."""
        return SentCredential(scheme, tuple(filter(None, self._texts(scheme))), self._is_present(scheme))

    def _texts(self, scheme: SecurityScheme) -> Iterator[str]:
        if scheme.kind != "apiKey":
            for value in header_values(self._headers, "authorization"):
                kind, _, credentials = value.partition(" ")
                if scheme.kind != "http" or kind.lower() == scheme.scheme:
                    yield credentials.strip()
        elif scheme.location == "query":
            pairs = [*self._query, *(self._fields() if self._goes_in_form(scheme) else ())]
            yield from (value for name, value in pairs if name == scheme.parameter)
        elif scheme.location == "header":
            yield from header_values(self._headers, scheme.parameter)
        elif scheme.location == "cookie":
            yield from (value for name, value in cookies(self._headers) if name == scheme.parameter)

    def _is_present(self, scheme: SecurityScheme) -> bool:
        """Whether the request has the credentials of a scheme, or too little of it was recorded to say."""
        if scheme.kind == "apiKey" and scheme.location == "query":
            return self._in_query(scheme.parameter) or (
                self._goes_in_form(scheme) and self._maybe_in_form(scheme.parameter)
            )
        if scheme.kind in OAUTH and (self._in_query("access_token") or self._maybe_in_form("access_token")):
            return True
        if not recorded(self._headers) or scheme.kind == "mutualTLS":
            return True
        if scheme.kind == "apiKey" and scheme.location == "cookie":
            return any(value for name, value in cookies(self._headers) if name == scheme.parameter)
        header = scheme.parameter if scheme.kind == "apiKey" else "authorization"
        return any(header_values(self._headers, header))

    def _in_query(self, field: str) -> bool:
        return any(name == field and value for name, value in self._query)

    def _goes_in_form(self, scheme: SecurityScheme) -> bool:
        pointer = self._document.follow(join("/components/securitySchemes", scheme.name))
        return self._document.get(pointer).get("x-in-form") is True

    def _maybe_in_form(self, field: str) -> bool:
        """Whether the form in the request has a field with a value, or was not recorded."""
        if self._exchange.request_body is None:
            return self._exchange.method.upper() not in ("GET", "HEAD", "DELETE")
        return any(name == field and value for name, value in self._fields())
