"""What tests of the client share."""

import pytest

from support.paths import CONTRACT
from wirecheck.spec import Spec, load


@pytest.fixture(scope="session")
def spec() -> Spec:
    """The contract that the client is generated from."""
    return load(CONTRACT)
