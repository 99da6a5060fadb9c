"""Expressions of CEL as functions of Python, which read values where they are: nothing is converted."""

import ast
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from wirecheck.cel.operations import CALLS, FUNCTION_KINDS, METHODS, OPERATIONS, DeclinedError, declines, fits
from wirecheck.cel.syntax import (
    Call,
    ListLiteral,
    Literal,
    Macro,
    Name,
    OperatorCall,
    Select,
    Subscript,
    Term,
    macro_depth,
)

MAX_STEPS = 5_000_000  # of nested macros such as `all`: the length of the longest list ^ their depth

Function = Callable[[Mapping[str, Any]], Any]
"""Gives the value of an expression, from those of its variables, or declines by an exception of any kind."""

_COMPARISONS: dict[str, type[ast.cmpop]] = {"<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE}
_CALL, _METHOD, _VARIABLE, _VARIABLES = "call_", "method_", "of_", "variables"
_NAMES = {
    **OPERATIONS,
    **{_CALL + name: called for name, called in CALLS.items()},
    **{_METHOD + name: called for name, called in METHODS.items()},
    "__builtins__": {},
}


def function(term: Term) -> Function | None:
    """The function of an expression; None for one that only the library evaluates."""
    try:
        arguments = ast.arguments([], [ast.arg(_VARIABLES)], None, [], [], None, [])
        tree = ast.Expression(ast.Lambda(arguments, _Writer(macro_depth(term)).written(term)))
        # Nothing of the document is in the tree but constants, and names with a prefix.
        code = compile(ast.fix_missing_locations(tree), "<CEL>", "eval")
        written: Function = eval(code, _NAMES)
    except (DeclinedError, RecursionError):
        return None
    return written


def _longest(depth: int) -> float:
    """The length of lists for which macros of a depth stay within the budget."""
    if depth < 2:
        return float("inf")
    longest = int(MAX_STEPS ** (1 / depth)) + 1
    while longest**depth > MAX_STEPS:
        longest -= 1
    return longest


def _kind(term: Term) -> type | None:
    """The type of whatever a term gives, where it is always the same."""
    match term:
        case Literal(value):
            return type(value)
        case Select(has=True) | Macro("all" | "exists" | "exists_one"):
            return bool
        case Macro() | ListLiteral():
            return list
        case OperatorCall(operator) if operator not in ("-", "+", "*", "/", "%", "?:"):
            return bool
        case Call("size"):
            return int
        case Call(name, None):
            return FUNCTION_KINDS.get(name)
        case Call():
            return bool
    return None


def _called(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(_named(name), list(arguments), [])


def _named(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


class _Writer:
    """Writes an expression in Python; raises DeclinedError."""

    def __init__(self, depth: int) -> None:
        self._longest = _longest(depth)
        self._bound: list[str] = []

    def written(self, term: Term) -> ast.expr:
        match term:
            case Literal(value):
                return ast.Constant(value) if type(value) is not int or fits(value) else declines()
            case Name(name) if name in self._bound:
                return _named(_VARIABLE + name)
            case Name(name):
                return ast.Subscript(_named(_VARIABLES), ast.Constant(name), ast.Load())
            case Select(of, member, has):
                return self._selected(of, member, has)
            case Subscript(of, index):
                return _called("item", self.written(of), self.written(index))
            case ListLiteral(items):
                return ast.List([self.written(item) for item in items], ast.Load())
            case Call(name, target, arguments):
                return self._call(name, target, arguments)
            case OperatorCall(operator, operands):
                return self._operation(operator, operands)
            case Macro():
                return self._macro(term)
        return declines()

    def _truth(self, term: Term) -> ast.expr:
        return self.written(term) if _kind(term) is bool else _called("truth", self.written(term))

    def _selected(self, of: Term, member: str, has: bool) -> ast.expr:
        if has:
            return _called("has", self.written(of), ast.Constant(member))
        if _kind(of) is not None:  # an error, of which Python warns
            declines()
        return ast.Subscript(self.written(of), ast.Constant(member), ast.Load())

    def _call(self, name: str, target: Term | None, arguments: tuple[Term, ...]) -> ast.expr:
        prefix, known = (_CALL, CALLS) if target is None else (_METHOD, METHODS)
        if name not in known or (name in ("startsWith", "endsWith") and len(arguments) != 1):
            declines()  # Python has more arguments for these two
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
        return reduce(lambda left, right: _called(operator, left, right), others, first)

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
        values = _called("items", self.written(macro.of), ast.Constant(self._longest))
        self._bound.append(macro.variable)
        condition = self._truth(macro.condition) if macro.condition is not None else None
        result = self.written(macro.result) if macro.result is not None else None
        self._bound.pop()
        variable = ast.Name(_VARIABLE + macro.variable, ast.Store())
        each = ast.comprehension(variable, values, [], 0)
        if condition is not None and macro.kind in ("all", "exists", "exists_one"):
            name = {"all": "all", "exists": "any", "exists_one": "sum"}[macro.kind]
            walk = _called(name, ast.GeneratorExp(condition, [each]))
            return walk if name != "sum" else ast.Compare(walk, [ast.Eq()], [ast.Constant(1)])
        each.ifs = [condition] if condition is not None else []
        return ast.ListComp(result or _named(_VARIABLE + macro.variable), [each])
