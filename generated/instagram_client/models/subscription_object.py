from typing import Literal, cast

SubscriptionObject = Literal["geography", "location", "tag", "user"]

SUBSCRIPTION_OBJECT_VALUES: set[SubscriptionObject] = {
    "geography",
    "location",
    "tag",
    "user",
}


def check_subscription_object(value: str) -> SubscriptionObject:
    """The value as it is: one that is newer than this client is not an error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not one of {sorted(SUBSCRIPTION_OBJECT_VALUES)}")
    return cast(SubscriptionObject, value)
