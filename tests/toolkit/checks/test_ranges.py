"""A number beyond its format is a warning, and has the place of the format."""

import json
from typing import Any

import pytest

from support.judging import api, findings_of, responding, thing
from wirecheck.model import Severity

# A schema, values that fit it, values that are beyond its format.
RANGES: list[tuple[dict[str, Any], list[Any], list[Any]]] = [
    ({"type": "integer", "format": "int32"}, [-(2**31), 0, 2**31 - 1], [-(2**31) - 1, 2**31]),
    ({"type": "integer", "format": "int64"}, [-(2**63), 2**63 - 1], [-(2**63) - 1, 2**63, 10**30]),
    ({"type": "integer", "format": "int8"}, [-128, 127], [-129, 128]),
    ({"type": "integer", "format": "uint8"}, [0, 255], [-1, 256]),
    ({"type": "integer", "format": "uint64"}, [0, 2**64 - 1], [-1, 2**64]),
    ({"type": "number", "format": "float"}, [1.5, -3.4e38, 0.1], [1e39, -1e39]),
    ({"type": "number", "format": "double"}, [1e308, -1e308], []),
    ({"type": ["integer", "null"], "format": "int32"}, [None, 1], [2**31]),
    ({"format": "int32", "allOf": [{"type": "integer"}]}, [1], [2**31]),
    ({"type": "string", "format": "int64"}, ["9" * 30], []),
]


@pytest.mark.parametrize(("schema", "right", "wrong"), RANGES)
def test_a_number_beyond_its_format_is_a_warning(
    schema: dict[str, Any], right: list[Any], wrong: list[Any]
) -> None:
    judge = responding("application/json", schema={"properties": {"n": schema}})
    headers = (("content-type", "application/json"), ("server", "x"))
    for number in (*right, *wrong):
        body = json.dumps({"n": number}).encode()
        findings = findings_of(judge, thing(response_headers=headers, response_body=body))
        if number in right:
            assert findings == []
            continue
        [finding] = findings
        assert (finding.check, finding.severity) == ("body-matches-schema", Severity.WARNING)
        assert finding.spec_pointer.endswith("/properties/n/format")
        assert finding.pointer == "/n"
        assert finding.message.endswith(f", which is not a valid {schema['format']}")


def test_a_limit_of_the_document_beside_a_format_is_an_error() -> None:
    schema = {"type": "integer", "format": "int32", "maximum": 10}
    judge = api({"parameters": [{"name": "n", "in": "query", "schema": schema}]})
    assert [finding.severity for finding in findings_of(judge, thing("n=11"))] == [Severity.ERROR]
    severities = [finding.severity for finding in findings_of(judge, thing(f"n={2**31}"))]
    assert severities == [Severity.ERROR, Severity.WARNING]


def test_a_property_or_an_example_that_looks_like_a_format_is_not_one() -> None:
    schema = {
        "properties": {"format": {"const": "int32"}, "n": {"type": "integer"}},
        "examples": [{"format": "int32"}],
        "enum": [{"format": "int32", "n": 2**40}],
    }
    judge = responding("application/json", schema=schema)
    body = json.dumps({"format": "int32", "n": 2**40}).encode()
    headers = (("content-type", "application/json"), ("server", "x"))
    assert findings_of(judge, thing(response_headers=headers, response_body=body)) == []


@pytest.mark.parametrize(
    ("format_", "right", "wrong"),
    [
        (
            "date-time",
            ["2016-12-31T23:59:60Z", "2024-01-01t00:00:00z", "2024-01-01T00:00:00.1-00:00"],
            ["2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-13-01T00:00:00Z"],
        ),
        ("date", ["2024-02-29"], ["2023-02-29", "2024-2-1"]),
        ("time", ["23:59:60Z", "10:00:00z"], ["10:00:00", "25:00:00Z"]),
        (
            "uuid",
            ["2EB8AA08-AA98-11EA-B4AA-73B441D16380", "2eb8aa08-aa98-11ea-b4aa-73b441d16380"],
            ["2eb8aa08aa9811eab4aa73b441d16380"],
        ),
    ],
)
def test_dates_and_uuids_are_those_of_their_standards(
    format_: str, right: list[str], wrong: list[str]
) -> None:
    judge = responding("application/json", schema={"type": "string", "format": format_})
    headers = (("content-type", "application/json"), ("server", "x"))
    for text in (*right, *wrong):
        exchange = thing(response_headers=headers, response_body=json.dumps(text).encode())
        expected = [] if text in right else [Severity.WARNING]
        assert [finding.severity for finding in findings_of(judge, exchange)] == expected, text


# A pattern of ECMA-262 with the u flag, texts that match, texts that do not.
PATTERNS: list[tuple[str, list[str], list[str]]] = [
    (r"^\d+$", ["42"], ["৪২", "x"]),
    (r"^\w+$", ["a_1"], ["é"]),
    (r"^\p{L}+$", ["Žižka", "字"], ["a1"]),
    (r"^\p{Lu}\P{Lu}*$", ["Ada"], ["ADA"]),
    (r"^(?<year>\d{4})-(?<month>\d\d)$", ["2024-01"], ["24-1"]),
    (r"^(?=.*\d)(?!.*x).+$", ["a1"], ["a", "x1"]),
    (r"(?<=\$)\d", ["$1"], ["1"]),
    (r"^a\/b$", ["a/b"], ["ab"]),
    (r"^[\w\-\.\+]+$", ["CC-BY-4.0"], ["a b"]),
    (r"^\S+$", ["a"], ["a b", "a\u2003b"]),
]


@pytest.mark.parametrize(("pattern", "right", "wrong"), PATTERNS)
def test_patterns_are_those_of_ecma_262(pattern: str, right: list[str], wrong: list[str]) -> None:
    judge = responding("application/json", schema={"pattern": pattern})
    headers = (("content-type", "application/json"), ("server", "x"))
    for text in (*right, *wrong):
        exchange = thing(response_headers=headers, response_body=json.dumps(text).encode())
        assert len(findings_of(judge, exchange)) == (text in wrong), text
