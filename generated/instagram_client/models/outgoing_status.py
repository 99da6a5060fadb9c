from typing import Literal, cast

OutgoingStatus = Literal["follows", "none", "requested"]

OUTGOING_STATUS_VALUES: set[OutgoingStatus] = {
    "follows",
    "none",
    "requested",
}


def check_outgoing_status(value: str) -> OutgoingStatus:
    """The value as it came: one that is newer than this client is no error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is none of {sorted(OUTGOING_STATUS_VALUES)}")
    return cast(OutgoingStatus, value)
