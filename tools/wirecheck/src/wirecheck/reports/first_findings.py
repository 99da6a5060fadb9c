"""Which findings a report lists where there may be any number of them."""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import structs

from wirecheck.model import Finding

MOST = 1000
"""Findings of a kind that are listed."""
_KINDS = 1000  # that are told apart
_FURTHER = ""  # all others


class FirstFindings:
    """Lists the first findings of each kind, and of all the kinds beyond a number; counts the others."""

    def __init__(self) -> None:
        self._counts = Counter[str]()

    def takes(self, finding: Finding) -> bool:
        """Counts a finding, and says whether it is listed."""
        kind = self._kind(finding)
        self._counts[kind] += 1
        return self._counts[kind] <= MOST

    def told(self, listed: Iterable[Finding]) -> Iterator[Finding]:
        """The listed findings; the first of a kind says how many there are where not all are listed."""
        told = set[str]()
        for finding in listed:
            kind = self._kind(finding)
            count = self._counts[kind]
            if count > MOST and kind not in told:
                told.add(kind)
                alike = "of further kinds" if kind == _FURTHER else "alike"
                message = f"{finding.message} (the first of {count:,} {alike}, of which {MOST:,} are listed)"
                yield structs.replace(finding, message=message)
            else:
                yield finding

    def _kind(self, finding: Finding) -> str:
        is_known = finding.fingerprint in self._counts or len(self._counts) < _KINDS
        return finding.fingerprint if is_known else _FURTHER
