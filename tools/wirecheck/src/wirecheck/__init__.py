"""wirecheck: judges HTTP traffic against an OpenAPI 3.1 document."""

__version__ = "0.1.0"
