"""Conformance sessions with the reference server, correct or mutated."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from instagram_server import seed_data
from instagram_server.app import create_app
from instagram_server.config import Settings
from mutants import Mutant
from support.paths import VALUES
from wirecheck.conform import SessionOptions, open_session
from wirecheck.conform.asgi import InProcess
from wirecheck.conform.outcome import Outcome, Requirement, State
from wirecheck.conform.session import Session
from wirecheck.spec import Spec

TOKENS = seed_data.tokens()
TOKENS_WITHOUT = {
    name.removeprefix("without-"): token for name, token in TOKENS.items() if name.startswith("without-")
}

UNLIMITED = Settings(rate_limit=None, write_limit=None)


@contextmanager
def session_of(spec: Spec, mutant: Mutant | None = None, settings: Settings = UNLIMITED) -> Iterator[Session]:
    """A session with the reference server, or with a mutant of it."""
    app = create_app(settings)
    tested: ASGIApp = mutant.wrap(app) if mutant else app
    options = SessionOptions(
        url="http://server.test/v1",
        token=TOKENS["all"],
        tokens_without=TOKENS_WITHOUT,
        values=VALUES,
        listen="127.0.0.1:0",
    )
    try:
        with InProcess(tested) as http, open_session(spec, options, http) as session:
            yield session
    finally:
        app.state.platform.store.close()


def violated(session: Session, chosen: Iterable[Requirement]) -> Iterator[Outcome]:
    """The outcomes of violated requirements, tested one after the other."""
    outcomes = (session.run(requirement) for requirement in chosen)
    return (outcome for outcome in outcomes if outcome.state is State.VIOLATED)
