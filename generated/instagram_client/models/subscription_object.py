from typing import Literal, cast

SubscriptionObject = Literal["geography", "location", "tag", "user"]

SUBSCRIPTION_OBJECT_VALUES: set[SubscriptionObject] = {
    "geography",
    "location",
    "tag",
    "user",
}


def check_subscription_object(value: str) -> SubscriptionObject:
    """The value as it came: one that is newer than this client is no error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is none of {sorted(SUBSCRIPTION_OBJECT_VALUES)}")
    return cast(SubscriptionObject, value)
