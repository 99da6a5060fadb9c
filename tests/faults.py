"""What can be wrong with a server: each fault is a small change around the reference server.

A fault changes requests on their way in or answers on their way out; what it keeps in mind, it keeps
from one request to the next. Nothing here knows of wirecheck.
"""

from planted import Fault
from planted.access import ACCESS
from planted.again import AGAIN
from planted.agreement import AGREEMENT
from planted.bounds import BOUNDS
from planted.budgets import BUDGETS
from planted.counting import COUNTING
from planted.forms import FORMS
from planted.laws import LAWS
from planted.lists import LISTS
from planted.media import MEDIA
from planted.miscounting import MISCOUNTING
from planted.paging import PAGING
from planted.protocol import PROTOCOL
from planted.rules import RULES
from planted.searches import SEARCHES
from planted.sequences import SEQUENCES
from planted.shape import SHAPE
from planted.state import STATE
from planted.tokens import TOKENS

__all__ = ["FAULTS", "Fault"]

FAULTS: dict[str, Fault] = {
    **(SHAPE | PROTOCOL | RULES | MISCOUNTING | STATE | SEQUENCES | AGAIN | PAGING | BOUNDS | ACCESS),
    **(FORMS | TOKENS | BUDGETS | LAWS | MEDIA | LISTS | SEARCHES | AGREEMENT | COUNTING),
}
"""By name."""
