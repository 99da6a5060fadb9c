"""Settings of all tests."""

import os

from hypothesis import HealthCheck, settings

# In CI the examples are the same in every run, elsewhere they differ from run to run.
# --hypothesis-profile=thorough is for single properties, as those of toolkit/decode/test_round_trips.py.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile(
    "thorough", deadline=None, max_examples=100_000, suppress_health_check=list(HealthCheck)
)
settings.load_profile("ci" if os.environ.get("CI") else "here")
