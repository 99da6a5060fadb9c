"""The rules of a document for arguments: the keywords that a client checks before it sends anything."""

from typing import Any

import pytest

from instagram_client import UNSET, RuleError
from instagram_client._runtime.rules import Rule, check, satisfies


@pytest.mark.parametrize(
    ("schema", "valid", "invalid"),
    [
        (True, [None, 0, "x"], []),
        (False, [], [None, 0, "x"]),
        ({}, [None, 0, "x"], []),
        ({"enum": ["a", 1]}, ["a", 1], ["b", 2, None]),
        ({"const": "a"}, ["a"], ["b", None]),
        ({"minLength": 2, "maxLength": 3}, ["ab", "abc", 7, None], ["a", "abcd", ""]),
        ({"pattern": "^a"}, ["ab", 7], ["ba", ""]),
        ({"minimum": 1, "maximum": 3}, [1, 3, "0", True, False], [0, 3.5]),
        ({"exclusiveMinimum": 1, "exclusiveMaximum": 3}, [2, 1.5, "1"], [1, 3]),
        ({"not": {"const": "a"}}, ["b"], ["a"]),
        ({"allOf": [{"minLength": 1}, True]}, ["a"], [""]),
        ({"allOf": [{"minLength": 1}, False]}, [], ["a", ""]),
        ({"anyOf": [{"const": "a"}, {"const": "b"}]}, ["a", "b"], ["c"]),
        ({"oneOf": [{"minimum": 1}, {"maximum": 3}]}, [0, 4], [2]),
        ({"x-unknown": 1}, [None], []),
    ],
)
def test_a_value_is_checked_by_each_keyword(schema: Any, valid: list[Any], invalid: list[Any]) -> None:
    assert [value for value in valid if not satisfies(schema, value)] == []
    assert [value for value in invalid if satisfies(schema, value)] == []


def test_the_first_rule_that_a_value_violates_is_named() -> None:
    rules = [
        Rule("short", "Use at most 3 letters.", {"maxLength": 3}),
        Rule("lower", "Use small letters.", {"pattern": "^[a-z]*$"}),
        Rule("none", "Pass nothing.", {"const": "abc"}),
    ]
    check("tag", "abc", rules)
    check("tag", UNSET, rules)
    for value, name in [("ABCD", "short"), ("ABC", "lower"), ("ab", "none")]:
        with pytest.raises(RuleError) as caught:
            check("tag", value, rules)
        assert caught.value.rule == name
