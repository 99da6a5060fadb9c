from typing import Literal, cast

IncomingStatus = Literal["blocked_by_you", "followed_by", "none", "requested_by"]

INCOMING_STATUS_VALUES: set[IncomingStatus] = {
    "blocked_by_you",
    "followed_by",
    "none",
    "requested_by",
}


def check_incoming_status(value: str) -> IncomingStatus:
    """The value as it is: one that is newer than this client is not an error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not one of {sorted(INCOMING_STATUS_VALUES)}")
    return cast(IncomingStatus, value)
