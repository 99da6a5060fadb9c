"""The reference server on the loopback interface, mutated or not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from instagram_server import create_app
from instagram_server.cli import listen
from mutants import Mutant
from support.reference import UNLIMITED


@contextmanager
def served(mutant: Mutant | None) -> Iterator[str]:
    """The address of a server, made in the thread that it runs in."""

    def make() -> ASGIApp:
        app = create_app(UNLIMITED)
        return mutant.wrap(app) if mutant else app

    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(make, factory=True, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
