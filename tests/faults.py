"""What can be wrong with a server: each fault is a small change around the reference server.

A fault changes requests on their way in or answers on their way out; what it keeps in mind, it keeps
from one request to the next. Nothing here knows of wirecheck.
"""

from planted import Fault
from planted.access import ACCESS
from planted.laws import LAWS
from planted.paging import PAGING
from planted.protocol import PROTOCOL
from planted.rules import RULES
from planted.shape import SHAPE
from planted.state import STATE

__all__ = ["FAULTS", "Fault"]

FAULTS: dict[str, Fault] = SHAPE | PROTOCOL | RULES | STATE | PAGING | ACCESS | LAWS
"""By name."""
