"""Date-times (RFC 3339): read as servers write them, written exactly."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(?:[.,](\d+))?\s?(?:([Zz])|([+-]\d\d):?(\d\d)?)?", re.ASCII
)


def read_moment(text: str) -> datetime:
    """The moment of a date-time, always with a time zone: UTC where the text has none.

    Digits beyond microseconds are cut off; a leap second is the first second of the next minute. Raises
    ValueError for what is no date-time.
    """
    match = _MOMENT.fullmatch(text)
    if match is None or int(match[3]) > 60:
        raise ValueError(f"{text[:40]!r} is not a date-time")
    day, minute, second, fraction, _, hours, minutes = match.groups()
    zone = f"{hours}:{minutes or '00'}" if hours else "+00:00"
    moment = datetime.fromisoformat(f"{day}T{minute}:00.{(fraction or '0')[:6].ljust(6, '0')}{zone}")
    try:
        return moment + timedelta(seconds=int(second))
    except OverflowError:
        raise ValueError(f"{text[:40]!r} is behind the last date") from None


def written_moment(moment: datetime) -> str:
    """The text of a date-time. Raises ValueError for one without a time zone: it is no moment."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(f"{moment} has no time zone: give it one, such as tzinfo=datetime.UTC")
    if offset % timedelta(minutes=1):
        moment = moment.astimezone(UTC)
    return moment.isoformat()
