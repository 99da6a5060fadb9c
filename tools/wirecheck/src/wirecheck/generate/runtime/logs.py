"""What the client says of its work: on the logger of its package, at INFO and DEBUG."""

from __future__ import annotations

import logging
import os

LOGGER = logging.getLogger(__name__.partition("._runtime")[0])
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def configure(variable: str) -> None:
    """Show the log on stderr if an environment variable names a level."""
    wanted = os.environ.get(variable, "").upper()
    if not wanted:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    LOGGER.addHandler(handler)
    if wanted in _LEVELS:
        LOGGER.setLevel(wanted)
    else:
        LOGGER.warning("%s must be one of %s, not %r", variable, ", ".join(_LEVELS), wanted)
