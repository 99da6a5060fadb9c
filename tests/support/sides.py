"""Synchronous and asynchronous clients, called in the same way."""

import asyncio
import inspect
from typing import Any, Literal

import pytest

Side = Literal["sync", "async"]

both_sides = pytest.mark.parametrize("side", ["sync", "async"])


def run(made: Any) -> Any:
    """What was made; waited for, if it is asynchronous."""
    if not inspect.isawaitable(made):
        return made

    async def wait() -> Any:
        return await made

    return asyncio.run(wait())


def collect(made: Any) -> list[Any]:
    """All that can be iterated over, one way or the other."""
    if not hasattr(made, "__aiter__"):
        return list(made)

    async def gather() -> list[Any]:
        return [item async for item in made]

    return asyncio.run(gather())
