"""The reference server with a fault, or without one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn
from faults import Mutant
from starlette.types import ASGIApp

from instagram_server import Settings, create_app
from instagram_server.cli import listen


def app_of(fault: Mutant | None) -> ASGIApp:
    app = create_app(Settings(rate_limit=None, write_limit=None))
    return fault.wrap(app) if fault else app


@contextmanager
def served(fault: Mutant | None) -> Iterator[str]:
    """The address of a server on the loopback interface, made in the thread that it runs in."""
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(partial(app_of, fault), factory=True, log_level="critical", lifespan="off")
    )
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
