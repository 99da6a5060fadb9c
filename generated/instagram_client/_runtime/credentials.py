"""How secrets travel: below the client, where no log, repr or exception can see the request.

What the client builds, logs and keeps contains no credentials. The transport calls ``Vault.authenticate``,
which copies each request and puts them into the copy.
"""

from __future__ import annotations

import base64
import copy
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn
from urllib.parse import parse_qsl, unquote, urlencode

import httpx2

from .errors import one_line
from .logs import mask_library_logs
from .options import Additions

if TYPE_CHECKING:
    from .redaction import Redaction

_EXTENSION = "credentials"
_FORM = "application/x-www-form-urlencoded"
_MASK = "***"
_DISTINCTIVE = 16  # characters from which on a secret cannot be an ordinary word of a text


class Signature(NamedTuple):
    """HMAC over path and parameters, sent as one more parameter (x-signature)."""

    parameter: str
    algorithm: str  # a name of hashlib
    key: str  # the credential that is the key
    separator: str

    def of(self, secret: str, path: str, parameters: list[tuple[str, str]]) -> str:
        """In lower-case hex; path and parameters decoded, the path relative to the base of the server."""
        signed = sorted((name, value) for name, value in parameters if name != self.parameter)
        message = self.separator.join(
            [path.rstrip("/"), *(f"{name}={value}" for name, value in signed)]
        )
        return hmac.new(secret.encode(), message.encode(), self.algorithm).hexdigest()


class Scheme(NamedTuple):
    """A credential, and how a request carries it."""

    place: Literal["query", "header", "cookie"]
    parameter: str
    prefix: str = ""  # of a header: "Bearer ", or "Basic " for the base64 of name:password
    in_form: bool = False  # in the form, if a request has a form or no body
    signature: Signature | None = None


class RequestCredentials(NamedTuple):
    """What a request is to carry: the names of credentials, and additions. An extension of the request."""

    origin: str
    base: str  # the path of the server's base URL
    schemes: tuple[str, ...]
    form_fields: tuple[tuple[str, str], ...] = ()  # field, credential
    additions: Additions = Additions()

    def extensions(self) -> dict[str, Any]:
        """For httpx2.Request."""
        return {_EXTENSION: self}


def origin(url: httpx2.URL) -> str:
    """Scheme, host and port."""
    return f"{url.scheme}://{url.netloc.decode()}"


class Vault:
    """The credentials of a client. They cannot be read back, printed or pickled."""

    __slots__ = ("__redaction", "__secrets", "__weakref__", "_echoes", "_names", "_schemes")

    def __init__(
        self,
        schemes: Mapping[str, Scheme],
        credentials: Mapping[str, str | None],
        names: Iterable[str] = (),
    ) -> None:
        """``names`` are those of other secrets (format: password)."""
        self._schemes = schemes
        self._names = frozenset(names)
        self.__redaction: Redaction | None = None
        self.__secrets = {name: value for name, value in credentials.items() if value}
        self._echoes: dict[tuple[frozenset[str], bool, int | None], re.Pattern[bytes]] = {}
        mask_library_logs(self)

    def __repr__(self) -> str:
        return f"<{', '.join(sorted(self.__secrets)) or 'no credentials'}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials are not pickled; create the client where it is needed")

    def has(self, name: str) -> bool:
        """Whether the client has this credential."""
        return name in self.__secrets

    def public(self, name: str) -> str | None:
        """The id of an app, which OAuth does not treat as a secret (RFC 6749, 2.2)."""
        return self.__secrets.get(name)

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters that carry credentials or a signature."""
        signatures = (scheme.signature for scheme in self._schemes.values())
        names = {scheme.parameter for scheme in self._schemes.values()}
        return frozenset(names | {signature.parameter for signature in signatures if signature})

    def authenticate(self, request: httpx2.Request) -> httpx2.Request:
        """A copy with the credentials and additions that the request requires, or the request itself."""
        required = request.extensions.get(_EXTENSION)
        if not isinstance(required, RequestCredentials) or origin(request.url) != required.origin:
            return request
        copied = _Copy(request, required.additions)
        for name in required.schemes:
            self._add(name, copied)
        if copied.form is not None:
            copied.added_to_form += [
                (field, self.__secrets[name]) for field, name in required.form_fields
            ]
        path = unquote(request.url.raw_path.partition(b"?")[0].decode())
        names = (*required.schemes, *(name for _, name in required.form_fields))
        # An address beside the base URL, not below it, has no path that could be signed.
        for signature in self._signatures(names if path.startswith(f"{required.base}/") else ()):
            secret, below = self.__secrets[signature.key], path.removeprefix(required.base)
            added = (signature.parameter, signature.of(secret, below, copied.parameters))
            (copied.added_to_query if copied.form is None else copied.added_to_form).append(added)
        return copied.request()

    def _add(self, name: str, copied: _Copy) -> None:
        """Put a credential where its scheme says."""
        scheme, secret = self._schemes[name], self.__secrets[name]
        if scheme.place == "query":
            into_query = copied.form is None or not scheme.in_form
            added = copied.added_to_query if into_query else copied.added_to_form
            added.append((scheme.parameter, secret))
        elif scheme.place == "cookie":
            cookies = [copied.headers.get("Cookie"), f"{scheme.parameter}={secret}"]
            copied.headers["Cookie"] = "; ".join(cookie for cookie in cookies if cookie)
        elif scheme.prefix == "Basic ":
            copied.headers[scheme.parameter] = (
                scheme.prefix + base64.b64encode(secret.encode()).decode()
            )
        else:
            copied.headers[scheme.parameter] = scheme.prefix + secret

    def redact(self, body: bytes, sent: frozenset[str] | None = None) -> bytes:
        """The body with the secrets and signatures masked that the server echoed, however it escaped them.

        ``sent`` names the credentials of the request; the keys that sign with them count as sent, too.
        The default is all credentials. A response that grants a token may grant the one that the client
        already has, so it must not be masked there. A secret so short that it could be an ordinary word
        is masked only as the value of its parameter.
        """
        names = frozenset(self.__secrets) if sent is None else sent
        names |= {signature.key for signature in self._signatures(names)}
        return self._masked(_utf_8(body), names)

    def snippet(self, body: bytes) -> str:
        """The beginning of a body as one line for people, secrets masked, including newly granted ones."""
        body = self._masked(_utf_8(body), frozenset(self.__secrets), short=True)
        beginning = self._redaction.body(self.redact(body))[:2000]
        return one_line(self._redaction.text(beginning.decode(errors="replace")), longest=200)

    def logged(self, message: str) -> str:
        """A record of another library, secrets masked."""
        masked = self.redact(message.encode(errors="surrogatepass")).decode(errors="surrogatepass")
        return self._redaction.logged(masked)

    def redacted(self, response: httpx2.Response, content: bytes | None = None) -> httpx2.Response:
        """A copy with the secrets masked, for errors, which travel far.

        ``content`` is the part of a stream that is read instead of the body.
        """
        redacted = copy.copy(response)
        redacted._content = self._redaction.body(
            self.redact(response.content if content is None else content)
        )
        redacted.headers = httpx2.Headers(
            [(name, self._header(name, value)) for name, value in response.headers.raw]
        )
        redacted.next_request = None
        return redacted

    def _header(self, name: bytes, value: bytes) -> bytes:
        masked = self.redact(value).decode("latin-1")
        return self._redaction.header(name.decode("latin-1"), masked).encode("latin-1", "replace")

    @property
    def _redaction(self) -> Redaction:
        if self.__redaction is None:
            from .redaction import Redaction

            secrets = [secret for _, secret in self._secret_parameters(frozenset(self.__secrets))]
            passwords = [secret.partition(":")[2] for secret in secrets]
            names = (self.parameters | self._names) - {"client_id"}
            self.__redaction = Redaction(names, filter(None, (*secrets, *passwords)))
        return self.__redaction

    def redacted_error(self, error: httpx2.TransportError) -> httpx2.TransportError:
        """A new error of the same class: the traceback of the original holds the request with its secrets."""
        kind = next(
            base for base in type(error).__mro__ if base.__module__.partition(".")[0] == "httpx2"
        )
        redacted: httpx2.TransportError = kind(self.snippet(str(error).encode()))
        return redacted

    def _masked(self, body: bytes, names: frozenset[str], short: bool = False) -> bytes:
        """``short``: mask short secrets wherever they stand, too.

        The pattern of a long secret takes time to compile, so the beginning of one must be found first.
        """
        if not self._pattern(names, short, _DISTINCTIVE).search(body):
            return body
        return self._pattern(names, short, None).sub(_MASK.encode(), body)

    def _pattern(self, names: frozenset[str], short: bool, length: int | None) -> re.Pattern[bytes]:
        key = names, short, length
        if key not in self._echoes:
            self._echoes[key] = self._echo_pattern(names, 1 if short else _DISTINCTIVE, length)
        return self._echoes[key]

    def _signatures(self, names: Iterable[str]) -> Iterator[Signature]:
        for name in names:
            signature = self._schemes[name].signature
            if signature is not None and signature.key in self.__secrets:
                yield signature

    def _secret_parameters(self, names: frozenset[str]) -> list[tuple[str, str]]:
        """The parameter and value of each credential that is a secret."""
        pairs = [
            (self._schemes[name].parameter, self.__secrets[name])
            for name in names & self.__secrets.keys()
        ]
        return [(parameter, secret) for parameter, secret in pairs if parameter != "client_id"]

    def _echo_pattern(
        self, names: frozenset[str], distinctive: int, length: int | None
    ) -> re.Pattern[bytes]:
        """A pattern for echoes, or their beginnings of some length, at least that of short secrets."""
        echoes = [r"(?!)"]
        for parameter, secret in self._secret_parameters(names):
            value = _spellings(secret[:length])
            as_parameter = rf"{_before_value(parameter)}{value}(?![^&#\"\\\s])"
            echoes.append(value if len(secret) >= distinctive else as_parameter)
            if len(secret) >= _DISTINCTIVE:
                encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
                echoes.append(_spellings(encoded[:length]))
        signatures = self._signatures(names)
        echoes += [rf"{_before_value(signature.parameter)}[0-9a-fA-F]+" for signature in signatures]
        return re.compile("|".join(echoes).encode())


def _before_value(parameter: str) -> str:
    """A pattern for what precedes a value in a query; JSON and HTML may escape the ampersand."""
    name = re.escape(parameter)
    return (
        "(?:" + "|".join(rf"(?<={before}{name}=)" for before in ("[?&]", r"\\u0026", "&amp;")) + ")"
    )


def _spellings(secret: str) -> str:
    """A pattern for a secret as it is, and as JSON, URLs and HTML escape it, all of it or some characters.

    Escapes may be escaped again, as in JSON within JSON.
    """
    return "".join(map(_spellings_of_character, secret))


def _spellings_of_character(character: str) -> str:
    import html

    literal = re.escape(character)
    units = character.encode("utf-16-be").hex()
    json_escape = "".join(
        rf"\\{{1,4}}u{units[place : place + 4]}" for place in range(0, len(units), 4)
    )
    percent = "".join(f"%(?:25){{0,3}}{byte:02x}" for byte in character.encode())
    code = ord(character)
    spellings = [literal, f"(?i:{json_escape}|{percent}|&#0{{0,4}}{code};|&#x0{{0,4}}{code:x};)"]
    if (named := html.escape(character)) != character:
        spellings.append(re.escape(named))
    if character in '/"\\':
        spellings += [rf"\\{{1,4}}{spelling}" for spelling in (literal, *spellings[2:])]
    return f"(?:{'|'.join(spellings)})"


def _utf_8(body: bytes) -> bytes:
    """JSON in UTF-16 or UTF-32 in UTF-8, where secrets are found; anything else as it is."""
    encoding = json.detect_encoding(body)
    if encoding.startswith("utf-8"):
        return body
    try:
        return body.decode(encoding).encode()
    except ValueError:
        return body


class _Copy:
    """A request with more in it. What it had stays as it was escaped."""

    def __init__(self, request: httpx2.Request, additions: Additions) -> None:
        self._original = request
        self.headers = request.headers.copy()
        additions.add_headers(self.headers)
        self._query = additions.added_to(request.url.query.decode())
        self.form = _form(request)
        self.added_to_query: list[tuple[str, str]] = []
        self.added_to_form: list[tuple[str, str]] = []

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """All parameters of query and form, not escaped."""
        both = f"{self._query}&{self.form or ''}"
        return parse_qsl(both, keep_blank_values=True) + self.added_to_query + self.added_to_form

    def request(self) -> httpx2.Request:
        body: dict[str, Any] = {"stream": self._original.stream}
        if self.added_to_form:
            self.headers["Content-Type"] = _FORM
            self.headers.pop("Content-Length", None)
            body = {"content": _joined(self.form or "", self.added_to_form).encode()}
        query = _joined(self._query, self.added_to_query)
        url = self._original.url
        if query != url.query.decode():
            url = url.copy_with(query=query.encode() or None)
        return httpx2.Request(
            self._original.method,
            url,
            headers=self.headers,
            extensions=self._original.extensions,
            **body,
        )


def _joined(escaped: str, pairs: list[tuple[str, str]]) -> str:
    """Escaped parameters and more of them."""
    return "&".join(filter(None, [escaped, urlencode(pairs)]))


def _form(request: httpx2.Request) -> str | None:
    """The form that credentials can be added to, escaped; None if the request cannot have a form."""
    if request.method not in {"POST", "PUT", "PATCH"} or not isinstance(
        request.stream, httpx2.ByteStream
    ):
        return None
    content = request.read()
    if content and request.headers.get("Content-Type", "").partition(";")[0] != _FORM:
        return None
    return content.decode()
