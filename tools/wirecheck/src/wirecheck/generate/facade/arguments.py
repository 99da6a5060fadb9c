"""The arguments of a method."""

import ast
import keyword
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wirecheck.generate.facade.code import quoted
from wirecheck.generate.facade.properties import type_of
from wirecheck.generate.facade.text import sentence

if TYPE_CHECKING:
    from openapi_python_client.parser.properties import Property
    from openapi_python_client.parser.properties.protocol import PropertyProtocol


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method, in code.

    ``default`` is None where the argument is required. ``example`` is a value to call the method with,
    None where that would take more than a literal.
    """

    name: str
    type: str
    default: str | None
    text: str
    example: str | None = None

    @property
    def declaration(self) -> str:
        return f"{self.name}: {self.type}" + ("" if self.default is None else f" = {self.default}")


def argument_names(properties: "Sequence[Property]", taken: Collection[str]) -> Mapping[str, str]:
    """Names for arguments, by those that the generator gives them: as on the wire, where that is possible.

    The generator avoids more names than that: ``object`` and all other builtins, ``url``, ``client``.
    """
    from openapi_python_client.strings import snake_case

    preferred = {str(member.python_name): snake_case(member.name) for member in properties}
    names = {}
    for stock, name in preferred.items():
        others = {word for other, wish in preferred.items() if other != stock for word in (other, wish)}
        possible = name.isidentifier() and not keyword.iskeyword(name) and name not in {*taken, *others}
        names[stock] = name if possible else stock
    return names


def argument(member: "Property", names: Mapping[str, str], examples: Sequence[Any]) -> Argument:
    """The argument for a property; ``examples`` are values for it from the document."""
    from openapi_python_client.parser.properties import LiteralEnumProperty

    default = None if member.required else "UNSET"
    code = member.default.python_code.as_unembedded_code() if member.default else ""
    if _is_literal(code) and member.required:
        default = code
    elif isinstance(member, LiteralEnumProperty) and member.required and len(member.values) == 1:
        default = repr(next(iter(member.values)))
    text = sentence(member.description.get_untrusted_value() if member.description else "")
    if _is_literal(code) and not member.required:  # only explicit values are sent
        text = f"{text} Without it, the server takes {code}.".strip()
    name = names[str(member.python_name)]
    return Argument(name, type_of(member), default, text, _example(member, name, examples))


def passed_on(member: "Property", names: Mapping[str, str]) -> str:
    """The argument for the generator's function; a credential, which has no name, is added later."""
    stock = str(member.python_name)
    return f"{stock}=" + names.get(stock, '""')


def _example(member: "Property | PropertyProtocol", name: str, examples: Sequence[Any]) -> str | None:
    """A value of the document, or one that is made up, in code; None for anything but scalars."""
    from openapi_python_client.parser.properties import LiteralEnumProperty
    from openapi_python_client.parser.properties.boolean import BooleanProperty
    from openapi_python_client.parser.properties.float import FloatProperty
    from openapi_python_client.parser.properties.int import IntProperty
    from openapi_python_client.parser.properties.string import StringProperty
    from openapi_python_client.parser.properties.union import UnionProperty

    if isinstance(member, UnionProperty):
        inner = (_example(alternative, name, examples) for alternative in member.inner_properties)
        return next((value for value in inner if value), None)
    if isinstance(member, LiteralEnumProperty):
        value = next((example for example in examples if example in member.values), min(member.values))
        return quoted(value) if isinstance(value, str) else repr(value)
    if isinstance(member, BooleanProperty):
        return "True"
    if isinstance(member, StringProperty):
        return quoted(_first(examples, (str,), name))
    if isinstance(member, IntProperty):
        return repr(_first(examples, (int,), 1))
    if isinstance(member, FloatProperty):
        return repr(_first(examples, (int, float), 1.0))
    return None


def _first(examples: Sequence[Any], types: tuple[type, ...], default: Any) -> Any:
    """The first example of a type; a boolean is not a number."""
    return next((example for example in examples if type(example) in types), default)


def _is_literal(code: str) -> bool:
    try:
        ast.literal_eval(code)
    except (SyntaxError, ValueError):
        return False
    return True
