"""Mutants of three small servers whose documents say nothing beyond OpenAPI.

Each folder has a document, a server that satisfies it, and a table of mutants; `catalogue` joins them, `run`
measures which of them a tool finds. Nothing here imports wirecheck, except the tests.
"""

from dataclasses import dataclass, field

from plain.web import Request

KINDS = ("shape", "validation", "crash", "state", "paging", "access", "http")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault of a server, switched on by its name.

    ``violates`` is a pointer into the document, with its sentence where there is one, or the section of the
    standard that makes it a fault. ``probe`` holds requests whose responses differ from the right server's.
    """

    kind: str
    description: str
    violates: str
    probe: tuple[Request, ...] = field(repr=False)
