"""Documents of OpenAPI 2.0 are read as what they are; findings name their own lines and pointers."""

from typing import Any

import pytest

from support.foreign import URLENCODED, Loaded, loaded

PETS = """\
swagger: '2.0'
info: {title: Pets, version: '1'}
host: api.test
basePath: /v2/
schemes: [https, http]
consumes: [application/json]
produces: [application/json]
securityDefinitions:
  login: {type: basic}
  key: {type: apiKey, in: query, name: api_key}
  oauth:
    type: oauth2
    flow: accessCode
    authorizationUrl: https://api.test/authorize
    tokenUrl: https://api.test/token
    scopes: {read: Read.}
parameters:
  limit: {name: limit, in: query, type: integer, minimum: 1, maximum: 10, exclusiveMaximum: true}
  pet:
    name: pet
    in: body
    required: true
    schema: {$ref: '#/definitions/Pet'}
  note: {name: note, in: formData, type: string, maxLength: 5}
responses:
  Pet:
    description: A pet.
    schema: {$ref: '#/definitions/Pet'}
  Wrong: {description: Wrong.}
definitions:
  Pet:
    type: object
    required: [name, kind]
    discriminator: kind
    properties:
      name: {type: string}
      kind: {type: string}
      age: {type: integer, minimum: 0, exclusiveMinimum: true}
      owner: {type: string, x-nullable: true}
      size: {type: string, enum: [small, large], x-nullable: true}
      id: {type: integer, readOnly: true, example: 7}
  Dog:
    allOf:
      - $ref: '#/definitions/Pet'
      - type: object
        required: [bark]
        properties: {bark: {type: boolean}}
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - $ref: '#/parameters/limit'
        - {name: csv, in: query, type: array, items: {type: integer}}
        - {name: ssv, in: query, type: array, collectionFormat: ssv, items: {type: integer}}
        - {name: pipes, in: query, type: array, collectionFormat: pipes, items: {type: integer}}
        - {name: tsv, in: query, type: array, collectionFormat: tsv, items: {type: integer}}
        - {name: multi, in: query, type: array, collectionFormat: multi, maxItems: 2, items: {type: integer}}
        - name: nested
          in: query
          type: array
          items: {type: string, maxLength: 3}
        - {name: X-Ids, in: header, type: array, items: {type: integer}}
      responses:
        200:
          description: Pets.
          headers:
            X-Total: {type: integer, minimum: 0}
          schema: {type: array, items: {$ref: '#/definitions/Pet'}}
        default: {$ref: '#/responses/Wrong'}
    post:
      operationId: addPet
      consumes: [application/json, application/vnd.pet+json]
      parameters: [{$ref: '#/parameters/pet'}]
      responses: {'201': {$ref: '#/responses/Pet'}}
    put:
      operationId: putPets
      parameters:
        - {name: body, in: body, schema: {type: array, items: {$ref: '#/definitions/Dog'}}}
      responses: {'204': {description: Done.}}
  /pets/{id}:
    parameters:
      - {name: id, in: path, required: true, type: integer, format: int64}
      - {name: token, in: formData, type: string, required: true}
    post:
      operationId: patchPet
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - {name: age, in: formData, type: integer, minimum: 0}
        - {name: tags, in: formData, type: array, collectionFormat: multi, items: {type: integer}}
        - {name: ids, in: formData, type: array, items: {type: integer}}
        - $ref: '#/parameters/note'
      responses: {200: {description: Fine.}}
    put:
      operationId: keepPet
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - {name: token, in: formData, type: integer}
      responses: {200: {description: Fine.}}
  /photos:
    post:
      operationId: addPhoto
      consumes: [multipart/form-data]
      parameters:
        - {name: photo, in: formData, type: file, required: true}
        - {name: title, in: formData, type: string, maxLength: 5}
      responses:
        200:
          description: A photo.
          schema: {type: file}
    get:
      operationId: getPhoto
      produces: [image/png, text/csv]
      responses:
        200: {description: A photo., schema: {type: file}}
  /private:
    get:
      operationId: getPrivate
      security: [{login: []}, {key: []}]
      responses:
        200: {description: Fine., examples: {application/json: {a: 1}}}
"""
PET = '{"name": "Rex", "kind": "Pet"}'


@pytest.fixture(scope="module")
def pets() -> Loaded:
    return loaded(PETS)


LIST = "/paths/~1pets/get"

# Method, target, more of the exchange -> the errors, at their own places.
EXCHANGES: list[tuple[str, str, dict[str, Any], list[str]]] = [
    # basePath, schemes and host
    ("GET", "/v2/pets", {"body": "[]"}, []),
    ("GET", "http://api.test/v2/pets", {"body": "[]"}, []),
    # parameters and collectionFormat
    ("GET", "/v2/pets?limit=9", {}, []),
    ("GET", "/v2/pets?limit=10", {}, ["request-parameters-match #/parameters/limit/maximum"]),
    ("GET", "/v2/pets?limit=0", {}, ["request-parameters-match #/parameters/limit/minimum"]),
    ("GET", "/v2/pets?csv=1,2", {}, []),
    ("GET", "/v2/pets?csv=1,a", {}, [f"request-parameters-match #{LIST}/parameters/1/items/type"]),
    ("GET", "/v2/pets?ssv=1%202", {}, []),
    ("GET", "/v2/pets?ssv=1+2", {}, []),
    ("GET", "/v2/pets?ssv=1%20a", {}, [f"request-parameters-match #{LIST}/parameters/2/items/type"]),
    ("GET", "/v2/pets?pipes=1|2", {}, []),
    ("GET", "/v2/pets?pipes=1%7C2", {}, []),
    ("GET", "/v2/pets?pipes=1|a", {}, [f"request-parameters-match #{LIST}/parameters/3/items/type"]),
    ("GET", "/v2/pets?tsv=1%092", {}, []),
    ("GET", "/v2/pets?multi=1&multi=2", {}, []),
    ("GET", "/v2/pets?multi=1&multi=a", {}, [f"request-parameters-match #{LIST}/parameters/5/items/type"]),
    (
        "GET",
        "/v2/pets?multi=1&multi=2&multi=3",
        {},
        [f"request-parameters-match #{LIST}/parameters/5/maxItems"],
    ),
    ("GET", "/v2/pets?nested=abc,def", {}, []),
    (
        "GET",
        "/v2/pets?nested=abc,defg",
        {},
        [f"request-parameters-match #{LIST}/parameters/6/items/maxLength"],
    ),
    ("GET", "/v2/pets", {"headers": {"x-ids": "1,2"}}, []),
    (
        "GET",
        "/v2/pets",
        {"headers": {"x-ids": "1,b"}},
        [f"request-parameters-match #{LIST}/parameters/7/items/type"],
    ),
    # responses
    ("GET", "/v2/pets", {"body": f"[{PET}]"}, []),
    (
        "GET",
        "/v2/pets",
        {"body": '[{"name": 1, "kind": ""}]'},
        ["body-matches-schema #/definitions/Pet/properties/name/type"],
    ),
    ("GET", "/v2/pets", {"body": '[{"kind": ""}]'}, ["body-matches-schema #/definitions/Pet/required/0"]),
    ("GET", "/v2/pets", {"body": "[]", "response_headers": {"x-total": "3"}}, []),
    (
        "GET",
        "/v2/pets",
        {"body": "[]", "response_headers": {"x-total": "-1"}},
        [f"response-headers-match #{LIST}/responses/200/headers/X-Total/minimum"],
    ),
    ("GET", "/v2/pets", {"status": 404}, []),
    ("POST", "/v2/pets", {"sent": PET, "status": 201, "body": PET}, []),
    (
        "POST",
        "/v2/pets",
        {"sent": PET, "sent_as": "application/vnd.pet+json", "status": 201, "body": PET},
        [],
    ),
    # x-nullable, exclusiveMinimum, readOnly
    (
        "POST",
        "/v2/pets",
        {"status": 201, "sent": PET, "body": PET[:-1] + ', "owner": null, "size": null}'},
        [],
    ),
    (
        "POST",
        "/v2/pets",
        {"status": 201, "sent": PET, "body": PET[:-1] + ', "size": "huge"}'},
        ["body-matches-schema #/definitions/Pet/properties/size/enum"],
    ),
    (
        "POST",
        "/v2/pets",
        {"status": 201, "sent": PET, "body": PET[:-1] + ', "age": 0}'},
        ["body-matches-schema #/definitions/Pet/properties/age/minimum"],
    ),
    ("PUT", "/v2/pets", {"sent": f'[{PET[:-1]}, "bark": true}}]', "status": 204}, []),
    (
        "PUT",
        "/v2/pets",
        {"sent": f"[{PET}]", "status": 204},
        ["request-body-matches #/definitions/Dog/allOf/1/required/0"],
    ),
    # forms
    ("POST", "/v2/pets/1", {"sent": "token=a&age=1&tags=1&tags=2", "sent_as": URLENCODED}, []),
    (
        "POST",
        "/v2/pets/1",
        {"sent": "age=1", "sent_as": URLENCODED},
        ["request-body-matches #/paths/~1pets~1{id}/parameters/1"],
    ),
    (
        "POST",
        "/v2/pets/1",
        {"sent": "token=a&age=-1", "sent_as": URLENCODED},
        ["request-body-matches #/paths/~1pets~1{id}/post/parameters/0/minimum"],
    ),
    (
        "POST",
        "/v2/pets/1",
        {"sent": "token=a&tags=1&tags=b", "sent_as": URLENCODED},
        ["request-body-matches #/paths/~1pets~1{id}/post/parameters/1/items/type"],
    ),
    (
        "POST",
        "/v2/pets/1",
        {"sent": "token=a&note=longer", "sent_as": URLENCODED},
        ["request-body-matches #/parameters/note/maxLength"],
    ),
    ("PUT", "/v2/pets/1", {"sent": "token=1", "sent_as": URLENCODED}, []),
    (
        "PUT",
        "/v2/pets/1",
        {"sent": "token=a", "sent_as": URLENCODED},
        ["request-body-matches #/paths/~1pets~1{id}/put/parameters/0/type"],
    ),
    # files
    ("POST", "/v2/photos", {"body": b"\x89PNG\x00\xff", "body_as": "image/png"}, []),
    ("GET", "/v2/photos", {"body": b"\x89PNG\x00\xff", "body_as": "image/png"}, []),
    ("GET", "/v2/photos", {"body": "a,b", "body_as": "text/csv"}, []),
    (
        "GET",
        "/v2/photos",
        {"body": "{}"},
        ["media-type-documented #/paths/~1photos/get/responses/200/schema"],
    ),
    # security
    ("GET", "/v2/private", {"headers": {"authorization": "Basic YTpi"}}, []),
    ("GET", "/v2/private?api_key=abc", {}, []),
    ("GET", "/v2/private", {"body": '{"b": 2}'}, []),
]


@pytest.mark.parametrize(("method", "target", "more", "errors"), EXCHANGES)
def test_an_exchange_is_judged_by_a_document_of_2_0(
    pets: Loaded, method: str, target: str, more: dict[str, Any], errors: list[str]
) -> None:
    assert pets.errors(method, target, **more) == errors


def multipart(*parts: tuple[str, str]) -> dict[str, Any]:
    body = "".join(
        f"--xYz\r\nContent-Disposition: form-data; {name}\r\n\r\n{content}\r\n" for name, content in parts
    )
    return {"sent": f"{body}--xYz--\r\n", "sent_as": "multipart/form-data; boundary=xYz"}


PHOTO = ('name="photo"; filename="a.png"\r\nContent-Type: image/png', "\x00\x01")


def test_a_file_is_a_part_of_a_form(pets: Loaded) -> None:
    assert pets.errors("POST", "/v2/photos", **multipart(PHOTO, ('name="title"', "short"))) == []
    place = "#/paths/~1photos/post/parameters"
    assert pets.errors("POST", "/v2/photos", **multipart(PHOTO, ('name="title"', "longer"))) == [
        f"request-body-matches {place}/1/maxLength"
    ]
    assert pets.errors("POST", "/v2/photos", **multipart(('name="title"', "short"))) == [
        f"request-body-matches {place}/0"
    ]


def test_a_document_of_2_0_has_no_problems(pets: Loaded) -> None:
    assert pets.problems == []
    assert pets.spec.prefixes == ("/v2",)


def test_credentials_are_those_of_the_definitions(pets: Loaded) -> None:
    findings = pets.verdict("GET", "/v2/private").findings
    assert [(finding.check, finding.spec_pointer) for finding in findings] == [
        ("credentials-present", "#/paths/~1private/get/security")
    ]


def test_the_line_is_that_of_the_file(pets: Loaded) -> None:
    [finding] = pets.verdict("GET", "/v2/pets", body='[{"name": 1, "kind": ""}]').findings
    line = PETS.splitlines()[finding.line - 1]
    assert line == "      name: {type: string}"
    assert finding.spec_file == str(pets.folder / "api.yaml")


@pytest.mark.parametrize(
    ("members", "prefixes"),
    [
        ({"basePath": "/"}, ("",)),
        ({}, ("",)),
        ({"host": "a.test", "basePath": "v1"}, ("/v1",)),
        ({"host": "a.test:8080"}, ("",)),
        ({"host": 1, "basePath": 2, "schemes": 3}, ("",)),
    ],
)
def test_the_prefix_is_the_base_path(members: dict[str, Any], prefixes: tuple[str, ...]) -> None:
    text = "swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {}\n"
    text += "".join(f"{key}: {value}\n" for key, value in members.items())
    assert loaded(text).spec.prefixes == prefixes


@pytest.mark.parametrize(
    ("consumes", "kind", "media_types"),
    [
        ("[]", "string", ["application/x-www-form-urlencoded", "multipart/form-data"]),
        ("[]", "file", ["multipart/form-data"]),
        ("[application/json]", "string", ["application/x-www-form-urlencoded"]),
        ("[application/json]", "file", ["multipart/form-data"]),
        ("[multipart/form-data]", "string", ["multipart/form-data"]),
    ],
)
def test_fields_are_sent_as_the_document_or_their_types_say(
    consumes: str, kind: str, media_types: list[str]
) -> None:
    document = f"""\
swagger: '2.0'
info: {{title: Files, version: '1'}}
consumes: {consumes}
paths:
  /files:
    post:
      parameters: [{{name: f, in: formData, type: {kind}}}]
      responses: {{200: {{description: Fine.}}}}
"""
    spec = loaded(document).spec
    body = spec.operations[0].request_body
    assert body is not None
    assert [content.name for content in body.content] == media_types
    member = spec.document.get(f"{body.content[0].schema}/properties/f")
    assert member == ({"type": "string", "format": "binary"} if kind == "file" else {"type": "string"})
