"""A request to an endpoint: its token, its parameters, and how to page through a list."""

import math
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from instagram_server import errors, ids
from instagram_server.config import Era
from instagram_server.platform import Platform

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?([0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})([eE][-+]?[0-9]{1,3})?")
_LARGEST_INT32 = (1 << 31) - 1
DEFAULT_COUNT, LARGEST_COUNT = 20, 33
LONGEST_TEXT = 100  # characters of a search term


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and its app."""

    text: str
    user: int
    scopes: frozenset[str]
    client: sqlite3.Row


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; ``pagination`` is empty on the last one."""

    data: list[dict[str, Any]]
    pagination: dict[str, str]


@dataclass(slots=True)
class Call:
    """A request whose token is valid.

    ``values`` are the decoded path parameters, ``query`` the decoded query in its order, and
    ``url`` is the URL of the request without its query.
    """

    platform: Platform
    token: Token
    values: dict[str, str]
    parameters: dict[str, str]
    url: str
    query: dict[str, str] = field(default_factory=dict)

    @property
    def viewer(self) -> int:
        return self.token.user

    @property
    def era(self) -> Era:
        return self.platform.settings.era

    @property
    def sees_embedded(self) -> bool:
        """Whether media include some comments and likes, as for apps created before 2015-11-17."""
        return bool(self.token.client["legacy"]) and self.era is Era.NOVEMBER_2015

    def require(self, scope: str) -> None:
        if scope not in self.token.scopes:
            raise errors.missing_scope(scope)

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        """A required text. The error messages are not the original ones."""
        text = self.parameters.get(name, "")
        if not text:
            raise errors.parameter(f"Missing {name} URL parameter.")
        if len(text) > longest:
            raise errors.parameter(f"{name} is too long.")
        return text

    def count(self, default: int = DEFAULT_COUNT, largest: int = LARGEST_COUNT) -> int:
        """The requested number of items, silently reduced to the allowed maximum."""
        text = self.parameters.get("count")
        if text is None:
            return default
        if not _INTEGER.fullmatch(text) or not 0 < int(text) <= _LARGEST_INT32:
            raise errors.parameter("Count must be larger than zero.")
        return min(int(text), largest)

    def integer(self, name: str, least: int = 0, most: int = ids.LARGEST) -> int | None:
        text = self.parameters.get(name)
        if text is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,19}", text) or not least <= int(text) <= most:
            raise errors.parameter(f"{name} is out of range.")
        return int(text)

    def degrees(self, name: str, most: int) -> float | None:
        return degrees(self.parameters, name, most)

    def cursor(self, name: str) -> int | None:
        """A position in a list; of a media id, the part before the underscore."""
        text = self.parameters.get(name)
        if text is None:
            return None
        number, _, owner = text.partition("_")
        position = ids.number(number)
        if position is None or (owner and ids.number(owner) is None):
            raise errors.parameter(f"{name} is not valid.")
        return position

    def plain_cursor(self, name: str) -> int | None:
        """A position that is not a media id."""
        text = self.parameters.get(name)
        if text is None:
            return None
        position = ids.number(text)
        if position is None:
            raise errors.parameter(f"{name} is not valid.")
        return position

    def page(self, data: list[dict[str, Any]], parameter: str, cursor: str | None) -> Page:
        """A page; the next one, if there is a cursor, is requested with ``parameter``."""
        if cursor is None:
            return Page(data, {})
        query = {name: value for name, value in self.query.items() if name != parameter}
        return Page(
            data,
            {
                "next_url": f"{self.url}?{urlencode({**query, parameter: cursor})}",
                f"next_{parameter}": cursor,
            },
        )


def degrees(parameters: Mapping[str, str], name: str, most: int) -> float | None:
    """A latitude or longitude in degrees; None if the parameter is missing."""
    text = parameters.get(name)
    if text is None:
        return None
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not -most <= number <= most:
        raise errors.parameter(f"{name} is out of range.")
    return number
