"""The conformance suite as tests: ``pytest --pyargs wirecheck.conformance --url URL --token TOKEN``."""
