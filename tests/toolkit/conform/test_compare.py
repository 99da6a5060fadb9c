"""What was sent and what is returned are compared as people would."""

from typing import Any

import pytest

from wirecheck.conform.compare import changes, differences

SAME: list[tuple[Any, Any]] = [
    ("a", "a"),
    (" Wirecheck ", "wirecheck"),
    ("Cafe\u0301", "café"),
    ("https://example.com/", "https://example.com"),
    (1, 1.0),
    (0.1 + 0.2, 0.3),
    ("1.50", 1.5),
    (7, "7"),
    ("2024-01-01T12:00:00Z", "2024-01-01T13:00:00+01:00"),
    ("2024-01-01T12:00:00", "2024-01-01 12:00:00.2Z"),
    ([1, 2], [2, 1]),
    (["a"], ["a", "added by the server"]),
    ([{"a": 1}, {"a": 2}], [{"a": 2}, {"a": 1}]),
    ({"a": 1}, {"a": 1, "id": 5}),
    ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}),
    (None, None),
]
OTHER: list[tuple[Any, Any, str]] = [
    ("a", "b", 'it is "b", not "a"'),
    (True, 1, "it is 1, not true"),
    (None, "", 'it is "", not null'),
    ("12", "x", 'it is "x", not "12"'),
    (
        "2024-13-01T12:00:00Z",
        "2024-12-01T12:00:00Z",
        'it is "2024-12-01T12:00:00Z", not "2024-13-01T12:00:00Z"',
    ),
    ([1], [1, {"a": 1}], 'it is [1,{"a":1}], not [1]'),
    ([], ["a"], 'it is ["a"], not []'),
    ([1, 1], [1], "it is [1], not [1,1]"),
    ({"a": 1}, {"a": 2}, "/a is 2, not 1"),
    ({"a": {"b/c": 1}}, {"a": {"b/c": 2}}, "/a/b~1c is 2, not 1"),
    ({"a": 1}, {}, "/a is missing"),
    ({"a": 1}, "text", 'it is "text", not {"a":1}'),
    ("x" * 100, "y", f'it is "y", not "{"x" * 58}…'),
]


@pytest.mark.parametrize(("sent", "returned"), SAME)
def test_what_servers_normalize_is_the_same(sent: Any, returned: Any) -> None:
    assert list(differences(sent, returned, {"a"})) == []


@pytest.mark.parametrize(("sent", "returned", "sentence"), OTHER)
def test_a_difference_is_shown_with_its_place(sent: Any, returned: Any, sentence: str) -> None:
    assert [difference.as_difference for difference in differences(sent, returned, {"a"})] == [sentence]


def test_a_member_that_is_not_declared_may_be_missing() -> None:
    assert list(differences({"password": "secret"}, {"id": 1})) == []
    assert list(differences({"note": None}, {"id": 1}, {"note"})) == []


def test_changes_are_those_of_members_that_do_not_change_by_themselves() -> None:
    before = {"name": "a", "updated_at": 1, "lastSeen": 2, "version": 3, "size": 4, "gone": 5}
    after = {"name": "b", "updated_at": 9, "lastSeen": 9, "version": 9, "size": 9}
    assert [change.as_change for change in changes(before, after, {"size"})] == [
        '/name became "b"',
        "/gone is gone",
    ]
    assert [change.as_change for change in changes([1], {"a": 1})] == ['it became {"a":1}']
