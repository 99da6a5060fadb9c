"""Patterns are portable where engines agree on them, and valid where ECMA-262 has them."""

import re
import warnings

import jsonschema_rs
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from support.linting import Linted, schemas
from wirecheck.lint.patterns import is_ecma_262, unportable

PORTABLE = [
    "",
    "a",
    "abc|def",
    "^a",
    "^(?:a|b)*c{2,3}d?",
    "(a)(b)",
    "[abc]",
    "[^abc]",
    "[a-z0-9_-]",
    "[-a]",
    "[a-]",
    "[\\s\\S]*",
    "[\\S\\s]+?",
    "\\.\\*\\/\\[\\]\\{\\}\\^\\$\\|\\\\",
    "[\\]\\-\\\\]",
    "[^\\n\\r\\t]",
    "a{1000}",
    "(?:a{30}){30}",
    "[^,]+$",
    "^(?:x|[^,]*)y[^,]*$",
    "[^,]*$|[^;]+$",
    "(?:a|[^,]+$)",
    "(?:)",
    "()",
    "[à-ÿ]",
    "\u2028",
    "[/]",
    "a b#c",
]

UNPORTABLE: dict[str, str] = {
    "[": "is not a regular expression",
    "a{2,1}": "is not a regular expression",
    "*": "is not a regular expression",
    "a{99999999999}": "is too large or too deep",
    "(" * 9000 + ")" * 9000: "is too large or too deep",
    "a{1001}": "counts to 1001",
    "a{0,5000}": "counts to 5000",
    "(?:a{50}b){50}": "counts to 2500",
    "((a{11}){11}){11}": "counts to 1331",
    "\\d": "uses \\d",
    "\\w+": "uses \\w",
    "\\bword": "uses \\b",
    "\\s": "uses \\s",
    "\\x41": "uses \\x",
    "\\u0041": "uses \\u",
    "(a)\\1": "uses \\1",
    "\\-": "uses \\-",
    "[\\d]": "uses \\d in a class",
    "[^\\S]": "uses \\S in a class",
    ".": "uses a dot",
    "a$": "uses $",
    "[a]*$": "uses $",
    "[^a]?$": "uses $",
    "[^\\n]*$": "uses $",
    "[^\n]*$": "uses $",
    "[^\\t-\\r]*$": "uses $",
    "[^a]*$\\n": "uses $ before its end",
    "(?:[^a]*$|b)\\n": "uses $ before its end",
    "(?:[^a]*$)?\\n": "uses $ before its end",
    "(?=a)": "uses (?=",
    "(?!a)": "uses (?!",
    "(?<=a)b": "uses (?<",
    "(?i)a": "uses (?i",
    "(?P<a>b)": "uses (?P",
    "(?<year>[0-9]{4})": "uses (?<year>",
    "^\\p{L}+": "uses \\p{L}",
    "\\P{Script=Greek}": "uses \\P{Script=Greek}",
    "[\\p{L}]": "uses \\p in a class",
    "\\u{1F600}": "uses \\u",
    "(?:(?<a>x)|y)\\k<a>": "uses (?<a>",
    "a++": "possessive",
    "a*+b": "possessive",
    "a{2}+": "possessive",
    "x{,5}": "unescaped {",
    "a{b": "unescaped {",
    "a}": "unescaped }",
    "a]": "unescaped ]",
    "[]a]": "unescaped [",
    "[^][\\s\\S]": "unescaped [",
    "[[a]": "unescaped [ in a class",
    "[a&&b]": "doubled sign",
    "[a||b]": "doubled sign",
    "[a~~b]": "doubled sign",
    "[+--]": "doubled sign",
    "\U0001f305": "beyond U+FFFF",
    "[^\U0001f305]": "beyond U+FFFF",
}


@pytest.mark.parametrize("pattern", PORTABLE)
def test_a_portable_pattern_has_no_reason(pattern: str) -> None:
    assert unportable(pattern) is None


@pytest.mark.parametrize("pattern", UNPORTABLE, ids=lambda pattern: ascii(pattern[:20]))
def test_an_unportable_pattern_has_its_reason(pattern: str) -> None:
    assert UNPORTABLE[pattern] in (unportable(pattern) or "")


PIECES = [
    *(
        "a",
        "b",
        "A",
        "-",
        "&",
        "~",
        "#",
        " ",
        ",",
        "/",
        "é",
        "ſ",
        "K",
        "ß",
        "\n",
        "\r",
        "\u2028",
        "\u0130",
        "\x85",
    ),
    *(
        "\\.",
        "\\n",
        "\\t",
        "\\r",
        "\\-",
        "\\$",
        "\\/",
        "\\[",
        "\\\\",
        "\\d",
        "\\w",
        "\\s",
        "\\b",
        "\\B",
        "\\A",
        "\\Z",
    ),
    *(
        "[abc]",
        "[^abc]",
        "[^\\n]",
        "[^a]*",
        "[^,]+",
        "[\\s\\S]",
        "[a-z]",
        "[^\\t-\\r]*",
        "[^ -~]+",
        "[\\]\\-^]",
        "[^]",
        "[]",
    ),
    *(
        "[",
        "]",
        "[^",
        "(",
        "(?:",
        ")",
        "|",
        "^",
        "$",
        "$",
        ".",
        "*",
        "+",
        "?",
        "*?",
        "{2}",
        "{1,2}",
        "{,2}",
        "{0}",
        "{",
    ),
    *("(?i)", "(?=", "(?<!", "\\1", "&&", "--", "🌅"),
]
TEXTS = st.text(st.sampled_from("abAB-&~#, /.éſKßk\n\r\t\u2028\u0130\x85\x0b\x1c]^[\\$🌅\u00a0"), max_size=8)


def rust(pattern: str, text: str) -> bool:
    options = jsonschema_rs.RegexOptions()  # the other engine misreads a+b*a+: see test_checks.py
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options).is_valid(text)


@pytest.mark.no_cover
@settings(max_examples=400)
@example(["[^b]*", "$", "\\n"], ["x\n"])
@example(["[^\\t-\\r]*", "$"], ["a\n"])
@example(["a", "+", "+", "a"], ["aaa"])
@example(["[^]", "[\\s\\S]"], ["ab"])
@given(
    st.lists(st.sampled_from(PIECES), max_size=8),
    st.lists(TEXTS | TEXTS.map(lambda text: f"{text}\n"), min_size=1, max_size=6),
)
def test_engines_agree_on_portable_patterns(pieces: list[str], texts: list[str]) -> None:
    pattern = "".join(pieces)
    assume(unportable(pattern) is None)
    for text in texts:
        for probe in (text, f"{text}\n", f"{text}\n\n", f"🌅{text}é"):
            assert rust(pattern, probe) == bool(re.search(pattern, probe)), (pattern, probe)


@given(st.text(st.sampled_from("ab\\[]^-$.*+?{}()|,0129dws&~=!<P:\n🌅é"), max_size=12))
def test_any_text_is_judged_as_a_pattern_without_a_crash_or_a_warning(pattern: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reason = unportable(pattern)
    assert reason is None or reason
    if reason is None:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})


# Of ECMA-262 with the u flag, which JSON Schema 2020-12 names (core, 6.4).
VALID = [
    "^\\p{L}+$",
    "\\P{Lu}",
    "\\p{Script=Greek}",
    "\\p{sc=Grek}",
    "[\\p{L}\\p{N}_]",
    "\\u{1F600}",
    "\\u0041",
    "\\cA",
    "[^]",
    "(?<year>[0-9]{4})-\\k<year>",
    "(?<=a)b",
    "(?<!a)b",
    "(?=a)b",
    "(?!a)b",
    "(a)\\1",
    "\\0",
    "[\\b]",
]
INVALID = [
    "[",
    "(",
    ")",
    "*",
    "a{2,1}",
    "a++",
    "(?P<a>b)",
    "(?>a)",
    "\\A",
    "\\Z",
    "\\q",
    "\\p{L",
    "\\k<a>",
    "\\1",
]


@pytest.mark.parametrize("pattern", VALID)
def test_a_pattern_of_ecma_262_is_valid_openapi(pattern: str, linted: Linted) -> None:
    named = f"{{type: string, pattern: '{pattern}'}}"
    keyed = f"{{type: object, patternProperties: {{'{pattern}': {{type: string}}}}}}"
    assert is_ecma_262(pattern)
    assert {problem.rule for _, problem in linted(schemas(f"A: {named}\nB: {keyed}"))} <= {"pattern-portable"}


@pytest.mark.parametrize("pattern", INVALID)
def test_what_is_not_a_pattern_of_ecma_262_is_reported_once_and_at_its_place(
    pattern: str, linted: Linted
) -> None:
    problems = linted(schemas(f"A:\n  type: string\n  pattern: '{pattern}'\n  examples: [ab]"))
    assert [(line, problem.rule, problem.pointer) for line, problem in problems] == [
        (12, "valid-openapi", "/components/schemas/A/pattern")
    ]
    assert "is not a regular expression of ECMA-262" in problems[0][1].message
    problems = linted(schemas(f"A:\n  type: object\n  patternProperties:\n    '{pattern}': {{type: string}}"))
    assert [(line, problem.rule) for line, problem in problems] == [(13, "valid-openapi")]
