"""From the wire to values: parameters, forms, bodies and media types, by the rules of a document.

`decode.encoding` is the way back.
"""

from wirecheck.decode.bodies import DecodedBody, Part, decoded_body, json_body
from wirecheck.decode.credentials import SentCredential
from wirecheck.decode.forms import FIELDS, form_pairs, query_pairs
from wirecheck.decode.media_types import documented_type, fits, header_parameters, header_values
from wirecheck.decode.parameters import values as parameter_values
from wirecheck.decode.reader import ValueReader
from wirecheck.decode.request import Request, RequestReader, SentBody, split_url
from wirecheck.decode.schemas import parts, payload_name, property_schema, schema_types
from wirecheck.decode.sent import SentParameter, recorded
from wirecheck.decode.styles import style_of
from wirecheck.decode.texts import (
    MAX_VALUES,
    UndecidedError,
    UndecodableError,
    has_many_values,
    json_value,
    readings,
)
from wirecheck.encode.media_types import FORM, MULTIPART, essence, is_json
from wirecheck.encode.styles import Pairs, Style

__all__ = [
    "FIELDS",
    "FORM",
    "MAX_VALUES",
    "MULTIPART",
    "DecodedBody",
    "Pairs",
    "Part",
    "Request",
    "RequestReader",
    "SentBody",
    "SentCredential",
    "SentParameter",
    "Style",
    "UndecidedError",
    "UndecodableError",
    "ValueReader",
    "decoded_body",
    "documented_type",
    "essence",
    "fits",
    "form_pairs",
    "has_many_values",
    "header_parameters",
    "header_values",
    "is_json",
    "json_body",
    "json_value",
    "parameter_values",
    "parts",
    "payload_name",
    "property_schema",
    "query_pairs",
    "readings",
    "recorded",
    "schema_types",
    "split_url",
    "style_of",
]
