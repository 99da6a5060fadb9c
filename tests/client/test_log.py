"""What the client writes: its log, and the warnings of deprecated methods."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx2
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
    error_response,
    fake_time,
    get_user,
    page,
    success,
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
    wire = Wire(side, httpx2.ReadError("reset"), error_response(503), success(user(), headers=budget))
    wire.call(get_user)
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
    Wire(side, success(user(), headers={"X-Ratelimit-Remaining": "17"})).call(get_user)
    assert ", 17 requests left)" in caplog.text


PROGRAM = f"""
import httpx2
from instagram_client import Instagram
body = {success(user()).content!r}
budget = {{"X-Ratelimit-Limit": "500", "X-Ratelimit-Remaining": "499"}}
response = httpx2.Response(200, content=body, headers=budget)
client = Instagram(access_token={TOKEN!r}, transport=httpx2.MockTransport(lambda request: response))
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
def test_nothing_is_logged_by_default(level: str | None) -> None:
    assert logged(level) == ""


def test_an_invalid_level_is_reported(time: Time) -> None:
    [line] = logged("loud").splitlines()
    assert line.endswith("WARNING INSTAGRAM_LOG must be one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'")


def test_a_scripted_response_can_be_repeated() -> None:
    once = success(user())
    assert again(once).json() == again(once).json() == once.json()


# Deprecation


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
def test_a_deprecated_method_warns_once_at_its_call(
    side: Side, name: str, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "_warned", set())
    wire = Wire(side, page([]), page([]), page([]))
    with pytest.warns(DeprecationWarning, match=r"is deprecated\. ") as warned:
        wire.call(DEPRECATED[name])
    [warning] = warned
    assert warning.filename == __file__
    assert str(warning.message).startswith(f"{name} is deprecated. 2015-11-17: Removed for new apps.")
    wire.call(DEPRECATED[name])
    wire.call(lambda client: DEPRECATED[name](client.with_options(timeout=1)))


@both_sides
def test_a_deprecated_raw_method_warns_too(side: Side, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "_warned", set())
    wire = Wire(side, page([]))
    with pytest.warns(DeprecationWarning, match=r"users\.feed is deprecated") as warned:
        wire.call(lambda client: client.users.with_raw_response.feed())
    assert not warned[0].filename.startswith(PACKAGE)
