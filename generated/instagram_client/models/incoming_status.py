from typing import Literal

IncomingStatus = Literal["blocked_by_you", "followed_by", "none", "requested_by"]

INCOMING_STATUS_VALUES: set[IncomingStatus] = {
    "blocked_by_you",
    "followed_by",
    "none",
    "requested_by",
}


def check_incoming_status(value: str) -> IncomingStatus:
    if value in INCOMING_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {INCOMING_STATUS_VALUES!r}")
