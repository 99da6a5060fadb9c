"""The Instagram REST API as it was in late 2015.

``Instagram`` and ``AsyncInstagram`` are the clients; ``models`` are what they return.
"""

from typing import TYPE_CHECKING, Any

from ._runtime import logs
from ._runtime.responses import RawResponse
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

if not TYPE_CHECKING:  # otherwise type checkers would accept any name

    def __getattr__(name: str) -> Any:
        """Imports the asynchronous client on first use."""
        if name not in {"AsyncInstagram", "AsyncPage", "AsyncPaginator"}:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import _async

        _expose(vars(_async))
        return globals()[name]


def _expose(namespace: dict[str, Any]) -> None:
    """Make public names available here, and classes name this package in tracebacks."""
    for name in set(__all__) & namespace.keys():
        globals()[name] = namespace[name]
        if isinstance(namespace[name], type):
            namespace[name].__module__ = __name__


_expose(globals())
logs.configure("INSTAGRAM_LOG")
