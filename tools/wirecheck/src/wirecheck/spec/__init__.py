"""An OpenAPI document: its operations, and the operation that a request belongs to."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wirecheck.model import SpecError
from wirecheck.spec.dialects import plain, resolved
from wirecheck.spec.document import Document, Origin, SpecProblem, join, tokens
from wirecheck.spec.files import bundled
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
    problems,
    server_prefixes,
)
from wirecheck.spec.reach import Reach
from wirecheck.spec.router import Router, variable_pattern
from wirecheck.spec.sources import source
from wirecheck.spec.structure import Kind, Node, walk
from wirecheck.spec.usable import usable
from wirecheck.spec.versions import structure_of, upgraded

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
    "variable_pattern",
    "walk",
]


NAMES = ("openapi.yaml", "openapi.yml", "openapi.json")
"""The file names of a document in the working folder, in the order of preference."""


@dataclass(frozen=True, slots=True)
class PathMatch:
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
    ``servers``, or the base path in their place.
    """

    def __init__(self, document: Document, base_path: str | None = None) -> None:
        document = usable(plain(upgraded(document)))
        further = tuple(problems(document))
        self.document = document = replace(document, problems=(*document.problems, *further))
        self.operations = tuple(operations(document))
        self.prefixes = _prefixes(document, base_path)
        self._router: Router[tuple[Operation, ...]] = _router(document)
        by_path: dict[str, list[Operation]] = {}
        for operation in self.operations:
            for prefix in operation.servers or self.prefixes:
                by_path.setdefault(prefix + operation.template, []).append(operation)
        for path, group in by_path.items():
            self._router.add(path, tuple(group))
        self._broken: Router[str] = Router()
        for problem in document.problems:
            owner, template, *_ = (*tokens(problem.pointer), "", "")
            if owner == "paths" and template.startswith("/") and problem.pointer.count("/") == 2:
                for prefix in self.prefixes:
                    self._broken.add(prefix + template, problem.pointer)

    def match(self, method: str, path: str) -> PathMatch | None:
        """The path and the operation for a raw request path; None when the document has no such path.

        A HEAD request belongs to the GET operation where there is none for HEAD (RFC 9110, 9.3.2). A method
        in capitals also belongs to one that the document writes in another way (additionalOperations).
        """
        route = self._router.find(path)
        if route is None:
            return None
        by_method = {operation.method: operation for operation in route.target}
        in_capitals = {operation.method.upper(): operation for operation in route.target} | by_method
        operation = in_capitals.get(method) or (by_method.get("GET") if method == "HEAD" else None)
        first = route.target[0]
        return PathMatch(
            operation=operation,
            template=first.template,
            pointer=first.pointer.rpartition("/")[0],
            methods=tuple(by_method),
            values=route.values,
        )

    def broken_path(self, path: str) -> str | None:
        """The pointer of the path item for a raw request path, where that item cannot be used."""
        route = self._broken.find(path)
        return route.target if route else None

    def callbacks(self, operation: Operation) -> tuple[Operation, ...]:
        """The callbacks of an operation; the template of each is a runtime expression."""
        return tuple(callbacks(self.document, operation))

    def covers(self, path: str) -> bool:
        """Whether a raw request path is below one of the prefixes."""
        return any(re.match(f"{variable_pattern(prefix)}(/|$)", path) for prefix in self.prefixes)


def load(
    address: Path | str,
    base_path: str | None = None,
    *,
    allow_refs: Sequence[Path] = (),
    offline: bool = False,
) -> Spec:
    """Loads the document of a file or a URL; ``base_path`` replaces the paths of its ``servers``.

    What it refers to is read below its folder and below those of ``allow_refs``, or fetched below the
    directory of the URL, and nothing else. Raises SpecError when the document cannot be read, or is
    not OpenAPI 2.0 to 3.2.
    """
    origin = source(address, allow_refs, offline=offline)
    with without_collection():
        document = origin.read(origin.main)
        structure = structure_of(document)
        if document.has_foreign_references:
            document = bundled(resolved(document), structure, origin)
        return Spec(document, base_path)


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


def _router(document: Document) -> Router[tuple[Operation, ...]]:
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
