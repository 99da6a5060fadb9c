"""Identifiers that carry a number, and in it the time of their creation (x-identifier)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """How to read an identifier. Its number is the run of digits at its beginning."""

    bits: int
    alphabet: str = ""  # the digits of the short form, by value
    epoch: int | None = None  # UNIX milliseconds of time zero
    shift: int = 0  # bits below the milliseconds
    minimum: int = 0  # smaller numbers carry no time

    def number(self, identifier: str) -> int:
        """The number in an identifier. Raises ValueError."""
        digits = re.match("[0-9]+", identifier)
        if digits is None or int(digits[0]) >> self.bits:
            raise ValueError(f"{identifier!r} does not begin with a number of {self.bits} bits")
        return int(digits[0])

    def to_short(self, identifier: str) -> str:
        """The short form of an identifier. Raises ValueError."""
        rest, base, short = self.number(identifier), self._base(), ""
        while rest or not short:
            rest, digit = divmod(rest, base)
            short = self.alphabet[digit] + short
        return short

    def from_short(self, short: str) -> str:
        """The number that a short form stands for; characters beyond its maximum length are ignored.

        Raises ValueError.
        """
        base = self._base()
        longest = ceil(self.bits / (base.bit_length() - 1))
        number = 0
        for letter in short[:longest]:
            value = self.alphabet.find(letter)
            if value < 0:
                raise ValueError(f"{short!r} is not a short form: {letter!r}")
            number = number * base + value
        if not short or number >> self.bits:
            raise ValueError(f"{short!r} does not stand for a number of {self.bits} bits")
        return str(number)

    def created_at(self, identifier: str) -> datetime:
        """The time when an identifier was created, to the millisecond. Raises ValueError if it has none."""
        number = self.number(identifier)
        if self.epoch is None or number < self.minimum:
            raise ValueError(f"{identifier!r} does not contain a creation time")
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=self.epoch + (number >> self.shift))

    def _base(self) -> int:
        if not self.alphabet:
            raise ValueError("these identifiers do not have a short form")
        return len(self.alphabet)
