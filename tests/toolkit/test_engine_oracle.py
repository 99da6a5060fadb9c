"""The engine agrees with jsonschema on every schema of the neutral documents."""

import pytest

from support.oracle import Oracle
from support.paths import SPECS
from wirecheck.spec import load

ORACLES = {name: Oracle(load(SPECS / name)) for name in ("library.yaml", "noticeboard.yaml", "petshop.yaml")}


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("name", "pointer"), [(name, pointer) for name, oracle in ORACLES.items() for pointer in oracle.pointers]
)
def test_the_engine_agrees_with_jsonschema(name: str, pointer: str) -> None:
    assert ORACLES[name].compare(pointer) == {True, False}, "both valid and invalid values are compared"
