"""The singular of a plural, for the names of what a list has."""

import re

_UNRULY = {"cookies", "movies", "news", "series", "species"}
_NO_PLURALS = ("ss", "us", "is")
_ENDINGS = {"ies": "y", "sses": "ss", "shes": "sh", "ches": "ch", "xes": "x", "tatuses": "tatus"}


def singular(name: str) -> str | None:
    """A name with its last word in the singular: ``booking passengers`` gives booking passenger.

    None where the last word is no plural, or one whose singular no rule gives.
    """
    match = re.search(r"[A-Z]?[a-z]{3,}$", name)
    word = match[0].lower() if match else ""
    if not word.endswith("s") or word in _UNRULY or word.endswith(_NO_PLURALS):
        return None
    for ending, other in _ENDINGS.items():
        if word.endswith(ending):
            return name[: -len(ending)] + other
    return name[:-1]
