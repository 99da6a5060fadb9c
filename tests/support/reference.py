"""Conformance runs against the reference server, right or mutated."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from instagram_server import seed_data as world
from instagram_server.app import create_app
from instagram_server.config import Settings
from mutants import Mutant
from support.paths import VALUES
from wirecheck.conform import SessionOptions, open_session
from wirecheck.conform.asgi import InProcess
from wirecheck.conform.session import Outcome, Requirement, Session, State
from wirecheck.spec import Spec

TOKENS = world.tokens()
LACKING = {
    name.removeprefix("without-"): token for name, token in TOKENS.items() if name.startswith("without-")
}

UNLIMITED = Settings(rate_limit=None, write_limit=None)


@contextmanager
def session_of(spec: Spec, fault: Mutant | None = None, settings: Settings = UNLIMITED) -> Iterator[Session]:
    """Where the reference server is tested with a fault."""
    app = create_app(settings)
    faulty: ASGIApp = fault.wrap(app) if fault else app
    options = SessionOptions(
        url="http://server.test/v1", token=TOKENS["all"], lacking=LACKING, values=VALUES, listen="127.0.0.1:0"
    )
    try:
        with InProcess(faulty) as http, open_session(spec, options, http) as session:
            yield session
    finally:
        app.state.platform.store.close()


def broken(session: Session, chosen: Iterable[Requirement]) -> Iterator[Outcome]:
    outcomes = (session.run(requirement) for requirement in chosen)
    return (outcome for outcome in outcomes if outcome.state is State.VIOLATED)
