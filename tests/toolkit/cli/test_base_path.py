"""The base path of an API can be given, and is suggested for local traffic where it is certain."""

import pytest

from support.commands import GOOD, Capture, Writer, line, result_of


def test_a_run_without_any_operation_is_inconclusive_and_hints_at_the_base_path(
    file: Writer, capsys: Capture
) -> None:
    code, out, err = result_of(capsys, "check", file("a.jsonl", GOOD), "--base-path", "/v9")
    assert code == 2
    assert err.startswith(
        "wirecheck: inconclusive: no exchange belongs to an operation below /v9"
        " (1 exchange is below /v1: try --base-path /v1)"
    )
    assert "--base-path" in err
    assert err.count("\n") == 1
    assert "1 exchange unmatched" in out


@pytest.mark.parametrize("base_path", ["/v1", "v1", "/v1/"])
def test_the_base_path_can_be_given(base_path: str, file: Writer, capsys: Capture) -> None:
    assert result_of(capsys, "check", file("a.jsonl", GOOD), "--base-path", base_path)[0] == 0


def test_the_root_can_be_the_base_path(file: Writer, capsys: Capture) -> None:
    assert result_of(capsys, "check", file("a.jsonl", line("/topics/snow")), "--base-path", "/")[0] == 0


def local(path: str, host: str = "localhost:8000") -> str:
    return line(path).replace("https://board.test", f"http://{host}")


@pytest.mark.parametrize(
    ("lines", "hint"),
    [
        (
            [local("/api/topics/snow"), local("/api/feed"), local("/favicon.ico")],
            "2 exchanges are below /api: try --base-path /api",
        ),
        ([local("/api/v2/topics/snow")], "1 exchange is below /api/v2: try --base-path /api/v2"),
        ([local("/topics/snow")], "1 exchange is below /: try --base-path /"),
        ([local("/api/topics/snow", "127.0.0.1:9")], "1 exchange is below /api: try --base-path /api"),
        ([local("/api/topics/snow", "[::1]:9")], "1 exchange is below /api: try --base-path /api"),
        ([local("/api/topics/snow", "api.localhost")], "1 exchange is below /api: try --base-path /api"),
    ],
)
def test_the_base_path_of_local_traffic_is_suggested(
    lines: list[str], hint: str, file: Writer, capsys: Capture
) -> None:
    code, _, err = result_of(capsys, "check", file("a.jsonl", "".join(lines)))
    assert code == 2
    assert err == f"wirecheck: inconclusive: no exchange belongs to an operation below /v1 ({hint})\n"
    base_path = hint.rpartition(" ")[2]
    code, _, err = result_of(capsys, "check", file("a.jsonl", lines[0]), "--base-path", base_path)
    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    "lines",
    [
        [local("/api/feed"), local("/mock/feed")],
        [local("/favicon.ico")],
        [local("/api/feed", "elsewhere.test")],
        [local("/api/feed", "localhost.test")],
        [local("/api/feed").replace('"GET"', '"PATCH"')],
        [local("/api/feed", "[broken")],
    ],
    ids=["two candidates", "no candidate", "another host", "a host that begins alike", "a method", "no host"],
)
def test_an_uncertain_base_path_is_not_suggested(lines: list[str], file: Writer, capsys: Capture) -> None:
    code, _, err = result_of(capsys, "check", file("a.jsonl", "".join(lines)))
    assert code == 2
    assert err.endswith("below /v1 (see --base-path)\n")


def test_a_base_path_is_suggested_where_only_some_exchanges_belong_to_operations(
    file: Writer, capsys: Capture
) -> None:
    code, _, err = result_of(capsys, "check", file("a.jsonl", GOOD + local("/api/feed")))
    hint = "1 exchange is below /api: try --base-path /api, in the place of /v1"
    assert (code, err) == (0, f"wirecheck: {hint}\n")
    for content in (
        GOOD + local("/api/feed") + local("/mock/feed"),  # several would fit
        GOOD * 2 + local("/api/feed"),  # it would fit less than what does
    ):
        assert result_of(capsys, "check", file("a.jsonl", content))[2] == ""


@pytest.mark.parametrize(
    "base_path",
    [
        "/a\\u001b[2J",
        "/a\\tb",
        "/a b",
        "/$(reboot)",
        "/a;b",
        "/\u00e4",
        "/token/8f14e45fceea167a5a36dedd4bea2543",
    ],
)
def test_a_base_path_that_is_unsafe_to_paste_or_secret_is_not_suggested(
    base_path: str, file: Writer, capsys: Capture
) -> None:
    code, _, err = result_of(capsys, "check", file("a.jsonl", local(f"{base_path}/topics/snow")))
    assert code == 2
    assert err.endswith("below /v1 (see --base-path)\n")
