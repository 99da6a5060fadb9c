"""Schemas that name themselves, or are of another draft, as JSON Schema 2020-12 within one document.

``$id``, ``$anchor`` and ``$dynamicAnchor`` are resolved here, so that every reference is a pointer. A
``$dynamicRef`` to a name that several schemas have allows everything.
"""

from collections import Counter
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from msgspec.structs import replace

from wirecheck.spec.document import Document
from wirecheck.spec.rewriting import PlacedValue, Rewriter, named, renamed, with_members, without_members
from wirecheck.spec.structure import OPENAPI, Kind
from wirecheck.spec.versions.schemas import upgraded_schema

_DRAFT_04, _DRAFT_07 = "draft-04", "draft-07"
_DRAFTS = {
    "http://json-schema.org/draft-04/schema": _DRAFT_04,
    "http://json-schema.org/draft-06/schema": _DRAFT_07,
    "http://json-schema.org/draft-07/schema": _DRAFT_07,
    "https://json-schema.org/draft/2019-09/schema": "2019-09",
}
_IDENTIFIERS = ("$id", "$anchor", "$dynamicAnchor")
_DYNAMIC = ("$dynamicRef", "$recursiveRef")
_REFERENCES = ("$ref", *_DYNAMIC)


def plain(document: Document) -> Document:
    """The document with every schema in JSON Schema 2020-12, and every reference that is known a pointer."""
    if not document.has_identifiers:
        return document
    names = _Names(document)
    names.rewrite(Kind.DOCUMENT, (document.data, document.place), "")
    if not names.needed:
        return document
    plainer = _Plain(document, names)
    data, place = plainer.rewrite(Kind.DOCUMENT, (document.data, document.place), "")
    problems = (*document.problems, *plainer.problems)
    return replace(
        document,
        data=data,
        located=place,
        problems=problems,
        original=document.original or (lambda: document),
    )


def resolved(document: Document) -> Document:
    """The document with references to what its own schemas are called as pointers, and all else as it is."""
    if not document.has_identifiers:
        return document
    names = _Names(document)
    names.rewrite(Kind.DOCUMENT, (document.data, document.place), "")
    if not names.needed:
        return document
    data, place = _Resolved(document, names).rewrite(Kind.DOCUMENT, (document.data, document.place), "")
    return replace(document, data=data, located=place)


class _Names(Rewriter):
    """Collects what schemas are called, and which draft each is of."""

    def __init__(self, document: Document) -> None:
        super().__init__(OPENAPI, document)
        itself = document.data.get("$self")
        self.base = itself if isinstance(itself, str) else ""
        dialect = document.data.get("jsonSchemaDialect")
        self.drafts = [_draft(dialect)]  # of the schemas around the one at hand, outermost first
        self.bases = [(self.base, "")]  # the URI and the pointer of the resources around it
        self.pointers = {self.base: ""}  # of resources, by URI
        self.anchors: dict[tuple[str, str], str] = {}  # pointers, by the URI of a resource and a name
        self.dynamic = Counter[str]()  # how many schemas have a name that may be overridden
        self.needed = bool(self.base) or self.drafts[0] is not None
        self._open: list[tuple[int, int]] = []

    def enter(self, kind: Kind, value: dict[str, Any], pointer: str) -> None:
        if kind is not Kind.SCHEMA:
            return
        self._open.append((len(self.drafts), len(self.bases)))
        dialect = value.get("$schema")
        if isinstance(dialect, str):
            self.drafts.append(_draft(dialect))
        identifier = self.identifier(value)
        if identifier is not None:
            uri, fragment = urldefrag(_joined(self.bases[-1][0], identifier))
            if fragment and not fragment.startswith("/"):  # as drafts before 2019-09 have it
                self.anchors.setdefault((uri, fragment), pointer)
            else:
                self.bases.append((uri, pointer))
                self.pointers.setdefault(uri, pointer)
        for member in ("$anchor", "$dynamicAnchor"):
            if isinstance(value.get(member), str):
                self.anchors.setdefault((self.bases[-1][0], value[member]), pointer)
        if isinstance(name := value.get("$dynamicAnchor"), str):
            self.dynamic[name] += 1
        self.dynamic[""] += value.get("$recursiveAnchor") is True
        mentioned = any(member in value for member in ("$schema", *_IDENTIFIERS, *_DYNAMIC))
        self.needed = self.needed or mentioned or identifier is not None

    def identifier(self, value: dict[str, Any]) -> str | None:
        """The URI that a schema gives itself; a property that is called ``id`` has an object here."""
        member = "id" if self.drafts[-1] == _DRAFT_04 else "$id"
        identifier = value.get(member)
        return identifier if isinstance(identifier, str) else None

    def leave(self, kind: Kind, part: PlacedValue, pointer: str) -> PlacedValue:
        if kind is Kind.SCHEMA:
            drafts, bases = self._open.pop()
            del self.drafts[drafts:], self.bases[bases:]
        return part


class _Resolved(_Names):
    def __init__(self, document: Document, names: _Names) -> None:
        super().__init__(document)
        self.pointers, self.anchors, self.overridable = names.pointers, names.anchors, names.dynamic

    def leave(self, kind: Kind, part: PlacedValue, pointer: str) -> PlacedValue:
        return super().leave(kind, self._referring(part), pointer)

    def _referring(self, part: PlacedValue) -> PlacedValue:
        """A schema whose references are pointers of the document."""
        for member in _REFERENCES:
            ref = part[0].get(member)
            pointer = self._resolved(ref) if isinstance(ref, str) else None
            if member in _DYNAMIC and self.overridable[str(ref).rpartition("#")[2]] > 1:
                part = without_members(part, member)  # which of them is meant depends on what refers to it
            elif pointer is not None and (member != "$ref" or ref != f"#{pointer}"):
                place = part[1].children.get(member) or part[1]
                part = with_members(without_members(part, member), {"$ref": (f"#{pointer}", place)})
        return part

    def _resolved(self, ref: str) -> str | None:
        """The pointer in the document that a reference leads to, None where that is not known."""
        uri, fragment = urldefrag(_joined(self.bases[-1][0], ref))
        if fragment and not fragment.startswith("/"):
            return self.anchors.get((uri, unquote(fragment)))
        resource = self.pointers.get(uri)
        if resource is None:
            return None
        within = resource + unquote(fragment)
        # `#/...` within a schema that has an $id is often meant from the root of the document.
        return within if self._exists(within) or not ref.startswith("#") else unquote(fragment)

    def _exists(self, pointer: str) -> bool:
        try:
            self._document.get(pointer)
        except KeyError:
            return False
        return True


class _Plain(_Resolved):
    def leave(self, kind: Kind, part: PlacedValue, pointer: str) -> PlacedValue:
        draft = self.drafts[-1]
        part = super().leave(kind, part, pointer)
        if kind is not Kind.SCHEMA:
            return part
        for member in _DYNAMIC:
            if isinstance(ref := part[0].get(member), str):
                self.problem(pointer, f"{named(ref, member)} cannot be resolved")
                part = without_members(part, member)
        if draft is not None:
            part = _modern(self._document, part, pointer, draft)
        identifiers = [member for member in _IDENTIFIERS if member in part[0]]
        return without_members(part, *identifiers) if identifiers else part


def _draft(dialect: Any) -> str | None:
    """The draft that has to be translated, None for 2020-12 and for what is not known."""
    return _DRAFTS.get(dialect.removesuffix("#")) if isinstance(dialect, str) else None


def _joined(base: str, ref: str) -> str:
    try:
        return urljoin(base, ref) if base else ref
    except ValueError:
        return ref


def _modern(document: Document, part: PlacedValue, pointer: str, draft: str) -> PlacedValue:
    """A schema of an older draft as 2020-12 has it."""
    value = part[0]
    if "$ref" in value and draft != "2019-09":
        return without_members(part, *(value.keys() - {"$ref"}))
    if draft == _DRAFT_04:
        part = upgraded_schema(document, part, pointer)
    if isinstance(value.get("items"), list):
        items = renamed(document, part, pointer, "items")
        rest = (
            renamed(document, part, pointer, "additionalItems")
            if "additionalItems" in value
            else (True, items[1])
        )
        part = with_members(part, {"prefixItems": items, "items": rest})
    if isinstance(value.get("dependencies"), dict):
        part = _dependent(document, part, pointer)
    dropped = [member for member in ("additionalItems", "dependencies", "$schema") if member in part[0]]
    return without_members(part, *dropped) if dropped else part


def _dependent(document: Document, part: PlacedValue, pointer: str) -> PlacedValue:
    dependencies, place = renamed(document, part, pointer, "dependencies")
    lists = {key: item for key, item in dependencies.items() if isinstance(item, list)}
    schemas = {key: item for key, item in dependencies.items() if not isinstance(item, list)}
    return with_members(part, {"dependentRequired": (lists, place), "dependentSchemas": (schemas, place)})
