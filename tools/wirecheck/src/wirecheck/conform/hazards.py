"""Writes that are never guessed: those that destroy what others have, or end the access of this run."""

from wirecheck.conform.case import READS
from wirecheck.resources import plain
from wirecheck.spec import Operation
from wirecheck.words import without_ending

_ENDS_ACCESS = frozenset({"logout", "signout", "logoff", "revoke", "invalidate", "deactivate", "unlink"})
_OF_ACCESS = frozenset(
    {"token", "tokens", "session", "sessions", "auth", "login", "me", "account", "apikeys"}
)
_DESTROYS = frozenset(
    {
        "reset",
        "purge",
        "flush",
        "wipe",
        "truncate",
        "clear",
        "clearall",
        "shutdown",
        "restart",
        "reboot",
        "drop",
    }
)


def hazard(operation: Operation) -> str:
    """Why a write is sent only with values that the user gives; empty where it is not for such a reason."""
    if operation.method in READS:
        return ""
    path = without_ending(operation.template)
    literals = [plain(part) for part in path.split("/") if part and "{" not in part]
    last = literals[-1] if literals else ""
    ends_in_literal = not path.endswith("}")
    if last in _ENDS_ACCESS or (operation.method == "DELETE" and last in _OF_ACCESS and ends_in_literal):
        return "it may end the access of this run"
    if last in _DESTROYS and ends_in_literal:
        return "it may destroy what is there"
    if operation.method == "DELETE" and ends_in_literal:
        return "it may delete what this run did not create"
    return ""
