"""The ASGI application: the API below /v1, and the endpoints beside it."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from instagram_server import embedding, oauth, pages, seed_data, subscriptions, wire
from instagram_server.api import PREFIX, Api
from instagram_server.config import Settings
from instagram_server.errors import ApiError
from instagram_server.platform import Platform


def create_app(settings: Settings | None = None) -> Starlette:
    """The server; an empty store is filled with the seed data.

    ``app.state.platform`` is the Platform; close its store when the app is no longer used.
    """
    platform = Platform(settings or Settings())
    if platform.store.is_new:
        seed_data.seed(platform.store, platform.now())
    platform.resume()
    app = Starlette(
        routes=[
            *subscriptions.routes,
            _Below(PREFIX, Api(platform)),
            *oauth.routes,
            *embedding.routes,
            *pages.routes,
        ],
        exception_handlers={ApiError: _api_error, 404: _not_found},
    )
    app.router.redirect_slashes = False
    app.state.platform = platform
    return app


class _Below(BaseRoute):
    """All paths below a prefix; Starlette's own patterns do not match line feeds."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        self._path = f"{path}/"
        self._app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        below = scope["type"] == "http" and scope["path"].startswith(self._path)
        return (Match.FULL if below else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


async def _api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return wire.error(error)


async def _not_found(request: Request, error: Exception) -> Response:
    return wire.page_not_found()
