"""A client that sends what wirecheck itself writes: whatever is wrong with it is wrong with the harness."""

import base64
import importlib
import inspect
import json
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from smoke.package import NOTHING
from smoke.values import undeclared
from wirecheck.decode import essence, is_json
from wirecheck.decode.encoding import written_body, written_parameter
from wirecheck.encode.forms import joined
from wirecheck.spec import Document, MediaType, Operation, Parameter, SecurityScheme, Spec

_SECRET = "smoke-credential"


class Oracle:
    """Has what the harness uses of a `Package`."""

    module = importlib.import_module("smoke.oracle")
    service = None
    secrets: frozenset[str] = frozenset()

    def __init__(self, spec: Spec) -> None:
        self._document = spec.document
        self.endpoints = [_endpoint(operation) for operation in spec.operations]
        self.http = importlib.import_module("httpx")

    def client(self, is_async: bool, handler: Callable[[Any], Any], base_url: str) -> Any:
        kind = self.http.AsyncClient if is_async else self.http.Client
        return SimpleNamespace(
            http=kind(transport=self.http.MockTransport(handler)), url=base_url, is_async=is_async
        )

    def method(self, client: Any, endpoint: Any) -> Any:
        """A function with one argument for each parameter, and one for the body."""

        def send(**named: Any) -> Any:
            sent = client.http.send(
                client.http.build_request(**_request(self._document, endpoint, client.url, named))
            )
            return _awaited(sent) if client.is_async else _value(sent)

        names = [*(each.argument for each in endpoint.parameters), "body"]
        arguments = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in names]
        send.__signature__ = inspect.Signature(arguments)  # type: ignore[attr-defined]
        return send

    def consumed(self, result: Any) -> Any:
        return result

    async def consumed_async(self, result: Any) -> Any:
        return await result

    def touch(self, value: Any) -> None:
        """Everything is there already."""

    def plain(self, value: Any) -> Any:
        return value


def _endpoint(operation: Operation) -> Any:
    parameters = [
        SimpleNamespace(argument=f"p{index}", name=each.name, place=each.location, described=each)
        for index, each in enumerate([*undeclared(operation), *operation.parameters])
    ]
    content = operation.request_body.content if operation.request_body else ()
    bodies = [SimpleNamespace(media_type=each.name, fields=None, described=each) for each in content]
    return SimpleNamespace(
        id=operation.name, name=operation.name, parameters=parameters, bodies=bodies, operation=operation
    )


def _request(document: Document, endpoint: Any, base_url: str, named: dict[str, Any]) -> dict[str, Any]:
    """The arguments of httpx for a request."""
    operation: Operation = endpoint.operation
    described = {each.argument: each.described for each in endpoint.parameters}
    given = [(described[name], value) for name, value in named.items() if name in described]
    pairs: dict[str, list[tuple[str, str]]] = {"path": [], "query": [], "header": [], "cookie": []}
    for parameter, value in [*given, *_credentials(operation)]:
        written = _pairs(document, parameter, value)
        if parameter.location in ("path", "header"):
            written = [(parameter.name, written[0][1])]
        pairs["query" if parameter.location == "querystring" else parameter.location] += written
    headers = dict(pairs["header"])
    if pairs["cookie"]:
        headers["cookie"] = "; ".join(f"{name}={text}" for name, text in pairs["cookie"])
    request = {"method": operation.method, "url": _url(operation, base_url, pairs), "headers": headers}
    if "body" in named:
        content, headers["content-type"] = _body(document, endpoint.bodies[0].described, named["body"])
        return {**request, "content": content}
    return request


def _url(operation: Operation, base_url: str, pairs: dict[str, list[tuple[str, str]]]) -> str:
    path = operation.template.partition("#")[0]
    for name, text in pairs["path"]:
        path = path.replace(f"{{{name}}}", text)
    if operation.servers:
        origin = re.match("https://[^/]*", base_url)
        base_url = (origin[0] if origin else "") + operation.servers[0]
    query = joined(pairs["query"])
    return re.sub("[{}]", "", base_url) + path + (f"?{query}" if query else "")


def _pairs(document: Document, parameter: Parameter, value: Any) -> list[tuple[str, str]]:
    if not parameter.pointer:
        return [(parameter.name, value)]
    return written_parameter(document, parameter, value)


def _credentials(operation: Operation) -> Iterator[tuple[Parameter, str]]:
    for scheme in operation.security[0] if operation.security else ():
        location, name, value = _carried(scheme)
        yield Parameter(name, location, "", False, None, "form", False), value


def _carried(scheme: SecurityScheme) -> tuple[str, str, str]:
    if scheme.kind == "apiKey":
        return scheme.location, scheme.parameter, _SECRET
    if scheme.scheme == "basic":
        return "header", "authorization", "Basic " + base64.b64encode(f"user:{_SECRET}".encode()).decode()
    return "header", "authorization", f"Bearer {_SECRET}"


def _body(document: Document, content: MediaType, value: Any) -> tuple[bytes, str]:
    kind = content.name if "*" not in content.name else "application/octet-stream"
    if isinstance(value, bytes):
        return value, kind
    if isinstance(value, str) and not is_json(essence(kind)):
        return value.encode(), kind
    if "*" in content.name:
        return json.dumps(value).encode(), "application/json"
    return written_body(document, content, _texts(value))


def _texts(value: Any) -> Any:
    """The value with texts in place of files, as JSON has them."""
    if isinstance(value, dict):
        return {name: _texts(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return "bytes" if isinstance(value, bytes) else value


async def _awaited(sent: Any) -> Any:
    return _value(await sent)


def _value(response: Any) -> Any:
    is_of_json = is_json(essence(response.headers.get("content-type", "")))
    return response.json() if is_of_json and response.content else NOTHING
