"""Generates a client of any document and calls each of its operations: `python -m smoke DOCUMENT`."""
