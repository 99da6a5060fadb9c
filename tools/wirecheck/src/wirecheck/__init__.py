"""Judge HTTP traffic against an OpenAPI document: ``load`` it, ``read`` a recording, let a ``Judge`` decide.

docs/python-api.md is the guide. Each name is imported at its first use.
"""

TYPE_CHECKING = False  # as in typing, which takes longer to import than the command takes to say its version
if TYPE_CHECKING:
    from typing import Any

    from wirecheck.api import Judge, Spec, Verdict, exchange, load, read
    from wirecheck.model import (
        Exchange,
        Finding,
        RecordingError,
        Severity,
        Side,
        SpecError,
        WirecheckError,
    )

__all__ = [
    "Exchange",
    "Finding",
    "Judge",
    "RecordingError",
    "Severity",
    "Side",
    "Spec",
    "SpecError",
    "Verdict",
    "WirecheckError",
    "exchange",
    "load",
    "read",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> "Any":
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from wirecheck import model

    if hasattr(model, name):
        return getattr(model, name)
    from wirecheck import api

    return getattr(api, name)
