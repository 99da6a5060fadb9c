"""Cassettes that vcrpy and betamax record of the same exchanges, and the findings in them."""

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import betamax
import pytest
import requests
import vcr as vcrpy

from support.same_findings import assert_same_exchanges, assert_same_findings, numbers
from support.wire_formats import is_text
from support.wire_server import server
from support.wires import WIRES, Wire
from wirecheck.model import Exchange
from wirecheck.recordings import vcr


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with server() as address:
        yield address


def send(session: requests.Session, origin: str, sent: Iterable[int]) -> None:
    for number in sent:
        wire = WIRES[number]
        response = session.request(
            wire.method,
            origin + wire.target,
            headers=dict(wire.request_headers),
            data=wire.request_content,
            allow_redirects=False,
            stream=True,  # without its options, betamax loses bytes, so that a body cannot be read again
        )
        assert response.status_code == wire.status
        response.close()


def recorded(path: Path, name: str = "cassette") -> list[Exchange]:
    with path.open("rb") as file:
        assert vcr.looks_like(file.read())
        file.seek(0)
        return list(vcr.read(name, file))


def record(origin: str, path: Path, sent: Iterable[int], **options: Any) -> list[Exchange]:
    recorder = vcrpy.VCR(match_on=["uri"], **options)
    with recorder.use_cassette(str(path), record_mode="all"), requests.Session() as session:
        send(session, origin, sent)
    return recorded(path)


def json_holds(wire: Wire) -> bool:
    """Cassettes in JSON hold only text; vcrpy raises an error for anything else."""
    return is_text(wire.request_content) and is_text(wire.response_body)


def betamax_records(wire: Wire) -> bool:
    """By default, betamax raises an error for an unknown charset of a response."""
    return "x-none" not in dict(wire.response_headers).get("Content-Type", "")


def test_vcrpy_in_yaml(origin: str, tmp_path: Path) -> None:
    exchanges = record(origin, tmp_path / "a.yaml", range(len(WIRES)))
    assert_same_findings(exchanges)
    assert_same_exchanges(exchanges)


def test_vcrpy_in_yaml_with_bodies_that_it_decompressed(origin: str, tmp_path: Path) -> None:
    """vcrpy leaves the header out, too."""
    coded = numbers(lambda wire: "Content-Encoding" in dict(wire.response_headers))
    exchanges = record(origin, tmp_path / "a.yaml", coded, decode_compressed_response=True)
    assert len(exchanges) > 10
    assert_same_findings(exchanges, coded)
    for exchange, number in zip(exchanges, coded, strict=True):
        assert exchange.response_body == WIRES[number].response_body


def test_vcrpy_in_json(origin: str, tmp_path: Path) -> None:
    texts = numbers(json_holds)
    assert len(texts) > 300
    options: Any = {"serializer": "json", "decode_compressed_response": True}
    assert_same_findings(record(origin, tmp_path / "a.json", texts, **options), texts)


def record_with_betamax(origin: str, folder: Path, sent: list[int], **options: Any) -> list[Exchange]:
    session = requests.Session()
    recorder = betamax.Betamax(session, cassette_library_dir=str(folder), default_cassette_options=options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with (
            session,
            recorder.use_cassette("a", record="all", match_requests_on=["method", "uri", "headers"]),
        ):
            send(session, origin, sent)
    return recorded(folder / "a.json")


def test_betamax(origin: str, tmp_path: Path) -> None:
    sent = list(range(len(WIRES)))
    assert_same_findings(record_with_betamax(origin, tmp_path, sent, preserve_exact_body_bytes=True))


def test_betamax_without_exact_bytes(origin: str, tmp_path: Path) -> None:
    """It keeps characters: bodies that it cannot decode, or inflated, are not known rather than wrong."""
    sent = numbers(betamax_records)
    exchanges = record_with_betamax(origin, tmp_path, sent)
    known = list[tuple[int, Exchange]]()
    for number, exchange in zip(sent, exchanges, strict=True):
        assert exchange.request_body in (None, WIRES[number].request_body)
        assert exchange.response_body in (None, WIRES[number].response_body)
        if None not in (exchange.request_body, exchange.response_body):
            known.append((number, exchange))
    assert len(known) > 300
    assert_same_findings([exchange for _, exchange in known], [number for number, _ in known])
