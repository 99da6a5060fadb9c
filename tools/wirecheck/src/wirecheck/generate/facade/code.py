"""Python, written down."""

import keyword
import re


def code(name: str, /, *arguments: str, **named: str | None) -> str:
    """A call in code; what is None is left out."""
    given = (f"{key}={value}" for key, value in named.items() if value is not None)
    return f"{name}({', '.join([*arguments, *given])})"


def literal(value: object) -> str | None:
    """A value in code; None for what is empty, and so is the default."""
    return repr(value) if value else None


def identifier(name: str) -> str:
    """A name of the document in snake_case, with underscores where Python needs them."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
    made = "_".join(words).lower() or "value"
    return f"{made}_" if keyword.iskeyword(made) else made if made[0].isalpha() else f"_{made}"
