"""How many requests were made in the last hour, to the second (facts: section 10)."""

from collections import defaultdict, deque

from instagram_server import errors
from instagram_server.config import SANDBOX_LIMIT, Settings

HOUR = 3600


class SlidingHour:
    """Counts by key, such as a token; refused requests count like all others."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, deque[tuple[int, int]]] = defaultdict(deque)
        self._totals: defaultdict[str, int] = defaultdict(int)

    def hit(self, key: str, now: int) -> int:
        """Counts one request; gives how many there were in the last hour, this one included."""
        seconds = self._seconds[key]
        while seconds and seconds[0][0] <= now - HOUR:
            self._totals[key] -= seconds.popleft()[1]
        if seconds and seconds[-1][0] == now:
            seconds[-1] = (now, seconds[-1][1] + 1)
        else:
            seconds.append((now, 1))
        self._totals[key] += 1
        return self._totals[key]


class Budget:
    """What tokens, and apps that come without one, may ask in an hour; every answer tells what is left."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._requests = SlidingHour()

    def spend(self, key: str, now: int, in_sandbox: bool, headers: dict[str, str]) -> None:
        """Counts one request and tells what is left; raises ApiError where that was too many."""
        made, limit = self._requests.hit(key, now), self._settings.shown_limit
        if in_sandbox:
            limit = min(limit, SANDBOX_LIMIT)
        _tell(headers, limit, made)
        if self._settings.rate_limit is not None and made > limit:
            raise errors.global_limit(made, limit)

    def untouched(self) -> dict[str, str]:
        """The headers of an answer to whom nothing is counted for."""
        headers: dict[str, str] = {}
        _tell(headers, self._settings.shown_limit, 0)
        return headers


def _tell(headers: dict[str, str], limit: int, made: int) -> None:
    headers["X-Ratelimit-Limit"] = str(limit)
    headers["X-Ratelimit-Remaining"] = str(max(limit - made, 0))
