"""What to say about a name that does not exist."""

from collections.abc import Iterable

import click


def unknown(kind: str, name: str, names: Iterable[str]) -> click.BadParameter:
    """An error that suggests the names that are most like the one given, or lists all of them."""
    import difflib

    names = sorted(names)
    close = difflib.get_close_matches(name, names, n=3)
    hint = f"Did you mean {' or '.join(close)}?" if close else f"There are: {', '.join(names)}."
    return click.BadParameter(f"there is no {kind} {name!r}. {hint}")
