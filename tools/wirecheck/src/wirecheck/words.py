"""The words of a name in the document, identifiers made of them, and nouns behind numbers."""

import keyword
import re
import unicodedata
from collections.abc import Iterable, Sequence

Words = tuple[str, ...]
"""Words in lower case."""

_BRANDS = {"OAuth": "Oauth", "GitHub": "Github", "GraphQL": "Graphql", "QoS": "Qos"}
_PLURALS = {"children", "data", "media", "people"}
_UNRULY = {"cookies", "movies", "series", "species"}
_ENDINGS = {"ies": "y", "sses": "ss", "shes": "sh", "ches": "ch", "xes": "x", "tatuses": "tatus"}
_VOWELS = frozenset("aeiouy")
_ENDING = re.compile(r"(?:\.(?:json|xml|ya?ml|csv))?/?\Z", re.IGNORECASE)
_SINGULAR_ENDINGS = ("ss", "us", "is", "news")


def words(text: str) -> Words:
    """The words of a name in camelCase, snake_case, kebab-case or prose.

    Accents are dropped; letters that are not Latin stay. Everything else separates words.
    """
    for brand, word in _BRANDS.items():
        text = text.replace(brand, word)
    folded = "".join(map(_folded, unicodedata.normalize("NFKC", text)))
    parts = re.findall(r"[^\W_]+", folded)
    return tuple(word.lower() for part in parts for word in _split(part))


def without_ending(path: str) -> str:
    """A path without a format or a slash at its end: ``/posts/{id}`` of ``/posts/{id}.json``."""
    return _ENDING.sub("", path, count=1)


def stem(word: str) -> str:
    """What singular and plural of a word have in common, for comparisons only."""
    if is_plural((word,)) and word not in _PLURALS:
        word = f"{word[:-3]}y" if word.endswith("ies") else word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def stems(names: Iterable[str]) -> Words:
    """The stem of each word."""
    return tuple(map(stem, names))


def is_plural(name: Sequence[str]) -> bool:
    """Whether the last word looks like a plural."""
    last = name[-1] if name else ""
    has_ending = last.endswith("s") and len(last) > 2 and not last.endswith(_SINGULAR_ENDINGS)
    return last in _PLURALS or (has_ending and not _VOWELS.isdisjoint(last))  # DNS and TLS are none


def singular(name: str) -> str | None:
    """A name with its last word in the singular: ``booking passengers`` gives booking passenger.

    None where the last word is no plural, or one whose singular no rule gives.
    """
    last = words(name)[-1:]
    word = "".join(last)
    if not is_plural(last) or word in _PLURALS | _UNRULY or not name.lower().endswith(word):
        return None
    for ending, other in _ENDINGS.items():
        if word.endswith(ending):
            return name[: -len(ending)] + other
    return name[:-1]


def identifier(name: Sequence[str]) -> str:
    """An identifier in snake_case, ``x`` for no words; an underscore follows a keyword."""
    text = "_".join(name) or "x"
    if not text[0].isidentifier():
        text = f"n{text}"
    return f"{text}_" if keyword.iskeyword(text) else text


def _folded(character: str) -> str:
    """A letter without accents where that is ASCII; a space for what no identifier can have."""
    base = unicodedata.normalize("NFKD", character)[0]
    if base.isascii():
        return base
    return character if f"x{character}".isidentifier() else " "


def _split(part: str) -> Iterable[str]:
    """The words of a part without separators."""
    start = 0
    for index in range(1, len(part)):
        before, here, after = part[index - 1], part[index], part[index + 1 : index + 2]
        is_start = (
            here.isupper()
            and (
                not before.isupper()  # bookingId
                or (after.islower() and part[index + 1 :] != "s")  # HTTPServer, but not IDs
            )
        )
        if is_start:
            yield part[start:index]
            start = index
    yield part[start:]


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun; the plural is the noun with an s where it is not given."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
