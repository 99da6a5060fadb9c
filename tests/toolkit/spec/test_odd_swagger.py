"""What documents of OpenAPI 2.0 have besides operations stays where readers look for it."""

from support.foreign import loaded

ODD = """\
swagger: '2.0'
info: {title: T, version: '1'}
x-owner: {team: a}
paths:
  /things:
    x-note: shared
    parameters:
      - {name: q, in: query, type: string}
    post:
      operationId: post
      parameters:
        - {name: b, in: body, required: true, description: Anything.}
      responses:
        '200':
          description: Fine.
          headers:
            X-Rate: {type: integer, description: What is left.}
"""


def test_extensions_and_descriptions_are_kept() -> None:
    document = loaded(ODD).spec.document
    post = "/paths/~1things/post"
    assert document.get("/x-owner") == {"team": "a"}
    assert document.get("/paths/~1things/x-note") == "shared"
    header = document.get(f"{post}/responses/200/headers/X-Rate")
    assert (header["description"], header["schema"]["type"]) == ("What is left.", "integer")


def test_a_body_without_a_schema_is_anything() -> None:
    api = loaded(ODD)
    body = api.spec.document.get("/paths/~1things/post/requestBody")
    assert body["description"] == "Anything."
    assert body["content"] == {"application/json": {}, "*/*": {}}
    assert api.errors("POST", "/things?q=a", sent='{"a": 1}', sent_as="application/json", body="{}") == []


def test_a_document_without_paths_has_none() -> None:
    assert loaded("swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: 7\n").spec.operations == ()
