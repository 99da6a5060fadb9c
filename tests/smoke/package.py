"""What the harness knows of the layout of a generated package; nothing else of it does."""

import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import ModuleType
from typing import Any

from wirecheck.decode import essence
from wirecheck.spec import Operation, Parameter

_OPTIONS = frozenset(
    {
        *("self", "base_url", "timeout", "max_retries", "strict", "http_client", "transport"),
        *("default_headers", "default_query", "default_params", "extra_headers", "user_agent", "server"),
    }
)
"""Arguments of a client that are no credentials, where the package does not say which ones are."""
_HTTP = ("httpx2", "httpx")
_CREDENTIAL = "smoke-credential"
_MOST = 50  # items of a stream
NOTHING = object()


@dataclass(frozen=True, slots=True)
class Arguments:
    """Arguments of a call by name; ``missing`` are what the method has no argument for."""

    named: dict[str, Any]
    missing: tuple[str, ...] = ()


class Package:
    """An imported package."""

    def __init__(self, name: str) -> None:
        self.module = importlib.import_module(name)
        self._sides = {is_async: self._part("_async" if is_async else "_sync") for is_async in (False, True)}
        endpoints = self._part("_endpoints")
        self.service = getattr(endpoints, "SERVICE", None)
        self.secrets = frozenset(_strings(getattr(self.service, "schemes", {})))
        self.endpoints = list(_endpoints(vars(endpoints).values()))

    def _part(self, name: str) -> ModuleType:
        return importlib.import_module(f"{self.module.__name__}.{name}")

    @property
    def http(self) -> Any:
        """The library that requests are sent with."""
        modules = [value for value in vars(self._sides[False]).values() if isinstance(value, ModuleType)]
        names = [*(module.__name__ for module in modules), *self._imported_by_runtime()]
        return importlib.import_module(next(name for name in _HTTP if name in names))

    def _imported_by_runtime(self) -> Iterator[str]:
        for name, module in list(sys.modules.items()):
            if name.startswith(f"{self.module.__name__}.") and module:
                yield from (
                    value.__name__ for value in vars(module).values() if isinstance(value, ModuleType)
                )

    def client(self, is_async: bool, handler: Callable[[Any], Any], base_url: str) -> Any:
        """A client whose requests a handler answers; ``base_url`` is used where it has no default."""
        client = self._client_class(is_async)
        options: dict[str, Any] = dict.fromkeys(self._credentials(client), _CREDENTIAL)
        options |= {"transport": self.http.MockTransport(handler), "max_retries": 0}
        try:
            return client(**options)
        except Exception:
            return client(base_url=base_url, **options)

    def _client_class(self, is_async: bool) -> Any:
        if self.service is not None and hasattr(self.service, "client"):
            return getattr(self.module, f"{'Async' if is_async else ''}{self.service.client}")
        for value in vars(self._sides[is_async]).values():
            if (
                inspect.isclass(value)
                and {"base_url", "transport"} <= inspect.signature(value).parameters.keys()
            ):
                return value
        raise LookupError("no class of a client")

    def _credentials(self, client: Any) -> list[str]:
        accepted = inspect.signature(client.__init__).parameters
        schemes = getattr(self.service, "schemes", None)
        return [name for name in accepted if (name not in _OPTIONS if schemes is None else name in schemes)]

    def method(self, client: Any, endpoint: Any) -> Any:
        """The method for an endpoint, such as ``client.bookings.payments.create``."""
        for name in endpoint.name.split("."):
            client = getattr(client, name)
        return client

    def consumed(self, result: Any) -> Any:
        """A result with everything of it that arrives late: one page of a list, all of a stream."""
        if self._is_stream(result, "__iter__"):
            return list(islice(result, _MOST))
        return result

    async def consumed_async(self, result: Any) -> Any:
        """The same of what an asynchronous method returns."""
        while inspect.isawaitable(result):
            result = await result
        if self._is_stream(result, "__aiter__"):
            items = []
            async for item in result:
                items.append(item)
                if len(items) == _MOST:
                    break
            return items
        return result

    def _is_stream(self, result: Any, method: str) -> bool:
        is_value = isinstance(result, Mapping | list | tuple | str | bytes)
        is_whole = is_value or self._is_model(result) or _is_page(result)
        return not is_whole and hasattr(type(result), method)

    def _is_model(self, value: Any) -> bool:
        return type(value).__module__.startswith(f"{self.module.__name__}.models")

    def touch(self, value: Any, depth: int = 0) -> None:
        """Reads everything of a result, as models may decode a member when it is read."""
        if depth > 8 or value is None or isinstance(value, str | int | float | bytes):
            return
        if isinstance(value, Mapping):
            members: list[Any] = list(value.values())
        elif isinstance(value, list | tuple):
            members = list(value)
        elif self._is_model(value):
            repr(value)
            members = [getattr(value, name, None) for name in _annotated(type(value))]
        else:
            members = [value.data] if _is_page(value) else []
        for member in members:
            self.touch(member, depth + 1)

    def plain(self, value: Any) -> Any:
        """A result as what JSON has; NOTHING where that cannot be said."""
        value = getattr(value, "envelope", value)
        for module in ("_runtime.models", "_runtime.plain"):
            try:
                function = self._part(module).plain
            except (ImportError, AttributeError):
                continue
            return function(value)
        if isinstance(value, list):
            items = [self.plain(item) for item in value]
            return NOTHING if any(item is NOTHING for item in items) else items
        if isinstance(value, Mapping | str | int | float) or value is None:
            return value
        return value.to_dict() if hasattr(value, "to_dict") else NOTHING


def within_envelope(endpoint: Any, result: Any, value: Any) -> Any:
    """What of the body of a response a method returns; NOTHING where that cannot be said."""
    if _is_page(result):
        return value
    for name in getattr(endpoint, "payload", ()):
        if not isinstance(value, dict) or name not in value:
            return NOTHING
        value = value[name]
    return value


def _is_page(value: Any) -> bool:
    """Whether a result is a page of a list; a model may have members of these names, but no methods."""
    return all(inspect.isroutine(getattr(type(value), name, None)) for name in ("has_next_page", "next_page"))


def _endpoints(values: Any) -> Iterator[Any]:
    for value in list(values):
        if isinstance(value, Mapping):
            yield from _endpoints(value.values())
        elif isinstance(getattr(value, "id", None), str) and isinstance(getattr(value, "name", None), str):
            yield value


def _strings(value: Any) -> Iterator[str]:
    """The texts within a value: of schemes, those that a request may have besides its arguments."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | tuple | list):
        for member in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(member)


def _annotated(kind: type) -> Iterator[str]:
    for base in kind.__mro__:
        if base is not object:
            yield from (name for name in vars(base).get("__annotations__", {}) if not name.startswith("_"))


def paired(endpoints: Iterable[Any], operations: Iterable[Operation]) -> dict[str, Any]:
    """The endpoint of each operation that has one, by the pointer of the operation.

    Of operations with one operationId, the first has the first endpoint with that id.
    """
    by_id: dict[str, list[Any]] = {}
    for endpoint in endpoints:
        by_id.setdefault(endpoint.id, []).append(endpoint)
    return {each.pointer: by_id[each.name].pop(0) for each in operations if by_id.get(each.name)}


def body_media_type(endpoint: Any, operation: Operation) -> str | None:
    """The media type that a method sends, None where it has no body."""
    content = operation.request_body.content if operation.request_body else ()
    bodies = getattr(endpoint, "bodies", None)
    if bodies:
        return str(bodies[0].media_type)
    return content[0].name if content else None


def arguments(
    method: Any, endpoint: Any, parameters: Mapping[Parameter, Any], media_type: str | None, body: Any
) -> Arguments:
    """The arguments for parameters and for a body, which is NOTHING for none."""
    accepted = set(inspect.signature(method).parameters)
    named: dict[str, Any] = {}
    missing = []
    for parameter, value in parameters.items():
        name = _argument(endpoint, parameter, accepted)
        if name is None or name not in accepted:
            missing.append(f"{parameter.location} parameter {parameter.name}")
        else:
            named[name] = value
    if body is not NOTHING:
        fields, lost = _fields(endpoint, accepted - named.keys(), media_type, body)
        named |= fields
        missing += lost
    return Arguments(named, tuple(missing))


def _argument(endpoint: Any, parameter: Parameter, accepted: set[str]) -> str | None:
    described = getattr(endpoint, "parameters", None)
    if described is None:
        return _similar(parameter.name, accepted, parameter.location)
    for each in described:
        same = (
            each.name.lower() == parameter.name.lower()
            if each.place == "header"
            else each.name == parameter.name
        )
        if same and each.place == parameter.location:
            return str(each.argument)
    return None


def _fields(
    endpoint: Any, accepted: set[str], media_type: str | None, body: Any
) -> tuple[dict[str, Any], list[str]]:
    """The arguments for a body, and what of it there is none for."""
    if isinstance(body, dict):
        filled = getattr(endpoint, "form_fields", ())  # by the client
        body = {name: value for name, value in body.items() if name not in filled}
    by_member = _arguments_of_members(endpoint, accepted, media_type, body)
    if by_member is None:
        return ({"body": body}, []) if "body" in accepted else ({}, ["the body"])
    named = {argument: body[name] for name, argument in by_member.items() if argument}
    return named, [f"member {name} of the body" for name, argument in by_member.items() if not argument]


def _arguments_of_members(
    endpoint: Any, accepted: set[str], media_type: str | None, body: Any
) -> dict[str, str | None] | None:
    """The argument for each member of a body; None where one argument takes the body."""
    bodies = getattr(endpoint, "bodies", None)
    if not isinstance(body, dict):
        return None
    if bodies is None:
        return None if "body" in accepted else {name: _similar(name, accepted) for name in body}
    fields = _documented_fields(bodies, media_type or "")
    if fields is None:
        return None
    by_member = {member: argument for argument, member in fields.items() if argument in accepted}
    return {name: by_member.get(name) for name in body}


def _documented_fields(bodies: Iterable[Any], media_type: str) -> Mapping[str, str] | None:
    """The members of a body by the arguments that take them; None where one argument takes the body."""
    kind = essence(media_type)
    return next((each.fields for each in bodies if essence(each.media_type) == kind), None)


def _similar(name: str, accepted: set[str], location: str = "") -> str | None:
    """The argument whose name is that of the wire, in another spelling."""
    wanted = [_letters(name), _letters(name) + location, _letters(location + name), f"field{_letters(name)}"]
    by_letters = {_letters(argument): argument for argument in sorted(accepted, reverse=True)}
    return next((by_letters[letters] for letters in wanted if letters in by_letters), None)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
