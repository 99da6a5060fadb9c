"""Suggests a --base-path for traffic with a server that serves the API below another path."""

import re
from collections import Counter

from wirecheck.checks.scope import Hosts, authority, is_loopback
from wirecheck.decode import split_url
from wirecheck.model import Exchange
from wirecheck.redact import Masked, Redactor
from wirecheck.spec import Spec

_PASTEABLE = re.compile(r"[\w./~%+-]*", re.ASCII)


class BasePaths:
    """Counts exchanges by the base path under which they would belong to an operation.

    Only paths count that can be pasted into a shell, and that show no secret.
    """

    def __init__(self, spec: Spec, hosts: Hosts, redactor: Redactor) -> None:
        self._spec = spec
        self._hosts = hosts
        self._masked = Masked(redactor, ())
        self._counts = Counter[str]()

    def add(self, exchange: Exchange) -> None:
        """Takes an exchange that belongs to no operation."""
        host = authority(exchange.url)
        if host and (is_loopback(host) or self._hosts.are_certain(host)):
            method, path = exchange.method.upper(), split_url(exchange.url)[0]
            base_paths = filter(self._is_showable, self._spec.base_paths(method, path))
            self._counts.update(base_path or "/" for base_path in base_paths)

    def take(self) -> Counter[str]:
        """What was counted since the last time; for another one to ``merge``."""
        counts, self._counts = self._counts, Counter()
        return counts

    def merge(self, counts: Counter[str]) -> None:
        self._counts += counts

    def _is_showable(self, base_path: str) -> bool:
        return _PASTEABLE.fullmatch(base_path) is not None and self._masked.text(base_path) == base_path

    def suggestion(self, least: int = 1) -> str:
        """A sentence that suggests the one base path that is possible; empty where none or several are.

        It must fit at least as many exchanges as given.
        """
        if len(self._counts) != 1:
            return ""
        [(base_path, count)] = self._counts.items()
        if count < least:
            return ""
        exchanges = "1 exchange is" if count == 1 else f"{count:,} exchanges are"
        return f"{exchanges} below {base_path}: try --base-path {base_path}"
