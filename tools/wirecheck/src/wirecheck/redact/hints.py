"""Which strings of a JSON text may have secrets within them: few, and found fast.

What is nested in a string is secret by a name before it, by its shape, as the key of an object or as the
password in a URL. A string without a sign of any of them has none. Escapes that may hide a sign count as one;
behind the others, letters and digits stay together.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from wirecheck.masking.names import Names, alternatives

_NAME = re.compile(r"[\w.-]{1,100}+")
_AROUND = 100  # characters of a name before and behind a piece of it
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
# Signs are looked for in lower case, in which a kelvin sign and a dotted capital I have letters of ASCII.
# The beginnings of what `credentials` finds:
_SHAPES = frozenset(
    {
        *("eyj", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat", "glpat", "sk_live_", "sk_test_"),
        *("rk_live_", "rk_test_", "pk_live_", "pk_test_", "whsec", "sk-", "sk%2d", "xox", "xapp", "akia"),
        *("asia", "aiza", "ya29", "sg.", "sg%2e", "npm_", "pypi", "hvs.", "hvs%2e", "hvb.", "hvb%2e"),
        *("shpat_", "shpss_", "shpca_", "shppa_", "dop_v1"),
    }
)
_OTHERS = re.compile(
    # escapes in JSON of a backslash and of ASCII, and those in URLs of letters, digits and percent signs
    r"\\\\|\\u00[0-7]|\\u212a|\\u0130|%25|%3[0-9]|%[4-7]|%e2%84%aa|%c4%b0"
    # webhooks, objects, passwords of users, and parts of forms whose names are cut off
    r'|/b[a-z0-9]{8}|%2fb[a-z0-9]{8}|\{(?:\s|\\[nrt])*+\\"|@(?<=[^\s"/?#@]@)(?<!\\[nrt]@)'
    r'|=(?<=name=)(?=(?:\\")?+[^"]{100})|%3d(?<=name%3d)(?=(?:\\"|%22)?+[^"]{100})'
)


def hinted(text: str, names: Names) -> Iterator[str]:
    """The strings of JSON, with their quotes and escapes, that may have secrets within them."""
    lower = text.replace("\u0130", "I").lower()  # it is two characters in lower case
    if len(lower) != len(text):
        yield from (match[0] for match in _STRING.finditer(text))
        return
    words, pieces = _words(names.pieces)
    ends = dict[int, int]()  # of strings, by their starts
    for signs in (words, _OTHERS):
        match = signs.search(lower)
        while match:
            end = match.end()
            if match[0] not in pieces or _is_part_of_name(text, *match.span(), names):
                string = _STRING.match(text, _start(text, match.start()))
                if string:
                    ends[string.start()] = end = string.end()
            match = signs.search(lower, end)
    yield from (text[start:end] for start, end in sorted(ends.items()))


@lru_cache(maxsize=16)
def _words(pieces: frozenset[str]) -> tuple[re.Pattern[str], frozenset[str]]:
    """An expression for shapes and pieces of names, and those that are pieces alone."""
    alone = {piece for piece in pieces if not any(shape.startswith(piece) for shape in _SHAPES)}
    return re.compile(alternatives(_SHAPES | pieces)), frozenset(alone)


def _is_part_of_name(text: str, start: int, end: int, names: Names) -> bool:
    """Whether the name around a piece may be one of a secret; a name that begins with an escape may be."""
    before = _NAME.match(text[max(0, start - _AROUND) : start][::-1])
    behind = _NAME.match(text, end)
    first = start - before.end() if before else start
    return text[first - 1] in "\\%" or names.may_name(text[first : behind.end() if behind else end])


def _start(text: str, index: int) -> int:
    """Where the string begins that an index of a JSON text is in."""
    while True:
        index = text.rfind('"', 0, index)
        first = index
        while first > 0 and text[first - 1] == "\\":
            first -= 1
        if (index - first) % 2 == 0:
            return index
