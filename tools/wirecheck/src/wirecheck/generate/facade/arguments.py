"""The arguments of a method."""

import ast
import keyword
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wirecheck.generate.facade.properties import type_of
from wirecheck.generate.facade.text import sentence

if TYPE_CHECKING:
    from openapi_python_client.parser.properties import Property


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method, all in code; ``default`` is None where it is required."""

    name: str
    type: str
    default: str | None
    text: str

    @property
    def declaration(self) -> str:
        return f"{self.name}: {self.type}" + ("" if self.default is None else f" = {self.default}")


def natural(properties: "Sequence[Property]", taken: Collection[str]) -> Mapping[str, str]:
    """Names for arguments, by those that the generator gives them: as on the wire, where that can be.

    The generator is shy of more: of ``object`` and all other builtins, of ``url``, of ``client``.
    """
    from openapi_python_client.strings import snake_case

    wished = {str(one.python_name): snake_case(one.name) for one in properties}
    names = {}
    for stock, name in wished.items():
        others = {word for other, wish in wished.items() if other != stock for word in (other, wish)}
        possible = name.isidentifier() and not keyword.iskeyword(name) and name not in {*taken, *others}
        names[stock] = name if possible else stock
    return names


def argument(one: "Property", names: Mapping[str, str]) -> Argument:
    from openapi_python_client.parser.properties import LiteralEnumProperty

    default = None if one.required else "UNSET"
    given = one.default.python_code.as_unembedded_code() if one.default else ""
    if _is_literal(given):  # a date is none: without it, the server knows its default
        default = given
    elif isinstance(one, LiteralEnumProperty) and one.required and len(one.values) == 1:
        default = repr(next(iter(one.values)))
    text = one.description.get_untrusted_value() if one.description else ""
    return Argument(names[str(one.python_name)], type_of(one), default, sentence(text))


def passed_on(one: "Property", names: Mapping[str, str]) -> str:
    """To what the generator writes, in code; a credential, which has no name, is put in later."""
    stock = str(one.python_name)
    return f"{stock}=" + names.get(stock, '""')


def _is_literal(code: str) -> bool:
    try:
        ast.literal_eval(code)
    except (SyntaxError, ValueError):
        return False
    return True
