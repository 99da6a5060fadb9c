"""Conformance runs find nothing on the reference server, in any era, in memory and in a file."""

from pathlib import Path

import pytest

from instagram_server import seed_data as world
from instagram_server.app import create_app
from instagram_server.config import Era, Settings
from support.paths import VALUES
from wirecheck.conform import Conformance, SessionOptions, State, open_session, requirements, run
from wirecheck.conform.asgi import InProcess
from wirecheck.spec import Spec

TOKENS = world.tokens()
LACKING = {
    name.removeprefix("without-"): token for name, token in TOKENS.items() if name.startswith("without-")
}
READS = {"GET", "HEAD", "OPTIONS"}


def report_of(spec: Spec, settings: Settings, writes_only: bool, seed: int) -> Conformance:
    app = create_app(settings)
    options = SessionOptions(
        url="http://server.test/v1",
        token=TOKENS["all"],
        lacking=LACKING,
        values=VALUES,
        listen="127.0.0.1:0",
        seed=seed,
    )
    writes = {one.name for one in spec.operations if one.method not in READS}
    chosen = [one for one in requirements(spec) if not writes_only or one.operation in writes]
    try:
        with InProcess(app) as http, open_session(spec, options, http) as session:
            return run(session, chosen)
    finally:
        app.state.platform.store.close()


def keeps_its_promises(report: Conformance) -> None:
    found = [
        (one.requirement.name, one.counterexamples[0].message)
        for one in report.outcomes
        if one.counterexamples
    ]
    assert found == []
    assert (report.told, report.broken, report.flaky) == (True, False, {})


@pytest.mark.parametrize("era", Era)
def test_nothing_is_found_in_any_era(era: Era, spec: Spec) -> None:
    report = report_of(spec, Settings(era=era), writes_only=False, seed=0)
    keeps_its_promises(report)
    reasons = [one.reason for one in report.outcomes if one.state is State.INCONCLUSIVE]
    assert ("the operation is retired" in reasons) == (era is not Era.NOVEMBER_2015)
    if era is Era.NOVEMBER_2015:
        assert report.documented == report.observed


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_found_with_a_database_file(seed: int, spec: Spec, tmp_path: Path) -> None:
    settings = Settings(database=tmp_path / "world.db", rate_limit=None, write_limit=None)
    keeps_its_promises(report_of(spec, settings, writes_only=True, seed=seed))
