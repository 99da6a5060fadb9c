"""Ids that contain their creation time, and the shortcodes in links (docs/sources.md, section 6)."""

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_EPOCH = 1314220021721  # 2011-08-24T21:07:01.721Z, in milliseconds
_SHARD_BITS, _SEQUENCE_BITS = 13, 10
LARGEST = (1 << 63) - 1


def make(milliseconds: int, shard: int, sequence: int) -> int:
    """A 64-bit id: 41 bits of time, 13 of shard, 10 of sequence."""
    time = (milliseconds - _EPOCH) << (_SHARD_BITS + _SEQUENCE_BITS)
    return time | shard % (1 << _SHARD_BITS) << _SEQUENCE_BITS | sequence % (1 << _SEQUENCE_BITS)


def milliseconds(number: int) -> int:
    """The creation time of an id, in UNIX milliseconds."""
    return (number >> (_SHARD_BITS + _SEQUENCE_BITS)) + _EPOCH


def shortcode(number: int) -> str:
    """An id in base 64, big-endian, without padding."""
    code = ""
    while number:
        number, digit = divmod(number, 64)
        code = _ALPHABET[digit] + code
    return code or _ALPHABET[0]


def from_shortcode(code: str) -> int | None:
    """The id of a shortcode. That of a private post is longer; the id is in its first 11 characters."""
    value = 0
    for character in code[:11]:
        digit = _ALPHABET.find(character)
        if digit < 0:
            return None
        value = value * 64 + digit
    return value if code and value <= LARGEST else None


def number(text: str) -> int | None:
    """The number in a string of digits; None for other strings, and beyond 63 bits."""
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    value = int(text)
    return value if value <= LARGEST else None
