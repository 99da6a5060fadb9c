"""Faults of the reference server, by kind; tests/faults.py puts them together."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp

from instagram_server import world
from mutants.faulty import Faulty, Handler, at

ALL, OTHER = world.tokens()["all"], world.tokens()["other"]
ADA, BELA = str(world.ADA), str(world.BELA)
# Media that the contract names.
SNOW, VIDEO, TOWER = "1127838097061452801_1001", "1127113321330252802_1001", "1126388545599054851_1002"
MEDIA_LISTS = (
    "listGeographyRecentMedia",
    "listLocationRecentMedia",
    "listPopularMedia",
    "searchMedia",
    "listTagRecentMedia",
    "getFeed",
    "listLikedMedia",
    "listUserRecentMedia",
)
DONE = {"meta": {"code": 200}, "data": None}


@dataclass(frozen=True, slots=True)
class Mutant:
    """``make`` gives a handler with a new memory. ``shows`` are the operations to look at for it.

    ``only`` is the rule, or the operation and the law of it, that alone finds the fault: "max-urls",
    "getMedia media-as-requested".
    """

    kind: str
    text: str
    shows: tuple[str, ...]
    make: Callable[[], Handler] = field(repr=False)
    only: str = ""

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """The server with this fault."""
        return Faulty(app, self.make())


def mutant_of(kind: str, operation: str, handler: Handler, text: str, only: str = "") -> Mutant:
    """A fault without memory, of one operation. ``only`` is a law of it, or a rule."""
    return Mutant(kind, text, (operation,), lambda: at(operation, handler), only)
