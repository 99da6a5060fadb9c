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
    """The value as it is: one that is newer than this client is not an error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not one of {sorted(DELETE_SUBSCRIPTIONS_OBJECT_VALUES)}")
    return cast(DeleteSubscriptionsObject, value)
