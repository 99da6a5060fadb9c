from typing import Literal

OutgoingStatus = Literal["follows", "none", "requested"]

OUTGOING_STATUS_VALUES: set[OutgoingStatus] = {
    "follows",
    "none",
    "requested",
}


def check_outgoing_status(value: str) -> OutgoingStatus:
    if value in OUTGOING_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {OUTGOING_STATUS_VALUES!r}")
