"""What this client raises; ``InstagramError`` is the base class of all of it.

InstagramError
├── MissingCredentialError   nothing was sent: the client lacks a credential that the operation requires
├── RuleError                nothing was sent: a value violates a rule of the API
├── APIConnectionError       no response arrived
│   └── APITimeoutError      ... in time
├── APIStatusError           the response is an error
│   ├── BadRequestError
│   ├── AuthenticationError
│   ├── PermissionDeniedError
│   ├── NotFoundError
│   ├── ConflictError
│   ├── UnprocessableEntityError
│   ├── RateLimitError
│   ├── InternalServerError
│   └── StreamError          an error inside a stream
├── ResponseFormatError      the response is not an error, but does not have the documented format
│   └── PaginationError      ... where it names the next page
├── AuthorizationError       the user or the server denied access (OAuth)
└── WebhookSignatureError    the signature of a webhook payload is missing or wrong
"""

from ._runtime.errors import (
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

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "AuthorizationError",
    "BadRequestError",
    "ConflictError",
    "InstagramError",
    "InternalServerError",
    "MissingCredentialError",
    "NotFoundError",
    "PaginationError",
    "PermissionDeniedError",
    "RateLimit",
    "RateLimitError",
    "ResponseFormatError",
    "RuleError",
    "StreamError",
    "UnprocessableEntityError",
    "WebhookSignatureError",
]
