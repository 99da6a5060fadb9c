"""What an operation promises of its exchanges, as far as lookups decide whether they keep it."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from wirecheck.checks.request import is_misspelt
from wirecheck.checks.subject import Contract, Subject
from wirecheck.checks.verdict import Verdict
from wirecheck.decode import (
    ValueReader,
    documented_type,
    essence,
    header_values,
    is_json,
    parameter_values,
    recorded,
)
from wirecheck.decode.credentials import OAUTH
from wirecheck.decode.sent import OperationRules, ParameterRules
from wirecheck.engine import Engine
from wirecheck.model import Headers, LimitError
from wirecheck.spec import MediaType, Operation, Parameter, SecurityScheme

Texts = str | tuple[str, ...]
"""The text of a parameter, or the texts of one that was sent more than once."""

_REMEMBERED = 2048  # decisions of a kind
_INTEGER = re.compile("[0-9]{1,9}")  # that any format has
_ANNOTATIONS = frozenset({"type", "title", "description", "example", "examples", "default", "deprecated"})
_LIMITS = frozenset({"minimum", "maximum", "format"})
_FOUND = ("response", "full_content_type", "media_type", "read_as")  # the same for all like responses
_Key = TypeVar("_Key")


class Memory(dict[_Key, bool]):
    """Decisions by what they are about, each made at its first use; forgotten once there are many."""

    def __init__(self, decide: Callable[[_Key], bool]) -> None:
        super().__init__()
        self._decide = decide

    def __missing__(self, key: _Key) -> bool:
        if len(self) >= _REMEMBERED:
            self.clear()
        decision = self[key] = self._decide(key)
        return decision


class _AnyText(dict[Texts, bool]):
    """Decides on texts of a string about which nothing is said: all are valid, but perhaps for surrogates."""

    def __missing__(self, texts: Texts) -> bool:
        return texts.isascii() if isinstance(texts, str) else all(map(str.isascii, texts))


class _Integers(dict[Texts, bool]):
    """Decides on texts of an integer between two limits; those that are unusual are left to the checks."""

    def __init__(self, least: float, most: float) -> None:
        super().__init__()
        self._least, self._most = least, most

    def __missing__(self, texts: Texts) -> bool:
        return self._fits(texts) if isinstance(texts, str) else all(map(self._fits, texts))

    def _fits(self, text: str) -> bool:
        return bool(_INTEGER.fullmatch(text)) and self._least <= int(text) <= self._most


class PromisedParameter(NamedTuple):
    """A parameter or a header, and whether texts of it are certainly valid."""

    name: str
    required: bool
    fits: Mapping[Texts, bool]

    def allows(self, texts: list[str] | None) -> bool:
        """Whether what was sent of it is certainly valid."""
        if not texts:
            return not self.required
        return self.fits[texts[0] if len(texts) == 1 else tuple(texts)]


def allow(promised: Sequence[PromisedParameter], headers: Headers) -> bool:
    """Whether headers are certainly right."""
    return all(each.allows(header_values(headers, each.name)) for each in promised)


class PromisedResponse(NamedTuple):
    """A response with a certain status and Content-Type.

    ``is_void`` where no body is documented, ``is_json`` where that is read as JSON, by its ``schema``.
    ``has_laws`` where more may be promised of its values than that schema says; without them it ``is_prompt``
    where none of its schemas is laborious. ``verdicts`` are those for requests without and with credentials,
    ``found`` is what a subject finds out for all such responses.
    """

    headers: tuple[PromisedParameter, ...]
    verdicts: tuple[Verdict, Verdict]
    found: dict[str, object]
    is_void: bool = False
    is_json: bool = False
    schema: str | None = None
    has_laws: bool = False
    is_prompt: bool = False


class SentCredentials(NamedTuple):
    """Whether a request carries any credentials, and those that its operation requires."""

    are_any: bool
    suffice: bool


class Promises:
    """What an operation promises of its requests; of its responses, what was asked for so far.

    Responses and bodies that are None are left to the checks. Promises ``are_prompt`` where no schema of a
    request is laborious.
    """

    def __init__(self, operation: Operation, rules: OperationRules, engine: Engine) -> None:
        self.operation = operation
        self._names = rules.names
        by_location: dict[str, list[PromisedParameter]] = {"path": [], "query": [], "header": []}
        for each in rules.parameters:
            by_location[each.parameter.location].append(_promised_parameter(each, engine))
        self._path, self._query, self.header = by_location.values()
        documented = [parameter.name for parameter in self._query]
        self._is_misspelt = Memory[str](lambda name: any(is_misspelt(name, right) for right in documented))
        self._schemes = tuple(dict.fromkeys(each for schemes in operation.security for each in schemes))
        self._in_query = {*(each.parameter for each in self._schemes), "access_token"}
        self._in_headers = {*(each.parameter.lower() for each in self._schemes), "authorization"}
        self._credentials: dict[tuple[frozenset[str], frozenset[str], bool], SentCredentials | None] = {}
        self._bodies: dict[str | None, str | None] = {}
        self.responses: dict[tuple[str, int, str | None, bool], PromisedResponse | None] = {}
        self._spreads = any(each.spreads for each in rules.parameters)
        content = operation.request_body.content if operation.request_body else ()
        self.are_prompt = _are_prompt(engine, (*operation.parameters, *content))

    @staticmethod
    def are_decidable(operation: Operation, rules: OperationRules) -> bool:
        """Whether lookups decide on requests for an operation."""
        body = operation.request_body
        return (body is None or not body.also_in_query) and all(
            each.parameter.location in ("path", "query", "header")
            and not (each.spreads and each.parameter.required)
            for each in rules.parameters
        )

    def allow_path(self, texts: Mapping[str, str]) -> bool:
        """Whether the parameters of a path, undecoded, are certainly right."""
        return all(each.name not in texts or each.fits[texts[each.name]] for each in self._path)

    def allow_query(self, by_name: Mapping[str, list[str]]) -> bool:
        """Whether the parameters of a query, undecoded, are certainly right."""
        for name in by_name:
            if name not in self._names and (self._spreads or "[" in name or self._is_misspelt[name]):
                return False
        return all(parameter.allows(by_name.get(parameter.name)) for parameter in self._query)

    def body_schema(self, content_type: str | None) -> str | None:
        """The schema of a request body in JSON with a Content-Type; None where the checks decide on it."""
        if content_type not in self._bodies:
            body = self.operation.request_body
            content = body.content if body else ()
            media_type = documented_type(content, content_type) if content_type else None
            is_read = media_type is not None and _is_json(media_type, content_type or "")
            self._bodies[content_type] = media_type.schema if media_type and is_read else None
        return self._bodies[content_type]

    def credentials(self, by_name: Mapping[str, list[str]], headers: Headers) -> SentCredentials | None:
        """The credentials of a request, None where they may be in places that are not looked at here."""
        names = self._in_headers
        in_query = frozenset([name for name in self._in_query if name in by_name and any(by_name[name])])
        in_headers = frozenset([name for name, value in headers if name in names and value])
        key = (in_query, in_headers, recorded(headers))
        if key not in self._credentials:
            self._credentials[key] = self._sent(*key)
        return self._credentials[key]

    def _sent(
        self, in_query: frozenset[str], in_headers: frozenset[str], are_headers_known: bool
    ) -> SentCredentials | None:
        """The credentials of a request by the names of those parameters and headers that have a value."""
        are_any, present = "authorization" in in_headers, set[SecurityScheme]()
        for scheme in self._schemes:
            if scheme.kind == "apiKey":
                names = {"query": in_query, "header": in_headers}.get(scheme.location, frozenset[str]())
                name = scheme.parameter.lower() if scheme.location == "header" else scheme.parameter
                is_present = name in names
                are_any = are_any or is_present
            else:
                is_present = "authorization" in in_headers or not are_headers_known
                is_present = is_present or (scheme.kind in OAUTH and "access_token" in in_query)
            if is_present:
                present.add(scheme)
        if not are_any and len(present) < len(self._schemes):
            return None
        alternatives = self.operation.security
        suffice = not alternatives or any(map(present.issuperset, alternatives))
        return SentCredentials(are_any, suffice)


def promised_response(subject: Subject, contract: Contract, engine: Engine) -> PromisedResponse | None:
    """What is promised of a response like that of a subject; None where the checks decide on it."""
    response, exchange = subject.response, subject.exchange
    if response is None or exchange.status == 0 or exchange.status >= 500:
        return None
    verdict = Verdict(subject.operation.name, (), unusable=subject.unusable)
    has_laws = contract.has_laws(subject)
    promised = PromisedResponse(
        tuple(_promised_header(header, contract.reader, engine) for header in response.headers),
        (verdict, replace(verdict, authorized=True)),
        {name: getattr(subject, name) for name in _FOUND},
        has_laws=has_laws,
        is_prompt=not has_laws and _are_prompt(engine, (*response.headers, *response.content)),
    )
    if subject.bodiless or not response.content:
        return promised._replace(is_void=not subject.bodiless and bool(exchange.response_headers))
    media_type = subject.media_type
    if media_type is None or not _is_read_as_json(subject, media_type):
        return None
    return promised._replace(is_json=True, schema=media_type.schema)


def _is_read_as_json(subject: Subject, media_type: MediaType) -> bool:
    """Whether a response, whose Content-Type is as documented if any is recorded, is read as JSON."""
    if subject.content_type is None and subject.exchange.response_headers:
        return False
    content_type = subject.full_content_type or media_type.name
    is_documented = documented_type((media_type,), content_type) is not None
    return is_documented and _is_json(media_type, content_type)


def _are_prompt(engine: Engine, described: Iterable[Parameter | MediaType]) -> bool:
    """Whether no schema of some parameters and contents is laborious."""
    return not any(each.schema is not None and engine.is_laborious(each.schema) for each in described)


def _is_json(media_type: MediaType, content_type: str) -> bool:
    name = essence(media_type.name)
    return is_json(essence(content_type) if "*" in name else name)


def _promised_parameter(rules: ParameterRules, engine: Engine) -> PromisedParameter:
    parameter = rules.parameter

    def fits(texts: Texts) -> bool:
        sent = rules.from_texts([texts] if isinstance(texts, str) else list(texts))
        return _fit(engine, parameter, sent.values)

    return PromisedParameter(parameter.name, parameter.required, _decisions(parameter, engine, fits))


def _decisions(parameter: Parameter, engine: Engine, fits: Callable[[Texts], bool]) -> Mapping[Texts, bool]:
    """Decides on the texts of a parameter: by little more than their type, where that says enough."""
    document = engine.compiled
    schema = document.get(document.follow(parameter.schema)) if parameter.schema is not None else None
    if not isinstance(schema, dict) or parameter.media_type is not None:
        return Memory[Texts](fits)
    keywords = schema.keys() - _ANNOTATIONS
    if schema.get("type") == "string" and not keywords:
        return _AnyText()
    limits = (schema.get("minimum", -math.inf), schema.get("maximum", math.inf))
    is_number = schema.get("type") == "integer" and schema.get("format") in (None, "int32", "int64")
    if is_number and keywords <= _LIMITS and all(type(limit) in (int, float) for limit in limits):
        return _Integers(*limits)
    return Memory[Texts](fits)


def _promised_header(header: Parameter, reader: ValueReader, engine: Engine) -> PromisedParameter:

    def fits(texts: Texts) -> bool:
        values = parameter_values(reader, header, [texts] if isinstance(texts, str) else list(texts))
        return _fit(engine, header, values or ())

    return PromisedParameter(header.name.lower(), header.required, _decisions(header, engine, fits))


def _fit(engine: Engine, parameter: Parameter, values: tuple[object, ...]) -> bool:
    schema = parameter.schema
    try:
        return schema is None or all(engine.is_valid(schema, value) for value in values)
    except (ValueError, LimitError):  # such as a lone surrogate: the checks say what is wrong
        return False
