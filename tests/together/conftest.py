"""What tests of the contract share."""

import pytest

from support.paths import CONTRACT
from wirecheck.spec import Spec, load


@pytest.fixture(scope="session")
def spec() -> Spec:
    """The contract."""
    return load(CONTRACT)
