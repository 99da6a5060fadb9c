"""The pytest plugin: the options of the conformance suite, and the judge of the traffic of any test suite."""
