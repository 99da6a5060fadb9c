"""Exit codes, what the help says of them, and what is grave enough for one."""

from collections.abc import Mapping

from wirecheck.model import Severity

SATISFIED, VIOLATED, INCONCLUSIVE, INTERRUPTED = 0, 1, 2, 130

EXIT_CODES = """\b
Exit codes:
  0  every promise was kept (or broken less gravely than --fail-on asks for)
  1  a promise was broken
  2  could not tell: unusable input, or nothing to judge"""


def is_broken(severities: Mapping[Severity, int], fail_on: str) -> bool:
    """Whether there is a finding as grave as --fail-on asks for."""
    ranks = list(Severity)
    grave = [] if fail_on == "never" else ranks[: ranks.index(Severity(fail_on)) + 1]
    return any(severities.get(severity) for severity in grave)
