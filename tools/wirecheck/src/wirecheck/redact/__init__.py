"""Masks secrets: it alone knows what is secret, and everything that is shown or written goes through it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from wirecheck.escapes import encodable, printable, printable_json
from wirecheck.masking.names import Names, Strength
from wirecheck.masking.shapes import is_ordinary
from wirecheck.masking.spellings import Index
from wirecheck.masking.texts import is_secret, masked, masked_values
from wirecheck.model import Exchange, Headers
from wirecheck.redact.members import MemberNames
from wirecheck.redact.places import Places, distinct
from wirecheck.spec import Document, Spec
from wirecheck.spec.document import objects, target, tokens

if TYPE_CHECKING:
    from wirecheck.redact.pseudonyms import Pseudonyms

__all__ = [
    "MASK",
    "Masked",
    "Redactor",
    "encodable",
    "is_secret_value",
    "password_names",
    "printable",
    "printable_json",
    "schema_name",
]

MASK = "[redacted]"
_QUOTED = 60  # characters of a value that a message shows
_SHORTEST = 4  # characters of a secret of the session that is masked as a word
_LONG = 8  # characters of a secret of the session that is masked even if it is an ordinary word
_EXCHANGES = 16  # whose secrets are remembered
_TEXTS = 256  # and headers that are remembered
_SHORT_TEXT = 1000  # characters of a text that is remembered
_LONGEST_CHAIN = 8  # references and lists around a password
_SCHEME = re.compile(r"[A-Za-z][\w-]{0,20} ")
_ATTRIBUTE = re.compile(
    r" *(?:(?:Path|Domain|Expires|Max-Age|SameSite|Priority)=[^=]*|Secure|HttpOnly|Partitioned) *",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[A-Z0-9_-]{0,7}")
# The usual endpoints of OAuth 2, and where browsers return to.
_OAUTH = re.compile(
    r"/(?:o?auth2?|authori[sz]e|(?:access_?)?token|(?:oauth2?_?)?callback)(?:/|\.\w{1,8}/?$|$)", re.IGNORECASE
)


class Redactor:
    """Finds secrets by the table of names, extended by ``names``, and by their shapes.

    ``oauth`` are paths of the endpoints of OAuth 2, in addition to those with the usual names. ``with_codes``
    means that any ``code`` may be secret. ``members`` returns names of members that most bodies have.
    """

    def __init__(
        self,
        names: Iterable[str] = (),
        oauth: Iterable[str] = (),
        *,
        with_codes: bool = False,
        members: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self.names = Names((name for name in names if name), with_codes=with_codes)
        self._members = MemberNames(self.names, members)
        self._oauth = tuple(oauth)
        self._remembered_texts = lru_cache(maxsize=_EXCHANGES)(Shown)
        self._remembered_header = lru_cache(maxsize=_TEXTS)(self._header)

    def masked(self, exchange: Exchange) -> "Masked":
        """Masks the secrets of one exchange wherever their values appear; they are looked for when needed."""
        names = self._names_for(exchange)
        return Masked(self, lambda: self._secrets(exchange, names), names)

    def redacted(self, exchange: Exchange) -> Exchange | None:
        """The exchange with a pseudonym in the place of each secret, the same one for as long as this lives.

        Bodies that are not text, in which nothing can be found, become "not recorded". None for an exchange
        in which a secret would remain.
        """
        from wirecheck.redact.redaction import without_secrets

        names = self._names_for(exchange)
        return without_secrets(exchange, names, self._secrets(exchange, names), self._pseudonyms)

    @cached_property
    def _pseudonyms(self) -> "Pseudonyms":
        from wirecheck.redact.pseudonyms import Pseudonyms

        return Pseudonyms()

    def _names_for(self, exchange: Exchange) -> Names:
        return self.names.with_codes if self._is_oauth(exchange) else self.names

    def _secrets(self, exchange: Exchange, names: Names) -> list[str]:
        bodies = (exchange.request_body or b"", exchange.response_body or b"")
        places = Places(names, self._members, len(exchange.url) + sum(map(len, bodies)))
        return distinct(places.in_exchange(exchange, self._in_header))

    def _is_oauth(self, exchange: Exchange) -> bool:
        path, _, query = exchange.url.partition("#")[0].partition("?")
        return (
            _OAUTH.search(path) is not None
            or any(path.rstrip("/").endswith(endpoint) for endpoint in self._oauth)
            or self.names.of(query) is self.names.with_codes
            or b"grant_type" in (exchange.request_body or b"")
        )

    def texts(self, names: Names, secrets: frozenset[str]) -> "Shown":
        """What masks some secrets in texts; many exchanges of a recording have the same few."""
        is_small = sum(map(len, secrets)) <= _SHORT_TEXT
        return self._remembered_texts(names, secrets) if is_small else Shown(names, secrets)

    def _in_header(self, name: str, value: str) -> tuple[str, ...]:
        is_small = len(value) <= _SHORT_TEXT
        return self._remembered_header(name, value) if is_small else self._header(name, value)

    def _header(self, name: str, value: str) -> tuple[str, ...]:
        return tuple(Places(self.names, self._members, len(value)).in_header(name, value))

    @classmethod
    def of(cls, spec: Spec, also: Iterable[str] = ()) -> "Redactor":
        """A redactor that knows the secrets of a document: its security schemes, and `format: password`."""
        schemes = (scheme.parameter for operation in spec.operations for scheme in operation.schemes)
        passwords = set(password_names(spec.document))
        with_codes = "code" in passwords
        names = (*schemes, *(passwords - {"code"}), *also)
        return cls(
            names,
            _oauth_paths(spec.document),
            with_codes=with_codes,
            members=lambda: spec.member_names,
        )


class Shown:
    """Masks some secrets in texts."""

    def __init__(self, names: Names, secrets: Iterable[str]) -> None:
        usable = (secret for secret in secrets if len(secret) >= _SHORTEST and secret != MASK)
        self._index = Index(secret for secret in usable if len(secret) >= _LONG or not is_ordinary(secret))
        self._names = names

    def text(self, text: str) -> str:
        """The text with every secret masked."""
        mask = _remembered_text if len(text) <= _SHORT_TEXT else masked
        return mask(text, self._names, self._index, MASK)

    def pointer(self, text: str) -> str:
        """The text with the secrets masked that are known, or have a well-known shape."""
        mask = _remembered_pointer if len(text) <= _SHORT_TEXT else masked_values
        return mask(text, self._index, MASK)


_remembered_text = lru_cache(maxsize=_TEXTS)(masked)
_remembered_pointer = lru_cache(maxsize=_TEXTS)(masked_values)


class Masked:
    """Shows texts and values of one exchange without its secrets."""

    def __init__(
        self,
        redactor: Redactor,
        secrets: Iterable[str] | Callable[[], Iterable[str]],
        names: Names | None = None,
    ) -> None:
        self._redactor = redactor
        self._secrets = secrets
        self._names = names or redactor.names

    @cached_property
    def _texts(self) -> Shown:
        secrets = self._secrets() if callable(self._secrets) else self._secrets
        return self._redactor.texts(self._names, frozenset(secrets))

    def text(self, text: str) -> str:
        """The text with every secret masked."""
        return self._texts.text(text)

    def pointer(self, text: str) -> str:
        """A pointer, in which only values of the exchange and the shapes of tokens can be secret."""
        return self._texts.pointer(text)

    def value(self, value: Any, path: Iterable[str | int] = ()) -> str:
        """A value as a message shows it, shortened; ``path`` is its place in a body."""
        if isinstance(value, dict):
            return "an object"
        if isinstance(value, list):
            return "an array"
        if self.is_secret(value, path):
            return MASK
        shown = self.json(value)
        return shown if len(shown) <= _QUOTED else f"{shown[: _QUOTED - 1]}…"

    def json(self, value: Any) -> str:
        """A scalar as JSON, whole; its place does not count."""
        if isinstance(value, str):
            return json.dumps(self.text(value), ensure_ascii=False)
        return self.text(json.dumps(value))

    def headers(self, headers: Headers) -> Headers:
        """Headers without their secrets: of credentials the scheme is left, of cookies their names."""
        return tuple((self.text(name), self._header(name, value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        if name in ("authorization", "proxy-authorization"):
            scheme = _SCHEME.match(value)
            return f"{scheme[0]}{MASK}" if scheme else MASK
        if name == "cookie":
            return "; ".join(self._cookie(pair) for pair in value.split(";"))
        if name == "set-cookie":
            first, *attributes = value.split(";")
            shown = (each if _ATTRIBUTE.fullmatch(each) else f" {MASK}" for each in attributes)
            return ";".join([self._cookie(first), *shown])
        return MASK if self.is_secret(value, (name,)) else self.text(value)

    def _cookie(self, pair: str) -> str:
        name, equals, _ = pair.strip().partition("=")
        return f"{self.text(name)}={MASK}" if equals else MASK

    def is_secret(self, value: Any, path: Iterable[str | int]) -> bool:
        """Whether a scalar is secret by its place, whatever else it is."""
        names = [name for name in path if isinstance(name, str)]
        if isinstance(value, str):
            return any(is_secret(self._names, name, value) for name in names) or self._is_code(names, value)
        is_number = value is not None and not isinstance(value, bool)
        return is_number and bool(names) and self._is_secret_number(names[-1], json.dumps(value))

    def _is_code(self, names: list[str], value: str) -> bool:
        """Whether a value is the parameter ``code`` of OAuth 2, however short, and not one such as USD."""
        is_parameter = len(names) > 1 and names[0] in ("query", "header", "cookie") and names[1] == "code"
        return is_parameter and self._names.strength("code") > 0 and not _CAPITALS.fullmatch(value)

    def _is_secret_number(self, name: str, shown: str) -> bool:
        return self._names.strength(name) is Strength.STRONG or is_secret(self._names, name, shown)


def is_secret_value(document: Document, pointer: str, value: Any) -> bool:
    """Whether an example or a default of the schema at a pointer is secret: by its name, or as a password."""
    name = schema_name(document, pointer)
    return name == "password" or is_secret(Names(), name, str(value))


def schema_name(document: Document, pointer: str) -> str:
    """The name of the property or parameter that a schema describes, if any; of passwords, password."""
    schema = document.get(pointer)
    if isinstance(schema, dict) and schema.get("format") == "password":
        return "password"
    above, _, name = pointer.rpartition("/")
    if above.endswith("/properties"):
        return tokens(pointer)[-1]
    return str(document.get(above).get("name", "")) if name == "schema" else ""


def password_names(document: Document) -> Iterator[str]:
    """The names of properties and parameters of the format ``password``, or lists of them."""
    if not document.has_member("format", "password"):
        return
    for value in objects(document.data):
        properties = value.get("properties")
        schemas = list(properties.items()) if isinstance(properties, dict) else []
        if "in" in value:
            schemas.append((value.get("name"), value.get("schema")))
        for name, schema in schemas:
            if isinstance(name, str) and _is_password(document, schema):
                yield name


def _is_password(document: Document, schema: Any) -> bool:
    for _ in range(_LONGEST_CHAIN):
        if not isinstance(schema, dict):
            return False
        reference = schema.get("$ref")
        if schema.get("format") == "password":
            return True
        if isinstance(reference, str) and reference.startswith("#/"):
            try:
                schema = document.get(target(reference))
            except LookupError:
                return False
        else:
            schema = schema.get("items")
    return False


def _oauth_paths(document: Document) -> Iterator[str]:
    """The paths of the endpoints that the OAuth 2 flows of a document name."""
    for scheme in _members(document.data, "components", "securitySchemes"):
        for flow in _members(scheme, "flows"):
            for keyword in ("authorizationUrl", "tokenUrl", "refreshUrl"):
                address = flow.get(keyword) if isinstance(flow, dict) else None
                path = address.partition("?")[0].rstrip("/") if isinstance(address, str) else ""
                path = path.partition("://")[2].partition("/")[2] if "://" in path else path.lstrip("/")
                if path:
                    yield f"/{path}"


def _members(value: Any, *names: str) -> list[Any]:
    """The members of an object within an object, none where it is not there."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return list(value.values()) if isinstance(value, dict) else []
