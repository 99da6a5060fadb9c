"""Synchronous and asynchronous clients, called in the same way."""

import asyncio
import inspect
from collections.abc import Coroutine
from typing import Any, Literal, TypeVar

import pytest

T = TypeVar("T")
Side = Literal["sync", "async"]

both_sides = pytest.mark.parametrize("side", ["sync", "async"])


def run(result: Any) -> Any:
    """A result; awaited if it is awaitable."""
    if not inspect.isawaitable(result):
        return result

    async def wait() -> Any:
        return await result

    return _finished(wait())


def _finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result; asyncio.run would write it out, where it looks for the handler of SIGINT."""
    with asyncio.Runner() as runner:
        return runner.get_loop().run_until_complete(coroutine)


def collect(result: Any) -> list[Any]:
    """All items, of a synchronous or an asynchronous iterable."""
    if not hasattr(result, "__aiter__"):
        return list(result)

    async def gather() -> list[Any]:
        return [item async for item in result]

    return _finished(gather())
