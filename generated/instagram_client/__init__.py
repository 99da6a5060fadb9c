"""The Instagram REST API as it was in late 2015.

``Instagram`` and ``AsyncInstagram`` are the clients; ``models`` are what they return.
"""

from typing import TYPE_CHECKING, Any

from ._runtime import logs
from ._runtime.options import ExtraOptions, RequestOptions
from ._runtime.responses import RawResponse
from ._runtime.unset import UNSET, Unset
from ._sync import Instagram, Page, Stream, StreamingResponse
from .exceptions import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    AuthorizationError,
    BadRequestError,
    ConflictError,
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
    StreamError,
    UnprocessableEntityError,
    WebhookSignatureError,
)

if TYPE_CHECKING:
    from ._async import (
        AsyncInstagram,
        AsyncPage,
        AsyncPaginator,
        AsyncStream,
        AsyncStreamingResponse,
    )

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncInstagram",
    "AsyncPage",
    "AsyncPaginator",
    "AsyncStream",
    "AsyncStreamingResponse",
    "AuthenticationError",
    "AuthorizationError",
    "BadRequestError",
    "ConflictError",
    "ExtraOptions",
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
    "RequestOptions",
    "ResponseFormatError",
    "RuleError",
    "Stream",
    "StreamError",
    "StreamingResponse",
    "UnprocessableEntityError",
    "UNSET",
    "Unset",
    "WebhookSignatureError",
]

if not TYPE_CHECKING:  # otherwise type checkers would accept any name

    def __getattr__(name: str) -> Any:
        """Imports the asynchronous client on first use."""
        if not name.startswith("Async") or name not in __all__:
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
