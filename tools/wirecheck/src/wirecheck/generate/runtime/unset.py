"""The value of what is absent, as opposed to null."""

from __future__ import annotations

from typing import Literal


class Unset:
    """The class of UNSET."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"  # by name, so that copies and pickles are the same object


UNSET: Unset = Unset()
