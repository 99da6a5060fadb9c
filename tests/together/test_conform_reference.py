"""The reference server satisfies every requirement, in any era, in memory and in a file."""

from pathlib import Path

import pytest

from instagram_server.app import create_app
from instagram_server.config import Era, Settings
from support.conforming import counterexamples, run_suite, session, text_of
from support.paths import CONTRACT, VALUES
from support.reference import TOKENS, TOKENS_WITHOUT
from wirecheck.conform import (
    Conformance,
    Requirement,
    SessionOptions,
    State,
    open_session,
    requirements,
    run,
)
from wirecheck.conform.asgi import InProcess
from wirecheck.spec import Spec

READS = {"GET", "HEAD", "OPTIONS"}


def report_of(spec: Spec, settings: Settings, writes_only: bool, seed: int) -> Conformance:
    app = create_app(settings)
    options = SessionOptions(
        url="http://server.test/v1",
        token=TOKENS["all"],
        tokens_without=TOKENS_WITHOUT,
        values=VALUES,
        listen="127.0.0.1:0",
        seed=seed,
    )
    writes = {operation.name for operation in spec.operations if operation.method not in READS}
    chosen = [
        requirement
        for requirement in requirements(spec)
        if not writes_only or requirement.operation in writes
    ]
    try:
        with InProcess(app) as http, open_session(spec, options, http) as opened:
            return run(opened, chosen)
    finally:
        app.state.platform.store.close()


def satisfies_everything(report: Conformance) -> None:
    assert counterexamples(report) == []
    assert (report.conclusive, report.violated, report.flaky) == (True, False, {})


OTHER_ERAS = [era for era in Era if era is not Era.NOVEMBER_2015]
LATER_ERAS = [
    pytest.param(era, marks=[pytest.mark.no_cover, *([] if era is OTHER_ERAS[-1] else [pytest.mark.slow])])
    for era in OTHER_ERAS
]


@pytest.mark.parametrize("era", [Era.NOVEMBER_2015, *LATER_ERAS])
def test_nothing_is_found_in_any_era(era: Era, spec: Spec) -> None:
    report = report_of(spec, Settings(era=era), writes_only=False, seed=0)
    satisfies_everything(report)
    reasons = [outcome.reason for outcome in report.outcomes if outcome.state is State.INCONCLUSIVE]
    assert ("the operation is retired" in reasons) == (era is not Era.NOVEMBER_2015)
    if era is Era.NOVEMBER_2015:
        assert report.documented == report.exercised


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_nothing_is_found_with_a_database_file(seed: int, spec: Spec, tmp_path: Path) -> None:
    settings = Settings(database=tmp_path / "server.db", rate_limit=None, write_limit=None)
    satisfies_everything(report_of(spec, settings, writes_only=True, seed=seed))


def test_requirements_are_unique_and_their_table_fits_a_terminal(spec: Spec) -> None:
    def satisfy(_: object) -> None:
        """Records no violation."""

    chosen = [
        Requirement(requirement.operation, requirement.kind, requirement.what, satisfy)
        for requirement in requirements(spec)
    ]
    assert len({requirement.name for requirement in chosen}) == len(chosen)
    lines = text_of(run(session(spec), chosen)).splitlines()
    table = lines[: lines.index("")]
    assert max(map(len, table)) <= 80
    assert {operation.name for operation in spec.operations} <= {line.split()[0] for line in table}


def test_each_requirement_is_a_test_of_pytest(tmp_path: Path) -> None:
    more = ["--wirecheck-operation", "getTag", "--wirecheck-operation", "likeMedia", "-v"]
    more += ["--wirecheck-app", "instagram_server.app:create_app", "--wirecheck-token", TOKENS["all"]]
    done = run_suite(*more, folder=tmp_path, WIRECHECK_SPEC=str(CONTRACT))
    assert done.returncode == 0, done.stdout
    assert "wirecheck::getTag::access: rejects requests without credentials PASSED" in done.stdout
    name = "likeMedia::laws: has its documented effect, and can be undone"
    assert f"wirecheck::{name} PASSED" in done.stdout
    assert "--token-without public_content=TOKEN" in done.stdout, "inconclusive tests are skipped"
    assert "getUser" not in done.stdout
    assert TOKENS["all"] not in done.stdout + done.stderr
