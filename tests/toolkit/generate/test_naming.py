"""The names of resources and methods."""

import keyword
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.documents import Json, api, spec
from wirecheck.generate.naming import CLIENT_NAMES, MethodName, method_names
from wirecheck.generate.settings import NONE, Settings
from wirecheck.model import SpecError

LIST: Json = {"type": "array", "items": {"type": "object"}}
PAGE: Json = {"type": "object", "properties": {"data": LIST, "total": {"type": "integer"}}}
OBJECT: Json = {"type": "object", "properties": {"id": {"type": "string"}}}


def operation(name: str | None = None, tag: str | None = None, schema: Json = OBJECT) -> Json:
    value: Json = {
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}
    }
    value |= {"operationId": name} if name else {}
    return value | ({"tags": [tag]} if tag else {})


def named(*operations: tuple[str, Json], settings: Settings = NONE) -> dict[str, str]:
    """The names of operations by method and path."""
    paths: Json = {}
    for place, value in operations:
        method, template = place.split(" ")
        paths.setdefault(template, {})[method.lower()] = value
    loaded = spec(api(paths))
    names = method_names(loaded, settings)
    return {f"{each.method} {each.template}": str(names[each.pointer]) for each in loaded.operations}


ONE: dict[str, tuple[str, Json, str]] = {
    "a list of trips": ("GET /trips", operation("listTrips", "Trips", LIST), "trips.list"),
    "a list by another verb": ("GET /trips", operation("get-trips", "Trips", LIST), "trips.list"),
    "a list in an envelope": ("GET /trips", operation("getTrips", "Trips", PAGE), "trips.list"),
    "no list": ("GET /stats", operation("getStats", "Stats"), "stats.retrieve"),
    "create": ("POST /trips", operation("addTrip", "Trips"), "trips.create"),
    "retrieve": ("GET /trips/{id}", operation("getTripById", "Trips"), "trips.retrieve"),
    "replace": ("PUT /trips/{id}", operation("replaceTrip", "Trips"), "trips.replace"),
    "update with PUT": ("PUT /trips/{id}", operation("updateTrip", "Trips"), "trips.update"),
    "update with PATCH": ("PATCH /trips/{id}", operation("patchTrip", "Trips"), "trips.update"),
    "update with POST": ("POST /trips/{id}", operation("modifyTrip", "Trips"), "trips.update"),
    "delete": ("DELETE /trips/{id}", operation("removeTrip", "Trips"), "trips.delete"),
    "a version in the path": ("GET /api/v2/trips/{id}", operation("getTrip", "Trips"), "trips.retrieve"),
    "a suffix of the path": (
        "GET /2010-04-01/Trips/{Id}.json",
        operation("FetchTrip", "V1Trip"),
        "trips.retrieve",
    ),
    "FastAPI": ("GET /books", operation("list_books_books_get", "books", LIST), "books.list"),
    "FastAPI with a parameter": (
        "GET /books/{book_id}",
        operation("read_book_books__book_id__get", "books"),
        "books.retrieve",
    ),
    "NestJS": ("POST /cats", operation("CatsController_create", "cats"), "cats.create"),
    "Django": ("PATCH /cats/{id}", operation("cats_partial_update", "cats"), "cats.partial_update"),
    "a group in front": ("GET /cats", operation("cats/list", "cats", LIST), "cats.list"),
    "the verb behind": (
        "POST /bank_accounts/{id}/verify",
        operation("bank_account_verify", "Bank Accounts"),
        "bank_accounts.verify",
    ),
    "an action": ("POST /orders/{id}/cancel", operation("cancelOrder", "Orders"), "orders.cancel"),
    "an action that takes another one back": (
        "DELETE /projects/{id}/star",
        operation("unstarProject", "Projects"),
        "projects.unstar",
    ),
    "an action without a name": ("POST /orders/{id}/cancel", operation(None, "Orders"), "orders.cancel"),
    "an action behind a colon": ("POST /orders/{id}:cancel", operation(None, "Orders"), "orders.cancel"),
    "a verb of its own": ("POST /tickets", operation("buyTickets", "Tickets"), "tickets.buy"),
    "a verb that repeats the resource": (
        "POST /refunds",
        operation("refundPayment", "Refunds"),
        "refunds.create",
    ),
    "a batch": ("POST /orders/batch-delete", operation("BatchDeleteOrders", "Orders"), "orders.batch_delete"),
    "modifiers in the path": (
        "GET /channels/{id}/threads/archived/private",
        operation("listPrivateArchivedThreads", "Channels", LIST),
        "channels.threads.list_archived_private",
    ),
    "by something else": (
        "GET /admin/identities/by/external/{id}",
        operation("getIdentityByExternalId", "identity"),
        "identities.retrieve_by_external",
    ),
    "a resource within": (
        "POST /bookings/{id}/payment",
        operation("createPayment", "Payments"),
        "bookings.payments.create",
    ),
    "a resource within, of two words": (
        "GET /templates/{id}/versions",
        operation("templateVersionsList", "Template Versions", LIST),
        "templates.versions.list",
    ),
    "a resource within its own group": (
        "GET /labor/break-types",
        operation("ListBreakTypes", "Labor", PAGE),
        "labor.break_types.list",
    ),
    "the beginning of the name again": (
        "GET /payouts/{id}/payout-entries",
        operation("ListPayoutEntries", "Payouts", PAGE),
        "payouts.entries.list",
    ),
    "two resources": (
        "POST /chat/completions",
        operation("createChatCompletion", "Chat"),
        "chat.completions.create",
    ),
    "a tag that is part of the segment": (
        "GET /special-events",
        operation("listSpecialEvents", "Events", LIST),
        "events.list",
    ),
    "a segment that is part of the tag": (
        "GET /files",
        operation("getFiles", "ACH Files", LIST),
        "files.list",
    ),
    "a tag that is not in the path": (
        "GET /museum-hours",
        operation("getMuseumHours", "Operations", LIST),
        "operations.get_museum_hours",
    ),
    "a tag that is in the operationId": (
        "GET /schemas/{id}",
        operation("getIdentitySchema", "identity"),
        "identity.get_schema",
    ),
    "a tag of several parts": ("GET /blocks", operation(None, "Chain » Blocks", LIST), "chain.blocks.list"),
    "method and path as a name": (
        "POST /files/{id}/copy",
        operation("post_files_id_copy", "Files"),
        "files.copy",
    ),
    "method and path, far from the tag": (
        "GET /files/{id}/metadata",
        operation("get_files_id_metadata", "Instances (Files)", PAGE),
        "files.metadata.list",
    ),
    "no tag": ("POST /up", operation("upload"), "upload"),
    "no tag, and a plural": ("GET /lamps", operation("listLamps", None, LIST), "list_lamps"),
    "nothing but method and path": ("GET /up", operation(), "get_up"),
    "the root": ("GET /", operation(), "get_root"),
    "a keyword": ("GET /a", operation("import", "my tag"), "my_tag.import_"),
    "a keyword as a resource": ("GET /x", operation("getIt", "class"), "class_.get_it"),
    "an option of the client": ("POST /close", operation("close"), "close_"),
    "what resources have": ("GET /a", operation("with_raw_response", "Trips"), "trips.with_raw_response_"),
    "digits first": ("GET /3ds/{id}", operation(None, "3ds"), "n3ds.retrieve"),
    "emoji": ("GET /a", operation("🎉", "🎉 Party"), "party.a.retrieve"),
    "accents": ("GET /cafés/{id}", operation(None, "Cafés"), "cafes.retrieve"),
    "other letters": ("GET /список/{id}", operation(None, "Список"), "список.retrieve"),
    "acronyms": ("GET /users", operation("listUserIDs", "OAuth2Tokens", LIST), "oauth2_tokens.list_user_ids"),
    "another method": ("OPTIONS /trips", operation("optionsTrips", "Trips"), "trips.options"),
}


@pytest.mark.parametrize(("place", "value", "name"), ONE.values(), ids=ONE)
def test_one_operation_alone_has_its_name(place: str, value: Json, name: str) -> None:
    assert named((place, value)) == {place: name}


def test_operations_without_tags_form_a_resource_where_they_share_a_collection() -> None:
    assert named(
        ("GET /lamps", operation("listLamps", None, LIST)),
        ("GET /lamps/{id}", operation("getLamp")),
        ("GET /lamps/{id}/bulbs", operation("listBulbs", None, LIST)),
        ("GET /u/{id}/k/{key}", operation("getK")),
        ("POST /lamp/test", operation("testLamp")),
    ) == {
        "GET /lamps": "lamps.list",
        "GET /lamps/{id}": "lamps.retrieve",
        "GET /lamps/{id}/bulbs": "lamps.bulbs.list",
        "GET /u/{id}/k/{key}": "get_k",
        "POST /lamp/test": "test_lamp",
    }


SAME = {
    "PUT and PATCH, by their names": (
        {"PUT /cats/{id}": operation("updateCat", "cats"), "PATCH /cats/{id}": operation("patchCat", "cats")},
        ["cats.update", "cats.patch"],
    ),
    "PUT and PATCH without names": (
        {"PUT /cats/{id}": operation(None, "cats"), "PATCH /cats/{id}": operation(None, "cats")},
        ["cats.replace", "cats.update"],
    ),
    "one and all": (
        {"DELETE /cats/{id}": operation(None, "cats"), "DELETE /cats": operation(None, "cats")},
        ["cats.delete", "cats.delete_all"],
    ),
    "the rest of their names": (
        {"PUT /pet": operation("updatePet", "pet"), "POST /pet/{id}": operation("updatePetWithForm", "pet")},
        ["pet.update", "pet.update_with_form"],
    ),
    "paths that differ in parameters": (
        {"GET /cats/{id}": operation(None, "cats"), "GET /cats/{home}/{name}": operation(None, "cats")},
        ["cats.retrieve_by_id", "cats.retrieve_by_home_and_name"],
    ),
    "another tag": (
        {"PUT /cats/{id}": operation(None, "Cats"), "POST /cats/{id}": operation(None, "Lost cats")},
        ["cats.update", "lost_cats.update"],
    ),
    "a method and a resource": (
        {
            "POST /cats/{id}/search": operation("searchCat", "cats"),
            "GET /cats/{id}/search/{x}": operation("getSearch", "cats"),
        },
        ["cats.search_cat", "cats.search.retrieve"],
    ),
    "nothing at all": (
        {"GET /a-b": operation("x y", "t"), "GET /a_b": operation("x-y", "t")},
        ["t.get_a_b", "t.get_a_b_2"],
    ),
}


@pytest.mark.parametrize(("operations", "names"), SAME.values(), ids=SAME)
def test_names_that_would_be_the_same_are_told_apart(operations: dict[str, Json], names: list[str]) -> None:
    expected = dict(zip(operations, names, strict=True))
    assert named(*operations.items()) == expected
    assert named(*reversed(operations.items())) == expected


def test_x_resource_wins_over_settings_and_settings_over_the_document() -> None:
    settings = Settings(operations={"a": "one.of", "b": "two.of", "GET /c": "top"})
    assert named(
        ("GET /a", operation("a", "T") | {"x-resource": "three.of"}),
        ("GET /b", operation("b", "T")),
        ("GET /c", operation(None, "T")),
        settings=settings,
    ) == {"GET /a": "three.of", "GET /b": "two.of", "GET /c": "top"}


def test_derived_names_give_way_to_given_ones() -> None:
    operations = [("GET /cats/{id}", operation("getCat", "cats")), ("GET /x", operation("x", "y"))]
    settings = Settings(operations={"x": "cats.retrieve"})
    assert named(*operations, settings=settings)["GET /cats/{id}"] == "cats.get_cat"


def test_one_given_name_for_two_operations_is_an_error() -> None:
    twice = operation("a") | {"x-resource": "a.b"}
    with pytest.raises(SpecError, match=r"a\.b is the name of another operation already"):
        named(("GET /a", twice), ("GET /b", twice | {"operationId": "b"}))


WORDS = st.sampled_from(
    [
        *"abc",
        "list",
        "get",
        "pets",
        "pet",
        "class",
        "close",
        "search",
        "Ü",
        "世界",
        "🎉",
        "1",
        "-",
        "with",
        "v1",
        "API",
        "by",
    ]
)
TEXTS = st.lists(WORDS, max_size=4).map(" ".join) | st.text(max_size=6)
SEGMENTS = st.sampled_from(["pets", "toys", "search", "{id}", "{b}", "v1", "class", "me", "世界", "x.json"])
PATHS = st.lists(SEGMENTS, max_size=4).map(lambda names: "/" + "/".join(dict.fromkeys(names)))
OPERATIONS = st.builds(
    operation,
    st.none() | TEXTS,
    st.none() | TEXTS,
    st.sampled_from([LIST, PAGE, OBJECT]),
)
DOCUMENTS = st.dictionaries(
    PATHS,
    st.dictionaries(st.sampled_from(["get", "put", "post", "delete", "patch"]), OPERATIONS, min_size=1),
    min_size=1,
    max_size=6,
)


def names_of(paths: Json) -> dict[str, MethodName]:
    return dict(method_names(spec(api(paths))))


@pytest.mark.no_cover
@given(paths=DOCUMENTS)
def test_names_are_identifiers_and_distinct(paths: Json) -> None:
    names = names_of(paths)
    resources = {name.resource[:end] for name in names.values() for end in range(1, len(name.resource) + 1)}
    for name in names.values():
        parts = (*name.resource, name.method)
        assert all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)
        assert not any(part.startswith("_") for part in parts)
        assert parts[0] not in CLIENT_NAMES
        assert parts not in resources
    assert len(set(names.values())) == len(names)


@pytest.mark.no_cover
@given(paths=DOCUMENTS, data=st.data())
def test_removing_an_operation_renames_none_but_those_it_collided_with(
    paths: Json, data: st.DataObject
) -> None:
    """With tags; without them the collections that a document shows come and go."""
    for item in paths.values():
        for value in item.values():
            value.setdefault("tags", ["pets"])
    before = names_of(paths)
    alone = {
        pointer: next(iter(names_of({template: {method: value}}).values()))
        for template, item in paths.items()
        for method, value in item.items()
        for pointer in [f"/paths/{template.replace('/', '~1')}/{method}"]
    }
    removed = data.draw(st.sampled_from(sorted(before)))
    template, method = next(
        (template, method)
        for template, item in paths.items()
        for method in item
        if removed == f"/paths/{template.replace('/', '~1')}/{method}"
    )
    rest = {key: {**item} for key, item in paths.items()}
    del rest[template][method]
    after = names_of({key: item for key, item in rest.items() if item})
    shared = Counter(alone.values())
    resources = {name.resource[:end] for name in alone.values() for end in range(len(name.resource) + 1)}
    for pointer, name in after.items():
        is_alone = (
            shared[alone[pointer]] == 1 and (*alone[pointer].resource, alone[pointer].method) not in resources
        )
        if is_alone and before[pointer] == alone[pointer]:
            assert name == before[pointer]
