"""What the bodies of errors say, in the shapes that APIs use."""

from typing import Any

import httpx2
import pytest

from instagram_client import APIStatusError, ConflictError, InstagramError, UnprocessableEntityError
from instagram_client._endpoints import SERVICE, USERS_GET
from instagram_client._runtime.problems import ProblemDetails
from instagram_client.models import Meta, Tag
from support.fake_wire import Time, Wire, fake_time, get_user, raw, text
from support.sides import Side, both_sides

time = pytest.fixture(fake_time)

Said = tuple[str | None, str | None, str | None]

SHAPES: dict[str, tuple[Any, Said]] = {
    "problem document": (
        {
            "type": "https://example.com/probs/out-of-credit",
            "title": "Not enough credit.",
            "status": 403,
            "detail": "The balance is 30.",
            "instance": "/account/12345",
        },
        ("Not enough credit.: The balance is 30.", None, "https://example.com/probs/out-of-credit"),
    ),
    "blank problem": (
        {"type": "about:blank", "title": "Not Found", "status": 404},
        ("Not Found", None, None),
    ),
    "problem with errors": (
        {"title": "Invalid.", "errors": [{"detail": "too short", "pointer": "#/name"}]},
        ("Invalid.", None, None),
    ),
    "error object": (
        {"error": {"message": "No such model", "type": "invalid_request", "param": None, "code": "no_model"}},
        ("No such model", "no_model", "invalid_request"),
    ),
    "error object with a number": (
        {"error": {"code": 403, "message": "Denied.", "status": "PERMISSION_DENIED"}},
        ("Denied.", "403", "PERMISSION_DENIED"),
    ),
    "error object beside a type": (
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
        ("Overloaded", None, "overloaded_error"),
    ),
    "OAuth": (
        {"error": "invalid_grant", "error_description": "The code is old."},
        ("The code is old.", None, "invalid_grant"),
    ),
    "OAuth without a description": ({"error": "invalid_grant"}, ("invalid_grant", None, None)),
    "message and error": (
        {"timestamp": "x", "status": 404, "error": "Not Found", "message": "No trip 7", "path": "/"},
        ("No trip 7", None, "Not Found"),
    ),
    "message and code": ({"message": "Busy.", "code": 17}, ("Busy.", "17", None)),
    "message and status": ({"status": "error", "message": "Busy."}, ("Busy.", None, None)),
    "detail": ({"detail": "Not found."}, ("Not found.", None, None)),
    "FastAPI": (
        {
            "detail": [
                {"type": "missing", "loc": ["body", "name"], "msg": "Field required", "input": {}},
                {"type": "int_parsing", "loc": ["query", "limit", 0], "msg": "no integer"},
            ]
        },
        ("body.name: Field required; query.limit.0: no integer", None, None),
    ),
    "errors": ({"errors": ["too short", {"message": "too long"}]}, ("too short; too long", None, None)),
    "errors by field": (
        {"message": "Validation failed", "errors": {"name": ["is short"]}},
        ("Validation failed", None, None),
    ),
    "only errors by field": (
        {"errors": {"name": ["is short", "is odd"], "age": "is low"}},
        ("name: is short, is odd; age: is low", None, None),
    ),
    "JSON:API": (
        {"errors": [{"status": "422", "title": "Invalid", "source": {"pointer": "/data/name"}}]},
        ("/data/name: Invalid", None, None),
    ),
    "many errors": ({"errors": list("abcdefg")}, ("a; b; c; d; e; …", None, None)),
    "a list": ([{"message": "Gone", "errorCode": "DELETED"}], ("Gone", "DELETED", None)),
    "title": ({"title": "teapot"}, ("teapot", None, None)),
    "nothing": ({"a": 1}, (None, None, None)),
    "odd values": ({"message": 7, "code": True, "error": None, "errors": 3, "type": []}, (None, None, None)),
    "empty": ({"message": "", "errors": [], "detail": {}}, (None, None, None)),
    "text": ("busy", (None, None, None)),
}


@pytest.mark.parametrize(("body", "said"), SHAPES.values(), ids=SHAPES)
def test_a_body_says_what_is_wrong(body: Any, said: Said) -> None:
    assert ProblemDetails.of(body) == said


def failure(side: Side, response: httpx2.Response) -> APIStatusError:
    with pytest.raises(APIStatusError) as caught:
        Wire(side, response, max_retries=0).call(get_user)
    return caught.value


@both_sides
def test_an_error_has_the_words_of_a_problem_document(side: Side, time: Time) -> None:
    body, said = SHAPES["problem document"]
    response = httpx2.Response(
        422, headers={"Content-Type": "application/problem+json", "X-Request-Id": "r-1"}, json=body
    )
    error = failure(side, response)
    assert type(error) is UnprocessableEntityError
    assert (error.error_message, error.code, error.error_type) == said
    assert error.body == body
    assert error.request_id == "r-1"
    assert str(error) == "422 Not enough credit.: The balance is 30."


@both_sides
def test_a_body_is_text_where_it_is_no_json_and_none_where_there_is_none(side: Side, time: Time) -> None:
    assert failure(side, text("Access forbidden", 409, "text/plain")).body == "Access forbidden"
    assert type(failure(side, text("", 409))) is ConflictError
    assert failure(side, text("", 409)).body is None
    assert failure(side, raw({"a": [None]}, 400)).body == {"a": [None]}


@both_sides
def test_secrets_in_a_body_are_masked(side: Side, time: Time) -> None:
    error = failure(side, raw({"error": {"message": "x", "client_secret": "4d0c9b7a5e1f48d2"}}, 400))
    assert error.body == {"error": {"message": "x", "client_secret": "***"}}


@pytest.mark.parametrize("name", ["X-Request-ID", "request-id", "X-Amzn-RequestId", "X-Correlation-Id"])
def test_a_request_id_has_many_names(name: str, time: Time) -> None:
    assert failure("sync", httpx2.Response(400, headers={name: "r-2"})).request_id == "r-2"


def test_a_response_may_have_no_request_id(time: Time) -> None:
    assert failure("sync", raw({}, 400)).request_id is None


@pytest.mark.parametrize(
    ("status", "parsed"),
    [(404, Meta), (418, Tag), (500, dict)],
    ids=["status", "range", "default"],
)
def test_a_body_is_parsed_as_the_document_types_it(status: int, parsed: type, time: Time) -> None:
    types = {"404": "Meta", "4XX": "Tag", "default": "dict[str, Any]"}
    body = {"code": 1, "name": "snow", "media_count": 2}
    response = httpx2.Response(status, request=httpx2.Request("GET", "https://x.test/"))
    assert type(SERVICE.errors.error(response, {}, types, body, "").parsed) is parsed


@pytest.mark.parametrize("body", [{"name": "snow"}, "text", None, [1]])
def test_a_body_that_does_not_fit_is_none(body: Any, time: Time) -> None:
    response = httpx2.Response(400, request=httpx2.Request("GET", "https://x.test/"))
    assert SERVICE.errors.error(response, {}, {"400": "Meta"}, body, "").parsed is None
    assert SERVICE.errors.error(response, {}, {}, body, "").parsed is None


def test_the_errors_of_the_document_come_first(time: Time) -> None:
    body = {"meta": {"error_type": "APINotFoundError", "error_message": "invalid media id"}, "message": "m"}
    error = failure("sync", raw(body, 400))
    assert (error.error_type, error.error_message) == ("APINotFoundError", "invalid media id")
    assert isinstance(error, InstagramError)
    assert USERS_GET.errors
