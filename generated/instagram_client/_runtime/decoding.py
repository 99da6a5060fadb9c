"""Values as models: the place where ``models.decode`` is found."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def decode(documented_type: Any, value: Any) -> Any:
    """The value as a documented type. Raises ValueError."""
    try:
        models = import_module(f"{__package__}.models")
    except ModuleNotFoundError:  # until the models of the runtime are there
        raise ValueError("there are no models") from None
    return models.decode(documented_type, value)
