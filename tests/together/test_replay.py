"""What was saved of a broken promise fails the same way again, and no longer where it was mended."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from instagram_server import Settings, create_app
from instagram_server import seed_data as world
from mutants.catalogue import MUTANTS
from support.paths import VALUES
from support.reference import session_of
from wirecheck.conform import SessionOptions, State, requirements
from wirecheck.conform.asgi import InProcess
from wirecheck.conform.saved import file_of, load, write
from wirecheck.fuzz import bench_of
from wirecheck.fuzz.saved import file_of as fuzz_file_of
from wirecheck.fuzz.saved import steps
from wirecheck.model import OutputError, RecordingError, TargetError
from wirecheck.replay import Replayed, replay
from wirecheck.spec import Spec

URL = "http://server.test/v1"
TOKEN = world.tokens()["all"]
API = "Instagram REST API v1"
FAULT = MUTANTS["deleted-still-listed"]
PROMISE = "createComment: laws: does what it says, and is undone"


def right() -> ASGIApp:
    return create_app(Settings(rate_limit=None, write_limit=None))


def replayed(path: Path, spec: Spec, app: ASGIApp, **more: Any) -> Replayed:
    chosen: dict[str, Any] = {"url": URL, "token": TOKEN}
    with InProcess(app) as http:
        return replay(path, spec, SessionOptions(**chosen | more), http)


@pytest.fixture
def broken(spec: Spec, tmp_path: Path) -> Path:
    """A promise that a faulty server broke."""
    requirement = next(one for one in requirements(spec) if one.name == PROMISE)
    with session_of(spec, FAULT) as session:
        return write(tmp_path, file_of(spec, 0, session.run(requirement)))


def test_a_broken_promise_is_broken_again_elsewhere(spec: Spec, broken: Path) -> None:
    again = replayed(broken, spec, FAULT.wrap(right()))
    assert again == Replayed(State.VIOLATED, load(broken).broken.message)


def test_a_promise_that_is_kept_by_now_is_kept(spec: Spec, broken: Path) -> None:
    again = replayed(broken, spec, right())
    assert again == Replayed(State.SATISFIED, f"no longer: {load(broken).broken.message}")


def test_what_shows_only_after_other_promises_is_broken_again(spec: Spec, tmp_path: Path) -> None:
    late = MUTANTS["likes-late"]
    name = "likeMedia: access: refuses requests without credentials"
    chosen = [one for one in requirements(spec) if one.operation == "likeMedia"]
    with session_of(spec, late) as session:
        outcome = next(one for one in map(session.run, chosen) if one.requirement.name == name)
    assert outcome.state is State.VIOLATED
    path = write(tmp_path, file_of(spec, 0, outcome))
    assert replayed(path, spec, late.wrap(right())) == Replayed(
        State.VIOLATED, outcome.counterexamples[0].message
    )
    assert replayed(path, spec, right()).state is State.SATISFIED


def test_what_cannot_be_tested_is_no_pass(spec: Spec, broken: Path) -> None:
    assert replayed(broken, spec, right(), read_only=True).state is State.INCONCLUSIVE
    assert replayed(broken, spec, right(), token="nobody.knows.this.token").state is not State.SATISFIED


def test_as_much_as_was_told_then_is_enough(spec: Spec, tmp_path: Path) -> None:
    untold = "it could not be provoked"
    path = saved(tmp_path, test="likeMedia: statuses: answers 429 as documented", untold=untold)
    assert replayed(path, spec, right(), values=VALUES).state is State.SATISFIED
    path = saved(tmp_path, test="likeMedia: statuses: answers 429 as documented")
    assert replayed(path, spec, right(), values=VALUES) == Replayed(State.INCONCLUSIVE, untold)


def test_what_is_saved_tells_no_secret_and_tells_what_is_broken(broken: Path) -> None:
    (test,) = broken.parent.glob("test_*.py")
    assert test.name == f"test_{broken.stem}.py"
    texts = [broken.read_text("utf-8"), test.read_text("utf-8")]
    assert all(TOKEN not in text for text in texts)
    assert f'"""{PROMISE}: deleted-comment-is-gone: ' in texts[1]
    assert "def test_createcomment_laws_does_what_it_says_and_is_undone() -> None:" in texts[1]


def saved(tmp_path: Path, **more: Any) -> Path:
    broken = {
        "id": "0123456789abcdef",
        "check": "no-server-fault",
        "operation": "getUser",
        "message": "no-server-fault: the server failed with status 500",
        "promise": "#/paths",
        "status": 500,
    }
    path = tmp_path / "saved.json"
    path.write_text(json.dumps({"wirecheck": 1, "api": API, "seed": 0, "broken": broken} | more), "utf-8")
    return path


@pytest.mark.parametrize(
    ("more", "error", "told"),
    [
        ({"wirecheck": 2}, RecordingError, "has the form 2"),
        ({"x": 1}, RecordingError, "is no saved failure"),
        ({"api": "Another"}, TargetError, "is a failure of Another, not of Instagram"),
        ({"test": "getUser: is kind"}, TargetError, "no longer promises 'getUser: is kind'"),
    ],
)
def test_what_cannot_be_replayed_is_told(
    more: dict[str, Any], error: type[Exception], told: str, spec: Spec, tmp_path: Path
) -> None:
    with pytest.raises(error, match=told):
        replayed(saved(tmp_path, **more), spec, right())


def test_a_file_that_is_not_there_is_told(spec: Spec, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read: No such file"):
        replayed(tmp_path / "none.json", spec, right())


def test_a_folder_that_cannot_be_made_is_told(broken: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write(broken / "folder", load(broken))


def test_steps_of_a_server_that_lets_nobody_in_tell_nothing(spec: Spec, tmp_path: Path) -> None:
    step = {"method": "GET", "target": "/v1/users/self?access_token=wirecheck~access_token~"}
    path = saved(tmp_path, steps=[step])
    assert replayed(path, spec, right()).state is State.SATISFIED
    unknown = replayed(path, spec, right(), token="nobody.knows.this.token")
    assert unknown == Replayed(State.INCONCLUSIVE, "the server lets nobody in")


def test_what_is_refused_by_now_is_kept(spec: Spec, tmp_path: Path) -> None:
    step = {"method": "GET", "target": "/v1/users/search?count=x&access_token=wirecheck~access_token~"}
    assert replayed(saved(tmp_path, steps=[step]), spec, right()).state is State.SATISFIED


def test_steps_that_write_are_not_walked_read_only(spec: Spec, tmp_path: Path) -> None:
    path = saved(tmp_path, steps=[{"method": "DELETE", "target": "/v1/media/1/likes"}])
    assert replayed(path, spec, right(), read_only=True) == Replayed(State.INCONCLUSIVE, "it writes")


def test_what_shows_only_after_a_first_request_is_found(spec: Spec, tmp_path: Path) -> None:
    class Warm(InProcess):
        asked = 0

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            self.asked += 1
            return super().handle_request(request) if self.asked == 1 else httpx.Response(500, text="oops")

    step = {"method": "GET", "target": "/v1/users/self?access_token=wirecheck~access_token~"}
    path = saved(tmp_path, steps=[step])
    options = SessionOptions(url=URL, token=TOKEN)
    with Warm(right()) as http:
        bench = bench_of(spec, options, http)
        failure = next(one for _ in range(2) for one in bench.walk(steps(load(path))).values())
    path = write(tmp_path, fuzz_file_of(spec, 0, failure))
    with Warm(right()) as http:
        assert replay(path, spec, options, http).state is State.VIOLATED
