"""Foreign text with escapes, so that it can be shown or written."""

import json


def printable(text: str) -> str:
    """Foreign text with characters escaped that break the line, move the cursor or change its direction."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def encodable(text: str) -> str:
    """The text with lone surrogates, from file names or from HAR, as escapes, so that it can be written."""
    return text.encode("utf-8", "backslashreplace").decode()


def printable_json(text: str) -> str:
    """JSON on one line, with the characters within its strings escaped that `printable` would escape."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else json.dumps(character)[1:-1] for character in text
    )
