"""All servers and their mutants."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from plain import Mutant
from plain.depot import mutants as depot
from plain.depot import requests as depot_requests
from plain.depot import seed as depot_seed
from plain.depot import server as depot_server
from plain.fleet import mutants as fleet
from plain.fleet import requests as fleet_requests
from plain.fleet import seed as fleet_seed
from plain.fleet import server as fleet_server
from plain.notes import mutants as notes
from plain.notes import requests as notes_requests
from plain.notes import server as notes_server
from plain.web import App, Request

FOLDER = Path(__file__).parent


class Make(Protocol):
    """Makes a server of its own, wrong by the mutants that are named."""

    def __call__(self, mutants: frozenset[str] = ..., clock: Callable[[], datetime] | None = ...) -> App: ...


@dataclass(frozen=True, slots=True)
class Server:
    """A server with its document and its mutants.

    ``prefix`` is the path where the API is mounted. ``header`` and ``token`` authorize requests;
    ``others`` are tokens of other users by their names, ``without`` tokens that lack a scope. ``walk`` goes
    through all operations.
    """

    document: Path
    prefix: str
    make: Make
    mutants: dict[str, Mutant]
    walk: tuple[Request, ...] = field(repr=False)
    header: str = ""
    token: str = ""
    others: dict[str, str] = field(default_factory=dict)
    without: dict[str, str] = field(default_factory=dict)


SERVERS = {
    "depot": Server(
        document=FOLDER / "depot" / "openapi.yaml",
        prefix=depot_server.PREFIX,
        make=depot_server.make,
        mutants=depot.MUTANTS,
        walk=depot_requests.WALK,
        header=f"X-API-Key: {depot_seed.KEY}",
        token=depot_seed.KEY,
        others={"two": depot_seed.OTHER_KEY},
    ),
    "fleet": Server(
        document=FOLDER / "fleet" / "openapi.yaml",
        prefix=fleet_server.PREFIX,
        make=fleet_server.make,
        mutants=fleet.MUTANTS,
        walk=fleet_requests.WALK,
        header=f"Authorization: Bearer {fleet_seed.TOKEN}",
        token=fleet_seed.TOKEN,
        without={fleet_seed.READ: fleet_seed.WRITE_ONLY, fleet_seed.WRITE: fleet_seed.READ_ONLY},
    ),
    "notes": Server(
        document=FOLDER / "notes" / "openapi.json",
        prefix=notes_server.PREFIX,
        make=notes_server.make,
        mutants=notes.MUTANTS,
        walk=notes_requests.WALK,
    ),
}
"""By name."""

MUTANTS: dict[str, tuple[Server, Mutant]] = {
    name: (server, mutant) for server in SERVERS.values() for name, mutant in server.mutants.items()
}
"""By name, each with its server; names are unique among all servers."""
