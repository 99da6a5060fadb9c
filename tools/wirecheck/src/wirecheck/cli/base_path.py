"""Suggests a --base-path for traffic of a local server, which often serves the API below another path."""

import re
from collections import Counter
from urllib.parse import urlsplit

from wirecheck.decode import split_url
from wirecheck.model import Exchange
from wirecheck.spec import Spec

_LOCAL = re.compile(r"localhost|.*\.localhost|127(\.[0-9]+){3}|0\.0\.0\.0|::1")


class BasePaths:
    """Counts exchanges with a local host by the base path under which they would belong to an operation."""

    def __init__(self, spec: Spec) -> None:
        self._document = spec.document
        self._bare: Spec | None = None
        self._counts = Counter[str]()

    def add(self, exchange: Exchange) -> None:
        """Takes an exchange that belongs to no operation."""
        if not _is_local(exchange.url):
            return
        self._bare = self._bare or Spec(self._document, "/")
        method, path = exchange.method.upper(), split_url(exchange.url)[0]
        for position in (slash.start() for slash in re.finditer("/", path)):
            match = self._bare.match(method, path[position:])
            if match and match.operation and not match.template.startswith("/{"):
                self._counts[path[:position] or "/"] += 1

    def suggestion(self) -> str:
        """A sentence that suggests the one base path that is possible; empty where none or several are."""
        if len(self._counts) != 1:
            return ""
        [(base_path, count)] = self._counts.items()
        exchanges = "1 exchange is" if count == 1 else f"{count:,} exchanges are"
        return f"{exchanges} below {base_path}: try --base-path {base_path}"


def _is_local(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return bool(_LOCAL.fullmatch(host))
