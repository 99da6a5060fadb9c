"""The errors of the API (docs/sources.md, section 11). Messages that are not the original ones are marked."""

from dataclasses import dataclass


@dataclass(eq=False)  # not frozen: Starlette sets __traceback__
class ApiError(Exception):
    """An error response. A ``flat`` error has no ``meta`` around it."""

    status: int
    type: str
    message: str
    flat: bool = False

    @property
    def body(self) -> dict[str, object]:
        detail: dict[str, object] = {
            "error_type": self.type,
            "code": self.status,
            "error_message": self.message,
        }
        return detail if self.flat else {"meta": detail}


def missing_token() -> ApiError:
    return ApiError(400, "OAuthParameterException", "Missing access_token URL parameter.")


def invalid_token() -> ApiError:
    return ApiError(400, "OAuthAccessTokenException", "The access_token provided is invalid.")


def missing_scope(scope: str) -> ApiError:
    ending = "write permissions" if scope in ("likes", "comments", "relationships") else "this permissions"
    return ApiError(
        400,
        "OAuthPermissionsException",
        f"This request requires scope={scope}, but this access token is not authorized with this scope. "
        f"The user must re-authorize your application with scope={scope} to be granted {ending}.",
    )


def client_not_approved() -> ApiError:
    message = "This client has not been approved to access this resource."
    return ApiError(400, "OAuthPermissionsException", message)


def missing_client_secret() -> ApiError:
    return ApiError(400, "OAuthClientException", "Missing client_secret URL parameter")


def invalid_client() -> ApiError:
    message = "The client_id provided is invalid and does not match a valid application."
    return ApiError(400, "OAuthParameterException", message)


def signature(message: str) -> ApiError:
    return ApiError(403, "OAuthForbiddenException", f"Invalid signed-request: {message}", flat=True)


def endpoint_limit(made: int, allowed: int) -> ApiError:
    return ApiError(
        429,
        "OAuthRateLimitException",
        "The maximum number of requests per hour has been exceeded. "
        f"You have made {made} requests of the {allowed} allowed in the last hour.",
    )


def global_limit(made: int, allowed: int) -> ApiError:
    return ApiError(
        429,
        "OAuthRateLimitException",
        "You have exceeded the maximum number of requests per hour. "
        f"You have performed a total of {made} requests in the last hour. "
        f"Our general maximum limit is set at {allowed} requests per hour.",
        flat=True,
    )


def unknown_user() -> ApiError:
    return ApiError(400, "APINotFoundError", "this user does not exist")


def closed_account() -> ApiError:
    """The only documented 404. Sources do not say which unknown users got 404 instead of 400."""
    return ApiError(404, "APINotFoundError", "this user does not exist")


def unknown_media() -> ApiError:
    return ApiError(400, "APINotFoundError", "invalid media id")


def unknown(kind: str) -> ApiError:
    """For locations, tags, comments and geographies. The original message is unknown."""
    return ApiError(400, "APINotFoundError", f"invalid {kind}")


def hidden() -> ApiError:
    return ApiError(400, "APINotAllowedError", "you cannot view this resource")


def age_gated() -> ApiError:
    return ApiError(400, "APIAgeGatedError", "you cannot view this resource")


def banned_tag() -> ApiError:
    return ApiError(400, "APINotAllowedError", "This tag cannot be viewed")


def retired() -> ApiError:
    return ApiError(400, "APINotAllowedError", "This endpoint has been retired")


def not_yours() -> ApiError:
    """For a comment by another user. The original message is unknown."""
    return ApiError(400, "APINotAllowedError", "you cannot delete this comment")


def parameter(message: str) -> ApiError:
    """The original message is known for `count` and `action` only."""
    return ApiError(400, "APIInvalidParametersError", message)


def subscription(message: str) -> ApiError:
    return ApiError(400, "APISubscriptionError", message)


def oauth(message: str) -> ApiError:
    return ApiError(400, "OAuthException", message, flat=True)


def oauth_forbidden(message: str) -> ApiError:
    return ApiError(403, "OAuthForbiddenException", message, flat=True)
