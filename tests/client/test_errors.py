"""The exceptions of the client, and the responses that raise them."""

import copy
import pickle
import re
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

import instagram_client
from instagram_client import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    AuthorizationError,
    BadRequestError,
    ConflictError,
    InstagramError,
    InternalServerError,
    MissingCredentialError,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    RateLimitError,
    RuleError,
    StreamError,
    UnprocessableEntityError,
    WebhookSignatureError,
    exceptions,
)
from instagram_client._endpoints import SERVICE
from instagram_client.models import User
from support.fake_wire import (
    Step,
    Time,
    Wire,
    error_response,
    fake_time,
    get_user,
    like,
    list_follows,
    page,
    person,
    raw,
    success,
    text,
    user,
)
from support.sides import Side, both_sides, run

time = pytest.fixture(fake_time)

HTML = "<!DOCTYPE html>\n<html>\n  <title>Page Not Found</title>\n</html>"


def failure(
    side: Side, step: Step, method: Callable[[Any], Any] = get_user, **options: Any
) -> InstagramError:
    """The error of a call, not repeated."""
    wire = Wire(side, step, **{"max_retries": 0, **options})
    with pytest.raises(InstagramError) as caught:
        wire.call(method)
    return caught.value


# The hierarchy


def drawn(tree: str) -> dict[str, str | None]:
    """Each name of a drawn tree with its parent."""
    above: dict[str, str | None] = {}
    path: list[str] = []
    for line in tree.splitlines():
        if found := re.match(r"((?:│   |    )*(?:[├└]── )?)(\w+Error)\b", line):
            depth = len(found[1]) // 4
            path[depth:] = [found[2]]
            above[found[2]] = path[depth - 1] if depth else None
    return above


def test_the_hierarchy_is_the_one_that_is_drawn() -> None:
    assert exceptions.__doc__
    above = drawn(exceptions.__doc__)
    kinds = {
        name: kind for name in exceptions.__all__ if issubclass(kind := getattr(exceptions, name), Exception)
    }
    assert above.keys() == kinds.keys()
    for name, kind in kinds.items():
        family = [each.__name__ for each in kind.__mro__ if issubclass(each, InstagramError)]
        line = [name]
        while (parent := above[line[-1]]) is not None:
            line.append(parent)
        assert family == line
    assert above["PaginationError"] == "ResponseFormatError"
    assert above["InternalServerError"] == "APIStatusError"


def test_every_error_can_be_had_from_the_package() -> None:
    for name in exceptions.__all__:
        assert getattr(instagram_client, name) is getattr(exceptions, name)
        assert getattr(exceptions, name).__module__ == "instagram_client"
        assert getattr(exceptions, name).__doc__


# The class for a response


BY_TYPE = {
    "OAuthParameterException": AuthenticationError,
    "OAuthAccessTokenException": AuthenticationError,
    "OAuthException": AuthenticationError,
    "OAuthClientException": AuthenticationError,
    "OAuthPermissionsException": PermissionDeniedError,
    "OAuthForbiddenException": PermissionDeniedError,
    "OAuthRateLimitException": RateLimitError,
    "APINotFoundError": NotFoundError,
    "APINotAllowedError": PermissionDeniedError,
    "APIAgeGatedError": PermissionDeniedError,
    "APIInvalidParametersError": BadRequestError,
    "APICommentTooLongError": BadRequestError,
    "APICommentTooManyTagsError": BadRequestError,
    "APICommentTooManyUrlsError": BadRequestError,
    "APICommentAllCapsError": BadRequestError,
    "APISubscriptionError": BadRequestError,
    "APIError": BadRequestError,
}


def test_every_type_that_the_document_knows_is_in_the_table() -> None:
    assert BY_TYPE.keys() == SERVICE.errors.by_type.keys()


@both_sides
@pytest.mark.parametrize("flat", [False, True], ids=["meta", "flat"])
@pytest.mark.parametrize("name", BY_TYPE)
def test_the_type_of_an_error_chooses_its_class(side: Side, name: str, flat: bool, time: Time) -> None:
    said = {"code": 400, "error_type": name, "error_message": "As it is."}
    error = failure(side, raw(said if flat else {"meta": said}, 400))
    assert type(error) is BY_TYPE[name]
    assert isinstance(error, APIStatusError)
    assert (error.status_code, error.error_type, error.error_message) == (400, name, "As it is.")
    assert error.hint
    assert str(error) == f"400 {name}: As it is. [{error.hint}]"


BY_STATUS = {
    300: APIStatusError,
    302: APIStatusError,
    304: APIStatusError,
    400: BadRequestError,
    401: AuthenticationError,
    402: APIStatusError,
    403: PermissionDeniedError,
    404: NotFoundError,
    405: APIStatusError,
    418: APIStatusError,
    420: RateLimitError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
    499: APIStatusError,
    500: InternalServerError,
    502: InternalServerError,
    503: InternalServerError,
    504: InternalServerError,
    520: InternalServerError,
    599: InternalServerError,
    600: InternalServerError,
    999: InternalServerError,
}


@both_sides
@pytest.mark.parametrize("body", ["", HTML, "{}", '{"meta": {"error_type": "APINewError"}}'])
@pytest.mark.parametrize("status", BY_STATUS)
def test_the_status_chooses_the_class_when_the_type_says_nothing(
    side: Side, status: int, body: str, time: Time
) -> None:
    error = failure(side, text(body, status))
    assert type(error) is BY_STATUS[status]
    assert isinstance(error, APIStatusError)
    assert error.status_code == status == error.response.status_code
    assert str(error).startswith(f"{status} ")


@both_sides
@pytest.mark.parametrize(("status", "kind"), [(429, RateLimitError), (500, InternalServerError)])
def test_a_general_error_type_does_not_hide_a_specific_status(
    side: Side, status: int, kind: type[InstagramError], time: Time
) -> None:
    assert type(failure(side, error_response(status, "APIError"))) is kind


@both_sides
def test_a_rate_limit_reported_by_a_failing_server_is_a_rate_limit(side: Side, time: Time) -> None:
    assert type(failure(side, error_response(503, "OAuthRateLimitException"))) is RateLimitError


@both_sides
def test_an_error_has_the_request_budget(side: Side, time: Time) -> None:
    headers = {"x-ratelimit-limit": "30", "x-ratelimit-remaining": "0"}
    error = failure(side, error_response(429, "OAuthRateLimitException", headers=headers), like)
    assert isinstance(error, RateLimitError)
    assert error.rate_limit == (30, 0)
    assert error.hint
    assert "hour" in error.hint


@both_sides
def test_a_hint_of_the_operation_wins_over_that_of_the_status(side: Side, time: Time) -> None:
    error = failure(
        side,
        raw({"code": 400, "error_message": "No matching code found."}, 400),
        lambda client: client.oauth.exchange_code(redirect_uri="https://app.test/", code="c"),
        client_id="i",
        client_secret="s" * 32,
    )
    assert isinstance(error, AuthenticationError)
    assert error.hint
    assert "redirect_uri" in error.hint


# Error bodies of any form


ODD_ERRORS: dict[str, Any] = {
    "a number as type": {"meta": {"code": 400, "error_type": 7, "error_message": "m"}},
    "null as type": {"meta": {"code": 400, "error_type": None, "error_message": "m"}},
    "an object as message": {"meta": {"error_type": "T", "error_message": {"a": 1}}},
    "meta is null": {"meta": None},
    "meta is a list": {"meta": [{"error_type": "T"}]},
    "meta is a word": {"meta": "error_type"},
    "a list": [{"error_type": "T", "error_message": "m"}],
    "null": None,
    "a number": 7,
    "a word": "error_type",
    "true": True,
    "nothing": {},
    "other words": {"error": {"message": "of another API", "code": 190}},
}


@both_sides
@pytest.mark.parametrize("body", ODD_ERRORS.values(), ids=ODD_ERRORS)
def test_an_error_of_any_form_is_typed(side: Side, body: Any, time: Time) -> None:
    error = failure(side, raw(body, 400))
    assert type(error) is BadRequestError
    assert error.error_type is None or isinstance(error.error_type, str)
    assert error.error_message is None or isinstance(error.error_message, str)
    assert len(str(error).splitlines()) == 1


@both_sides
def test_a_message_of_many_lines_is_shown_on_one(side: Side, time: Time) -> None:
    error = failure(side, error_response(400, "APIError", "one\ntwo\r\n\x1b[31mthree\u2028four" + "x" * 5000))
    assert isinstance(error, BadRequestError)
    assert len(str(error).splitlines()) == 1
    assert str(error).isprintable()
    assert len(str(error)) < 1000


@both_sides
@pytest.mark.parametrize("status", [404, 502])
def test_a_page_of_html_with_an_error_is_that_error(side: Side, status: int, time: Time) -> None:
    error = failure(side, text(HTML, status))
    assert type(error) is BY_STATUS[status]
    assert isinstance(error, APIStatusError)
    assert (error.error_type, error.error_message) == (None, None)
    assert error.response.text == HTML
    assert str(error).startswith(f"{status} <!DOCTYPE html> <html> <title>Page Not Found</title> </html>")


@both_sides
def test_an_error_without_a_body_says_so(side: Side, time: Time) -> None:
    assert str(failure(side, text("", 418))) == "418 no body"


@both_sides
def test_redirects_are_not_followed(side: Side, time: Time) -> None:
    moved = httpx2.Response(302, headers={"Location": "https://evil.test/"})
    error = failure(side, moved)
    assert isinstance(error, APIStatusError)
    assert error.status_code == 302


# Errors travel between processes


def errors() -> dict[str, InstagramError]:
    """One of each class."""
    time_up = Wire("sync", httpx2.ReadTimeout("slow"), max_retries=0)
    found: list[InstagramError] = [
        failure("sync", httpx2.ConnectError("refused")),
        failure("sync", error_response(418, "APITeapotError", "short and stout")),
        *(
            failure("sync", error_response(status, "X", "Why: “so”."))
            for status in (400, 401, 403, 404, 409, 422, 429, 500)
        ),
        failure("sync", text(HTML)),
        failure(
            "sync", page([person()], {"next_cursor": []}), lambda client: list_follows(client).next_page()
        ),
        failure("sync", success(), lambda client: client.comments.create("1", text="x" * 301)),
        failure("sync", success(), lambda client: client.subscriptions.list()),
        AuthorizationError("access_denied", "user_denied", "The user denied your request"),
        WebhookSignatureError("the payload is not signed"),
        StreamError(
            "x: busy",
            response=httpx2.Response(200, text="x", request=httpx2.Request("GET", "https://x.test/")),
        ),
        InstagramError("anything"),
    ]
    with pytest.raises(APITimeoutError) as caught:
        time_up.call(get_user)
    return {type(each).__name__: each for each in [*found, caught.value]}


@pytest.fixture(scope="module")
def raised() -> dict[str, InstagramError]:
    with pytest.MonkeyPatch.context() as patch:
        fake_time(patch)
        return errors()


def test_the_fixture_has_an_error_of_each_class(raised: dict[str, InstagramError]) -> None:
    assert raised.keys() | {"InstagramError"} == drawn(exceptions.__doc__ or "").keys()
    assert isinstance(raised["RuleError"], ValueError)
    assert isinstance(raised["RuleError"], RuleError)
    assert isinstance(raised["MissingCredentialError"], MissingCredentialError)
    assert isinstance(raised["APIConnectionError"], APIConnectionError)


def attributes(error: Exception) -> dict[str, Any]:
    found = {name: value for name, value in vars(error).items() if name != "response"}
    response = getattr(error, "response", None)
    if response is not None:
        found["response"] = (
            response.status_code,
            response.headers,
            response.content,
            str(response.request.url),
        )
    return found


@pytest.mark.parametrize("name", [name for name in exceptions.__all__ if name.endswith("Error")])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_can_be_pickled(name: str, protocol: int, raised: dict[str, InstagramError]) -> None:
    error = raised[name]
    other = pickle.loads(pickle.dumps(error, protocol))
    assert type(other) is type(error)
    assert other.args == error.args
    assert str(other) == str(error)
    assert attributes(other) == attributes(error)


@pytest.mark.parametrize("name", [name for name in exceptions.__all__ if name.endswith("Error")])
def test_an_error_can_be_copied(name: str, raised: dict[str, InstagramError]) -> None:
    error = raised[name]
    for other in (copy.copy(error), copy.deepcopy(error)):
        assert type(other) is type(error)
        assert str(other) == str(error)
        assert attributes(other) == attributes(error)


@pytest.mark.parametrize("name", [name for name in exceptions.__all__ if name.endswith("Error")])
def test_the_message_of_an_error_is_one_line(name: str, raised: dict[str, InstagramError]) -> None:
    said = str(raised[name])
    assert said
    assert len(said.splitlines()) == 1
    assert len(said) < 700


def test_a_status_error_keeps_its_budget_when_it_is_pickled(time: Time) -> None:
    error = failure(
        "sync", error_response(429, headers={"X-Ratelimit-Remaining": "0", "X-Ratelimit-Limit": "30"})
    )
    other = pickle.loads(pickle.dumps(error))
    assert isinstance(other, APIStatusError)
    assert other.rate_limit == (30, 0)


def test_a_rule_error_names_parameter_rule_and_message(raised: dict[str, InstagramError]) -> None:
    error = raised["RuleError"]
    assert isinstance(error, RuleError)
    assert error.parameter == "text"
    assert error.rule
    assert error.message
    assert str(error) == f"text violates the rule {error.rule}: {error.message}"


@both_sides
def test_a_page_error_has_the_response(side: Side, time: Time) -> None:
    first = Wire(side, page([person()], {})).call(list_follows)
    with pytest.raises(PaginationError) as caught:
        run(first.next_page())
    assert caught.value.status_code == 200
    assert caught.value.response.json()["pagination"] == {}


@both_sides
def test_models_have_a_readable_repr(side: Side, time: Time) -> None:
    found = Wire(side, success(user())).call(get_user)
    assert isinstance(found, User)
    assert repr(found).startswith("User(id='1001', username='user1001'")
