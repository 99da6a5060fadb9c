"""Settings of all tests."""

import os

from hypothesis import settings

# In CI the examples are the same in every run, elsewhere they differ from run to run.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
