"""What several test modules share."""

import os

import pytest
from hypothesis import settings

from support.paths import CONTRACT
from wirecheck.spec import Spec, load

# The examples that are drawn are the same ones on every run of CI, and others on every other run.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def spec() -> Spec:
    """The bundled document."""
    return load(CONTRACT)
