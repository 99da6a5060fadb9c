"""Whether recordings of ``support.wires`` have the same exchanges with the same findings."""

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from support.paths import SPECS
from support.wires import WIRES, Wire
from wirecheck.checks import Judge
from wirecheck.model import Exchange
from wirecheck.spec import load

SPEC = load(SPECS / "notes.yaml")

Essence = tuple[str, ...]

_JUDGE = Judge(SPEC)


def findings(exchange: Exchange) -> list[Essence]:
    """What is wrong with an exchange, without the place in the recording, sorted."""
    return sorted(
        (
            finding.check,
            finding.severity,
            finding.operation or "",
            str(finding.status),
            finding.pointer or "",
            finding.message,
        )
        for finding in _JUDGE.judge(exchange).findings
    )


EXPECTED = [findings(wire.exchange()) for wire in WIRES]


def assert_same_findings(recorded: Sequence[Exchange], wires: Iterable[int] = range(len(WIRES))) -> None:
    """Asserts that a recording has the exchanges with these numbers, and the same is wrong with them."""
    for exchange, number in zip(recorded, wires, strict=True):
        assert not exchange.error, (exchange.source, exchange.error)
        assert is_of(exchange, WIRES[number]), (exchange.source, exchange.method, exchange.status)
        assert findings(exchange) == EXPECTED[number], exchange.source


def assert_same_exchanges(recorded: Sequence[Exchange], wires: Iterable[int] = range(len(WIRES))) -> None:
    """Asserts that a recording has the bodies and the headers that client and server saw, perhaps others."""
    for exchange, number in zip(recorded, wires, strict=True):
        expected = WIRES[number].exchange()
        assert exchange.request_body == expected.request_body, exchange.source
        assert exchange.response_body == expected.response_body, exchange.source
        assert set(expected.request_headers) <= set(exchange.request_headers), exchange.source
        same = [header for header in exchange.response_headers if header in expected.response_headers]
        assert _by_name(same) == _by_name(expected.response_headers), exchange.source


def _by_name(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers in the order of their names; the values of a name stay in theirs."""
    return sorted(headers, key=lambda header: header[0])


def is_of(exchange: Exchange, wire: Wire) -> bool:
    """Whether an exchange has the method, the target and the status of one of ``WIRES``."""
    parts = urlsplit(exchange.url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return wire.has_line(exchange.method, target) and exchange.status == wire.status


def numbers(holds: Callable[[Wire], bool]) -> list[int]:
    """The numbers of what a format can hold."""
    return [number for number, wire in enumerate(WIRES) if holds(wire)]
