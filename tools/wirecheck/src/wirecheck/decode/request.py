"""A request, decoded once by the rules of its operation: what checks, laws, conform and fuzz share."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from wirecheck.decode.bodies import UNKNOWN, DecodedBody, decoded_body
from wirecheck.decode.credentials import CredentialReader, SentCredential
from wirecheck.decode.forms import FIELDS, SentField, form_pairs, split_query, unescaped
from wirecheck.decode.media_types import documented_type, header_values
from wirecheck.decode.reader import ValueReader
from wirecheck.decode.schemas import property_schema
from wirecheck.decode.sent import OperationRules, ParameterRules, SentParameter, grouped, in_headers
from wirecheck.decode.texts import UndecodableError
from wirecheck.encode.media_types import FORM, essence
from wirecheck.encode.styles import QUERY_STRING, Pairs
from wirecheck.model import Exchange, Violation
from wirecheck.spec import MediaType, Operation, RequestBody, join

_URL = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?")  # RFC 3986, B


def split_url(url: str) -> tuple[str, str]:
    """The raw path and the raw query of a URL, which may be malformed."""
    match = _URL.match(url)
    return (match[2] or "/", match[3] or "") if match else ("/", "")


class SentBody(Struct, frozen=True):
    """The body of a request by its documented media type, or the violation that prevents reading it."""

    content: DecodedBody = UNKNOWN
    violation: Violation | None = None


class RequestReader:
    """Reads requests by the rules of one document, which are worked out once for each operation."""

    def __init__(self, reader: ValueReader) -> None:
        self.reader = reader
        self._rules: dict[str, OperationRules] = {}

    def read(self, operation: Operation, exchange: Exchange, path_values: Mapping[str, str]) -> "Request":
        """The request of an exchange; ``path_values`` are raw, that is percent-encoded."""
        return Request(self.reader, self.rules(operation), operation, exchange, path_values)

    def rules(self, operation: Operation) -> OperationRules:
        """The rules by which requests for an operation are read."""
        rules = self._rules.get(operation.pointer)
        if rules is None:
            rules = self._rules[operation.pointer] = OperationRules(self.reader, operation)
        return rules


class Request:
    """The request of an exchange, from a `RequestReader`. What costs time is computed at its first use."""

    def __init__(
        self,
        reader: ValueReader,
        rules: OperationRules,
        operation: Operation,
        exchange: Exchange,
        path_values: Mapping[str, str],
    ) -> None:
        self._reader, self._rules, self._operation, self._exchange = reader, rules, operation, exchange
        self._path_values, self._headers = path_values, exchange.request_headers
        self._query_string = split_url(exchange.url)[1]
        self._query = split_query(self._query_string)  # values are undecoded

    @cached_property
    def query(self) -> Pairs:
        """The decoded name and value of each part of the query."""
        return [(name, unescaped(text)) for name, text in self._query]

    @cached_property
    def undocumented(self) -> Pairs:
        """The parts of the query that are of no documented parameter."""
        return [pair for pair in self.query if not self._rules.is_documented(pair[0])]

    @cached_property
    def parameters(self) -> tuple[SentParameter, ...]:
        """The documented parameters, in their order."""
        by_name = grouped(self._query)
        return tuple(self._sent(rules, by_name) for rules in self._rules.parameters)

    def _sent(self, rules: ParameterRules, by_name: Mapping[str, list[str]]) -> SentParameter:
        parameter = rules.parameter
        if parameter.location in ("query", QUERY_STRING) and not self._exchange.has_query:
            return SentParameter(parameter, is_known=False)
        match parameter.location:
            case "query":
                return self._rules.in_query(rules, by_name)
            case "path":
                if parameter.name not in self._path_values:
                    return SentParameter(parameter, is_known=False)
                return rules.from_texts([self._path_values[parameter.name]])
            case "header" | "cookie":
                return in_headers(rules, self._headers)
            case _ if parameter.location == QUERY_STRING:
                return rules.from_texts([self._query_string] if self._query_string else [])
        return SentParameter(parameter, is_known=False)

    @cached_property
    def credentials(self) -> tuple[SentCredential, ...]:
        """What the request has of each security scheme of the operation."""
        schemes = dict.fromkeys(scheme for together in self._operation.security for scheme in together)
        reader = CredentialReader(self._reader.document, self._exchange, self.query, lambda: self.fields)
        return tuple(map(reader.read, schemes))

    @cached_property
    def _content_type(self) -> str | None:
        values = header_values(self._headers, "content-type")
        return values[-1] if values else None

    @cached_property
    def fields(self) -> Pairs:
        """The fields of the form in the request; empty where it has no form or the body was not recorded."""
        content_type = self._content_type or FORM
        body = self._exchange.request_body
        if not body or essence(content_type) not in FIELDS:
            return []
        try:
            return form_pairs(body, content_type)
        except UndecodableError:
            return []

    @cached_property
    def body(self) -> SentBody | None:
        """The body of the request; None where none is documented, or none was recorded."""
        documented = self._operation.request_body
        if documented is None or not documented.content:
            return None
        content_type = (self._exchange.request_body and self._content_type) or _usual_media_type(documented)
        media_type = documented_type(documented.content, content_type)
        if media_type is None:
            actual = essence(content_type)
            listed = ", ".join(media_type.name for media_type in documented.content)
            what = f"the request's media type {actual} is not documented (documented: {listed})"
            return SentBody(violation=Violation(what, join(documented.pointer, "content"), kind="content"))
        return self._read_body(documented, media_type, content_type)

    def _read_body(
        self, documented: RequestBody, media_type: MediaType, content_type: str
    ) -> SentBody | None:
        raw = self._exchange.request_body
        in_query = list(self._fields_in_query(media_type.schema)) if documented.also_in_query else []
        if raw is None and not in_query:
            return None
        if not raw and not in_query:
            spec_pointer = join(documented.pointer, "required")
            missing = Violation("the request body is missing", spec_pointer, "", kind="missing")
            return SentBody(violation=missing if documented.required else None)
        content = decoded_body(self._reader, media_type, content_type, raw or b"", in_query)
        if content.error:
            return SentBody(content, Violation(f"the request body {content.error}", media_type.pointer, ""))
        return SentBody(content)

    def _fields_in_query(self, schema: str | None) -> Iterator[SentField]:
        for name, value in self._query:
            if schema is not None and property_schema(self._reader.document, schema, name) is not None:
                yield SentField(name, value)


def _usual_media_type(body: RequestBody) -> str:
    """The first documented one; the first form where its fields may stand in the query."""
    names = [media_type.name for media_type in body.content]
    forms = [name for name in names if body.also_in_query and essence(name) in FIELDS]
    return (forms or names)[0]
