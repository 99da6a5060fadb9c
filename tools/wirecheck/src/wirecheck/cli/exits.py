"""Exit codes, their help, and the severity from which a finding counts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wirecheck.model import Severity

SATISFIED, VIOLATED, INCONCLUSIVE, INTERRUPTED = 0, 1, 2, 130

EXIT_CODES = """\b
Exit codes:
  0  satisfied
  1  violated
  2  inconclusive: unusable input, or nothing to check"""


def failing(fail_on: str) -> "tuple[Severity, ...]":
    """The severities that are at least as severe as ``fail_on``, which is a severity, or ``never``."""
    from wirecheck.model import Severity

    if fail_on == "never":
        return ()
    ranks = list(Severity)
    return tuple(ranks[: ranks.index(Severity(fail_on)) + 1])


def is_violated(severities: "Mapping[Severity, int]", fail_on: str) -> bool:
    """Whether a finding is at least as severe as ``fail_on``."""
    return any(severities.get(severity) for severity in failing(fail_on))
