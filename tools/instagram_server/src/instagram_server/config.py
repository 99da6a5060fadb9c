"""What can be set, and the time that the server believes in."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

LIVE_LIMIT, LIVE_WRITE_LIMIT = 5000, 60
SANDBOX_LIMIT, SANDBOX_WRITE_LIMIT = 500, 30
"""Requests an hour and token, in all and for each endpoint that writes (facts: section 10)."""

Clock = Callable[[], float]
"""UNIX seconds; need not be today's."""


class Era(StrEnum):
    """The state of the API as of a date (facts: sections 2 and 15)."""

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
    """A clock that begins at the era's date and runs as fast as any other."""
    beginning, started = ERA_STARTS[era].timestamp(), time.monotonic()
    return lambda: beginning + time.monotonic() - started


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``rate_limit``: requests an hour and token, None for no refusals; ``write_limit`` the same
    for each endpoint that writes. ``anywhere``: callbacks may lead off the loopback interface.
    """

    era: Era = Era.NOVEMBER_2015
    database: Path | None = None
    rate_limit: int | None = LIVE_LIMIT
    write_limit: int | None = LIVE_WRITE_LIMIT
    anywhere: bool = False
    clock: Clock | None = None

    @property
    def shown_limit(self) -> int:
        """The budget that the headers tell."""
        return LIVE_LIMIT if self.rate_limit is None else self.rate_limit
