"""Exchanges that satisfy a document, built from the examples in it."""

import itertools
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from support.judging import MULTIPART, TOKEN, multipart
from wirecheck.model import Exchange, Headers
from wirecheck.spec import MediaType, Operation, Response, Spec, join


def faithful_exchanges(spec: Spec, host: str) -> Iterator[Exchange]:
    """Every example of a request of each operation with every example of its responses.

    All parameters, bodies and headers of the document must have examples.
    """
    for operation in spec.operations:
        template = (operation.servers or spec.prefixes)[0] + operation.template
        for path, query, request_body in itertools.product(
            _parameters(spec, operation, "path"),
            _parameters(spec, operation, "query"),
            _request_bodies(spec, operation),
        ):
            content_type, body, fields_in_query = request_body
            quoted = {name: quote(value, safe="") for name, value in path.items()}
            pairs = urlencode({**query, **fields_in_query, **_credentials(operation)})
            for response in operation.responses:
                for response_headers, response_body in _responses(spec, response):
                    yield Exchange(
                        source=f"{operation.name}-{response.status}.har#0",
                        entry=0,
                        method=operation.method,
                        url=f"{host}{template.format_map(quoted)}{'?' * bool(pairs)}{pairs}",
                        status=int(response.status),
                        request_headers=(("accept", "*/*"), *_content_type(content_type)),
                        request_body=body,
                        response_headers=response_headers,
                        response_body=response_body,
                    )


def examples(spec: Spec, pointer: str) -> list[Any]:
    """The examples of the object at a pointer."""
    document = spec.document
    value = document.get(pointer)
    if "example" in value:
        return [value["example"]]
    pointers = [document.follow(join(pointer, "examples", name)) for name in value["examples"]]
    return [document.get(pointer)["value"] for pointer in pointers]


def _parameters(spec: Spec, operation: Operation, location: str) -> Iterator[dict[str, str]]:
    """Every combination of the examples of the parameters of a location."""
    parameters = [parameter for parameter in operation.parameters if parameter.location == location]
    for values in itertools.product(*(examples(spec, parameter.pointer) for parameter in parameters)):
        texts = map(_text, values)
        yield {parameter.name: text for parameter, text in zip(parameters, texts, strict=True)}


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _credentials(operation: Operation) -> dict[str, str]:
    schemes = operation.security[0] if operation.security else ()
    return {scheme.parameter: TOKEN for scheme in schemes if scheme.kind == "apiKey"}


def _request_bodies(spec: Spec, operation: Operation) -> Iterator[tuple[str, bytes | None, dict[str, str]]]:
    """Content-Type, body, and fields for the query, of every way to send a request."""
    if operation.request_body is None:
        yield "", None, {}
        return
    for media_type in operation.request_body.content:
        for fields in examples(spec, media_type.pointer):
            if media_type.name == "multipart/form-data":
                yield MULTIPART, multipart(fields), {}
            else:
                yield media_type.name, urlencode(fields).encode(), {}
                if operation.request_body.also_in_query:
                    yield "", b"", fields


def _responses(spec: Spec, response: Response) -> Iterator[tuple[Headers, bytes]]:
    """Headers and body of every example of a response."""
    headers: Headers = (
        *((header.name.lower(), _text(examples(spec, header.pointer)[0])) for header in response.headers),
        ("server", "nginx"),
    )
    if not response.content:
        yield headers, b""
    for media_type in response.content:
        content_type = _content_type(f"{media_type.name}; charset=utf-8")
        for body in _bodies(spec, media_type):
            yield (*headers, *content_type), body


def _bodies(spec: Spec, media_type: MediaType) -> Iterator[bytes]:
    for value in examples(spec, media_type.pointer):
        yield (json.dumps(value) if media_type.name == "application/json" else value).encode()


def _content_type(name: str) -> Headers:
    return (("content-type", name),) if name else ()
