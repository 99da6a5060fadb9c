"""Which documented responses were met, of which operations."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from wirecheck.spec import Operation, Spec

_RESPONSES = 1024  # that are remembered


class Coverage:
    """Counts the exchanges of each operation by the documented response that each of them is."""

    def __init__(self, specs: Iterable[Spec]) -> None:
        self._operations = [operation for spec in specs for operation in spec.operations]
        self._by_name = {operation.name: operation for operation in self._operations}
        self._met = Counter[tuple[str, str]]()
        self._documented = lru_cache(_RESPONSES)(self._documented_of)

    def add(self, operation: str | None, status: int, count: int = 1) -> None:
        """Counts exchanges of an operation, by its name; those of none are not counted."""
        if documented := self._documented(operation, status):
            self._met[documented] += count

    def _documented_of(self, operation: str | None, status: int) -> tuple[str, str] | None:
        """The name of an operation and the documented status for a status, if there is one."""
        documented = self._by_name.get(operation or "")
        response = documented.response(status) if documented else None
        return (documented.name, response.status) if documented and response else None

    def merge(self, met: Iterable[tuple[str, str, int]]) -> None:
        """Adds what another process ``counted``."""
        for operation, status, count in met:
            self._met[operation, status] += count

    def counted(self) -> list[tuple[str, str, int]]:
        """Name of the operation, documented status, and number of exchanges."""
        return [(*key, count) for key, count in self._met.items()]

    @property
    def operations(self) -> tuple[int, int]:
        """How many operations were met, and how many there are."""
        met = {name for name, _ in list(self._met)}  # to which another thread may add
        return len(met), len(self._operations)

    @property
    def responses(self) -> tuple[int, int]:
        """How many documented responses were met, and how many there are, ``default`` left aside."""
        documented = [(each.name, status) for each in self._operations for status in _statuses(each)]
        return sum(each in self._met for each in documented), len(documented)

    def missing(self) -> Iterator[tuple[Operation, tuple[str, ...]]]:
        """The operations of which documented statuses were not met, with those statuses."""
        for operation in self._operations:
            statuses = tuple(each for each in _statuses(operation) if (operation.name, each) not in self._met)
            if statuses:
                yield operation, statuses


def _statuses(operation: Operation) -> list[str]:
    return [status for status in operation.statuses if status.upper() != "DEFAULT"]
