from typing import Literal, cast

OutgoingStatus = Literal["follows", "none", "requested"]

OUTGOING_STATUS_VALUES: set[OutgoingStatus] = {
    "follows",
    "none",
    "requested",
}


def check_outgoing_status(value: str) -> OutgoingStatus:
    """The value as it is: one that is newer than this client is not an error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not one of {sorted(OUTGOING_STATUS_VALUES)}")
    return cast(OutgoingStatus, value)
