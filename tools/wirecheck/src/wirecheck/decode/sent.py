"""What a request has of the documented parameters, in whatever form clients send them."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from msgspec import Struct

from wirecheck.decode import parameters, styles
from wirecheck.decode.media_types import header_values
from wirecheck.decode.reader import ValueReader
from wirecheck.encode.styles import Pairs
from wirecheck.model import Headers
from wirecheck.spec import Operation, Parameter

_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
"""Header parameters with these names "shall be ignored" (OpenAPI 3.1, 4.8.12)."""


class SentParameter(Struct, frozen=True):
    """What a request has of a documented parameter.

    ``is_known`` is false where it is unclear what was sent, or was not recorded. ``values`` has one value
    for each time the parameter was sent; none where an empty one was sent, and is allowed.
    """

    parameter: Parameter
    values: tuple[Any, ...] = ()
    is_known: bool = True
    is_sent: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether a required parameter was certainly not sent."""
        return self.parameter.required and self.is_known and not self.is_sent


class ParameterRules:
    """How a parameter is read; ``spreads`` is whether its members stand in the query by their own names."""

    def __init__(self, reader: ValueReader, parameter: Parameter) -> None:
        self.reader, self.parameter = reader, parameter
        self.style, self.shape = styles.style_of(parameter), reader.shape(parameter.schema)
        described = parameter.media_type is None and parameter.schema is not None
        self.is_structured = described and not self.shape.types.isdisjoint(("object", "array"))
        self.spreads = described and self.style.spreads and "object" in self.shape.types
        self._allows_empty = reader.document.get(parameter.pointer).get("allowEmptyValue") is True
        self._bracketed = f"{parameter.name}[]"

    def from_texts(self, texts: list[str]) -> SentParameter:
        """The parameter by the texts on the wire under its name."""
        if not texts:
            return SentParameter(self.parameter)
        if self._allows_empty:
            texts = [text for text in texts if text]
        values = parameters.values(self.reader, self.parameter, texts) if texts else ()
        if values is None:
            return SentParameter(self.parameter, is_known=False)
        return SentParameter(self.parameter, values, is_sent=True)

    def from_named(self, by_name: Mapping[str, list[str]], names: frozenset[str]) -> SentParameter | None:
        """The parameter by the texts of a query or of cookies; None where nothing has its name."""
        name = self.parameter.name
        texts = by_name.get(name, [])
        if self._bracketed in by_name and self._bracketed not in names:
            texts = [*texts, *by_name[self._bracketed]]
        if self.is_structured:
            keyed = [
                (other, text)
                for other, others in by_name.items()
                if other not in names and other != self._bracketed and styles.base_name(other) == name
                for text in others
            ]
            if keyed:
                return self._of_members(keyed)
        return self.from_texts(texts) if texts else None

    def _of_members(self, pairs: Pairs) -> SentParameter:
        """The parameter by texts under ``name[key]``."""
        candidates = [
            styles.bracketed(self.parameter.name, ((name, unescape(text)) for name, text in pairs))
            for unescape in styles.unescapes(self.style, [text for _, text in pairs])
        ]
        return SentParameter(self.parameter, (self.reader.read(self.shape, candidates).value,), is_sent=True)

    def from_members(self, members: Mapping[str, list[str]]) -> SentParameter:
        """An object by its members; without members, it is missing only where it must have some."""
        if not members:
            schema = self.parameter.schema
            if not self.parameter.required or schema is None or not self.reader.fits(schema, {}):
                return SentParameter(self.parameter)
            return SentParameter(self.parameter, ({},), is_sent=True)
        texts = [text for texts in members.values() for text in texts]
        candidates = [
            {
                name: [unescape(text) for text in texts] if len(texts) > 1 else unescape(texts[0])
                for name, texts in members.items()
            }
            for unescape in styles.unescapes(self.style, texts)
        ]
        return SentParameter(self.parameter, (self.reader.read(self.shape, candidates).value,), is_sent=True)


class OperationRules:
    """How the parameters of an operation are read."""

    def __init__(self, reader: ValueReader, operation: Operation) -> None:
        self.parameters = tuple(ParameterRules(reader, parameter) for parameter in operation.parameters)
        self.names = frozenset(parameter.name for parameter in operation.parameters)
        self._in_query = [rules for rules in self.parameters if rules.parameter.location == "query"]
        self._spreading = [rules for rules in self._in_query if rules.spreads]
        taken = {scheme.parameter for scheme in operation.schemes if scheme.location == "query"}
        self._taken = {*taken, "access_token"}  # of OAuth 2 (RFC 6750, 2.3)

    def is_documented(self, name: str) -> bool:
        """Whether a name in the query is that of a parameter, or is a member of one."""
        if name in self.names:
            return True
        base = styles.base_name(name)
        return any(rules.parameter.name == base for rules in self._in_query) or (
            self._owner(name) is not None
        )

    def in_query(self, rules: ParameterRules, by_name: Mapping[str, list[str]]) -> SentParameter:
        """A parameter of the query."""
        named = rules.from_named(by_name, self.names)
        if named is not None:
            return named
        if not rules.spreads:
            return SentParameter(rules.parameter)
        return rules.from_members(
            {name: texts for name, texts in by_name.items() if self._owner(name) is rules}
        )

    def _owner(self, name: str) -> ParameterRules | None:
        """The exploded object that a member with a name belongs to."""
        if not self._spreading or name in self.names or name in self._taken:
            return None
        for rules in self._spreading:
            if rules.shape.declares(name):
                return rules
        if len(self._spreading) > 1 or not self._spreading[0].shape.is_open:
            return None
        base = styles.base_name(name)
        is_other = any(rules.parameter.name == base for rules in self._in_query)
        return None if is_other else self._spreading[0]


def in_headers(rules: ParameterRules, headers: Headers) -> SentParameter:
    """A parameter of the headers, or a cookie."""
    parameter = rules.parameter
    if not recorded(headers) or parameter.name.lower() in _IGNORED_HEADERS:
        return SentParameter(parameter, is_known=False)
    if parameter.location == "header":
        return rules.from_texts(header_values(headers, parameter.name))
    by_name = grouped(cookies(headers))
    if (named := rules.from_named(by_name, frozenset())) is not None:
        return named
    if not rules.spreads:
        return SentParameter(parameter)
    members = ((unquote(name), texts) for name, texts in by_name.items())
    return rules.from_members({name: texts for name, texts in members if rules.shape.declares(name)})


def recorded(headers: Headers) -> bool:
    """Whether headers were recorded; a Content-Type alone may stem from another part of the recording."""
    first = headers[0][0] if headers else "content-type"  # which mostly tells
    return first != "content-type" or any(name != "content-type" for name, _ in headers)


def cookies(headers: Headers) -> Pairs:
    """The name and the undecoded value of each cookie."""
    pairs = (pair.strip().partition("=") for pair in ";".join(header_values(headers, "cookie")).split(";"))
    return [(name, value) for name, _, value in pairs if name]


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The texts by name, in their order."""
    by_name: dict[str, list[str]] = {}
    for name, text in pairs:
        by_name.setdefault(name, []).append(text)
    return by_name
