"""What this client raises; ``InstagramError`` is above all of it.

InstagramError
├── MissingCredentialError   nothing was sent: the operation needs a credential that was not given
├── RuleError                nothing was sent: a value breaks a rule of the API
├── APIConnectionError       no answer came
│   └── APITimeoutError      ... in time
├── APIStatusError           the answer is an error
│   ├── BadRequestError
│   ├── AuthenticationError
│   ├── PermissionDeniedError
│   ├── NotFoundError
│   ├── RateLimitError
│   └── InternalServerError
├── ResponseFormatError      the answer is no error, but not what the API promises either
│   └── PaginationError      ... about where its next page is
├── AuthorizationError       the person, or the server, did not grant access (OAuth)
└── WebhookSignatureError    a payload is not signed as one from the server is
"""

from ._runtime.errors import (
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

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "AuthorizationError",
    "BadRequestError",
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
    "WebhookSignatureError",
]
