"""The conformance suite as pytest tests: ``pytest --pyargs wirecheck.conformance --wirecheck-url URL``."""
