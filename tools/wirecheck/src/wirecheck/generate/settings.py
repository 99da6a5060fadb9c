from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    operations: Mapping[str, str] = field(default_factory=dict)
