"""All mutants: each is a small change around the reference server.

A mutant changes requests before the correct server gets them, or its responses; some remember earlier
requests. Nothing here imports wirecheck.
"""

from mutants import Mutant
from mutants.access import ACCESS
from mutants.again import AGAIN
from mutants.agreement import AGREEMENT
from mutants.bounds import BOUNDS
from mutants.budgets import BUDGETS
from mutants.counting import COUNTING
from mutants.forms import FORMS
from mutants.laws import LAWS
from mutants.lists import LISTS
from mutants.media import MEDIA
from mutants.miscounting import MISCOUNTING
from mutants.paging import PAGING
from mutants.protocol import PROTOCOL
from mutants.rules import RULES
from mutants.searches import SEARCHES
from mutants.sequences import SEQUENCES
from mutants.shape import SHAPE
from mutants.state import STATE
from mutants.tokens import TOKENS

__all__ = ["MUTANTS", "Mutant"]

MUTANTS: dict[str, Mutant] = {
    **(SHAPE | PROTOCOL | RULES | MISCOUNTING | STATE | SEQUENCES | AGAIN | PAGING | BOUNDS | ACCESS),
    **(FORMS | TOKENS | BUDGETS | LAWS | MEDIA | LISTS | SEARCHES | AGREEMENT | COUNTING),
}
"""By name."""
