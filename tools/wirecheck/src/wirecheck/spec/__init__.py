"""An OpenAPI document: its operations, and the operation that a request belongs to."""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct

from wirecheck.model import SpecError
from wirecheck.spec import cache
from wirecheck.spec.document import Document, Origin, SpecProblem, join, objects, tokens
from wirecheck.spec.memory import without_collection
from wirecheck.spec.operations import (
    MediaType,
    Operation,
    Parameter,
    RequestBody,
    Response,
    SecurityScheme,
    callbacks,
    operations,
    server_hosts,
    server_prefixes,
)
from wirecheck.spec.reach import Reach
from wirecheck.spec.router import PARAMETER, Router, variable_pattern
from wirecheck.spec.sources import Source, source
from wirecheck.spec.structure import Kind, Node, walk
from wirecheck.spec.text import decoded, parse

__all__ = [
    "NAMES",
    "Document",
    "Kind",
    "MediaType",
    "Node",
    "Operation",
    "Origin",
    "Parameter",
    "PathMatch",
    "Reach",
    "RequestBody",
    "Response",
    "SecurityScheme",
    "Spec",
    "SpecProblem",
    "join",
    "load",
    "locate",
    "parsed",
    "variable_pattern",
    "walk",
]


NAMES = ("openapi.yaml", "openapi.yml", "openapi.json")
"""The file names of a document in the working folder, in the order of preference."""


_BASE_SEGMENTS = 20  # of a base path that is looked for
_MARKS = {"readOnly": True, "writeOnly": True, "x-invariants": None}


class PathMatch(Struct, frozen=True):
    """The path of the document that a request path belongs to.

    ``operation`` is None when the path has no operation for the method; ``methods`` lists
    those that it has. ``values`` are the raw, percent-encoded values of the path parameters.
    """

    operation: Operation | None
    template: str
    pointer: str
    methods: tuple[str, ...]
    values: dict[str, str]


class Spec:
    """A document of OpenAPI 2.0 to 3.2, and its operations.

    ``document`` has the form of OpenAPI 3.1 or 3.2, and only what can be used: its ``problems`` say
    what cannot. ``prefixes`` are the paths below which the API is served: those of the document's
    ``servers``, or the base path in their place. ``facts`` are those known of a document from the cache.
    """

    def __init__(
        self,
        document: Document,
        base_path: str | None = None,
        source: Source | None = None,
        stored: cache.Stored | None = None,
    ) -> None:
        self._source = source
        self._stored = stored
        self.facts = stored.facts if stored else None
        if not document.is_normal:
            from wirecheck.spec.reading import normal

            document = normal(document)
        self.document = document
        self.operations = stored.operations if stored else tuple(operations(document))
        self.prefixes = _prefixes(document, base_path)
        self._router = _router(document)
        placed = [
            (prefix + operation.template, operation)
            for operation in self.operations
            for prefix in operation.servers or self.prefixes
        ]
        _add_all(self._router, placed)
        self._broken = _broken_paths(document, self.prefixes)

    def match(self, method: str, path: str) -> PathMatch | None:
        """The path and the operation for a raw request path; None when the document has no such path.

        A HEAD request belongs to the GET operation where there is none for HEAD (RFC 9110, 9.3.2). A method
        in capitals also belongs to one that the document writes in another way (additionalOperations).
        """
        matches = self.matches(method, path)
        return matches[0] if matches else None

    def matches(self, method: str, path: str) -> list[PathMatch]:
        """What ``match`` returns; several where the document has identical paths with this method.

        Paths are identical that differ only in the names of their parameters. OpenAPI forbids them, and
        cannot say which of them is meant.
        """
        route = self._router.find(path)
        if route is None:
            return []
        group, methods = route.target
        documented = _method(method, methods)
        fitting = [placed for placed in group if placed[1].method == documented]
        return [
            PathMatch(
                operation=operation if fitting else None,
                template=operation.template,
                pointer=operation.pointer.rpartition("/")[0],
                methods=methods,
                values=route.values if len(group) == 1 else _values(names, route.values),
            )
            for names, operation in fitting or group[:1]
        ]

    def match_of(self, name: str) -> PathMatch | None:
        """The path and the operation of a name, whatever was requested; None where there is no such one."""
        for operation in self.operations:
            if operation.name == name:
                methods = (operation.method,)
                return PathMatch(operation, operation.template, operation.pointer, methods, {})
        return None

    @cached_property
    def host_patterns(self) -> tuple[str, ...]:
        """A pattern for each host that serves the API, with the port where the document names one."""
        item_pointers = (operation.pointer.rpartition("/")[0] for operation in self.operations)
        owners = {"": None, **dict.fromkeys(item_pointers)}
        owners |= dict.fromkeys(operation.pointer for operation in self.operations)
        hosts = [host for owner in owners for host in server_hosts(self.document, owner)]
        return tuple(variable_pattern(host) for host in dict.fromkeys(hosts))

    def base_paths(self, method: str, path: str) -> list[str]:
        """The base paths, without a trailing slash, below which a request would belong to an operation.

        Only short ones, as each is tried.
        """
        fitting = []
        slashes = islice(re.finditer("/", path), _BASE_SEGMENTS + 1)
        for position in (slash.start() for slash in slashes):
            route = self._bare.find(path[position:])
            operations = route.target[0] if route else ()
            if any(
                operation.method == method and not operation.template.startswith("/{")
                for _, operation in operations
            ):
                fitting.append(path[:position])
        return fitting

    @cached_property
    def _bare(self) -> "Router[_Group]":
        """A router of the paths as they stand in the document, without prefixes."""
        router = _router(self.document)
        _add_all(router, [(operation.template, operation) for operation in self.operations])
        return router

    def broken_path(self, path: str) -> str | None:
        """The pointer of the path item for a raw request path, where that item cannot be used."""
        route = self._broken.find(path)
        return route.target if route else None

    @cached_property
    def marks(self) -> frozenset[str]:
        """Which of readOnly, writeOnly and x-invariants occur anywhere in the document."""
        if self._stored:
            return self._stored.marks
        return frozenset(name for name, value in _MARKS.items() if self.document.has_member(name, value))

    @cached_property
    def member_names(self) -> frozenset[str]:
        """The names of members that schemas of the document know, whatever else has the form of a schema."""
        if self._stored:
            return self._stored.member_names
        names = set[str]()
        for value in objects(self.document.data):
            for known in (value.get("properties"), value.get("required")):
                if isinstance(known, dict | list):
                    names.update(name for name in known if isinstance(name, str))
        return frozenset(names)

    def text(self, file: str) -> str | None:
        """The text of one of the document's files by its name, None where it cannot be read again."""
        try:
            return decoded(self._source.again(file), file) if self._source else None
        except (SpecError, LookupError):
            return None

    def callbacks(self, operation: Operation) -> tuple[Operation, ...]:
        """The callbacks of an operation; the template of each is a runtime expression."""
        return tuple(callbacks(self.document, operation))

    def without_prefix(self, path: str) -> str:
        """A raw request path below the longest prefix that it is below; the path itself below none."""
        matches = (prefix.match(path) for prefix in self._below)
        return path[max((match.end() for match in matches if match), default=0) :]

    def covers(self, path: str) -> bool:
        """Whether a raw request path is below one of the prefixes."""
        return any(prefix.match(path) for prefix in self._below)

    @cached_property
    def _below(self) -> tuple[re.Pattern[str], ...]:
        """The prefixes, each in front of the rest of a path."""
        return tuple(re.compile(f"{variable_pattern(prefix)}(?=/|$)") for prefix in self.prefixes)


def load(
    address: Path | str,
    base_path: str | None = None,
    *,
    allow_refs: Sequence[Path] = (),
    offline: bool = False,
    cached: bool = True,
    revise: Callable[[Document], Document] | None = None,
) -> Spec:
    """Loads the document of a file or a URL; ``base_path`` replaces the paths of its ``servers``.

    What it refers to is read below its folder and below those of ``allow_refs``, or fetched below the
    directory of the URL, and nothing else. Unless ``cached``, it is parsed even if it was before. ``revise``
    changes the document as it is written.
    Raises SpecError when the document cannot be read, or is not OpenAPI 2.0 to 3.2.
    """
    origin = source(address, allow_refs, offline=offline)
    with without_collection():
        raw, name = origin.read(origin.main), origin.name(origin.main)
        entry = cache.stored(raw, name) if cached and revise is None else None
        if entry is not None:
            return Spec(entry.document, base_path, origin, entry)
        from wirecheck.spec.reading import read

        document, is_whole = read(raw, name, origin, revise)
        spec = Spec(document, base_path, origin)
        if is_whole and revise is None:
            cache.store(raw, name, spec)
        return spec


def parsed(value: Mapping[str, Any], base_path: str | None = None) -> Spec:
    """The document of a value that is parsed already; lines are those of its JSON with an indent of 1.

    Raises SpecError when it cannot be used.
    """
    try:
        text = json.dumps(value, indent=1)
    except (TypeError, ValueError) as error:
        raise SpecError("the document", f"cannot be written as JSON: {error}") from None
    return Spec(parse(text, "openapi.json"), base_path)


def locate() -> str:
    """The file or URL of the document to use where none is named.

    It is that of WIRECHECK_SPEC, else that of the working folder. Raises SpecError when there is none.
    """
    if configured := os.environ.get("WIRECHECK_SPEC"):
        if not configured.startswith(("http://", "https://")) and not Path(configured).exists():
            raise SpecError(configured, "WIRECHECK_SPEC names this file, but it does not exist")
        return configured
    for name in NAMES:
        if Path(name).is_file():
            return name
    names = f"{', '.join(NAMES[:-1])} or {NAMES[-1]}"
    raise SpecError(
        "no OpenAPI document", f"pass --spec FILE, set WIRECHECK_SPEC, or add {names} to the working folder"
    )


def _broken_paths(document: Document, prefixes: Iterable[str]) -> Router[str]:
    """A router to the pointers of the path items that cannot be used."""
    router: Router[str] = Router()
    for problem in document.problems:
        owner, template, *_ = (*tokens(problem.pointer), "", "")
        if owner == "paths" and template.startswith("/") and problem.pointer.count("/") == 2:
            for prefix in prefixes:
                router.add(prefix + template, problem.pointer)
    return router


_Placed = tuple[tuple[str, ...], Operation]
"""The names of the parameters of a path, and an operation that is there."""
_Group = tuple[tuple[_Placed, ...], tuple[str, ...]]
"""What is at identical paths, and its methods."""


def _add_all(router: Router[_Group], operations: Iterable[tuple[str, Operation]]) -> None:
    """Adds operations at their paths to a router, those of identical paths together."""
    by_shape: dict[str, list[_Placed]] = {}
    templates: dict[str, str] = {}  # the first of each shape
    for template, operation in operations:
        shape = PARAMETER.sub("{}", template)
        templates.setdefault(shape, template)
        by_shape.setdefault(shape, []).append((tuple(PARAMETER.findall(template)), operation))
    for shape, group in by_shape.items():
        methods = tuple(dict.fromkeys(operation.method for _, operation in group))
        router.add(templates[shape], (tuple(group), methods))


def _method(method: str, documented: Sequence[str]) -> str:
    """The documented method for one that was sent."""
    if method in documented:
        return method
    spellings = {each.upper(): each for each in documented}
    return spellings.get(method) or ("GET" if method == "HEAD" else method)


def _values(names: tuple[str, ...], values: dict[str, str]) -> dict[str, str]:
    """The values of the parameters of a path, by their names in one of several identical templates."""
    return values if len(names) != len(values) else dict(zip(names, values.values(), strict=True))


def _router(document: Document) -> Router[_Group]:
    """A router that accepts the path variants of the document (x-path-variants)."""
    variants = document.data.get("x-path-variants", {})
    suffixes = variants.get("suffixes", []) if isinstance(variants, dict) else None
    if not isinstance(suffixes, list) or not all(isinstance(suffix, str) for suffix in suffixes):
        raise document.error("/x-path-variants", "must be an object, its suffixes a list of strings")
    return Router(suffixes, variants.get("trailing-slash") is True)


def _prefixes(document: Document, base_path: str | None) -> tuple[str, ...]:
    if base_path is not None:
        stripped = base_path.strip("/")
        return (f"/{stripped}" if stripped else "",)
    return server_prefixes(document, "") or ("",)
