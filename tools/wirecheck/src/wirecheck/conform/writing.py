"""Cases as they are written: path, query, headers and body, with credentials in their places."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

from wirecheck.conform.case import Case
from wirecheck.conform.encoding import authorization, body_type, carried, goes_in_form
from wirecheck.decode import FORM, Pairs, UndecidedError, essence
from wirecheck.decode.encoding import (
    undocumented_parameter,
    written_body,
    written_fields,
    written_parameter,
)
from wirecheck.spec import SecurityScheme, Spec


@dataclass(slots=True)
class WrittenRequest:
    """A request below the server of its operation; the pairs of the query are escaped."""

    method: str
    path: str
    query: Pairs
    headers: dict[str, str]
    content: bytes = b""


def written(spec: Spec, case: Case, credentials: Mapping[str, str]) -> WrittenRequest:
    """The request of a case.

    Raises UndecidedError for a body that no rule says how to write, and for a path that lacks a value.
    """
    operation = case.operation
    request = WrittenRequest(case.method or operation.method, operation.template, [], {})
    cookies = _write_parameters(spec, case, request)
    if case.address is None and (missing := re.search(r"\{([^{}]*)\}", request.path)):
        raise UndecidedError(f"the path parameter {missing[1]} is not described")
    content_type = _write_body(spec, case, request)
    for scheme, secret in dict(carried(spec, operation, credentials)).items():
        if scheme.location == "query" and goes_in_form(spec, scheme, request.method, content_type):
            field = urlencode({scheme.parameter: secret}).encode()
            request.content = b"&".join(filter(None, [request.content, field]))
            content_type = FORM
        else:
            _write_credential(scheme, secret, request, cookies)
    if content_type:
        request.headers.setdefault("Content-Type", content_type)
    if cookies:
        request.headers["Cookie"] = "; ".join(cookies)
    return request


def _write_parameters(spec: Spec, case: Case, request: WrittenRequest) -> list[str]:
    """Writes the parameters of a case; the cookies among them."""
    cookies: list[str] = []
    documented = {(parameter.location, parameter.name): parameter for parameter in case.operation.parameters}
    for (location, name), value in case.parameters.items():
        parameter = documented.get((location, name))
        if parameter is None:
            pairs = undocumented_parameter(name, location, value)
        else:
            pairs = written_parameter(spec.document, parameter, value)
        if location == "path":
            request.path = request.path.replace(f"{{{name}}}", ",".join(text for _, text in pairs))
        elif location == "header":
            request.headers[name] = ",".join(text for _, text in pairs)
        elif location == "cookie":
            cookies += [f"{key}={text}" for key, text in pairs]
        else:
            request.query += pairs
    return cookies


def _write_body(spec: Spec, case: Case, request: WrittenRequest) -> str | None:
    """Writes the body of a case; its Content-Type, None where there is no body."""
    described = body_type(case.operation, case.media_type)
    if case.in_query:
        request.query += written_fields(spec.document, described, case.body or {})
    if case.content is not None:
        request.content = case.content
        return case.media_type or essence(described.name)
    if case.body is None or case.in_query:
        return None
    request.content, content_type = written_body(spec.document, described, case.body)
    return content_type


def _write_credential(
    scheme: SecurityScheme, secret: str, request: WrittenRequest, cookies: list[str]
) -> None:
    if scheme.location == "query":
        request.query.append((quote_plus(scheme.parameter), quote_plus(secret)))
    elif scheme.location == "cookie":
        cookies.append(f"{scheme.parameter}={secret}")
    elif scheme.location == "header":
        request.headers[scheme.parameter] = secret
    else:
        request.headers["Authorization"] = authorization(scheme, secret)
