from typing import Literal, cast

DeleteSubscriptionsObject = Literal["all", "geography", "location", "tag", "user"]

DELETE_SUBSCRIPTIONS_OBJECT_VALUES: set[DeleteSubscriptionsObject] = {
    "all",
    "geography",
    "location",
    "tag",
    "user",
}


def check_delete_subscriptions_object(value: str) -> DeleteSubscriptionsObject:
    """The value as it came: one that is newer than this client is no error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is none of {sorted(DELETE_SUBSCRIPTIONS_OBJECT_VALUES)}")
    return cast(DeleteSubscriptionsObject, value)
