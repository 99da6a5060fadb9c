"""Expressions have the values that the CEL library gives them, however they are evaluated.

Each example of the property is a seed for an expression and values, so that many of them are quick:
`pytest --hypothesis-profile=thorough` tries 100,000 seeds.
"""

import random
import re
import sys
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Any

import cel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.paths import ROOT
from wirecheck.cel import FUNCTIONS, Expression, compiled
from wirecheck.cel.operations import CALLS, METHODS
from wirecheck.cel.python import certain_tree, function
from wirecheck.cel.syntax import CelSyntaxError, parse, paths
from wirecheck.laws import laws
from wirecheck.lint import lint
from wirecheck.spec import load

# Random expressions: of a kind, mostly, and of another now and then


class Writer:
    """Writes expressions over the variables `self` and `item`, and values for these."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._bound: list[str] = []

    def _one(self, *choices: Any) -> Any:
        return self._random.choice(choices)

    def value(self, depth: int = 3) -> Any:
        """An object, mostly, whose members mostly have the types that their names promise."""
        if self._random.random() < 0.04 or not depth:
            return self._one(None, True, False, self.text(), self.integer(), self.double(), {}, [])
        numbers = self._one(self.integer, self.double)
        members: dict[str, Callable[[], Any]] = {
            "n": numbers,
            "text": self.text,
            "flag": lambda: self._one(True, False),
            "numbers": lambda: [numbers() for _ in range(self._random.randrange(4))],
            "texts": lambda: [self.text() for _ in range(self._random.randrange(4))],
            "list": lambda: [self.value(depth - 1) for _ in range(self._random.randrange(3))],
            "object": lambda: self.value(depth - 1),
        }
        other = self._one(*members)
        return {
            name: (member if self._random.random() < 0.96 else members[other])()
            for name, member in members.items()
            if self._random.random() < 0.93
        }

    def text(self) -> str:
        return str(
            self._one(
                "",
                "a",
                "ab",
                "b",
                "12",
                "-7_3",
                "+5",
                "1.5",
                "1e3",
                "ä𝄞",
                "a\n",
                "Äa 1",
                "99999999999999999999",
            )
        )

    def integer(self) -> int:
        small = self._random.randrange(-4, 5)
        return int(self._one(small, small, small, 1448668800, 2**53 + 1, -(2**63), 2**63 - 1, 2**63, 2**64))

    def double(self) -> float:
        return float(self._one(0.0, -0.0, 1.0, 1.5, -2.5, 3.0, 2.0**53, 9.3e18, 1e300))

    def expression(self, kind: str = "bool", depth: int = 4) -> str:
        if self._random.random() < 0.03:
            kind = self._one("bool", "number", "text", "list", "any")
        if depth <= 0 or self._random.random() < 0.12:
            return self._leaf(kind)
        written: str = getattr(self, f"_{kind}")(depth - 1)
        return written

    def _leaf(self, kind: str) -> str:
        if self._random.random() < 0.7:
            return self._path(kind)
        match kind:
            case "bool":
                return str(self._one("true", "false"))
            case "number":
                return str(
                    self._one(
                        "0", "1", "2", "-1", "3", "1.0", "2.5", "-9223372036854775808", "9223372036854775807"
                    )
                )
            case "text":
                return str(self._one("''", "'a'", '"b"', "'12'", "'ä'", "'a\\'b'", "'+5'", "'1e3'"))
            case "moment":
                return f"[{self._moment(0)}][0]"
            case "list":
                return str(self._one("[]", "[1, 2]", "['a']", "[1.0, 'b', null]"))
        return str(self._one("null", "1", "'a'", "[]", "{}", "1u", "0x2"))

    def _path(self, kind: str = "any") -> str:
        root = self._one("self", "self", "item", *self._bound, *self._bound)
        if root in self._bound and self._random.random() < 0.4:
            return str(root)
        for _ in range(self._one(0, 0, 1)):
            root += self._one(".object", "['object']", ".list[0]")
        members = {
            "bool": [".flag"],
            "number": [".n", ".n", ".numbers[0]"],
            "text": [".text", ".text", "['text']", ".texts[0]"],
            "list": [".list", ".numbers", ".texts"],
        }
        return str(root + self._one(*members.get(kind, ["", ".object", ".n", ".text", ".list", ".numbers"])))

    def _bool(self, depth: int) -> str:
        of = self.expression
        match self._random.randrange(11):
            case 0 | 1:
                sides = [of("bool", depth) for _ in range(self._random.randrange(2, 4))]
                return "(" + str(self._one(" && ", " || ")).join(sides) + ")"
            case 2:
                return f"!{self._one('', '', '!')}({of('bool', depth)})"
            case 3:
                return f"has({self._path()}.{self._one('n', 'object', 'text', 'list')})"
            case 4 | 5:
                kind = self._one("number", "number", "text", "any", "moment")
                return f"{of(kind, depth)} {self._one('<', '<=', '>', '>=')} {of(kind, depth)}"
            case 6:
                kind = self._one("number", "text", "list", "any", "bool", "moment")
                return f"({of(kind, depth)} {self._one('==', '!=')} {of(kind, depth)})"
            case 7:
                return f"({of('any', depth)} in {of('list', depth)})"
            case 8:
                method = self._one("startsWith", "endsWith", "contains")
                return f"{of('text', depth)}.{method}({of('text', depth)})"
            case 9:
                if self._random.random() < 0.5:
                    return f"{self._one('ascending', 'descending', 'distinct')}({of('list', depth)})"
                pattern = self._one("^[0-9]+$", "a*b", "[.]", "^a", "ä", "^[^a]{2}$", r"\\d", "(a+)+", "1.5")
                return f"{of('text', depth)}.matches('{pattern}')"
        return self._macro(self._one("all", "exists", "exists_one"), "bool", depth)

    def _macro(self, name: str, result: str, depth: int) -> str:
        values, variable = self.expression("list", depth), self._one("x", "y")
        self._bound.append(variable)
        inner = ", ".join(
            self.expression(kind, depth) for kind in (["bool", result] if name == "map3" else [result])
        )
        self._bound.pop()
        return f"{values}.{name.rstrip('3')}({variable}, {inner})"

    def _number(self, depth: int) -> str:
        of = self.expression
        match self._random.randrange(8):
            case 0 | 1 | 2:
                sign = self._one(" + ", " - ", "-", " * ", " / ", " % ")
                return f"({of('number', depth)}{sign}{of('number', depth)})"
            case 3:
                return f"-{self._one('', '', '-')}({of('number', depth)})"
            case 4:
                return str(self._one(f"size({of('any', depth)})", f"{of('list', depth)}.size()"))
            case 5:
                return f"{self._one('int', 'double', 'uint')}({of(self._one('text', 'number'), depth)})"
            case 6:
                return f"integer({of('text', depth)})"
        return f"({of('bool', depth)} ? {of('number', depth)} : {of('number', depth)})"

    def _text(self, depth: int) -> str:
        of = self.expression
        match self._random.randrange(4):
            case 0:
                return f"({of('text', depth)} + {of('text', depth)})"
            case 1:
                return f"string({of('number', depth)})"
            case 2:
                return f"lower({of('text', depth)})"
        return str(self._one(f"find({of('text', depth)}, '[0-9]+')", f"number({of('text', depth)}, '0123')"))

    def _moment(self, depth: int) -> str:
        day = self._one("2015-11-17", "2015-11-18", "2015-02-29", "0000-01-01", "9999-12-31", "0001-01-01")
        time = self._one(
            "00:00:00", "23:59:59", "24:00:00", "12:30:00.5", "12:30:00.500000", "12:30:00.5000001"
        )
        zone = self._one("Z", "+00:00", "-00:00", "+12:30", "-23:59", "+24:00", "z", "")
        return (
            f"timestamp({self._one('', '', '', self.expression('text', depth) + ' + ')}'{day}T{time}{zone}')"
        )

    def _list(self, depth: int) -> str:
        of = self.expression
        match self._random.randrange(7):
            case 0:
                return "[" + ", ".join(of("any", depth) for _ in range(self._random.randrange(3))) + "]"
            case 1:
                return f"({of('list', depth)} + {of('list', depth)})"
            case 2:
                return str(
                    self._one(
                        f"sorted({of('list', depth)})", f"without({of('list', depth)}, {of('list', depth)})"
                    )
                )
            case 3:
                return self._macro("filter", "bool", depth)
            case 4:
                return self._macro(self._one("map", "map3"), self._one("number", "text", "any"), depth)
        return self._path("list")

    def _any(self, depth: int) -> str:
        if self._random.random() < 0.3:
            return f"{self.expression('list', depth)}[{self.expression('number', depth)}]"
        return self.expression(self._one("bool", "number", "text", "list"), depth)


def outcome(evaluate: Callable[[], Any]) -> str:
    """What an evaluation gives: a value with its types, or a kind of error."""
    try:
        return repr(as_converted(evaluate()))
    except Exception as error:
        return type(error).__name__


def as_converted(value: Any) -> Any:
    """A value as it comes back from the library, which has doubles for larger integers."""
    if isinstance(value, list):
        return [as_converted(item) for item in value]
    if isinstance(value, dict):
        return {name: as_converted(value[name]) for name in sorted(value)}
    is_large = type(value) is int and not -(2**63) <= value < 2**64
    return float(value) if is_large else value


def by_library(text: str, variables: dict[str, Any]) -> str:
    """What the library gives, of values as a whole."""
    return outcome(lambda: program(text).execute(cel.Context(variables=variables, functions=FUNCTIONS)))


@lru_cache(maxsize=1024)
def program(text: str) -> Any:
    return cel.compile(text)


def is_unstable(text: str, variables: dict[str, Any], value: str) -> bool:
    """Whether the library gives now this, now that, or else mostly the value after all.

    It walks over the members of an object in any order.
    """
    values = {by_library(text, variables) for _ in range(100)}
    return len(values) > 1 or value in values


@given(st.integers(0, 2**64))
def test_an_expression_has_the_value_that_the_library_gives_it(seed: int) -> None:
    writer = Writer(seed)
    text = writer.expression(writer._one("bool", "bool", "number", "text", "list", "any"))
    expression = Expression(text, {"self", "item"})
    for _ in range(4):
        variables = {"self": writer.value(4), "item": writer.value()}
        value = outcome(partial(expression, **variables))
        assert value == by_library(text, variables) or is_unstable(text, variables, value), (text, variables)


@given(st.integers(0, 2**64))
def test_what_is_satisfied_together_is_satisfied_one_by_one(seed: int) -> None:
    writer = Writer(seed)
    first, second = (writer.expression("bool", 3) for _ in range(2))
    texts = [first, f"({second}) || ({first})", f"[1, 2].all(x, {second})", f"!({first}) || {second}"]
    expressions = [Expression(text, {"self", "item"}) for text in texts]
    together = function([expression.tree for expression in expressions], ("self", "item"))
    for _ in range(4):
        variables = {"self": writer.value(4), "item": writer.value()}
        if together is not None and outcome(partial(together, *variables.values())) == "True":
            for text in texts:
                assert by_library(text, variables) == "True", (text, variables)


PIECES = re.compile(r"[A-Za-z_]+|[0-9.]+|'[^']*'|\s+|.")
ODD_PIECES = [
    *("in", "true", "null", "for", "as", "has", "has(a)", "has(self.a)", "has(self['a'])", "self", "x", "_"),
    *("(", ")", "[", "]", "{", "}", ",", ".", "?", ":", "!", "-", "&&", "||", "=", "==", "+", "%", "//", "/"),
    *("0", "1u", "0x1", "0X1", "1.", ".5", "1e400", "1e5", "9223372036854775808", "-9223372036854775808"),
    *(
        "'",
        '"',
        "'a\nb'",
        "'\x00'",
        "'\u2028'",
        "r'a'",
        "b'a'",
        "'''a'''",
        "'\\n'",
        "`a`",
        "\\",
        "#",
        "@",
        "$",
    ),
    *(" ", "\n", "\t", "\r", "\f", "\v", "\x1c", "\x85", "\xa0", "\u3000", "\ufeff", "ä", "// ä", "// \r 1"),
    *(
        "size",
        "int",
        "uint",
        "all",
        "map",
        "exists_one",
        ".all(x, x)",
        ".all(x, y, z)",
        ".map(1, 2)",
        ".size()",
    ),
]


@given(st.integers(0, 2**64))
def test_the_library_accepts_what_python_is_certain_of(seed: int) -> None:
    writer = Writer(seed)
    pieces = PIECES.findall(writer.expression(depth=3))
    for _ in range(writer._one(1, 1, 2, 3)):
        index = writer._one(*range(len(pieces) + 1))
        pieces[index : index + writer._one(0, 1)] = [writer._one("", *ODD_PIECES, *ODD_PIECES, *pieces)]
    text = "".join(pieces)
    if certain_tree(text) is not None:
        functions = {name for name in cel.compile(text).functions() if name.isidentifier()} - {"_"}
        assert functions <= {*CALLS, *METHODS}, text


@pytest.mark.parametrize(
    "around", ["({})", "[{}]", "size({})", "true ? 1 : {}", "[1].all(x, {})", "-({})", "[1][{}]"]
)
def test_the_library_accepts_what_is_nested_as_deeply_as_python_is_certain_of(around: str) -> None:
    text, deepest = "1", ""
    while certain_tree(text) is not None:
        text, deepest = around.format(text), text
    cel.compile(deepest)


# Expressions as laws have them, and what is rare in them

EXPRESSIONS = [
    "distinct(response.body.list)",
    "distinct(response.body.list.map(t, t.b))",
    "distinct(response.body.list.map(t, t))",
    "response.body.list.map(t, t.a) == then.body.list.map(t, t.b)",
    "size(response.body.a) == size(response.body.list)",
    "response.body.a == then.body.b && size(then.body.b) == 0",
    "response.body.a.all(k, response.body.a[k] == then.body.list[0])",
    "response.body.a.exists(k, k == 'x')",
    "'x' in response.body.a",
    "response.body['a'] == then.body['b']",
    "response.body['a'].all(k, k == 'x')",
    "has(response.body.a.x) || response.body.b == null",
    "response.body.list.exists(t, t == then.body.a)",
    "response.body.list.all(t, t.b == then.body.a.b)",
    "response.body.list.all(t, t.all(k, k == 'x'))",
    "response.body.list.all(t, size(t) == 2)",
    "response.body.list.all(t, 'y' in t)",
    "response.body.list.all(t, response.body.b in t)",
    "response.body.list[0] == then.body.list[size(then.body.list) - 1]",
    "response.body.list[0].all(k, k == 'x')",
    "size(response.body.list[0]) == 1",
    "response.body.list.filter(t, t.a != 1) == then.body.list.filter(t, t.a != 1)",
    "response.body.list.filter(t, has(t.a))[0].all(k, k == 'a')",
    "[response.body.a].all(x, x.all(k, k == 'x'))",
    "[response.body.a, then.body.b].exists(x, x == response.body.list[0])",
    "response.body.list.map(t, t.a).all(x, x == then.body.a)",
    "response.body == then.body",
    "response == then",
    "response.body.all(k, k in then.body)",
    "(has(response.body.x) ? response.body.a : then.body.a).exists(k, k == '')",
    "size(has(response.body.x) ? response.body.a : then.body.a) == 1",
    "(response.body.a).exists(k, k == 'x')",
    "response.body.a[item.b] == 1",
    "(has(response.body.x) ? response.body.a : then.body.b) == response.body.list[0]",
    "without(response.body.list, then.body.list) == []",
    "size(without(response.body.list, then.body.list.filter(t, has(t.x)))) == 1",
    "response.body.list == then.body.list.map(t, t)",
    "item == response.body.a || item.all(k, k == 'x')",
    "response.body.list.exists(t, t == item)",
    "response.body.list.exists(t, t.a == item.a)",
    "has(item.b) && item.b == response.body.list[0]",
    "response.body.list.filter(t, has(t.a) && t.a == 1)",
    "response.body.list.filter(t, t.a != then.body.list[0].a)",
    "response.body.list.filter(t, has(t.b) && (t.b == ')' || t.b == \"x\"))",
    "response.body.list.filter(t, response.body.list.exists(u, u == t && has(u.a)))",
    "response.body.list.filter(t, t)",
    "response.body.list.filter(t, t.a)",
    "response.body.a.filter(k, k == 'x')",
    "response.body.list.filter(t, has(t.a)).filter(u, u.a == 1)",
    " response.body.list.filter( t , has(t.x) || (has(then.body.x) && size(then.body.list) > 0) ) ",
    "response.body.x.filter(t, t == 'a')",
]
_SCALARS = st.sampled_from([None, 1, "x", "y"])
_MEMBERS = st.sampled_from(["a", "b", "x", "y", "list"])
_OBJECTS = st.dictionaries(
    _MEMBERS, st.one_of(_SCALARS, st.dictionaries(_MEMBERS, _SCALARS, max_size=2)), max_size=3
)
_LISTS = st.lists(_OBJECTS, max_size=2)
_BODIES = st.fixed_dictionaries({"list": _LISTS, "a": _OBJECTS, "b": _OBJECTS}, optional={"x": _OBJECTS})
_PAIRS = _BODIES.map(lambda body: (body, body)) | st.tuples(_BODIES, _BODIES)


@pytest.mark.no_cover
@pytest.mark.parametrize("text", EXPRESSIONS)
@given(_PAIRS, _OBJECTS | st.none())
@settings(max_examples=40, deadline=None)
def test_a_law_has_the_value_that_the_library_gives_it(text: str, bodies: Any, item: Any) -> None:
    body, then = bodies
    views = {"response": {"body": body}, "then": {"body": then}, "item": body["a"] if item is None else item}
    value = outcome(lambda: law(text)(**views))
    assert value == by_library(text, views) or is_unstable(text, views, value)


@cache
def law(text: str) -> Expression:
    return Expression(text, {"response", "then", "item"})


SELF: dict[str, Any] = {
    "ints": [0, 1, -7, 2, 2**53 + 1, -(2**63), 2**63 - 1, 2**63, 2**64],
    "doubles": [0.0, -0.0, 1.0, -1.5, 2.0**53, 9.3e18],
    "texts": ["", "a", "ä𝄞", "12", "12\n", " 5", "+5", "1_0", "1e3"],
    "objects": [{}, {"k": 1}, {"k": 1.0}, {"k": None}],
    "others": [None, True, False, [1], [1.0], [True]],
}
CORNERS = [
    *(f"self.ints.map(x, self.ints.map(y, x {sign} y))" for sign in ("==", "<", "<=")),
    *(f"self.ints.map(x, self.doubles.map(y, [x {sign} y, y {sign} x]))" for sign in ("==", "<", ">=")),
    *(
        f"self.ints[{first}] {sign} self.ints[{second}]"
        for sign in "+-*/%"
        for first in (2, 5, 6, 7)
        for second in (0, 1, 2, 3)
    ),
    *(
        f"timestamp('{first}') {sign} timestamp('{second}')"
        for sign in ("<", "==", ">=")
        for first in ("2015-11-17T00:00:00Z", "2015-11-17T00:00:00.0000001Z", "2015-11-17T12:30:00-12:30")
        for second in (
            "2015-11-16T12:00:00-12:00",
            "2015-11-17T00:00:00.000000+00:00",
            "2015-11-17 00:00:00Z",
        )
    ),
    *(f"-self.ints[{index}]" for index in range(9)),
    *(f"self.ints[5] {sign} -1" for sign in "+-*/%"),
    *(f"self.doubles[2] {sign} self.doubles[{index}]" for sign in "+-*/%" for index in (0, 3, 5)),
    *(f"{name}(self.texts[{index}])" for name in ("int", "double", "size", "integer") for index in range(9)),
    *(f"{name}(self.ints[{index}])" for name in ("int", "double", "string") for index in range(9)),
    *(f"{name}(self.doubles[{index}])" for name in ("int", "double", "string") for index in range(6)),
    *(f"{name}(self.others[{index}])" for name in ("int", "size", "sorted", "!", "-") for index in range(6)),
    *(
        f"self.texts.map(x, x.matches('{pattern}'))"
        for pattern in ("^[0-9]+$", "^.$", "[^a-z]", "1?2", "(1)", "^1{2}")
    ),
    "self.objects.map(x, self.objects.map(y, x == y))",
    "self.others.map(x, self.others.map(y, x == y))",
    "self.others.map(x, self.others.map(y, y in [x]))",
    "self.ints.map(x, x in [1.0, true, '1'])",
    "self.objects.map(x, has(x.k))",
    "self.objects.map(x, 'k' in x)",
    "self.objects[0].k || true",
    "true || self.objects[0].k",
    "self.objects[0].k && false",
    "self.objects[1].k || true",
    "self.others[1] && self.objects[1].k",
    "self.texts[1][0]",
    "self.texts[0 - 1]",
    "self.texts[true]",
    "self.texts[9]",
    "self.texts.k",
    "has(self.texts.k)",
    "has(self.none.k)",
    "self['ints'][1] + self.objects[1]['k']",
    "self.ints.exists_one(x, x == 1) && !self.ints.exists_one(x, x > 0)",
    "self.ints.all(x, x)",
    "self.others.exists(x, x)",
    "self.others.filter(x, x == true) == [true]",
    "self.texts.map(x, x == 'a', x + 'b') == ['ab']",
    "[1, 2].map(self, self + 1)",
    "[1, 2].map(x, [3].map(x, x)[0] + x)",
    "'b'.startsWith('a', 1)",
    "1 + 2 * 3 - 4 / 2 % 3 == 5 && 1 < 2 == true || false ? 1 : true ? 2 : 3",
    "- 2 - -2 - (-2)",
    "1" + " + 1" * 300 + " == 301 && " + "true && " * 60 + "true",
    "(" * 30 + "self.ints[1]" + ")" * 30,
    "!!true && !!!false && --2 == 2",
    "0x1F + 007 == 38 // a comment\n && .5 == 0.5 && 1e3 == 1000.0",
    r"""'\u00e4\'' + r'\d' + '''it's''' + "it's" == '' """,
    r"r'\' + 'b' == ''",
    r"""['\\', "\"", 'it\'s', '\n'].map(x, size(x))""",
    "[1, 2,].size() == 2u && {'a': 1, 'b': [2]}.b[0] == 2 && b'a' == b'a'",
    "timestamp('2015-11-17T00:00:00Z') < timestamp('2016-06-01T00:00:00Z')",
]


@pytest.mark.parametrize("text", CORNERS)
def test_a_rare_case_has_the_value_that_the_library_gives_it(text: str) -> None:
    assert outcome(lambda: Expression(text, {"self"})(self=SELF)) == by_library(text, {"self": SELF})


def test_the_contract_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cel", None)  # importing it fails
    compiled.cache_clear()
    spec = load(ROOT / "spec" / "openapi.yaml")
    assert not list(lint(spec))
    for law in [law for of_operation in laws(spec).values() for law in of_operation]:
        for expression in (law.rule, law.when, law.each, *law.with_.values()):
            assert expression is None or function([expression.tree], [*expression.variables]), expression.text


@pytest.mark.parametrize(
    "text", ["1 +", "(1", "[1", "a.", "f(1", "1 2", "{1}", "a ? b", "#", "Message{a: 1}"]
)
def test_what_is_no_expression_has_no_tree(text: str) -> None:
    with pytest.raises(CelSyntaxError):
        parse(text)


def test_an_expression_reads_the_ends_of_its_paths() -> None:
    tree = parse("has(a.b.c) && a['d'].all(x, x.e == a.f[0].g + y.z) || [1].exists(a, a.h == 1)")
    assert set(paths(tree)) == {("a", "b", "c"), ("a", "d"), ("a", "f"), ("y", "z")}
