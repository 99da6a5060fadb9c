"""Responses that are not JSON, do not match the document, or are newer than the client."""

import copy
import json
import pickle
import sys
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from instagram_client import (
    UNSET,
    BadRequestError,
    InstagramError,
    InternalServerError,
    NotFoundError,
    ResponseFormatError,
)
from instagram_client._runtime import strict
from instagram_client.models import Caption, Media, MediaEnvelope
from support.fake_wire import (
    Step,
    Time,
    Wire,
    error_response,
    fake_time,
    get_media,
    get_user,
    like,
    list_media,
    media,
    page,
    raw,
    success,
    text,
    user,
)
from support.sides import Side, both_sides
from wirecheck.spec import Spec

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


# Bodies that are not JSON


NOT_JSON: dict[str, tuple[str | bytes, str]] = {
    "html": (HTML, "the body is not JSON"),
    "empty": ("", "the body is empty"),
    "blank": (" \n", "the body is not JSON"),
    "cut off": (success(user()).content[:-20], "the body is not JSON"),
    "too much": (success(user()).content + b"{}", "the body is not JSON"),
    "jsonp": (b"/**/ f(" + success(user()).content + b")", "the body is not JSON"),
    "latin 1": ('{"meta": {"code": 200}, "data": "señor"}'.encode("latin-1"), "the body is not JSON"),
    "binary": (bytes(range(256)), "the body is not JSON"),
    "deep": ("[" * 200_000, "the body is not JSON"),
    "deep and closed": ("[" * 200_000 + "]" * 200_000, "the body is not JSON"),
    "deep objects": ('{"a":' * 100_000 + "1" + "}" * 100_000, "the body is not JSON"),
    "endless number": ("1" * 10_000, "the body is not JSON"),
}


@both_sides
@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize(("content", "what"), NOT_JSON.values(), ids=NOT_JSON)
def test_a_body_that_is_not_json_is_a_format_error(
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
    assert type(failure(side, success(data), method)) is ResponseFormatError


@both_sides
@pytest.mark.parametrize("data", [None, [1], [None], ["word"], "word", 7, True, {"a": 1}], ids=repr)
def test_items_of_another_type_are_a_format_error(side: Side, data: Any, time: Time) -> None:
    assert type(failure(side, success(data), list_media)) is ResponseFormatError


@both_sides
def test_an_error_that_claims_success_is_a_format_error(side: Side, time: Time) -> None:
    meta = {"code": 400, "error_type": "APIError", "error_message": "but 200"}
    error = failure(side, raw({"meta": meta}))
    assert type(error) is ResponseFormatError
    assert "but 200" in error.snippet


@both_sides
def test_a_byte_order_mark_is_ignored(side: Side, time: Time) -> None:
    wire = Wire(side, text(b"\xef\xbb\xbf" + success(user()).content))
    assert wire.call(get_user).username == "user1001"


@both_sides
@pytest.mark.parametrize("kind", ["text/html", "text/plain; charset=latin-1", "", "application/octet-stream"])
def test_the_content_type_is_ignored(side: Side, kind: str, time: Time) -> None:
    body = json.dumps({"meta": {"code": 200}, "data": {**user(), "bio": "señor ☀"}}, ensure_ascii=False)
    assert Wire(side, text(body, kind=kind)).call(get_user).bio == "señor ☀"


@both_sides
@pytest.mark.parametrize("status", [201, 202, 206, 226, 299])
def test_an_undocumented_success_is_parsed(side: Side, status: int, time: Time) -> None:
    assert Wire(side, success(user(), status)).call(get_user).username == "user1001"


@both_sides
def test_a_success_without_content_is_a_format_error(side: Side, time: Time) -> None:
    error = failure(side, text("", 204))
    assert type(error) is ResponseFormatError
    assert error.status_code == 204


@both_sides
def test_a_documented_redirect_is_returned(side: Side, time: Time) -> None:
    def media_url(client: Any) -> Any:
        return client.oembed.media_url("BWgrMATgBwB")

    moved = httpx2.Response(302, headers={"Location": "https://cdn.example.com/1.jpg"})
    assert Wire(side, moved).call(media_url) == "https://cdn.example.com/1.jpg"
    error = failure(side, httpx2.Response(302), media_url)
    assert type(error) is ResponseFormatError
    assert "'location' is missing" in str(error).lower()


# What is newer than the client


@both_sides
def test_an_unknown_enum_value_is_returned_as_it_is(side: Side, time: Time) -> None:
    found = Wire(side, success(media(type="reel"))).call(get_media)
    assert found.type_ == "reel"
    assert type(found.type_) is str
    status = {"outgoing_status": "muted", "incoming_status": "none", "target_user_is_private": False}
    assert Wire(side, success(status)).call(lambda c: c.relationships.get("2")).outgoing_status == "muted"


@both_sides
def test_unknown_fields_are_kept(side: Side, time: Time) -> None:
    sent = media(alt_text="snow", nested={"a": [1, None]})
    sent["caption"]["edited"] = True
    found = Wire(side, success(sent)).call(get_media)
    assert found.additional_properties == {"alt_text": "snow", "nested": {"a": [1, None]}}
    assert found["alt_text"] == "snow"
    assert found.caption["edited"] is True
    assert found.to_dict() == sent


@both_sides
def test_unknown_fields_around_the_data_are_kept(side: Side, time: Time) -> None:
    body = {"meta": {"code": 200, "warning": "w"}, "data": [], "notice": "n"}
    found = Wire(side, raw(body)).call(list_media)
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
    sent = copy.deepcopy(media())
    take(sent)
    error = failure(side, success(sent), get_media)
    assert type(error) is ResponseFormatError
    assert what in str(error)
    assert str(error).startswith("media.get: 200, but MediaEnvelope: Media: ")
    assert isinstance(error.__cause__, KeyError)
    error = failure(side, page([media(), sent]), list_media)
    assert type(error) is ResponseFormatError
    assert what in str(error)


@both_sides
@pytest.mark.parametrize("caption", ["words", 7, [], [1], True, {}])
def test_a_nullable_object_cannot_be_anything_else(side: Side, caption: Any, time: Time) -> None:
    error = failure(side, success(media(caption=caption)), get_media)
    assert type(error) is ResponseFormatError
    assert "Media: " in str(error)


# Strict


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
    assert Wire(side, success(data)).call(get_user).to_dict() == data
    error = failure(side, success(data), strict=True)
    assert type(error) is ResponseFormatError
    assert f"the body does not match its schema at {place}: " in str(error)


@both_sides
def test_strict_accepts_a_valid_response(side: Side, time: Time) -> None:
    wire = Wire(side, success(user()), page([media()], {}), success(), strict=True)
    assert wire.call(get_user).username == "user1001"
    assert len(wire.items(list_media)) == 1
    assert wire.call(like) is None


@both_sides
def test_strict_names_the_missing_distribution(
    side: Side, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    strict.schemas.cache_clear()
    with pytest.raises(InstagramError, match="pip install jsonschema-rs"):
        Wire(side, strict=True)
    assert Wire(side, success(user())).call(get_user).username == "user1001"


@both_sides
def test_strict_rejects_an_undocumented_success(side: Side, time: Time) -> None:
    error = failure(side, success(user(), 201), strict=True)
    assert type(error) is ResponseFormatError
    assert "users.get documents no status 201" in str(error)


@both_sides
def test_strict_rejects_an_unknown_enum_value(side: Side, time: Time) -> None:
    error = failure(side, success(media(type="reel")), get_media, strict=True)
    assert type(error) is ResponseFormatError
    assert "/data/type" in str(error)


@both_sides
def test_strict_applies_to_raw_responses_and_every_page(side: Side, time: Time) -> None:
    wire = Wire(side, success(media(type="reel")), strict=True)
    with pytest.raises(ResponseFormatError):
        wire.call(lambda client: client.media.with_raw_response.get("1"))
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
def test_strict_rejects_an_invalid_error(side: Side, body: Any, time: Time) -> None:
    step = text(HTML, 400) if body is HTML else raw(body, 400)
    error = failure(side, step, strict=True)
    assert type(error) is ResponseFormatError
    assert error.status_code == 400
    assert type(failure(side, step)) is BadRequestError


@both_sides
@pytest.mark.parametrize("step", [error_response(400, "APINotFoundError"), text(HTML, 502), text(HTML, 404)])
def test_strict_raises_valid_and_undocumented_errors_as_before(
    side: Side, step: httpx2.Response, time: Time
) -> None:
    assert isinstance(failure(side, step, get_media, strict=True), NotFoundError | InternalServerError)


def test_strict_has_the_schema_of_every_documented_status(spec: Spec, time: Time) -> None:
    wire = Wire("sync", strict=True)
    described = wire.client._core.reader.schemas._document["responses"]
    assert {name: set(statuses) for name, statuses in described.items()} == {
        operation.name: set(operation.statuses) for operation in spec.operations
    }


# Null and absent


@both_sides
def test_null_and_absent_are_two_things(side: Side, time: Time) -> None:
    null = Wire(side, success(media(caption=None, location=None))).call(get_media)
    sent = media()
    del sent["location"], sent["attribution"]
    absent = Wire(side, success(sent)).call(get_media)
    assert isinstance(null, Media)
    assert null.location is None
    assert absent.location is UNSET
    assert absent.attribution is UNSET
    assert not absent.location
    assert null != absent
    assert null.to_dict()["location"] is None
    assert "location" not in absent.to_dict()
    for model in (null, absent):
        for other in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model), copy.copy(model)):
            assert other == model
            assert other.location is model.location
            assert Media.from_dict(other.to_dict()) == model


def test_unset_is_a_singleton() -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(UNSET, protocol)) is UNSET
    assert copy.copy(UNSET) is copy.deepcopy(UNSET) is UNSET
    assert repr(UNSET) == "UNSET"


@both_sides
def test_each_parse_returns_a_new_value(side: Side, time: Time) -> None:
    wire = Wire(side, success(media()))
    raw_response = wire.call(lambda client: client.media.with_raw_response.get("1"))
    first, second = raw_response.parse(), raw_response.parse()
    first.caption.text = "changed"
    first.additional_properties["more"] = 1
    assert second == MediaEnvelope.from_dict(success(media()).json()).data
    assert isinstance(second.caption, Caption)
    assert second.caption.text == "First #snow"
