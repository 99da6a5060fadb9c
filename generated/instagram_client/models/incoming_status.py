from typing import Literal, cast

IncomingStatus = Literal["blocked_by_you", "followed_by", "none", "requested_by"]

INCOMING_STATUS_VALUES: set[IncomingStatus] = {
    "blocked_by_you",
    "followed_by",
    "none",
    "requested_by",
}


def check_incoming_status(value: str) -> IncomingStatus:
    """The value as it came: one that is newer than this client is no error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is none of {sorted(INCOMING_STATUS_VALUES)}")
    return cast(IncomingStatus, value)
