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
    """The value as it came: one that is newer than this client is no error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is none of {sorted(RELATIONSHIP_ACTION_VALUES)}")
    return cast(RelationshipAction, value)
