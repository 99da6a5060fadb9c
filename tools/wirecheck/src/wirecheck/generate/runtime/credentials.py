"""How secrets travel: below the client, where no log, repr or exception sees the request.

What the client builds, logs and keeps has no credentials in it. The transport lets ``Vault.endorse``
copy each request and put them into the copy.
"""

from __future__ import annotations

import base64
import copy
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, NoReturn
from urllib.parse import parse_qsl, quote, unquote, urlencode

import httpx

from .errors import one_line

_EXTENSION = "credentials"
_FORM = "application/x-www-form-urlencoded"
_MASK = "***"
_UNMISTAKABLE = 16  # letters from which on a secret is no word of a text


class Signature(NamedTuple):
    """HMAC over path and parameters, sent as one more parameter (x-signature)."""

    parameter: str
    algorithm: str  # a name of hashlib
    key: str  # the credential that is the key
    separator: str

    def of(self, secret: str, path: str, parameters: list[tuple[str, str]]) -> str:
        """In lower-case hex; path and parameters decoded, the path below the base of the server."""
        signed = sorted((name, value) for name, value in parameters if name != self.parameter)
        message = self.separator.join([path.rstrip("/"), *(f"{name}={value}" for name, value in signed)])
        return hmac.new(secret.encode(), message.encode(), self.algorithm).hexdigest()


class Scheme(NamedTuple):
    """A credential, and how a request carries it."""

    place: Literal["query", "header", "cookie"]
    parameter: str
    prefix: str = ""  # of a header: "Bearer ", or "Basic " for a base64 of name:password
    in_form: bool = False  # in the form of a request that has a form or no body
    signature: Signature | None = None


class Wanted(NamedTuple):
    """What one request is to carry, by names of credentials. Travels as an extension of it."""

    origin: str
    base: str  # the path that stands for the server of the document
    schemes: tuple[str, ...]
    form_fields: tuple[tuple[str, str], ...] = ()  # field, credential

    def extensions(self) -> dict[str, Any]:
        """For httpx.Request."""
        return {_EXTENSION: self}


def origin(url: httpx.URL) -> str:
    """Scheme, host and port."""
    return f"{url.scheme}://{url.netloc.decode()}"


class Vault:
    """The credentials of a client. They cannot be read back, printed or pickled."""

    __slots__ = ("__secrets", "_echoes", "_schemes")

    def __init__(self, schemes: Mapping[str, Scheme], given: Mapping[str, str | None]) -> None:
        self._schemes = schemes
        self.__secrets = {name: value for name, value in given.items() if value}
        self._echoes: dict[frozenset[str], re.Pattern[bytes]] = {}

    def __repr__(self) -> str:
        return f"<{', '.join(sorted(self.__secrets)) or 'no credentials'}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials are not pickled; make the client anew where it is needed")

    def has(self, name: str) -> bool:
        """Whether this credential was given."""
        return name in self.__secrets

    def public(self, name: str) -> str | None:
        """The id of an app, which OAuth does not count as a secret (RFC 6749, 2.2)."""
        return self.__secrets.get(name)

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters that carry credentials or a signature."""
        signatures = (scheme.signature for scheme in self._schemes.values())
        carrying = {scheme.parameter for scheme in self._schemes.values()}
        return frozenset(carrying | {each.parameter for each in signatures if each})

    def endorse(self, request: httpx.Request) -> httpx.Request:
        """A copy that carries what the request wants; the request itself if it wants nothing."""
        wanted = request.extensions.get(_EXTENSION)
        if not isinstance(wanted, Wanted) or origin(request.url) != wanted.origin:
            return request
        headers = request.headers.copy()
        query = parse_qsl(request.url.query.decode(), keep_blank_values=True)
        form = _form(request)
        for name in wanted.schemes:
            scheme, secret = self._schemes[name], self.__secrets[name]
            if scheme.place == "query":
                (query if form is None or not scheme.in_form else form).append((scheme.parameter, secret))
            elif scheme.place == "cookie":
                headers["Cookie"] = "; ".join(
                    filter(None, [headers.get("Cookie"), f"{scheme.parameter}={secret}"])
                )
            else:
                basic = base64.b64encode(secret.encode()).decode()
                headers[scheme.parameter] = scheme.prefix + (basic if scheme.prefix == "Basic " else secret)
        if form is not None:
            form += [(field, self.__secrets[name]) for field, name in wanted.form_fields]
        path = unquote(request.url.raw_path.partition(b"?")[0].decode())
        carried = (*wanted.schemes, *(name for _, name in wanted.form_fields))
        # What stands beside the server of the document, not below it, has no path to sign.
        for signature in self._signatures(carried if path.startswith(f"{wanted.base}/") else ()):
            parameters = query + (form or [])
            signed = signature.of(self.__secrets[signature.key], path.removeprefix(wanted.base), parameters)
            (query if form is None else form).append((signature.parameter, signed))
        body: dict[str, Any] = {"stream": request.stream}
        if form:
            headers["Content-Type"] = _FORM
            headers.pop("Content-Length", None)
            body = {"content": urlencode(form).encode()}
        url = request.url.copy_with(query=urlencode(query).encode()) if query else request.url
        return httpx.Request(request.method, url, headers=headers, extensions=request.extensions, **body)

    def conceal(self, body: bytes, sent: frozenset[str] | None = None) -> bytes:
        """The body without the secrets and signatures that a server may have echoed in it.

        ``sent`` are the credentials that it was sent, beside the keys that sign with them; all
        unless given: an answer that grants a token may grant the one that is here already. A secret
        so short that it could be a word counts as one only as the value of its parameter.
        """
        names = frozenset(self.__secrets) if sent is None else sent
        names |= {signature.key for signature in self._signatures(names)}
        if names not in self._echoes:
            self._echoes[names] = self._compile_echoes(names)
        return self._echoes[names].sub(_MASK.encode(), body)

    def snippet(self, body: bytes) -> str:
        """The beginning of a body, for people: one line without secrets, be they new ones."""
        for _, secret in self._hidden(frozenset(self.__secrets)):
            body = body.replace(secret.encode(), _MASK.encode())
        names = "|".join(map(re.escape, sorted(self.parameters - {"client_id"})))
        granted = rf'("(?:{names})"\s*:\s*")[^"]+'.encode()
        shown = re.sub(granted, rb"\1" + _MASK.encode(), self.conceal(body[:2000]))
        return one_line(shown.decode(errors="replace"), longest=200)

    def shown(self, response: httpx.Response) -> httpx.Response:
        """A copy without the secrets that the server echoed, for errors: they travel far."""
        shown = copy.copy(response)
        shown._content = self.conceal(response.content)
        shown.headers = httpx.Headers([(name, self.conceal(value)) for name, value in response.headers.raw])
        shown.next_request = None
        return shown

    def without_secrets(self, error: httpx.TransportError) -> httpx.TransportError:
        """The same error anew: the frames of its traceback hold the request with its secrets."""
        kind = next(each for each in type(error).__mro__ if each.__module__.partition(".")[0] == "httpx")
        failure: httpx.TransportError = kind(self.snippet(str(error).encode()))
        return failure

    def _signatures(self, names: Iterable[str]) -> Iterator[Signature]:
        for name in names:
            signature = self._schemes[name].signature
            if signature is not None and signature.key in self.__secrets:
                yield signature

    def _hidden(self, names: frozenset[str]) -> list[tuple[str, str]]:
        """The parameters of credentials, with the secrets that they carry."""
        given = [
            (self._schemes[name].parameter, self.__secrets[name]) for name in names & self.__secrets.keys()
        ]
        return [(parameter, secret) for parameter, secret in given if parameter != "client_id"]

    def _compile_echoes(self, names: frozenset[str]) -> re.Pattern[bytes]:
        echoes = [r"(?!)"]
        for parameter, secret in self._hidden(names):
            value = "|".join({re.escape(secret), re.escape(quote(secret, safe=""))})
            named = rf"{_after(parameter)}(?:{value})(?![^&#\"\\\s])"
            echoes.append(value if len(secret) >= _UNMISTAKABLE else named)
        signed = self._signatures(names)
        echoes += [rf"{_after(signature.parameter)}[0-9a-fA-F]+" for signature in signed]
        return re.compile("|".join(echoes).encode())


def _after(parameter: str) -> str:
    """What stands before its value in a query; JSON and HTML may escape the ampersand."""
    name = re.escape(parameter)
    return "(?:" + "|".join(rf"(?<={before}{name}=)" for before in ("[?&]", r"\\u0026", "&amp;")) + ")"


def _form(request: httpx.Request) -> list[tuple[str, str]] | None:
    """The fields of a form that may get more; None when credentials belong elsewhere."""
    if request.method not in {"POST", "PUT", "PATCH"} or not isinstance(request.stream, httpx.ByteStream):
        return None
    content = request.read()
    if content and request.headers.get("Content-Type", "").partition(";")[0] != _FORM:
        return None
    return parse_qsl(content.decode(), keep_blank_values=True)
