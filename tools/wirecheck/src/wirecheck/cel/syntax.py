"""The syntax tree of an expression in CEL (https://github.com/google/cel-spec/blob/master/doc/langdef.md).

It is read after the library accepted the expression, so errors need no explanation here.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

_TOKEN = re.compile(
    r"""
      (?P<space>(?:[ \t\r\n\f]|//[^\n]*)+)
    | (?P<text>
          [bB]?[rR](?:\'{3}.*?\'{3}|"{3}.*?"{3}|'[^']*'|"[^"]*")
        | [bB]?(?:\'{3}(?:\\.|[^\\])*?\'{3}|"{3}(?:\\.|[^\\])*?"{3}|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
      )
    | (?P<double>[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)
    | (?P<integer>(?:0x[0-9a-fA-F]+|[0-9]+)[uU]?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%!<>?:.,()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_PLAIN_TEXT = re.compile(r"'[^'\\\r\n]*'|\"[^\"\\\r\n]*\"")
_LEVELS: Final = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/", "%"))
_CHAINED = frozenset({"||", "&&", "+", "-", "*", "/", "%"})
_WITH_CONDITION = frozenset({"all", "exists", "exists_one", "filter"})
_CONSTANTS = {"true": True, "false": False, "null": None}
_WORDS = frozenset({"in", *_CONSTANTS})  # which name no member either
_RESERVED = _WORDS | {
    *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop"),
    *("namespace", "package", "return", "var", "void", "while"),
}


class CelSyntaxError(ValueError):
    """The text is not an expression, as far as this module reads them."""


class Literal(Struct, frozen=True):
    """A string without escapes, an int, a double, a bool or null."""

    value: Any


class Exotic(Struct, frozen=True):
    """A literal of another kind, a map, a repeated sign: what laws hardly use."""

    parts: tuple["Term", ...] = ()


class Name(Struct, frozen=True):
    name: str


class Select(Struct, frozen=True):
    """``of.member``, ``of['member']``, or ``has(of.member)``."""

    of: "Term"
    member: str
    has: bool = False


class Subscript(Struct, frozen=True):
    of: "Term"
    index: "Term"


class ListLiteral(Struct, frozen=True):
    items: tuple["Term", ...]


class Call(Struct, frozen=True):
    """A function of arguments, or of a target and arguments."""

    function: str
    target: "Term | None"
    arguments: tuple["Term", ...]


class OperatorCall(Struct, frozen=True):
    """``!`` and ``-`` may have one operand, ``?:`` has three, chains such as ``a + b + c`` have more."""

    operator: str
    operands: tuple["Term", ...]


class Macro(Struct, frozen=True):
    """``of.kind(variable, condition)``, or ``map`` with a result and perhaps a condition."""

    kind: str
    of: "Term"
    variable: str
    condition: "Term | None"
    result: "Term | None"


Term = Literal | Exotic | Name | Select | Subscript | ListLiteral | Call | OperatorCall | Macro


def parse(text: str) -> Term:
    """The tree of an expression; raises CelSyntaxError."""
    return _Parser(text).whole()


def children(term: Term) -> Iterator[Term]:
    """The parts of a term. Of a macro, the variable is not among them."""
    match term:
        case Exotic(parts) | ListLiteral(parts) | OperatorCall(_, parts):
            yield from parts
        case Select(of):
            yield of
        case Subscript(of, index):
            yield from (of, index)
        case Call(_, target, arguments):
            yield from arguments if target is None else (target, *arguments)
        case Macro(_, of, _, condition, result):
            yield from (part for part in (of, condition, result) if part is not None)


def paths(term: Term, bound: frozenset[str] = frozenset()) -> Iterator[tuple[str, ...]]:
    """What an expression reads: a variable, and members as far as they are named one after the other."""
    if isinstance(term, Name):
        if term.name not in bound:
            yield (term.name,)
    elif (path := plain_path(term)) and path[0] not in bound:
        yield path
    elif isinstance(term, Macro):
        yield from paths(term.of, bound)
        for part in (term.condition, term.result):
            yield from paths(part, bound | {term.variable}) if part is not None else ()
    else:
        for part in children(term):
            yield from paths(part, bound)


def plain_path(term: Term) -> tuple[str, ...]:
    """The variable and the members of an expression that is nothing but these; empty for any other."""
    members: list[str] = []
    while isinstance(term, Select):
        members.append(term.member)
        term = term.of
    return (term.name, *reversed(members)) if isinstance(term, Name) else ()


def macro_depth(term: Term) -> int:
    """How many macros are within each other, at most."""
    if isinstance(term, Macro):
        within = (macro_depth(part) for part in (term.condition, term.result) if part is not None)
        return max(macro_depth(term.of), 1 + max(within))
    return max(map(macro_depth, children(term)), default=0)


class _Parser:
    """Recursive descent: a method for each level of precedence, the loosest first."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise CelSyntaxError("a character has no meaning")
            kind, position = match.lastgroup or "", match.end()
            if kind != "space":
                self._tokens.append((kind, match[0]))
        self._tokens.append(("end", ""))
        self._at = 0

    def whole(self) -> Term:
        term = self._choice()
        if self._tokens[self._at][0] != "end":
            raise CelSyntaxError("it goes on after its end")
        return term

    def _takes(self, *texts: str) -> str:
        """The next token if it is one of these operators or words, empty otherwise."""
        kind, text = self._tokens[self._at]
        if kind in ("sign", "name") and text in texts:
            self._at += 1
            return text
        return ""

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise CelSyntaxError(f"{text} is missing")

    def _choice(self) -> Term:
        condition = self._binary(0)
        if not self._takes("?"):
            return condition
        chosen = self._binary(0)
        self._expect(":")
        return OperatorCall("?:", (condition, chosen, self._choice()))

    def _binary(self, level: int) -> Term:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while operator := self._takes(*_LEVELS[level]):
            right = self._binary(level + 1)
            match left:
                case OperatorCall(same, [first, second, *more]) if same == operator and operator in _CHAINED:
                    left = OperatorCall(operator, (first, second, *more, right))
                case _:
                    left = OperatorCall(operator, (left, right))
        return left

    def _unary(self) -> Term:
        sign = self._takes("!", "-")
        if not sign:
            return self._member()
        repeated = False
        while self._takes(sign):
            repeated = True
        operand = self._member()
        if repeated:
            return Exotic((operand,))
        if sign == "-" and isinstance(operand, Literal) and type(operand.value) in (int, float):
            return Literal(-operand.value)
        return OperatorCall(sign, (operand,))

    def _member(self) -> Term:
        term = self._primary()
        while sign := self._takes(".", "["):
            if sign == "[":
                index = self._choice()
                self._expect("]")
                match index:
                    case Literal(str() as name):
                        term = Select(term, name)
                    case _:
                        term = Subscript(term, index)
            else:
                name = self._member_name()
                term = self._call(name, term) if self._takes("(") else Select(term, name)
        return term

    def _member_name(self) -> str:
        kind, text = self._tokens[self._at]
        if kind != "name" or text in _WORDS:
            raise CelSyntaxError("a name is missing")
        self._at += 1
        return text

    def _primary(self) -> Term:
        if self._takes("("):
            term = self._choice()
            self._expect(")")
            return term
        if self._takes("["):
            return ListLiteral(self._list("]"))
        if self._takes("{"):
            return self._map()
        kind, text = self._tokens[self._at]
        if kind not in ("text", "double", "integer", "name"):
            raise CelSyntaxError("a value is missing")
        self._at += 1
        match kind:
            case "text":
                return Literal(text[1:-1]) if _PLAIN_TEXT.fullmatch(text) else Exotic()
            case "double":
                return Literal(float(text))
            case "integer":
                return Exotic() if text[-1] in "uU" else Literal(int(text, 16 if text[:2] == "0x" else 10))
        if text in _CONSTANTS:
            return Literal(_CONSTANTS[text])
        if text in _RESERVED:
            raise CelSyntaxError(f"{text} is reserved")
        return self._call(text, None) if self._takes("(") else Name(text)

    def _list(self, end: str) -> tuple[Term, ...]:
        """Terms and the end of them. A list, unlike arguments, may have a comma there."""
        items = []
        while not self._takes(end):
            items.append(self._choice())
            if not self._takes(","):
                self._expect(end)
                break
            if end == ")" and self._tokens[self._at][1] == end:
                raise CelSyntaxError("an argument is missing")
        return tuple(items)

    def _map(self) -> Term:
        parts = []
        while not self._takes("}"):
            parts.append(self._choice())
            self._expect(":")
            parts.append(self._choice())
            if not self._takes(","):
                self._expect("}")
                break
        return Exotic(tuple(parts))

    def _call(self, name: str, target: Term | None) -> Term:
        """A call or a macro, of which the parenthesis was read."""
        arguments = self._list(")")
        is_selection = self._tokens[self._at - 2][0] == "name"  # not one with [...]
        match arguments:
            case [Select(of, member, has=False)] if name == "has" and target is None and is_selection:
                return Select(of, member, has=True)
            case [Name(variable), condition] if target is not None and name in _WITH_CONDITION:
                return Macro(name, target, variable, condition, None)
            case [Name(variable), result] if target is not None and name == "map":
                return Macro(name, target, variable, None, result)
            case [Name(variable), condition, result] if target is not None and name == "map":
                return Macro(name, target, variable, condition, result)
        return Call(name, target, arguments)
