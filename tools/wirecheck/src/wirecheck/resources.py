"""Resources: the collections and items that paths, methods and schemas describe, without any extension."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wirecheck.decode import is_json
from wirecheck.samples import Facets, facets, members
from wirecheck.spec import Document, Operation, Spec
from wirecheck.words import without_ending

_PARAMETER = re.compile(r"\{([^{}]+)\}")
_SURE_KEYS = ("id", "uuid", "uid", "guid", "key", "slug")
_USUAL_KEYS = (*_SURE_KEYS, "code", "name", "number", "handle", "sku")
_USUAL_LISTS = ("items", "data", "results", "records", "entries", "content", "values", "rows", "list", "hits")
_NO_LISTS = ("errors", "warnings", "links", "messages", "included")
_ENVELOPES = ("data", "_embedded", "result", "response")
_ADDING = ("create", "add", "new")  # what paths of a POST say behind the collection to which it adds
_DEPTH = 2  # levels of envelopes
_SUCCESSES = range(200, 300)

MemberPath = tuple[str, ...]
"""The names of members that lead to a value within a body."""
Keys = Mapping[str, Any]
"""Values of the parameters of a path, by their places: paths name the same parameter in different ways."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Things of one kind: a collection, and items that the parameter ``key`` of a path tells apart.

    ``collection`` and ``item`` are path templates, ``parent`` is the collection of the resource within
    whose items the collection lies. Operations are None where the document has none; ``create`` is a PUT
    to an item that is new where ``is_upsert``. ``key_members`` are the members of an item that may hold its
    key, the most likely first; ``items`` leads to the items in a response of ``list``, ``thing`` to the
    item in a response of ``read``.
    """

    collection: str
    item: str
    key: str
    parent: str | None
    list: Operation | None
    create: Operation | None
    read: Operation | None
    replace: Operation | None
    patch: Operation | None
    delete: Operation | None
    is_upsert: bool
    key_members: tuple[str, ...]
    items: MemberPath | None
    thing: MemberPath

    @property
    def name(self) -> str:
        """The last literal segment of the collection, such as ``books``."""
        return _last_literal(self.collection)

    @property
    def segment(self) -> str:
        """The segment before the key of an item: ``user`` of ``/user/{id}``, beside ``/users``."""
        return _last_literal(self.item)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations of the resource."""
        all_ = (self.list, self.create, self.read, self.replace, self.patch, self.delete)
        return tuple(dict.fromkeys(operation for operation in all_ if operation is not None))

    @property
    def place(self) -> str:
        """The place of the key in a path, see ``places``."""
        return list(places(self.item))[-1]

    def owns(self, template: str) -> bool:
        """Whether a path lies at or below an item of this resource."""
        return self.place in places(template)


def resources(spec: Spec) -> Mapping[str, Resource]:
    """The resources of a document by the template of their collection, parents before their children."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in spec.operations:
        by_path.setdefault(operation.template, {})[operation.method] = operation
    by_name = {without_ending(path): path for path in sorted(by_path, key=len, reverse=True)}
    collections = {item: path for item in by_path if (path := _collection(item, by_name, by_path))}
    found: dict[str, Resource] = {}
    for item, collection in sorted(collections.items(), key=lambda entry: (entry[1].count("/"), entry)):
        owners = [resource for resource in found.values() if resource.owns(collection)]
        nearest = max(owners, key=lambda resource: len(resource.item), default=None)
        parent = nearest.collection if nearest else None
        ways = (by_name.get(f"{without_ending(collection)}/{verb}") for verb in _ADDING)
        adding = next((by_path[way]["POST"] for way in ways if way and "POST" in by_path[way]), None)
        found[collection] = _resource(
            spec, collection, item, parent, by_path.get(collection, {}), by_path[item], adding
        )
    return found


@lru_cache(maxsize=1024)
def places(template: str) -> Mapping[str, str]:
    """The parameters of a path by their places: the path to each, such as ``/orders/{}``.

    An extension at the end of the path belongs to no place.
    """
    found, place = dict[str, str](), ""
    for segment in without_ending(template).strip("/").split("/"):
        parameters = _PARAMETER.findall(segment)
        place += "/" + _PARAMETER.sub("{}", segment)
        if len(parameters) == 1:
            found[place] = parameters[0]
    return found


def item_of(body: Any, path: MemberPath) -> Any:
    """The value at a path of members in a body, None where there is none."""
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    return body


def success_schema(operation: Operation | None) -> str | None:
    """The schema of the JSON body of a success, None where none is documented."""
    for response in operation.responses if operation else ():
        code = response.status
        if code.upper() == "2XX" or (code.isdecimal() and int(code) in _SUCCESSES):
            for media_type in response.content:
                if is_json(media_type.name) and media_type.schema:
                    return media_type.schema
    return None


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name without case and separators."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@lru_cache(maxsize=4096)
def singular(name: str) -> str:
    """The usual singular of a plain plural."""
    for plural, ending in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh")):
        if name.endswith(plural):
            return name.removesuffix(plural) + ending
    return name if name.endswith(("ss", "us", "is")) else name.removesuffix("s")


def _collection(
    item: str, by_name: Mapping[str, str], by_path: Mapping[str, Mapping[str, Operation]]
) -> str | None:
    """The template of the collection of an item, None where the last segment is not one parameter."""
    name = without_ending(item)
    segments = name.split("/")
    if len(segments) < 3 or not _PARAMETER.fullmatch(segments[-1]) or "{" in segments[-2]:
        return None
    collection = "/".join(segments[:-1])
    like_item = f"{collection}{item.removeprefix(name)}"  # with the same extension, if any
    if like_item in by_path or collection in by_name:
        return like_item if like_item in by_path else by_name[collection]
    outer, _, last = collection.rpartition("/")
    plurals = [path for name, path in by_name.items() if _is_plural_of(name, outer, last)]
    ending = f"}}/{last}"  # of the one that lies within an item: /posts/{id}/comments
    within = [path for name, path in by_name.items() if name.endswith(ending) and "POST" in by_path[path]]
    found = plurals or within
    return found[0] if len(found) == 1 else collection


def _is_plural_of(name: str, outer: str, last: str) -> bool:
    """Whether a path has the plural of the last segment of another: ``/users`` of ``/user/{id}``."""
    above, _, own = name.rpartition("/")
    return above == outer and own != last and "{" not in own and singular(plain(own)) == plain(last)


def _last_literal(template: str) -> str:
    literals = [segment for segment in without_ending(template).split("/") if segment and "{" not in segment]
    return literals[-1] if literals else template


def _resource(
    spec: Spec,
    collection: str,
    item: str,
    parent: str | None,
    of_collection: Mapping[str, Operation],
    of_item: Mapping[str, Operation],
    adding: Operation | None,
) -> Resource:
    """The resource of a collection; ``adding`` creates things where no POST to the collection does."""
    document = spec.document
    key = _PARAMETER.findall(item)[-1]
    create, listing, read = of_collection.get("POST") or adding, of_collection.get("GET"), of_item.get("GET")
    if list_of(document, success_schema(read)) == ():
        read = None  # what lies below is a list of its own
    replace = of_item.get("PUT")
    is_upsert = create is None and replace is not None and "201" in replace.statuses
    name = _last_literal(collection)
    items = list_of(document, success_schema(listing), name)
    thing, key_members = _thing(document, success_schema(read) or success_schema(create), key, name)
    if not key_members and items is not None:
        key_members = _key_members(_item_names(document, success_schema(listing), items), key, name)
    return Resource(
        collection=collection,
        item=item,
        key=key,
        parent=parent,
        list=listing if items is not None else None,
        create=replace if is_upsert else create,
        read=read,
        replace=replace,
        patch=of_item.get("PATCH"),
        delete=of_item.get("DELETE"),
        is_upsert=is_upsert,
        key_members=key_members,
        items=items,
        thing=thing,
    )


def list_of(document: Document, schema: str | None, name: str = "") -> MemberPath | None:
    """Where a response has its list of things of a name; None where it has none, or that is undecided."""
    return None if schema is None else _list_below(document, (schema,), name, ())


def _list_below(
    document: Document, schemas: tuple[str, ...], name: str, path: MemberPath
) -> MemberPath | None:
    found = facets(document, *schemas)
    if found.is_array:
        return path
    if not found.is_object or len(path) >= _DEPTH:
        return None
    lists = list(_lists(document, found))
    usual = [member for member in (name, *_USUAL_LISTS) if member in lists]
    if len(lists) == 1 or usual:
        return (*path, (usual or lists)[0])
    return None if lists else _list_in_envelope(document, found, name, path)


def _lists(document: Document, found: Facets) -> Iterator[str]:
    """The members of an object that are lists of things."""
    for member, pointers in found.properties.items():
        if member not in _NO_LISTS and facets(document, *pointers).is_array:
            yield member


def _list_in_envelope(document: Document, found: Facets, name: str, path: MemberPath) -> MemberPath | None:
    for member in _ENVELOPES:
        if member in found.properties:
            below = _list_below(document, found.properties[member], name, (*path, member))
            if below is not None:
                return below
    return None


def _item_names(document: Document, schema: str | None, items: MemberPath) -> Iterable[str]:
    """The names of the members of one item of a list."""
    found = facets(document, *([schema] if schema else []))
    for name in items:
        found = facets(document, *found.properties.get(name, ()))
    return members(document, found.items)


def _thing(document: Document, schema: str | None, key: str, name: str) -> tuple[MemberPath, tuple[str, ...]]:
    """Where a response has the item, and the members that may hold its key."""
    own = members(document, schema)
    keys = _key_members(own, key, name)
    inner = {
        member: _key_members(members(document, found.parts[0]), key, name)
        for member, found in own.items()
        if found.is_object or found.branches
    }
    wrapped = [member for member, keys_within in inner.items() if keys_within]
    envelopes = [member for member in wrapped if member in ("data", singular(name), "result", "item")]
    sure = {plain(key), *_SURE_KEYS, f"{singular(plain(name))}id"}
    is_outside = any(plain(member) in sure for member in keys) or (keys and not envelopes)
    if not is_outside and (len(wrapped) == 1 or envelopes):
        member = (envelopes or wrapped)[0]
        return (member,), inner[member]
    return (), keys


def _key_members(names: Iterable[str], key: str, name: str) -> tuple[str, ...]:
    """The members of an item that may hold its key, the most likely first."""
    kind = singular(plain(name))
    spelled = plain(key)
    likely = [spelled, spelled.removeprefix(kind), f"{kind}id", *_USUAL_KEYS]
    by_plain: dict[str, str] = {}
    for member in names:
        by_plain.setdefault(plain(member), member)
    return tuple(dict.fromkeys(by_plain[word] for word in likely if word in by_plain))


def referred(name: str, known: Mapping[str, Resource]) -> Iterator[Resource]:
    """The resources to whose items a member or parameter refers by its name, such as ``author_id``."""
    word = plain(name)
    for ending in ("ids", "id", "uuid", "key", "slug", "code", "ref"):
        if word.endswith(ending) and word != ending:
            word = word.removesuffix(ending)
            break
    for resource in known.values():
        if singular(plain(resource.name)) in (word, singular(word)):
            yield resource


def parents(resource: Resource, known: Mapping[str, Resource]) -> Sequence[Resource]:
    """The resources within whose items a resource lies, the outermost first."""
    chain: list[Resource] = []
    while resource.parent is not None:
        resource = known[resource.parent]
        chain.insert(0, resource)
    return chain
