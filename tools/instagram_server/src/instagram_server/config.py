"""The settings of a server, and the time it believes in."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

LIVE_LIMIT, LIVE_WRITE_LIMIT = 5000, 60
SANDBOX_LIMIT, SANDBOX_WRITE_LIMIT = 500, 30
"""Requests per hour and token: in total, and for each kind of write (docs/sources.md, section 10)."""

Clock = Callable[[], float]
"""Returns UNIX seconds, which need not be today's."""


class Era(StrEnum):
    """The state of the API as of a month (docs/sources.md, sections 2 and 15)."""

    NOVEMBER_2015 = "2015-11"
    JUNE_2016 = "2016-06"
    APRIL_2018 = "2018-04"
    DECEMBER_2018 = "2018-12"
    JUNE_2020 = "2020-06"


ERA_STARTS = {
    Era.NOVEMBER_2015: datetime(2015, 11, 28, 12, tzinfo=UTC),
    Era.JUNE_2016: datetime(2016, 6, 1, 12, tzinfo=UTC),
    Era.APRIL_2018: datetime(2018, 4, 4, 12, tzinfo=UTC),
    Era.DECEMBER_2018: datetime(2018, 12, 11, 12, tzinfo=UTC),
    Era.JUNE_2020: datetime(2020, 6, 29, 12, tzinfo=UTC),
}


def clock_of(era: Era) -> Clock:
    """A clock that starts at the date of the era and runs at the usual speed."""
    era_start, started = ERA_STARTS[era].timestamp(), time.monotonic()
    return lambda: era_start + time.monotonic() - started


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a server.

    ``rate_limit`` is in requests per hour and token, ``write_limit`` in requests per hour, token and
    kind of write; None rejects no request. ``anywhere`` allows callbacks to hosts other than this
    machine. ``redirect_uris`` are registered for the demo app, besides the one in the store.
    """

    era: Era = Era.NOVEMBER_2015
    database: Path | None = None
    rate_limit: int | None = LIVE_LIMIT
    write_limit: int | None = LIVE_WRITE_LIMIT
    anywhere: bool = False
    clock: Clock | None = None
    redirect_uris: tuple[str, ...] = ()

    @property
    def shown_limit(self) -> int:
        """The limit that the response headers report."""
        return LIVE_LIMIT if self.rate_limit is None else self.rate_limit
