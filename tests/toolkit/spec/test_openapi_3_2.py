"""What OpenAPI 3.2 adds is read, and judged where a judge can."""

from typing import Any

import pytest

from support.foreign import Loaded, loaded

TASKS = """\
openapi: 3.2.0
$self: https://api.test/tasks.yaml
info: {title: Tasks, version: '1'}
tags:
  - {name: all, summary: All.}
  - {name: one, parent: all, kind: nav}
paths:
  /tasks:
    query:
      operationId: queryTasks
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [where]}}}
      responses:
        '200':
          summary: Tasks.
          content:
            application/json: {$ref: '#/components/mediaTypes/Tasks'}
    get:
      operationId: findTasks
      parameters:
        - name: filter
          in: querystring
          content:
            application/json: {schema: {type: object, required: [a]}}
      responses: {'200': {description: Tasks.}}
    additionalOperations:
      COPY:
        operationId: copyTasks
        parameters: [{name: to, in: query, required: true, schema: {type: integer}}]
        responses: {'204': {description: Done.}}
      Purge:
        operationId: purgeTasks
        responses: {'204': {description: Done.}}
  /events:
    get:
      operationId: listEvents
      responses:
        '200':
          description: Events.
          content:
            application/jsonl:
              itemSchema: {$ref: '#/components/schemas/Event'}
            text/event-stream:
              itemSchema:
                type: object
                required: [data]
  /things:
    post:
      operationId: addThing
      requestBody: {content: {application/json: {schema: {$ref: 'https://api.test/tasks.yaml#/components/schemas/Thing'}}}}
      responses: {'204': {description: Done.}}
components:
  mediaTypes:
    Tasks:
      schema: {type: array, items: {type: integer}}
  schemas:
    Event: {type: object, required: [id], properties: {id: {type: integer}}}
    Cat: {type: object, required: [meow], properties: {kind: {const: cat}}}
    Any: {type: object, maxProperties: 2}
    Thing:
      anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Any'}]
      discriminator: {propertyName: kind, defaultMapping: Any}
"""


@pytest.fixture(scope="module")
def tasks() -> Loaded:
    return loaded(TASKS)


@pytest.mark.parametrize(
    ("method", "target", "more", "errors"),
    [
        ("QUERY", "/tasks", {"sent": '{"where": 1}', "body": "[1]"}, []),
        (
            "QUERY",
            "/tasks",
            {"sent": "{}", "body": "[1]"},
            [
                "request-body-matches "
                "#/paths/~1tasks/query/requestBody/content/application~1json/schema/required/0"
            ],
        ),
        (
            "QUERY",
            "/tasks",
            {"sent": '{"where": 1}', "body": '["a"]'},
            ["body-matches-schema #/components/mediaTypes/Tasks/schema/items/type"],
        ),
        ("COPY", "/tasks?to=1", {"status": 204}, []),
        (
            "COPY",
            "/tasks?to=a",
            {"status": 204},
            ["request-parameters-match #/paths/~1tasks/additionalOperations/COPY/parameters/0/schema/type"],
        ),
        ("Purge", "/tasks", {"status": 204}, []),
        ("PURGE", "/tasks", {"status": 204}, []),
        ("MOVE", "/tasks", {"status": 204}, ["method-allowed #/paths/~1tasks"]),
        ("GET", "/tasks?%7B%22a%22%3A1%7D", {}, []),
        ("POST", "/things", {"sent": '{"kind": "cat", "meow": 1}', "status": 204}, []),
        ("POST", "/things", {"sent": '{"kind": "dog"}', "status": 204}, []),
        ("GET", "/events", {"body": '{"id": 1}\n{"id": 2}\n', "body_as": "application/jsonl"}, []),
    ],
)
def test_an_exchange_is_judged_by_a_document_of_3_2(
    tasks: Loaded, method: str, target: str, more: dict[str, Any], errors: list[str]
) -> None:
    assert tasks.errors(method, target, **more) == errors


def test_the_mapping_of_a_discriminator_may_have_a_default(tasks: Loaded) -> None:
    body = '{"a": 1, "b": 2, "c": 3}'
    [error] = tasks.errors("POST", "/things", sent=body, status=204)
    assert error.startswith("request-body-matches #/components/schemas/")


def test_a_document_of_3_2_has_no_problems(tasks: Loaded) -> None:
    assert tasks.problems == []
    assert [operation.method for operation in tasks.spec.operations] == [
        "GET",
        "QUERY",
        "COPY",
        "Purge",
        "GET",
        "POST",
    ]


def test_an_item_of_a_stream_has_a_schema_of_its_own(tasks: Loaded) -> None:
    match = tasks.spec.match("GET", "/events")
    assert match is not None
    assert match.operation is not None
    [response] = match.operation.responses
    assert [(each.name, each.schema, each.item_schema) for each in response.content] == [
        ("application/jsonl", None, f"{response.pointer}/content/application~1jsonl/itemSchema"),
        ("text/event-stream", None, f"{response.pointer}/content/text~1event-stream/itemSchema"),
    ]


def test_a_parameter_may_be_the_whole_query(tasks: Loaded) -> None:
    match = tasks.spec.match("GET", "/tasks")
    assert match is not None
    assert match.operation is not None
    [parameter] = match.operation.parameters
    assert (parameter.name, parameter.location, parameter.media_type) == (
        "filter",
        "querystring",
        "application/json",
    )
