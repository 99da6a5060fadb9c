from typing import Literal

RelationshipAction = Literal["approve", "block", "follow", "ignore", "unblock", "unfollow"]

RELATIONSHIP_ACTION_VALUES: set[RelationshipAction] = {
    "approve",
    "block",
    "follow",
    "ignore",
    "unblock",
    "unfollow",
}


def check_relationship_action(value: str) -> RelationshipAction:
    if value in RELATIONSHIP_ACTION_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {RELATIONSHIP_ACTION_VALUES!r}")
