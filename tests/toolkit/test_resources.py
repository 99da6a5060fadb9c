"""Resources are found in paths, methods and schemas alone."""

import json
from typing import Any

import pytest

from support.conforming import document, loaded
from wirecheck.resources import Resource, parents, places, plain, referred, resources, singular


def returning(schema: Any, status: str = "200") -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"responses": {status: {"description": "Fine.", "content": content}}}


def ids(name: str = "id") -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": "string"}, "title": {"type": "string"}}}


def listing(member: str = "", item: Any = None) -> dict[str, Any]:
    array = {"type": "array", "items": item or ids()}
    return returning({"type": "object", "properties": {member: array}} if member else array)


def found(paths: dict[str, Any]) -> dict[str, Resource]:
    named = {
        path: {
            method: {**operation, "operationId": f"{method} {path}"} for method, operation in methods.items()
        }
        for path, methods in paths.items()
    }
    return dict(resources(loaded(json.dumps(document(named)))))


def test_a_collection_and_its_items_are_a_resource() -> None:
    thing = returning(ids())
    [books] = found(
        {
            "/books": {"get": listing("items"), "post": returning(ids(), "201")},
            "/books/{book_id}": {"get": thing, "put": thing, "patch": thing, "delete": {}},
        }
    ).values()
    assert (books.name, books.key, books.items, books.thing) == ("books", "book_id", ("items",), ())
    assert books.key_members == ("id",)
    methods = [operation.method for operation in books.operations]
    assert methods == ["GET", "POST", "GET", "PUT", "PATCH", "DELETE"]
    assert not books.is_upsert


@pytest.mark.parametrize(
    ("key", "member", "collection"),
    [
        ("bookId", "book_id", "books"),
        ("book_id", "id", "books"),
        ("isbn", "isbn", "books"),
        ("name", "name", "tags"),
        ("uid", "uuid", "users"),
        ("category", "slug", "categories"),
    ],
)
def test_the_member_that_holds_the_key_is_found(key: str, member: str, collection: str) -> None:
    [resource] = found({f"/{collection}/{{{key}}}": {"get": returning(ids(member))}}).values()
    assert resource.key_members[0] == member


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"type": "array", "items": ids()}, ()),
        ({"properties": {"books": {"type": "array"}, "errors": {"type": "array"}}}, ("books",)),
        ({"properties": {"data": {"properties": {"books": {"type": "array"}}}}}, ("data", "books")),
        ({"properties": {"a": {"type": "array"}, "results": {"type": "array"}}}, ("results",)),
        ({"properties": {"a": {"type": "array"}, "b": {"type": "array"}}}, None),
        ({"properties": {"total": {"type": "integer"}}}, None),
    ],
)
def test_the_list_within_a_response_is_found(schema: Any, path: tuple[str, ...] | None) -> None:
    [books] = found({"/books": {"get": returning(schema)}, "/books/{id}": {"get": returning(ids())}}).values()
    assert books.items == path
    assert (books.list is None) is (path is None)


def test_an_envelope_of_a_thing_is_opened() -> None:
    wrapped = {"type": "object", "properties": {"book": ids(), "meta": {"type": "object"}}}
    [books] = found({"/books/{id}": {"get": returning(wrapped)}}).values()
    assert (books.thing, books.key_members) == (("book",), ("id",))


def test_a_put_that_creates_is_an_upsert() -> None:
    [notes] = found({"/notes/{key}": {"put": {**returning(ids("key"), "201")}}}).values()
    assert notes.is_upsert
    assert notes.create == notes.replace is not None


def test_children_know_their_parents_whatever_the_parameter_is_called() -> None:
    known = found(
        {
            "/orders/{id}/": {"get": returning(ids())},
            "/orders/{order_id}/lines/": {"get": listing(), "post": returning(ids(), "201")},
            "/orders/{order_id}/lines/{id}/": {"get": returning(ids())},
        }
    )
    lines = known["/orders/{order_id}/lines/"]
    assert lines.parent == "/orders"
    assert [resource.name for resource in parents(lines, known)] == ["orders"]
    assert dict(places(lines.item)) == {"/orders/{}": "order_id", "/orders/{}/lines/{}": "id"}
    assert known["/orders"].owns("/orders/{number}/place")
    assert not known["/orders"].owns("/orders-archive/{id}")


def test_items_may_lie_beside_the_collection_that_has_them() -> None:
    known = found(
        {
            "/comments/{comment_id}": {"get": returning(ids()), "delete": {}},
            "/posts/{id}": {"get": returning(ids())},
            "/posts/{id}/comments": {"get": listing(), "post": returning(ids(), "201")},
        }
    )
    comments = known["/posts/{id}/comments"]
    assert (comments.item, comments.parent) == ("/comments/{comment_id}", "/posts")
    assert comments.create is not None


def test_a_collection_may_be_the_plural_of_what_leads_to_its_items() -> None:
    item = {"get": returning(ids()), "delete": {}}
    collection = {"get": listing(), "post": returning(ids(), "201")}
    known = found(
        {
            "/rest/user/{id}": item,
            "/rest/users": collection,
            "/rest/user/{id}/entry/{key}": item,
            "/rest/user/{id}/entries": collection,
            "/users": collection,
        }
    )
    assert {name: resource.item for name, resource in known.items()} == {
        "/rest/users": "/rest/user/{id}",
        "/rest/user/{id}/entries": "/rest/user/{id}/entry/{key}",
    }
    assert known["/rest/user/{id}/entries"].parent == "/rest/users"
    assert all(resource.create and resource.list for resource in known.values())


@pytest.mark.parametrize("verb", ["create", "add", "new"])
def test_a_path_may_say_that_it_adds_to_a_collection(verb: str) -> None:
    added = {"post": {**returning(ids(), "201"), "summary": "added"}}
    item = {"get": returning(ids()), "delete": {}}
    [books] = found({"/books": {"get": listing()}, f"/books/{verb}": added, "/books/{id}": item}).values()
    assert books.create is not None
    assert books.create.template == f"/books/{verb}"
    both = {"/books": {"post": returning(ids(), "201")}, f"/books/{verb}": added, "/books/{id}": item}
    [books] = found(both).values()
    assert books.create is not None
    assert books.create.template == "/books"


def test_an_extension_at_the_end_of_a_path_is_no_part_of_a_name() -> None:
    known = found(
        {
            "/comments/{cid}.xml": {"delete": {}},
            "/posts.json": {"get": listing(), "post": returning(ids(), "201")},
            "/posts/{id}.json": {"get": returning(ids()), "delete": {}},
            "/posts/{id}/comments.xml": {"get": listing(), "post": returning(ids(), "201")},
        }
    )
    posts, comments = known["/posts.json"], known["/posts/{id}/comments.xml"]
    assert (posts.name, posts.item, posts.key_members) == ("posts", "/posts/{id}.json", ("id",))
    assert (comments.name, comments.item, comments.parent) == (
        "comments",
        "/comments/{cid}.xml",
        "/posts.json",
    )
    assert dict(places(posts.item)) == {"/posts/{}": "id"}
    assert posts.owns(comments.collection)
    assert list(referred("post_id", known)) == [posts]


def test_each_format_has_its_collection() -> None:
    item = {"get": returning(ids())}
    paths = {path: {"get": listing()} for path in ("/posts", "/posts.json", "/posts.xml")}
    known = found({**paths, "/posts/{id}": item, "/posts/{id}.json": item, "/posts/{id}.csv": item})
    items = {collection: resource.item for collection, resource in known.items()}
    assert items.pop("/posts.json") == "/posts/{id}.json"
    assert set(items) == {"/posts"}


@pytest.mark.parametrize("path", ["/books", "/{id}", "/books/{id}/{part}", "/files/{name}.{ending}"])
def test_other_paths_are_no_items(path: str) -> None:
    assert found({path: {"get": returning(ids())}}) == {}


@pytest.mark.parametrize(
    ("name", "collection"),
    [
        ("author_id", "authors"),
        ("authorId", "authors"),
        ("author", "authors"),
        ("tag_ids", "tags"),
        ("category", "categories"),
    ],
)
def test_a_member_refers_to_a_resource_by_its_name(name: str, collection: str) -> None:
    known = found({f"/{collection}/{{id}}": {"get": returning(ids())}, "/x/{id}": {"get": returning(ids())}})
    assert [resource.name for resource in referred(name, known)] == [collection]
    assert list(referred("title", known)) == []


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("books", "book"),
        ("categories", "category"),
        ("boxes", "box"),
        ("addresses", "address"),
        ("status", "status"),
        ("news", "new"),
    ],
)
def test_plurals_have_their_usual_singular(plural: str, one: str) -> None:
    assert singular(plain(plural)) == one
