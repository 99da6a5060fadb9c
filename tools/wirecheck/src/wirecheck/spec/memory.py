"""How Python's memory is managed while a document is read."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Lets no garbage be collected.

    Reading a document makes hundreds of thousands of objects, all of which stay: to look through them again
    and again takes half of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
