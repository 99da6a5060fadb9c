"""Pieces of Python code."""

import json
import keyword
import re
from typing import Any


def code(name: str, /, *arguments: str, **named: str | None) -> str:
    """A call; arguments that are None are left out."""
    keywords = (f"{key}={value}" for key, value in named.items() if value is not None)
    return f"{name}({', '.join([*arguments, *keywords])})"


def literal(value: object) -> str | None:
    """A value; None for an empty one, which is the default."""
    return repr(value) if value else None


def quoted(text: str) -> str:
    """A string, in double quotes where that is possible."""
    return json.dumps(text, ensure_ascii=False) if text.isprintable() else repr(text)


def spelled(value: Any) -> str:
    """A value of JSON, with strings in double quotes where that is possible."""
    match value:
        case str():
            return quoted(value)
        case list():
            return f"[{', '.join(map(spelled, value))}]"
        case dict():
            members = (f"{quoted(str(name))}: {spelled(member)}" for name, member in value.items())
            return f"{{{', '.join(members)}}}"
    return repr(value)


def identifier(name: str) -> str:
    """A name of the document in snake_case, with underscores where Python needs them."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
    snake = "_".join(words).lower() or "value"
    if keyword.iskeyword(snake):
        return f"{snake}_"
    return snake if snake[0].isalpha() else f"_{snake}"
