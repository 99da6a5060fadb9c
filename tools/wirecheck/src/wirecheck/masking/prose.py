"""Secrets in sentences: after a word that names them, or after the scheme of a credential."""

import re
from collections.abc import Iterator

from .names import SCHEMES, Names, is_number
from .shapes import is_random, is_words

_WORD = re.compile(r"[^\s\"'`()<>,;&#\[\]{}]+")
_FILLERS = frozenset({"is", "was", "of", "value", "with", "=", ":"})
_SHORTEST = 6  # characters of a secret in a sentence
_LONG = 12  # of one that consists of letters in lower case
_SPOKEN = re.compile(r"[^\W\d_]+[.:!?=]*")
_UNSPEAKABLE = re.compile(r"[b-df-hj-np-tv-xz]{5}")
_SHORTEST_NUMBER = 4  # digits of a PIN


def after_words(text: str, names: Names) -> Iterator[tuple[int, int]]:
    """Where a secret follows its name; what reads like words never does."""
    matches = list(_WORD.finditer(text))
    for index, match in enumerate(matches):
        whole = match[0]
        if len(whole) < _SHORTEST_NUMBER or _is_spoken(whole):
            continue
        word = whole.rstrip(".:!?=").lstrip("=:")
        if len(word) < _SHORTEST_NUMBER:
            continue
        start = match.end() - len(whole.lstrip("=:"))
        name, colon, value = word.rpartition(":")
        if colon and "//" not in word and _names_secret(names, "", name) and is_random(value, _SHORTEST):
            yield start + len(name) + 1, start + len(word)
        elif _follows(names, *_before(matches, index), word):
            yield start, start + len(word)


def _is_spoken(word: str) -> bool:
    return word.islower() and _SPOKEN.fullmatch(word) is not None and not _UNSPEAKABLE.search(word)


def _before(matches: list[re.Match[str]], index: int) -> tuple[str, str]:
    """The two words before one, without fillers; empty where there are none."""
    words = ["", ""]
    found = 2
    while index > 0 and found > 0:
        index -= 1
        word = matches[index][0].rstrip(".:!?=").lstrip("=:")
        if word and word.lower() not in _FILLERS:
            found -= 1
            words[found] = word
    return words[0], words[1]


def _follows(names: Names, before: str, last: str, word: str) -> bool:
    """Whether a word is a secret by the two words before it."""
    if is_number(f"{before}-{last}", word):
        return True
    if last.lower() in SCHEMES and len(word) > _SHORTEST and not is_words(word):
        return True
    is_secret = is_random(word, _SHORTEST) or (len(word) >= _LONG and _UNSPEAKABLE.search(word) is not None)
    return is_secret and _names_secret(names, before, last)


def _names_secret(names: Names, before: str, last: str) -> bool:
    return bool(last) and (names.strength(last) > 0 or names.strength(f"{before}-{last}") > 0)
