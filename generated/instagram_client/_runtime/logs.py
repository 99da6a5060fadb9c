"""The log of the client: the logger of its package, at INFO and DEBUG."""

from __future__ import annotations

import logging
import os

LOGGER = logging.getLogger(__name__.partition("._runtime")[0])
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


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
