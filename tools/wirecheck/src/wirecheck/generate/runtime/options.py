"""The options of a client and of one call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict
from urllib.parse import quote, unquote

import httpx2

from .errors import RuleError


class ExtraOptions(TypedDict, total=False):
    """What a call sends besides its arguments, for what the document does not describe.

    None as a header or query parameter leaves out a default one.
    """

    extra_headers: Mapping[str, str | None]
    extra_query: Mapping[str, object]
    extra_body: Mapping[str, object]  # members of a JSON object


class RequestOptions(ExtraOptions, total=False):
    """The options of one call."""

    timeout: float | httpx2.Timeout  # seconds for one attempt
    max_retries: int


_NAMES = frozenset(RequestOptions.__annotations__)


class Additions:
    """Headers and query parameters that the document does not describe.

    They may contain secrets. So they are added to a request below the HTTP library, as credentials are,
    and appear in no repr and no pickle.
    """

    __slots__ = ("_headers", "_query")

    def __init__(
        self,
        headers: Mapping[str, tuple[str, str | None]] | None = None,
        query: Mapping[str, object] | None = None,
    ) -> None:
        self._headers = dict(headers or {})  # by name in lower case
        self._query = dict(query or {})

    def __repr__(self) -> str:
        return f"<{len(self._headers)} headers, {len(self._query)} query parameters>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Additions, ()

    def header(self, name: str) -> tuple[bool, str | None]:
        """Whether a header is among them, and its value; None leaves it out."""
        return name.lower() in self._headers, self._headers.get(name.lower(), ("", None))[1]

    def extended(
        self, headers: Mapping[str, str | None] | None, query: Mapping[str, object] | None
    ) -> Additions:
        """The same with more of both; of two with one name the later one counts. Raises ValueError."""
        added = {name.lower(): (name, _header_value(name, value)) for name, value in (headers or {}).items()}
        return Additions({**self._headers, **added}, {**self._query, **(query or {})})

    def without(self, headers: Iterable[str], query: Iterable[str]) -> Additions:
        """The same without those of these names."""
        dropped, taken = {name.lower() for name in headers}, set(query)
        return Additions(
            {name: pair for name, pair in self._headers.items() if name not in dropped},
            {name: value for name, value in self._query.items() if name not in taken},
        )

    def over(self, others: Additions) -> Additions:
        """These, and the others where these say nothing."""
        return Additions({**others._headers, **self._headers}, {**others._query, **self._query})

    def add_headers(self, headers: httpx2.Headers) -> None:
        """Set the headers in place, and remove those that are None."""
        for name, value in self._headers.values():
            headers.pop(name, None)
            if value is not None:
                headers[name] = value

    def added_to(self, query: str) -> str:
        """An escaped query with the parameters, which replace those of the same names."""
        if not self._query:
            return query
        pairs = [pair for pair in query.split("&") if pair and unquote_name(pair) not in self._query]
        return "&".join([*pairs, *_escaped(self._query)])

    def reject_credentials(self, option: str, places: Mapping[tuple[str, str], str]) -> None:
        """Raises RuleError for a header, cookie or query parameter that carries a credential.

        ``places`` has the credential for each place and name, headers in lower case.
        """
        sent = [("header", name) for name in self._headers] + [("query", name) for name in self._query]
        cookies = self._headers.get("cookie", ("", None))[1] or ""
        sent += [("cookie", cookie.partition("=")[0].strip()) for cookie in cookies.split(";")]
        for place, name in sent:
            if credential := places.get((place, name)):
                noun = "query parameter" if place == "query" else place
                message = f"the {noun} {name} carries a credential: pass {credential} to the client."
                raise RuleError(option, "credential-place", message)


class Options(NamedTuple):
    """How calls are sent."""

    timeout: float | httpx2.Timeout | None
    max_retries: int
    defaults: Additions  # where a call says nothing
    extra: Additions = Additions()  # whatever a call says
    body: Mapping[str, object] | None = None

    def of_call(
        self, method: str, options: Mapping[str, Any], places: Mapping[tuple[str, str], str]
    ) -> Options:
        """These options with those of one call. Raises TypeError for what is no option."""
        for name in options.keys() - _NAMES:
            raise TypeError(f"{method}() got an unexpected keyword argument {name!r}")
        headers = Additions().extended(options.get("extra_headers"), None)
        headers.reject_credentials("extra_headers", places)
        query = Additions().extended(None, options.get("extra_query"))
        query.reject_credentials("extra_query", places)
        return self._replace(
            timeout=options.get("timeout", self.timeout),
            max_retries=checked_retries(options.get("max_retries", self.max_retries)),
            extra=headers.over(query),
            body=options.get("extra_body"),
        )

    def header(self, name: str) -> tuple[bool, str | None]:
        """Whether they say something about a header, and its value; None leaves it out."""
        is_extra, value = self.extra.header(name)
        return (is_extra, value) if is_extra else self.defaults.header(name)

    def with_defaults(
        self,
        headers: Mapping[str, str | None] | None,
        query: Mapping[str, object] | None,
        places: Mapping[tuple[str, str], str],
    ) -> Options:
        """These options with more default headers and query parameters."""
        Additions().extended(headers, None).reject_credentials("default_headers", places)
        Additions().extended(None, query).reject_credentials("default_query", places)
        return self._replace(defaults=self.defaults.extended(headers, query))


def checked_retries(max_retries: int) -> int:
    """The same number. Raises ValueError."""
    if max_retries < 0:
        raise ValueError(f"max_retries must not be negative, but is {max_retries}")
    return max_retries


def unquote_name(pair: str) -> str:
    """The name of an escaped query parameter."""
    return unquote(pair.partition("=")[0].replace("+", " "))


def _header_value(name: str, value: str | None) -> str | None:
    """The same value. The error does not contain it: it may be a secret."""
    if value is not None and not isinstance(value, str):
        raise TypeError(f"the value of the header {name} must be a string")
    if value is not None and not (value.isascii() and value.isprintable()):
        raise ValueError(f"the value of the header {name} has characters that a header cannot have")
    return value


def _escaped(query: Mapping[str, object]) -> Iterator[str]:
    for name, value in query.items():
        values = value if isinstance(value, Sequence) and not isinstance(value, str | bytes) else [value]
        for item in values:
            if item is not None:
                text = str(item).lower() if isinstance(item, bool) else str(item)
                yield f"{quote(name, safe='')}={quote(text, safe='')}"
