"""The log of the client: the logger of its package, at INFO and DEBUG."""

from __future__ import annotations

import logging
import os
from typing import Protocol
from weakref import WeakSet

LOGGER = logging.getLogger(__name__.partition("._runtime")[0])
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

# What logs headers at DEBUG, below httpx2: those of responses, and with HTTP/2 those of requests; and httpx2,
# which logs URLs at INFO. The same of httpx, for users whose own client or transport is one of it.
_LIBRARIES = (
    "httpx2",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpx",
    "httpcore.http11",
    "httpcore.http2",
    "hpack.hpack",
    "hpack.table",
)


class Masking(Protocol):
    """Masks the secrets of a client, and those of usual names."""

    def logged(self, message: str) -> str: ...


class _Masks(logging.Filter):
    """Masks the credentials of all clients that exist, and other secrets, in records of other libraries."""

    def __init__(self) -> None:
        super().__init__()
        self.vaults = WeakSet[Masking]()

    def filter(self, record: logging.LogRecord) -> bool:
        message = masked = record.getMessage()
        for vault in list(self.vaults):
            masked = vault.logged(masked)
        if masked != message:
            record.msg, record.args = masked, ()
        return True


_MASKS = _Masks()


def mask_library_logs(vault: Masking) -> None:
    """Mask the credentials of a client, as long as it exists, in what HTTP libraries log at DEBUG."""
    _MASKS.vaults.add(vault)
    for name in _LIBRARIES:
        logging.getLogger(name).addFilter(_MASKS)


def configure(variable: str) -> None:
    """Show the log on stderr if an environment variable names a level."""
    level = os.environ.get(variable, "").upper()
    if not level:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    LOGGER.addHandler(handler)
    if level in _LEVELS:
        LOGGER.setLevel(level)
    else:
        LOGGER.warning("%s must be one of %s, not %r", variable, ", ".join(_LEVELS), level)
