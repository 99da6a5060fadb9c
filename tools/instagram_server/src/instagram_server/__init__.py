"""A reference server for the Instagram REST API v1, as it behaved from late 2015 to mid 2020."""

from typing import TYPE_CHECKING

from instagram_server.config import Era, Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["Era", "Settings", "__version__", "create_app"]
__version__ = "0.1.0"  # pyproject.toml reads it here


def create_app(settings: Settings | None = None) -> "Starlette":
    """The ASGI application; see instagram_server.app."""
    from instagram_server.app import create_app

    return create_app(settings)
