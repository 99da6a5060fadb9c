"""What the client writes: its log, and the warnings of deprecated methods."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from instagram_client import (
    _endpoints,
)
from instagram_client._runtime import endpoints
from support.fake_wire import (
    PACKAGE,
    TOKEN,
    Time,
    Wire,
    again,
    answer,
    fake_time,
    get_user,
    page,
    refusal,
    user,
)
from support.sides import Side, both_sides

time = pytest.fixture(fake_time)


# The log


@both_sides
def test_each_attempt_is_logged_without_secrets(
    side: Side, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="instagram_client")
    budget = {"X-Ratelimit-Limit": "500", "X-Ratelimit-Remaining": "17"}
    wire = Wire(side, httpx.ReadError("reset"), refusal(503), answer(user(), headers=budget))
    wire.ask(get_user)
    said = [(each.levelname, each.getMessage()) for each in caplog.records if each.name == "instagram_client"]
    shown = "GET https://api.instagram.com/v1/users/self"
    assert said == [
        ("INFO", f"{shown} -> ReadError"),
        ("DEBUG", f"{shown} again in 0.500 s"),
        ("INFO", f"{shown} -> 503 (0.000 s)"),
        ("DEBUG", f"{shown} again in 1.000 s"),
        ("INFO", f"{shown} -> 200 (0.000 s, 17 of 500 requests left)"),
    ]


@both_sides
def test_a_budget_without_its_limit_is_logged(
    side: Side, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="instagram_client")
    Wire(side, answer(user(), headers={"X-Ratelimit-Remaining": "17"})).ask(get_user)
    assert ", 17 requests left)" in caplog.text


PROGRAM = f"""
import httpx
from instagram_client import Instagram
body = {answer(user()).content!r}
budget = {{"X-Ratelimit-Limit": "500", "X-Ratelimit-Remaining": "499"}}
given = httpx.Response(200, content=body, headers=budget)
client = Instagram(access_token={TOKEN!r}, transport=httpx.MockTransport(lambda request: given))
print(client.users.get("self").id)
"""


def logged(level: str | None) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INSTAGRAM_")}
    if level is not None:
        environment["INSTAGRAM_LOG"] = level
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "1001\n"
    assert TOKEN not in done.stderr
    return done.stderr


@pytest.mark.parametrize("level", ["info", "INFO", "debug", "Debug"])
def test_instagram_log_shows_requests_on_stderr(level: str) -> None:
    [line] = logged(level).splitlines()
    assert re.fullmatch(
        r"\S+ \S+ instagram_client INFO GET https://api\.instagram\.com/v1/users/self -> 200"
        r" \(\d+\.\d{3} s, 499 of 500 requests left\)",
        line,
    )


@pytest.mark.parametrize("level", [None, "", "warning", "error"])
def test_nothing_is_written_unless_it_is_asked_for(level: str | None) -> None:
    assert logged(level) == ""


def test_a_level_that_is_none_is_told(time: Time) -> None:
    [line] = logged("loud").splitlines()
    assert line.endswith("WARNING INSTAGRAM_LOG must be one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'")


def test_a_script_gives_the_same_answer_for_many_requests() -> None:
    once = answer(user())
    assert again(once).json() == again(once).json() == once.json()


# What is deprecated


DEPRECATED: dict[str, Callable[[Any], Any]] = {
    "users.feed": lambda client: client.users.feed(),
    "media.popular": lambda client: client.media.popular(),
    "geographies.recent_media": lambda client: client.geographies.recent_media("7"),
}


def test_every_deprecated_operation_is_in_the_table() -> None:
    found = {each.name: each for each in vars(_endpoints).values() if isinstance(each, endpoints.Endpoint)}
    assert {name for name, each in found.items() if each.deprecated} == DEPRECATED.keys()


@both_sides
@pytest.mark.parametrize("name", DEPRECATED)
def test_what_is_deprecated_warns_once_and_where_it_is_called(
    side: Side, name: str, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "_warned", set())
    wire = Wire(side, page([]), page([]), page([]))
    with pytest.warns(DeprecationWarning, match=r"is deprecated\. ") as warned:
        wire.ask(DEPRECATED[name])
    [warning] = warned
    assert warning.filename == __file__
    assert str(warning.message).startswith(f"{name} is deprecated. 2015-11-17: Removed for new apps.")
    wire.ask(DEPRECATED[name])
    wire.ask(lambda client: DEPRECATED[name](client.with_options(timeout=1)))


@both_sides
def test_a_raw_answer_that_is_deprecated_warns_too(
    side: Side, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "_warned", set())
    wire = Wire(side, page([]))
    with pytest.warns(DeprecationWarning, match=r"users\.feed is deprecated") as warned:
        wire.ask(lambda client: client.users.with_raw_response.feed())
    assert not warned[0].filename.startswith(PACKAGE)
