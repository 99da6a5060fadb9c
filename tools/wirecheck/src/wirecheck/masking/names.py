"""The table of names whose values are secret; names are compared by word, in any case and spelling."""

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise


class Strength(IntEnum):
    """How much a name says about its value."""

    NONE = 0
    WEAK = 1  # secret only if the value looks like one
    STRONG = 2  # secret, whatever the value


def _table(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that make a name secret wherever they stand in it.
_SECRET = _table(
    """
    token tok secret password passwd pwd passphrase passcode bearer csrf xsrf jwt hmac authorization
    credential signature sig assertion otp totp verifier nonce cvv cvc pw pwhash psk kek mnemonic
    """
)
# Words that make it secret at its end.
_LAST = _table("cookie")
# Words at the end that say little: the value decides.
_WEAK = _table(
    """
    session sid auth oauth pin pass csrfmiddleware saml login tokens secrets passwords
    credentials signatures sessions cookies nonces
    """
)
# Words that are secret only behind one of some others, as in api_key, sessionid or x-recovery-code.
_COMPOUNDS = {
    "key": _table(
        """
        api private secret access signing signature encryption enc aes cipher crypto master root auth
        session sess service app application consumer shared license licence activation storage deploy
        webhook ssh rsa kms symmetric proof subscription client admin server stream playback recovery
        account partner tenant hash hmac otp totp mfa verification security decryption pgp gpg sas
        """
    ),
    "code": _table("auth authorization verification recovery backup device mfa 2fa fa sms passcode"),
    "id": _table("session sess"),
    "tok": _table("auth access bearer refresh id session sess"),
    "ticket": _table("login auth sso session service cas"),
    "response": _table("saml"),
    "answer": _table("security secret recovery"),
    "phrase": _table("recovery mnemonic seed secret backup"),
    "handle": _table("session"),
    "pat": _table("github gitlab azure"),
    "string": _table("connection"),
}
_JOINED = tuple(before + word for word, befores in _COMPOUNDS.items() for before in befores)
# Words before a key that is none; behind other words, its value decides.
_PLAIN_KEYS = _table(
    """
    public primary foreign sort partition cache idempotency row object group map routing translation
    message event field column property config lookup index hot natural unique composite surrogate
    candidate search range lang language locale label tag feature issue project item node any each by
    """
)
# Words in the plural, whose values decide.
_CODES = _table("backup recovery scratch")
# Ends of words that are written without a separator.
_ENDS = (
    *_table(
        """
        token secret password passwd passphrase passcode csrf xsrf jwt credential signature
        authorization assertion verifier nonce cookie pwd otp hmac psk cvv
        """
    ),
    *_JOINED,
)
# The same, where the value decides; and words with such an end that are no secret.
_WEAK_ENDS = ("pass", "pin", "session", "key", "backupcodes", "recoverycodes", "scratchcodes")
_NOT_WEAK = {
    *_table(
        """
        compass bypass trespass surpass encompass overpass underpass spin obsession possession
        key monkey donkey turkey hockey jockey whiskey hotkey lackey keykey
        """
    ),
    *(f"{before}key" for before in _PLAIN_KEYS),
}
# A word within a longer one, such as passwordconfirm, unless it goes on so.
_PASSWORD = re.compile(r"(?:password|passwd|passphrase)(?!s$)([a-z]+)")
_NO_PASSWORDS = _table(
    "less based protected manager management auth authentication forgotten recovery field hint strategy"
)
_TAIL = re.compile(r"(?<=.{3})(?:value|data|hash|hex|string|raw|sha|salt)+$")
# Words at the end of a name that describes a secret without being one.
_DESCRIPTIVE = _table(
    """
    type types kind name names count counts total limit limits length size url uri urls uris
    endpoint endpoints path expires expiry in expiration expired expire at on date time ttl lifetime
    age created updated issued until seconds method methods policy policies algorithm alg algorithms
    version status error errors message description title label required enabled disabled allowed
    supported valid invalid verified scope scopes audience issuer budget usage used use remaining
    index position format provider domain input strength mode max min rules consent reset changed
    missing authenticate present encoding headers state leeway skew window interval attempts retries
    """
)
_QUESTIONS = _table("has is needs requires allow allows can num max min total supports")
_NUMBERS = _table("pin otp totp passcode cvv cvc")
_FILLERS = _table("id value data hash hex string raw v sha")
# Words before a credential in a sentence.
SCHEMES = _table("bearer basic token oauth negotiate dpop apikey")
# Segments of paths in links that are mailed, before a secret.
_LINKS = _table(
    "verify verification confirm confirmation activate activation reset recover unsubscribe unlock magic"
)
# Members beside a code in a grant of OAuth 2, and the parameter beside one in a redirect.
GRANT = ("grant_type", "redirect_uri", "code_verifier")
_STATE = re.compile(r"(?:^|[?&#;]|%3F|%26|%23|\\u0026)state(?:=|%3D)", re.IGNORECASE)
_LONGEST = 200  # characters of a name
_LONGEST_SIMPLE = 100  # characters of a name that is certain to be whole
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[a-z0-9]+")
_VERSION = re.compile(r"(?:(?<=[a-z]{3})v)?(?<!\d)\d++$")
# Words that may make a name secret wherever they stand in one of its parts.
_ANYWHERE = _LAST | _NUMBERS | _LINKS | SCHEMES
# The same at the end of a part, before a word that is too short to be looked for.
_OPENINGS = _COMPOUNDS["id"] | _COMPOUNDS["pat"]


def _shortest(pieces: Iterable[str]) -> frozenset[str]:
    """The pieces that contain no other one."""
    shortest: list[str] = []
    for piece in sorted(pieces, key=len):
        if not any(other in piece for other in shortest):
            shortest.append(piece)
    return frozenset(shortest)


# In each name of a secret there is one of these.
_PIECES = _shortest(
    (
        *(_SECRET | _WEAK | _ANYWHERE | _OPENINGS | _COMPOUNDS.keys() - {"id", "pat"}),
        *(*_ENDS, *_WEAK_ENDS, "codes", "password", "passwd", "passphrase"),
    )
)


def alternatives(words: Iterable[str]) -> str:
    """An expression for some words; each of its branches begins with another character, for speed."""
    branches = dict[str, set[str]]()
    for word in words:
        branches.setdefault(word[0], set()).add(word[1:])
    expressions = []
    for first, rests in sorted(branches.items()):
        further = "" if "" in rests else alternatives(rests)
        expressions.append(re.escape(first) + (f"(?:{further})" if "|" in further else further))
    return "|".join(expressions)


@lru_cache(maxsize=16)
def _any_of(pieces: frozenset[str]) -> re.Pattern[str]:
    return re.compile(alternatives(pieces))


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without numbers and versions at their ends."""
    parts: list[str] = _WORD.findall(_HUMPS.sub(" ", name[:_LONGEST]).lower())
    return tuple(word for word in (_VERSION.sub("", part) for part in parts) if word)


class Names:
    """The table, extended by more names, which are compared by word as well.

    ``code`` is in it only ``with_codes``: where it is that of OAuth 2 (RFC 6749, 4.1.2), not of an error, a
    coupon or a country.
    """

    def __init__(self, more: Iterable[str] = (), *, with_codes: bool = False) -> None:
        self._with_codes = with_codes
        more = tuple(more)
        self.with_codes: Names = self if with_codes else Names(more, with_codes=True)
        spellings = ((tuple(_WORD.findall(name.lower())), words(name)) for name in more)
        self._more = frozenset(spelling for pair in spellings for spelling in pair) - {()}
        self._words_of_more = frozenset(word for spelling in self._more for word in spelling)
        self.pieces = _PIECES.union(max(spelling, key=len) for spelling in self._more)
        self._piece = _any_of(self.pieces)
        self.strength = lru_cache(maxsize=4096)(self._strength)
        self.word_has_piece = lru_cache(maxsize=4096)(self.has_piece)  # of which few are met often
        self.is_mentioned = lru_cache(maxsize=4096)(self._is_mentioned)
        self.may_name = lru_cache(maxsize=4096)(self._may_name)

    def _strength(self, name: str) -> Strength:
        """How much a name says about its value; the parts of ``user[token]`` are one name."""
        if len(name) > _LONGEST or not self.has_piece(name):
            return Strength.NONE
        parts = words(name)
        if self._is_added(name):
            return Strength.STRONG
        return Strength.WEAK if self._with_codes and parts == ("code",) else _by_table(parts)

    def of(self, text: str) -> "Names":
        """The names for a text: with codes where it is a redirect or a grant of OAuth 2."""
        if self._with_codes or "code" not in text:
            return self
        is_grant = any(member in text for member in GRANT)
        return self.with_codes if is_grant or ("state" in text and _STATE.search(text)) else self

    def _is_added(self, name: str) -> bool:
        if not self._more:
            return False
        return any(
            spelling[start : start + len(added)] == added
            for spelling in {tuple(_WORD.findall(name.lower())), words(name)}
            for added in self._more
            for start in range(len(spelling) - len(added) + 1)
        )

    def has_piece(self, text: str) -> bool:
        """Whether a text has one of the ``pieces``, as each name of a secret and each word of a link has."""
        return self._piece.search(text.lower()) is not None

    def _is_mentioned(self, segment: str) -> bool:
        """Whether a segment of a path mentions a secret, as in ``/password-reset/SECRET``."""
        parts = list(words(segment))
        while len(parts) > 1 and parts[-1] in _DESCRIPTIVE:
            parts.pop()
        return self.strength(segment) > 0 or _by_table(parts) > 0

    def _may_name(self, part: str) -> bool:
        """Whether a name may be secret of which this is a part, whatever is before and behind it.

        Each name of a secret has such a part, which has one of the ``pieces``, in some case.
        """
        parts = words(part)
        if len(part) > _LONGEST_SIMPLE or (parts and (parts[0] in _COMPOUNDS or parts[-1] in _OPENINGS)):
            return True
        if not _ANYWHERE.isdisjoint(parts) or any(map(_is_strong, parts)):
            return True
        if not self._words_of_more.isdisjoint((*parts, *_WORD.findall(part.lower()))):
            return True
        pairs = pairwise(("backup", *parts))  # a word before the first one that makes it weak
        return any(_is_strong_pair(pair) or _is_weak(pair) for pair in pairs)


def is_link(segment: str) -> bool:
    """Whether a segment of a path may precede a secret in a link that is mailed, as in ``/verify/SECRET``."""
    return not _LINKS.isdisjoint(words(segment)[:1])


def is_number(name: str, value: str) -> bool:
    """Whether a value is the number of a PIN or of a one-time password."""
    return value.isdecimal() and 4 <= len(value) <= 8 and not _NUMBERS.isdisjoint(words(name))


def _is_strong(word: str) -> bool:
    if not _SECRET.isdisjoint((word, bare := _TAIL.sub("", word))) or bare.endswith(_ENDS):
        return True
    password = _PASSWORD.search(word)
    return password is not None and password[1] not in _DESCRIPTIVE and password[1] not in _NO_PASSWORDS


def _is_strong_pair(pair: tuple[str, str]) -> bool:
    before, word = pair
    return before in _COMPOUNDS.get(word, ())


def _is_weak(parts: Sequence[str]) -> bool:
    last = parts[-1] if parts[-1] in _WEAK else _TAIL.sub("", parts[-1])
    if last in ("codes", "key") and len(parts) > 1:
        return parts[-2] in _CODES if last == "codes" else parts[-2] not in _PLAIN_KEYS
    return (
        last in _WEAK
        or (last.endswith(_WEAK_ENDS) and last not in _NOT_WEAK)
        or last.startswith(("aspsession", "wordpress_logged"))
    )


def _by_table(parts: Sequence[str]) -> Strength:
    if not parts or parts[-1] in _DESCRIPTIVE or (len(parts) > 1 and parts[0] in _QUESTIONS):
        return Strength.NONE
    if parts[-1] in _LAST or any(map(_is_strong, parts)) or any(map(_is_strong_pair, pairwise(parts))):
        return Strength.STRONG
    core = list(parts)
    while len(core) > 1 and core[-1] in _FILLERS:
        core.pop()
    return Strength.WEAK if _is_weak(core) else Strength.NONE
