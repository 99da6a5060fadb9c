from typing import Literal, cast

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
    """The value as it is: one that is newer than this client is not an error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not one of {sorted(RELATIONSHIP_ACTION_VALUES)}")
    return cast(RelationshipAction, value)
