"""The syntax tree of an expression in CEL (https://github.com/google/cel-spec/blob/master/doc/langdef.md).

It is read after the library accepted the expression, so errors need no explanation here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_TOKEN = re.compile(
    r"""
      (?P<space>(?:\s|//[^\n]*)+)
    | (?P<text>
          [bB]?[rR](?:\'{3}.*?\'{3}|"{3}.*?"{3}|'[^']*'|"[^"]*")
        | [bB]?(?:\'{3}(?:\\.|[^\\])*?\'{3}|"{3}(?:\\.|[^\\])*?"{3}|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
      )
    | (?P<double>[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)
    | (?P<integer>(?:0[xX][0-9a-fA-F]+|[0-9]+)[uU]?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%!<>?:.,()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_PLAIN_TEXT = re.compile(r"'[^'\\]*'|\"[^\"\\]*\"")
_LEVELS: Final = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/", "%"))
_CHAINED = frozenset({"||", "&&", "+", "-", "*", "/", "%"})
_WITH_CONDITION = frozenset({"all", "exists", "exists_one", "filter"})
_CONSTANTS = {"true": True, "false": False, "null": None}


class CelSyntaxError(ValueError):
    """The text is not an expression, as far as this module reads them."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A string without escapes, an int, a double, a bool or null."""

    value: Any


@dataclass(frozen=True, slots=True)
class Exotic:
    """A literal of another kind, a map, a repeated sign: what laws hardly use."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """``of.member``, ``of['member']``, or ``has(of.member)``."""

    of: "Node"
    member: str
    has: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    of: "Node"
    index: "Node"


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function of arguments, or of a target and arguments."""

    function: str
    target: "Node | None"
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """``!`` and ``-`` may have one operand, ``?:`` has three, chains such as ``a + b + c`` have any number."""

    operator: str
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Macro:
    """``of.kind(variable, condition)``, or ``map`` with a result and perhaps a condition."""

    kind: str
    of: "Node"
    variable: str
    condition: "Node | None"
    result: "Node | None"


Node = Literal | Exotic | Name | Select | Index | Items | Call | Operation | Macro


def parse(text: str) -> Node:
    """The tree of an expression; raises CelSyntaxError."""
    return _Parser(text).whole()


def children(node: Node) -> Iterator[Node]:
    """The parts of a node. Of a macro, the variable is not among them."""
    match node:
        case Exotic(parts) | Items(parts) | Operation(_, parts):
            yield from parts
        case Select(of):
            yield of
        case Index(of, index):
            yield from (of, index)
        case Call(_, target, arguments):
            yield from arguments if target is None else (target, *arguments)
        case Macro(_, of, _, condition, result):
            yield from (part for part in (of, condition, result) if part is not None)


def paths(node: Node, bound: frozenset[str] = frozenset()) -> Iterator[tuple[str, ...]]:
    """What an expression reads: a variable, and members as far as they are named one after the other."""
    if isinstance(node, Name):
        if node.name not in bound:
            yield (node.name,)
    elif (path := plain_path(node)) and path[0] not in bound:
        yield path
    elif isinstance(node, Macro):
        yield from paths(node.of, bound)
        for part in (node.condition, node.result):
            yield from paths(part, bound | {node.variable}) if part is not None else ()
    else:
        for part in children(node):
            yield from paths(part, bound)


def plain_path(node: Node) -> tuple[str, ...]:
    """The variable and the members of an expression that is nothing but these; empty for any other."""
    members: list[str] = []
    while isinstance(node, Select):
        members.append(node.member)
        node = node.of
    return (node.name, *reversed(members)) if isinstance(node, Name) else ()


def macro_depth(node: Node) -> int:
    """How many macros are within each other, at most."""
    if isinstance(node, Macro):
        within = (macro_depth(part) for part in (node.condition, node.result) if part is not None)
        return max(macro_depth(node.of), 1 + max(within))
    return max(map(macro_depth, children(node)), default=0)


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

    def whole(self) -> Node:
        node = self._choice()
        if self._tokens[self._at][0] != "end":
            raise CelSyntaxError("it goes on after its end")
        return node

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

    def _choice(self) -> Node:
        condition = self._binary(0)
        if not self._takes("?"):
            return condition
        chosen = self._binary(0)
        self._expect(":")
        return Operation("?:", (condition, chosen, self._choice()))

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while operator := self._takes(*_LEVELS[level]):
            right = self._binary(level + 1)
            match left:
                case Operation(same, [first, second, *more]) if same == operator and operator in _CHAINED:
                    left = Operation(operator, (first, second, *more, right))
                case _:
                    left = Operation(operator, (left, right))
        return left

    def _unary(self) -> Node:
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
        return Operation(sign, (operand,))

    def _member(self) -> Node:
        node = self._primary()
        while sign := self._takes(".", "["):
            if sign == "[":
                index = self._choice()
                self._expect("]")
                match index:
                    case Literal(str() as name):
                        node = Select(node, name)
                    case _:
                        node = Index(node, index)
            else:
                name = self._next("name")
                node = self._call(name, node) if self._takes("(") else Select(node, name)
        return node

    def _next(self, kind: str) -> str:
        found, text = self._tokens[self._at]
        if found != kind:
            raise CelSyntaxError(f"a {kind} is missing")
        self._at += 1
        return text

    def _primary(self) -> Node:
        if self._takes("("):
            node = self._choice()
            self._expect(")")
            return node
        if self._takes("["):
            return Items(self._list("]"))
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
                return (
                    Exotic()
                    if text[-1] in "uU"
                    else Literal(int(text, 16 if text[:2] in ("0x", "0X") else 10))
                )
        if text in _CONSTANTS:
            return Literal(_CONSTANTS[text])
        return self._call(text, None) if self._takes("(") else Name(text)

    def _list(self, end: str) -> tuple[Node, ...]:
        items = []
        while not self._takes(end):
            items.append(self._choice())
            if not self._takes(","):
                self._expect(end)
                break
        return tuple(items)

    def _map(self) -> Node:
        parts = []
        while not self._takes("}"):
            parts.append(self._choice())
            self._expect(":")
            parts.append(self._choice())
            if not self._takes(","):
                self._expect("}")
                break
        return Exotic(tuple(parts))

    def _call(self, name: str, target: Node | None) -> Node:
        """A call or a macro, of which the parenthesis was read."""
        arguments = self._list(")")
        match arguments:
            case [Select(of, member)] if name == "has" and target is None:
                return Select(of, member, has=True)
            case [Name(variable), condition] if target is not None and name in _WITH_CONDITION:
                return Macro(name, target, variable, condition, None)
            case [Name(variable), result] if target is not None and name == "map":
                return Macro(name, target, variable, None, result)
            case [Name(variable), condition, result] if target is not None and name == "map":
                return Macro(name, target, variable, condition, result)
        return Call(name, target, arguments)
