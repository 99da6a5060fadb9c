"""Date-times: read as servers write them, and written so that they are read as the same moment."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instagram_client._runtime.moments import read_moment, written_moment

NEW_YEAR = datetime(2017, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2017-01-01T00:00:00Z", NEW_YEAR),
        ("2017-01-01t00:00:00z", NEW_YEAR),
        ("2017-01-01 00:00:00Z", NEW_YEAR),
        ("2017-01-01T00:00:00", NEW_YEAR),
        ("2017-01-01T01:30:00+01:30", NEW_YEAR),
        ("2017-01-01T01:30:00+0130", NEW_YEAR),
        ("2016-12-31T16:00:00-08", NEW_YEAR),
        ("2016-12-31T23:59:60Z", NEW_YEAR),
        ("2017-01-01T00:00:00.5Z", NEW_YEAR + timedelta(seconds=0.5)),
        ("2017-01-01T00:00:00,25Z", NEW_YEAR + timedelta(seconds=0.25)),
        ("2017-01-01T00:00:00.1234567899Z", NEW_YEAR + timedelta(microseconds=123456)),
    ],
)
def test_a_moment_is_read(text: str, moment: datetime) -> None:
    assert read_moment(text) == moment
    assert read_moment(text).tzinfo is not None


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "2017-01-01", "2017-02-30T00:00:00Z", "2017-01-01T24:61:00Z", "2017-01-01T00:00:61Z"),
        *("2017-01-01T00:00Z", "٢٠١٧-01-01T00:00:00Z", "9999-12-31T23:59:60Z"),
    ],
)
def test_what_is_no_moment_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day|hour|minute|month"):
        read_moment(text)


ZONES = st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES))
def test_a_moment_is_read_as_it_was_written(moment: datetime) -> None:
    assert read_moment(written_moment(moment)) == moment


def test_a_moment_keeps_its_offset() -> None:
    moment = datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
    assert written_moment(moment) == "2024-01-02T03:04:05+02:00"


def test_a_time_without_a_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        written_moment(datetime(2024, 1, 2))
