"""A saved failure fails the same way again, and no longer once it is fixed."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from instagram_server import Settings, create_app, seed_data
from mutants.catalogue import MUTANTS
from support.paths import VALUES
from support.reference import session_of
from wirecheck.conform import SessionOptions, State, requirements
from wirecheck.conform.asgi import InProcess
from wirecheck.conform.case import READ_ONLY
from wirecheck.conform.saved import file_of, load, write
from wirecheck.fuzz import open_session
from wirecheck.fuzz.saved import file_of as fuzz_file_of
from wirecheck.fuzz.saved import steps
from wirecheck.model import OutputError, RecordingError, TargetError
from wirecheck.replay import Replayed, replay
from wirecheck.spec import Spec

URL = "http://server.test/v1"
TOKEN = seed_data.tokens()["all"]
API = "Instagram REST API v1"
MUTANT = MUTANTS["deleted-still-listed"]
REQUIREMENT = "createComment: laws: has its documented effect, and can be undone"


def correct() -> ASGIApp:
    return create_app(Settings(rate_limit=None, write_limit=None))


def replayed(path: Path, spec: Spec, app: ASGIApp, **more: Any) -> Replayed:
    chosen: dict[str, Any] = {"url": URL, "token": TOKEN}
    with InProcess(app) as http:
        return replay(path, spec, SessionOptions(**chosen | more), http)


@pytest.fixture
def failure(spec: Spec, tmp_path: Path) -> Path:
    """A saved failure of a mutant."""
    requirement = next(requirement for requirement in requirements(spec) if requirement.name == REQUIREMENT)
    with session_of(spec, MUTANT) as session:
        return write(tmp_path, file_of(spec, 0, session.run(requirement)))


def test_a_violated_requirement_is_violated_again(spec: Spec, failure: Path) -> None:
    again = replayed(failure, spec, MUTANT.wrap(correct()))
    assert again == Replayed(State.VIOLATED, load(failure).failure.message)


def test_a_requirement_that_is_satisfied_now_is_satisfied(spec: Spec, failure: Path) -> None:
    again = replayed(failure, spec, correct())
    assert again == Replayed(State.SATISFIED, f"no longer fails: {load(failure).failure.message}")


@pytest.mark.no_cover
def test_a_failure_that_needs_earlier_requirements_is_reproduced(spec: Spec, tmp_path: Path) -> None:
    late = MUTANTS["likes-late"]
    name = "likeMedia: access: rejects requests without credentials"
    chosen = [requirement for requirement in requirements(spec) if requirement.operation == "likeMedia"]
    with session_of(spec, late) as session:
        outcome = next(outcome for outcome in map(session.run, chosen) if outcome.requirement.name == name)
    assert outcome.state is State.VIOLATED
    path = write(tmp_path, file_of(spec, 0, outcome))
    assert replayed(path, spec, late.wrap(correct())) == Replayed(
        State.VIOLATED, outcome.counterexamples[0].message
    )
    assert replayed(path, spec, correct()).state is State.SATISFIED


def test_what_cannot_be_tested_does_not_pass(spec: Spec, failure: Path) -> None:
    assert replayed(failure, spec, correct(), read_only=True).state is State.INCONCLUSIVE
    assert replayed(failure, spec, correct(), token="1001.unknown.token").state is not State.SATISFIED


def test_a_requirement_may_be_as_inconclusive_as_when_it_was_saved(spec: Spec, tmp_path: Path) -> None:
    reason, requirement = "it could not be provoked", "likeMedia: statuses: responds with 429 as documented"
    path = saved(tmp_path, requirement=requirement, inconclusive=reason)
    assert replayed(path, spec, correct(), values=VALUES).state is State.SATISFIED
    path = saved(tmp_path, requirement=requirement)
    assert replayed(path, spec, correct(), values=VALUES) == Replayed(State.INCONCLUSIVE, reason)


def test_a_saved_failure_has_a_test_and_no_secret(failure: Path) -> None:
    (test,) = failure.parent.glob("test_*.py")
    assert test.name == f"test_{failure.stem}.py"
    texts = [failure.read_text("utf-8"), test.read_text("utf-8")]
    assert all(TOKEN not in text for text in texts)
    assert f'"""{REQUIREMENT}: deleted-comment-is-gone: ' in texts[1]
    assert "def test_createcomment_laws_has_its_documented_effect_and_can_be_undone() -> None:" in texts[1]


def saved(tmp_path: Path, **more: Any) -> Path:
    details = {
        "id": "0123456789abcdef",
        "check": "no-server-fault",
        "operation": "getUser",
        "message": "no-server-fault: the server failed with status 500",
        "spec_pointer": "#/paths",
        "status": 500,
    }
    path = tmp_path / "saved.json"
    path.write_text(json.dumps({"wirecheck": 2, "api": API, "seed": 0, "failure": details} | more), "utf-8")
    return path


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        ({"wirecheck": 1}, RecordingError, "has format version 1; this wirecheck reads 2"),
        ({"x": 1}, RecordingError, "is not a saved failure"),
        (
            {"steps": [{"method": "GET", "target": "/users/self", "base64": "A"}]},
            RecordingError,
            re.escape("the base64 of steps[0] is not valid"),
        ),
        ({"api": "Another"}, TargetError, "is a failure of Another, not of Instagram"),
        (
            {"requirement": "getUser: is kind"},
            TargetError,
            "no longer has the requirement 'getUser: is kind'",
        ),
    ],
)
def test_an_unusable_file_is_an_error(
    more: dict[str, Any], error: type[Exception], message: str, spec: Spec, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message):
        replayed(saved(tmp_path, **more), spec, correct())


def test_a_missing_file_is_an_error(spec: Spec, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read: No such file"):
        replayed(tmp_path / "none.json", spec, correct())


def test_a_folder_that_cannot_be_created_is_an_error(failure: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write(failure / "folder", load(failure))


def test_steps_that_are_all_rejected_are_inconclusive(spec: Spec, tmp_path: Path) -> None:
    step = {"method": "GET", "target": "/v1/users/self?access_token=wirecheck~access_token~"}
    path = saved(tmp_path, steps=[step])
    assert replayed(path, spec, correct()).state is State.SATISFIED
    unknown = replayed(path, spec, correct(), token="1001.unknown.token")
    assert unknown == Replayed(State.INCONCLUSIVE, "every request was rejected")


def test_steps_that_are_rejected_now_are_satisfied(spec: Spec, tmp_path: Path) -> None:
    step = {"method": "GET", "target": "/v1/users/search?count=x&access_token=wirecheck~access_token~"}
    assert replayed(saved(tmp_path, steps=[step]), spec, correct()).state is State.SATISFIED


def test_steps_that_write_are_not_sent_read_only(spec: Spec, tmp_path: Path) -> None:
    path = saved(tmp_path, steps=[{"method": "DELETE", "target": "/v1/media/1/likes"}])
    assert replayed(path, spec, correct(), read_only=True) == Replayed(State.INCONCLUSIVE, READ_ONLY)


def test_a_failure_that_needs_a_first_request_is_reproduced(spec: Spec, tmp_path: Path) -> None:
    class Warm(InProcess):
        requests = 0

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            self.requests += 1
            return (
                super().handle_request(request)
                if self.requests == 1
                else httpx.Response(500, text="it fails")
            )

    step = {"method": "GET", "target": "/v1/users/self?access_token=wirecheck~access_token~"}
    path = saved(tmp_path, steps=[step])
    options = SessionOptions(url=URL, token=TOKEN)
    with Warm(correct()) as http:
        session = open_session(spec, options, http)
        failure = next(one for _ in range(2) for one in session.walk(steps(load(path))).values())
    path = write(tmp_path, fuzz_file_of(spec, 0, failure))
    with Warm(correct()) as http:
        assert replay(path, spec, options, http).state is State.VIOLATED
