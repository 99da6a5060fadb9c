"""The engine agrees with jsonschema on every schema of the contract."""

import pytest

from support.oracle import Oracle
from support.paths import CONTRACT
from wirecheck.spec import load

pytestmark = pytest.mark.no_cover

ORACLE = Oracle(load(CONTRACT))


@pytest.mark.parametrize("pointer", ORACLE.pointers)
def test_the_engine_agrees_with_jsonschema(pointer: str) -> None:
    assert ORACLE.compare(pointer) == {True, False}, "both valid and invalid values are compared"
