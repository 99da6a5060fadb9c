"""What was not given, which is not the same as null."""

from __future__ import annotations

from typing import Literal


class Unset:
    """The class of UNSET."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"  # by its name, so that it stays the only one


UNSET: Unset = Unset()
