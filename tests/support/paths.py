"""Where things lie that several tests read."""

from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
CONTRACT = ROOT / "spec" / "openapi.yaml"
EXAMPLES = ROOT / "examples"
SPECS = TESTS / "support" / "specs"
VALUES = EXAMPLES / "conformance.yaml"
SHARED = ROOT.parent / "shared"
"""Real recordings and other people's documents, where they are at hand."""
