"""Identifiers that carry their time, and the codes in links (facts: section 6)."""

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_EPOCH = 1314220021721  # 2011-08-24T21:07:01.721Z, in milliseconds
_SHARD_BITS, _SEQUENCE_BITS = 13, 10
LARGEST = (1 << 63) - 1


def make(milliseconds: int, shard: int, sequence: int) -> int:
    """A 64-bit id: 41 bits of time, 13 of shard, 10 of sequence."""
    time = (milliseconds - _EPOCH) << (_SHARD_BITS + _SEQUENCE_BITS)
    return time | shard % (1 << _SHARD_BITS) << _SEQUENCE_BITS | sequence % (1 << _SEQUENCE_BITS)


def milliseconds(number: int) -> int:
    """The UNIX time in milliseconds at which an id was made."""
    return (number >> (_SHARD_BITS + _SEQUENCE_BITS)) + _EPOCH


def shortcode(number: int) -> str:
    """An id in base 64, big-endian, without padding."""
    code = ""
    while number:
        number, digit = divmod(number, 64)
        code = _ALPHABET[digit] + code
    return code or _ALPHABET[0]


def from_shortcode(code: str) -> int | None:
    """The id of a code; a private post's is longer than 11 characters, its id is in the first 11."""
    value = 0
    for character in code[:11]:
        digit = _ALPHABET.find(character)
        if digit < 0:
            return None
        value = value * 64 + digit
    return value if code and value <= LARGEST else None


def number(text: str) -> int | None:
    """The number that a string of digits spells; None where it is none, or beyond 63 bits."""
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    value = int(text)
    return value if value <= LARGEST else None
