"""Expressions of CEL as functions of Python, which read values where they are: nothing is converted."""

import ast
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any

from wirecheck.cel.functions import FUNCTIONS, finder, longest
from wirecheck.cel.operations import CALLS, FUNCTION_KINDS, METHODS, OPERATIONS, DeclinedError, declines, fits
from wirecheck.cel.syntax import (
    Call,
    CelSyntaxError,
    Exotic,
    ListLiteral,
    Literal,
    Macro,
    Name,
    OperatorCall,
    Select,
    Subscript,
    Term,
    children,
    macro_depth,
    parse,
    plain_path,
)

_MAX_NESTED = 80  # the library has a limit, which is higher
MAX_STEPS = 5_000_000  # of nested macros such as `all`: the length of the longest list ^ their depth

Function = Callable[..., Any]
"""Gives the value of an expression, from those of some variables, or declines by an exception of any kind."""

_COMPARISONS: dict[str, type[ast.cmpop]] = {"<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE}
_PLAIN, _CALL, _METHOD, _FINDER = "plain_", "call_", "method_", "find_"
_BOUND, _FREE, _KEPT = "of_", "variable_", "kept_"
_COSTLY = frozenset({"find", "integer", "lower", "number"})
_NAMES = {
    **OPERATIONS,
    "declines": declines,
    "dict": dict,
    **{_PLAIN + name: called for name, called in FUNCTIONS.items()},
    **{_CALL + name: called for name, called in CALLS.items()},
    **{_METHOD + name: called for name, called in METHODS.items()},
    "__builtins__": {},
}


def certain_tree(text: str) -> Term | None:
    """The tree of an expression that the library certainly accepts; None for what it has to decide on.

    Such an expression calls no functions but those that CEL has, and ours.
    """
    try:
        tree = parse(text)
        is_certain = sum(map(text.count, "([?")) <= _MAX_NESTED and _is_certain(tree)
    except (CelSyntaxError, RecursionError):
        return None
    return tree if is_certain else None


def _is_certain(term: Term) -> bool:
    match term:
        case Exotic():
            return False
        case Literal(float() as value):
            return math.isfinite(value)
        case Literal(value) if type(value) is int:
            return fits(value) and fits(-value)
        case Call(name, target, _) if name not in (CALLS if target is None else METHODS):
            return False
    return all(map(_is_certain, children(term)))


def function(terms: Sequence[Term], variables: Sequence[str]) -> Function | None:
    """The function of an expression, or of whether all of several are true, from its variables in order.

    None for what only the library evaluates.
    """
    try:
        writer = _Writer(terms)
        body = writer.whole()
        names = [_FREE + name for name in variables] + writer.kept
        arguments = ast.arguments(
            [],
            [ast.arg(name) for name in names],
            None,
            [],
            [],
            None,
            [ast.Constant(None) for _ in writer.kept],
        )
        tree = ast.Expression(ast.Lambda(arguments, body))
        # Nothing of the document is in the tree but constants, and names with a prefix.
        code = compile(ast.fix_missing_locations(tree), "<CEL>", "eval")
        written: Function = eval(code, _NAMES | writer.finders)
    except (DeclinedError, RecursionError):
        return None
    return written


def _kind(term: Term) -> type | None:
    """The type of whatever a term gives, where it is always the same."""
    match term:
        case Literal(value):
            return type(value)
        case Select(has=True) | Macro("all" | "exists" | "exists_one"):
            return bool
        case Macro() | ListLiteral():
            return list
        case OperatorCall("+" | "-" | "*" | "/" | "%", operands):
            return int if {*map(_kind, operands)} == {int} else None
        case OperatorCall(operator) if operator != "?:":
            return bool
        case Call("size"):
            return int
        case Call(name, None):
            return FUNCTION_KINDS.get(name)
        case Call():
            return bool
    return None


def _is_plain(term: Term) -> bool:
    """Whether a function of ours takes any value of a term as it is."""
    match term:
        case Macro("map", _, _, _, result) if result is not None:
            return _is_plain(result)
    return _kind(term) in (str, int, float, bool)


def _is_costly(term: Term) -> bool:
    return isinstance(term, Call) and term.target is None and term.function in _COSTLY


def _called(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(_named(name), list(arguments), [])


def _named(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _within(term: Term) -> Iterator[Term]:
    """All terms within a term, and itself."""
    yield term
    for part in children(term):
        yield from _within(part)


class _Writer:
    """Writes expressions in Python; raises DeclinedError.

    What takes time and occurs more than once is evaluated once, and then kept in a variable.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        depth = max(map(macro_depth, terms))
        self._longest = longest(MAX_STEPS, depth) if depth > 1 else math.inf
        self._bound: list[str] = []
        self._walked = 0  # lists of macros that are being written, where Python can keep nothing
        self.finders: dict[str, Callable[[str], str]] = {}
        costly = (part for term in terms for part in _within(term) if _is_costly(part))
        self._repeated = {text for text, times in Counter(map(repr, costly)).items() if times > 1}
        self._kept: dict[str, str] = {}

    @property
    def kept(self) -> list[str]:
        """The variables for what is kept."""
        return list(self._kept.values())

    def whole(self) -> ast.expr:
        if len(self._terms) == 1:
            return self.written(self._terms[0])
        return ast.BoolOp(ast.And(), [self._truth(term) for term in self._terms])

    def written(self, term: Term) -> ast.expr:
        match term:
            case Literal(value):
                return ast.Constant(value) if type(value) is not int or fits(value) else declines()
            case Name(name) if name in self._bound:
                return _named(_BOUND + name)
            case Name(name):
                return _named(_FREE + name)
            case Select(of, member, has):
                return self._selected(of, member, has)
            case Subscript(of, index):
                return _called("item", self.written(of), self.written(index))
            case ListLiteral(items):
                return ast.List([self.written(item) for item in items], ast.Load())
            case Call(name, target, arguments):
                call = self._call(name, target, arguments)
                return self._keeping(repr(term), call) if self._is_kept(term) else call
            case OperatorCall(operator, operands):
                return self._operation(operator, operands)
            case Macro():
                return self._macro(term)
        return declines()

    def _is_kept(self, term: Term) -> bool:
        """Whether it is costly, and the same for all items of the macros that it is within."""
        if self._walked or not _is_costly(term):
            return False
        is_same = not any(isinstance(part, Name) and part.name in self._bound for part in _within(term))
        return is_same and (bool(self._bound) or repr(term) in self._repeated)

    def _keeping(self, text: str, call: ast.expr) -> ast.expr:
        """A call whose value, which is never None, is kept for the next time."""
        name = self._kept.setdefault(text, f"{_KEPT}{len(self._kept)}")
        is_known = ast.Compare(_named(name), [ast.IsNot()], [ast.Constant(None)])
        return ast.IfExp(is_known, _named(name), ast.NamedExpr(ast.Name(name, ast.Store()), call))

    def _truth(self, term: Term) -> ast.expr:
        return self.written(term) if _kind(term) is bool else _called("truth", self.written(term))

    def _selected(self, of: Term, member: str, has: bool) -> ast.expr:
        if has and plain_path(of):  # without the cost of a call
            kind = ast.Attribute(self.written(of), "__class__", ast.Load())
            is_object = ast.Compare(kind, [ast.Is()], [_named("dict")])
            is_member = ast.Compare(ast.Constant(member), [ast.In()], [self.written(of)])
            return ast.IfExp(is_object, is_member, _called("declines"))
        if has:
            return _called("has", self.written(of), ast.Constant(member))
        if _kind(of) is not None:  # an error, of which Python warns
            declines()
        return ast.Subscript(self.written(of), ast.Constant(member), ast.Load())

    def _call(self, name: str, target: Term | None, arguments: tuple[Term, ...]) -> ast.expr:
        match name, target, arguments:
            case "find", None, (text, Literal(str() as pattern)):
                finder_name = f"{_FINDER}{len(self.finders)}"
                self.finders[finder_name] = finder(pattern)
                return _called(finder_name, self.written(text))
        prefix, known = (_CALL, CALLS) if target is None else (_METHOD, METHODS)
        if name not in known or (name in ("startsWith", "endsWith") and len(arguments) != 1):
            declines()  # Python has more arguments for these two
        if target is None and name in FUNCTIONS and all(map(_is_plain, arguments)):
            prefix = _PLAIN
        operands = arguments if target is None else (target, *arguments)
        return _called(prefix + name, *map(self.written, operands))

    def _operation(self, operator: str, operands: tuple[Term, ...]) -> ast.expr:
        match operator:
            case "!":
                return ast.UnaryOp(ast.Not(), self._truth(operands[0]))
            case "&&" | "||":
                of_all = ast.And() if operator == "&&" else ast.Or()
                return ast.BoolOp(of_all, [self._truth(operand) for operand in operands])
            case "?:":
                condition, chosen, other = operands
                return ast.IfExp(self._truth(condition), self.written(chosen), self.written(other))
            case "-" if len(operands) == 1:
                return _called("negative", self.written(operands[0]))
            case "==" | "!=":
                same = self._same(*operands)
                return same if operator == "==" else ast.UnaryOp(ast.Not(), same)
        first, *others = map(self.written, operands)
        kinds = {_kind(operand) for operand in operands}
        if operator in _COMPARISONS and kinds in ({int}, {str}):
            return ast.Compare(first, [_COMPARISONS[operator]()], others)
        match operands:
            case [item, ListLiteral(items)] if operator == "in" and {_kind(item), *map(_kind, items)} in (
                {int},
                {str},
            ):
                return ast.Compare(first, [ast.In()], others)
        name = f"int{operator}" if kinds == {int} else operator
        return reduce(lambda left, right: _called(name, left, right), others, first)

    def _same(self, *operands: Term) -> ast.expr:
        """Whether two values are equal; a text equals nothing else in Python either."""
        first, second = map(self.written, operands)
        kinds = [_kind(operand) for operand in operands]
        if str in kinds or kinds == [int, int]:
            return ast.Compare(first, [ast.Eq()], [second])
        if kinds == [None, type(None)]:
            return ast.Compare(first, [ast.Is()], [second])
        return _called("==", first, second)

    def _macro(self, macro: Macro) -> ast.expr:
        self._walked += 1
        values = _called("items", self.written(macro.of), ast.Constant(self._longest))
        self._walked -= 1
        self._bound.append(macro.variable)
        condition = self._truth(macro.condition) if macro.condition is not None else None
        result = self.written(macro.result) if macro.result is not None else None
        self._bound.pop()
        variable = ast.Name(_BOUND + macro.variable, ast.Store())
        each = ast.comprehension(variable, values, [], 0)
        if condition is not None and macro.kind in ("all", "exists", "exists_one"):
            name = {"all": "all", "exists": "any", "exists_one": "sum"}[macro.kind]
            walk = _called(name, ast.GeneratorExp(condition, [each]))
            return walk if name != "sum" else ast.Compare(walk, [ast.Eq()], [ast.Constant(1)])
        each.ifs = [condition] if condition is not None else []
        return ast.ListComp(result or _named(_BOUND + macro.variable), [each])
