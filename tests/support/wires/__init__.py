"""Exchanges with the API of specs/notes.yaml, to be recorded in any format: the findings must be the same."""

from collections.abc import Iterator

from support.wires.tables import tabulated
from support.wires.wire import HOST, TOKEN, Fields, Wire, chunked
from support.wires.written import written

__all__ = ["BROKEN", "HOST", "NUMBER", "TOKEN", "WIRES", "Fields", "Wire", "chunked"]

NUMBER = "X-Number"
"""The header of a request by which a server knows which exchange it is."""

BROKEN = Wire("GET", "/v1/notes?limit=3", 0, ((NUMBER, "-1"),))
"""The server closes the connection without a response."""


def _different() -> Iterator[Wire]:
    return iter(dict.fromkeys((*written(), *tabulated())))


WIRES = tuple(
    wire._replace(request_headers=(*wire.request_headers, (NUMBER, str(number))))
    for number, wire in enumerate(_different())
)
"""Every one is different."""
