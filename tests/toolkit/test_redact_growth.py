"""Masking takes time in proportion to what is read and shown, whatever that is."""

import json
import time
from collections.abc import Callable

import pytest

from support.judging import api, thing
from wirecheck.checks import Judge
from wirecheck.checks.findings import MOST as MOST_ALIKE
from wirecheck.model import Exchange
from wirecheck.redact import Redactor

pytestmark = pytest.mark.no_cover

SIZE = 40_000  # characters
MOST = 2.5  # times the time for twice the size
TRIES = 6
UNITS = {
    "names of parts": "name=token\n",
    "quoted names of parts": 'Content-Disposition: form-data; name="token"\r\n',
    "parts": '--b\r\nname="token"\r\n\r\nabc123DEF456\r\n',
    "pairs": "token=abc123DEF&",
    "pairs without end": "token=",
    "brackets": "user[token]",
    "open brackets": "a[b[",
    "encoded brackets": "a%5Btoken%5D",
    "members": '"token": "abc123DEF", ',
    "quotes": '"token":"',
    "single quotes": "'token':",
    "colons": 'a":',
    "elements": "<token>",
    "open elements": "<token ",
    "user information": "//a:b@",
    "slashes": "/",
    "segments": "/token/abc123DEF456",
    "words": "token abc123DEF456 ",
    "one word": "a",
    "digits": "1",
    "hex": "a1",
    "base64": "aB1",
    "base32": "AB",
    "backslashes": "\\",
    "escapes": "\\u0041",
    "percent": "%25",
    "percent of percent": "%",
    "percent-encoded secrets": "%25".join("abc123DEF456"),
    "entities": "&#x41;",
    "question marks": "?a=b",
    "JSON Web Tokens": "eyJhbGciOi.J9aaaa.",
    "dots of a JSON Web Token": "eyJaaaaaaa.aaaa" + "." * 50,
    "keys": "-----BEGIN PRIVATE KEY-----",
    "spaces": " ",
    "lines": "\n",
    "braces": "{",
    "dashes": "--",
    "harmless names": "cache_key=a&",
}


def exchange(body: str) -> Exchange:
    return Exchange(
        source="s", entry=0, method="GET", url="https://h/a", status=200, response_body=body.encode()
    )


def read(text: str) -> None:
    Redactor().masked(exchange(text)).text("a text")


def read_in_json(text: str) -> None:
    Redactor().masked(exchange(json.dumps({"a": json.dumps({"b": text})}))).text("a text")


def show(text: str) -> None:
    Redactor().masked(exchange('{"token": "k7Qm2xW9vT4bN8pR3z", "password": "correct-horse"}')).text(text)


def replace(text: str) -> None:
    Redactor().redacted(exchange(f"{text} password=correct-horse"))


def seconds(run: Callable[[str], None], text: str) -> float:
    began = time.process_time()
    run(text)
    return time.process_time() - began


def assert_proportional(run: Callable[[str], None], unit: str) -> None:
    text = UNITS[unit] * (SIZE // len(UNITS[unit]))
    best = 1e9
    for _ in range(TRIES):
        once, twice = seconds(run, text), seconds(run, text * 2)
        best = min(best, twice / once)
        if best <= MOST or twice < 0.02:
            break
    assert best <= MOST or twice < 0.02
    assert twice < 5


def judge_of(names: tuple[str, ...]) -> Judge:
    item = {"properties": {**{name: {"type": "string"} for name in names}, "price": {"type": "integer"}}}
    content = {"application/json": {"schema": {"type": "array", "items": item}}}
    return api({"responses": {"200": {"description": "Coupons.", "content": content}}})


def test_a_list_of_secrets_is_judged_nearly_as_fast_as_a_list_of_words() -> None:
    count, taken = 5000, []
    for names in (("kode", "toquen", "sygnature"), ("code", "token", "signature")):
        items = [
            {**{name: f"k7Qm2xW9{index:05}{name[:1]}Z" for name in names}, "price": "9.99"}
            for index in range(count)
        ]
        body = json.dumps(items).encode()
        judge = judge_of(names)
        best = 1e9
        for _ in range(3):
            began = time.process_time()
            coupons = thing(response_headers=(("content-type", "application/json"),), response_body=body)
            findings = judge.judge(coupons).findings
            best = min(best, time.process_time() - began)
        assert len(findings) == MOST_ALIKE
        taken.append(best)
    assert taken[1] <= 3 * taken[0]


def test_many_findings_about_a_long_path_cost_linear_time() -> None:
    """The path is masked and shown once for each finding, so it is shortened, and masked only once."""
    range_ = {"name": "range", "in": "path", "required": True, "style": "label", "explode": False}
    schema = {"type": "array", "items": {"type": "integer"}}
    judge = api({"parameters": [{**range_, "schema": schema}]}, path="/things/{range}")
    began = time.process_time()
    findings = judge.judge(thing(url="https://things.example/things/." + ",".join("a" * 10_000))).findings
    assert len(findings) == MOST_ALIKE
    assert time.process_time() - began < 5
    assert {len(finding.path) for finding in findings} == {2000}


@pytest.mark.parametrize("run", [read, read_in_json, show])
@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_text_takes_twice_the_time(run: Callable[[str], None], unit: str) -> None:
    assert_proportional(run, unit)


@pytest.mark.parametrize(
    "unit", ["quoted names of parts", "backslashes", "base64", "hex", "members", "dashes"]
)
def test_twice_the_text_takes_twice_the_time_to_redact(unit: str) -> None:
    assert_proportional(replace, unit)
