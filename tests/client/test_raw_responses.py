"""Raw responses."""

import httpx2
import pytest

from instagram_client import (
    APIStatusError,
    InstagramError,
    RateLimit,
    RawResponse,
)
from instagram_client.models import Media, UserShort
from support.fake_wire import Time, Wire, error_response, fake_time, media, page, person, success
from support.sides import Side, both_sides, collect

time = pytest.fixture(fake_time)


def ids(users: list[UserShort]) -> list[int]:
    return [int(user.id) for user in users]


@both_sides
def test_a_raw_response_has_status_headers_and_bytes(side: Side, time: Time) -> None:
    response = success(
        media(), headers={"X-Ratelimit-Limit": "5000", "x-ratelimit-remaining": "4999", "X-Odd": "1"}
    )
    wire = Wire(side, response)
    raw = wire.call(lambda client: client.media.with_raw_response.get("1_1001"))
    assert isinstance(raw, RawResponse)
    assert raw.status_code == 200
    assert raw.headers["x-odd"] == "1"
    assert raw.rate_limit == RateLimit(limit=5000, remaining=4999) == (5000, 4999)
    assert raw.content == response.content
    assert isinstance(raw.http_response, httpx2.Response)
    assert isinstance(raw.parse(), Media)
    assert raw.parse() == raw.parse()
    assert repr(raw) == f"<RawResponse 200, {len(response.content)} bytes>"


@both_sides
@pytest.mark.parametrize("value", ["", "many", "-1", "1.5", "٣", "9" * 19, "9" * 5000])
def test_a_missing_or_invalid_budget_is_none(side: Side, value: str, time: Time) -> None:
    response = success(media())
    response.headers = httpx2.Headers([(b"X-Ratelimit-Limit", value.encode())])
    wire = Wire(side, response)
    raw = wire.call(lambda client: client.media.with_raw_response.get("1_1001"))
    assert raw.rate_limit == RateLimit(limit=None, remaining=None)


@both_sides
def test_the_raw_response_of_a_list_parses_to_its_page(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": "a"}), page([person(2)]))
    raw = wire.call(lambda client: client.relationships.with_raw_response.follows("self"))
    assert b"next_cursor" in raw.content
    assert len(wire.requests) == 1
    assert ids(collect(raw.parse())) == [1, 2]


@both_sides
def test_a_raw_error_is_raised_all_the_same(side: Side, time: Time) -> None:
    wire = Wire(side, error_response(404))
    with pytest.raises(APIStatusError) as caught:
        wire.call(lambda client: client.users.with_raw_response.get("9"))
    assert caught.value.response.json()["meta"]["code"] == 404


@both_sides
def test_an_invalid_response_is_available_raw(side: Side, time: Time) -> None:
    wire = Wire(side, success({"id": "1"}))
    raw = wire.call(lambda client: client.users.with_raw_response.get("self"))
    assert raw.http_response.json()["data"] == {"id": "1"}
    with pytest.raises(InstagramError):
        raw.parse()
