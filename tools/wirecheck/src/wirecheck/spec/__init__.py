"""One OpenAPI 3.1 document, ready to be asked: which operation, which promise, which line."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from wirecheck.model import SpecError
from wirecheck.spec.document import Document, join, read, target
from wirecheck.spec.operations import (
    MediaType,
    Operation,
    Parameter,
    RequestBody,
    Response,
    SecurityScheme,
    callbacks,
    operations,
    server_prefixes,
)
from wirecheck.spec.router import Router
from wirecheck.spec.structure import Kind, Node, walk

__all__ = [
    "NAMES",
    "Document",
    "Kind",
    "MediaType",
    "Node",
    "Operation",
    "Parameter",
    "PathMatch",
    "RequestBody",
    "Response",
    "SecurityScheme",
    "Spec",
    "join",
    "load",
    "locate",
    "walk",
]


NAMES = ("openapi.yaml", "openapi.yml", "openapi.json")
"""The names under which a document is looked for."""


@dataclass(frozen=True, slots=True)
class PathMatch:
    """A path of the document that a request path belongs to.

    ``operation`` is None when the path has none for the method. ``values`` are the raw,
    percent-encoded values of the path parameters.
    """

    operation: Operation | None
    template: str
    pointer: str
    methods: tuple[str, ...]
    values: dict[str, str]


class Spec:
    """A document whose references all resolve, and its operations.

    ``prefixes`` are the paths under which the document's servers, or the base path given
    instead, serve the API.
    """

    def __init__(self, document: Document, base_path: str | None = None) -> None:
        _require_openapi(document)
        _require_references(document)
        self.document = document
        self.operations = tuple(operations(document))
        self.prefixes = _prefixes(document, base_path)
        self._router: Router[tuple[Operation, ...]] = _router(document)
        by_path: dict[str, list[Operation]] = {}
        for operation in self.operations:
            for prefix in operation.servers or self.prefixes:
                by_path.setdefault(prefix + operation.template, []).append(operation)
        for path, group in by_path.items():
            self._router.add(path, tuple(group))

    def match(self, method: str, path: str) -> PathMatch | None:
        """The operation for a raw request path; None when the document has no such path.

        HEAD finds the operation of GET where it has none of its own (RFC 9110, 9.3.2).
        """
        route = self._router.find(path)
        if route is None:
            return None
        by_method = {operation.method: operation for operation in route.target}
        operation = by_method.get(method) or (by_method.get("GET") if method == "HEAD" else None)
        first = route.target[0]
        return PathMatch(
            operation=operation,
            template=first.template,
            pointer=first.pointer.rpartition("/")[0],
            methods=tuple(by_method),
            values=route.values,
        )

    def callbacks(self, operation: Operation) -> tuple[Operation, ...]:
        """What the server calls because of an operation; the template of each is an expression."""
        return tuple(callbacks(self.document, operation))

    def covers(self, path: str) -> bool:
        """Whether a raw request path lies under one of the prefixes."""
        return any(
            re.match(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(prefix)) + r"(/|$)", path)
            for prefix in self.prefixes
        )


def load(path: Path, base_path: str | None = None) -> Spec:
    """Loads a document; ``base_path`` takes the place of the paths of its ``servers``.

    Raises SpecError when it cannot be read, is no OpenAPI 3.1, or has a reference that
    does not resolve within it. Nothing is ever fetched.
    """
    return Spec(read(path), base_path)


def locate() -> Path:
    """The document to use where none is named: the one of WIRECHECK_SPEC, else that of the working folder.

    Raises SpecError when there is none.
    """
    if named := os.environ.get("WIRECHECK_SPEC"):
        return Path(named)
    for name in NAMES:
        if Path(name).is_file():
            return Path(name)
    raise SpecError(
        "no OpenAPI document", f"pass --spec FILE, set WIRECHECK_SPEC, or add {' or '.join(NAMES)} here"
    )


def _require_openapi(document: Document) -> None:
    version = document.data.get("openapi")
    if not isinstance(version, str):
        raise SpecError(document.name, "is no OpenAPI document: it has no `openapi: 3.1.x` at the top")
    if not re.fullmatch(r"3\.1\.\d+", version):
        raise document.error("/openapi", f"OpenAPI {version} is not supported, only 3.1")


def _require_references(document: Document) -> None:
    nodes = list(walk(document))
    kinds = {node.pointer: node.kind for node in nodes}
    for node in nodes:  # it grows: of some places only a reference says what they are
        ref = node.ref
        if ref is None:
            continue
        if not ref.startswith("#"):
            raise document.error(
                node.pointer, f"$ref {ref} leads out of the document; nothing is fetched: bundle it first"
            )
        try:
            goal = document.follow(target(ref))
        except KeyError:
            raise document.error(node.pointer, f"$ref {ref} cannot be resolved") from None
        if goal not in kinds:
            if not isinstance(document.get(goal), dict | bool):
                raise document.error(node.pointer, f"$ref {ref} leads to no object, a {node.kind} is wanted")
            reached = list(walk(document, node.kind, goal))
            kinds = {**{one.pointer: one.kind for one in reached}, **kinds}
            nodes += reached
        if kinds[goal] is not node.kind:
            raise document.error(
                node.pointer, f"$ref {ref} leads to a {kinds[goal]}, a {node.kind} is wanted"
            )


def _router(document: Document) -> Router[tuple[Operation, ...]]:
    """A router that knows in what other ways the server lets its paths be written (x-path-variants)."""
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
