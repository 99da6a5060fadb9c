"""Which operations return pages of a list, and how one page leads to the next.

A list is walked only where the document says how the next page is asked for, and in words that mean nothing
else where it is. Anything less is a plain list: a wrong walk would lose items without a word.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wirecheck.decode import parts
from wirecheck.generate.envelopes import Envelope, envelope, members, resolved, types
from wirecheck.generate.runtime.paging import NextPage
from wirecheck.generate.settings import NONE, Settings
from wirecheck.spec import Document, Operation, Parameter, Spec, join
from wirecheck.spec.document import tokens
from wirecheck.words import words

_AROUND = {
    *("cursors", "links", "meta", "metadata", "page", "page_info", "paging", "pagination"),
    *("response_metadata", "result_info"),
}
"""Members of an envelope that are objects about the list."""

_FEEDS = {
    "after": ("end_cursor", "next_cursor", "next_after", "after", "cursor", "next", "last_id"),
    "after_key": ("next_key", "after_key"),
    "continuation_token": ("next_continuation_token", "continuation_token", "next_token"),
    "cursor": ("next_cursor", "end_cursor", "next_page_cursor", "cursor", "next"),
    "from": ("next",),
    "marker": ("next_marker", "marker"),
    "next_cursor": ("next_cursor",),
    "next_page_token": ("next_page_token",),
    "next_token": ("next_token",),
    "page_token": ("next_page_token", "page_token", "next_token"),
    "starting_after": ("next_cursor", "starting_after"),
}
"""The members that hold the cursor which each parameter takes."""

_ADDRESSES = (
    "next_url",
    "next_page_url",
    "next_page_uri",
    "next_uri",
    "next_link",
    "next_href",
    "odata_next_link",
)
_PERHAPS_ADDRESSES = ("next", "next_page")
_PAGES = ("page", "page_number", "page_num", "page_no", "page_index")
_OFFSETS = ("offset", "skip", "start_index", "start_at", "start")
_CURRENT = {"page": (*_PAGES, "current_page"), "offset": _OFFSETS}
_MORE = ("has_more", "has_next_page", "has_next", "more")
_TOTALS = {
    "page": ("total_pages", "last_page", "num_pages", "page_count", "pages"),
    "offset": ("total", "total_count", "total_items", "total_results", "total_hits"),
}
_SIZES = {"count", "limit", "max", "max_results", "page_size", "per_page", "results", "size", "take", "top"}

_URLS = ("uri", "uri-reference", "url")

_FROM_ZERO = re.compile(
    r"\b(?:zero|0)[- ](?:based|indexed)|\b(?:start|begin)\w* (?:at|from|with) (?:0|zero)\b", re.IGNORECASE
)
_FROM_ONE = re.compile(
    r"\b(?:one|1)[- ](?:based|indexed)|\b(?:start|begin)\w* (?:at|from|with) (?:1|one)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPagination:
    """How the pages of a list follow each other; ``evidence`` is what says so, for people."""

    next_page: NextPage
    evidence: str

    @property
    def items(self) -> str:
        """The JSON pointer to the list in a body."""
        return self.next_page.items

    @property
    def named(self) -> Mapping[str, Any]:
        """What of the next page is not the default."""
        defaults = NextPage()._asdict()
        return {name: value for name, value in self.next_page._asdict().items() if value != defaults[name]}


@dataclass(frozen=True, slots=True)
class _Member:
    """A member of an envelope or of an object about the list: its place in the body, and its schema."""

    document: Document
    pointer: str
    schema: str

    @property
    def types(self) -> frozenset[str]:
        return types(self.document, self.schema)

    @property
    def schemas(self) -> list[Mapping[str, Any]]:
        return [self.document.get(pointer) for pointer in resolved(self.document, self.schema)]

    @property
    def text(self) -> str:
        """What the schemas say to people, in lower case."""
        keys = ("description", "example", "examples", "title")
        return " ".join(str(schema.get(key, "")) for schema in self.schemas for key in keys).lower()

    @property
    def has_address_format(self) -> bool:
        return any(schema.get("format") in _URLS for schema in self.schemas)

    @property
    def is_address(self) -> bool:
        """Whether the schemas say that it is one."""
        return self.has_address_format or re.search(r"https?:|\burls?\b|\blinks?\b", self.text) is not None

    @property
    def container(self) -> str:
        """The name of the object that it is in, empty for the envelope itself."""
        return "_".join(words(self.pointer.rpartition("/")[0].rpartition("/")[2]))


def pagination(spec: Spec, operation: Operation, settings: Settings = NONE) -> ListPagination | None:
    """How the pages of an operation's list follow each other; None for everything else.

    Raises SpecError where the settings want pages of what has none.
    """
    stated = spec.document.get(operation.pointer).get("x-pagination")
    configured = settings.pages(operation)
    if isinstance(stated, dict):
        return _explicit(stated, "x-pagination")
    if isinstance(configured, Mapping):
        return _explicit(configured, "configured")
    if configured is False:
        return None
    body = envelope(spec.document, operation) if operation.method == "GET" else None
    found = None if body is None else _scheme(settings, operation, body) or _found(operation, body)
    if configured and found is None:
        raise spec.document.error(
            operation.pointer, "the configuration wants pages, but the document does not say how they follow"
        )
    return found


def _scheme(settings: Settings, operation: Operation, body: Envelope) -> ListPagination | None:
    fitting = (scheme for scheme in settings.schemes if _fits(scheme, operation, body))
    return next((_explicit(scheme, "configured") for scheme in fitting), None)


def _found(operation: Operation, body: Envelope) -> ListPagination | None:
    if body.items is None or not body.has_usual_items:
        return None
    return _Evidence(body.document, operation, body, body.items).found()


def _explicit(value: Mapping[str, Any], evidence: str) -> ListPagination:
    """Pages as the document or the configuration describes them."""
    keys = {"items", "kind", "first", "current", "total", "more"} & value.keys()
    keys |= {"cursor", "parameter"} & value.keys() if "cursor" in value or "kind" in value else {"next-url"}
    named = {key.replace("-", "_"): value[key] for key in keys if isinstance(value.get(key), str | int)}
    return ListPagination(next_page=NextPage(**named), evidence=evidence)


def _fits(scheme: Mapping[str, Any], operation: Operation, body: Envelope) -> bool:
    """Whether an operation has all that a way to walk lists needs."""
    queried = {parameter.name for parameter in operation.parameters if parameter.location == "query"}
    pointers = [scheme[key] for key in ("items", "cursor", "next-url", "more") if key in scheme]
    is_there = all(_leads_somewhere(body, pointer) for pointer in pointers)
    return is_there and scheme.get("parameter") in {None, *queried}


def _leads_somewhere(body: Envelope, pointer: str) -> bool:
    if pointer == "":
        return body.is_array
    found: str | None = body.schema
    for name in tokens(pointer):
        found = members(body.document, found).get(name) if found else None
    return found is not None


class _Evidence:
    """What a document says about the pages of one operation."""

    def __init__(self, document: Document, operation: Operation, body: Envelope, items: str) -> None:
        self.document = document
        self.operation = operation
        self.items = items
        self.parameters = {
            "_".join(words(parameter.name)): parameter
            for parameter in operation.parameters
            if parameter.location == "query" and parameter.media_type is None and parameter.schema
        }
        self.members: dict[str, list[_Member]] = {}
        for name, member in _members(document, body.members, "", depth=2):
            if member.pointer != items:
                self.members.setdefault(name, []).append(member)
        for members_of_name in self.members.values():
            members_of_name.sort(key=lambda member: member.pointer.count("/"))
        self.more = self._pointer(_MORE, {"boolean"})

    def found(self) -> ListPagination | None:
        """The surest evidence; none where two ways lead to the next page."""
        cursor, page, offset = self._cursor(), self._page(), self._offset()
        if cursor and not (page or offset):
            return cursor
        return self._address() or self._link() or self._only(page, offset)

    def _only(self, page: ListPagination | None, offset: ListPagination | None) -> ListPagination | None:
        """The one of them that is there, unless pages follow a cursor, too."""
        takes_cursor = not self.parameters.keys().isdisjoint(_FEEDS.keys() - {"from"})
        return None if takes_cursor or (page and offset) else page or offset

    def _cursor(self) -> ListPagination | None:
        for name, feeds in _FEEDS.items():
            parameter = self.parameters.get(name)
            if parameter is None or not types(self.document, parameter.schema or "") <= {"string", "integer"}:
                continue
            for feed in feeds:
                member = self._first((feed,), {"string", "integer"})
                if member and self._is_cursor(feed, member):
                    return self._pagination(
                        f"by the cursor {member.pointer}, which goes into {parameter.name}",
                        cursor=member.pointer,
                        parameter=parameter.name,
                    )
        return None

    def _is_cursor(self, name: str, member: _Member) -> bool:
        """Whether a member is the cursor of the next page, and nothing else of that name."""
        if name == "last_id":
            return self.more is not None
        if name == "next":
            return "integer" in member.types or (not member.is_address and "cursor" in member.text)
        return not member.has_address_format

    def _address(self) -> ListPagination | None:
        for name in (*_ADDRESSES, *_PERHAPS_ADDRESSES):
            for member in self.members.get(name, ()):
                target = _href(member)
                if target is None or target.types != {"string"}:
                    continue
                if name in _ADDRESSES or member.container == "links" or target.is_address:
                    return self._pagination(f"by the address {target.pointer}", next_url=target.pointer)
        return None

    def _link(self) -> ListPagination | None:
        for response in self.operation.responses:
            for header in response.headers if response.status[0] == "2" else ():
                if header.name.lower() == "link":
                    text = str(self.document.get(header.pointer)).lower()
                    if "next" in text or "pag" in text or set(_PAGES) & self.parameters.keys():
                        return self._pagination("by the header Link", kind="link", more=None)
        return None

    def _page(self) -> ListPagination | None:
        return self._numbered("page", _PAGES)

    def _offset(self) -> ListPagination | None:
        return self._numbered("offset", _OFFSETS)

    def _numbered(self, kind: str, names: tuple[str, ...]) -> ListPagination | None:
        name = next((name for name in names if name in self.parameters), None)
        if name is None or types(self.document, self.parameters[name].schema or "") != {"integer"}:
            return None
        places = {
            "current": self._pointer(_CURRENT[kind], {"integer"}),
            "total": self._pointer(_TOTALS[kind], {"integer"}),
        }
        first = self._first_number(name, has_total=places["total"] is not None)
        if first is None and (kind == "offset" or places["current"] is None):
            return None
        what = "number" if kind == "page" else "offset"
        end = self.more or places["total"] or "a page is empty"
        return self._pagination(
            f"by the {what} in {self.parameters[name].name}, until {end}",
            kind=kind,
            parameter=self.parameters[name].name,
            first=first or 0,
            **places,
        )

    def _first_number(self, name: str, *, has_total: bool) -> int | None:
        """The number of the first page or item, where the document says it."""
        is_sized = not _SIZES.isdisjoint(self.parameters)
        if name in {"offset", "skip"} and (has_total or is_sized):
            return 0
        if name in _OFFSETS and not has_total:
            return None
        return self._lowest(self.parameters[name])

    def _lowest(self, parameter: Parameter) -> int | None:
        """The default or smallest value of a parameter, where that is 0 or 1, or what its text says."""
        schemas = [self.document.get(pointer) for pointer in parts(self.document, parameter.schema or "")]
        for key in ("default", "minimum"):
            for schema in schemas:
                if schema.get(key) in (0, 1) and not isinstance(schema[key], bool):
                    return int(schema[key])
        described = [self.document.get(self.document.follow(parameter.pointer)), *schemas]
        text = " ".join(str(value.get("description", "")) for value in described)
        if _FROM_ZERO.search(text):
            return 0
        return 1 if _FROM_ONE.search(text) else None

    def _first(self, names: tuple[str, ...], allowed: set[str]) -> _Member | None:
        """The first member of one of the names and types."""
        members = (member for name in names for member in self.members.get(name, ()))
        return next((member for member in members if member.types and member.types <= allowed), None)

    def _pointer(self, names: tuple[str, ...], allowed: set[str]) -> str | None:
        member = self._first(names, allowed)
        return member.pointer if member else None

    def _pagination(self, evidence: str, **named: Any) -> ListPagination:
        named = {"items": self.items, "more": self.more, **named}
        return ListPagination(next_page=NextPage(**named), evidence=evidence)


def _members(
    document: Document, schemas: Mapping[str, str], above: str, depth: int
) -> Iterator[tuple[str, _Member]]:
    """The members of an object, and of the objects about the list in it, by names in snake_case."""
    for name, schema in schemas.items():
        member = _Member(document, join(above, name), schema)
        plain = "_".join(words(name))
        yield plain, member
        if depth and plain in _AROUND:
            yield from _members(document, members(document, schema), member.pointer, depth - 1)


def _href(member: _Member) -> _Member | None:
    """The member itself, or the address in the object that a link is."""
    if "object" not in member.types:
        return member
    schemas = members(member.document, member.schema)
    name = next((name for name in ("href", "url") if name in schemas), None)
    if name is None:
        return None
    return _Member(member.document, join(member.pointer, name), schemas[name])
