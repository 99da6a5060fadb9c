"""Pseudonyms of secrets: the same for the same secret, and alike in length and in the kinds of characters."""

import hashlib
import re
from collections.abc import Iterator
from string import ascii_lowercase, digits

from wirecheck.masking.spellings import GRAM, Grams, Plain

_ATTEMPTS = 200
_HEXADECIMAL = "abcdef"
_LAST_BYTE = re.compile(r"(?<=[\x80-\xff])[\x80-\xbf](?![\x80-\xbf])")  # of a character in UTF-8
_LAST_BYTES = "".join(map(chr, range(0xB0, 0xB9)))  # that any character may have, and no invisible one has
_WORD = re.compile(r"[^+\s\"'/,;:=&?<>()\[\]{}]+")  # a plus is a space
_SCHEME = re.compile(r"(?:bearer|basic|token|oauth|negotiate|dpop|apikey)[ +]+", re.IGNORECASE)
# What says of which kind a secret is, or whose, and stays: the beginnings of well-known tokens and keys, a
# number before a token, and hosts.
_KIND = re.compile(
    r"eyj|gh[pousr]_|github_pat_|glpat-|[srp]k_(?:live|test)_|whsec_|sk-|xox[a-z]-|xapp-|a(?:kia|sia)|aiza"
    r"|ya29\.|sg\.|npm_|pypi-|hv[sb]\.|shp(?:at|ss|ca|pa)_|dop_v1_|https?://[^/?#]*|[0-9]{1,20}[.|:](?=[\w.-]{0,40}?[0-9a-z]{16})"
    r"|-----begin[a-z +]{0,30}private[ +]key(?:[ +]block)?-----",
    re.IGNORECASE,
)

Hit = tuple[int, int]
"""Start and end in a plain text."""


def scheme_size(text: str) -> int:
    """How many characters of credentials are their scheme, which is no secret."""
    scheme = _SCHEME.match(text)
    return scheme.end() if scheme else 0


def bare(secret: str) -> str:
    """A secret without what is not secret of it: the scheme of credentials, and its kind."""
    secret = secret[scheme_size(secret) :]
    return secret[kind.end() :] if (kind := _KIND.match(secret)) else secret


def key(secret: str) -> str:
    """What all spellings of a secret have in common."""
    return core(Plain(secret).text)


def core(plain: str) -> str:
    """The key of a secret in a plain text: in lower case, without a scheme and without signs around it."""
    plain = plain[scheme_size(plain) :].lower()
    ends = [index for index, sign in enumerate(plain) if _is_alphanumeric(sign) or not sign.isascii()]
    return plain[ends[0] : ends[-1] + 1] if ends else plain


def is_replaceable(plain: str) -> bool:
    """Whether enough of a secret is letters and digits, or beyond ASCII: the rest is not replaced."""
    replaced = sum(map(_is_alphanumeric, plain)) + len(_LAST_BYTE.findall(plain))
    return bool(replaced) and 4 * replaced >= len(plain)


def _is_alphanumeric(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


class SecretKeys:
    """Keys of secrets, found in plain texts: those of GRAM characters anywhere, others as words."""

    def __init__(self) -> None:
        self._long: dict[str, list[str]] = {}
        self._grams = Grams()
        self._words = set[str]()

    def add(self, key: str) -> None:
        if len(key) < GRAM:
            self._words.add(key)
        elif key not in (alike := self._long.setdefault(key[:GRAM], [])):
            self._grams.add(key[:GRAM])
            alike.append(key)
            alike.sort(key=len, reverse=True)

    def hits(self, lower: str) -> Iterator[Hit]:
        """Where a plain text in lower case has keys, in no order."""
        if self._words:
            yield from (match.span() for match in _WORD.finditer(lower) if match[0] in self._words)
        for start, gram in self._grams.found(lower):
            for key in self._long[gram]:
                if lower.startswith(key, start):
                    yield start, start + len(key)


class Pseudonyms:
    """The pseudonyms of one run, in the order in which the secrets appear.

    A letter stands for a letter, one of a to f if all letters of the secret are, and a digit for a digit;
    of characters beyond ASCII the last byte is replaced, which keeps the script. Others stay, and so does the
    beginning that says of which kind the secret is. A secret within another one has the same pseudonym there.
    Nothing of the secret but this goes into its pseudonym.
    """

    def __init__(self) -> None:
        self._known = SecretKeys()
        self._of = dict[str, str]()
        self._taken = set[str]()
        self._count = 0

    def of(self, key: str, within: SecretKeys | None = None) -> str:
        """The pseudonym of a key, in lower case; ``within`` are more secrets that it may contain."""
        if (pseudonym := self._of.get(key)) is None:
            hits = [*self._known.hits(key), *(within.hits(key) if within else ())]
            inner = [(start, end) for start, end in hits if end - start < len(key)]
            pseudonym = self._of[key] = self._new(key, {start: key[start:end] for start, end in inner})
            self._taken.add(pseudonym)
        return pseudonym

    def remember(self, key: str) -> None:
        """Replaces a secret from now on wherever it appears, if it is long enough to be recognised."""
        if len(key) >= GRAM:
            self._known.add(key)

    def hits(self, lower: str) -> Iterator[Hit]:
        """Where a plain text in lower case has secrets that are remembered."""
        return self._known.hits(lower)

    def _new(self, key: str, inner: dict[int, str]) -> str:
        alphabets = list(_alphabets(key))
        for start, secret in inner.items():
            alphabets[start : start + len(secret)] = self.of(secret)
        pseudonym = key
        for _ in range(_ATTEMPTS):  # a short secret may have no free pseudonym: it then shares one
            self._count += 1
            drawn = hashlib.shake_256(b"%d" % self._count).digest(len(key))
            signs = zip(drawn, alphabets, strict=True)
            pseudonym = "".join(alphabet[number % len(alphabet)] for number, alphabet in signs)
            if pseudonym not in self._taken and pseudonym not in self._of and pseudonym != key:
                break
        return pseudonym


def _alphabets(key: str) -> Iterator[str]:
    """The signs that may stand for each sign of a key; a number remains one, without a zero before it."""
    kind = _KIND.match(key)
    kept = kind.end() if kind else 0
    letters = {sign for sign in key[kept:] if sign in ascii_lowercase}
    letter = _HEXADECIMAL if letters.issubset(_HEXADECIMAL) else ascii_lowercase
    before = ""
    last_bytes = {match.start() for match in _LAST_BYTE.finditer(key)}
    for index, sign in enumerate(key):
        if index in last_bytes:
            yield _LAST_BYTES
        elif index < kept or not _is_alphanumeric(sign):
            yield sign
        elif sign.isalpha():
            yield letter
        elif before.isdigit():
            yield digits
        else:
            yield sign if sign == "0" else digits[1:]
        before = sign
