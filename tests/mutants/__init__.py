"""Mutants of the reference server, in one module for each group; `catalogue` has all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp

from instagram_server import seed_data
from mutants.app import Handler, MutatedApp
from mutants.operators import at

ALL, OTHER = seed_data.tokens()["all"], seed_data.tokens()["other"]
ADA, BELA = str(seed_data.ADA), str(seed_data.BELA)
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
    """A change of the reference server that makes it wrong.

    ``operations`` are those whose responses show it. ``make`` gives a handler without memory of earlier
    requests. ``only`` is the rule, or the operation and the name of its law, that alone detects it:
    "max-urls", "getMedia media-as-requested".
    """

    kind: str
    description: str
    operations: tuple[str, ...]
    make: Callable[[], Handler] = field(repr=False)
    only: str = ""

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """The mutated server."""
        return MutatedApp(app, self.make())


def mutant_of(kind: str, operation: str, handler: Handler, description: str, only: str = "") -> Mutant:
    """A mutant of one operation that remembers nothing. ``only`` is a law of it, or a rule."""
    return Mutant(kind, description, (operation,), lambda: at(operation, handler), only)
