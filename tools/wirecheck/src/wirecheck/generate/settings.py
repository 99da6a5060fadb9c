"""What people configure of a client whose document they do not own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a client.

    ``operations`` are the names of methods, with their resources, and ``pagination`` is whether or how
    lists are walked: both by operationId, or by method and path where there is none.
    """

    operations: Mapping[str, str] = field(default_factory=dict)
    pagination: Mapping[str, bool | Mapping[str, Any]] = field(default_factory=dict)
    absent: Literal["none", "unset"] | None = None
    warnings: tuple[str, ...] = ()


NONE = Settings()
"""Nothing is configured."""
