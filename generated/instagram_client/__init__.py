"""The Instagram REST API as it was in late 2015.

``Instagram`` and ``AsyncInstagram`` are the clients; ``models`` are what they give.
"""

from typing import TYPE_CHECKING, Any

from ._runtime import logs
from ._runtime.answers import RawResponse
from ._runtime.unset import UNSET, Unset
from ._sync import Instagram, Page
from .exceptions import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    AuthorizationError,
    BadRequestError,
    InstagramError,
    InternalServerError,
    MissingCredentialError,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    RateLimit,
    RateLimitError,
    ResponseFormatError,
    RuleError,
    WebhookSignatureError,
)

if TYPE_CHECKING:
    from ._async import AsyncInstagram, AsyncPage, AsyncPaginator

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncInstagram",
    "AsyncPage",
    "AsyncPaginator",
    "AuthenticationError",
    "AuthorizationError",
    "BadRequestError",
    "Instagram",
    "InstagramError",
    "InternalServerError",
    "MissingCredentialError",
    "NotFoundError",
    "Page",
    "PaginationError",
    "PermissionDeniedError",
    "RateLimit",
    "RateLimitError",
    "RawResponse",
    "ResponseFormatError",
    "RuleError",
    "UNSET",
    "Unset",
    "WebhookSignatureError",
]

if not TYPE_CHECKING:  # else every name would be known to type checkers

    def __getattr__(name: str) -> Any:
        """The asynchronous client, once somebody asks for it."""
        if name not in {"AsyncInstagram", "AsyncPage", "AsyncPaginator"}:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import _async

        _expose(vars(_async))
        return globals()[name]


def _expose(found: dict[str, Any]) -> None:
    """Make things known by where people find them, so that this is what tracebacks say."""
    for name in set(__all__) & found.keys():
        globals()[name] = found[name]
        if isinstance(found[name], type):
            found[name].__module__ = __name__


_expose(globals())
logs.configure("INSTAGRAM_LOG")
