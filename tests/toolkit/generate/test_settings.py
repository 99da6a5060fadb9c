"""The settings of a client: their file, x-client, and what is read of a stainless.yml."""

from pathlib import Path

import pytest

from support.documents import Json, api, spec
from wirecheck.generate.naming import method_names
from wirecheck.generate.pagination import pagination
from wirecheck.generate.settings import NONE, Settings, load
from wirecheck.lint.client_settings import SCHEMA
from wirecheck.model import SpecError
from wirecheck.spec import Spec

ITEMS: Json = {"type": "array", "items": {"type": "object"}}
PAGE: Json = {"type": "object", "properties": {"data": ITEMS, "next": {"type": "string"}}}


def document(**members: Json) -> Spec:
    response = {"200": {"description": "", "content": {"application/json": {"schema": PAGE}}}}
    after = {"name": "after", "in": "query", "schema": {"type": "string"}}
    return spec(
        api(
            {
                "/trips": {
                    "get": {"operationId": "listTrips", "parameters": [after], "responses": response},
                    "post": {"responses": {}},
                },
                "/trips/{id}": {"get": {"operationId": "getTrip", "responses": {}}},
            },
            **members,
        )
    )


def loaded(tmp_path: Path, text: str, **members: Json) -> Settings:
    path = tmp_path / "client.yaml"
    path.write_text(text)
    return load(path, document(**members))


def problem(tmp_path: Path, text: str) -> str:
    with pytest.raises(SpecError) as caught:
        loaded(tmp_path, text)
    return str(caught.value).replace(f"{tmp_path}/", "")


EVERYTHING = """\
package: {client: Acme, project: acme-client}
operations:
  listTrips: trips.all
  POST /trips: plan
pagination:
  listTrips: {items: /data, cursor: /next, parameter: after}
  getTrip: false
absent: unset
interface: 1
"""


def test_a_file_has_all_settings(tmp_path: Path) -> None:
    settings = loaded(tmp_path, EVERYTHING)
    assert settings == Settings(
        package={"client": "Acme", "project": "acme-client"},
        operations={"listTrips": "trips.all", "POST /trips": "plan"},
        pagination={
            "listTrips": {"items": "/data", "cursor": "/next", "parameter": "after"},
            "getTrip": False,
        },
        absent="unset",
        interface=1,
    )
    names = method_names(document(), settings)
    assert [*map(str, names.values())] == ["trips.all", "plan", "trips.retrieve"]


def test_nothing_is_configured_by_default() -> None:
    assert load(None, document()) == NONE


def test_the_document_has_the_same_settings_and_the_file_wins(tmp_path: Path) -> None:
    stated: Json = {
        "operations": {"listTrips": "a.b", "getTrip": "c.d"},
        "package": {"client": "One", "project": "one"},
        "absent": "none",
        "interface": 1,
    }
    assert load(None, document(**{"x-client": stated})).operations == stated["operations"]
    settings = loaded(tmp_path, "operations: {getTrip: e.f}\npackage: {client: Two}", **{"x-client": stated})
    assert settings.operations == {"listTrips": "a.b", "getTrip": "e.f"}
    assert settings.package == {"client": "Two", "project": "one"}
    assert (settings.absent, settings.interface) == ("none", 1)


WRONG = {
    "an unknown key": (
        "operation: {}",
        "client.yaml:1: there is no key 'operation'. Did you mean operations?",
    ),
    "an unknown key within": (
        "package:\n  name: x",
        "client.yaml:2: there is no key 'name'. There are: client, project.",
    ),
    "an unknown key of pages": (
        "pagination:\n  listTrips:\n    items: /data\n    cursr: /x",
        "client.yaml:4: there is no key 'cursr'. Did you mean cursor?",
    ),
    "a missing key": (
        "pagination:\n  listTrips: {cursor: /x}",
        'client.yaml:2: pagination.listTrips lacks "items"',
    ),
    "another type": (
        "operations:\n  getTrip: 7",
        "client.yaml:2: operations.getTrip is 7, an integer, not a string",
    ),
    "a list": ("- 1", "client.yaml:1: the configuration is [1], not an object"),
    "another value": ("absent: maybe", 'client.yaml:1: absent is "maybe", not "none" or "unset"'),
    "no name": (
        "operations:\n  getTrip: trips-get",
        'client.yaml:2: operations.getTrip is "trips-get", which does',
    ),
    "a keyword": (
        "operations:\n  getTrip: trips.import",
        "client.yaml:2: trips.import cannot be a name: import is a keyword of Python",
    ),
    "no operation": (
        "operations:\n  listTrip: trips.list",
        "client.yaml:2: the document has no operation 'listTrip'. Did you mean listTrips?",
    ),
    "no operation to walk": (
        "pagination:\n  GET /trip: false",
        "client.yaml:2: the document has no operation 'GET /trip'. Did you mean GET /trips?",
    ),
    "one name twice": (
        "operations:\n  listTrips: a.b\n  getTrip: a.b",
        "client.yaml:3: a.b is the name of listTrips already",
    ),
    "several problems": (
        "absent: 7\noperations:\n  getTrip: 7",
        'client.yaml:1: absent is 7, not "none" or "unset"\nclient.yaml:3: operations.getTrip is 7',
    ),
    "no YAML": ("a: [", "client.yaml:2: is neither YAML nor JSON"),
}


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_used_is_an_error_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    assert problem(tmp_path, text).startswith(expected)


def test_settings_in_the_document_are_reported_with_its_lines() -> None:
    with pytest.raises(SpecError, match=r"api\.json:\d+: absent is 7"):
        load(None, document(**{"x-client": {"absent": 7}}))


def test_editors_get_a_schema_with_a_text_for_each_key() -> None:
    assert all(schema["description"] for schema in SCHEMA["properties"].values())


STAINLESS = """\
organization: {name: acme}
targets:
  python: {project_name: acme-sdk}
settings: {license: MIT}
resources:
  $shared:
    models: {error: Error}
  $client:
    methods:
      plan: post /trips
  journeys:
    models: {trip: Trip}
    methods:
      all:
        endpoint: get /trips
        paginated: false
      gone: get /nowhere
    subresources:
      class:
        methods:
          get: {endpoint: "get /trips/{id}", unwrap: data}
pagination:
  - name: pages
    type: cursor
    request:
      after: {type: string, x-stainless-pagination-property: {purpose: next_cursor_param}}
    response:
      data: {type: array, items: {}}
      next: {type: string, x-stainless-pagination-property: {purpose: next_cursor_field}}
  - {name: fakes, type: fake_page, request: {}, response: {}}
"""


def test_a_stainless_file_is_read_where_it_says_the_same_things(tmp_path: Path) -> None:
    settings = loaded(tmp_path, STAINLESS)
    assert settings.operations == {
        "POST /trips": "plan",
        "GET /trips": "journeys.all",
        "GET /trips/{id}": "journeys.class_.get",
    }
    assert settings.pagination == {"GET /trips": False}
    assert settings.package == {"project": "acme-sdk"}
    assert settings.schemes == ({"items": "/data", "cursor": "/next", "parameter": "after"},)
    assert [warning.replace(f"{tmp_path}/", "") for warning in settings.warnings] == [
        "client.yaml:4: settings is not read",
        "client.yaml:17: the document has no operation get /nowhere",
        "client.yaml:21: unwrap is not read",
        "client.yaml:30: pages of the type fake_page are not read",
    ]


def test_its_pages_apply_to_all_lists_that_fit(tmp_path: Path) -> None:
    settings = loaded(tmp_path, STAINLESS.replace("        paginated: false\n", ""))
    loaded_document = document()
    found = [pagination(loaded_document, operation, settings) for operation in loaded_document.operations]
    assert [pages.next_page.cursor if pages else None for pages in found] == ["/next", None, None]


def scheme(kind: str, request: str, response: str) -> str:
    return (
        f"resources: {{}}\npagination: [{{name: p, type: {kind}, request: {request}, response: {response}}}]"
    )


SCHEMES = {
    "an address": (
        scheme(
            "cursor_url",
            "{}",
            "{data: {type: array, x-stainless-pagination-property: {purpose: items}}, links: {type: object,"
            " properties: {next: {x-stainless-pagination-property: {purpose: cursor_url_field}}}}}",
        ),
        {"items": "/data", "next-url": "/links/next"},
    ),
    "numbers": (
        scheme(
            "page_number",
            "{page: {x-stainless-pagination-property: {purpose: page_number_param}}}",
            "{rows: {type: array},"
            " n: {x-stainless-pagination-property: {purpose: current_page_number_field}},"
            " all: {x-stainless-pagination-property: {purpose: total_page_count_field}}}",
        ),
        {"kind": "page", "first": 1, "items": "/rows", "parameter": "page", "current": "/n", "total": "/all"},
    ),
    "an offset of a plain list": (
        scheme(
            "offset",
            "{skip: {x-stainless-pagination-property: {purpose: offset_count_param}}}",
            "{items: {type: array, x-stainless-pagination-property: {is_top_level_array: true}}}",
        ),
        {"kind": "offset", "first": 0, "items": "", "parameter": "skip"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), SCHEMES.values(), ids=SCHEMES)
def test_each_type_of_its_pages_is_read(tmp_path: Path, text: str, expected: Json) -> None:
    assert loaded(tmp_path, text).schemes == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "resources: {a: 7}",
        "resources: {a: {methods: {b: 7, c: [], d: {endpoint: 7}, e: get}}}",
        "resources: {a: {subresources: [], models: 7}}\npagination: [7, {}]\ntargets: {python: []}",
        "resources: {}\npagination: {a: b}",
    ],
)
def test_odd_values_in_it_are_no_crash(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, text).operations == {}
