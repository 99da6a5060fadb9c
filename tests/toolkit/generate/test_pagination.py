"""How pages are found in a document."""

from typing import Any

import pytest

from support.documents import Json, api, spec
from wirecheck.generate.pagination import ListPagination, pagination
from wirecheck.generate.runtime.paging import NextPage
from wirecheck.generate.settings import NONE, Settings
from wirecheck.model import SpecError

INTEGER: Json = {"type": "integer"}
STRING: Json = {"type": "string"}
NULLABLE: Json = {"type": ["string", "null"]}
URI: Json = {"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]}
BOOLEAN: Json = {"type": "boolean"}
ITEMS: Json = {"type": "array", "items": {"type": "object"}}


def obj(**properties: Json) -> Json:
    return {"type": "object", "properties": properties}


def operation(schema: Json, headers: Json | None = None, **parameters: Json) -> Json:
    """An operation with query parameters by name, and the schema of its response."""
    content = {"application/json": {"schema": schema}}
    return {
        "operationId": "list",
        "parameters": [
            {"name": name, "in": "query", **({"schema": schema} if "schema" not in schema else schema)}
            for name, schema in parameters.items()
        ],
        "responses": {"200": {"description": "", "content": content, "headers": headers or {}}},
    }


def found(value: Json, method: str = "get", settings: Settings = NONE) -> ListPagination | None:
    loaded = spec(api({"/trips": {method: value}}))
    return pagination(loaded, loaded.operations[0], settings)


def cursor(pointer: str, parameter: str, items: str = "/data", **more: Any) -> NextPage:
    return NextPage(cursor=pointer, parameter=parameter, items=items, **more)


SURE: dict[str, tuple[Json, NextPage]] = {
    "a cursor": (
        operation(obj(data=ITEMS, next_cursor=NULLABLE), cursor=STRING),
        cursor("/next_cursor", "cursor"),
    ),
    "a cursor in camelCase": (
        operation(obj(items=ITEMS, nextPageToken=STRING), pageToken=STRING),
        cursor("/nextPageToken", "pageToken", "/items"),
    ),
    "a cursor about the list": (
        operation(obj(data=ITEMS, meta=obj(page=obj(next_cursor=STRING))), cursor=STRING),
        cursor("/meta/page/next_cursor", "cursor"),
    ),
    "a cursor of the same name": (
        operation(obj(jobs=ITEMS, cursor=STRING), cursor=STRING),
        cursor("/cursor", "cursor", "/jobs"),
    ),
    "a cursor and whether there is more": (
        operation(
            obj(items=ITEMS, page=obj(endCursor=NULLABLE, hasNextPage=BOOLEAN)), after=STRING, before=STRING
        ),
        cursor("/page/endCursor", "after", "/items", more="/page/hasNextPage"),
    ),
    "the id of the last item": (
        operation(obj(data=ITEMS, last_id=STRING, has_more=BOOLEAN), after=STRING),
        cursor("/last_id", "after", more="/has_more"),
    ),
    "a number as a cursor": (
        operation(obj(results=ITEMS, next={"type": ["integer", "null"]}), **{"from": INTEGER}),
        cursor("/next", "from", "/results"),
    ),
    "a text about a cursor": (
        operation(
            obj(data=ITEMS, next={"type": "string", "description": "The cursor of the next page."}),
            cursor=STRING,
        ),
        cursor("/next", "cursor"),
    ),
    "errors beside the items": (
        operation(obj(errors=ITEMS, cards=ITEMS, cursor=STRING), cursor=STRING),
        cursor("/cursor", "cursor", "/cards"),
    ),
    "items in an allOf": (
        operation({"allOf": [obj(next_marker=NULLABLE), obj(entries=ITEMS)]}, marker=STRING),
        cursor("/next_marker", "marker", "/entries"),
    ),
    "an address": (
        operation(obj(data=ITEMS, next_url=NULLABLE)),
        NextPage(next_url="/next_url", items="/data"),
    ),
    "an address by its format": (
        operation(obj(count=INTEGER, next=URI, previous=URI, results=ITEMS), limit=INTEGER, offset=INTEGER),
        NextPage(next_url="/next", items="/results"),
    ),
    "an address among links": (
        operation(obj(data=ITEMS, links=obj(next=STRING)), page=INTEGER),
        NextPage(next_url="/links/next", items="/data"),
    ),
    "an address in a link": (
        operation(obj(data=ITEMS, _links=obj(next=obj(href=STRING)))),
        NextPage(next_url="/_links/next/href", items="/data"),
    ),
    "an address beside numbers": (
        operation(obj(next_page_uri=NULLABLE, page=INTEGER, calls=ITEMS), Page=INTEGER, PageToken=STRING),
        NextPage(next_url="/next_page_uri", items="/calls"),
    ),
    "a header": (
        operation(ITEMS, {"Link": {"schema": STRING, "description": "The next page (RFC 8288)."}}),
        NextPage(kind="link"),
    ),
    "a header beside a page": (
        operation(ITEMS, {"link": {"schema": STRING}}, page=INTEGER),
        NextPage(kind="link"),
    ),
    "a page until it is empty": (
        operation(ITEMS, page={"type": "integer", "default": 1}),
        NextPage(kind="page", parameter="page", first=1),
    ),
    "a page of FastAPI": (
        operation(
            obj(items=ITEMS, pages=INTEGER),
            page={"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
        ),
        NextPage(kind="page", parameter="page", first=1, total="/pages", items="/items"),
    ),
    "a page from zero": (
        operation(ITEMS, page={"type": "integer", "description": "The zero-based number of the page."}),
        NextPage(kind="page", parameter="page"),
    ),
    "a page from one, as the parameter says": (
        operation(ITEMS, page={"schema": INTEGER, "description": "Pages start at 1."}),
        NextPage(kind="page", parameter="page", first=1),
    ),
    "a page with its number": (
        operation(obj(data=ITEMS, meta=obj(current_page=INTEGER, last_page=INTEGER)), page=INTEGER),
        NextPage(
            kind="page",
            parameter="page",
            current="/meta/current_page",
            total="/meta/last_page",
            items="/data",
        ),
    ),
    "a page and whether there is more": (
        operation(obj(data=ITEMS, has_more=BOOLEAN), page_number={"type": "integer", "minimum": 0}),
        NextPage(kind="page", parameter="page_number", more="/has_more", items="/data"),
    ),
    "an offset": (
        operation(ITEMS, offset=INTEGER, limit=INTEGER),
        NextPage(kind="offset", parameter="offset"),
    ),
    "an offset and the number of items": (
        operation(obj(data=ITEMS, meta=obj(offset=INTEGER, total=INTEGER)), skip=INTEGER),
        NextPage(kind="offset", parameter="skip", current="/meta/offset", total="/meta/total", items="/data"),
    ),
    "a start from one": (
        operation(obj(Resources=ITEMS, totalResults=INTEGER), startIndex={"type": "integer", "default": 1}),
        NextPage(kind="offset", parameter="startIndex", first=1, total="/totalResults", items="/Resources"),
    ),
    "messages that are the items": (
        operation(obj(messages=ITEMS, next_cursor=STRING), cursor=STRING),
        cursor("/next_cursor", "cursor", "/messages"),
    ),
}


@pytest.mark.parametrize(("value", "expected"), SURE.values(), ids=SURE)
def test_sure_evidence_is_found(value: Json, expected: NextPage) -> None:
    pages = found(value)
    assert pages is not None
    assert pages.next_page == expected
    assert pages.evidence
    assert NextPage(**pages.named) == expected


UNSURE: dict[str, Json] = {
    "no parameter for the cursor": operation(obj(data=ITEMS, next_cursor=STRING), limit=INTEGER),
    "no cursor for the parameter": operation(obj(data=ITEMS), cursor=STRING),
    "a cursor of another name": operation(obj(data=ITEMS, etag=STRING), cursor=STRING),
    "a cursor that is an object": operation(obj(data=ITEMS, next_cursor=obj()), cursor=STRING),
    "next, of which nothing is said": operation(obj(data=ITEMS, next=STRING), cursor=STRING),
    "an id as cursor without an end": operation(obj(data=ITEMS, last_id=STRING), after=STRING),
    "before and after in a list": operation(ITEMS, after=STRING, before=STRING, limit=INTEGER),
    "two lists": operation(obj(threads=ITEMS, members=ITEMS, next_cursor=STRING), cursor=STRING),
    "no list": operation(obj(id=STRING, next_cursor=STRING), cursor=STRING),
    "a list of texts in an object": operation(
        obj(id=STRING, tags={"type": "array", "items": STRING}), page={"type": "integer", "default": 1}
    ),
    "a page without a beginning": operation(ITEMS, page=INTEGER),
    "a page that is a text": operation(ITEMS, page={"type": "string", "default": "1"}),
    "a page or an offset": operation(
        ITEMS, page={"type": "integer", "default": 1}, offset=INTEGER, limit=INTEGER
    ),
    "a cursor or an offset": operation(
        obj(data=ITEMS, next_marker=STRING, total_count=INTEGER), marker=STRING, offset=INTEGER, limit=INTEGER
    ),
    "a token beside a page": operation(ITEMS, page_token=STRING, page={"type": "integer", "default": 1}),
    "a start without a total": operation(ITEMS, start=INTEGER, limit=INTEGER),
    "an offset and nothing else": operation(ITEMS, offset=INTEGER),
    "a header for something else": operation(
        ITEMS, {"Link": {"schema": STRING, "description": "The licence."}}
    ),
    "a header that is not documented": operation(ITEMS, {"X-Total": {"schema": INTEGER}}),
    "a page in a header": operation(ITEMS)
    | {"parameters": [{"name": "page", "in": "header", "schema": {"type": "integer", "default": 1}}]},
    "no JSON": operation(ITEMS, page={"type": "integer", "default": 1})
    | {"responses": {"200": {"description": "", "content": {"text/csv": {}}}}},
    "an error in JSON": operation(ITEMS, page={"type": "integer", "default": 1})
    | {"responses": {"404": {"description": "", "content": {"application/json": {"schema": ITEMS}}}}},
}


@pytest.mark.parametrize("value", UNSURE.values(), ids=UNSURE)
def test_a_list_of_which_nothing_is_sure_is_not_walked(value: Json) -> None:
    assert found(value) is None


def test_only_what_reads_is_walked() -> None:
    assert found(operation(obj(data=ITEMS, next_cursor=STRING), cursor=STRING), "post") is None


def test_a_recursive_schema_ends() -> None:
    node = {"anyOf": [{"$ref": "#/components/schemas/Node"}, {"type": "null"}]}
    document = api({"/a": {"get": operation({"$ref": "#/components/schemas/Node"}, cursor=STRING)}})
    document["components"] = {"schemas": {"Node": {**node, **obj(page=node, data=ITEMS, next_cursor=STRING)}}}
    loaded = spec(document)
    pages = pagination(loaded, loaded.operations[0])
    assert pages is not None
    assert pages.next_page.cursor == "/next_cursor"


CURSORS = operation(obj(data=ITEMS, next_cursor=STRING), cursor=STRING)


def test_x_pagination_wins() -> None:
    stated = {
        "items": "/data",
        "cursor": "/c",
        "parameter": "p",
        "next-url": "/u",
        "more": "/m",
        "limit": "n",
    }
    settings = Settings(pagination={"list": False})
    pages = found(CURSORS | {"x-pagination": stated}, settings=settings)
    assert pages is not None
    assert pages.next_page == NextPage(cursor="/c", parameter="p", more="/m", items="/data")
    only_address = found(CURSORS | {"x-pagination": {"items": "", "next-url": "/u"}})
    assert only_address is not None
    assert only_address.next_page == NextPage(next_url="/u")


def test_settings_switch_pages_off_and_say_how_they_follow() -> None:
    assert found(CURSORS, settings=Settings(pagination={"list": False})) is None
    assert found(CURSORS, settings=Settings(pagination={"GET /trips": False})) is None
    on = found(CURSORS, settings=Settings(pagination={"list": True}))
    assert on == found(CURSORS)
    numbered = {"items": "/data", "kind": "page", "parameter": "p", "first": 1}
    pages = found(CURSORS, settings=Settings(pagination={"list": numbered}))
    assert pages is not None
    assert pages.next_page == NextPage(kind="page", parameter="p", first=1, items="/data")
    assert pages.evidence == "configured"


def test_settings_that_want_pages_where_none_are_found_are_an_error() -> None:
    with pytest.raises(SpecError, match=r"api\.json:\d+: #/paths/~1trips/get: the configuration wants pages"):
        found(operation(ITEMS), settings=Settings(pagination={"list": True}))


def test_schemes_apply_to_the_lists_that_fit() -> None:
    schemes = ({"items": "/rows", "cursor": "/c/n", "parameter": "c"}, {"items": "/rows", "next-url": "/n"})
    settings = Settings(schemes=schemes)
    first = found(operation(obj(rows=ITEMS, c=obj(n=STRING)), c=STRING), settings=settings)
    second = found(operation(obj(rows=ITEMS, n=STRING)), settings=settings)
    assert first is not None
    assert second is not None
    assert first.next_page == NextPage(cursor="/c/n", parameter="c", items="/rows")
    assert second.next_page == NextPage(next_url="/n", items="/rows")
    assert found(operation(obj(rows=ITEMS, c=obj(n=STRING))), settings=settings) is None
