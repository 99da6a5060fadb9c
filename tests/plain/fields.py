"""Validation of what clients send: checks of values, and readers of bodies and queries made of them."""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from plain.web import Json


class InvalidError(ValueError):
    """Says in one sentence what is wrong with a value."""


Check = Callable[[Json], Json]
"""Returns the value as it is stored, or raises InvalidError."""


def text(
    min_length: int = 0, max_length: int | None = None, pattern: str = "", form: Check | None = None
) -> Check:
    def check(value: Json) -> str:
        if not isinstance(value, str):
            raise InvalidError("Not a string.")
        if len(value) < min_length:
            raise InvalidError(f"Shorter than {min_length} characters.")
        if max_length is not None and len(value) > max_length:
            raise InvalidError(f"Longer than {max_length} characters.")
        if pattern and not re.fullmatch(pattern, value):
            raise InvalidError(f"Does not match {pattern}.")
        if form is not None:
            form(value)
        return value

    return check


def number(
    at_least: float | None = None,
    at_most: float | None = None,
    above: float | None = None,
    below: float | None = None,
    multiple_of: str = "",
) -> Check:
    def check(value: Json) -> Json:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise InvalidError("Not a number.")
        if at_least is not None and value < at_least:
            raise InvalidError(f"Less than {at_least}.")
        if at_most is not None and value > at_most:
            raise InvalidError(f"Greater than {at_most}.")
        if above is not None and value <= above:
            raise InvalidError(f"Not greater than {above}.")
        if below is not None and value >= below:
            raise InvalidError(f"Not less than {below}.")
        if multiple_of and not _is_multiple(value, Decimal(multiple_of)):
            raise InvalidError(f"Not a multiple of {multiple_of}.")
        return value

    return check


def _is_multiple(value: int | Decimal, step: Decimal) -> bool:
    """Only for values whose size is limited: a quotient beyond 28 digits cannot be computed."""
    if isinstance(value, Decimal) and value and value.adjusted() < step.adjusted():
        return False
    return Decimal(value) % step == 0


def integer(at_least: int | None = None, at_most: int | None = None) -> Check:
    """A number with a fraction of zero is an integer, too."""
    limits = number(at_least, at_most)

    def check(value: Json) -> int:
        limits(value)
        if isinstance(value, Decimal) and (value.adjusted() > 30 or value != value.to_integral_value()):
            raise InvalidError("Not an integer.")
        return int(value)

    return check


def flag(value: Json) -> bool:
    if not isinstance(value, bool):
        raise InvalidError("Not a boolean.")
    return value


def choice(*values: str) -> Check:
    def check(value: Json) -> str:
        if not isinstance(value, str) or value not in values:
            raise InvalidError(f"Not one of {', '.join(values)}.")
        return value

    return check


def nullable(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def array(of: Check, max_items: int, unique: bool = True) -> Check:
    def check(value: Json) -> list[Json]:
        if not isinstance(value, list):
            raise InvalidError("Not an array.")
        if len(value) > max_items:
            raise InvalidError(f"More than {max_items} items.")
        items = [of(item) for item in value]
        if unique and len(set(items)) < len(items):
            raise InvalidError("An item occurs twice.")
        return items

    return check


def date(value: str) -> str:
    """A full-date of RFC 3339."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", value)
    if not match or not _is_day(*map(int, match.groups())):
        raise InvalidError("Not a date.")
    return value


def _is_day(year: int, month: int, day: int) -> bool:
    """In the Gregorian calendar; the year 0 is a leap year, which Python does not know."""
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or 2000, month)[1]


_DATE_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)


def date_time(value: str) -> str:
    """A date-time of RFC 3339, with its zone; the leap second only where UTC has it."""
    match = _DATE_TIME.fullmatch(value)
    if not match:
        raise InvalidError("Not a date-time with a zone.")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    zone_hour, zone_minute = int(match[8] or 0), int(match[9] or 0)
    offset = (zone_hour * 60 + zone_minute) * (-1 if match[7] == "-" else 1)
    at_leap = (hour * 60 + minute - offset) % 1440 == 1439
    in_range = hour < 24 and minute < 60 and second < (61 if at_leap else 60)
    if not _is_day(year, month, day) or not in_range or zone_hour > 23 or zone_minute > 59:
        raise InvalidError("Not a date-time.")
    return value


def uuid(value: str) -> str:
    """A UUID of RFC 9562, in lower case."""
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value):
        raise InvalidError("Not a UUID.")
    return str(UUID(value))


# The query: text first becomes what JSON would hold.


def of_integer(value: str) -> Json:
    if not re.fullmatch(r"-?[0-9]{1,40}", value):
        raise InvalidError("Not an integer.")
    return int(value)


def of_number(value: str) -> Json:
    if not re.fullmatch(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?", value):
        raise InvalidError("Not a number.")
    return Decimal(value)


def of_flag(value: str) -> Json:
    return {"true": True, "false": False}.get(value, value)


def of_commas(value: str) -> Json:
    return value.split(",")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter: ``read`` turns its text into a value for ``check``."""

    check: Check
    read: Callable[[str], Json] = str
    default: Json = None


def read_query(parameters: Mapping[str, Parameter], query: Mapping[str, str]) -> tuple[Any, dict[str, str]]:
    """The values by name, and what is wrong with which. Unknown names are ignored."""
    values: dict[str, Json] = {}
    errors: dict[str, str] = {}
    for name, parameter in parameters.items():
        values[name] = parameter.default
        if name in query:
            try:
                values[name] = parameter.check(parameter.read(query[name]))
            except InvalidError as error:
                errors[name] = str(error)
    return values, errors


REQUIRED: Any = object()
"""The default of a member that must be sent."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a body."""

    check: Check
    default: Json = REQUIRED


def read_body(
    members: Mapping[str, Member], body: Json, partial: bool = False
) -> tuple[dict[str, Json], dict[str, str]]:
    """The values by name, with defaults unless ``partial``, and what is wrong with which.

    Members that are not in the table are ignored. Raises InvalidError when the body is not an object.
    """
    if not isinstance(body, dict):
        raise InvalidError("Not an object.")
    values: dict[str, Json] = {}
    errors: dict[str, str] = {}
    for name, member in members.items():
        if name in body:
            try:
                values[name] = member.check(body[name])
            except InvalidError as error:
                errors[name] = str(error)
        elif not partial and member.default is REQUIRED:
            errors[name] = "Required."
        elif not partial:
            values[name] = member.default
    return values, errors
