"""Rate limits over a sliding hour, to the second (docs/sources.md, section 10)."""

from collections import defaultdict, deque

from instagram_server import errors
from instagram_server.config import SANDBOX_LIMIT, Settings

HOUR = 3600
POSTS = 500
"""Media objects per hour and token that ``/demo/media`` creates."""


class SlidingHour:
    """Requests in the last hour by key, such as a token; rejected requests count, too."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, deque[tuple[int, int]]] = defaultdict(deque)
        self._totals: defaultdict[str, int] = defaultdict(int)

    def hit(self, key: str, now: int) -> int:
        """Count one request; return the number in the last hour, including this one."""
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
    """The requests that a token, or an app without one, has left; every response reports them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._requests = SlidingHour()
        self._posts = SlidingHour()

    def spend(self, key: str, now: int, in_sandbox: bool, headers: dict[str, str]) -> None:
        """Count one request and report what is left in ``headers``; raises ApiError beyond the limit."""
        made, limit = self._requests.hit(key, now), self._settings.shown_limit
        if in_sandbox:
            limit = min(limit, SANDBOX_LIMIT)
        _report(headers, limit, made)
        if self._settings.rate_limit is not None and made > limit:
            raise errors.global_limit(made, limit)

    def spend_post(self, key: str, now: int) -> None:
        """Count a media object of ``/demo/media``; raises ApiError beyond POSTS, whatever the settings."""
        made = self._posts.hit(key, now)
        if made > POSTS:
            raise errors.global_limit(made, POSTS)

    def untouched(self) -> dict[str, str]:
        """The headers of a response to a request that is not counted."""
        headers: dict[str, str] = {}
        _report(headers, self._settings.shown_limit, 0)
        return headers


def _report(headers: dict[str, str], limit: int, made: int) -> None:
    headers["X-Ratelimit-Limit"] = str(limit)
    headers["X-Ratelimit-Remaining"] = str(max(limit - made, 0))
