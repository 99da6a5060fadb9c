"""Reads what a stainless.yml says of the names and pages of a client."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wirecheck.words import identifier, words

StainlessPath = tuple[str | int, ...]

_METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "trace", "query"}
_READ = {"resources", "targets", "pagination"}
_SILENT = {"$schema", "edition", "organization", "openapi", "readme", "environments"}
"""What says nothing that the document does not say, or nothing about the client."""
_OF_METHODS = {"endpoint", "paginated", "skip", "type", "deprecated"}
_OF_RESOURCES = {"methods", "subresources", "models", "description", "name", "standalone_api"}


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type of pages: the members of x-pagination, and the purposes of properties that are their values."""

    required: dict[str, str]
    optional: dict[str, str]
    fixed: dict[str, Any] = field(default_factory=dict)


_MORE = {"more": "has_next_page"}
_KINDS: Mapping[Any, _Kind] = {
    "cursor": _Kind(
        {"items": "items", "cursor": "next_cursor_field", "parameter": "next_cursor_param"}, _MORE
    ),
    "cursor_url": _Kind({"items": "items", "next-url": "cursor_url_field"}, _MORE),
    "page_number": _Kind(
        {"items": "items", "parameter": "page_number_param"},
        {**_MORE, "current": "current_page_number_field", "total": "total_page_count_field"},
        {"kind": "page", "first": 1},
    ),
    "offset": _Kind(
        {"items": "items", "parameter": "offset_count_param"},
        {**_MORE, "total": "offset_total_count_field"},
        {"kind": "offset", "first": 0},
    ),
}


@dataclass(slots=True)
class StainlessConfig:
    """The parts of a stainless.yml that mean something here, and a warning for each other one."""

    operations: dict[str, str] = field(default_factory=dict)
    pagination: dict[str, bool | Mapping[str, Any]] = field(default_factory=dict)
    schemes: list[Mapping[str, Any]] = field(default_factory=list)
    package: dict[str, str] = field(default_factory=dict)
    warnings: list[tuple[StainlessPath, str]] = field(default_factory=list)


def is_config(value: Any) -> bool:
    """Whether a value is that of a stainless.yml, and not of a file of ours."""
    return isinstance(value, dict) and isinstance(value.get("resources"), dict)


def read(value: Mapping[str, Any], known: Collection[str]) -> StainlessConfig:
    """What a stainless.yml says; ``known`` are the operations of the document, as method and path."""
    config = StainlessConfig()
    for name in value:
        if name not in _READ | _SILENT:
            config.warnings.append(((name,), f"{name} is not read"))
    for name, resource in _mapping(value.get("resources")).items():
        _resource(config, resource, ("resources", name), (), known)
    schemes = value.get("pagination")
    for index, scheme in enumerate(schemes if isinstance(schemes, list) else []):
        found = _scheme(_mapping(scheme))
        if found is None:
            kind = _mapping(scheme).get("type")
            config.warnings.append((("pagination", index), f"pages of the type {kind} are not read"))
        else:
            config.schemes.append(found)
    _package(config, _mapping(_mapping(value.get("targets")).get("python")))
    return config


def _resource(
    config: StainlessConfig, value: Any, path: StainlessPath, above: tuple[str, ...], known: Collection[str]
) -> None:
    name = str(path[-1])
    if name == "$shared":
        return
    resource = above if name == "$client" else (*above, identifier(words(name)))
    value = _mapping(value)
    for key in value.keys() - _OF_RESOURCES:
        config.warnings.append(((*path, key), f"{key} is not read"))
    for method, described in _mapping(value.get("methods")).items():
        _method(config, described, (*path, "methods", method), resource, known)
    for inner, described in _mapping(value.get("subresources")).items():
        _resource(config, described, (*path, "subresources", inner), resource, known)


def _method(
    config: StainlessConfig,
    value: Any,
    path: StainlessPath,
    resource: tuple[str, ...],
    known: Collection[str],
) -> None:
    members = {"endpoint": value} if isinstance(value, str) else _mapping(value)
    for key in members.keys() - _OF_METHODS:
        config.warnings.append(((*path, key), f"{key} is not read"))
    endpoint = members.get("endpoint")
    if not isinstance(endpoint, str):
        config.warnings.append((path, "a method without an endpoint is not read"))
        return
    method, _, template = endpoint.strip().partition(" ")
    operation = f"{method.upper()} {template.strip()}"
    if method.lower() not in _METHODS or operation not in known:
        config.warnings.append((path, f"the document has no operation {endpoint}"))
        return
    if members.get("skip") is True:
        config.warnings.append((path, "methods are not left out: skip is not read"))
    config.operations[operation] = ".".join((*resource, identifier(words(str(path[-1])))))
    if members.get("paginated") is False:
        config.pagination[operation] = False


def _scheme(scheme: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A way to walk lists, as x-pagination has it; None for one that is not known here."""
    kind = _KINDS.get(scheme.get("type"))
    places = {
        purpose: pointer.removeprefix("/")
        for purpose, pointer in _purposes(_mapping(scheme.get("request")), "")
        if purpose.endswith("_param")
    }
    places |= dict(_purposes(_mapping(scheme.get("response")), ""))
    if (
        kind is None
        or scheme.get("param_location") == "body"
        or not set(kind.required.values()) <= places.keys()
    ):
        return None
    wanted = kind.required | kind.optional
    return kind.fixed | {key: places[purpose] for key, purpose in wanted.items() if purpose in places}


def _purposes(properties: Mapping[str, Any], above: str) -> Iterator[tuple[str, str]]:
    """The purposes of properties, with pointers to them; the only array without one holds the items."""
    arrays = []
    for name, schema in properties.items():
        value = _mapping(schema)
        pointer = f"{above}/{name.replace('~', '~0').replace('/', '~1')}"
        marked = _mapping(value.get("x-stainless-pagination-property"))
        if "from_header" not in marked and isinstance(marked.get("purpose"), str):
            yield marked["purpose"], pointer
        elif marked.get("is_top_level_array") is True:
            yield "items", ""
        elif value.get("type") == "array" or "items" in value:
            arrays.append(pointer)
        if value.get("type") == "object":
            yield from _purposes(_mapping(value.get("properties")), pointer)
    if len(arrays) == 1:
        yield "items", arrays[0]


def _package(config: StainlessConfig, python: Mapping[str, Any]) -> None:
    if isinstance(python.get("project_name"), str):
        config.package["project"] = python["project_name"]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
