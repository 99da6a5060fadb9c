"""How many requests were made in the last hour, to the second (facts: section 10)."""

from collections import defaultdict, deque

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
