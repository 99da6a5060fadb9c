"""The operations of a document, with every reference followed; schemas are pointers into it.

What cannot be used is left out: `problems` says why.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from wirecheck.spec.document import Document, SpecProblem, join
from wirecheck.spec.structure import METHODS, Kind, Node, walk

MAX_PATH = 2000  # characters of a path
MAX_SEGMENTS = 100
MAX_SHOWN = 40  # characters of a value in a message
_LOCATIONS = {
    "2.0": ("query", "header", "path", "formData", "body"),
    **dict.fromkeys(("3.0", "3.1"), ("query", "header", "path", "cookie")),
    "3.2": ("query", "querystring", "header", "path", "cookie"),
}
_IGNORED_HEADERS = {"accept", "content-type", "authorization"}
"""Header parameters that "shall be ignored" (OpenAPI 3.1.1, 4.8.12)."""
_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form", "querystring": "form"}


class MediaType(Struct, frozen=True, array_like=True, gc=False):
    """A media type of a body; ``name`` is in lower case, ``schema`` a pointer, None without one.

    ``item_schema`` is that of each item of a stream (OpenAPI 3.2, itemSchema).
    """

    name: str
    pointer: str
    schema: str | None
    item_schema: str | None = None


class Parameter(Struct, frozen=True, array_like=True, gc=False):
    """A parameter, or a header of a response.

    ``location`` is path, query, header, cookie or querystring, which is all of the query.
    ``media_type`` is set where ``content`` describes the value; ``style`` and ``explode`` mean
    nothing then.
    """

    name: str
    location: str
    pointer: str
    required: bool
    schema: str | None
    style: str
    explode: bool
    media_type: str | None = None


class RequestBody(Struct, frozen=True, array_like=True, gc=False):
    """A body; with ``also_in_query`` the fields of a form may be in the query (x-also-in-query)."""

    pointer: str
    required: bool
    content: tuple[MediaType, ...]
    also_in_query: bool


class Response(Struct, frozen=True, array_like=True, gc=False):
    """A response; ``status`` as documented: ``200``, ``4XX`` or ``default``."""

    status: str
    pointer: str
    content: tuple[MediaType, ...]
    headers: tuple[Parameter, ...]


class SecurityScheme(Struct, frozen=True, array_like=True, gc=False):
    """A security scheme by the ``name`` of its component.

    ``kind`` is apiKey, http, oauth2, openIdConnect or mutualTLS. ``parameter`` and ``location``
    are the place of an apiKey, ``scheme`` is that of http, in lower case: ``basic``, ``bearer``.
    """

    name: str
    kind: str
    location: str = ""
    parameter: str = ""
    scheme: str = ""


class Operation(Struct, frozen=True, array_like=True, gc=False):
    """An operation; ``name`` is the operationId, or method and template where there is none.

    ``security`` lists the alternatives; each is a tuple of schemes that are required together.
    ``servers`` are path prefixes of its own, which replace those of the document.
    """

    name: str
    method: str
    template: str
    pointer: str
    parameters: tuple[Parameter, ...]
    request_body: RequestBody | None
    responses: tuple[Response, ...]
    security: tuple[tuple[SecurityScheme, ...], ...]
    security_pointer: str
    servers: tuple[str, ...] = ()

    @property
    def statuses(self) -> tuple[str, ...]:
        return tuple(response.status for response in self.responses)

    @property
    def schemes(self) -> frozenset[SecurityScheme]:
        """The schemes of all security alternatives."""
        return frozenset(scheme for together in self.security for scheme in together)

    def response(self, status: int) -> Response | None:
        """The documented response for a status: the code wins over its range, the range over default."""
        by_status = {response.status.upper(): response for response in self.responses}
        return by_status.get(str(status)) or by_status.get(f"{status // 100}XX") or by_status.get("DEFAULT")


def operations(document: Document) -> Iterator[Operation]:
    """The operations under ``paths`` in the order of the document."""
    schemes = dict(_security_schemes(document))
    for template in document.data.get("paths", {}):
        if not template.startswith("x-") and not any(_path_problems(template)):
            item = document.follow(join("/paths", template))
            for method, pointer in _methods(document, item):
                yield _operation(document, schemes, template, item, method, pointer)


def problems(document: Document) -> Iterator[SpecProblem]:
    """What else cannot be used of a document whose objects are objects, and whose references lead to some."""
    known = {problem.pointer for problem in document.problems}
    for template in document.data.get("paths", {}):
        if not template.startswith("x-"):
            for message in _path_problems(template):
                yield SpecProblem(join("/paths", template), message)
    for node in walk(document):
        for find in _FURTHER.get(node.kind, ()):
            yield from (problem for problem in find(document, node) if problem.pointer not in known)


def _parameter_problems(document: Document, node: Node) -> Iterator[SpecProblem]:
    if node.ref is not None:
        return
    name, location = node.value.get("name"), node.value.get("in")
    if "name" not in node.value or "in" not in node.value:
        yield SpecProblem(node.pointer, "a parameter must have `name` and `in`")
    elif not isinstance(name, str):
        yield SpecProblem(join(node.pointer, "name"), "must be a string")
    elif not isinstance(location, str):
        yield SpecProblem(join(node.pointer, "in"), "must be a string")
    elif location not in _STYLES:
        from wirecheck.spec.versions import version

        *others, last = (f'"{name}"' for name in _LOCATIONS[version(document.as_written())[:3]])
        what = f'"in" is "{location[:MAX_SHOWN]}", not {", ".join(others)} or {last}'
        yield SpecProblem(join(node.pointer, "in"), what)


def _style_problems(document: Document, node: Node) -> Iterator[SpecProblem]:
    if not isinstance(node.value.get("style", ""), str):
        yield SpecProblem(join(node.pointer, "style"), "must be a string")


def _path_problems(template: str) -> Iterator[str]:
    if not template.startswith("/"):
        yield "a path must begin with a slash"
    elif len(template) > MAX_PATH or template.count("/") > MAX_SEGMENTS:
        yield f"a path is longer than {MAX_PATH} characters or {MAX_SEGMENTS} segments"


def _security_problems(document: Document, node: Node) -> Iterator[SpecProblem]:
    pointer = join(node.pointer, "security")
    schemes = document.data.get("components", {}).get("securitySchemes", {})
    for index, requirement in enumerate(node.value.get("security", [])):
        for name in requirement:
            if name not in schemes:
                yield SpecProblem(join(pointer, index, name), "there is no such security scheme")


def _server_problems(document: Document, node: Node) -> Iterator[SpecProblem]:
    pointer = join(node.pointer, "servers")
    for index, server in enumerate(node.value.get("servers", [])):
        if not isinstance(server.get("url"), str):
            yield SpecProblem(join(pointer, index), "a server must have a url")


_FURTHER: dict[Kind, tuple[Callable[[Document, Node], Iterator[SpecProblem]], ...]] = {
    Kind.DOCUMENT: (_security_problems, _server_problems),
    Kind.PATH_ITEM: (_server_problems,),
    Kind.OPERATION: (_security_problems, _server_problems),
    Kind.PARAMETER: (_parameter_problems, _style_problems),
    Kind.HEADER: (_style_problems,),
}
"""What is looked for in the objects of each kind."""


def _methods(document: Document, item: str) -> Iterator[tuple[str, str]]:
    """The methods of the path item at a pointer, each with the pointer of its operation."""
    value = document.get(item)
    for method in METHODS:
        if method in value:
            yield method.upper(), join(item, method)
    for method in value.get("additionalOperations", {}):  # OpenAPI 3.2: as they are sent
        yield method, join(item, "additionalOperations", method)


def callbacks(document: Document, operation: Operation) -> Iterator[Operation]:
    """The callbacks of an operation; the template of each is the runtime expression of its address."""
    schemes = dict(_security_schemes(document))
    for name in document.get(operation.pointer).get("callbacks", {}):
        pointer = document.follow(join(operation.pointer, "callbacks", name))
        for address in document.get(pointer):
            if not address.startswith("x-"):
                item = document.follow(join(pointer, address))
                for method, operation_pointer in _methods(document, item):
                    yield _operation(document, schemes, address, item, method, operation_pointer)


def server_prefixes(document: Document, pointer: str) -> tuple[str, ...]:
    """The path prefixes of the ``servers`` of the object at a pointer, without a trailing slash.

    A server variable becomes ``{name}``, which matches any one path segment; its default takes its
    place where that is empty or has a slash. A relative URL counts from the root.
    """
    servers = document.get(pointer).get("servers", [])
    prefixes = []
    for server in servers if isinstance(servers, list) else []:
        url = server.get("url") if isinstance(server, dict) else None
        if not isinstance(url, str):
            continue
        path = re.sub(r"^([^/]*:)?//[^/?#]*|[?#].*", "", _with_defaults(url, server.get("variables")))
        prefixes.append(posixpath.normpath(f"/{path}").strip("/"))
    return tuple(dict.fromkeys(f"/{prefix}" if prefix else "" for prefix in prefixes))


def server_hosts(document: Document, pointer: str) -> tuple[str, ...]:
    """The hosts, with their ports, of the ``servers`` of the object at a pointer that have absolute URLs."""
    hosts = []
    servers = document.get(pointer).get("servers")
    for server in servers if isinstance(servers, list) else []:
        url = server.get("url") if isinstance(server, dict) else None
        match = re.match(r"(?:[^/]*:)?//(?:[^/?#@]*@)?([^/?#]+)", url) if isinstance(url, str) else None
        if match:
            hosts.append(match[1].lower())
    return tuple(hosts)


def _with_defaults(url: str, variables: Any) -> str:
    """The URL with those variables replaced whose default is not a path segment."""

    def replacement(match: re.Match[str]) -> str:
        variable = variables.get(match[1]) if isinstance(variables, dict) else None
        default = variable.get("default") if isinstance(variable, dict) else None
        is_segment = default != "" and "/" not in str(default)
        return match[0] if not isinstance(default, str) or is_segment else default

    return re.sub(r"\{([^{}]*)\}", replacement, url)


def _operation(
    document: Document,
    schemes: dict[str, SecurityScheme],
    template: str,
    item_pointer: str,
    method: str,
    pointer: str,
) -> Operation:
    value = document.get(pointer)
    name = value.get("operationId")
    body_pointer = join(pointer, "requestBody")
    statuses = [status for status in value.get("responses", {}) if not status.startswith("x-")]
    security_owner = pointer if "security" in value else ""
    return Operation(
        name=name if isinstance(name, str) else f"{method} {template}",
        method=method,
        template=template,
        pointer=pointer,
        parameters=_parameters(document, item_pointer, pointer),
        request_body=_request_body(document, body_pointer) if "requestBody" in value else None,
        responses=tuple(
            _response(document, status, join(pointer, "responses", status)) for status in statuses
        ),
        security=_security(document, schemes, security_owner),
        security_pointer=join(security_owner, "security"),
        servers=server_prefixes(document, pointer) or server_prefixes(document, item_pointer),
    )


def _parameters(document: Document, item_pointer: str, pointer: str) -> tuple[Parameter, ...]:
    """The parameters of a path item and of its operation, whose own win over those of the item."""
    parameters: dict[tuple[str, str], Parameter] = {}
    for owner in (item_pointer, pointer):
        for index in range(len(document.get(owner).get("parameters", []))):
            parameter = _parameter(document, join(owner, "parameters", index))
            if parameter is None:
                continue
            name = parameter.name.lower() if parameter.location == "header" else parameter.name
            if parameter.location != "header" or name not in _IGNORED_HEADERS:
                parameters[parameter.location, name] = parameter
    return tuple(parameters.values())


def _parameter(document: Document, pointer: str) -> Parameter | None:
    pointer = document.follow(pointer)
    value = document.get(pointer)
    name, location = value.get("name"), value.get("in")
    if not isinstance(name, str) or not isinstance(location, str) or location not in _STYLES:
        return None
    return _described(document, pointer, name, location)


def _described(document: Document, pointer: str, name: str, location: str) -> Parameter:
    value = document.get(pointer)
    style = value.get("style")
    if not isinstance(style, str):
        style = _STYLES[location]
    media_types = _content(document, pointer)
    schema = join(pointer, "schema") if "schema" in value else None
    return Parameter(
        name=name,
        location=location,
        pointer=pointer,
        required=value.get("required") is True or location == "path",
        schema=media_types[0].schema if media_types else schema,
        style=style,
        explode=value.get("explode", style == "form") is True,
        media_type=media_types[0].name if media_types else None,
    )


def _request_body(document: Document, pointer: str) -> RequestBody:
    pointer = document.follow(pointer)
    value = document.get(pointer)
    return RequestBody(
        pointer=pointer,
        required=value.get("required") is True,
        content=_content(document, pointer),
        also_in_query=value.get("x-also-in-query") is True,
    )


def _response(document: Document, status: str, pointer: str) -> Response:
    pointer = document.follow(pointer)
    headers = document.get(pointer).get("headers", {})
    return Response(
        status=status,
        pointer=pointer,
        content=_content(document, pointer),
        headers=tuple(
            _described(document, document.follow(join(pointer, "headers", name)), name, "header")
            for name in headers
            if name.lower() != "content-type"  # "shall be ignored" (OpenAPI 3.1, 4.8.17)
        ),
    )


def _content(document: Document, pointer: str) -> tuple[MediaType, ...]:
    content = document.get(pointer).get("content", {})
    return tuple(
        _media_type(document, name, document.follow(join(pointer, "content", name))) for name in content
    )


def _media_type(document: Document, name: str, pointer: str) -> MediaType:
    value = document.get(pointer)
    return MediaType(
        name=name.lower(),
        pointer=pointer,
        schema=join(pointer, "schema") if "schema" in value else None,
        item_schema=join(pointer, "itemSchema") if "itemSchema" in value else None,
    )


def _security_schemes(document: Document) -> Iterator[tuple[str, SecurityScheme]]:
    for name in document.data.get("components", {}).get("securitySchemes", {}):
        value = document.get(document.follow(join("/components/securitySchemes", name)))
        fields = {
            key: value[key] for key in ("type", "in", "name", "scheme") if isinstance(value.get(key), str)
        }
        yield (
            name,
            SecurityScheme(
                name=name,
                kind=fields.get("type", ""),
                location=fields.get("in", ""),
                parameter=fields.get("name", ""),
                scheme=fields.get("scheme", "").lower(),
            ),
        )


def _security(
    document: Document, schemes: dict[str, SecurityScheme], owner: str
) -> tuple[tuple[SecurityScheme, ...], ...]:
    requirements = document.get(owner).get("security", [])
    if any(name not in schemes for requirement in requirements for name in requirement):
        return ()  # whether credentials are missing cannot be said
    return tuple(tuple(schemes[name] for name in requirement) for requirement in requirements)
