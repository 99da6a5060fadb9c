"""What the client makes of answers that are errors, or are not what the API promises."""

import copy
import json
import pickle
import re
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import instagram_client
from instagram_client import (
    UNSET,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    AuthorizationError,
    BadRequestError,
    InstagramError,
    InternalServerError,
    MissingCredentialError,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    RateLimitError,
    ResponseFormatError,
    RuleError,
    WebhookSignatureError,
    exceptions,
)
from instagram_client._endpoints import SERVICE
from instagram_client._runtime import strict
from instagram_client.models import Caption, Media, MediaEnvelope, User
from support.fake_wire import (
    Side,
    Step,
    Time,
    Wire,
    answer,
    both_sides,
    fake_time,
    get_media,
    get_user,
    like,
    list_follows,
    list_media,
    media,
    page,
    person,
    raw,
    refusal,
    run,
    text,
    user,
)
from wirecheck.spec import Spec

time = pytest.fixture(fake_time)

HTML = "<!DOCTYPE html>\n<html>\n  <title>Page Not Found</title>\n</html>"


def failure(
    side: Side, step: Step, method: Callable[[Any], Any] = get_user, **options: Any
) -> InstagramError:
    """The error of a call, not repeated."""
    wire = Wire(side, step, **{"max_retries": 0, **options})
    with pytest.raises(InstagramError) as caught:
        wire.ask(method)
    return caught.value


# --- the hierarchy


def drawn(tree: str) -> dict[str, str | None]:
    """Each name of a drawn tree with the one above it."""
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


# --- the class for an answer


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
    422: APIStatusError,
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
def test_a_type_for_whatever_is_refused_does_not_hide_what_the_status_says(
    side: Side, status: int, kind: type[InstagramError], time: Time
) -> None:
    assert type(failure(side, refusal(status, "APIError"))) is kind


@both_sides
def test_a_limit_that_is_told_by_a_failing_server_is_a_limit(side: Side, time: Time) -> None:
    assert type(failure(side, refusal(503, "OAuthRateLimitException"))) is RateLimitError


@both_sides
def test_an_error_tells_the_budget(side: Side, time: Time) -> None:
    headers = {"x-ratelimit-limit": "30", "x-ratelimit-remaining": "0"}
    error = failure(side, refusal(429, "OAuthRateLimitException", headers=headers), like)
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


# --- error bodies of any form


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
    error = failure(side, refusal(400, "APIError", "one\ntwo\r\n\x1b[31mthree\u2028four" + "x" * 5000))
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
    moved = httpx.Response(302, headers={"Location": "https://evil.test/"})
    error = failure(side, moved)
    assert isinstance(error, APIStatusError)
    assert error.status_code == 302


# --- answers that are no JSON of the API


NO_JSON: dict[str, tuple[str | bytes, str]] = {
    "html": (HTML, "the body is not JSON"),
    "empty": ("", "the body is empty"),
    "blank": (" \n", "the body is not JSON"),
    "cut off": (answer(user()).content[:-20], "the body is not JSON"),
    "too much": (answer(user()).content + b"{}", "the body is not JSON"),
    "jsonp": (b"/**/ f(" + answer(user()).content + b")", "the body is not JSON"),
    "latin 1": ('{"meta": {"code": 200}, "data": "señor"}'.encode("latin-1"), "the body is not JSON"),
    "binary": (bytes(range(256)), "the body is not JSON"),
    "deep": ("[" * 200_000, "the body is not JSON"),
    "deep and closed": ("[" * 200_000 + "]" * 200_000, "the body is not JSON"),
    "deep objects": ('{"a":' * 100_000 + "1" + "}" * 100_000, "the body is not JSON"),
    "endless number": ("1" * 10_000, "the body is not JSON"),
}


@both_sides
@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize(("content", "what"), NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_json_is_a_format_error(
    side: Side, content: str | bytes, what: str, strict: bool, time: Time
) -> None:
    error = failure(side, text(content), strict=strict)
    assert type(error) is ResponseFormatError
    assert error.status_code == 200
    assert error.response.content == (content.encode() if isinstance(content, str) else content)
    assert len(error.snippet) <= 201
    assert error.snippet.isprintable()
    assert len(str(error).splitlines()) == 1
    assert len(str(error)) < 700
    assert str(error).startswith("users.get: 200, but ")
    if not strict:
        assert what in str(error)


@both_sides
@pytest.mark.parametrize("body", [None, [], [1], "word", "", 7, 0, 1.5, True, False], ids=repr)
@pytest.mark.parametrize(
    "method", [get_user, get_media, list_media, like], ids=["user", "media", "list", "like"]
)
def test_json_of_another_type_is_a_format_error(
    side: Side, body: Any, method: Callable[[Any], Any], time: Time
) -> None:
    error = failure(side, raw(body), method)
    assert type(error) is ResponseFormatError
    assert error.snippet == json.dumps(body)


@both_sides
@pytest.mark.parametrize("data", [None, [], [1], "word", "", 7, True, {}, {"a": 1}], ids=repr)
@pytest.mark.parametrize("method", [get_user, get_media], ids=["user", "media"])
def test_data_of_another_type_is_a_format_error(
    side: Side, data: Any, method: Callable[[Any], Any], time: Time
) -> None:
    assert type(failure(side, answer(data), method)) is ResponseFormatError


@both_sides
@pytest.mark.parametrize("data", [None, [1], [None], ["word"], "word", 7, True, {"a": 1}], ids=repr)
def test_items_of_another_type_are_a_format_error(side: Side, data: Any, time: Time) -> None:
    assert type(failure(side, answer(data), list_media)) is ResponseFormatError


@both_sides
def test_an_error_that_claims_success_is_a_format_error(side: Side, time: Time) -> None:
    meta = {"code": 400, "error_type": "APIError", "error_message": "but 200"}
    error = failure(side, raw({"meta": meta}))
    assert type(error) is ResponseFormatError
    assert "but 200" in error.snippet


@both_sides
def test_a_byte_order_mark_is_no_matter(side: Side, time: Time) -> None:
    wire = Wire(side, text(b"\xef\xbb\xbf" + answer(user()).content))
    assert wire.ask(get_user).username == "user1001"


@both_sides
@pytest.mark.parametrize("kind", ["text/html", "text/plain; charset=latin-1", "", "application/octet-stream"])
def test_the_content_type_is_no_matter(side: Side, kind: str, time: Time) -> None:
    body = json.dumps({"meta": {"code": 200}, "data": {**user(), "bio": "señor ☀"}}, ensure_ascii=False)
    assert Wire(side, text(body, kind=kind)).ask(get_user).bio == "señor ☀"


@both_sides
@pytest.mark.parametrize("status", [201, 202, 206, 226, 299])
def test_a_success_that_is_not_documented_is_read_all_the_same(side: Side, status: int, time: Time) -> None:
    assert Wire(side, answer(user(), status)).ask(get_user).username == "user1001"


@both_sides
def test_a_success_without_content_is_a_format_error(side: Side, time: Time) -> None:
    error = failure(side, text("", 204))
    assert type(error) is ResponseFormatError
    assert error.status_code == 204


@both_sides
def test_a_redirect_that_is_the_answer_is_given(side: Side, time: Time) -> None:
    def media_url(client: Any) -> Any:
        return client.oembed.media_url("BWgrMATgBwB")

    moved = httpx.Response(302, headers={"Location": "https://cdn.example.com/1.jpg"})
    assert Wire(side, moved).ask(media_url) == "https://cdn.example.com/1.jpg"
    error = failure(side, httpx.Response(302), media_url)
    assert type(error) is ResponseFormatError
    assert "'location' is missing" in str(error).lower()


# --- what is newer than the client


@both_sides
def test_an_unknown_word_is_given_as_it_is(side: Side, time: Time) -> None:
    found = Wire(side, answer(media(type="reel"))).ask(get_media)
    assert found.type_ == "reel"
    assert type(found.type_) is str
    status = {"outgoing_status": "muted", "incoming_status": "none", "target_user_is_private": False}
    assert Wire(side, answer(status)).ask(lambda c: c.relationships.get("2")).outgoing_status == "muted"


@both_sides
def test_unknown_fields_are_kept(side: Side, time: Time) -> None:
    given = media(alt_text="snow", nested={"a": [1, None]})
    given["caption"]["edited"] = True
    found = Wire(side, answer(given)).ask(get_media)
    assert found.additional_properties == {"alt_text": "snow", "nested": {"a": [1, None]}}
    assert found["alt_text"] == "snow"
    assert found.caption["edited"] is True
    assert found.to_dict() == given


@both_sides
def test_unknown_fields_around_the_data_are_kept(side: Side, time: Time) -> None:
    body = {"meta": {"code": 200, "warning": "w"}, "data": [], "notice": "n"}
    found = Wire(side, raw(body)).ask(list_media)
    assert found.envelope["notice"] == "n"
    assert found.envelope.meta["warning"] == "w"
    assert found.envelope.to_dict() == body


MISSING: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "of the object": (lambda one: one.pop("user"), "Media: 'user' is missing"),
    "of an object in it": (
        lambda one: one["images"].pop("thumbnail"),
        "Media: Images: 'thumbnail' is missing",
    ),
    "of one that may be null": (lambda one: one["caption"].pop("text"), "Media: Caption: 'text' is missing"),
    "deeper": (
        lambda one: one["caption"]["from"].pop("username"),
        "Caption: UserReference: 'username' is missing",
    ),
    "of an item": (
        lambda one: one["users_in_photo"].append({"position": {"x": 0, "y": 0}}),
        "Media: UserInPhoto: 'user' is missing",
    ),
}


@both_sides
@pytest.mark.parametrize(("take", "what"), MISSING.values(), ids=MISSING)
def test_a_missing_field_is_named(
    side: Side, take: Callable[[dict[str, Any]], object], what: str, time: Time
) -> None:
    given = copy.deepcopy(media())
    take(given)
    error = failure(side, answer(given), get_media)
    assert type(error) is ResponseFormatError
    assert what in str(error)
    assert str(error).startswith("media.get: 200, but MediaEnvelope: Media: ")
    assert isinstance(error.__cause__, KeyError)
    error = failure(side, page([media(), given]), list_media)
    assert type(error) is ResponseFormatError
    assert what in str(error)


@both_sides
@pytest.mark.parametrize("caption", ["words", 7, [], [1], True, {}])
def test_what_may_be_null_must_be_an_object_otherwise(side: Side, caption: Any, time: Time) -> None:
    error = failure(side, answer(media(caption=caption)), get_media)
    assert type(error) is ResponseFormatError
    assert "Media: " in str(error)


# --- strict


WRONG_TYPES: dict[str, tuple[Any, str]] = {
    "a number for a string": ({**user(), "bio": 7}, "/data/bio"),
    "a string for a number": (
        {**user(), "counts": {"media": "3", "follows": 12, "followed_by": 34}},
        "/data/counts/media",
    ),
    "null for a string": ({**user(), "website": None}, "/data/website"),
    "a string for a boolean": ({**user(), "is_business": "no"}, "/data/is_business"),
}


@both_sides
@pytest.mark.parametrize(("data", "place"), WRONG_TYPES.values(), ids=WRONG_TYPES)
def test_a_value_of_the_wrong_type_is_tolerated_unless_strict(
    side: Side, data: Any, place: str, time: Time
) -> None:
    assert Wire(side, answer(data)).ask(get_user).to_dict() == data
    error = failure(side, answer(data), strict=True)
    assert type(error) is ResponseFormatError
    assert f"the body does not match its schema at {place}: " in str(error)


@both_sides
def test_strict_takes_what_fits(side: Side, time: Time) -> None:
    wire = Wire(side, answer(user()), page([media()], {}), answer(), strict=True)
    assert wire.ask(get_user).username == "user1001"
    assert len(wire.items(list_media)) == 1
    assert wire.ask(like) is None


@both_sides
def test_strict_says_what_it_lacks(side: Side, monkeypatch: pytest.MonkeyPatch, time: Time) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    strict.schemas.cache_clear()
    with pytest.raises(InstagramError, match="pip install jsonschema-rs"):
        Wire(side, strict=True)
    assert Wire(side, answer(user())).ask(get_user).username == "user1001"


@both_sides
def test_strict_refuses_a_success_that_is_not_documented(side: Side, time: Time) -> None:
    error = failure(side, answer(user(), 201), strict=True)
    assert type(error) is ResponseFormatError
    assert "users.get documents no status 201" in str(error)


@both_sides
def test_strict_refuses_an_unknown_word(side: Side, time: Time) -> None:
    error = failure(side, answer(media(type="reel")), get_media, strict=True)
    assert type(error) is ResponseFormatError
    assert "/data/type" in str(error)


@both_sides
def test_strict_holds_for_raw_answers_and_every_page(side: Side, time: Time) -> None:
    wire = Wire(side, answer(media(type="reel")), strict=True)
    with pytest.raises(ResponseFormatError):
        wire.ask(lambda client: client.media.with_raw_response.get("1"))
    wire = Wire(
        side,
        page([media()], {"next_max_id": "1", "next_url": "https://api.instagram.com/v1/?max_id=1"}),
        page([media(2, type="reel")]),
        strict=True,
    )
    with pytest.raises(ResponseFormatError, match="/data/0/type"):
        wire.items(list_media)


@both_sides
@pytest.mark.parametrize("body", [{"meta": {"code": 400}}, {"error": "x"}, [], None, HTML])
def test_strict_refuses_an_error_that_does_not_fit(side: Side, body: Any, time: Time) -> None:
    step = text(HTML, 400) if body is HTML else raw(body, 400)
    error = failure(side, step, strict=True)
    assert type(error) is ResponseFormatError
    assert error.status_code == 400
    assert type(failure(side, step)) is BadRequestError


@both_sides
@pytest.mark.parametrize("step", [refusal(400, "APINotFoundError"), text(HTML, 502), text(HTML, 404)])
def test_strict_leaves_documented_and_unknown_errors_what_they_are(
    side: Side, step: httpx.Response, time: Time
) -> None:
    assert isinstance(failure(side, step, get_media, strict=True), NotFoundError | InternalServerError)


def test_strict_knows_all_that_the_document_promises(spec: Spec, time: Time) -> None:
    wire = Wire("sync", strict=True)
    described = wire.client._core.reader.schemas._document["responses"]
    assert {name: set(statuses) for name, statuses in described.items()} == {
        operation.name: set(operation.statuses) for operation in spec.operations
    }


# --- null and absent


@both_sides
def test_null_and_absent_are_two_things(side: Side, time: Time) -> None:
    null = Wire(side, answer(media(caption=None, location=None))).ask(get_media)
    given = media()
    del given["location"], given["attribution"]
    absent = Wire(side, answer(given)).ask(get_media)
    assert isinstance(null, Media)
    assert null.location is None
    assert absent.location is UNSET
    assert absent.attribution is UNSET
    assert not absent.location
    assert null != absent
    assert null.to_dict()["location"] is None
    assert "location" not in absent.to_dict()
    for made in (null, absent):
        for other in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made), copy.copy(made)):
            assert other == made
            assert other.location is made.location
            assert Media.from_dict(other.to_dict()) == made


def test_there_is_one_unset() -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(UNSET, protocol)) is UNSET
    assert copy.copy(UNSET) is copy.deepcopy(UNSET) is UNSET
    assert repr(UNSET) == "UNSET"


@both_sides
def test_what_is_given_is_a_value_of_its_own(side: Side, time: Time) -> None:
    wire = Wire(side, answer(media()))
    raw_answer = wire.ask(lambda client: client.media.with_raw_response.get("1"))
    first, second = raw_answer.parse(), raw_answer.parse()
    first.caption.text = "changed"
    first.additional_properties["more"] = 1
    assert second == MediaEnvelope.from_dict(answer(media()).json()).data
    assert isinstance(second.caption, Caption)
    assert second.caption.text == "First #snow"


# --- errors travel between processes


def errors() -> dict[str, InstagramError]:
    """One of each class."""
    time_up = Wire("sync", httpx.ReadTimeout("slow"), max_retries=0)
    found: list[InstagramError] = [
        failure("sync", httpx.ConnectError("refused")),
        failure("sync", refusal(418, "APITeapotError", "short and stout")),
        *(failure("sync", refusal(status, "X", "Why: “so”.")) for status in (400, 401, 403, 404, 429, 500)),
        failure("sync", text(HTML)),
        failure(
            "sync", page([person()], {"next_cursor": []}), lambda client: list_follows(client).next_page()
        ),
        failure("sync", answer(), lambda client: client.comments.create("1", text="x" * 301)),
        failure("sync", answer(), lambda client: client.subscriptions.list()),
        AuthorizationError("access_denied", "user_denied", "The user denied your request"),
        WebhookSignatureError("the payload is not signed"),
        InstagramError("anything"),
    ]
    with pytest.raises(APITimeoutError) as caught:
        time_up.ask(get_user)
    return {type(each).__name__: each for each in [*found, caught.value]}


@pytest.fixture(scope="module")
def raised() -> dict[str, InstagramError]:
    with pytest.MonkeyPatch.context() as patch:
        fake_time(patch)
        return errors()


def test_there_is_an_error_of_each_class(raised: dict[str, InstagramError]) -> None:
    assert raised.keys() | {"InstagramError"} == drawn(exceptions.__doc__ or "").keys()
    assert isinstance(raised["RuleError"], ValueError)
    assert isinstance(raised["RuleError"], RuleError)
    assert isinstance(raised["MissingCredentialError"], MissingCredentialError)
    assert isinstance(raised["APIConnectionError"], APIConnectionError)


def attributes(error: Exception) -> dict[str, Any]:
    found = {name: value for name, value in vars(error).items() if name != "response"}
    response = getattr(error, "response", None)
    if response is not None:
        found["answer"] = (
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
def test_an_error_says_what_is_wrong_in_one_line(name: str, raised: dict[str, InstagramError]) -> None:
    said = str(raised[name])
    assert said
    assert len(said.splitlines()) == 1
    assert len(said) < 700


def test_a_status_error_keeps_its_budget_when_it_is_pickled(time: Time) -> None:
    error = failure("sync", refusal(429, headers={"X-Ratelimit-Remaining": "0", "X-Ratelimit-Limit": "30"}))
    other = pickle.loads(pickle.dumps(error))
    assert isinstance(other, APIStatusError)
    assert other.rate_limit == (30, 0)


def test_a_rule_error_tells_what_is_broken(raised: dict[str, InstagramError]) -> None:
    error = raised["RuleError"]
    assert isinstance(error, RuleError)
    assert error.parameter == "text"
    assert error.rule
    assert error.message
    assert str(error) == f"text violates the rule {error.rule}: {error.message}"


@both_sides
def test_a_page_error_keeps_the_answer(side: Side, time: Time) -> None:
    first = Wire(side, page([person()], {})).ask(list_follows)
    with pytest.raises(PaginationError) as caught:
        run(first.next_page())
    assert caught.value.status_code == 200
    assert caught.value.response.json()["pagination"] == {}


@both_sides
def test_models_say_what_they_are(side: Side, time: Time) -> None:
    found = Wire(side, answer(user())).ask(get_user)
    assert isinstance(found, User)
    assert repr(found).startswith("User(id='1001', username='user1001'")
